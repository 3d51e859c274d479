/*
 * Runs an operator's own program with the rights of this process and within bounds: a clean environment, no terminal, no
 * descriptor but input and output, limits of time, memory, files and processes, no new privileges. It may start others and
 * use the network. When it returns, none of the program's processes is left, also none that left its group.
 *
 * Make one call at a time in a process: all orphaned descendants become children of the process, and are ended.
 */
#ifndef KYBDESK_BASE_BOUNDED_H
#define KYBDESK_BASE_BOUNDED_H

#include "kybdesk/base/error.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

#define BOUNDED_OUTPUT_MAX 4096

struct bounded_job {
	const struct world *world;
	const char *path; /* absolute; the program gets no argument */
	const char *input;
	size_t length;
	const char *const *environment; /* "NAME=value", NULL at the end; PATH and LANG are added */
	unsigned wait_ms;
	int cancel_fd; /* when readable, the program is ended; negative: none */
	/* Results: */
	struct strbuf *output; /* the last BOUNDED_OUTPUT_MAX bytes of output and errors */
	int status;	       /* exit status, or 128 + N after signal N */
	bool timed_out, cancelled;
};
/* ERR_INTERNAL: no process can be made. A program that cannot be executed has the status 127. */
enum err bounded_run(struct bounded_job *job, struct error *error) KYB_MUST_USE;

#endif
