#include "raw.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

void write_raw(const char *bytes, size_t length)
{
	fflush(stdout);
	while (length) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		bytes += written;
		length -= (size_t)written;
	}
}
