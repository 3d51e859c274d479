/* The resources of the machine that this process uses. */
#ifndef KYBDESK_BASE_USAGE_H
#define KYBDESK_BASE_USAGE_H

#include <stdint.h>

struct usage {
	int64_t cpu_ms;			/* processor time of all threads, user and system */
	int64_t resident, mapped;	/* bytes of memory; -1: /proc is not readable */
	int64_t open_files, most_files; /* open descriptors and their limit; -1: unknown, or not limited */
};
struct usage usage_read(void);

#endif
