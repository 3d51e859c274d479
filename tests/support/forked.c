#include "support/forked.h"

const char *forked_program = KYB_BUILT_PROGRAM;
unsigned forked_count;

#ifndef __SANITIZE_ADDRESS__
pid_t forked_start(const struct forked_start *start)
{
	(void)start;
	return 0; /* loading takes 3 ms */
}
#else
#include "support/must.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

/* What a program takes from the process that starts it, beside arguments, environment, folder and files. */
struct taken {
	mode_t mask;
	uid_t user;
	gid_t group;
	int priority;
	struct rlimit limits[RLIMIT_NLIMITS];
	bool ignored[NSIG];
	ino_t spaces[3];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pid_t owner; /* the process that the server serves; not a child of it */
static int server = -1;
static struct taken at_start;

static void take(struct taken *taken)
{
	static const char *const spaces[] = { "mnt", "net", "user" };

	memset(taken, 0, sizeof *taken); /* it is compared byte by byte */
	taken->mask = umask(0);
	(void)umask(taken->mask);
	taken->user = geteuid();
	taken->group = getegid();
	taken->priority = getpriority(PRIO_PROCESS, 0);
	for (int i = 0; i < RLIMIT_NLIMITS; i++)
		(void)getrlimit((__rlimit_resource_t)i, &taken->limits[i]);
	for (int i = 1; i < NSIG; i++) {
		struct sigaction action;
		taken->ignored[i] = sigaction(i, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
	}
	for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
		char path[32];
		struct stat status;
		(void)snprintf(path, sizeof path, "/proc/self/ns/%s", spaces[i]);
		taken->spaces[i] = stat(path, &status) == 0 ? status.st_ino : 0;
	}
}

/* Whether a variable is read before main(). */
static bool is_early(const char *pair)
{
	static const char *const begins[] = { "LD_", "ASAN_", "LSAN_", "UBSAN_", "TSAN_", "GLIBC_", "MALLOC_" };

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (!strncmp(pair, begins[i], strlen(begins[i])))
			return true;
	return false;
}

static bool has_same(char *const *all, const char *pair)
{
	for (; *all; all++)
		if (!strcmp(*all, pair))
			return true;
	return false;
}

static bool has_early_of(char *const *all, char *const *others)
{
	for (; *others; others++)
		if (is_early(*others) && !has_same(all, *others))
			return false;
	return true;
}

static void start_server(void)
{
	int ends[2];
	char name[sizeof FORKED_VARIABLE + 16];
	const char *const argv[] = { forked_program, NULL };
	char *environment[512];
	size_t count = 0;
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	pid_t pid;

	owner = getpid();
	take(&at_start);
	if (access(argv[0], X_OK) != 0)
		return;
	for (; environ[count] && count < 510; count++)
		environment[count] = environ[count];
	(void)snprintf(name, sizeof name, "%s=%d", FORKED_VARIABLE, FORKED_FILES);
	environment[count++] = name;
	environment[count] = NULL;
	MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
	(void)sigemptyset(&none);
	(void)sigemptyset(&all);
	(void)sigaddset(&all, SIGPIPE);
	MUST(posix_spawn_file_actions_init(&files) == 0 && posix_spawnattr_init(&attributes) == 0);
	for (int i = 0; i < FORKED_FILES; i++)
		MUST(posix_spawn_file_actions_addopen(&files, i, "/dev/null", O_RDWR, 0) == 0);
	/* Other files that the test has open for its programs are closed: copies have what they are given. */
	MUST(posix_spawn_file_actions_adddup2(&files, ends[1], FORKED_FILES) == 0 &&
	     posix_spawn_file_actions_addclosefrom_np(&files, FORKED_FILES + 1) == 0);
	MUST(posix_spawnattr_setflags(&attributes,
				      POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0 &&
	     posix_spawnattr_setpgroup(&attributes, 0) == 0 && posix_spawnattr_setsigmask(&attributes, &none) == 0 &&
	     posix_spawnattr_setsigdefault(&attributes, &all) == 0);
	union {
		const char *const *given;
		char *const *wanted;
	} words = { .given = argv };
	if (posix_spawn(&pid, argv[0], &files, &attributes, words.wanted, environment) == 0)
		server = ends[0];
	else
		(void)close(ends[0]);
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&attributes);
	(void)close(ends[1]);
}

static bool add(char *request, size_t *length, const char *text)
{
	size_t size = strlen(text) + 1;

	if (size > FORKED_SIZE - *length)
		return false;
	memcpy(request + *length, text, size);
	*length += size;
	return true;
}

/* Length of the request; 0: too long. */
static size_t write_request(char *request, const struct forked_start *start)
{
	struct forked_request head = { 0 };
	size_t length = sizeof head;
	char here[4096];
	bool fits = getcwd(here, sizeof here) && add(request, &length, start->folder ? start->folder : here) &&
		    add(request, &length, start->terminal ? start->terminal : "");

	for (; fits && start->argv[head.arguments]; head.arguments++)
		fits = add(request, &length, start->argv[head.arguments]);
	for (; fits && start->environment[head.variables]; head.variables++)
		fits = add(request, &length, start->environment[head.variables]);
	memcpy(request, &head, sizeof head);
	return fits ? length : 0;
}

static pid_t ask(const struct forked_start *start)
{
	static char request[FORKED_SIZE];
	union {
		char bytes[CMSG_SPACE(sizeof start->files)];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec part = { .iov_base = request, .iov_len = write_request(request, start) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	pid_t pid = 0;

	if (!start->terminal) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof control.bytes;
		struct cmsghdr *files = CMSG_FIRSTHDR(&message);
		files->cmsg_level = SOL_SOCKET;
		files->cmsg_type = SCM_RIGHTS;
		files->cmsg_len = CMSG_LEN(sizeof start->files);
		memcpy(CMSG_DATA(files), start->files, sizeof start->files);
	}
	if (!part.iov_len)
		return 0;
	if (sendmsg(server, &message, MSG_NOSIGNAL) < 0 || recv(server, &pid, sizeof pid, 0) != sizeof pid) {
		(void)close(server);
		server = -1;
		return 0;
	}
	return pid;
}

pid_t forked_start(const struct forked_start *start)
{
	struct taken now;
	pid_t pid = 0;

	if (strcmp(start->argv[0], forked_program) != 0 || (start->folder && start->folder[0] != '/') ||
	    !has_early_of(environ, start->environment) || !has_early_of(start->environment, environ))
		return 0;
	(void)pthread_mutex_lock(&lock);
	if (!owner)
		start_server();
	take(&now);
	if (server >= 0 && owner == getpid() && !memcmp(&now, &at_start, sizeof now))
		pid = ask(start);
	forked_count += pid > 0;
	(void)pthread_mutex_unlock(&lock);
	return pid;
}
#endif
