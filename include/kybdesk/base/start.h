/*
 * Starting other programs: start_apart() detaches one, start_and_wait() runs one in the foreground of the terminal
 * until it ends, start_and_read() runs one without a terminal and reads its output, start_and_collect() does so with
 * limits. Programs are looked up on PATH; no shell is involved. All return ERR_INVALID with the reason if the program cannot be started.
 */
#ifndef KYBDESK_BASE_START_H
#define KYBDESK_BASE_START_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

/* Starts `program` (looked up on PATH) with `path` as its one argument; no shell is involved. It has no terminal
 * and is not waited for. ERR_INVALID with the reason if it cannot be started. */
enum err start_apart(const char *program, const char *path, struct error *error) KYB_MUST_USE;

/* Runs words[0] (looked up on PATH; no shell; the list ends with NULL) in the foreground of the terminal and waits
 * for its end; *status is its exit status, or 128 + N after signal N. The caller has restored the terminal before
 * and has SIGTSTP blocked. If the user stops the program (Ctrl-Z), this process stops too. If a blocked signal
 * that ends this process arrives, the program is ended. ERR_INVALID: it cannot be started. */
enum err start_and_wait(const char *const *words, int *status, struct error *error) KYB_MUST_USE;

/* Runs a trusted program: words[0] with `input` on its standard input, its output and errors appended, and the texts of
 * `files` readable under the paths START_FILE_1 and _2. It is killed after wait_ms. */
#define START_FILE_1 "/dev/fd/3"
#define START_FILE_2 "/dev/fd/4"
struct start_reading {
	const char *const *words; /* NULL at the end */
	const char *input;
	const char *files[2]; /* NULL: none */
	unsigned wait_ms;
	struct strbuf *out, *errors;
	int status; /* result: exit status, or 128 + N after signal N */
};
enum err start_and_read(struct start_reading *job, struct error *error) KYB_MUST_USE;

/* Runs words[0] in a session of its own, without a terminal and without input; its output and errors are appended as
 * they come. When it returns, its process group is ended. */
enum start_end {
	START_ENDED, /* status: exit status, or 128 + N after signal N */
	START_CUT,   /* too much output; the beginning is kept */
	START_TIMED_OUT,
	START_CANCELLED
};
struct start_collecting {
	const char *const *words; /* NULL at the end */
	unsigned wait_ms;
	size_t output_max;
	int cancel_fd; /* when readable, the program is killed; negative: none */
	struct strbuf *out;
	enum start_end end; /* result */
	int status;	    /* result */
};
enum err start_and_collect(const struct world *world, struct start_collecting *job,
			   struct error *error) KYB_MUST_USE;

#endif
