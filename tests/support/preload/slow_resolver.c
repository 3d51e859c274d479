/* Replaces the C library's resolver by a name server that does not answer. A file records each lookup. */
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	const struct timespec pause = { .tv_sec = 600 };
	const char *mark = getenv("KYBDESK_TEST_MARK");
	int fd = mark ? open(mark, O_CREAT | O_WRONLY | O_CLOEXEC, 0600) : -1;

	(void)name;
	(void)service;
	(void)hints;
	*out = NULL;
	if (fd >= 0)
		(void)close(fd);
	(void)nanosleep(&pause, NULL);
	return EAI_AGAIN;
}
