/*
 * Starts other programs: start_detached() starts a detached program, start_and_wait() runs a program in the foreground of
 * the terminal until it ends, start_and_read() runs a program without a terminal and reads its output, and
 * start_and_collect() does the same with limits. Programs are looked up on PATH; no shell is used. All functions return
 * ERR_INVALID with the reason if the program cannot be started.
 */
#ifndef KYBDESK_BASE_START_H
#define KYBDESK_BASE_START_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

/* Starts `program` with `path` as its only argument, without a terminal. Does not wait for its end. */
enum err start_detached(const char *program, const char *path, struct error *error) KYB_MUST_USE;

/* Runs words[0] (the list ends with NULL) in the foreground of the terminal and waits for its end; *status is its exit
 * status, or 128 + N after signal N. Before the call, the caller must restore the terminal and block SIGTSTP. If the
 * user stops the program (Ctrl-Z), this process stops too. If a blocked signal arrives that ends this process, the
 * program is ended. */
enum err start_and_wait(const char *const *words, int *status, struct error *error) KYB_MUST_USE;

/* Runs a trusted program, words[0], with `input` on its standard input; the texts in `files` are readable at the paths
 * START_FILE_1 and _2. Appends its output and errors. The program is killed after wait_ms. */
#define START_FILE_1 "/dev/fd/3"
#define START_FILE_2 "/dev/fd/4"
struct start_read_job {
	const char *const *words; /* ends with NULL */
	const char *input;
	const char *files[2]; /* NULL: none */
	unsigned wait_ms;
	struct strbuf *out, *errors;
	int status; /* result: exit status, or 128 + N after signal N */
};
enum err start_and_read(struct start_read_job *job, struct error *error) KYB_MUST_USE;

/* Runs words[0] in a new session, without a terminal and input; appends output and errors in the order of arrival.
 * After the call, all processes of its process group have ended. */
enum start_end {
	START_ENDED, /* status: exit status, or 128 + N after signal N */
	START_CUT,   /* too much output; only the first part is kept */
	START_TIMED_OUT,
	START_CANCELLED
};
struct start_collect_job {
	const char *const *words; /* ends with NULL */
	unsigned wait_ms;
	size_t output_max;
	int cancel_fd; /* the program is killed when this is readable; negative: none */
	struct strbuf *out;
	enum start_end end; /* result */
	int status;	    /* result */
};
enum err start_and_collect(const struct world *world, struct start_collect_job *job,
			   struct error *error) KYB_MUST_USE;

#endif
