#include "kybdesk/base/start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

/* The workbench blocks the signals that its own thread waits for, and ignores some: its child begins as any program does. */
static int describe(posix_spawnattr_t *how)
{
	sigset_t none, all;
	int failed;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	failed = posix_spawnattr_setsigmask(how, &none);
	if (!failed)
		failed = posix_spawnattr_setsigdefault(how, &all);
	return failed ? failed
		      : posix_spawnattr_setflags(how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
							      POSIX_SPAWN_SETSID);
}

static int take_terminal(posix_spawn_file_actions_t *files)
{
	int failed = 0;

	for (int fd = STDIN_FILENO; !failed && fd <= STDERR_FILENO; fd++)
		failed = posix_spawn_file_actions_addopen(files, fd, "/dev/null", O_RDWR, 0);
	return failed;
}

enum err start_apart(const char *program, const char *path, struct error *error)
{
	union {
		const char *given[3];
		char *wanted[3];
	} words = { .given = { program, path, NULL } };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	pid_t pid;
	int failed = posix_spawn_file_actions_init(&files);

	if (failed)
		return error_set(error, ERR_INTERNAL, "%s cannot be started: %s", program, strerror(failed));
	failed = posix_spawnattr_init(&how);
	if (!failed) {
		failed = describe(&how);
		if (!failed)
			failed = take_terminal(&files);
		/* How it ends is its own affair; what is left of it goes with this program. */
		if (!failed)
			failed = posix_spawnp(&pid, program, &files, &how, words.wanted, environ);
		(void)posix_spawnattr_destroy(&how);
	}
	(void)posix_spawn_file_actions_destroy(&files);
	return failed ? error_set(error, ERR_INVALID, "%s cannot be started: %s", program, strerror(failed))
		      : ERR_OK;
}
