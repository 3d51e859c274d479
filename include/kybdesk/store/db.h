/* The database interface: one connection behind a const vtable, with statements in the SQL that the databases share
 * ($1 parameters, 1-based). Where databases differ, a statement has a phrase in braces, such as "FROM delivery {by
 * delivery_due}", and each driver defines the phrase (listed in docs/store.md). A driver lives under
 * src/store/NAME/; only the driver knows its library and its dialect.
 *
 * Each statement is a `static const struct sql` in its aggregate's file; its address identifies the statement, which is
 * prepared once per connection and cached. A query is borrowed until query_end() or the last query_fetch_row(); every
 * path of the caller must call one of the two. Not thread-safe: use one connection per thread, never across fork(). */
#ifndef KYBDESK_STORE_DB_H
#define KYBDESK_STORE_DB_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/world.h"

struct sql {
	const char *name; /* "session.load" */
	const char *text;
};
struct db;
struct query;
struct strbuf;

/* DB_WRITE takes the write lock at once (BEGIN IMMEDIATE). DB_WRITE_CONCURRENT, for a row that only this connection
 * writes, does not wait for other writers; if the database cannot do that, DB_WRITE_CONCURRENT equals DB_WRITE. */
enum db_begin { DB_READ, DB_WRITE, DB_WRITE_CONCURRENT };

struct commit_group;
struct db_options {
	const char *path;
	bool create; /* creates a missing store (init) */
	bool readonly;
	int busy_timeout_ms; /* timeout for the write lock; 0: the default of 5 s */
	const struct world *world;
	struct commit_group *group; /* shared by this process's writers; NULL: one sync per commit */
	const char *process;	    /* kind of process, for a server's list of connections; NULL: "kybdesk" */
};

struct db_object {
	const char *name, *text;
};

/* A database's text for the phrase {word}; #1, #2 … are its arguments, separated by commas. */
struct db_phrase {
	const char *word, *text;
};

/* Search words. A word is a list of tokens in order, separated by spaces; the last token may be a prefix. */
struct db_words {
	const char *const *items;  /* tokens, separated by spaces; the last one matches as a prefix */
	const char *const *wholes; /* in place of the item at the same index: a token that matches whole */
	size_t count;
};
/* Begins the token of a whole value in the search text: no text folds to this character (text_add_tokens()). */
#define WHOLE_TOKEN "\xee\x80\x80"

/* A clock that all users of the store share: its id and its current time, in ms. */
struct db_clock {
	char id[WORLD_BOOT_ID_SIZE];
	int64_t now;
};

#define KEY_SUFFIX ".key" /* store_open() appends this suffix to db_files.key */
/* Both members are malloc'd. */
struct db_files {
	char *documents; /* NULL: the database stores the documents */
	char *key;
};

/* Statements for documents' bytes in the database: $1 is the hash in hex. A mark (with the owner $2) protects bytes
 * that have no row yet. */
struct db_documents {
	struct sql put;	       /* $2: the bytes; replaces stored bytes that differ */
	struct sql read_range; /* reads $3 bytes from offset $2, counted from 1 */
	/* results: whether the bytes match the hash, and the row's version; $2: a version that was verified before */
	struct sql state;
	struct sql mark, unmark;
	struct sql list_marked; /* hashes marked by owner $1 */
	struct sql forget;	/* deletes marks older than $1 ms and returns their hashes */
	struct sql erase;	/* deletes the bytes unless they are marked */
};

/* A column of struct db_table, which describes a table of the store without its generated columns. */
struct db_column {
	const char *name; /* name, the same in every database */
	const char *text; /* the name in statements for this database */
};
struct db_table {
	const char *name;
	struct db_column *columns;
	size_t count;
	size_t *keys; /* columns of the primary key, in the key's order */
	size_t key_count;
};
const struct db_table *db_table_find(const struct db_table *items, size_t count, const char *name); /* NULL: none */

/* A stored value. */
struct db_value {
	char type; /* 'i' integer, 'r' real, 't' text, 'b' blob, 'n' NULL */
	int64_t number;
	double real;
	const void *bytes; /* value of 't' and 'b' */
	size_t length;
};

/* Selects the changed rows that the connection lists in db.touched. A driver calls the functions for each changed
 * row. */
struct db_capture {
	int (*table_number)(const char *name); /* number of the table; -1: its changed rows are not listed */
	bool (*lists_column)(int table, const char *column); /* whether a row is listed if only this column changed */
};
struct db_touch {
	int table;
	int64_t key; /* primary key of the row */
};

/* A savepoint: a part of a write transaction that can be rolled back alone. DB_SAVEPOINT_LEAVE ends a part
 * without changes. */
enum db_savepoint { DB_SAVEPOINT_BEGIN, DB_SAVEPOINT_KEEP, DB_SAVEPOINT_ROLL_BACK, DB_SAVEPOINT_LEAVE };

struct db_driver {
	const char *name;
	const char *migrations;		      /* folder of the driver's migrations in the program's data */
	const struct db_phrase *phrases;      /* ends with a NULL word */
	const struct db_documents *documents; /* NULL: documents are files next to the database */
	/* The store's path for display, without secrets. malloc'd. */
	char *(*display_path)(const char *path);
	/* Removes every file of a store that is not open; NULL: the database has no files. */
	void (*remove_files)(const char *path);
	enum err (*open)(const struct db_options *options, struct db **out, struct error *error);
	void (*close)(struct db *db);
	enum err (*begin)(struct db *db, enum db_begin mode, struct error *error);
	enum err (*commit)(struct db *db, struct error *error);
	void (*rollback)(struct db *db);
	/* Begins or ends a savepoint within a write transaction; one savepoint at a time. */
	enum err (*savepoint)(struct db *db, enum db_savepoint what, struct error *error);
	/* Appends the value of the phrase {hits}: the rows with every word of `all` (at least one) and no word of
	 * `none`. */
	void (*add_match_query)(const struct db_words *all, const struct db_words *none, struct strbuf *out);
	enum err (*prepare)(struct db *db, const char *name, const char *text, void **statement, struct error *error);
	void (*finalize)(void *statement);
	/* Texts and blobs must live until reset(). */
	void (*bind)(void *statement, int at, const struct db_value *value);
	enum err (*step)(struct db *db, void *statement, bool *row, struct error *error);
	/* Runs a statement without result rows. Within a write transaction the driver may delay the statement, and
	 * report its failure in a later call, at the latest in savepoint() or commit(). NULL: step() is used. */
	enum err (*run)(struct db *db, void *statement, struct error *error);
	/* Call within a transaction: sends a statement with bound parameters. Does not wait for its rows, so that
	 * other statements can be sent; step() waits for the rows, and reports a failure of the statement. NULL:
	 * early sending would save no time, and step() runs the statement. */
	enum err (*send)(struct db *db, void *statement, struct error *error);
	/* Call for a statement with text that was generated for its values: makes the database plan the statement for
	 * these values, since a plan for any values may be far slower. NULL: the plan does not depend on the values. */
	void (*plan_for_values)(void *statement);
	/* Runs an insert of one row, a statement that ends with {made}; *id is the new row's id. The statement may
	 * be delayed, as in run(). NULL: step() and inserted_id() are used. */
	enum err (*run_insert)(struct db *db, void *statement, int64_t *id, struct error *error);
	/* Waits until all statements of run() and run_insert() have been executed. NULL: no statement can be
	 * pending. */
	enum err (*flush)(struct db *db, struct error *error);
	/* Call after an audit record was written: when the driver reads its pending changed rows, it sets
	 * db->touched_count_at_record to the number of rows that changed before this call. NULL: no changed rows can be
	 * pending. */
	enum err (*mark_record)(struct db *db, struct error *error);
	void (*reset)(void *statement);
	bool (*is_null)(void *statement, int column);
	int64_t (*get_int)(void *statement, int column); /* 0 for NULL */
	double (*get_real)(void *statement, int column);
	const void *(*get_bytes)(void *statement, int column,
				 size_t *length);	 /* text or blob; valid until the next step */
	int (*column_type)(void *statement, int column); /* type of the value, as in struct db_value */
	/* The number of columns of the result (call it after a row was read), and their names. */
	int (*column_count)(void *statement);
	const char *(*column_name)(void *statement, int column);
	enum err (*run_script)(struct db *db, const char *script, struct error *error); /* migrations */
	int64_t (*changed_row_count)(struct db *db);
	/* The id of the row inserted last. NULL: run_insert() returns the id. */
	int64_t (*inserted_id)(struct db *db);
	int64_t (*data_version)(struct db *db); /* changes when another connection commits */
	enum err (*get_schema_version)(struct db *db, int64_t *version, struct error *error);
	enum err (*set_schema_version)(struct db *db, int64_t version, struct error *error);
	/* Call within a write transaction, before an action outside the database (deleting a file) that depends on
	 * the rows read. A process killed during its commit may have left that commit in the log, from which it
	 * could reappear; overwrite_killed_commit() overwrites such a commit on disk. NULL: a killed commit
	 * cannot reappear. */
	enum err (*overwrite_killed_commit)(struct db *db, struct error *error);
	/* One maintenance step (checkpoint under the write lock); cheap if there is nothing to do. NULL: a server
	 * maintains its own log. */
	void (*maintain)(struct db *db);
	/* An unconditional checkpoint: copies the write-ahead log into the database file, as far as no reader needs
	 * the log, so that the next commit can restart the log and cut it. Call it outside a transaction. After a
	 * failure nothing is lost; the next checkpoint copies the missing pages. True: the whole log was copied.
	 * NULL: a server manages its own log. */
	bool (*checkpoint)(struct db *db);
	/* Call outside a transaction: a checkpoint, and a commit that restarts and cuts the write-ahead log, so
	 * that neither the log nor the database file contains deleted rows any more. False: a reader of the log
	 * prevents this. NULL: a server manages its own log. */
	bool (*cut_wal)(struct db *db);
	/* ERR_STORE if a write would fail now: a full disk, a read-only folder or file, a server that refuses
	 * changes. Changes no table and waits for no lock. */
	enum err (*check_writable)(struct db *db, struct error *error);
	/* Call within a write transaction: whether the full-text index matches all its rows. NULL: the server
	 * maintains the index with the rows. */
	enum err (*check_text_index)(struct db *db, bool *whole, struct error *error);
	/* Call within a write transaction: rebuilds the full-text index from the texts of its rows. NULL: the
	 * server maintains the index. */
	enum err (*rebuild_text_index)(struct db *db, struct error *error);
	/* Makes later deletions by this connection overwrite the content in the file. NULL: the configuration of
	 * the server decides. */
	enum err (*overwrite_deleted)(struct db *db, struct error *error);
	/* Call within a write transaction: runs one bounded step that removes deleted words from the full-text
	 * index. (The index keeps deleted words until its parts are merged.) first: the first step, which selects
	 * all parts of the index. NULL: the index keeps no deleted words. */
	enum err (*merge_text_index)(struct db *db, bool first, bool *done, struct error *error);
	enum err (*check_integrity)(struct db *db, struct arena *arena, const char ***problems, size_t *count,
				    struct error *error);
	/* The objects of the schema, each as "trigger session_count" with the SQL that created it, sorted; in the
	 * arena. */
	enum err (*objects)(struct db *db, struct arena *arena, struct db_object **items, size_t *count,
			    struct error *error);
	/* The tables of the store, sorted by name, without the database's own tables and the table of documents'
	 * bytes. In the arena. */
	enum err (*tables)(struct db *db, struct arena *arena, struct db_table **items, size_t *count,
			   struct error *error);
	/* Copies rows from another database, within the transaction that created the tables: no triggers run,
	 * references are checked at the end, and new ids continue after the copied ones. fill_table() empties a table
	 * and selects it for the next rows; fill_table(NULL) ends the rows of the last table. Between these calls no
	 * other statement may run. fill_end() must end each copy; `keep` false: the transaction will be rolled back. */
	enum err (*fill_begin)(struct db *db, struct error *error);
	enum err (*fill_table)(struct db *db, const struct db_table *table, struct error *error);
	enum err (*fill_row)(struct db *db, const struct db_value *values, struct error *error);
	enum err (*fill_end)(struct db *db, bool keep, struct error *error);
	/* Opens an empty database of the same kind, to inspect the result of the migrations. close_scratch() removes
	 * the database; accepts NULL. */
	enum err (*open_scratch)(struct db *db, struct db **model, struct error *error);
	void (*close_scratch)(struct db *model);
	/* Paths of the store's documents and its key. */
	enum err (*files)(struct db *db, struct db_files *out, struct error *error);
	/* Whether the path is one of the database's own files. NULL: the database has no files. */
	bool (*owns_file)(struct db *db, const char *path);
	/* Describes the database, such as "SQLite 3.40.1, checkpoints under the write lock". db NULL, for the
	 * driver of a server: describes the client library. */
	const char *(*library)(struct db *db, struct arena *arena);
	/* false: a commit may be lost on power failure, but never in part; the next durable commit makes all
	 * earlier commits durable. */
	enum err (*set_durable)(struct db *db, bool durable, struct error *error);
	/* Sets the size of the connection's page cache in KiB; 0 restores the initial size. NULL: a server manages
	 * its own cache. */
	enum err (*set_cache_size)(struct db *db, int64_t kib, struct error *error);
	/* Whether another process waits for the write lock that this connection's transaction holds; for long
	 * transactions. NULL: the query is too expensive. */
	bool (*blocks_writers)(struct db *db);
	/* Writes the last committed state to a new file, synced. NULL: the database is not a file. */
	enum err (*backup)(struct db *db, const char *path, struct error *error);
	/* Heartbeats, for databases in which each write waits for other writers (NULL: not needed, since
	 * DB_WRITE_CONCURRENT does not wait for them). Publishes the boot time until which an owner counts as
	 * alive; 0, or the end of the process, removes the heartbeat. False: not published. */
	bool (*set_heartbeat)(struct db *db, const char *owner, int64_t until_ms);
	int64_t (*heartbeat_until)(struct db *db, const char *owner); /* 0: no heartbeat */
	/* Reads the clock that all users of the store share. NULL: all users run on one machine, and share its boot
	 * time. */
	enum err (*clock)(struct db *db, struct db_clock *out, struct error *error);
	/* Interrupts a running statement from another thread (cancelled search). */
	void (*interrupt)(struct db *db);
};
extern const struct db_driver db_driver_sqlite, db_driver_postgresql;

struct db_cache;
#define DB_HOLDS_MAX 2
/* A connection of any driver; has the statement cache. Drivers embed it as the first member of their own struct. */
struct db {
	const struct db_driver *driver;
	struct db_cache *cache;	 /* prepared statements, by the address of struct sql or by the text */
	size_t open_query_count; /* number of queries that have not ended */
	size_t depth;		 /* 0: no transaction is open; 1: a transaction is open; each open part adds 1 */
	bool writing;		 /* the open transaction is a DB_WRITE one */
	/* Number of the database state that this connection reads. While the number is unchanged, values read
	 * earlier are still valid. It changes with each begin, and when a part with changes is rolled back. */
	uint64_t state;
	bool is_read_held; /* db_begin_hold() holds a transaction for reading: each DB_READ transaction joins it */
	uint64_t read_hold_count; /* number of transactions held for reading so far */
	/* number of open db_begin_hold() calls for writing; if it is not 0, db_begin() begins a part */
	size_t open_hold_count;
	bool is_closing;		  /* db_close() is finalising its statements */
	bool is_hold_lost;		  /* the database itself ended the held transaction */
	const struct db_capture *capture; /* NULL: `touched` stays empty */
	/* Rows that the open transaction changed, in the order of the changes, with repetitions; each commitment
	 * (commitment.h) removes the rows that it covers. Rows of failed changes may be listed, too. Call
	 * db_flush() before reading. */
	struct db_touch *touched;
	size_t touched_count, touched_capacity;
	size_t touched_count_at_record; /* touched_count at the last audit record; valid after db_flush() */
	/* for each open part, by depth: touched_count when the part began */
	size_t touched_before[DB_HOLDS_MAX + 1];
	/* The last commit failed and was rolled back. But after a failed sync the pages of the commit may be
	 * complete in the write-ahead log, and the commit may reappear when the log is read again. A later
	 * successful commit clears the flag. */
	bool is_commit_unsure;
};

enum err db_open(const struct db_driver *driver, const struct db_options *options, struct db **out,
		 struct error *error);
/* accepts NULL; finalises statements, rolls back; a query that has not ended is a bug */
void db_close(struct db *db);
/* One transaction at a time: a second begin is a bug. A writing statement without DB_WRITE is a bug. */
enum err db_begin(struct db *db, enum db_begin mode, struct error *error);
/* A failed commit was rolled back (db->is_commit_unsure). ERR_INTERNAL, in a commit group: the transaction was
 * committed, but may not be durable. */
enum err db_commit(struct db *db, struct error *error);
void db_rollback(struct db *db); /* no-op without a transaction */
/* Completes `touched`: waits for the pending statements of db_run() that may change rows to list in it. Failures of
 * other statements are reported later, at the latest by the commit. */
enum err db_flush(struct db *db, struct error *error);
/* Begins a transaction that contains other transactions, until db_end_hold(). DB_WRITE: each db_begin() in between
 * begins a part (savepoint); db_commit() keeps the part, and db_rollback() undoes only the part. A nested
 * db_begin_hold() begins a part, too, which can have parts of its own. No change is durable or visible to other
 * connections before the outer hold ends; `keep` false, or a failure, rolls back all parts. DB_READ: each DB_READ
 * transaction in between joins the held one, and reads the same state; a write in between is a bug. */
enum err db_begin_hold(struct db *db, enum db_begin mode, struct error *error);
enum err db_end_hold(struct db *db, bool keep, struct error *error);

/* Adds a changed row to db->touched; for drivers, and for tables with changes that the database does not report. */
void db_touch(struct db *db, const char *table, int64_t key);

enum err db_query(struct db *db, const struct sql *sql, struct query **out, struct error *error);
/* For a statement with generated text: calls `make` once per connection, when the statement is prepared. */
enum err db_query_generated(struct db *db, const struct sql *sql,
			    void (*make)(const struct sql *sql, struct strbuf *out), struct query **out,
			    struct error *error);
/* For statements built at run time (lists). Caches up to 64 statements by their text; a further statement replaces
 * the least recently used one. */
enum err db_query_text(struct db *db, const char *name, const char *text, struct query **out, struct error *error);
/* Writes a statement's text with its phrases replaced by the driver's. */
void db_expand_phrases(const struct db_driver *driver, const char *text, struct strbuf *out);
/* A statement's parameters, $1 first: PARAMS(db_int(row), db_text(name)). Texts and blobs must live until
 * query_end(). */
struct db_params {
	const struct db_value *items;
	size_t count;
};
#define PARAMS(...)                                                                                                    \
	(&(const struct db_params){ (const struct db_value[]){ __VA_ARGS__ },                                          \
				    sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value) })
struct db_value db_null(void);
struct db_value db_int(int64_t value);
struct db_value db_time(int64_t ms);		   /* TIME_NONE gives NULL */
struct db_value db_int_or_null(int64_t row);	   /* 0 gives NULL */
struct db_value db_text(const char *text);	   /* NULL gives "" */
struct db_value db_text_or_null(const char *text); /* "" gives NULL */
struct db_value db_blob(const void *bytes, size_t length);
/* Starts a query. params NULL: no parameters. Read the rows with query_fetch_row(), which accepts NULL as the query
 * of a failed call. */
enum err db_select(struct db *db, const struct sql *sql, const struct db_params *params, struct query **out,
		   struct error *error);
/* Binds the first parameters of a query; bind the others with query_bind_int() and similar functions. */
void query_bind(struct query *query, const struct db_params *params);
/* Reads the next row, unless *err is set already. False: no more rows, or *err is set; the query has been ended,
 * and *query is NULL. So only a caller that stops before the last row calls query_end(). */
bool query_fetch_row(struct query **query, enum err *err, struct error *error) KYB_MUST_USE;
/* Runs a statement without result rows. A later call in the same transaction may report its failure. */
enum err db_run(struct db *db, const struct sql *sql, const struct db_params *params, struct error *error);
/* Runs an insert of one row, a statement that ends with {made}; *id is set on success only. */
enum err db_run_insert(struct db *db, const struct sql *sql, const struct db_params *params, int64_t *id,
		       struct error *error);
/* The number in the first column of the first row; 0 without a row. */
enum err db_get_int(struct db *db, const struct sql *sql, const struct db_params *params, int64_t *number,
		    struct error *error);
/* As db_get_int(), for a time; TIME_NONE without a row, or if the column is NULL. */
enum err db_get_time(struct db *db, const struct sql *sql, const struct db_params *params, int64_t *ms,
		     struct error *error);
/* Whether the statement finds a row. */
enum err db_has_row(struct db *db, const struct sql *sql, const struct db_params *params, bool *found,
		    struct error *error);
void query_bind_int(struct query *query, int at, int64_t value);
void query_bind_real(struct query *query, int at, double value);
void query_bind_text(struct query *query, int at, const char *text); /* text must live until query_end */
void query_bind_time(struct query *query, int at, int64_t ms);	     /* TIME_NONE binds NULL */
void query_bind_blob(struct query *query, int at, const void *bytes, size_t length);
void query_bind_null(struct query *query, int at);
/* Call within a transaction, before the first query_next(): starts the statement, so that other statements can be
 * sent while it runs. */
enum err query_send(struct query *query, struct error *error);
enum err query_next(struct query *query, bool *row, struct error *error);
/* Runs a statement without result rows, as db_run(), and ends the query. */
enum err query_run(struct query *query, struct error *error);
/* As query_run() for an insert of one row that ends with {made}; *id is set on success only. */
enum err query_run_insert(struct query *query, int64_t *id, struct error *error);
void query_end(struct query *query); /* accepts NULL */
/* The values of the current row; columns are counted from 0. */
bool row_is_null(const struct query *query, int column);
int64_t row_int(const struct query *query, int column);
double row_real(const struct query *query, int column);
int64_t row_time(const struct query *query, int column);		    /* NULL gives TIME_NONE */
char *row_text(const struct query *query, int column, struct arena *arena); /* NULL gives "" */
struct db_value row_value(const struct query *query, int column); /* borrowed until the next query_next/query_end */
const char *row_column_name(const struct query *query,
			    int column); /* name of a column of the current row; NULL: no such column */
const char *row_text_view(const struct query *query, int column); /* borrowed until the next query_next/query_end */
void *row_blob(const struct query *query, int column, struct arena *arena, size_t *length);

#endif
