/* Linked into the kybdesk that the tests start: waits before main() and copies itself for each request of the test
 * (support/forked.h). Without FORKED_VARIABLE it does nothing. */
#include "support/forked.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;
int main(int argc, char **argv);

/* As fork(), but the copy is a child of the server's parent. It knows its own number, which the C library keeps. */
static pid_t copy_process(void)
{
	uintptr_t number = 0;
	struct clone_args how = { .flags = CLONE_PARENT | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID };

	if (prctl(PR_GET_TID_ADDRESS, &number, 0, 0, 0) != 0 || !number)
		return -1;
	how.child_tid = number;
	return (pid_t)syscall(SYS_clone3, &how, sizeof how);
}

static char *next(char **at)
{
	char *text = *at;
	*at += strlen(text) + 1;
	return text;
}

static char **list_of(char **at, int count)
{
	static char *all[FORKED_SIZE];
	static size_t used;
	char **list = all + used;

	for (int i = 0; i < count; i++)
		all[used++] = next(at);
	all[used++] = NULL;
	return list;
}

static void run(char *request, const int files[FORKED_FILES], bool with_files)
{
	struct forked_request head;
	char *at = request + sizeof head;
	const char *folder = next(&at), *terminal = next(&at);
	pid_t own = getpid();
	int first = -1;

	memcpy(&head, request, sizeof head);
	bool good =
		*terminal ? setsid() >= 0 && (first = open(terminal, O_RDWR)) >= 0 : setpgid(0, 0) == 0 && with_files;
	for (int i = 0; i < FORKED_FILES; i++)
		good = good && dup2(*terminal ? first : files[i], i) >= 0;
	good = good && chdir(folder) == 0;
	/* The test goes on when this is done, as after posix_spawn(). */
	if (send(FORKED_FILES, &own, sizeof own, MSG_NOSIGNAL) != sizeof own || !good)
		_exit(127);
	closefrom(FORKED_FILES);
	char **argv = list_of(&at, head.arguments);
	environ = list_of(&at, head.variables);
	exit(main(head.arguments, argv));
}

static void __attribute__((constructor)) serve(void)
{
	static char request[FORKED_SIZE];
	const char *is = getenv(FORKED_VARIABLE);

	if (!is || !*is)
		return;
	for (;;) {
		int files[FORKED_FILES] = { -1, -1, -1 };
		union {
			char bytes[CMSG_SPACE(sizeof files)];
			struct cmsghdr align;
		} control = { 0 };
		struct iovec part = { .iov_base = request, .iov_len = sizeof request };
		struct msghdr message = { .msg_iov = &part,
					  .msg_iovlen = 1,
					  .msg_control = control.bytes,
					  .msg_controllen = sizeof control.bytes };

		if (recvmsg(FORKED_FILES, &message, MSG_CMSG_CLOEXEC) <= 0)
			_exit(0); /* the test has ended */
		struct cmsghdr *with = CMSG_FIRSTHDR(&message);
		if (with)
			memcpy(files, CMSG_DATA(with), sizeof files);
		pid_t pid = copy_process();
		if (pid == 0)
			run(request, files, with != NULL);
		for (int i = 0; i < FORKED_FILES; i++)
			(void)close(files[i]);
		if (pid < 0)
			_exit(0);
	}
}
