/* Called between fork and exec: restricts what the program may do. Calls only async-signal-safe functions. */
#ifndef KYBDESK_BASE_CONFINE_CHILD_H
#define KYBDESK_BASE_CONFINE_CHILD_H

#include "kybdesk/base/confine.h"

struct confine_child {
	const struct confine_job *job;
	const char *folder;
	int output_fd, null_fd;
};
_Noreturn void confine_child_run(const struct confine_child *child);

#endif
