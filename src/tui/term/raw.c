#include "raw.h"

#include "kybdesk/base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#define OWN_NAME "/proc/self/fd/1"
#define SLICE_MS 100
#define SLICES_LAST 5 /* number of slices that an ending program still waits */

static struct {
	int own; /* own non-blocking descriptor, since the shell shares the standard ones; -1: none */
	bool gathering;
	struct strbuf frame;
	bool ending, lost;
	unsigned slices;
} raw = { .own = -1, .frame = STRBUF_INIT };

void raw_watch(void)
{
	raw.own = open(OWN_NAME, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (raw.own < 0)
		raw.own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	raw.ending = raw.lost = false;
	raw.slices = 0;
}

void raw_end(void)
{
	raw.ending = true;
}

/* Whether a signal ends the program: the signals are blocked, and only tty_wait() reads them. */
static bool is_ending(void)
{
	sigset_t pending;
	return raw.ending || (!sigpending(&pending) &&
			      (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGHUP) == 1 ||
			       sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGQUIT) == 1));
}

/* Waits until the terminal accepts more bytes, which may be never. False: the program is ending and has waited long
 * enough. */
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
	return raw.own >= 0 ? raw.own : STDOUT_FILENO;
}

void write_raw(const char *bytes, size_t length)
{
	if (raw.gathering)
		strbuf_add(&raw.frame, bytes, length);
	else
		write_all(raw_fd(), bytes, length);
}

void raw_stop(void)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (nowhere >= 0 && raw.own >= 0)
		(void)dup3(nowhere, raw.own, O_CLOEXEC);
}

void raw_close(void)
{
	raw_send();
	if (raw.own >= 0)
		close(raw.own);
	raw.own = -1;
}

void raw_gather(void)
{
	raw.gathering = true;
}

void raw_send(void)
{
	raw.gathering = false;
	write_all(raw_fd(), raw.frame.buf, raw.frame.len);
	strbuf_wipe(&raw.frame); /* a frame may show a secret key */
}
