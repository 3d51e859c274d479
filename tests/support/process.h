/*
 * Starts programs as a user would, for tests: arguments, environment, standard
 * input, and output. Shares no code with kybdesk.
 * An error of the test itself (no memory, no fork) aborts.
 */
#ifndef KYB_TESTS_PROCESS_H
#define KYB_TESTS_PROCESS_H

#include "support/keep.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process_options {
	const char *const *argv; /* NULL-terminated; argv[0] is looked up on PATH when it has no '/' */
	/* Added to the test's own environment, NULL-terminated or NULL: "NAME=value" sets, "NAME" unsets. */
	const char *const *environment;
	const void *input; /* standard input; nothing when NULL */
	size_t input_length;
	const char *folder;  /* working folder, or NULL */
	unsigned timeout_ms; /* 0: 180 s; then the process and its children are killed */
};

struct process_result {
	int status; /* exit status; 128 + signal when killed by one */
	bool timed_out;
	char *out; /* NUL-terminated, never NULL; kept (support/keep.h), as err */
	size_t out_length;
	char *err;
	size_t err_length;
};

void process_run(const struct process_options *options, struct process_result *result);
/* As process_run(), without struct process_options: environment may be NULL; the arguments end with NULL. */
void process_call(struct process_result *result, const char *const *environment, const char *input, ...)
	__attribute__((sentinel));

/* In the background. */
struct process;
struct process *process_start(const struct process_options *options);
pid_t process_pid(const struct process *process);
void process_signal(struct process *process, int signal_number); /* to the process and its children */
/* Waits; false when it still runs after timeout_ms. result may be NULL. */
bool process_wait(struct process *process, unsigned timeout_ms, struct process_result *result);
/* Waits for the text in standard output or error; false if the process or the time ends without it. */
bool process_wait_output(struct process *process, const char *text, unsigned timeout_ms);
/* Waits until the process blocks the signal to handle it: a process that has just started would die of it. */
bool process_wait_blocks(const struct process *process, int signal_number, unsigned timeout_ms);
void process_free(struct process *process); /* kills it when it still runs */

/* Path of the program under test: KYBDESK_TEST_PROGRAM if set, otherwise `built` (KYB_PROGRAM). */
const char *test_program(const char *built);

/* A new empty folder below $TMPDIR or /tmp; the path is kept. */
char *temp_folder_make(void);
/* Removes the folder with everything in it. NULL is fine. */
void temp_folder_remove(const char *path);
/* "folder/name", kept. */
char *temp_path(const char *folder, const char *name);
void temp_write(const char *path, const void *bytes, size_t length);
/* The file's bytes, kept and NUL-terminated; NULL if it cannot be read. length may be NULL. */
char *temp_read(const char *path, size_t *length);

/* Waits, for two seconds at most, until this process has no thread of a test: one that starts looks like a leak. */
void test_wait_alone(void);
long long test_clock_ms(void); /* never steps back */
void test_sleep_ms(unsigned ms);
/* The test's environment with changes as in struct process_options; free it with test_environment_free(). */
char **test_environment_make(const char *const *changes);
void test_environment_free(char **environment);
/* A change of the environment: the test's own options of AddressSanitizer, and `more` ("": none) after them; kept. */
char *test_sanitizer_options(const char *more);

#endif
