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
static pid_t owner; /* the process that the servers serve; not a child of it */
static struct taken at_start;
static struct server {
	bool began;
	int socket; /* -1: there is none */
	char *environment[512];
} servers[4]; /* of different variables that are read before main() */

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

/* Whether a server may have it although the test does not: options, and a library without code before main(). */
static bool is_of_server(const char *pair)
{
	static const char options[] = "ASAN_OPTIONS=", library[] = "LD_PRELOAD=", person[] = "/libperson.so";
	const size_t length = strlen(pair);

	return !strncmp(pair, options, sizeof options - 1) ||
	       (!strncmp(pair, library, sizeof library - 1) && length > sizeof person &&
		!strcmp(pair + length - (sizeof person - 1), person));
}

static bool has_early_of(char *const *all, char *const *others, bool each)
{
	for (; *others; others++)
		if (is_early(*others) && (each || !is_of_server(*others)) && !has_same(all, *others))
			return false;
	return true;
}

static bool has_same_early(char *const *left, char *const *right, bool each)
{
	return has_early_of(left, right, each) && has_early_of(right, left, each);
}

static void start_server(struct server *server, char *const *its)
{
	int ends[2];
	const char *const argv[] = { forked_program, NULL };
	size_t count = 0, most = sizeof server->environment / sizeof *server->environment - 2;
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	pid_t pid;

	server->began = true;
	server->socket = -1;
	if (access(argv[0], X_OK) != 0)
		return;
	for (; its[count] && count < most; count++)
		MUST((server->environment[count] = strdup(its[count])));
	MUST(asprintf(&server->environment[count], "%s=%d", FORKED_VARIABLE, FORKED_FILES) > 0);
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
	if (posix_spawn(&pid, argv[0], &files, &attributes, words.wanted, server->environment) == 0)
		server->socket = ends[0];
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

static pid_t ask(struct server *server, const struct forked_start *start)
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
	if (sendmsg(server->socket, &message, MSG_NOSIGNAL) < 0 ||
	    recv(server->socket, &pid, sizeof pid, 0) != sizeof pid) {
		(void)close(server->socket);
		server->socket = -1;
		return 0;
	}
	return pid;
}

/* Under the lock. */
static pid_t copy(const struct forked_start *start)
{
	struct server *server = servers;
	struct taken now;

	if (!has_same_early(environ, start->environment, false))
		return 0;
	take(&now);
	if (!owner) {
		owner = getpid();
		at_start = now;
	}
	if (owner != getpid() || memcmp(&now, &at_start, sizeof now) != 0)
		return 0;
	while (server->began && !has_same_early(server->environment, start->environment, true))
		if (++server == servers + sizeof servers / sizeof *servers)
			return 0;
	if (!server->began)
		start_server(server, start->environment);
	return server->socket >= 0 ? ask(server, start) : 0;
}

pid_t forked_start(const struct forked_start *start)
{
	pid_t pid;

	if (strcmp(start->argv[0], forked_program) != 0 || (start->folder && start->folder[0] != '/'))
		return 0;
	(void)pthread_mutex_lock(&lock);
	pid = copy(start);
	forked_count += pid > 0;
	(void)pthread_mutex_unlock(&lock);
	return pid;
}
#endif
