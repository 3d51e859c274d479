#include "raw.h"

#include "kybdesk/base/arena.h"
#include "kybdesk/base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define STDOUT_PATH "/proc/self/fd/1"
#define SLICE_MS 100
#define EXIT_SLICES_MAX 5 /* number of slices (SLICE_MS) to wait at the end of the program */

static struct {
	/* An opening of the terminal for this program only, since the shell shares the standard descriptors; NULL: none */
	FILE *own;
	bool gathering;
	struct strbuf frame;
	bool ending;
	unsigned slices;
	struct sigaction alarm_before;
} raw = { .frame = STRBUF_INIT };

/* Discards all further output of the drawing thread. Call it in any thread or signal handler that ends the
 * program at once. */
static void raw_discard_output(void)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (nowhere >= 0 && raw.own)
		(void)dup3(nowhere, fileno(raw.own), O_CLOEXEC);
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

/* The handler of the clock that runs during writes: a write waits as long as the terminal accepts no bytes, but if the
 * program is ending and has waited for half a second in total, the rest of its output leads nowhere. */
static void on_slice(int number)
{
	int before = errno;
	(void)number;
	if (is_program_ending() && ++raw.slices == EXIT_SLICES_MAX)
		raw_discard_output();
	errno = before;
}

void raw_watch(bool on)
{
	const struct timeval slice = { .tv_usec = on ? SLICE_MS * 1000 : 0 };
	const struct itimerval clock = { slice, slice };
	if (raw.own)
		(void)setitimer(ITIMER_REAL, &clock, NULL);
}

void raw_init(void)
{
	struct sigaction action = { .sa_handler = on_slice, .sa_flags = SA_RESTART };
	sigset_t set;
	int own = open(STDOUT_PATH, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (own < 0)
		own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	raw.own = own >= 0 ? fdopen(own, "w") : NULL;
	if (own >= 0 && !raw.own)
		close(own);
	raw.ending = false;
	raw.slices = 0;
	if (!raw.own)
		return;
	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, &raw.alarm_before);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

FILE *raw_stream(void)
{
	return raw.own ? raw.own : stdout;
}

int raw_fd(void)
{
	return fileno(raw_stream());
}

static void write_all(const char *bytes, size_t length)
{
	raw_watch(true);
	while (length) {
		ssize_t written = write(raw_fd(), bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			break;
		bytes += written;
		length -= (size_t)written;
	}
	raw_watch(false);
}

void write_raw(const char *bytes, size_t length)
{
	if (raw.gathering)
		strbuf_add(&raw.frame, bytes, length);
	else
		write_all(bytes, length);
}

void raw_begin_batch(void)
{
	raw.gathering = true;
}

void raw_flush(void)
{
	raw.gathering = false;
	write_all(raw.frame.buf, raw.frame.len);
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
	bool restores_at_exit;
	const char *volatile sentence;
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

/* Another thread may run out of memory in the same moment: only one of them gives the terminal back and speaks. */
static void on_exit_of_library(void)
{
	if (crash.sentence)
		program_fail(crash.sentence);
	restore_terminal();
}

void crash_set_sentence(const char *sentence)
{
	crash.sentence = sentence;
}

static void on_crash(int number)
{
	if (crash.sentence)
		program_fail(crash.sentence);
	program_end_alone();
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
	if (!crash.restores_at_exit) /* curses calls exit() if it runs out of memory while it opens the terminal */
		crash.restores_at_exit = !atexit(on_exit_of_library);
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
	if (!raw.own)
		return;
	sigaction(SIGALRM, &raw.alarm_before, NULL);
	fclose(raw.own);
	raw.own = NULL;
}
