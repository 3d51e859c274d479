/* Removes timeouts of 100 ms or more from poll() of the terminal and other files: the program cannot rely on them. */
#include <dlfcn.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define LONG_MS 100

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	int (*real)(struct pollfd *, nfds_t, int);
	void *found = dlsym(RTLD_NEXT, "poll");

	memcpy(&real, &found, sizeof real);
	/* A poll() of the terminal alone waits for an answer to a query, and keeps its timeout. */
	return real(fds, count, timeout >= LONG_MS && count > 1 && fds[0].fd == STDIN_FILENO ? -1 : timeout);
}
