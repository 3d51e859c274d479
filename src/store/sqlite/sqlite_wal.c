/* The write-ahead log. SQLite 3.7.0 to 3.51.2, except for 3.44 since 3.44.6 and 3.50 since 3.50.7, can lose
 * committed transactions if one connection makes a checkpoint while another one resets the log. If the version does
 * not have the fix, a checkpoint runs only under the write lock, which a reset needs, too. */
#include "sqlite_internal.h"
#include "kybdesk/base/stops.h"

#include <stdio.h>

/* Number of pages in a log that was just restarted: one changed page, and a copy of this page that fills the sector. */
#define NEW_LOG_PAGES 2

bool sqlite_has_reset_race(int version_number)
{
	if (version_number < 3007000 || version_number >= 3051003)
		return false;
	/* Two older release lines have the fix, too: 3.50 since 3.50.7, and 3.44 since 3.44.6. */
	if (version_number >= 3050007 && version_number < 3051000)
		return false;
	return !(version_number >= 3044006 && version_number < 3045000);
}

static int on_log_written(void *context, sqlite3 *handle, const char *schema, int pages)
{
	(void)handle;
	(void)schema;
	struct sqlite_db *db = context;
	db->log_pages = pages;
	db->commit_frames = pages;
	return SQLITE_OK;
}

void sqlite_watch_log(struct sqlite_db *db)
{
	db->locks_for_checkpoint = sqlite_has_reset_race(sqlite3_libversion_number());
	/* The hook replaces SQLite's automatic checkpoint, which would not clear the mark (sqlite_mark.c) before it
	 * copies the log. */
	sqlite3_wal_hook(db->handle, on_log_written, db);
}

/* Opens the second connection for checkpoints, and reads with it: on a connection that has never read, a checkpoint
 * does nothing and still reports success. */
static bool open_checkpointer(struct sqlite_db *db)
{
	if (!db->checkpointer) {
		int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
		if (sqlite3_open_v2(db->file, &db->checkpointer, flags, NULL) != SQLITE_OK ||
		    sqlite_configure(db, db->checkpointer) != SQLITE_OK) {
			(void)sqlite3_close(db->checkpointer);
			db->checkpointer = NULL;
			return false;
		}
	}
	return sqlite3_exec(db->checkpointer, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK;
}

static bool lock(struct sqlite_db *db)
{
	suspension_block(true);
	if (sqlite_take_lock(db) == SQLITE_OK)
		return true;
	suspension_unblock();
	return false;
}

static void unlock_writers(struct sqlite_db *db)
{
	sqlite_roll_back(db);
	suspension_unblock();
}

/* Makes a checkpoint: copies the pages of the log to the store's file. If this version of SQLite has the race
 * (sqlite_has_reset_race()), a second connection makes the checkpoint while this connection has the write lock.
 * Returns whether the whole log was copied; *pages is the number of pages in the log. */
static bool copy_log_back(struct sqlite_db *db, int *pages)
{
	int in_log = -1;
	int copied = -1;

	if (db->locks_for_checkpoint && !lock(db))
		return false;
	if (!sqlite_mark_clear(db)) {
		/* The mark file could not be cleared, so the log is not copied. The next attempt is made when
		 * the log has grown enough for another checkpoint (sqlite_maintain()). */
		db->checkpoint_frames = db->log_pages;
	} else if (!db->locks_for_checkpoint || open_checkpointer(db)) {
		if (sqlite3_wal_checkpoint_v2(db->locks_for_checkpoint ? db->checkpointer : db->handle, "main",
					      SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied) == SQLITE_OK &&
		    in_log > 0 && copied >= 0) {
			/* log_pages and checkpoint_frames are set even if a reader prevented a complete copy
			 * (copied < in_log): the next attempt is made when the log has grown enough
			 * (sqlite_maintain()), because an attempt after each commit would cost a sync each time. */
			db->log_pages = in_log;
			db->checkpoint_frames = in_log;
		}
	}
	if (db->locks_for_checkpoint)
		unlock_writers(db);
	*pages = in_log;
	return in_log >= 0 && copied == in_log;
}

/* After the whole log was copied, SQLite restarts the log at the next commit. But only the shared memory records
 * that the log was copied, and the last process removes that memory: the next process would append to the old log
 * and copy it all again. So the process that has copied the log also restarts it, by a commit that changes nothing. */
static bool restart_log(struct sqlite_db *db)
{
	int64_t version = 0;
	char text[64];

	if (!lock(db))
		return false;
	bool done = !sqlite_read_number(db, "PRAGMA user_version", &version, NULL);
	(void)snprintf(text, sizeof text, "PRAGMA user_version = %lld; COMMIT", (long long)version);
	done = done && sqlite3_exec(db->handle, text, NULL, NULL, NULL) == SQLITE_OK;
	unlock_writers(db);
	return done;
}

void sqlite_maintain(struct db *base)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	if (db->readonly || base->depth > 0)
		return;
	/* The log is shorter than at the last checkpoint, so a commit has restarted it since. */
	if (db->log_pages < db->checkpoint_frames)
		db->checkpoint_frames = 0;
	int64_t pages = db->log_pages - db->checkpoint_frames;
	if (pages < (db->skips_sync ? SQLITE_CHECKPOINT_PAGES_BULK : SQLITE_CHECKPOINT_PAGES) ||
	    (!db->skips_sync && pages < SQLITE_CHECKPOINT_PAGES_OTHERS && sqlite_is_another_copying(db)))
		return;
	int in_log;
	if (copy_log_back(db, &in_log) && in_log > 0)
		(void)restart_log(db);
}

int sqlite_limit_log(sqlite3 *handle, int64_t bytes)
{
	char text[64];
	(void)snprintf(text, sizeof text, "PRAGMA main.journal_size_limit = %lld", (long long)bytes);
	return sqlite3_exec(handle, text, NULL, NULL, NULL);
}

/* Makes a checkpoint, and makes the next restart cut the log. Returns whether the whole log was copied; *pages is
 * the number of pages in the log. */
static bool checkpoint(struct sqlite_db *db, int *pages)
{
	bool whole;

	*pages = -1;
	if (db->readonly || db->base.depth > 0)
		return false;
	whole = copy_log_back(db, pages);
	db->trims_log = sqlite_limit_log(db->handle, 0) == SQLITE_OK;
	return whole;
}

bool sqlite_checkpoint(struct db *base)
{
	int pages;

	return checkpoint((struct sqlite_db *)base, &pages) && pages > 0;
}

/* Copies the log and restarts it, even if it has no pages: if a process was killed during a restart, the file of
 * the log still has the bytes of the previous log. */
bool sqlite_empty_log(struct db *base)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	int pages;

	return checkpoint(db, &pages) && restart_log(db) && db->log_pages <= NEW_LOG_PAGES;
}

const char *sqlite_describe_library(struct db *base, struct arena *arena)
{
	const struct sqlite_db *db = (const struct sqlite_db *)base;
	return arena_printf(arena, "SQLite %s, %s", sqlite3_libversion(),
			    db->locks_for_checkpoint
				    ? "checkpoints under the write lock (against this version's WAL-reset race)"
				    : "checkpoints while others write (this version has no WAL-reset race)");
}
