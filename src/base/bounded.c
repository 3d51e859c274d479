#include "kybdesk/base/bounded.h"
#include "kybdesk/base/start.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_NOT_EXECUTED 127
#define SIGNAL_STATUS 128
#define WAIT_MS 20 /* interval between two checks whether the program has ended */
#define ENVIRONMENT_MAX 16
#define PIPE_READS 16 /* one pass reads at most PIPE_READS * BOUNDED_OUTPUT_MAX bytes */
#define MEMORY_MAX ((rlim_t)1 << 30)
#define FILE_BYTES_MAX ((rlim_t)64 << 20)
#define FILES_MAX 256
#define PROCESSES_MAX 256 /* limit of the account's processes; does not apply to root */

static void set_limit(__rlimit_resource_t what, rlim_t value)
{
	const struct rlimit both = { value, value };

	(void)setrlimit(what, &both);
}

/* Runs between fork and exec, so it may make only async-signal-safe calls. */
static _Noreturn void run_child(const struct bounded_job *job, char *const *environment, int input, int output,
				pid_t parent)
{
	char *const words[] = { (char *)(uintptr_t)job->path, NULL };
	sigset_t none;

	(void)setsid();
	/* Asks the kernel to kill the program if this process is killed: the next process runs the program again
	 * for the same input. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent)
		_exit(EXIT_NOT_EXECUTED);
	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (chdir("/") != 0 || dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		_exit(EXIT_NOT_EXECUTED);
	if (syscall(SYS_close_range, 3U, ~0U, 0U) != 0)
		for (int fd = 3; fd < 65536; fd++)
			(void)close(fd);
	set_limit(RLIMIT_CORE, 0);
	set_limit(RLIMIT_CPU, job->wait_ms / 1000 + 1);
	set_limit(RLIMIT_FSIZE, FILE_BYTES_MAX);
	set_limit(RLIMIT_NOFILE, FILES_MAX);
	set_limit(RLIMIT_NPROC, PROCESSES_MAX);
	set_limit(RLIMIT_AS, MEMORY_MAX);
	(void)execve(job->path, words, environment);
	_exit(EXIT_NOT_EXECUTED);
}

static void kill_children_of_thread(const char *thread)
{
	char path[300], pids[8192], *at = pids, *end;
	ssize_t length;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/self/task/%s/children", thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* Processes that do not fit into the buffer are killed in the next pass. */
	length = read(fd, pids, sizeof pids - 1);
	(void)close(fd);
	pids[length > 0 ? length : 0] = '\0';
	for (long pid = strtol(at, &end, 10); end != at && *end; pid = strtol(at, &end, 10)) {
		(void)kill((pid_t)pid, SIGKILL);
		at = end;
	}
}

/* Kills every child of this process. The children of a killed child then become children of this process, and the
 * next call kills them. */
static void kill_children(void)
{
	DIR *threads = opendir("/proc/self/task");
	struct dirent *one;

	while (threads && (one = readdir(threads)))
		if (one->d_name[0] != '.')
			kill_children_of_thread(one->d_name);
	if (threads)
		(void)closedir(threads);
}

/* Ends all remaining processes of the program: its process group, and processes that left the group. */
static void kill_descendants(pid_t pid)
{
	(void)kill(-pid, SIGKILL);
	for (;;) {
		kill_children();
		if (waitpid(-1, NULL, 0) < 0 && errno != EINTR)
			return;
	}
}

/* Reads output, and keeps only its last BOUNDED_OUTPUT_MAX bytes. Returns false if the pipe is closed. */
static bool read_output(struct bounded_job *job, int fd)
{
	struct strbuf *kept = job->output;
	char bytes[BOUNDED_OUTPUT_MAX];
	ssize_t got = read(fd, bytes, sizeof bytes);

	if (got <= 0)
		return got < 0 && (errno == EAGAIN || errno == EINTR);
	strbuf_add(kept, bytes, (size_t)got);
	if (kept->len > BOUNDED_OUTPUT_MAX) {
		memmove(kept->buf, kept->buf + kept->len - BOUNDED_OUTPUT_MAX, BOUNDED_OUTPUT_MAX);
		strbuf_truncate(kept, BOUNDED_OUTPUT_MAX);
	}
	return true;
}

/* Reads output until the program ends, exceeds its time, or is cancelled. */
static void read_until_end(struct bounded_job *job, pid_t pid, int fd)
{
	struct pollfd fds[] = { { .fd = fd, .events = POLLIN }, { .fd = job->cancel_fd, .events = POLLIN } };
	int64_t end = world_monotonic_ms(job->world) + job->wait_ms;
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		job->timed_out = world_monotonic_ms(job->world) >= end;
		job->cancelled = job->cancel_fd >= 0 && fds[1].revents;
		if (job->timed_out || job->cancelled) {
			(void)kill(-pid, SIGKILL);
			(void)kill(pid, SIGKILL);
			(void)waitpid(pid, &status, 0);
			break;
		}
		if (poll(fds, 2, WAIT_MS) > 0 && fds[0].revents && !read_output(job, fd))
			fds[0].fd = -1;
	}
	/* Reads the rest of the output, but at most the capacity of a pipe, since another process may still write
	 * to the pipe. */
	for (int i = 0; i < PIPE_READS && fds[0].fd >= 0 && poll(fds, 1, 0) > 0; i++)
		if (!read_output(job, fd))
			break;
	job->status = WIFSIGNALED(status) ? SIGNAL_STATUS + WTERMSIG(status) : WEXITSTATUS(status);
}

static void fill_environment(const struct bounded_job *job, char *out[ENVIRONMENT_MAX])
{
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", language[] = "LANG=C.UTF-8";
	size_t count = 0;

	out[count++] = path;
	out[count++] = language;
	for (const char *const *more = job->environment; *more && count < ENVIRONMENT_MAX - 1; more++)
		out[count++] = (char *)(uintptr_t)*more;
	out[count] = NULL;
}

enum err bounded_run(struct bounded_job *job, struct error *error)
{
	char *environment[ENVIRONMENT_MAX];
	int pipes[2] = { -1, -1 }, input = memory_file_make(job->input, job->length);
	pid_t pid = -1, parent = getpid();

	job->timed_out = job->cancelled = false;
	fill_environment(job, environment);
	if (input >= 0 && pipe2(pipes, O_CLOEXEC) == 0 && fcntl(pipes[0], F_SETFL, O_NONBLOCK) == 0 &&
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
		pid = fork();
	if (!pid)
		run_child(job, environment, input, pipes[1], parent);
	if (pipes[1] >= 0)
		(void)close(pipes[1]);
	if (pid > 0) {
		read_until_end(job, pid, pipes[0]);
		kill_descendants(pid);
	}
	if (pipes[0] >= 0)
		(void)close(pipes[0]);
	if (input >= 0)
		(void)close(input);
	return pid > 0 ? ERR_OK
		       : error_set(error, ERR_INTERNAL, "%s cannot be started: %s", job->path, strerror(errno));
}
