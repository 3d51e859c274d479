#include "support/lossy_vfs.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct change {
	struct change *next;
	sqlite3_int64 at;
	size_t length; /* in bytes; 0 for a truncation */
	bool cuts;
	unsigned char bytes[];
};

/* A file of a store: its synced content, and the writes since, oldest first. */
struct kept {
	struct kept *next;
	char *name;
	unsigned char *safe;
	size_t length;
	struct change *first, **last;
};

struct lossy_file {
	sqlite3_file base;
	struct kept *kept; /* NULL: a file that is not under test */
	bool log;
	sqlite3_file real[]; /* the real file; its size is only known at run time */
};

static sqlite3_vfs *real_vfs;
/* Recursive: if a test fails within on_event(), its teardown runs while the lock is still held. */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static struct kept *all;
static void (*on_event)(void *context);
static void *event_context;
static bool broken;
static unsigned sync_ms;
static size_t syncs;
/* True during on_event(): files that are opened then are not under test, and cause no event. */
static _Thread_local bool aside;

static sqlite3_file *real_of(sqlite3_file *file)
{
	return ((struct lossy_file *)file)->real;
}

static void *need(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static void apply(unsigned char **bytes, size_t *length, const struct change *change)
{
	size_t at = (size_t)change->at, end = at + change->length;
	if (change->cuts) {
		*length = at < *length ? at : *length;
		return;
	}
	if (end > *length) {
		*bytes = need(realloc(*bytes, end));
		memset(*bytes + *length, 0, end - *length);
		*length = end;
	}
	memcpy(*bytes + at, change->bytes, change->length);
}

static void forget_changes(struct kept *kept)
{
	while (kept->first) {
		struct change *change = kept->first;
		kept->first = change->next;
		free(change);
	}
	kept->last = &kept->first;
}

static void note(struct kept *kept, sqlite3_int64 at, const void *bytes, size_t length, bool cuts)
{
	struct change *change = need(calloc(1, sizeof *change + length));
	change->at = at;
	change->length = length;
	change->cuts = cuts;
	if (length)
		memcpy(change->bytes, bytes, length);
	*kept->last = change;
	kept->last = &change->next;
}

static void event(void)
{
	if (!on_event)
		return;
	aside = true;
	on_event(event_context);
	aside = false;
}

static struct kept *kept_of(const char *name)
{
	for (struct kept *kept = all; kept; kept = kept->next)
		if (!strcmp(kept->name, name))
			return kept;
	return NULL;
}

/* The content of a file when it is first opened counts as synced. */
static struct kept *keep(const char *name)
{
	struct kept *kept = kept_of(name);
	if (kept)
		return kept;
	kept = need(calloc(1, sizeof *kept));
	kept->name = need(strdup(name));
	kept->last = &kept->first;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	off_t length = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	if (length > 0) {
		kept->safe = need(malloc((size_t)length));
		kept->length = (size_t)length;
		cr_assert_eq(pread(fd, kept->safe, kept->length, 0), length);
	}
	if (fd >= 0)
		(void)close(fd);
	kept->next = all;
	all = kept;
	return kept;
}

static int file_close(sqlite3_file *file)
{
	return real_of(file)->pMethods->xClose(real_of(file));
}
static int file_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 at)
{
	return real_of(file)->pMethods->xRead(real_of(file), bytes, length, at);
}
static int file_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 at)
{
	struct kept *kept = ((struct lossy_file *)file)->kept;
	if (kept) {
		pthread_mutex_lock(&lock);
		event();
		note(kept, at, bytes, (size_t)length, false);
		pthread_mutex_unlock(&lock);
	}
	return real_of(file)->pMethods->xWrite(real_of(file), bytes, length, at);
}
static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct kept *kept = ((struct lossy_file *)file)->kept;
	if (kept) {
		pthread_mutex_lock(&lock);
		event();
		note(kept, size, NULL, 0, true);
		pthread_mutex_unlock(&lock);
	}
	return real_of(file)->pMethods->xTruncate(real_of(file), size);
}
static int file_sync(sqlite3_file *file, int flags)
{
	struct lossy_file *own = (struct lossy_file *)file;
	if (own->kept) {
		bool fails;
		unsigned ms;
		pthread_mutex_lock(&lock);
		event();
		fails = broken && own->log;
		ms = own->log ? sync_ms : 0;
		syncs += own->log;
		for (struct change *change = own->kept->first; change && !fails; change = change->next)
			apply(&own->kept->safe, &own->kept->length, change);
		if (!fails)
			forget_changes(own->kept);
		pthread_mutex_unlock(&lock);
		if (ms)
			test_sleep_ms(ms);
		return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK; /* the file on the real disk need not be synced */
	}
	return real_of(file)->pMethods->xSync(real_of(file), flags);
}
static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real_of(file)->pMethods->xFileSize(real_of(file), size);
}
static int file_lock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xLock(real_of(file), level);
}
static int file_unlock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
static int file_reserved(sqlite3_file *file, int *out)
{
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}
static int file_control(sqlite3_file *file, int what, void *argument)
{
	return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}
static int file_sector(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}
static int file_device(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}
static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
	return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}
static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}
static void file_shm_barrier(sqlite3_file *file)
{
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}
static int file_shm_unmap(sqlite3_file *file, int removes)
{
	return real_of(file)->pMethods->xShmUnmap(real_of(file), removes);
}

static const sqlite3_io_methods methods = { .iVersion = 2,
					    .xClose = file_close,
					    .xRead = file_read,
					    .xWrite = file_write,
					    .xTruncate = file_truncate,
					    .xSync = file_sync,
					    .xFileSize = file_size,
					    .xLock = file_lock,
					    .xUnlock = file_unlock,
					    .xCheckReservedLock = file_reserved,
					    .xFileControl = file_control,
					    .xSectorSize = file_sector,
					    .xDeviceCharacteristics = file_device,
					    .xShmMap = file_shm_map,
					    .xShmLock = file_shm_lock,
					    .xShmBarrier = file_shm_barrier,
					    .xShmUnmap = file_shm_unmap };

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct lossy_file *own = (struct lossy_file *)file;
	(void)vfs;
	own->base.pMethods = NULL;
	own->kept = NULL;
	own->log = (flags & SQLITE_OPEN_WAL) != 0;
	int code = real_vfs->xOpen(real_vfs, name, own->real, flags, out);
	if (own->real->pMethods)
		own->base.pMethods = &methods;
	if (code == SQLITE_OK && name && !aside && flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) {
		pthread_mutex_lock(&lock);
		own->kept = keep(name);
		pthread_mutex_unlock(&lock);
	}
	return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	(void)vfs;
	if (!aside) {
		pthread_mutex_lock(&lock);
		struct kept *kept = kept_of(name);
		if (kept) {
			forget_changes(kept);
			kept->length = 0;
		}
		pthread_mutex_unlock(&lock);
	}
	return real_vfs->xDelete(real_vfs, name, sync_folder);
}

void lossy_install(void)
{
	static sqlite3_vfs lossy;
	real_vfs = sqlite3_vfs_find(NULL);
	lossy = *real_vfs;
	lossy.zName = "lossy";
	lossy.szOsFile = (int)sizeof(struct lossy_file) + real_vfs->szOsFile;
	lossy.xOpen = vfs_open;
	lossy.xDelete = vfs_delete;
	cr_assert_eq(sqlite3_vfs_register(&lossy, 1), SQLITE_OK);
}

void lossy_on_event(void (*call)(void *context), void *context)
{
	pthread_mutex_lock(&lock);
	on_event = call;
	event_context = context;
	pthread_mutex_unlock(&lock);
}

void lossy_break_syncs(bool now_broken)
{
	pthread_mutex_lock(&lock);
	broken = now_broken;
	pthread_mutex_unlock(&lock);
}

void lossy_slow_syncs(unsigned ms)
{
	pthread_mutex_lock(&lock);
	sync_ms = ms;
	pthread_mutex_unlock(&lock);
}

size_t lossy_syncs(void)
{
	pthread_mutex_lock(&lock);
	size_t count = syncs;
	pthread_mutex_unlock(&lock);
	return count;
}

static void write_out(const char *name, const char *path, unsigned *seed)
{
	const struct kept *kept = kept_of(name);
	size_t length = kept ? kept->length : 0;
	unsigned char *bytes = need(malloc(length + 1));
	if (length)
		memcpy(bytes, kept->safe, length);
	for (const struct change *change = kept && *seed ? kept->first : NULL; change; change = change->next) {
		*seed = *seed * 1103515245u + 12345u;
		if (*seed >> 16 & 1)
			apply(&bytes, &length, change);
	}
	if (length)
		temp_write(path, (const char *)bytes, length);
	else
		(void)unlink(path);
	free(bytes);
}

void lossy_cut(const char *store, const char *path, unsigned seed)
{
	char from[4096], to[4096];
	write_out(store, path, &seed);
	(void)snprintf(from, sizeof from, "%s-wal", store);
	(void)snprintf(to, sizeof to, "%s-wal", path);
	write_out(from, to, &seed);
	/* These files are left from the copy of the previous lossy_cut(). */
	(void)snprintf(to, sizeof to, "%s-shm", path);
	(void)unlink(to);
	(void)snprintf(to, sizeof to, "%s-mark", path);
	(void)unlink(to);
}
