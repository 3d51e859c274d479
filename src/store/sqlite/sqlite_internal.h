/*
 * Inside the SQLite driver: the connection, its statements, and what the
 * driver's files share. Nothing outside src/store/sqlite/ but its tests
 * includes this.
 */
#ifndef KYBDESK_STORE_SQLITE_INTERNAL_H
#define KYBDESK_STORE_SQLITE_INTERNAL_H

#include "kybdesk/store/db.h"
#include <sqlite3.h>

/* "KYBD": how a store is told from any other SQLite database. */
#define SQLITE_APPLICATION_ID 0x4B594244
#define SQLITE_BUSY_DEFAULT_MS 5000
/* Log size, in pages of 4 KiB, from which a checkpoint pays. */
#define SQLITE_LOG_PAGES 1000
/* The same for bulk work: fewer copies mean fewer waits. Other writers leave the copying to the bulk work, unless the
 * log reaches SQLITE_LOG_PAGES_LEFT because the bulk process is stopped. */
#define SQLITE_LOG_PAGES_BULK 4000
#define SQLITE_LOG_PAGES_LEFT 16000
/* A log that one large import made long is cut to this when it begins anew. */
#define SQLITE_LOG_BYTES 8388608

struct sqlite_db {
	struct db base; /* first: struct db * is struct sqlite_db * */
	sqlite3 *handle;
	sqlite3 *checkpointer; /* second connection, opened by the first checkpoint */
	sqlite3_stmt *data_version, *user_version;
	sqlite3_stmt *filling; /* takes the rows of one table: fill_row() */
	size_t filling_columns;
	const struct world *world;
	char *path; /* as given */
	char *file; /* as SQLite gets it: never a URI, never ":memory:" */
	int busy_timeout_ms;
	int64_t busy_since_ms, busy_slept_us;
	uint64_t jitter;
	bool readonly;
	bool writes_store;	     /* what is being prepared writes to the store, not only to temporary tables */
	bool guarded;		     /* checkpoints under the write lock */
	bool cuts_log;		     /* the next commit cuts the log to its own size when it begins it anew */
	int64_t log_pages;	     /* of the log after our last commit */
	int64_t log_pages_at;	     /* when we last made a checkpoint */
	int64_t wrote_pages;	     /* of the log after the commit that is made; 0: it changes nothing */
	int mark_fd;		     /* of the mark outside the log; -1: not open */
	bool mark_is_read_only;	     /* it may be read only, or the store is */
	uint64_t mark_epoch;	     /* as it was when the write transaction began */
	bool loose;		     /* commits wait for no sync: set_durable() */
	bool takes_lock, said_waits; /* sqlite_write_queue.c */
	int64_t sign_at;	     /* the byte of the mark that is locked as a sign of life; 0: none */
	struct commit_group *group;
	int64_t queued_ms; /* monotonic; when one's turn was asked for */
	bool has_turn;	   /* of the group's writers */
};

struct sqlite_statement {
	struct sqlite_db *db;
	sqlite3_stmt *handle;
	char *name;
	int parameters, columns;
	uint64_t bound; /* bits of the first 64 parameters */
	bool readonly;	/* of the store: a temporary table may be written any time */
	bool started;
};

/* sqlite_error.c: maps a result code of SQLite; what: name of the statement or action. */
enum err sqlite_failed(struct sqlite_db *db, sqlite3 *handle, const char *what, int code, struct error *error);

/* sqlite_open.c */
enum err sqlite_open(const struct db_options *options, struct db **out, struct error *error);
void sqlite_close(struct db *db);
/* Settings that every connection of ours gets, the checkpointing one too. */
int sqlite_configure(struct sqlite_db *db, sqlite3 *handle);
enum err sqlite_read_number(struct sqlite_db *db, const char *text, int64_t *number, struct error *error);
/* Sleeps for 0.2 to 2 ms, at random; how long, in microseconds. */
int64_t sqlite_pause(struct sqlite_db *db);
/* Why a file system cannot hold a store, or NULL. type as in statfs(2). */
const char *sqlite_filesystem_refused(uint64_t type);

/* sqlite_group.c: one's turn among the writers of a group, if there is one; and the sync that makes a commit durable. */
void sqlite_take_turn(struct sqlite_db *db);
void sqlite_give_turn(struct sqlite_db *db);
enum err sqlite_make_durable(struct sqlite_db *db, struct error *error);
enum err sqlite_seal(struct db *base, struct error *error); /* db.h seal() */

/* sqlite_files.c: where the store's files are, and a store of its own for a look at what migrations make. */
enum err sqlite_check_writable(struct db *base, struct error *error);
enum err sqlite_files(struct db *db, struct db_files *out, struct error *error);
char *sqlite_shown(const char *path);
void sqlite_remove_files(const char *path);
bool sqlite_owns_file(struct db *db, const char *path);
enum err sqlite_open_model(struct db *db, struct db **model, struct error *error);
void sqlite_close_model(struct db *model);

/* sqlite_fill.c */
enum err sqlite_tables(struct db *db, struct arena *arena, struct db_table **items, size_t *count,
		       struct error *error);
enum err sqlite_fill_begin(struct db *db, struct error *error);
enum err sqlite_fill_table(struct db *db, const struct db_table *table, struct error *error);
enum err sqlite_fill_row(struct db *db, const struct db_value *values, struct error *error);
enum err sqlite_fill_end(struct db *db, bool keep, struct error *error);

enum err sqlite_backup(struct db *db, const char *path, struct error *error);

/* sqlite_phrases.c */
extern const struct db_phrase sqlite_phrases[];
void sqlite_search(const struct db_words *all, const struct db_words *none, struct strbuf *out);

/* sqlite_mark.c: the mark outside the log. In a write transaction; after a commit that is on the disk, which left the log
 * with so many frames; before any of the log is copied back (false: it must not be, now); and when a store is opened: ERR_STORE
 * when the log was lost. */
void sqlite_mark_begin(struct sqlite_db *db);
void sqlite_mark_commit(struct sqlite_db *db, int64_t frames);
bool sqlite_mark_forget(struct sqlite_db *db);
enum err sqlite_mark_check(struct sqlite_db *db, struct error *error);

bool sqlite_mark_open(struct sqlite_db *db); /* its descriptor is there */
bool sqlite_mark_make(struct sqlite_db *db); /* the same, and makes one where none is */

/* sqlite_write_queue.c: begins the write transaction; bulk work waits for other writers first. Returns SQLite's code.
 * */
int sqlite_take_lock(struct sqlite_db *db);
bool sqlite_somebody_waits(struct sqlite_db *db);
bool sqlite_is_waited_for(struct db *db);
void sqlite_say_waits(struct sqlite_db *db);		   /* called when the lock is not free at once */
void sqlite_say_copies(struct sqlite_db *db, bool copies); /* this connection copies the log back itself */
bool sqlite_another_copies(struct sqlite_db *db);
bool sqlite_sign(struct db *db, const char *owner, int64_t until_ms);
int64_t sqlite_signed_until(struct db *db, const char *owner);

/* sqlite_driver.c: ends a transaction that is open, if there is one. */
void sqlite_roll_back(struct sqlite_db *db);

/* sqlite_wal.c */
bool sqlite_has_reset_race(int version_number); /* as of sqlite3_libversion_number() */
void sqlite_watch_log(struct sqlite_db *db);
void sqlite_maintain(struct db *db);
bool sqlite_checkpoint(struct db *db);
int sqlite_limit_log(sqlite3 *handle, int64_t bytes);
const char *sqlite_library(struct db *db, struct arena *arena);

#endif
