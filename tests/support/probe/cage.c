/* A hostile program in the converter's place: cage_probe PID FILE tries what a converter must not do to the process PID
 * and to FILE of the user, and prints a line for each attempt, "done" or the reason. */
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

static void tell(const char *what, long result)
{
	printf("%s: %s\n", what,
	       result >= 0			   ? "done"
	       : errno == EPERM || errno == EACCES ? "refused"
						   : strerror(errno));
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	const pid_t other = (pid_t)strtol(argv[1], NULL, 10);
	const char *file = argv[2];
	const struct rlimit small = { 1, 1 };
	char byte = 'x';
	struct iovec own = { &byte, 1 }, there = { &byte, 1 };
	const struct f_owner_ex owner = { F_OWNER_PID, other };

	tell("prlimit", prlimit(other, RLIMIT_FSIZE, &small, NULL));
	tell("read prlimit", prlimit(other, RLIMIT_FSIZE, NULL, &(struct rlimit){ 0 }));
	tell("kill", kill(other, 0));
	tell("tgkill", syscall(SYS_tgkill, other, other, 0));
	tell("tkill", syscall(SYS_tkill, other, 0));
	tell("pidfd", syscall(SYS_pidfd_open, other, 0));
	tell("setpriority", setpriority(PRIO_PROCESS, (id_t)other, 5));
	tell("scheduler", sched_setscheduler(other, SCHED_BATCH, &(struct sched_param){ 0 }));
	tell("affinity", sched_setaffinity(other, sizeof(cpu_set_t), &(cpu_set_t){ { 1 } }));
	tell("ioprio", syscall(SYS_ioprio_set, 1, other, 0));
	tell("owner", fcntl(STDOUT_FILENO, F_SETOWN, other));
	tell("owner_ex", fcntl(STDOUT_FILENO, F_SETOWN_EX, &owner));
	tell("async", ioctl(STDOUT_FILENO, FIOASYNC, &(int){ 1 }));
	tell("ptrace", ptrace(PTRACE_ATTACH, other, NULL, NULL));
	tell("read memory", process_vm_readv(other, &own, 1, &there, 1, 0));
	tell("chmod", chmod(file, 0777));
	tell("fchmodat", fchmodat(AT_FDCWD, file, 0777, 0));
	tell("chown", chown(file, (uid_t)-1, (gid_t)-1));
	tell("utime", utimensat(AT_FDCWD, file, NULL, 0));
	tell("setxattr", setxattr(file, "user.kyb", "x", 1, 0));
	tell("removexattr", removexattr(file, "user.kyb"));
	tell("write", open(file, O_WRONLY));
	tell("truncate", truncate(file, 0));
	tell("append", open(file, O_WRONLY | O_APPEND));
	tell("rename", rename(file, "document"));
	tell("link", link(file, "linked"));
	tell("unlink", unlink(file));
	tell("mkdir", mkdir("folder", 0700));
	tell("socket", socket(AF_INET, SOCK_STREAM, 0));
	tell("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){ 0 }));
	tell("fork", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	tell("unshare", unshare(CLONE_NEWNS));
	tell("keyring", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, -4, 0));
	tell("io_uring", syscall(SYS_io_uring_setup, 1, NULL));
	tell("memory file", syscall(SYS_memfd_create, "m", 0));
	tell("own file", open("mine", O_WRONLY | O_CREAT | O_TRUNC, 0600));
	return 0;
}
