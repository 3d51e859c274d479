/* In the place of the C library's: Ctrl-Z comes right after the Nth lock for writing that the program gets, N being
 * KYBDESK_TEST_STOP_AT, once. */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int locks;

static int call(int fd, int command, void *argument)
{
	const char *at = getenv("KYBDESK_TEST_STOP_AT");
	int result = (int)syscall(SYS_fcntl, fd, command, argument);

	if (at && command == F_SETLK && result == 0 && ((struct flock *)argument)->l_type == F_WRLCK &&
	    __atomic_add_fetch(&locks, 1, __ATOMIC_RELAXED) == atoi(at))
		(void)kill(getpid(), SIGTSTP);
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

int fcntl64(int fd, int command, ...)
{
	va_list rest;
	void *argument;

	va_start(rest, command);
	argument = va_arg(rest, void *);
	va_end(rest);
	return call(fd, command, argument);
}
