#include "kybdesk/base/confine.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/start.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_BYTES 65536
#define CHECK_EVERY_MS 5 /* interval between two checks whether the program has ended, once its output has ended */
#define OPEN_FOLDERS_MAX 16
#define FOLDER_PREFIX "kybdesk-"
#define STALE_AFTER_S 60

/* --- in the child process --- */

struct confine_child {
	const struct confine_job *job;
	const char *folder;
	int output_fd, null_fd;
};

#define EXIT_NOT_STARTED 127
#define FILES_MAX 64
#define THREADS_MAX 128

#if defined(__x86_64__)
#define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCH AUDIT_ARCH_AARCH64
#endif

/* Constants that the headers of older kernels lack, although the running kernel may support them. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

#define READ_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE)
/* Rights in the program's folder. The program may not create folders, so one pass over the folder removes all its
 * files. */
#define FOLDER_RIGHTS                                                                                                  \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE |                  \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)

static void set_limit(__rlimit_resource_t resource, rlim_t most)
{
	const struct rlimit limits = { most, most };
	if (setrlimit(resource, &limits) != 0)
		_exit(EXIT_NOT_STARTED);
}

static void allow_path(int rules, const char *path, uint64_t access, uint64_t known)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = access & known };
	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	(void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	(void)close(rule.parent_fd);
}

/* Allows read access to the system's programs and libraries, and write access to the folder. On an old kernel
 * without Landlock this function has no effect. */
static void restrict_files(const struct confine_child *child)
{
	static const char *const readable[] = { "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/nix" };
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return;
	uint64_t known = (1ULL << 13) - 1;
	known |= abi >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
	known |= abi >= 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0;
	const struct landlock_ruleset_attr handled = { .handled_access_fs = known };
	int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
	if (rules < 0)
		return;
	for (size_t i = 0; i < sizeof readable / sizeof readable[0]; i++)
		allow_path(rules, readable[i], READ_RIGHTS, known);
	allow_path(rules, child->job->argv[0], LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE, known);
	allow_path(rules, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE, known);
	allow_path(rules, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE, known);
	allow_path(rules, child->folder, FOLDER_RIGHTS, known);
	if (syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		_exit(EXIT_NOT_STARTED);
	(void)close(rules);
}

#ifdef OWN_ARCH
#define ACTION_EPERM (SECCOMP_RET_ERRNO | 1 /* EPERM */)
#define ACTION_ENOSYS (SECCOMP_RET_ERRNO | 38 /* ENOSYS: the C library then uses an older system call */)

/* All that the converters need, found by trial with each of them (docs/workbench.md), the most frequent first. They get
 * EPERM for everything else, such as a change of a file's mode, times or attributes. */
static const int allowed_calls[] = {
	SYS_futex,
	SYS_mmap,
	SYS_read,
	SYS_openat,
	SYS_newfstatat,
	SYS_close,
	SYS_write,
	SYS_mprotect,
	SYS_brk,
	SYS_lseek,
	SYS_munmap,
	SYS_pread64,
	SYS_fstat,
	SYS_statx,
	SYS_faccessat,
	SYS_faccessat2,
	SYS_readlinkat,
	SYS_getrandom,
	SYS_fstatfs,
	SYS_statfs,
	SYS_rt_sigprocmask,
	SYS_rt_sigaction,
	SYS_rt_sigreturn,
	SYS_restart_syscall,
	SYS_sigaltstack,
	SYS_clock_gettime,
	SYS_clock_getres,
	SYS_clock_nanosleep,
	SYS_nanosleep,
	SYS_gettimeofday,
	SYS_times,
	SYS_getrusage,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_set_tid_address,
	SYS_gettid,
	SYS_getpid,
	SYS_getppid,
	SYS_getuid,
	SYS_geteuid,
	SYS_getgid,
	SYS_getegid,
	SYS_uname,
	SYS_sysinfo,
	SYS_getcwd,
	SYS_getdents64,
	SYS_fadvise64,
	SYS_madvise,
	SYS_mremap,
	SYS_membarrier,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_readv,
	SYS_writev,
	SYS_pwrite64,
	SYS_ftruncate,
	SYS_unlinkat,
	SYS_dup,
	SYS_dup3,
	SYS_pipe2,
	SYS_ppoll,
	SYS_pselect6,
	SYS_eventfd2,
	SYS_wait4,
	SYS_execve,
	SYS_exit,
	SYS_exit_group,
#ifdef __x86_64__
	SYS_access,
	SYS_open,
	SYS_stat,
	SYS_lstat,
	SYS_readlink,
	SYS_unlink,
	SYS_getrlimit,
	SYS_getpgrp,
	SYS_time,
	SYS_dup2,
	SYS_pipe,
	SYS_poll,
	SYS_select,
	SYS_arch_prctl,
#endif
};

#define CALL_COUNT (sizeof allowed_calls / sizeof *allowed_calls)
#define CHECKS_SIZE_MAX 80 /* instructions of the checks below */
struct filter {
	struct sock_filter code[2 * CALL_COUNT + CHECKS_SIZE_MAX];
	unsigned short count;
};

static void add(struct filter *filter, struct sock_filter instruction)
{
	if (filter->count == sizeof filter->code / sizeof *filter->code)
		_exit(EXIT_NOT_STARTED);
	filter->code[filter->count++] = instruction;
}

static void add_load(struct filter *filter, size_t offset)
{
	add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void add_return(struct filter *filter, uint32_t action)
{
	add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void add_unless_equal(struct filter *filter, uint32_t value, uint8_t skipped)
{
	add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped));
}

static void add_action(struct filter *filter, long call, uint32_t action)
{
	add_unless_equal(filter, (uint32_t)call, 1);
	add_return(filter, action);
}

/* Allows the call if the argument is one of the values. */
static void add_check(struct filter *filter, long call, int argument, const uint32_t *values, uint8_t count)
{
	add_unless_equal(filter, (uint32_t)call, (uint8_t)(2 * count + 2));
	add_load(filter, offsetof(struct seccomp_data, args) + (size_t)argument * sizeof(uint64_t));
	for (uint8_t i = 0; i < count; i++)
		add_action(filter, values[i], SECCOMP_RET_ALLOW);
	add_return(filter, ACTION_EPERM);
}
#define CHECK(call, argument, ...)                                                                                     \
	add_check(&filter, SYS_##call, (argument), (const uint32_t[]){ __VA_ARGS__ },                                  \
		  sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* Allows the calls of the list only; calls that can name another process only for the program itself: no descriptor
 * can be made to send signals to another process (F_SETOWN), and threads are the only processes. */
static void restrict_syscalls(void)
{
	const uint32_t own = (uint32_t)getpid();
	struct filter filter = { .count = 0 };

	add_load(&filter, offsetof(struct seccomp_data, arch));
	add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 1, 0));
	add_return(&filter, SECCOMP_RET_KILL_PROCESS);
	add_load(&filter, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < CALL_COUNT; i++)
		add_action(&filter, allowed_calls[i], SECCOMP_RET_ALLOW);
	CHECK(kill, 0, own);
	CHECK(tgkill, 0, own);
	CHECK(prlimit64, 0, 0, own);
	CHECK(fcntl, 1, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL);
	CHECK(ioctl, 1, TCGETS, TIOCGWINSZ, TIOCGPGRP, FIONREAD);
	CHECK(prctl, 0, PR_SET_NAME);
	add_unless_equal(&filter, SYS_clone, 4);
	add_load(&filter, offsetof(struct seccomp_data, args));
	add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1));
	add_return(&filter, SECCOMP_RET_ALLOW);
	add_return(&filter, ACTION_EPERM);
	add_action(&filter, SYS_clone3, ACTION_ENOSYS);
	add_return(&filter, ACTION_EPERM);
	const struct sock_fprog program = { .len = filter.count, .filter = filter.code };
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		return; /* confine_missing() says so */
}
#else
static void restrict_syscalls(void)
{
}
#endif

static void redirect_descriptors(const struct confine_child *child)
{
	if (dup2(child->null_fd, STDIN_FILENO) < 0 || dup2(child->output_fd, STDOUT_FILENO) < 0 ||
	    dup2(child->null_fd, STDERR_FILENO) < 0)
		_exit(EXIT_NOT_STARTED);
	if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0)
		return;
	for (int fd = 3; fd < 65536; fd++)
		(void)close(fd);
}

static void reset_signals(void)
{
	sigset_t none;
	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Runs between fork and exec: restricts what the program may do. Calls only async-signal-safe functions. */
static _Noreturn void confine_child_run(const struct confine_child *child)
{
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", language[] = "LANG=C.UTF-8";
	static char threads[] = "OMP_THREAD_LIMIT=1"; /* several threads would use more memory and processor time */
	static char *const environment[] = { path, language, threads, NULL };
	const struct confine_limits *limits = &child->job->limits;
	(void)setpgid(0, 0);
	reset_signals();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || chdir(child->folder) != 0)
		_exit(EXIT_NOT_STARTED);
	redirect_descriptors(child);
	/* Uses a separate user namespace, since its limit of processes does not count other processes of the user. */
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) == 0)
		set_limit(RLIMIT_NPROC, THREADS_MAX);
	set_limit(RLIMIT_CORE, 0);
	set_limit(RLIMIT_CPU, limits->cpu_s);
	set_limit(RLIMIT_FSIZE, limits->file_bytes);
	set_limit(RLIMIT_NOFILE, FILES_MAX);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		_exit(EXIT_NOT_STARTED);
	restrict_files(child);
	set_limit(RLIMIT_AS, limits->memory_bytes);
	restrict_syscalls();
	(void)execve(child->job->argv[0], (char *const *)child->job->argv, environment);
	_exit(EXIT_NOT_STARTED);
}

/* --- in this process --- */

/* NULL filter: a kernel with seccomp then says EFAULT. */
static bool has_seccomp(void)
{
#ifdef OWN_ARCH
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) != 0 && errno == EFAULT;
#else
	return false;
#endif
}

const char *confine_missing(void)
{
	bool files = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;

	if (files)
		return has_seccomp() ? "" : "seccomp";
	return has_seccomp() ? "Landlock" : "Landlock and seccomp";
}

const char *confine_missing_packages(struct arena *arena)
{
	static const struct {
		const char *program, *package;
	} viewers[] = { { "pdftotext", "poppler-utils" },
			{ "chafa", "chafa" },
			{ "tesseract", "tesseract-ocr" },
			{ "unzip", "unzip" } };
	const char *missing = "";

	for (size_t i = 0; i < sizeof viewers / sizeof *viewers; i++)
		if (!confine_find(arena, viewers[i].program))
			missing = arena_printf(arena, "%s%s%s", missing, *missing ? " " : "", viewers[i].package);
	return missing;
}

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

struct child_process {
	pid_t pid;
	int output_fd; /* read end of the program's output */
	int lock_fd;   /* file descriptor that locks the program's folder */
	int64_t deadline;
	const struct world *world;
	const struct confine_job *job;
};

/* Removes the folder of a process that was killed: no process has locked such a folder. Keeps a folder younger than
 * a minute, because its process may not have locked it yet. */
static void remove_stale_folder(const struct world *world, const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & 07777) == 0700 &&
	    world_now_ms(world) / 1000 - status.st_mtime > STALE_AFTER_S && flock(fd, LOCK_EX | LOCK_NB) == 0)
		folder_remove(path);
	(void)close(fd);
}

static void remove_stale_folders(const struct world *world, const char *base)
{
	struct arena arena = ARENA_INIT;
	DIR *dir = opendir(base);
	for (const struct dirent *entry; dir && (entry = readdir(dir));)
		if (!strncmp(entry->d_name, FOLDER_PREFIX, strlen(FOLDER_PREFIX)) &&
		    strlen(entry->d_name) == strlen(FOLDER_PREFIX "XXXXXX"))
			remove_stale_folder(world, path_join(&arena, base, entry->d_name));
	if (dir)
		(void)closedir(dir);
	arena_release(&arena);
}

/* Creates the program's folder, preferably in XDG_RUNTIME_DIR, which is in memory. The folder is locked while it is
 * in use. */
static enum err make_folder(const struct world *world, struct child_process *child_process, char **out,
			    struct arena *arena, struct error *error)
{
	const struct confine_job *job = child_process->job;
	const char *base = world_environment(world, "XDG_RUNTIME_DIR");
	if (!base || base[0] != '/' || access(base, W_OK | X_OK) != 0)
		base = world_environment(world, "TMPDIR");
	if (!base || base[0] != '/')
		base = "/tmp";
	remove_stale_folders(world, base);
	char *folder = arena_printf(arena, "%s/" FOLDER_PREFIX "XXXXXX", base);
	if (!mkdtemp(folder))
		return error_set(error, ERR_INTERNAL, "a folder cannot be created in %s: %s", base, strerror(errno));
	child_process->lock_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (child_process->lock_fd >= 0)
		(void)flock(child_process->lock_fd, LOCK_EX | LOCK_NB);
	char *path = path_join(arena, folder, CONFINE_INPUT_NAME);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool written = fd >= 0 && file_write_all(fd, job->input, job->length);
	int number = errno;
	if (fd >= 0)
		(void)close(fd);
	*out = folder;
	if (written)
		return ERR_OK;
	folder_remove(folder);
	return error_set(error, ERR_INTERNAL, "%s cannot be written: %s", path, strerror(number));
}

static enum err start_child(const struct confine_job *job, const char *folder, struct child_process *out,
			    struct error *error)
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
			err = error_set(error, ERR_INTERNAL, "%s cannot be started: %s", job->argv[0], strerror(errno));
		else
			(void)setpgid(out->pid, out->pid); /* the child does the same, since either may run first */
	}
	if (null_fd >= 0)
		(void)close(null_fd);
	if (ends[1] >= 0)
		(void)close(ends[1]);
	if (err && ends[0] >= 0)
		(void)close(ends[0]);
	out->output_fd = ends[0];
	return err;
}

/* Waits for output; after the end of the output, waits at most CHECK_EVERY_MS. Returns false if the program was
 * cancelled or timed out (*end). */
static bool wait_for_output(const struct child_process *child_process, bool ended, enum confine_outcome *end)
{
	struct pollfd fds[] = { { .fd = child_process->job->cancel_fd, .events = POLLIN },
				{ .fd = ended ? -1 : child_process->output_fd, .events = POLLIN } };
	int64_t left = child_process->deadline - world_monotonic_ms(child_process->world);
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

/* Reads available output. Returns false if the output has ended or is too long. */
static bool read_available(const struct child_process *child_process, struct strbuf *out, size_t start,
			   enum confine_outcome *end)
{
	struct pollfd ready = { .fd = child_process->output_fd, .events = POLLIN };
	size_t room = child_process->job->limits.output_bytes - (out->len - start);
	if (poll(&ready, 1, 0) <= 0)
		return true;
	strbuf_grow(out, READ_BYTES);
	ssize_t got = read(child_process->output_fd, out->buf + out->len, READ_BYTES);
	if (got < 0)
		return errno == EINTR;
	if (got == 0)
		return false;
	bool cut = (size_t)got > room;
	out->len += cut ? room : (size_t)got;
	out->buf[out->len] = '\0';
	if (cut)
		*end = CONFINE_TRUNCATED;
	return !cut;
}

/* Kills the process group before it waits for the program, since the number of the group cannot be reused before
 * the wait. */
static enum confine_outcome end_child(const struct child_process *child_process, enum confine_outcome end)
{
	int status = 0;
	(void)kill(-child_process->pid, SIGKILL);
	(void)kill(child_process->pid, SIGKILL);
	while (waitpid(child_process->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	(void)close(child_process->output_fd);
	if (end != CONFINE_DONE)
		return end;
	if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
		return CONFINE_TIMED_OUT;
	return WIFEXITED(status) &&
			       (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == child_process->job->other_success)
		       ? CONFINE_DONE
		       : CONFINE_FAILED;
}

enum err confine_run(const struct world *world, const struct confine_job *job, struct strbuf *out,
		     enum confine_outcome *end, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct child_process child_process = { .world = world, .job = job, .lock_fd = -1 };
	char *folder = NULL;
	size_t before = out->len;
	bool reading = true;
	enum err err = make_folder(world, &child_process, &folder, &arena, error);
	if (err)
		goto out;
	child_process.deadline = world_monotonic_ms(world) + job->limits.wall_ms;
	err = start_child(job, folder, &child_process, error);
	if (!err) {
		*end = CONFINE_DONE;
		while (*end == CONFINE_DONE && wait_for_output(&child_process, !reading, end)) {
			if (reading)
				reading = read_available(&child_process, out, before, end);
			else if (program_has_ended(child_process.pid))
				break;
		}
		*end = end_child(&child_process, *end);
	}
	folder_remove(folder);
out:
	if (child_process.lock_fd >= 0)
		(void)close(child_process.lock_fd);
	arena_release(&arena);
	return err;
}
