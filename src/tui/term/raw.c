#include "raw.h"
#include "sgr.h"

#include "kybdesk/base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define OWN_NAME "/proc/self/fd/1"
#define KEPT_BYTES 32768 /* more than most frames */
#define SLICE_MS 100
#define SLICES_LAST 5 /* of a program that ends */

/* One terminal at a time, like standard output. */
static struct {
	FILE *stream;
	int terminal, file; /* -1: none */
	bool gathering;
	int own; /* an opening of our own, where a write never waits; the shell shares the others */
	bool ending, lost;
	unsigned slices;
} raw = { .terminal = -1, .file = -1, .own = -1 };

void raw_watch(void)
{
	raw.own = open(OWN_NAME, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	raw.ending = raw.lost = false;
	raw.slices = 0;
}

void raw_end(void)
{
	raw.ending = true;
}

/* The signals are blocked, and read by tty_wait() alone. */
static bool is_ending(void)
{
	sigset_t pending;
	return raw.ending || (!sigpending(&pending) &&
			      (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGHUP) == 1 ||
			       sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGQUIT) == 1));
}

/* Until the terminal takes more, which may be never; false: the program ends, and has waited enough. */
static bool wait_for_terminal(void)
{
	struct pollfd ready = { .fd = raw.own, .events = POLLOUT };
	while (poll(&ready, 1, SLICE_MS) <= 0)
		if (is_ending() && ++raw.slices >= SLICES_LAST)
			return false;
	return true;
}

static void write_all(int fd, const char *bytes, size_t length)
{
	while (length && !raw.lost) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0 && errno == EAGAIN && fd == raw.own) {
			raw.lost = !wait_for_terminal();
			continue;
		}
		if (written <= 0)
			return;
		bytes += written;
		length -= (size_t)written;
	}
}

int raw_fd(void)
{
	return raw.gathering ? fileno(raw.stream) : raw.own >= 0 ? raw.own : STDOUT_FILENO;
}

void write_raw(const char *bytes, size_t length)
{
	write_all(raw_fd(), bytes, length);
}

/* A file size limit would truncate the gathered frame without an error in curses. */
static bool is_limited(void)
{
	struct rlimit limit;
	return getrlimit(RLIMIT_FSIZE, &limit) || limit.rlim_cur != RLIM_INFINITY;
}

void raw_stop(void)
{
	const int fds[] = { raw.own, raw.terminal, raw.stream ? fileno(raw.stream) : -1 };
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	for (size_t i = 0; nowhere >= 0 && i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			(void)dup3(nowhere, fds[i], O_CLOEXEC);
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
	if (raw.own >= 0)
		close(raw.own);
	raw.stream = NULL;
	raw.gathering = false;
	raw.terminal = raw.file = raw.own = -1;
}

void raw_gather(void)
{
	if (raw.stream && raw.terminal >= 0 && raw.file >= 0)
		raw.gathering = dup3(raw.file, fileno(raw.stream), O_CLOEXEC) >= 0;
}

/* False: nothing was gathered. */
static bool stop_gathering(void)
{
	if (!raw.gathering)
		return false;
	raw.gathering = false;
	/* Both descriptors are open: only these errors are possible. */
	while (dup3(raw.terminal, fileno(raw.stream), O_CLOEXEC) < 0 && (errno == EINTR || errno == EBUSY))
		;
	return true;
}

/* Its pages are kept for the next frame, unless a picture was among them. */
static void empty(void)
{
	static char zeros[KEPT_BYTES];
	off_t length = lseek(raw.file, 0, SEEK_CUR);
	if ((length > KEPT_BYTES || pwrite(raw.file, zeros, (size_t)length, 0) < length) &&
	    ftruncate(raw.file, 0)) {
		/* the next frame overwrites it */
	}
	lseek(raw.file, 0, SEEK_SET);
}

void raw_drop(void)
{
	if (stop_gathering())
		empty();
}

void raw_send(void)
{
	if (!stop_gathering())
		return;
	off_t length = lseek(raw.file, 0, SEEK_CUR);
	struct strbuf frame = STRBUF_INIT, sent = STRBUF_INIT;
	struct sgr sgr = { 0 };
	strbuf_grow(&frame, length > 0 ? (size_t)length : 0);
	for (ssize_t got; (off_t)frame.len < length; frame.len += (size_t)got)
		if ((got = pread(raw.file, frame.buf + frame.len, (size_t)length - frame.len, (off_t)frame.len)) <=
		    0)
			break;
	strbuf_grow(&sent, frame.len);
	sgr_thin(&sgr, frame.buf, frame.len, &sent);
	write_all(raw.own >= 0 ? raw.own : raw.terminal, sent.buf, sent.len);
	strbuf_wipe(&frame); /* a frame may show a key */
	strbuf_wipe(&sent);
	empty();
}
