/* A long wait for the terminal never ends by its timeout: what the program does then, it does at once, or for a key. */
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
	/* A wait for the terminal alone is for its answer to a question; other waits have more. */
	return real(fds, count, timeout >= LONG_MS && count > 1 && fds[0].fd == STDIN_FILENO ? -1 : timeout);
}
