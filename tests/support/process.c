#include "support/forked.h"
#include "support/must.h"
#include "support/process.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

struct process {
	pid_t pid;
	int handle; /* can be read when it has ended; -1: this kernel has none */
	int out, err;
	bool ended;
	int status;
	bool killed_late;
};

const char *test_program(const char *built)
{
	const char *other = getenv("KYBDESK_TEST_PROGRAM");
	return other && *other ? other : built;
}

long long test_clock_ms(void)
{
	struct timespec now;
	MUST(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum { OWN_THREADS = 2 }; /* the test, and the one that its sanitizer or Criterion started */

void test_wait_alone(void)
{
	struct stat threads;

	for (int i = 0; i < 200 && stat("/proc/self/task", &threads) == 0 && threads.st_nlink > 2 + OWN_THREADS; i++)
		test_sleep_ms(10);
}

void test_sleep_ms(unsigned ms)
{
	struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
	while (nanosleep(&pause, &pause) != 0 && errno == EINTR)
		;
}

static char *copy(const char *text)
{
	char *made = strdup(text);
	MUST(made);
	return made;
}

static size_t name_length(const char *pair)
{
	return strcspn(pair, "=");
}

static bool is_changed(const char *pair, const char *const *changes)
{
	size_t length = name_length(pair);
	for (; changes && *changes; changes++)
		if (name_length(*changes) == length && strncmp(*changes, pair, length) == 0)
			return true;
	return false;
}

char **test_environment_make(const char *const *changes)
{
	size_t count = 1;
	for (char **pair = environ; *pair; pair++)
		count++;
	for (const char *const *pair = changes; pair && *pair; pair++)
		count++;
	char **made = calloc(count, sizeof *made);
	MUST(made);
	size_t used = 0;
	for (char **pair = environ; *pair; pair++)
		if (!is_changed(*pair, changes))
			made[used++] = copy(*pair);
	for (const char *const *pair = changes; pair && *pair; pair++)
		if (strchr(*pair, '='))
			made[used++] = copy(*pair);
	return made;
}

void test_environment_free(char **environment)
{
	for (char **pair = environment; pair && *pair; pair++)
		free(*pair);
	free(environment);
}

char *test_sanitizer_options(const char *more)
{
	const char *own = getenv("ASAN_OPTIONS");

	return own || *more ? test_text("ASAN_OPTIONS=%s:%s", own ? own : "", more) : test_text("ASAN_OPTIONS");
}

static int memory_file(const void *bytes, size_t length)
{
	int fd = memfd_create("kybdesk-test", MFD_CLOEXEC);
	MUST(fd >= 0);
	for (size_t at = 0; at < length;) {
		ssize_t done = write(fd, (const char *)bytes + at, length - at);
		MUST(done > 0);
		at += (size_t)done;
	}
	MUST(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static void spawn(struct process *process, const struct process_options *options, int in, char **environment)
{
	/* No fork(): it would copy the page tables of the test with all the memory of its sanitizer. */
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, pipes;
	(void)sigemptyset(&none);
	(void)sigemptyset(&pipes);
	(void)sigaddset(&pipes, SIGPIPE);
	MUST(posix_spawn_file_actions_init(&files) == 0 && posix_spawnattr_init(&attributes) == 0);
	MUST(posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO) == 0 &&
	     posix_spawn_file_actions_adddup2(&files, process->out, STDOUT_FILENO) == 0 &&
	     posix_spawn_file_actions_adddup2(&files, process->err, STDERR_FILENO) == 0);
	MUST(!options->folder || posix_spawn_file_actions_addchdir_np(&files, options->folder) == 0);
	MUST(posix_spawnattr_setflags(&attributes,
				      POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0 &&
	     posix_spawnattr_setpgroup(&attributes, 0) == 0 && posix_spawnattr_setsigmask(&attributes, &none) == 0 &&
	     posix_spawnattr_setsigdefault(&attributes, &pipes) == 0);
	/* posix_spawnp() does not change the list, although its parameter is not const. */
	union {
		const char *const *given;
		char *const *wanted;
	} argv = { .given = options->argv };
	if (posix_spawnp(&process->pid, argv.wanted[0], &files, &attributes, argv.wanted, environment) != 0) {
		process->ended = true;
		process->status = 127; /* as a shell says it */
	}
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&attributes);
}

struct process *process_start(const struct process_options *options)
{
	struct process *process = calloc(1, sizeof *process);
	MUST(process);
	char **environment = test_environment_make(options->environment);
	/* Files, not pipes: the test need not read while the program runs. pread() keeps the shared offset. */
	int in = memory_file(options->input, options->input ? options->input_length : 0);
	process->out = memory_file(NULL, 0);
	process->err = memory_file(NULL, 0);
	process->handle = -1;
	process->pid = forked_start(&(const struct forked_start){ .argv = options->argv,
								  .environment = environment,
								  .folder = options->folder,
								  .files = { in, process->out, process->err } });
	if (!process->pid)
		spawn(process, options, in, environment);
	if (!process->ended)
		process->handle = (int)syscall(SYS_pidfd_open, process->pid, 0);
	(void)close(in);
	test_environment_free(environment);
	return process;
}

pid_t process_pid(const struct process *process)
{
	return process->pid;
}

bool process_wait_blocks(const struct process *process, int signal_number, unsigned timeout_ms)
{
	const long long end = test_clock_ms() + timeout_ms;
	unsigned long long blocked = 0, bits;
	char path[64], line[256];

	(void)snprintf(path, sizeof path, "/proc/%d/status", (int)process->pid);
	while (!(blocked >> (signal_number - 1) & 1)) {
		FILE *file = fopen(path, "r");

		if (!file || test_clock_ms() >= end) {
			if (file)
				(void)fclose(file);
			return false;
		}
		while (fgets(line, sizeof line, file))
			if (sscanf(line, "SigBlk: %llx", &bits) == 1)
				blocked = bits;
		(void)fclose(file);
		test_sleep_ms(5);
	}
	return true;
}

void process_signal(struct process *process, int signal_number)
{
	if (!process->ended)
		(void)kill(-process->pid, signal_number);
}

static char *read_whole(int fd, size_t *length)
{
	struct stat status;
	MUST(fstat(fd, &status) == 0);
	size_t size = (size_t)status.st_size;
	char *bytes = malloc(size + 1);
	MUST(bytes);
	size_t at = 0;
	while (at < size) {
		ssize_t got = pread(fd, bytes + at, size - at, (off_t)at);
		if (got <= 0)
			break;
		at += (size_t)got;
	}
	bytes[at] = '\0';
	*length = at;
	return bytes;
}

static bool reap(struct process *process)
{
	int status;
	pid_t found = waitpid(process->pid, &status, WNOHANG);
	if (found == 0 || (found < 0 && errno == EINTR))
		return false;
	MUST(found == process->pid);
	process->ended = true;
	process->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return true;
}

bool process_wait(struct process *process, unsigned timeout_ms, struct process_result *result)
{
	long long end = test_clock_ms() + timeout_ms;
	while (!process->ended && !reap(process)) {
		long long left = end - test_clock_ms();
		if (left <= 0)
			return false;
		struct pollfd wait = { .fd = process->handle, .events = POLLIN };
		(void)poll(&wait, 1, process->handle < 0 && left > 5 ? 5 : (int)left);
	}
	if (result) {
		result->status = process->status;
		result->timed_out = process->killed_late;
		result->out = test_keep(read_whole(process->out, &result->out_length));
		result->err = test_keep(read_whole(process->err, &result->err_length));
	}
	return true;
}

bool process_wait_output(struct process *process, const char *text, unsigned timeout_ms)
{
	long long end = test_clock_ms() + timeout_ms;
	for (;;) {
		bool ended = process->ended || reap(process);
		size_t length;
		char *out = read_whole(process->out, &length);
		bool found = memmem(out, length, text, strlen(text)) != NULL;
		free(out);
		char *err = read_whole(process->err, &length);
		found = found || memmem(err, length, text, strlen(text)) != NULL;
		free(err);
		if (found || ended || test_clock_ms() >= end)
			return found;
		test_sleep_ms(5);
	}
}

void process_free(struct process *process)
{
	if (!process)
		return;
	if (!process->ended) {
		process_signal(process, SIGKILL);
		while (!reap(process))
			test_sleep_ms(1);
	}
	if (process->handle >= 0)
		(void)close(process->handle);
	(void)close(process->out);
	(void)close(process->err);
	free(process);
}

void process_run(const struct process_options *options, struct process_result *result)
{
	struct process *process = process_start(options);
	if (!process_wait(process, options->timeout_ms ? options->timeout_ms : 180000, result)) {
		process->killed_late = true;
		process_signal(process, SIGKILL);
		MUST(process_wait(process, 10000, result));
	}
	process_free(process);
}

void process_call(struct process_result *result, const char *const *environment, const char *input, ...)
{
	const char *argv[128];
	size_t count = 0;
	va_list args;
	va_start(args, input);
	do {
		MUST(count < sizeof argv / sizeof argv[0]);
		argv[count] = va_arg(args, const char *);
	} while (argv[count++]);
	va_end(args);
	struct process_options options = {
		.argv = argv,
		.environment = environment,
		.input = input,
		.input_length = input ? strlen(input) : 0,
	};
	process_run(&options, result);
}

char *temp_folder_make(void)
{
	const char *place = getenv("TMPDIR");
	char *path = temp_path(place && *place ? place : "/tmp", "kybdesk-test-XXXXXX");
	MUST(mkdtemp(path));
	return path;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	(void)remove(path);
	return 0;
}

void temp_folder_remove(const char *path)
{
	if (path)
		(void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

char *temp_path(const char *folder, const char *name)
{
	return test_text("%s/%s", folder, name);
}

void temp_write(const char *path, const void *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");
	MUST(file);
	MUST(fwrite(bytes, 1, length, file) == length);
	MUST(fclose(file) == 0);
}

char *temp_read(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	size_t size;
	char *bytes = test_keep(read_whole(fd, &size));
	(void)close(fd);
	if (length)
		*length = size;
	return bytes;
}
