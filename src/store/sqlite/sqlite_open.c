#include "sqlite_internal.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/stops.h"
#include "kybdesk/base/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

/* File systems on which shared memory and locks do not work between machines, or work only with some drivers. */
const char *sqlite_refused_filesystem(uint64_t type)
{
	switch (type) {
	case 0x6969:
		return "NFS";
	case 0x517B:
	case 0xFF534D42:
	case 0xFE534D42:
		return "SMB";
	case 0x65735546:
		return "FUSE";
	case 0x5346414F:
	case 0x6B414653:
		return "AFS";
	case 0x73757245:
		return "Coda";
	default:
		return NULL;
	}
}

static enum err check_filesystem(const char *path, struct error *error)
{
	enum err err = ERR_OK;
	struct arena arena = ARENA_INIT;
	struct statfs found;
	const char *place = file_exists(path) ? path : path_folder(&arena, path);
	if (statfs(place, &found) == 0) {
		/* f_type is signed on some machines; only its lower 32 bits, the magic number, are compared. */
		const char *name = sqlite_refused_filesystem((uint64_t)found.f_type & UINT64_C(0xffffffff));
		if (name)
			err = error_set(error, ERR_STORE,
					"store %s is on %s, where several processes cannot share its write-ahead log "
					"safely; move the store to a local disk",
					path, name);
	}
	arena_release(&arena);
	return err;
}

/* Sleeps for a random time: this keeps the longest wait of a writer short. SQLite's own busy handler can starve one
 * process. */
int64_t sqlite_sleep_random(struct sqlite_db *db)
{
	db->jitter_state ^= db->jitter_state << 13;
	db->jitter_state ^= db->jitter_state >> 7;
	db->jitter_state ^= db->jitter_state << 17;
	int64_t pause_us = 200 + (int64_t)(db->jitter_state % 1801);
	struct timespec pause = { .tv_sec = 0, .tv_nsec = (long)(pause_us * 1000) };
	(void)nanosleep(&pause, NULL);
	return pause_us;
}

static int wait_for_lock(void *context, int tries)
{
	struct sqlite_db *db = context;
	int64_t now = world_monotonic_ms(db->world);
	if (tries == 0) {
		/* The time that the connection has waited for its turn in the commit group counts, too */
		db->busy_since_ms = db->has_write_turn ? db->turn_requested_ms : now;
		db->busy_slept_us = 0;
		sqlite_set_waiting(db);
	}
	/* The wait ends by the clock or by the sum of the sleeps, since the clock of a test may not advance. */
	if (now - db->busy_since_ms >= db->busy_timeout_ms ||
	    db->busy_slept_us >= (int64_t)db->busy_timeout_ms * 1000 ||
	    wait_is_given_up(WAIT_FOR_STORE, now - db->busy_since_ms))
		return 0;
	db->busy_slept_us += sqlite_sleep_random(db);
	return 1;
}

static bool set_option(sqlite3 *handle, int option, int value)
{
	return sqlite3_db_config(handle, option, value, (int *)NULL) == SQLITE_OK;
}

int sqlite_configure(struct sqlite_db *db, sqlite3 *handle)
{
	(void)sqlite3_extended_result_codes(handle, 1);
	int code = sqlite3_busy_handler(handle, wait_for_lock, db);
	if (code != SQLITE_OK)
		return code;
	if (!set_option(handle, SQLITE_DBCONFIG_DEFENSIVE, 1) ||
	    !set_option(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0) ||
	    !set_option(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1) ||
	    !set_option(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0) ||
	    !set_option(handle, SQLITE_DBCONFIG_DQS_DML, 0) || !set_option(handle, SQLITE_DBCONFIG_DQS_DDL, 0) ||
	    !set_option(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1))
		return SQLITE_ERROR;
	code = sqlite3_wal_autocheckpoint(handle, 0);
	if (code == SQLITE_OK)
		code = sqlite3_exec(handle,
				    "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; "
				    "PRAGMA temp.journal_mode = MEMORY;",
				    NULL, NULL, NULL);
	/* In a commit group (db.h), commits need no sync: sqlite_make_durable() syncs them together. */
	if (code == SQLITE_OK && db->group && handle == db->handle)
		code = sqlite3_exec(handle, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite_limit_log(handle, SQLITE_LOG_BYTES);
	return code;
}

static bool is_captured(const struct db_capture *capture, int action, const char *table, const char *column)
{
	int number = capture->table_number(table);

	return number >= 0 && (action != SQLITE_UPDATE || !column || capture->lists_column(number, column));
}

/* Called by SQLite for each action of a statement that is being prepared. Permits every action, and notes whether
 * the statement writes to the store. SQLite's own flag "read-only" is not enough, since it also counts writes to
 * temporary tables. */
static int on_authorize(void *context, int action, const char *first, const char *second, const char *schema,
			const char *trigger)
{
	struct sqlite_db *db = context;

	(void)trigger;
	/* Ignores sqlite_master: at the first use of json_each, SQLite declares its columns there, which looks like
	 * the creation of a table. */
	if ((action != SQLITE_INSERT && action != SQLITE_UPDATE && action != SQLITE_DELETE) || !schema ||
	    strcmp(schema, "main") != 0 || !first || !strcmp(first, "sqlite_master"))
		return SQLITE_OK;
	db->writes_store = true;
	if (!db->writes_captured_rows && db->base.capture)
		db->writes_captured_rows = is_captured(db->base.capture, action, first, second);
	return SQLITE_OK;
}

/* Called by SQLite for each changed row of a table that has row ids; reports the row to db_touch(). */
static void on_row_changed(void *context, int action, const char *schema, const char *table, sqlite3_int64 key)
{
	struct sqlite_db *db = context;

	(void)action;
	if (!db->skips_capture && !db->is_bulk_copy && !strcmp(schema, "main"))
		db_touch(&db->base, table, key);
}

/* SQL function has_bit(bits, n): like get_bit() of PostgreSQL for bytes, but returns false if the bytes do not have
 * the bit n. */
static void sql_has_bit(sqlite3_context *context, int count, sqlite3_value **values)
{
	const unsigned char *bits = sqlite3_value_blob(values[0]);
	int64_t size = sqlite3_value_bytes(values[0]), at = sqlite3_value_int64(values[1]);

	(void)count;
	sqlite3_result_int(context, at >= 0 && at / 8 < size && (bits[at / 8] >> at % 8 & 1));
}

enum err sqlite_read_number(struct sqlite_db *db, const char *text, int64_t *number, struct error *error)
{
	enum err err = ERR_OK;
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db->handle, text, -1, &statement, NULL);
	if (code == SQLITE_OK) {
		code = sqlite3_step(statement);
		if (code == SQLITE_ROW)
			*number = sqlite3_column_int64(statement, 0);
	}
	if (code != SQLITE_ROW)
		err = sqlite_set_error(db, db->handle, text, code, error);
	(void)sqlite3_finalize(statement);
	return err;
}

static enum err report_no_store(const char *path, struct error *error)
{
	return error_set(error, ERR_STORE, "No store at %s; make one with: kybdesk init", path);
}

/* Name of the account that owns the file or, if the file is not accessible, its folder; "" unknown. The name is in
 * the arena. */
static const char *path_owner(struct arena *arena, const char *path)
{
	struct passwd entry, *found = NULL;
	struct stat status;
	char text[4096];

	if (stat(path, &status) != 0 && stat(path_folder(arena, path), &status) != 0)
		return "";
	if (getpwuid_r(status.st_uid, &entry, text, sizeof text, &found) != 0 || !found)
		return "";
	return arena_strdup(arena, found->pw_name);
}

/* Refuses a store that belongs to another account. The store of a service account is opened over SSH instead
 * (docs/access.md). */
static enum err report_foreign_store(const char *path, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *owner = path_owner(&arena, path);
	enum err err = error_set(error, ERR_STORE,
				 "store %s cannot be opened: it belongs to the account %s. Open it with: ssh "
				 "%s@HOST; an admin gives you access with: kybdesk access add NAME KEYFILE",
				 path, *owner ? owner : "of another person", *owner ? owner : "ACCOUNT");

	arena_release(&arena);
	return err;
}

/* Checks whether the file is a store, or empty. Runs before any write, since a file of another program must stay
 * unchanged. */
static enum err check_identity(struct sqlite_db *db, bool create, struct error *error)
{
	int64_t id = 0;
	int64_t tables = 0;
	enum err err = sqlite_read_number(db, "PRAGMA application_id", &id, error);
	if (err)
		return err;
	if (id == SQLITE_APPLICATION_ID)
		return ERR_OK;
	err = sqlite_read_number(db, "SELECT count(*) FROM sqlite_schema", &tables, error);
	if (err)
		return err;
	if (id != 0 || tables != 0)
		return error_set(
			error, ERR_STORE,
			"%s is an SQLite database of another program, not a kybdesk store; nothing was changed",
			db->path);
	/* The file is empty, as after an init that was killed before its transaction. But a store is empty, too, if
	 * all its content was in a log that is lost: so the mark file is checked. */
	err = sqlite_mark_check(db, error);
	if (err)
		return err;
	return create ? ERR_OK : report_no_store(db->path, error);
}

static enum err enable_wal(struct sqlite_db *db, struct error *error)
{
	enum err err = ERR_OK;
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db->handle, db->readonly ? "PRAGMA journal_mode" : "PRAGMA journal_mode = WAL",
				      -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	/* If several connections create the log at the same time, SQLite returns SQLITE_BUSY to some of them at
	 * once, to avoid a deadlock: the loop waits in place of the busy handler. */
	for (int tries = 0; statement && (code & 0xff) == SQLITE_BUSY && wait_for_lock(db, tries); tries++) {
		(void)sqlite3_reset(statement);
		code = sqlite3_step(statement);
	}
	if (code != SQLITE_ROW) {
		err = sqlite_set_error(db, db->handle, "journal_mode", code, error);
	} else {
		const char *mode = (const char *)sqlite3_column_text(statement, 0);
		if (!db->readonly && (!mode || strcmp(mode, "wal") != 0))
			err = error_set(error, ERR_STORE,
					"the file system of store %s does not support a write-ahead log; move the "
					"store to another one",
					db->path);
	}
	(void)sqlite3_finalize(statement);
	return err;
}

/* Creates the file with the mode 0600. SQLite would use the umask. For the log and the shared memory, SQLite then
 * uses the mode of this file. */
static enum err make_private_file(const char *path, struct error *error)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0) {
		(void)close(fd);
		return ERR_OK;
	}
	struct stat found;
	/* If the file exists, it must not be opened here: closing it would release the locks that SQLite has on the
	 * file in this process. */
	if (errno == EEXIST && stat(path, &found) == 0 && S_ISREG(found.st_mode)) {
		if (found.st_size == 0 && chmod(path, 0600) != 0)
			return error_set(error, ERR_STORE, "the permissions of %s cannot be changed: %s", path,
					 strerror(errno));
		return ERR_OK;
	}
	return error_set(error, ERR_STORE, "store %s cannot be made: %s", path, strerror(errno));
}

/* If a statement changes many pages, SQLite keeps their old content in memory up to this size. SQLite's default is
 * only about half of the size that the change of a session with its indexes needs. Larger content goes to a file in
 * the temporary folder, in pieces of this size: a migration changes whole tables, and must not need that much
 * memory. SQLite cannot write pieces of 128 KiB or more: it would report a full disk. The size is set once per
 * process, before the first connection. */
#define STATEMENT_JOURNAL_BYTES (124 * 1024)
static void set_up_library(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, STATEMENT_JOURNAL_BYTES);
	/* Disables SQLite's memory statistics, which are not used, and would take a lock at each allocation. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum err sqlite_open(const struct db_options *options, struct db **out, struct error *error)
{
	*out = NULL;
	enum err err = check_filesystem(options->path, error);
	if (err)
		return err;
	if (!options->create && access(options->path, R_OK) != 0 && errno == EACCES)
		return report_foreign_store(options->path, error);
	if (!options->create && !file_exists(options->path))
		return errno == ENOENT || errno == ENOTDIR
			       ? report_no_store(options->path, error)
			       : error_set(error, ERR_STORE, "store %s cannot be opened: %s", options->path,
					   strerror(errno));
	if (options->create) {
		err = make_private_file(options->path, error);
		if (err)
			return err;
	}

	struct sqlite_db *db = xcalloc(1, sizeof *db);
	db->base.driver = &db_driver_sqlite;
	db->world = options->world;
	db->mark_fd = -1;
	db->readonly = options->readonly;
	db->group = options->readonly ? NULL : options->group;
	db->busy_timeout_ms = options->busy_timeout_ms > 0 ? options->busy_timeout_ms : SQLITE_BUSY_DEFAULT_MS;
	db->path = xstrdup(options->path);
	world_random(options->world, &db->jitter_state, sizeof db->jitter_state);
	db->jitter_state |= 1;
	/* SQLite takes a name like ":memory:" or "file:…" as an ordinary name if "./" is in front of it. */
	size_t length = strlen(options->path);
	bool absolute = options->path[0] == '/';
	db->file = xmalloc(length + 3);
	memcpy(db->file, "./", 2);
	memcpy(db->file + (absolute ? 0 : 2), options->path, length + 1);

	static pthread_once_t set_up = PTHREAD_ONCE_INIT;
	(void)pthread_once(&set_up, set_up_library);
	/* While the store is opened, the process must not be stopped (SIGTSTP): the first connection reads the log
	 * while it has all locks. The same applies when the last connection closes. */
	suspension_block(true);
	int flags = (options->readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_PRIVATECACHE;
	int code = sqlite3_open_v2(db->file, &db->handle, flags, NULL);
	if (code == SQLITE_OK)
		code = sqlite_configure(db, db->handle);
	if (code == SQLITE_OK)
		code = sqlite3_set_authorizer(db->handle, on_authorize, db);
	if (code == SQLITE_OK)
		(void)sqlite3_update_hook(db->handle, on_row_changed, db);
	if (code == SQLITE_OK)
		code = sqlite3_create_function(db->handle, "has_bit", 2,
					       SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, sql_has_bit,
					       NULL, NULL);
	if (code != SQLITE_OK) {
		err = sqlite_set_error(db, db->handle, "open", code, error);
		goto out;
	}
	err = check_identity(db, options->create, error);
	if (!err)
		err = sqlite_mark_check(db, error);
	if (!err)
		err = enable_wal(db, error);
	if (err)
		goto out;
	sqlite_watch_log(db);
	suspension_unblock();
	*out = &db->base;
	return ERR_OK;
out:
	sqlite_close(&db->base);
	suspension_unblock();
	return err;
}

void sqlite_close(struct db *base)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	(void)sqlite3_finalize(db->data_version);
	(void)sqlite3_finalize(db->user_version);
	suspension_block(true);
	(void)sqlite3_close(db->checkpointer);
	int code = sqlite3_close(db->handle);
	suspension_unblock();
	if (code != SQLITE_OK)
		BUG("store %s closed with statements still open", db->path);
	if (db->mark_fd >= 0)
		(void)close(db->mark_fd);
	free(db->path);
	free(db->file);
	free(db);
}
