/*
 * Running a program of somebody else's over bytes that nobody trusts (workbench.md "Evidence on the screen"): a
 * converter of documents. It gets the bytes as the file "document" in a private folder that is its own and is removed
 * afterwards, no standard input, a pipe as standard output, no other descriptor, and PATH, LANG and OMP_THREAD_LIMIT as environment.
 *
 * What it cannot do, wherever it can be had: start processes (it may have threads), open sockets, signal or look into
 * others (seccomp, and a namespace of its own for users and network), write anywhere but its folder, or read more than
 * the system's own programs and libraries (Landlock). A kernel without one of these does with the rest; time, memory,
 * file size and output are limited everywhere. docs/architecture.md says which kernel has what.
 *
 * May be called by any thread; the thread must live until it returns.
 */
#ifndef KYBDESK_BASE_CONFINE_H
#define KYBDESK_BASE_CONFINE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

#define CONFINE_INPUT "document" /* the file's name in the folder the program starts in */

struct confine_limits {
	unsigned cpu_s;
	unsigned wall_ms;
	size_t memory_bytes; /* address space */
	size_t file_bytes;   /* each file it writes */
	size_t output_bytes;
};

struct confine_job {
	const char *const *argv; /* NULL at the end; argv[0] is an absolute path */
	const void *input;
	size_t length;
	struct confine_limits limits;
	int cancel_fd; /* readable: it is ended at once; negative: none */
};

enum confine_end {
	CONFINE_DONE,
	CONFINE_CUT,	   /* more output than allowed; what came before is there */
	CONFINE_FAILED,	   /* another exit status than 0, or it crashed */
	CONFINE_TIMED_OUT, /* of the wall clock, or of its processor time */
	CONFINE_CANCELLED
};

/* Appends its output. When it returns, nothing of the program runs any more. ERR_INTERNAL: it could not be started. */
enum err confine_run(const struct world *world, const struct confine_job *job, struct strbuf *out,
		     enum confine_end *end, struct error *error) KYB_MUST_USE;
/* Where the system keeps the program, in its own folders only; NULL: it is not installed. In the arena. */
char *confine_find(struct arena *arena, const char *program);

#endif
