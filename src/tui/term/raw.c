#include "raw.h"

#include "kybdesk/base/arena.h"
#include "kybdesk/base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define STDOUT_PATH "/proc/self/fd/1"
#define SLICE_MS 100
#define EXIT_SLICES_MAX 5 /* number of slices (SLICE_MS) to wait at the end of the program */

static struct {
	/* A non-blocking descriptor for this program only, since the shell shares the standard descriptors; -1: none */
	int own;
	bool gathering;
	struct strbuf frame;
	bool ending, lost;
	unsigned slices;
} raw = { .own = -1, .frame = STRBUF_INIT };

void raw_init(void)
{
	raw.own = open(STDOUT_PATH, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (raw.own < 0)
		raw.own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	raw.ending = raw.lost = false;
	raw.slices = 0;
}

void raw_set_program_ending(void)
{
	raw.ending = true;
}

/* Whether the program is ending. Signals are blocked until tty_wait() reads them, so a pending signal also counts. */
static bool is_program_ending(void)
{
	sigset_t pending;
	return raw.ending ||
	       (!sigpending(&pending) && (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGHUP) == 1 ||
					  sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGQUIT) == 1));
}

/* Waits until the terminal accepts more bytes, without a time limit. False: the program is ending, and has waited
 * for half a second in total. */
static bool wait_for_terminal(void)
{
	struct pollfd ready = { .fd = raw.own, .events = POLLOUT };
	while (poll(&ready, 1, SLICE_MS) <= 0)
		if (is_program_ending() && ++raw.slices >= EXIT_SLICES_MAX)
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

/* Discards all further output of the drawing thread. Call it in any thread or signal handler that ends the
 * program at once. */
static void raw_discard_output(void)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (nowhere >= 0 && raw.own >= 0)
		(void)dup3(nowhere, raw.own, O_CLOEXEC);
}

void raw_begin_batch(void)
{
	raw.gathering = true;
}

void raw_flush(void)
{
	raw.gathering = false;
	write_all(raw_fd(), raw.frame.buf, raw.frame.len);
	strbuf_wipe(&raw.frame); /* a frame may show a secret key */
}

/* --- after a crash --- */

#define RESTORE_MAX 512
static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
#define CRASH_SIGNAL_COUNT (sizeof deadly / sizeof deadly[0])

/* Data of the signal handlers. The data is complete before the handlers are installed. */
static struct {
	int fd;
	struct termios settings;
	char bytes[RESTORE_MAX];
	size_t length;
	struct sigaction before[CRASH_SIGNAL_COUNT];
	volatile sig_atomic_t armed;
} crash;

static void restore_terminal(void)
{
	if (!crash.armed)
		return;
	crash.armed = 0;
	raw_discard_output();
	if (write(crash.fd, crash.bytes, crash.length) < 0) {
		/* the terminal is gone: nothing to restore */
	}
	tcsetattr(crash.fd, TCSANOW, &crash.settings);
}

static void on_crash(int number)
{
	restore_terminal();
	for (size_t i = 0; i < CRASH_SIGNAL_COUNT; i++)
		if (deadly[i] == number)
			sigaction(number, &crash.before[i], NULL);
	raise(number);
}

void crash_handler_install(int fd, const struct termios *settings, const char *bytes, size_t length)
{
	crash.fd = fd;
	crash.settings = *settings;
	crash.length = length < RESTORE_MAX ? length : RESTORE_MAX;
	memcpy(crash.bytes, bytes, crash.length);
	struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_NODEFER };
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < CRASH_SIGNAL_COUNT; i++)
		sigaction(deadly[i], &action, &crash.before[i]);
	program_set_fail_hook(restore_terminal);
	crash.armed = 1;
}

static void crash_handler_remove(void)
{
	if (!crash.armed)
		return;
	crash.armed = 0;
	program_set_fail_hook(NULL);
	for (size_t i = 0; i < CRASH_SIGNAL_COUNT; i++)
		sigaction(deadly[i], &crash.before[i], NULL);
}

void raw_close(void)
{
	crash_handler_remove();
	raw_flush();
	if (raw.own >= 0)
		close(raw.own);
	raw.own = -1;
}
