/*
 * Replaces functions of the C library, of SQLite and of the sanitizer: the Nth call of a kind fails. KYBDESK_TEST_FAULT
 * is "write:17", "write:17+" if all later calls fail too, or "write:17!" if the program is killed there. Calls are
 * counted, with or without a fault, in the mapped file KYBDESK_TEST_CALLS (struct nth_calls), also if the program ends
 * at once. Reads and writes count on files, not on terminals or pipes, and never the libraries' reads through stdio.
 */
#include "fault/nth_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct nth_calls *calls;
static int chosen = -1;
static unsigned long long nth;
static int lasting, deadly;
static __thread int spared, within_exec; /* spared: calls do not count; within_exec: the thread runs sqlite3_exec() */

static void find(const char *name, void *real)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(real, &found, sizeof found);
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("KYBDESK_TEST_CALLS"), *fault = getenv("KYBDESK_TEST_FAULT");
	int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0) : -1;
	void *mapped;
	char *end;

	if (fd < 0)
		return;
	mapped = mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)syscall(SYS_close, fd);
	if (mapped == MAP_FAILED)
		return;
	for (int kind = 0; fault && kind < NTH_KINDS; kind++) {
		size_t length = strlen(nth_kind_names[kind]);
		if (strncmp(fault, nth_kind_names[kind], length) != 0 || fault[length] != ':')
			continue;
		nth = strtoull(fault + length + 1, &end, 10);
		lasting = *end == '+';
		deadly = *end == '!';
		chosen = kind;
	}
	calls = mapped;
}

static int fails(enum nth_kind kind)
{
	unsigned long long at;

	if (!calls || spared)
		return 0;
	at = __atomic_add_fetch(&calls->made[kind], 1, __ATOMIC_RELAXED);
	if ((int)kind != chosen || (lasting ? at < nth : at != nth))
		return 0;
	__atomic_add_fetch(&calls->failed, 1, __ATOMIC_RELAXED);
	if (deadly)
		(void)kill(getpid(), SIGKILL);
	return 1;
}

static int fails_with(enum nth_kind kind, int number)
{
	if (!fails(kind))
		return 0;
	errno = number;
	return 1;
}

static int is_file(int fd)
{
	struct stat status;

	return calls && fd > STDERR_FILENO && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

static int read_fails(int fd)
{
	return is_file(fd) && fails_with(NTH_READ, EIO);
}

static int write_fails(int fd)
{
	return is_file(fd) && fails_with(NTH_WRITE, ENOSPC);
}

ssize_t read(int fd, void *bytes, size_t length)
{
	return read_fails(fd) ? -1 : syscall(SYS_read, fd, bytes, length);
}

ssize_t pread(int fd, void *bytes, size_t length, off_t at)
{
	return read_fails(fd) ? -1 : syscall(SYS_pread64, fd, bytes, length, at);
}

ssize_t pread64(int fd, void *bytes, size_t length, off64_t at)
{
	return pread(fd, bytes, length, at);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
	return write_fails(fd) ? -1 : syscall(SYS_write, fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at)
{
	return write_fails(fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at)
{
	return pwrite(fd, bytes, length, at);
}

int ftruncate(int fd, off_t length)
{
	return write_fails(fd) ? -1 : (int)syscall(SYS_ftruncate, fd, length);
}

int ftruncate64(int fd, off64_t length)
{
	return ftruncate(fd, length);
}

/* Syncs of folders count, too. While calls are counted, the disk is not synced, since no test cuts the power here. */
int fsync(int fd)
{
	return fails_with(NTH_SYNC, EIO) ? -1 : calls ? 0 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return fsync(fd);
}

int rename(const char *from, const char *to)
{
	return fails_with(NTH_NAME, EIO) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int link(const char *from, const char *to)
{
	return fails_with(NTH_NAME, EIO) ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
	return fails_with(NTH_NAME, EIO) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode)
{
	return fails_with(NTH_NAME, ENOSPC) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

/* A failed step fails again in the next reset or finalize: SQLite's full-text index checks only their result. */
enum { FAILED_STEPS = 64 };
static __thread sqlite3_stmt *failed_steps[FAILED_STEPS];

/* Whether the last step of the statement was made to fail; forgets the failure. */
static int step_had_failed(sqlite3_stmt *statement)
{
	for (int i = 0; statement && i < FAILED_STEPS; i++)
		if (failed_steps[i] == statement) {
			failed_steps[i] = NULL;
			return 1;
		}
	return 0;
}

static int step_fails(sqlite3_stmt *statement)
{
	(void)step_had_failed(statement);
	if (within_exec || !fails(NTH_STEP))
		return 0;
	for (int i = 0; i < FAILED_STEPS; i++)
		if (!failed_steps[i]) {
			failed_steps[i] = statement;
			return 1;
		}
	abort(); /* a test never has this many failed statements at once */
}

int sqlite3_step(sqlite3_stmt *statement)
{
	static int (*real)(sqlite3_stmt *);

	if (!real)
		find("sqlite3_step", &real);
	return step_fails(statement) ? SQLITE_IOERR : real(statement);
}

int sqlite3_reset(sqlite3_stmt *statement)
{
	static int (*real)(sqlite3_stmt *);
	int failed = step_had_failed(statement), code;

	if (!real)
		find("sqlite3_reset", &real);
	code = real(statement);
	return failed ? SQLITE_IOERR : code;
}

int sqlite3_finalize(sqlite3_stmt *statement)
{
	static int (*real)(sqlite3_stmt *);
	int failed = step_had_failed(statement), code;

	if (!real)
		find("sqlite3_finalize", &real);
	code = real(statement);
	return failed ? SQLITE_IOERR : code;
}

/* The whole call counts as one step. SQLite finalizes the statements of the call itself, not through the functions
 * above, so a failed step within the call would be reported as a success. */
int sqlite3_exec(sqlite3 *db, const char *sql, int (*call)(void *, int, char **, char **), void *context,
		 char **message)
{
	static int (*real)(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *, char **);
	int code, outer = within_exec;

	if (!real)
		find("sqlite3_exec", &real);
	if (!outer && fails(NTH_STEP))
		return SQLITE_IOERR;
	within_exec = 1; /* SQLite's own steps and nested sqlite3_exec() within this call do not count */
	code = real(db, sql, call, context, message);
	within_exec = outer;
	return code;
}

/* The sanitizer calls this at the start of each thread and aborts on a failure, which is not the program's fault. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes)
{
	static int (*real)(pthread_t, pthread_attr_t *);
	int result;

	spared = 1;
	if (!real)
		find("pthread_getattr_np", &real);
	result = real(thread, attributes);
	spared = 0;
	return result;
}

/* glibc 2.36 does not survive a failed allocation when it first reads the list of name services (nss_database.c): it
 * follows a null pointer or fails an assertion, and no caller can prevent that. */
int getpwuid_r(uid_t uid, struct passwd *entry, char *text, size_t length, struct passwd **found)
{
	static int (*real)(uid_t, struct passwd *, char *, size_t, struct passwd **);
	int result;

	spared = 1;
	if (!real)
		find("getpwuid_r", &real);
	result = real(uid, entry, text, length, found);
	spared = 0;
	return result;
}

/* ncurses 6.4 does not survive a failed copy of the terminal's name. The program has tried an allocation before. */
int setupterm(const char *name, int fd, int *found);
int setupterm(const char *name, int fd, int *found)
{
	static int (*real)(const char *, int, int *);
	int result;

	spared = 1;
	if (!real)
		find("setupterm", &real);
	result = real(name, fd, found);
	spared = 0;
	return result;
}

/* The sanitizer's functions, used if present: the sanitizer does not know memory that the C library allocates. */
void *__interceptor_malloc(size_t size) __attribute__((weak));
void *__interceptor_calloc(size_t count, size_t size) __attribute__((weak));
void *__interceptor_realloc(void *old, size_t size) __attribute__((weak));
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	if (fails_with(NTH_MEMORY, ENOMEM))
		return NULL;
	return __interceptor_malloc ? __interceptor_malloc(size) : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	if (fails_with(NTH_MEMORY, ENOMEM))
		return NULL;
	return __interceptor_calloc ? __interceptor_calloc(count, size) : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	if (fails_with(NTH_MEMORY, ENOMEM))
		return NULL;
	return __interceptor_realloc ? __interceptor_realloc(old, size) : __libc_realloc(old, size);
}
