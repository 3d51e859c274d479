/*
 * Commits that share a sync: the connection commits without one (synchronous NORMAL), and the group syncs the log
 * once for all waiting threads. A checkpoint syncs the log before it copies the log back, so that a log reset drops
 * only durable commits.
 */
#include "sqlite_internal.h"
#include "kybdesk/store/commit_group.h"

void sqlite_take_turn(struct sqlite_db *db)
{
	if (!db->group)
		return;
	db->queued_ms = world_monotonic_ms(db->world);
	commit_group_enter(db->group);
	db->has_turn = true;
}

void sqlite_release_turn(struct sqlite_db *db)
{
	if (!db->has_turn)
		return;
	db->has_turn = false;
	commit_group_leave(db->group);
}

/* Syncs the log through SQLite's own handle: opening and closing the file here would release SQLite's locks. */
static bool sync_log(void *context)
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
	if (!db->group || commit_group_make_durable(db->group, sync_log, db))
		return ERR_OK;
	return error_set(error, ERR_INTERNAL,
			 "The disk of store %s did not confirm the last write, which may be lost; check the disk, "
			 "then start again",
			 db->path);
}

/*
 * A commit is written to the log first and then published to other processes. A process killed in between leaves a
 * commit that no running process sees, but that recovery at the next start would read. sqlite_seal() overwrites the
 * place of such a commit in the log: it changes pages without committing, makes SQLite flush these pages to the
 * log, and rolls the change back.
 */
enum err sqlite_seal(struct db *base, struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	static const char change[] = "SAVEPOINT seal; INSERT INTO store_info (key, value) VALUES ('seal', '')";
	static const char back[] = "ROLLBACK TO seal; RELEASE seal";
	int code = sqlite3_exec(db->handle, change, NULL, NULL, NULL);
	bool sealed = code == SQLITE_OK && sqlite3_db_cacheflush(db->handle) == SQLITE_OK && sync_log(db);

	if (code == SQLITE_OK && sqlite3_exec(db->handle, back, NULL, NULL, NULL) != SQLITE_OK)
		sealed = false;
	return sealed ? ERR_OK : error_set(error, ERR_STORE, "The log of store %s cannot be written", db->path);
}
