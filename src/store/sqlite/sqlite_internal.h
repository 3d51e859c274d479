/* Private to the SQLite driver: the connection, its statements, and shared functions. Only src/store/sqlite/ and
 * its tests include this file. */
#ifndef KYBDESK_STORE_SQLITE_INTERNAL_H
#define KYBDESK_STORE_SQLITE_INTERNAL_H

#include "kybdesk/store/db.h"
#include <sqlite3.h>

/* The application id "KYBD" in the header of the file, which marks the file as a store. */
#define SQLITE_APPLICATION_ID 0x4B594244
#define SQLITE_BUSY_DEFAULT_MS 5000
/* Number of pages (of 4 KiB) by which the log must grow before a checkpoint starts. */
#define SQLITE_CHECKPOINT_PAGES 1000
/* SQLITE_CHECKPOINT_PAGES for bulk work: fewer checkpoints mean fewer waits. While bulk work runs, other writers leave
 * the checkpoints to it, unless the log grows by SQLITE_CHECKPOINT_PAGES_OTHERS, since the process of the bulk work may
 * be stopped. */
#define SQLITE_CHECKPOINT_PAGES_BULK 4000
#define SQLITE_CHECKPOINT_PAGES_OTHERS 16000
/* If a large import has made the log longer than this, the log is cut to this size when it restarts. */
#define SQLITE_LOG_BYTES 8388608

struct sqlite_db {
	struct db base; /* the first member, so that a struct db * is also a struct sqlite_db * */
	sqlite3 *handle;
	sqlite3 *checkpointer; /* second connection, which the first checkpoint opens */
	sqlite3_stmt *data_version, *user_version;
	sqlite3_stmt *fill_statement; /* statement that inserts a copied row (fill_row()) */
	size_t fill_column_count;
	const struct world *world;
	char *path; /* as configured */
	char *file; /* path that SQLite gets, in a form that is neither a URI nor ":memory:" */
	int busy_timeout_ms;
	int64_t busy_since_ms, busy_slept_us;
	uint64_t jitter_state;
	bool readonly;
	/* The statement that is being prepared writes to the store, not only to temporary tables */
	bool writes_store;
	bool writes_captured_rows; /* the statement that is being prepared changes rows that base.capture must record */
	bool skips_capture;	   /* the running statement changes no rows that base.capture must record */
	bool is_bulk_copy;	   /* rows are being copied into the store, and base.capture does not record them */
	bool locks_for_checkpoint; /* a checkpoint needs the write lock (sqlite_has_reset_race()) */
	/* If the next commit restarts the log, it cuts the file of the log to the size of this commit */
	bool trims_log;
	int64_t log_pages;	   /* frames in the log after the last commit or checkpoint of this connection */
	int64_t checkpoint_frames; /* number of frames in the log at the last checkpoint of this connection */
	/* Number of frames in the log after the running commit; 0: the commit changed nothing */
	int64_t commit_frames;
	int mark_fd; /* descriptor of the mark file (sqlite_mark.c); -1: not open */
	/* The mark file (sqlite_mark.c) is open only for reading: no right to write, or `readonly` */
	bool mark_is_read_only;
	uint64_t mark_epoch;		 /* epoch in the mark file when the write transaction began */
	bool skips_sync;		 /* for bulk work: a commit does not wait for the disk (set_durable()) */
	bool takes_lock, marked_waiting; /* sqlite_write_queue.c */
	/* Position of the byte in the mark file (sqlite_mark.c) that is locked as the heartbeat; 0: none */
	int64_t heartbeat_byte;
	struct commit_group *group;
	int64_t turn_requested_ms; /* monotonic time at which the connection requested its turn in the commit group */
	bool has_write_turn;	   /* the connection has its turn in the commit group, so it may write */
};

struct sqlite_statement {
	struct sqlite_db *db;
	sqlite3_stmt *handle;
	char *name;
	int parameter_count, column_count;
	uint64_t bound_bits; /* one bit for each of the first 64 parameters: set if the parameter is bound */
	bool readonly;	     /* the statement writes at most to temporary tables */
	bool skips_capture;  /* the statement changes no rows that base.capture must record */
	bool has_started;
};

/* sqlite_error.c: converts a result code of SQLite to an error; what: name of the statement or action. */
enum err sqlite_set_error(struct sqlite_db *db, sqlite3 *handle, const char *what, int code, struct error *error);
/* Runs statements without parameters and results. what: name of the statements for an error; NULL: their text. */
enum err sqlite_run(struct sqlite_db *db, const char *text, const char *what, struct error *error);

/* sqlite_open.c */
enum err sqlite_open(const struct db_options *options, struct db **out, struct error *error);
void sqlite_close(struct db *db);
/* Sets the settings that each connection needs, also the second connection for checkpoints. Returns SQLite's code. */
int sqlite_configure(struct sqlite_db *db, sqlite3 *handle);
enum err sqlite_read_number(struct sqlite_db *db, const char *text, int64_t *number, struct error *error);
/* Sleeps for a random time between 0.2 and 2 ms; returns this time in microseconds. */
int64_t sqlite_sleep_random(struct sqlite_db *db);
/* The name of a type of file system that cannot hold a store; NULL: the type can. type: f_type of statfs(2). */
const char *sqlite_refused_filesystem(uint64_t type);

/* For a connection in a commit group (db.h), the next two functions take and release its turn to write. The third
 * one syncs the log, so that a commit of the group is durable. */
void sqlite_enter_group(struct sqlite_db *db);
void sqlite_leave_group(struct sqlite_db *db);
enum err sqlite_make_durable(struct sqlite_db *db, struct error *error);
enum err sqlite_overwrite_lost_commit(struct db *base, struct error *error); /* db.h overwrite_killed_commit() */

/* sqlite_files.c: the paths of the store's files; and the model, an empty store that the migrations fill, so that
 * the schema of a store can be compared with it. */
enum err sqlite_check_writable(struct db *base, struct error *error);
enum err sqlite_files(struct db *db, struct db_files *out, struct error *error);
char *sqlite_shown_path(const char *path);
void sqlite_remove_files(const char *path);
bool sqlite_owns_file(struct db *db, const char *path);
enum err sqlite_open_model(struct db *db, struct db **model, struct error *error);
void sqlite_close_model(struct db *model);

/* sqlite_files.c */
int sqlite_bind(sqlite3_stmt *handle, int at,
		const struct db_value *value); /* binds texts without a copy; returns SQLite's code */
enum err sqlite_list_tables(struct db *db, struct arena *arena, struct db_table **items, size_t *count,
			    struct error *error);
enum err sqlite_fill_begin(struct db *db, struct error *error);
enum err sqlite_fill_table(struct db *db, const struct db_table *table, struct error *error);
enum err sqlite_fill_row(struct db *db, const struct db_value *values, struct error *error);
enum err sqlite_fill_end(struct db *db, bool keep, struct error *error);

enum err sqlite_backup(struct db *db, const char *path, struct error *error);

/* sqlite_phrases.c */
extern const struct db_phrase sqlite_phrases[];
void sqlite_add_match(const struct db_words *all, const struct db_words *none, struct strbuf *out);

/* sqlite_mark.c: the mark file beside the log. Call sqlite_mark_begin() when a write transaction begins;
 * sqlite_mark_commit() after a durable commit, with the number of frames in the log; sqlite_mark_clear() before the
 * log is copied back (false: do not copy the log now); sqlite_mark_check() when a store is opened (ERR_STORE: the
 * log was lost). */
void sqlite_mark_begin(struct sqlite_db *db);
void sqlite_mark_commit(struct sqlite_db *db, int64_t frames);
bool sqlite_mark_clear(struct sqlite_db *db);
enum err sqlite_mark_check(struct sqlite_db *db, struct error *error);

bool sqlite_mark_open(struct sqlite_db *db);   /* true: the descriptor of the mark file is open */
bool sqlite_mark_create(struct sqlite_db *db); /* as sqlite_mark_open(), but creates the file if it is missing */

/* sqlite_write_queue.c: begins a write transaction; bulk work and a server let waiting writers go first. Returns
 * SQLite's code. */
int sqlite_take_lock(struct sqlite_db *db);
bool sqlite_has_waiters(struct sqlite_db *db);
bool sqlite_blocks_writers(struct db *db);
void sqlite_set_waiting(struct sqlite_db *db); /* call if the write lock is not free at once */
/* Shows other processes whether this connection makes checkpoints itself */
void sqlite_set_copying(struct sqlite_db *db, bool copies);
bool sqlite_is_another_copying(struct sqlite_db *db);
bool sqlite_set_heartbeat(struct db *db, const char *owner, int64_t until_ms);
int64_t sqlite_heartbeat_until(struct db *db, const char *owner);

/* sqlite_driver.c: rolls back the open transaction, if any. */
void sqlite_roll_back(struct sqlite_db *db);

/* sqlite_wal.c */
bool sqlite_has_reset_race(int version_number); /* version_number: as returned by sqlite3_libversion_number() */
void sqlite_watch_log(struct sqlite_db *db);
void sqlite_maintain(struct db *db);
bool sqlite_checkpoint(struct db *db);
bool sqlite_empty_log(struct db *db);
int sqlite_limit_log(sqlite3 *handle, int64_t bytes);
const char *sqlite_describe_library(struct db *db, struct arena *arena);

#endif
