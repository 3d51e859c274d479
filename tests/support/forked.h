/*
 * Starts the sanitized kybdesk as a copy of one that is loaded already: of 16 ms that a start takes, the linker and
 * AddressSanitizer need 13 before main(). Each test process has its own servers, one for each value of ASAN_OPTIONS and
 * with or without person.so; a server is a kybdesk that waits before its main() (sanitizer/fork_server.c). A copy is the
 * child of the test, as if the test had started it.
 * A program that has been copied differs from a started one in /proc/PID/cmdline and environ, which show the server's.
 */
#ifndef KYB_TESTS_FORKED_H
#define KYB_TESTS_FORKED_H

#include <sys/types.h>

#define FORKED_VARIABLE "KYBDESK_TEST_FORKS" /* number of the server's socket */
#define FORKED_SIZE 65536		     /* of a request */
#define FORKED_FILES 3

/* A request; behind it stand the folder, the terminal (may be empty), arguments, variables, each with its NUL; the files
 * for 0, 1 and 2 come with it if the terminal is empty. The answer is the pid. */
struct forked_request {
	int arguments, variables;
};

struct forked_start {
	const char *const *argv; /* as posix_spawn() takes it */
	char *const *environment;
	const char *folder;	 /* NULL: that of the test */
	const char *terminal;	 /* path: it controls a new session; NULL: a new process group, with the files */
	int files[FORKED_FILES]; /* become 0, 1, 2 */
};

/* The pid of the copy; 0: it must be started, since it is another program, the test's process or its environment is not
 * that of a server (limits, user, ignored signals, namespaces, other libraries in LD_PRELOAD, …), or no server runs. */
pid_t forked_start(const struct forked_start *start);

extern const char *forked_program; /* the only program that is copied; a test may change it before its first start */
extern unsigned forked_count;	   /* copies so far */

#endif
