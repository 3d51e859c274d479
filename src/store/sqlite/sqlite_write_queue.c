/* The order in which connections get the write lock. SQLite has no queue for the lock. A connection that releases
 * the lock and takes it again at once is faster than connections that poll every millisecond, so an import would
 * block all others. Therefore a connection that waits for the write lock holds a shared lock on a byte of the mark
 * (sqlite_mark.c); this lock ends with its process. If another connection waits, bulk work (commits without a sync)
 * lets it go first, and so does a server, because its own next request follows at once.
 *
 * By a lock on a second byte, bulk work shows that it makes checkpoints itself. Otherwise another writer would have
 * to make a checkpoint after every few commits, and would wait for it.
 *
 * By a lock on a byte of a third kind, a delivery worker shows that it is alive, also while it waits for the write
 * lock. The position of this byte encodes the worker and the time at which the heartbeat expires. Nothing is
 * written to the disk; the kernel removes the lock when the process ends, and the heartbeat of a process that was
 * stopped expires. */
#include "sqlite_internal.h"
#include "kybdesk/base/commit_group.h"

#include <fcntl.h>

enum { WAITS_AT = 1, COPIES_AT = 2 }; /* bytes of the mark file; byte 0 is the lock of sqlite_mark.c */
/* A writer lets a waiting process go first only for this fraction of the busy timeout (1/100), because the process
 * may be stopped and never take the lock. */
#define YIELD_TIME_DIVISOR 100
/* The position of a heartbeat's byte consists of a bit that is 1, 21 bits of a hash of the owner's name, and the
 * end of the heartbeat in milliseconds since boot (40 bits). */
#define HEARTBEAT_TIME_BITS 40
#define HEARTBEAT_OWNER_BITS 21

static struct flock flock_of(short type, off_t at)
{
	return (struct flock){ .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1 };
}

static bool set_lock(struct sqlite_db *db, short type, off_t at)
{
	struct flock lock = flock_of(type, at);

	return fcntl(db->mark_fd, F_OFD_SETLK, &lock) == 0;
}

/* Whether another connection has a lock on this byte of the mark file. */
static bool is_byte_locked_by_another(struct sqlite_db *db, off_t at)
{
	struct flock lock = flock_of(F_WRLCK, at);

	return sqlite_mark_open(db) && fcntl(db->mark_fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

void sqlite_set_copying(struct sqlite_db *db, bool copies)
{
	if (sqlite_mark_open(db))
		(void)set_lock(db, copies ? F_RDLCK : F_UNLCK, COPIES_AT);
}

bool sqlite_is_another_copying(struct sqlite_db *db)
{
	return is_byte_locked_by_another(db, COPIES_AT);
}

void sqlite_set_waiting(struct sqlite_db *db)
{
	if (db->takes_lock && sqlite_mark_open(db))
		db->marked_waiting = set_lock(db, F_RDLCK, WAITS_AT);
}

bool sqlite_has_waiters(struct sqlite_db *db)
{
	return is_byte_locked_by_another(db, WAITS_AT);
}

bool sqlite_blocks_writers(struct db *db)
{
	return sqlite_has_waiters((struct sqlite_db *)db);
}

static void yield_to_waiters(struct sqlite_db *db)
{
	int64_t slept_us = 0, most_us = (int64_t)db->busy_timeout_ms * 1000 / YIELD_TIME_DIVISOR;

	while (slept_us < most_us && sqlite_has_waiters(db))
		slept_us += sqlite_sleep_random(db);
}

int sqlite_take_lock(struct sqlite_db *db)
{
	int code;

	if (db->skips_sync || db->group)
		yield_to_waiters(db);
	db->takes_lock = true;
	code = sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	db->takes_lock = false;
	if (db->marked_waiting) {
		(void)set_lock(db, F_UNLCK, WAITS_AT);
		db->marked_waiting = false;
	}
	return code;
}

static int64_t heartbeat_offset(const char *owner, int64_t until_ms)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *owner; owner++)
		hash = (hash ^ (unsigned char)*owner) * UINT64_C(1099511628211);
	hash = hash >> (64 - HEARTBEAT_OWNER_BITS) | UINT64_C(1) << HEARTBEAT_OWNER_BITS;
	return (int64_t)(hash << HEARTBEAT_TIME_BITS) | until_ms;
}

/* Sets a new heartbeat. Its byte is locked before the byte of the previous heartbeat is unlocked, so that another
 * process always finds a locked byte. */
bool sqlite_set_heartbeat(struct db *base, const char *owner, int64_t until_ms)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	int64_t place = heartbeat_offset(owner, until_ms), before = db->heartbeat_byte;

	if (until_ms < 0 || until_ms >> HEARTBEAT_TIME_BITS || !sqlite_mark_create(db) ||
	    (until_ms && !set_lock(db, F_RDLCK, place)))
		return false;
	db->heartbeat_byte = until_ms ? place : 0;
	if (before && before != place)
		(void)set_lock(db, F_UNLCK, before);
	return true;
}

int64_t sqlite_heartbeat_until(struct db *base, const char *owner)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	const int64_t times = INT64_C(1) << HEARTBEAT_TIME_BITS;
	struct flock lock = flock_of(F_WRLCK, heartbeat_offset(owner, 0));

	if (db->heartbeat_byte >> HEARTBEAT_TIME_BITS == lock.l_start >> HEARTBEAT_TIME_BITS)
		return db->heartbeat_byte & (times - 1);
	lock.l_len = times;
	if (!sqlite_mark_open(db) || fcntl(db->mark_fd, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
		return 0;
	return lock.l_start & (times - 1);
}

/* --- groups. Commits that share a sync: the connection commits without a sync (synchronous NORMAL), and the group
 * syncs the log once for all waiting threads. A checkpoint syncs the log before it copies the log back, so that a
 * log reset drops only durable commits. --- */

void sqlite_enter_group(struct sqlite_db *db)
{
	if (!db->group)
		return;
	db->turn_requested_ms = world_monotonic_ms(db->world);
	commit_group_enter(db->group);
	db->has_write_turn = true;
}

void sqlite_leave_group(struct sqlite_db *db)
{
	if (!db->has_write_turn)
		return;
	db->has_write_turn = false;
	commit_group_leave(db->group);
}

/* Syncs the log through SQLite's own handle, since opening and closing the file would release SQLite's locks. */
static bool sync_write_ahead_log(void *context)
{
	struct sqlite_db *db = context;
	sqlite3_file *log = NULL;
	if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK || !log ||
	    !log->pMethods)
		return false;
	return log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK;
}

enum err sqlite_make_durable(struct sqlite_db *db, struct error *error)
{
	if (!db->group || commit_group_make_durable(db->group, sync_write_ahead_log, db))
		return ERR_OK;
	return error_set(error, ERR_INTERNAL,
			 "The disk of store %s did not confirm the last write, which may be lost; check the disk, "
			 "then start again",
			 db->path);
}

/* Makes a lost commit unreadable. A commit is first written to the log, and then published to other processes. If a
 * process is killed in between, no running process sees its commit, but the recovery at the next start would.
 * sqlite_overwrite_lost_commit() overwrites the bytes of such a commit in the log: it changes pages without a commit,
 * makes SQLite write these pages to the log, and rolls the change back. */
enum err sqlite_overwrite_lost_commit(struct db *base, struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	static const char change[] = "SAVEPOINT seal; INSERT INTO store_info (key, value) VALUES ('seal', '')";
	static const char back[] = "ROLLBACK TO seal; RELEASE seal";
	int code = sqlite3_exec(db->handle, change, NULL, NULL, NULL);
	bool sealed = code == SQLITE_OK && sqlite3_db_cacheflush(db->handle) == SQLITE_OK && sync_write_ahead_log(db);

	if (code == SQLITE_OK && sqlite3_exec(db->handle, back, NULL, NULL, NULL) != SQLITE_OK)
		sealed = false;
	return sealed ? ERR_OK
		      : error_set(error, ERR_STORE, "The write-ahead log of store %s cannot be written", db->path);
}
