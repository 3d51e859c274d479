#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD 3 /* SD_LISTEN_FDS_START */

/* A positive integer; 0 if invalid. */
static int64_t number_of(const struct world *world, const char *name)
{
	const char *text = world_environment(world, name);
	char *end;
	long long number;

	if (!text || !*text)
		return 0;
	errno = 0;
	number = strtoll(text, &end, 10);
	return errno || *end || number < 0 ? 0 : number;
}

/* Whether the socket is meant for this process, not for its parent. */
static bool is_ours(const struct world *world, const char *name)
{
	return number_of(world, name) == (int64_t)getpid();
}

static bool is_listening(int fd)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof address;
	int listening = 0;
	socklen_t length = sizeof listening;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0 && listening &&
	       getsockname(fd, (struct sockaddr *)&address, &size) == 0 &&
	       (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

enum err service_socket(const struct world *world, int *fd, struct error *error)
{
	int64_t count = number_of(world, "LISTEN_FDS");
	int flags;

	*fd = -1;
	if (!count || !is_ours(world, "LISTEN_PID"))
		return ERR_OK;
	if (count != 1)
		return error_set_field(error, ERR_INVALID, "listen",
				       "The service manager hands over %" PRId64 " sockets; this server takes one: "
				       "write one ListenStream=",
				       count);
	if (!is_listening(FIRST_FD))
		return error_set_field(error, ERR_INVALID, "listen",
				       "The socket from the service manager does not listen for TCP; write "
				       "ListenStream=ADDRESS:PORT");
	flags = fcntl(FIRST_FD, F_GETFL);
	if (flags < 0 || fcntl(FIRST_FD, F_SETFL, flags | O_NONBLOCK) || fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC))
		return error_set(error, ERR_INTERNAL, "The socket from the service manager cannot be used: %s",
				 strerror(errno));
	*fd = FIRST_FD;
	return ERR_OK;
}

void service_notify(const struct world *world, const char *text)
{
	const char *path = world_environment(world, "NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = path ? strlen(path) : 0;
	int fd;

	if (length < 2 || length >= sizeof address.sun_path || (*path != '/' && *path != '@'))
		return;
	memcpy(address.sun_path, path, length);
	/* An abstract socket name: "@" stands for a NUL. */
	if (*path == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
	(void)close(fd);
}

int64_t service_watchdog_ms(const struct world *world)
{
	const char *pid = world_environment(world, "WATCHDOG_PID");
	int64_t limit = number_of(world, "WATCHDOG_USEC");

	if (pid && *pid && !is_ours(world, "WATCHDOG_PID"))
		return 0;
	/* Half the limit, as sd_watchdog_enabled(3) recommends; at least 1. */
	return limit ? (limit / 2000 ? limit / 2000 : 1) : 0;
}
