#include "kybdesk/base/confine.h"

#include "confine_child.h"
#include "kybdesk/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_BYTES 65536
#define CHECK_EVERY_MS 5 /* after the end of the output: interval to check whether the program has ended */
#define FOLDERS_OPEN 16
#define NAME "kybdesk-"
#define LEFT_AFTER_S 60

char *confine_find(struct arena *arena, const char *program)
{
	static const char *const folders[] = { "/usr/bin", "/usr/local/bin", "/bin" };
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		char *path = path_join(arena, folders[i], program);
		if (access(path, X_OK) == 0)
			return path;
	}
	return NULL;
}

struct running {
	pid_t pid;
	int fd;	     /* read end of the program's output */
	int lock_fd; /* lock of the program's folder */
	int64_t deadline;
	const struct world *world;
	const struct confine_job *job;
};

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status;
	(void)at;
	(void)(kind == FTW_DP ? rmdir(path) : unlink(path));
	return 0;
}

static void remove_folder(const char *folder)
{
	(void)nftw(folder, remove_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
}

/* Removes the folder of a killed process: a folder that no process has locked. A folder younger than a minute is kept,
 * because its process may not have locked it yet. */
static void remove_stale_folder(const struct world *world, const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & 07777) == 0700 &&
	    world_now_ms(world) / 1000 - status.st_mtime > LEFT_AFTER_S && flock(fd, LOCK_EX | LOCK_NB) == 0)
		remove_folder(path);
	(void)close(fd);
}

static void remove_all_left(const struct world *world, const char *base)
{
	struct arena arena = ARENA_INIT;
	DIR *dir = opendir(base);
	for (const struct dirent *entry; dir && (entry = readdir(dir));)
		if (!strncmp(entry->d_name, NAME, strlen(NAME)) && strlen(entry->d_name) == strlen(NAME "XXXXXX"))
			remove_stale_folder(world, path_join(&arena, base, entry->d_name));
	if (dir)
		(void)closedir(dir);
	arena_release(&arena);
}

/* Creates the folder, preferably in XDG_RUNTIME_DIR, which is in memory. The folder is locked while it is in use. */
static enum err make_folder(const struct world *world, struct running *running, char **out, struct arena *arena,
			    struct error *error)
{
	const struct confine_job *job = running->job;
	const char *base = world_environment(world, "XDG_RUNTIME_DIR");
	if (!base || base[0] != '/' || access(base, W_OK | X_OK) != 0)
		base = world_environment(world, "TMPDIR");
	if (!base || base[0] != '/')
		base = "/tmp";
	remove_all_left(world, base);
	char *folder = arena_printf(arena, "%s/" NAME "XXXXXX", base);
	if (!mkdtemp(folder))
		return error_set(error, ERR_INTERNAL, "a folder cannot be created in %s: %s", base,
				 strerror(errno));
	running->lock_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (running->lock_fd >= 0)
		(void)flock(running->lock_fd, LOCK_EX | LOCK_NB);
	char *path = path_join(arena, folder, CONFINE_INPUT);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool written = fd >= 0 && file_write_all(fd, job->input, job->length);
	int number = errno;
	if (fd >= 0)
		(void)close(fd);
	*out = folder;
	if (written)
		return ERR_OK;
	remove_folder(folder);
	return error_set(error, ERR_INTERNAL, "%s cannot be written: %s", path, strerror(number));
}

static enum err start(const struct confine_job *job, const char *folder, struct running *out, struct error *error)
{
	int ends[2] = { -1, -1 };
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	enum err err = ERR_OK;
	if (null_fd < 0 || pipe2(ends, O_CLOEXEC) != 0) {
		err = error_set(error, ERR_INTERNAL, "%s cannot be started: %s", job->argv[0], strerror(errno));
	} else {
		const struct confine_child child = {
			.job = job, .folder = folder, .output_fd = ends[1], .null_fd = null_fd
		};
		out->pid = fork();
		if (out->pid == 0)
			confine_child_run(&child);
		if (out->pid < 0)
			err = error_set(error, ERR_INTERNAL, "%s cannot be started: %s", job->argv[0],
					strerror(errno));
		else
			(void)setpgid(out->pid, out->pid); /* also called by the child: either may run first */
	}
	if (null_fd >= 0)
		(void)close(null_fd);
	if (ends[1] >= 0)
		(void)close(ends[1]);
	if (err && ends[0] >= 0)
		(void)close(ends[0]);
	out->fd = ends[0];
	return err;
}

/* Waits for output; after the end of the output, at most CHECK_EVERY_MS. False: cancelled or timed out (*end). */
static bool wait_for(const struct running *running, bool ended, enum confine_end *end)
{
	struct pollfd fds[] = { { .fd = running->job->cancel_fd, .events = POLLIN },
				{ .fd = ended ? -1 : running->fd, .events = POLLIN } };
	int64_t left = running->deadline - world_monotonic_ms(running->world);
	if (left <= 0) {
		*end = CONFINE_TIMED_OUT;
		return false;
	}
	if (ended && left > CHECK_EVERY_MS)
		left = CHECK_EVERY_MS;
	int ready = poll(fds, 2, (int)left);
	if (ready > 0 && fds[0].revents) {
		*end = CONFINE_CANCELLED;
		return false;
	}
	return true;
}

/* Reads available output. False: the output has ended or is too long. */
static bool read_some(const struct running *running, struct strbuf *out, size_t start, enum confine_end *end)
{
	struct pollfd ready = { .fd = running->fd, .events = POLLIN };
	size_t room = running->job->limits.output_bytes - (out->len - start);
	if (poll(&ready, 1, 0) <= 0)
		return true;
	strbuf_grow(out, READ_BYTES);
	ssize_t got = read(running->fd, out->buf + out->len, READ_BYTES);
	if (got < 0)
		return errno == EINTR;
	if (got == 0)
		return false;
	bool cut = (size_t)got > room;
	out->len += cut ? room : (size_t)got;
	out->buf[out->len] = '\0';
	if (cut)
		*end = CONFINE_CUT;
	return !cut;
}

static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };
	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

/* Kills the process group before it waits for the program: until then the number of the group cannot be reused. */
static enum confine_end finish(const struct running *running, enum confine_end end)
{
	int status = 0;
	(void)kill(-running->pid, SIGKILL);
	(void)kill(running->pid, SIGKILL);
	while (waitpid(running->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	(void)close(running->fd);
	if (end != CONFINE_DONE)
		return end;
	if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
		return CONFINE_TIMED_OUT;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? CONFINE_DONE : CONFINE_FAILED;
}

enum err confine_run(const struct world *world, const struct confine_job *job, struct strbuf *out,
		     enum confine_end *end, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct running running = { .world = world, .job = job, .lock_fd = -1 };
	char *folder = NULL;
	size_t before = out->len;
	bool reading = true;
	enum err err = make_folder(world, &running, &folder, &arena, error);
	if (err)
		goto out;
	running.deadline = world_monotonic_ms(world) + job->limits.wall_ms;
	err = start(job, folder, &running, error);
	if (!err) {
		*end = CONFINE_DONE;
		while (*end == CONFINE_DONE && wait_for(&running, !reading, end)) {
			if (reading)
				reading = read_some(&running, out, before, end);
			else if (has_ended(running.pid))
				break;
		}
		*end = finish(&running, *end);
	}
	remove_folder(folder);
out:
	if (running.lock_fd >= 0)
		(void)close(running.lock_fd);
	arena_release(&arena);
	return err;
}
