#include "cli_internal.h"
#include "kybdesk/base/stops.h"
#include "kybdesk/base/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define END_WAIT_MS 5000

struct interrupt {
	atomic_bool is_pending;
	atomic_int read_errno; /* errno of a failed read of the input */
	pthread_t thread;
	sigset_t signals, old_signal_mask;
	int signal_fd;
	int input_fd;	   /* -1: no input to forward */
	int pipe_write_fd; /* write end of the pipe from which the command reads the input */
	int read_fd;	   /* read end of this pipe; -1: the command reads the input itself */
	int stop_pipe[2];  /* a pipe; closing its write end ends the thread */
	void (*on_signal)(void *context);
	void *context;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Forwards one read of the input, when the pipe has room: a write that blocked would keep the signals unread. */
static bool forward_input(struct interrupt *interrupt)
{
	char chunk[PIPE_BUF];
	ssize_t got = read(interrupt->input_fd, chunk, sizeof chunk);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (got < 0)
		atomic_store(&interrupt->read_errno, errno);
	return got > 0 && file_write_all(interrupt->pipe_write_fd, chunk, (size_t)got);
}

static void *wait_for_signals(void *argument)
{
	struct interrupt *interrupt = argument;
	struct pollfd items[3] = { { .fd = interrupt->stop_pipe[0], .events = POLLIN },
				   { .fd = interrupt->signal_fd, .events = POLLIN },
				   { .fd = interrupt->pipe_write_fd, .events = POLLOUT } };
	for (;;) {
		if (poll(items, 3, -1) < 0 && errno != EINTR)
			break;
		if (items[0].revents)
			break;
		if (items[1].revents) {
			struct signalfd_siginfo info;
			if (read(interrupt->signal_fd, &info, sizeof info) <= 0)
				continue;
			/* SIGTSTP comes from Ctrl-Z: suspend_handle_signal() waits for a limited time until no
			 * thread holds a lock of the store, and then stops the process. */
			if (info.ssi_signo == SIGTSTP) {
				suspend_handle_signal(getpid());
				continue;
			}
			atomic_store(&interrupt->is_pending, true);
			wait_end_all(END_WAIT_MS);
			if (interrupt->on_signal)
				interrupt->on_signal(interrupt->context);
			items[2].fd = -1;
			close_fd(&interrupt->pipe_write_fd);
			continue;
		}
		if (!items[2].revents)
			continue;
		bool has_room = items[2].fd == interrupt->pipe_write_fd, ended = !has_room && !forward_input(interrupt);
		items[2] = has_room ? (struct pollfd){ .fd = interrupt->input_fd, .events = POLLIN }
				    : (struct pollfd){ .fd = ended ? -1 : interrupt->pipe_write_fd, .events = POLLOUT };
		if (ended)
			close_fd(&interrupt->pipe_write_fd);
	}
	close_fd(&interrupt->pipe_write_fd);
	return NULL;
}

static bool open_pipes(struct interrupt *interrupt, int input_fd)
{
	int ends[2];
	interrupt->signal_fd = signalfd(-1, &interrupt->signals, SFD_CLOEXEC);
	if (interrupt->signal_fd < 0 || pipe2(interrupt->stop_pipe, O_CLOEXEC) != 0)
		return false;
	if (input_fd < 0 || file_is_regular(input_fd))
		return true;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	interrupt->read_fd = ends[0];
	interrupt->pipe_write_fd = ends[1];
	interrupt->input_fd = input_fd;
	return true;
}

static void release_interrupt(struct interrupt *interrupt)
{
	close_fd(&interrupt->signal_fd);
	close_fd(&interrupt->stop_pipe[0]);
	close_fd(&interrupt->stop_pipe[1]);
	close_fd(&interrupt->read_fd);
	close_fd(&interrupt->pipe_write_fd);
	(void)pthread_sigmask(SIG_SETMASK, &interrupt->old_signal_mask, NULL);
	free(interrupt);
}

enum err interrupt_start(struct interrupt **out, int input_fd, int *read_fd, void (*on_signal)(void *context),
			 void *context, struct error *error)
{
	static const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGTSTP };
	struct interrupt *interrupt = xcalloc(1, sizeof *interrupt);
	*out = NULL;
	*interrupt = (struct interrupt){ .signal_fd = -1,
					 .input_fd = -1,
					 .pipe_write_fd = -1,
					 .read_fd = -1,
					 .stop_pipe = { -1, -1 },
					 .on_signal = on_signal,
					 .context = context };
	(void)sigemptyset(&interrupt->signals);
	for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
		(void)sigaddset(&interrupt->signals, watched[i]);
	/* Threads that are started later inherit the mask, so that no thread receives the signals. */
	(void)pthread_sigmask(SIG_BLOCK, &interrupt->signals, &interrupt->old_signal_mask);
	bool opened = open_pipes(interrupt, input_fd);
	int number = opened ? pthread_create(&interrupt->thread, NULL, wait_for_signals, interrupt) : errno;
	if (number != 0) {
		release_interrupt(interrupt);
		return error_set(error, ERR_INTERNAL, "signal handling cannot be started: %s", strerror(number));
	}
	if (read_fd)
		*read_fd = interrupt->read_fd >= 0 ? interrupt->read_fd : input_fd;
	*out = interrupt;
	return ERR_OK;
}

bool interrupt_is_pending(const struct interrupt *interrupt)
{
	return atomic_load(&interrupt->is_pending);
}

int interrupt_read_errno(const struct interrupt *interrupt)
{
	return atomic_load(&interrupt->read_errno);
}

void interrupt_end(struct interrupt *interrupt)
{
	if (!interrupt)
		return;
	/* Closes the read end first, so that a thread that is blocked in a write to the pipe returns. */
	close_fd(&interrupt->read_fd);
	close_fd(&interrupt->stop_pipe[1]);
	(void)pthread_join(interrupt->thread, NULL);
	release_interrupt(interrupt);
}
