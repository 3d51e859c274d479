/*
 * Private to the SQLite driver: the connection, its statements, and shared functions. Only src/store/sqlite/ and its
 * tests include this.
 */
#ifndef KYBDESK_STORE_SQLITE_INTERNAL_H
#define KYBDESK_STORE_SQLITE_INTERNAL_H

#include "kybdesk/store/db.h"
#include <sqlite3.h>

/* "KYBD": the application id that marks a store. */
#define SQLITE_APPLICATION_ID 0x4B594244
#define SQLITE_BUSY_DEFAULT_MS 5000
/* Log size in pages of 4 KiB at which a checkpoint starts. */
#define SQLITE_LOG_PAGES 1000
/* As SQLITE_LOG_PAGES, for bulk work: fewer checkpoints mean fewer waits. Other writers leave checkpoints to the
 * bulk work, unless the log reaches SQLITE_LOG_PAGES_LEFT because the bulk process was stopped. */
#define SQLITE_LOG_PAGES_BULK 4000
#define SQLITE_LOG_PAGES_LEFT 16000
/* A log that grew during a large import is cut to this size when the log restarts. */
#define SQLITE_LOG_BYTES 8388608

struct sqlite_db {
	struct db base; /* first: struct db * is struct sqlite_db * */
	sqlite3 *handle;
	sqlite3 *checkpointer; /* second connection, opened by the first checkpoint */
	sqlite3_stmt *data_version, *user_version;
	sqlite3_stmt *filling; /* inserts rows of one table: fill_row() */
	size_t filling_columns;
	const struct world *world;
	char *path; /* as configured */
	char *file; /* path passed to SQLite: never a URI, never ":memory:" */
	int busy_timeout_ms;
	int64_t busy_since_ms, busy_slept_us;
	uint64_t jitter;
	bool readonly;
	bool writes_store;    /* the statement in preparation writes to the store, not only to temporary tables */
	bool writes_captured; /* the statement in preparation writes rows that base.capture records */
	bool silent;	   /* the running statement changes no column of which base.capture keeps the old value */
	bool is_bulk_copy; /* rows are copied into the store: base.capture records none */
	bool locks_checkpoint;		 /* whether checkpoints run under the write lock */
	bool cuts_log;			 /* the next commit that restarts the log cuts it to that commit's size */
	int64_t log_pages;		 /* frames of the log after our last commit */
	int64_t checkpoint_frames;	 /* frames of the log at our last checkpoint */
	int64_t commit_frames;		 /* frames of the log after the running commit; 0: nothing changed */
	int mark_fd;			 /* descriptor of the mark outside the log; -1: not open */
	bool mark_is_read_only;		 /* the mark or the store can only be read */
	uint64_t mark_epoch;		 /* epoch of the mark at the start of the write transaction */
	bool no_sync;			 /* commits wait for no sync: set_durable() */
	bool takes_lock, marked_waiting; /* sqlite_write_queue.c */
	int64_t heartbeat_at;		 /* locked byte of the mark, which is the heartbeat; 0: none */
	struct commit_group *group;
	int64_t queued_ms; /* monotonic time at which the turn was requested */
	bool has_turn;	   /* whether it is this connection's turn in the group */
};

struct sqlite_statement {
	struct sqlite_db *db;
	sqlite3_stmt *handle;
	char *name;
	int parameters, columns;
	uint64_t bound; /* which of the first 64 parameters are bound, as bits */
	bool readonly;	/* does not write, except to temporary tables */
	bool silent;	/* changes no row or column that base.capture records */
	bool started;
};

/* sqlite_error.c: converts a result code of SQLite to an error; what: name of the statement or action. */
enum err sqlite_failed(struct sqlite_db *db, sqlite3 *handle, const char *what, int code, struct error *error);
/* Runs statements without parameters and results. what: name in the error; NULL: the text. */
enum err sqlite_run(struct sqlite_db *db, const char *text, const char *what, struct error *error);

/* sqlite_open.c */
enum err sqlite_open(const struct db_options *options, struct db **out, struct error *error);
void sqlite_close(struct db *db);
/* Applies the settings that all connections need, including the connection for checkpoints. */
int sqlite_configure(struct sqlite_db *db, sqlite3 *handle);
enum err sqlite_read_number(struct sqlite_db *db, const char *text, int64_t *number, struct error *error);
/* Sleeps for a random time of 0.2 to 2 ms; returns the time in microseconds. */
int64_t sqlite_pause(struct sqlite_db *db);
/* The reason why a file system cannot hold a store, or NULL. type as in statfs(2). */
const char *sqlite_filesystem_refused(uint64_t type);

/* The first two functions take and release the connection's turn among the writers of its group, if any; the third
 * one syncs, to make a commit durable. */
void sqlite_take_turn(struct sqlite_db *db);
void sqlite_release_turn(struct sqlite_db *db);
enum err sqlite_make_durable(struct sqlite_db *db, struct error *error);
enum err sqlite_seal(struct db *base, struct error *error); /* db.h seal() */

/* sqlite_files.c: paths of the store's files, and an empty store to compare the schema of the migrations. */
enum err sqlite_check_writable(struct db *base, struct error *error);
enum err sqlite_files(struct db *db, struct db_files *out, struct error *error);
char *sqlite_shown(const char *path);
void sqlite_remove_files(const char *path);
bool sqlite_owns_file(struct db *db, const char *path);
enum err sqlite_open_model(struct db *db, struct db **model, struct error *error);
void sqlite_close_model(struct db *model);

/* sqlite_fill.c */
int sqlite_bind(sqlite3_stmt *handle, int at,
		const struct db_value *value); /* binds without copies; returns SQLite's code */
enum err sqlite_tables(struct db *db, struct arena *arena, struct db_table **items, size_t *count,
		       struct error *error);
enum err sqlite_fill_begin(struct db *db, struct error *error);
enum err sqlite_fill_table(struct db *db, const struct db_table *table, struct error *error);
enum err sqlite_fill_row(struct db *db, const struct db_value *values, struct error *error);
enum err sqlite_fill_end(struct db *db, bool keep, struct error *error);

enum err sqlite_backup(struct db *db, const char *path, struct error *error);

/* sqlite_phrases.c */
extern const struct db_phrase sqlite_phrases[];
void sqlite_add_match(const struct db_words *all, const struct db_words *none, struct strbuf *out);

/* sqlite_mark.c: the mark outside the log. When to call each function, in their order: within a write transaction;
 * after a durable commit, with the number of frames in the log; before the log is copied back (false: do not copy
 * the log now); when a store is opened (ERR_STORE: the log was lost). */
void sqlite_mark_begin(struct sqlite_db *db);
void sqlite_mark_commit(struct sqlite_db *db, int64_t frames);
bool sqlite_mark_forget(struct sqlite_db *db);
enum err sqlite_mark_check(struct sqlite_db *db, struct error *error);

bool sqlite_mark_open(struct sqlite_db *db); /* true if the descriptor of the mark is open */
bool sqlite_mark_make(struct sqlite_db *db); /* as sqlite_mark_open(), and creates a missing mark */

/* sqlite_write_queue.c: begins the write transaction; bulk work waits for other writers first. Returns SQLite's code.
 * */
int sqlite_take_lock(struct sqlite_db *db);
bool sqlite_has_waiters(struct sqlite_db *db);
bool sqlite_blocks_writers(struct db *db);
void sqlite_mark_waiting(struct sqlite_db *db);		     /* called when the lock is not free at once */
void sqlite_mark_copying(struct sqlite_db *db, bool copies); /* shows whether this connection makes checkpoints */
bool sqlite_is_another_copying(struct sqlite_db *db);
bool sqlite_set_heartbeat(struct db *db, const char *owner, int64_t until_ms);
int64_t sqlite_heartbeat_until(struct db *db, const char *owner);

/* sqlite_driver.c: rolls back the open transaction, if any. */
void sqlite_roll_back(struct sqlite_db *db);

/* sqlite_wal.c */
bool sqlite_has_reset_race(int version_number); /* version as of sqlite3_libversion_number() */
void sqlite_watch_log(struct sqlite_db *db);
void sqlite_maintain(struct db *db);
bool sqlite_checkpoint(struct db *db);
bool sqlite_empty_log(struct db *db);
int sqlite_limit_log(sqlite3 *handle, int64_t bytes);
const char *sqlite_library(struct db *db, struct arena *arena);

#endif
