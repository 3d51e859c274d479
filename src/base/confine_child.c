#include "confine_child.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXIT_NOT_STARTED 127
#define FILES_MAX 64
#define THREADS_MAX 128

#if defined(__x86_64__)
#define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCH AUDIT_ARCH_AARCH64
#endif

/* Constants that headers of older kernels do not define, although the running kernel may support them. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

#define MAY_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE)
/* The program may not create folders, so one pass removes all files in its folder. */
#define MAY_WORK                                                                                                   \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE |              \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)

static void limit(__rlimit_resource_t resource, rlim_t most)
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

/* Allows read access to the system's programs and libraries, and write access to the folder. On an old kernel without
 * Landlock this function has no effect. */
static void confine_files(const struct confine_child *child)
{
	static const char *const readable[] = {
		"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/nix"
	};
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
		allow_path(rules, readable[i], MAY_READ, known);
	allow_path(rules, child->job->argv[0], LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE, known);
	allow_path(rules, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE, known);
	allow_path(rules, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE, known);
	allow_path(rules, child->folder, MAY_WORK, known);
	if (syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		_exit(EXIT_NOT_STARTED);
	(void)close(rules);
}

#ifdef OWN_ARCH
#define FIELD(member) ((uint32_t)offsetof(struct seccomp_data, member))
#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(member))
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define REFUSAL (SECCOMP_RET_ERRNO | 1 /* EPERM */)
#define UNKNOWN (SECCOMP_RET_ERRNO | 38 /* ENOSYS: the C library then uses an older call */)
#define REFUSE(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), ANSWER(REFUSAL)
#define ONLY_OWN(name, own)                                                                                        \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 4), LOAD(args[0]),                                      \
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (own), 0, 1), ANSWER(SECCOMP_RET_ALLOW), ANSWER(REFUSAL)

/* Forbids new processes, sockets, other processes' memory, and signals to other processes. */
static void confine_calls(void)
{
	const uint32_t own = (uint32_t)getpid();
	struct sock_filter filter[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 1, 0),
		ANSWER(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0,
			 1), /* calls of the x32 ABI, with other numbers */
		ANSWER(REFUSAL),
		ONLY_OWN(kill, own),
		ONLY_OWN(tgkill, own),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
		ANSWER(SECCOMP_RET_ALLOW),
		ANSWER(REFUSAL),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
		ANSWER(UNKNOWN),
#ifdef SYS_fork
		REFUSE(fork),
		REFUSE(vfork),
#endif
		REFUSE(setsid),
		REFUSE(setpgid),
		REFUSE(socket),
		REFUSE(socketpair),
		REFUSE(connect),
		REFUSE(bind),
		REFUSE(ptrace),
		REFUSE(process_vm_readv),
		REFUSE(process_vm_writev),
		REFUSE(tkill),
		REFUSE(rt_sigqueueinfo),
		REFUSE(rt_tgsigqueueinfo),
		REFUSE(pidfd_open),
		REFUSE(pidfd_send_signal),
		REFUSE(setpriority),
		REFUSE(sched_setscheduler),
		REFUSE(io_uring_setup),
		REFUSE(bpf),
		REFUSE(perf_event_open),
		REFUSE(userfaultfd),
		REFUSE(keyctl),
		REFUSE(add_key),
		REFUSE(request_key),
		REFUSE(unshare),
		REFUSE(setns),
		REFUSE(mount),
		REFUSE(shmget),
		REFUSE(msgget),
		REFUSE(semget),
		REFUSE(mq_open),
		ANSWER(SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = sizeof filter / sizeof filter[0], .filter = filter };
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		return; /* the kernel has no seccomp */
}
#else
static void confine_calls(void)
{
}
#endif

static void use_descriptors(const struct confine_child *child)
{
	if (dup2(child->null_fd, STDIN_FILENO) < 0 || dup2(child->output_fd, STDOUT_FILENO) < 0 ||
	    dup2(child->null_fd, STDERR_FILENO) < 0)
		_exit(EXIT_NOT_STARTED);
	if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0)
		return;
	for (int fd = 3; fd < 65536; fd++)
		(void)close(fd);
}

static void forget_signals(void)
{
	sigset_t none;
	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn void confine_child_run(const struct confine_child *child)
{
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", language[] = "LANG=C.UTF-8";
	static char threads[] = "OMP_THREAD_LIMIT=1"; /* several threads would use more of the limits */
	static char *const environment[] = { path, language, threads, NULL };
	const struct confine_limits *limits = &child->job->limits;
	(void)setpgid(0, 0);
	forget_signals();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || chdir(child->folder) != 0)
		_exit(EXIT_NOT_STARTED);
	use_descriptors(child);
	/* In a separate user namespace, the limit of processes does not count other processes of the user. */
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) == 0)
		limit(RLIMIT_NPROC, THREADS_MAX);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, limits->cpu_s);
	limit(RLIMIT_FSIZE, limits->file_bytes);
	limit(RLIMIT_NOFILE, FILES_MAX);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		_exit(EXIT_NOT_STARTED);
	confine_files(child);
	limit(RLIMIT_AS, limits->memory_bytes);
	confine_calls();
	(void)execve(child->job->argv[0], (char *const *)child->job->argv, environment);
	_exit(EXIT_NOT_STARTED);
}
