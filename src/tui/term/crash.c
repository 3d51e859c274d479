#include "crash.h"
#include "raw.h"
#include "kybdesk/base/arena.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define RESTORE_MAX 512
static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
#define DEADLY_COUNT (sizeof deadly / sizeof deadly[0])

/* Written before the handlers are installed; the handlers only read it. */
static struct {
	int fd;
	struct termios settings;
	char bytes[RESTORE_MAX];
	size_t length;
	struct sigaction before[DEADLY_COUNT];
	volatile sig_atomic_t armed;
} crash;

static void restore(void)
{
	if (!crash.armed)
		return;
	crash.armed = 0;
	raw_stop();
	if (write(crash.fd, crash.bytes, crash.length) < 0) {
		/* the terminal is gone: nothing to restore */
	}
	tcsetattr(crash.fd, TCSANOW, &crash.settings);
}

static void on_crash(int number)
{
	restore();
	for (size_t i = 0; i < DEADLY_COUNT; i++)
		if (deadly[i] == number)
			sigaction(number, &crash.before[i], NULL);
	raise(number);
}

void crash_arm(int fd, const struct termios *settings, const char *bytes, size_t length)
{
	crash.fd = fd;
	crash.settings = *settings;
	crash.length = length < RESTORE_MAX ? length : RESTORE_MAX;
	memcpy(crash.bytes, bytes, crash.length);
	struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_NODEFER };
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < DEADLY_COUNT; i++)
		sigaction(deadly[i], &action, &crash.before[i]);
	program_end_after(restore);
	crash.armed = 1;
}

void crash_disarm(void)
{
	if (!crash.armed)
		return;
	crash.armed = 0;
	program_end_after(NULL);
	for (size_t i = 0; i < DEADLY_COUNT; i++)
		sigaction(deadly[i], &crash.before[i], NULL);
}
