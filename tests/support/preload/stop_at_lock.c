/* Replaces the C library's fcntl: SIGTSTP (Ctrl-Z) arrives right after the program's Nth write lock; N is
 * KYBDESK_TEST_STOP_AT. "thread:N" ignores locks of the first thread; the thread then keeps its lock 0.3 s longer. */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int locks;

static int call(int fd, int command, void *argument)
{
	static const char of_threads[] = "thread:";
	const struct timespec slow = { .tv_nsec = 300000000 };
	const char *at = getenv("KYBDESK_TEST_STOP_AT");
	int result = (int)syscall(SYS_fcntl, fd, command, argument);
	bool threads = at && !strncmp(at, of_threads, sizeof of_threads - 1);

	if (!at || command != F_SETLK || result != 0 || ((struct flock *)argument)->l_type != F_WRLCK ||
	    (threads && gettid() == getpid()) ||
	    __atomic_add_fetch(&locks, 1, __ATOMIC_RELAXED) != atoi(threads ? at + sizeof of_threads - 1 : at))
		return result;
	(void)kill(getpid(), SIGTSTP);
	if (threads)
		(void)nanosleep(&slow, NULL);
	return result;
}

int fcntl(int fd, int command, ...)
{
	va_list rest;
	void *argument;

	va_start(rest, command);
	argument = va_arg(rest, void *);
	va_end(rest);
	return call(fd, command, argument);
}

int fcntl64(int fd, int command, ...) __attribute__((alias("fcntl")));
