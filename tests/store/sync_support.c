#include "store/sync_support.h"

#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

void (*on_sync)(const char *path);

static void tell(int fd)
{
	char link[64], path[4096];
	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t length = on_sync ? readlink(link, path, sizeof path - 1) : -1;
	if (length < 0)
		return;
	path[length] = '\0';
	on_sync(path);
}

/* In the place of the C library's. */
int fdatasync(int fd)
{
	tell(fd);
	return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	tell(fd);
	return (int)syscall(SYS_fsync, fd);
}
