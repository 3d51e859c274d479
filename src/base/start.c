#include "kybdesk/base/start.h"

#include "kybdesk/base/stops.h"
#include "kybdesk/base/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAIT_MS 30	   /* interval between two checks whether the program has ended */
#define KILL_AFTER_MS 2000 /* time between the first signal and SIGKILL */
#define SIGNAL_STATUS 128

/* Resets the signals of the child: otherwise it would inherit the signals that the workbench ignores or blocks. */
static int set_spawn_attributes(posix_spawnattr_t *how, short place)
{
	sigset_t none, all;
	int failed;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	failed = posix_spawnattr_setsigmask(how, &none);
	if (!failed)
		failed = posix_spawnattr_setsigdefault(how, &all);
	return failed ? failed
		      : posix_spawnattr_setflags(how, (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | place));
}

static enum err set_start_error(struct error *error, enum err code, const char *program, int number)
{
	return error_set(error, code, "%s cannot be started: %s", program, strerror(number));
}

#define FILES_MAX 5	  /* descriptors of the program: input, output, errors, and two files */
#define FD_INHERITED (-1) /* in `fds`: the program inherits the descriptor */
#define FD_DEV_NULL (-2)  /* in `fds`: the descriptor is /dev/null */

/* Starts a program. fds: for each descriptor of the program, a descriptor of this process. place: POSIX_SPAWN_SETSID
 * (without the terminal) or POSIX_SPAWN_SETPGROUP (in the terminal's foreground). Returns 0 or an errno. */
static int spawn(const char *const *words, const int fds[FILES_MAX], short place, pid_t *pid)
{
	union {
		const char *const *source;
		char *const *wanted;
	} all = { .source = words };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	int failed = posix_spawn_file_actions_init(&files);
	if (failed)
		return failed;
	for (int i = 0; !failed && i < FILES_MAX; i++)
		if (fds[i] != FD_INHERITED)
			failed = fds[i] == FD_DEV_NULL
					 ? posix_spawn_file_actions_addopen(&files, i, "/dev/null", O_RDWR, 0)
					 : posix_spawn_file_actions_adddup2(&files, fds[i], i);
	if (!failed && place == POSIX_SPAWN_SETPGROUP)
		failed = posix_spawn_file_actions_addtcsetpgrp_np(&files, STDIN_FILENO);
	if (!failed)
		failed = posix_spawnattr_init(&how);
	if (!failed) {
		failed = set_spawn_attributes(&how, place);
		if (!failed)
			failed = posix_spawnp(pid, words[0], &files, &how, all.wanted, environ);
		(void)posix_spawnattr_destroy(&how);
	}
	(void)posix_spawn_file_actions_destroy(&files);
	return failed;
}

/* Whether a signal that will end this process is blocked and pending. */
static bool has_fatal_signal(void)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	sigset_t pending;

	(void)sigemptyset(&pending);
	(void)sigpending(&pending);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (sigismember(&pending, numbers[i]) == 1)
			return true;
	return false;
}

/* Call if the user pressed Ctrl-Z in the program: returns the terminal to the shell until the shell continues the
 * job. */
static void suspend_job(pid_t pid)
{
	(void)tcsetpgrp(STDIN_FILENO, getpgrp());
	suspend_handle_signal(0);
	(void)tcsetpgrp(STDIN_FILENO, pid);
	(void)kill(-pid, SIGCONT);
}

static int wait_for_child(pid_t pid)
{
	int status = 0, ending_ms = 0;
	pid_t done;

	while ((done = waitpid(pid, &status, WNOHANG | WUNTRACED)) != pid || WIFSTOPPED(status)) {
		if (done < 0 && errno != EINTR)
			return -1; /* another part of this process already waited for the program */
		if (done == pid && WSTOPSIG(status) == SIGTSTP)
			suspend_job(pid);
		else if (done == pid)
			(void)kill(-pid, SIGCONT);
		if (has_fatal_signal()) {
			(void)kill(-pid, ending_ms >= KILL_AFTER_MS ? SIGKILL : SIGHUP);
			ending_ms += WAIT_MS;
		}
		(void)poll(NULL, 0, WAIT_MS);
	}
	return WIFSIGNALED(status) ? SIGNAL_STATUS + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Runs a program in the foreground of the terminal until it ends. Returns 0 or an errno. */
static int run_foreground(const char *const *words, int *status)
{
	static const int fds[FILES_MAX] = { FD_INHERITED, FD_INHERITED, FD_INHERITED, FD_INHERITED, FD_INHERITED };
	sigset_t output, before;
	pid_t pid;

	/* Blocks SIGTTOU, since only then may a background process change the foreground group. */
	(void)sigemptyset(&output);
	(void)sigaddset(&output, SIGTTOU);
	(void)pthread_sigmask(SIG_BLOCK, &output, &before);
	int failed = spawn(words, fds, POSIX_SPAWN_SETPGROUP, &pid);

	if (!failed)
		*status = wait_for_child(pid);
	(void)tcsetpgrp(STDIN_FILENO, getpgrp());
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

enum err start_program(const char *const *words, int *status, struct error *error)
{
	static const int none[FILES_MAX] = { FD_DEV_NULL, FD_DEV_NULL, FD_DEV_NULL, FD_INHERITED, FD_INHERITED };
	pid_t pid;
	/* A detached program that has ended stays a zombie until this program ends. */
	int failed = status ? run_foreground(words, status) : spawn(words, none, POSIX_SPAWN_SETSID, &pid);

	return failed ? set_start_error(error, ERR_INVALID, words[0], failed) : ERR_OK;
}

/* --- with a pipe and limits --- */

/* Reads the available output. Returns false if the output has ended, or has `most` bytes. */
static bool read_available(int fd, struct strbuf *out, size_t most)
{
	char bytes[16384];
	size_t room = most - out->len < sizeof bytes ? most - out->len : sizeof bytes;
	ssize_t got = room ? read(fd, bytes, room) : 0;

	if (got > 0)
		strbuf_add(out, bytes, (size_t)got);
	return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

bool program_has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

/* Reads output until the program ends or exceeds a limit. The output may end before the program, or stay open after
 * it in a remaining child process. */
static void collect_output(const struct world *world, struct program_job *job, int fd, pid_t pid)
{
	int64_t begun = world_monotonic_ms(world), until = begun + job->wait_ms;
	struct pollfd ready[] = { { .fd = fd, .events = POLLIN }, { .fd = job->cancel_fd, .events = POLLIN } };
	size_t most = job->out->len + job->output_max;
	bool ended = false;
	int status = 0, waits = 0;

	job->outcome = PROGRAM_EXITED;
	while (!ended && job->outcome == PROGRAM_EXITED) {
		/* A program that has closed its output usually ends at once, so waits only briefly. */
		(void)poll(ready, 2, ready[0].fd < 0 && waits++ < WAIT_MS ? 1 : WAIT_MS);
		if (ready[0].fd >= 0 && ready[0].revents && !read_available(fd, job->out, most))
			ready[0].fd = -1;
		if (job->out->len >= most)
			job->outcome = PROGRAM_TRUNCATED;
		else if (ready[1].revents || wait_is_given_up(WAIT_FOR_PROGRAM, world_monotonic_ms(world) - begun))
			job->outcome = PROGRAM_CANCELLED;
		else if (world_monotonic_ms(world) >= until)
			job->outcome = PROGRAM_TIMED_OUT;
		else
			ended = program_has_ended(pid);
	}
	while (ended && ready[0].fd >= 0 && poll(ready, 1, 0) > 0 && read_available(fd, job->out, most))
		continue;
	if (ended && job->out->len >= most)
		job->outcome = PROGRAM_TRUNCATED;
	(void)kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	job->status = WIFSIGNALED(status) ? SIGNAL_STATUS + WTERMSIG(status) : WEXITSTATUS(status);
}

#define PRIVATE_FD 16 /* lowest descriptor that memory_file_make() returns, above the descriptors of the program */

int memory_file_make(const void *bytes, size_t length)
{
	int fd = memfd_create("kybdesk", MFD_CLOEXEC), high;
	bool whole = fd >= 0 && write(fd, bytes, length) == (ssize_t)length && lseek(fd, 0, SEEK_SET) == 0;

	high = whole ? fcntl(fd, F_DUPFD_CLOEXEC, PRIVATE_FD) : -1;
	if (fd >= 0)
		(void)close(fd);
	return high;
}

static void read_memory_file(int fd, struct strbuf *out)
{
	char bytes[4096];
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET) == 0)
		while ((got = read(fd, bytes, sizeof bytes)) > 0)
			strbuf_add(out, bytes, (size_t)got);
}

enum err run_and_collect(const struct world *world, struct program_job *job, struct error *error)
{
	const char *const texts[FILES_MAX] = { job->input, NULL, job->errors ? "" : NULL, job->files[0],
					       job->files[1] };
	int fds[FILES_MAX] = { FD_DEV_NULL, FD_DEV_NULL, FD_DEV_NULL, FD_INHERITED, FD_INHERITED }, ends[2], failed = 0;
	pid_t pid = 0;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return set_start_error(error, ERR_INTERNAL, job->words[0], errno);
	fds[STDOUT_FILENO] = fds[STDERR_FILENO] = ends[1];
	for (int i = 0; !failed && i < FILES_MAX; i++)
		if (texts[i] && (fds[i] = memory_file_make(texts[i], strlen(texts[i]))) < 0)
			failed = errno;
	/* Makes the write end blocking, since programs expect this. */
	if (!failed)
		failed = fcntl(ends[1], F_SETFL, 0) ? errno : spawn(job->words, fds, POSIX_SPAWN_SETSID, &pid);
	(void)close(ends[1]);
	if (!failed)
		collect_output(world, job, ends[0], pid);
	if (!failed && job->errors)
		read_memory_file(fds[STDERR_FILENO], job->errors);
	(void)close(ends[0]);
	for (int i = 0; i < FILES_MAX; i++)
		if (texts[i] && fds[i] >= 0)
			(void)close(fds[i]);
	return failed ? set_start_error(error, ERR_INVALID, job->words[0], failed) : ERR_OK;
}
