#include "raw.h"
#include "sgr.h"

#include "kybdesk/base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PIECE 16384 /* bytes of one write: more than most frames */

/* One terminal at a time, like standard output. */
static struct {
	FILE *stream;
	int terminal, file; /* -1: none */
	bool gathering;
} raw = { .terminal = -1, .file = -1 };

static void write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		bytes += written;
		length -= (size_t)written;
	}
}

void write_raw(const char *bytes, size_t length)
{
	write_all(raw.gathering ? fileno(raw.stream) : STDOUT_FILENO, bytes, length);
}

/* A file size limit would truncate the gathered frame without an error in curses. */
static bool is_limited(void)
{
	struct rlimit limit;
	return getrlimit(RLIMIT_FSIZE, &limit) || limit.rlim_cur != RLIM_INFINITY;
}

FILE *raw_open(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	raw.stream = fd < 0 ? NULL : fdopen(fd, "w");
	if (!raw.stream) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	raw.terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	raw.file = is_limited() ? -1 : memfd_create("frame", MFD_CLOEXEC);
	return raw.stream;
}

void raw_close(void)
{
	if (raw.stream)
		fclose(raw.stream);
	if (raw.terminal >= 0)
		close(raw.terminal);
	if (raw.file >= 0)
		close(raw.file);
	raw.stream = NULL;
	raw.gathering = false;
	raw.terminal = raw.file = -1;
}

void raw_gather(void)
{
	if (raw.stream && raw.terminal >= 0 && raw.file >= 0)
		raw.gathering = dup3(raw.file, fileno(raw.stream), O_CLOEXEC) >= 0;
}

void raw_send(void)
{
	if (!raw.gathering)
		return;
	raw.gathering = false;
	/* Both descriptors are open: only these errors are possible. */
	while (dup3(raw.terminal, fileno(raw.stream), O_CLOEXEC) < 0 && (errno == EINTR || errno == EBUSY))
		;
	off_t length = lseek(raw.file, 0, SEEK_CUR);
	struct sgr sgr = { 0 };
	for (off_t at = 0; at < length;) {
		char piece[PIECE];
		size_t left = (size_t)(length - at);
		ssize_t got = pread(raw.file, piece, left < sizeof piece ? left : sizeof piece, at);
		if (got <= 0)
			break;
		write_all(raw.terminal, piece, sgr_thin(&sgr, piece, (size_t)got));
		secret_wipe(piece, (size_t)got); /* a frame may show a key */
		at += got;
	}
	if (ftruncate(raw.file, 0)) {
		/* the next frame overwrites it */
	}
	lseek(raw.file, 0, SEEK_SET);
}
