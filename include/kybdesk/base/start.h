/* Starts other programs: start_program() starts a detached program, or runs a program in the foreground of the
 * terminal until it ends; run_and_collect() runs a program without a terminal, within limits, and reads its
 * output. Programs are looked up on PATH; no shell is used. All functions return ERR_INVALID with the reason if the
 * program cannot be started. */
#ifndef KYBDESK_BASE_START_H
#define KYBDESK_BASE_START_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

#include <sys/types.h>

/* Runs words[0] (the list ends with NULL). status NULL: the program runs detached, without a terminal, and the function
 * does not wait for its end. Otherwise the program runs in the foreground of the terminal, and the function waits for
 * its end; *status is the program's exit status, or 128 + N after signal N. Before the call, the caller must restore
 * the terminal and block SIGTSTP. If the user stops the program (Ctrl-Z), this process stops too. If this process
 * blocks SIGTERM, SIGHUP, SIGINT or SIGQUIT and receives one of them meanwhile, the function ends the program. */
enum err start_program(const char *const *words, int *status, struct error *error);

#define START_FILE_1 "/dev/fd/3" /* the path at which the program reads files[0] */
#define START_FILE_2 "/dev/fd/4"
enum program_outcome {
	PROGRAM_EXITED,	   /* status: exit status, or 128 + N after signal N */
	PROGRAM_TRUNCATED, /* too much output; only the first part is kept */
	PROGRAM_TIMED_OUT,
	PROGRAM_CANCELLED
};
struct program_job {
	const char *const *words; /* ends with NULL */
	const char *input;	  /* NULL: none */
	const char *files[2];	  /* texts of files that the program can read; NULL: none */
	unsigned wait_ms;
	size_t output_max;
	int cancel_fd; /* the program is killed when this descriptor is readable; negative: none */
	struct strbuf *out,
		*errors; /* receives standard error, without a limit; NULL: `out` receives standard error, too */
	enum program_outcome outcome; /* result */
	int status;		      /* result */
};
/* Runs words[0] in a new process session, without a terminal; appends the program's output and errors. When the
 * call returns, all processes of its process group have ended. */
enum err run_and_collect(const struct world *world, struct program_job *job, struct error *error);

/* Whether the process has ended. Leaves it a zombie, so that its group number cannot be reused before the group is
 * killed. */
bool program_has_ended(pid_t pid);
/* Makes a file in memory that contains these bytes, at offset 0. Returns -1 on failure. */
int memory_file_make(const void *bytes, size_t length);

#endif
