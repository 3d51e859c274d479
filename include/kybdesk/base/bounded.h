/* Runs an operator's own program with the rights of this process, within bounds: a clean environment, no terminal,
 * no descriptors except input and output, limits of time, memory, files and processes, no new privileges. The
 * program may start other programs and use the network. When the call returns, all processes of the program have
 * ended, even processes that left its process group.
 *
 * Make only one call at a time in a process: each call ends all orphaned descendants of this process. */
#ifndef KYBDESK_BASE_BOUNDED_H
#define KYBDESK_BASE_BOUNDED_H

#include "kybdesk/base/error.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

#define BOUNDED_OUTPUT_MAX 4096

struct bounded_job {
	const struct world *world;
	const char *path; /* absolute path; the program has no arguments */
	const char *input;
	size_t length;
	const char *const *environment; /* list of "NAME=value", ends with NULL; PATH and LANG are added */
	unsigned wait_ms;
	int cancel_fd; /* the program is killed when this descriptor is readable; negative: none */
	/* Results: */
	struct strbuf *output; /* the last BOUNDED_OUTPUT_MAX bytes of standard output and standard error */
	int status;	       /* exit status, or 128 + N after signal N */
	bool timed_out, cancelled;
};
/* ERR_INTERNAL: a process cannot be created. If the program cannot be executed, status is 127. */
enum err bounded_run(struct bounded_job *job, struct error *error);

#endif
