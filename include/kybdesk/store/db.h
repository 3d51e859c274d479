/*
 * The storage seam: one connection behind a const vtable, statements in the
 * SQL that databases share ($1 parameters, 1-based). Where they differ a statement has a
 * phrase in braces, "FROM delivery {by delivery_due}", and each driver says what it is
 * (docs/store.md has the list). A driver lives under src/store/NAME/ and is the only
 * one that knows its library and its dialect.
 *
 * Each statement is a `static const struct sql` in its aggregate's file; its
 * address is its identity: it is prepared once per connection and kept.
 * A query is on loan until query_end(), which every path must reach.
 * Not thread-safe: one connection, one thread; never used across fork().
 */
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

/* DB_WRITE takes the lock of all writers at once (BEGIN IMMEDIATE). DB_ASIDE: a write of one row that is this connection's
 * own, which waits for no other writer where the database can do that, and else is a DB_WRITE. */
enum db_begin { DB_READ, DB_WRITE, DB_ASIDE };

struct commit_group;
struct db_options {
	const char *path;
	bool create; /* make it when missing (init) */
	bool readonly;
	int busy_timeout_ms; /* how long a writer waits for the lock; 0: the default of 5 s */
	const struct world *world;
	struct commit_group
		*group; /* of this process's writers on the same store; NULL: each commit is its own sync */
};

struct db_object {
	const char *name, *text;
};

/* What a database says for the phrase {word}; #1, #2 … stand for its arguments, which commas divide. */
struct db_phrase {
	const char *word, *text;
};

/* Words that are searched for: each its tokens, divided by spaces, in that order; the last token may be begun only. */
struct db_words {
	const char *const *items;
	size_t count;
};

/* A clock that all who share the store agree on: which one, and what it shows, in ms. */
struct db_clock {
	char id[WORLD_BOOT_ID_SIZE];
	int64_t now;
};

#define KEY_SUFFIX ".key" /* behind the name of db_files.key */
/* Both on malloc. */
struct db_files {
	char *documents; /* NULL where the database keeps them itself */
	char *key;
};

/* How a database keeps documents' bytes itself: $1 is their hash in hex. A mark, of an owner $2, keeps bytes that no row names
 * yet. */
struct db_documents {
	struct sql put;	 /* $2 bytes; takes the place of others */
	struct sql part; /* the $3 bytes from $2 on, counted from 1 */
	struct sql
		state; /* whether they have that hash, and the row's version; $2: a version that is known to have it */
	struct sql mark, unmark;
	struct sql marked; /* hashes, by their owner $1 */
	struct sql forget; /* takes marks older than $1 ms away, and says of which hashes */
	struct sql erase;  /* unless marked */
};

/* A table whose rows are the store's, and those of its columns that are not made from others. */
struct db_column {
	const char *name; /* the same in every database */
	const char *text; /* as statements of this one say it */
};
struct db_table {
	const char *name;
	struct db_column *columns;
	size_t count;
	size_t *keys; /* the columns of the primary key, in its order */
	size_t key_count;
};

/* A value as it is kept. */
struct db_value {
	char type; /* 'i' 'r' 't' 'b' 'n', as column_type() says it */
	int64_t number;
	double real;
	const void *bytes; /* of 't' and 'b' */
	size_t length;
};

/* A part of a write transaction, which alone can be taken back. */
enum db_part { DB_PART_BEGIN, DB_PART_KEEP, DB_PART_TAKE_BACK };

struct db_driver {
	const char *name;
	const char *migrations;		      /* the folder of its migrations among the program's data */
	const struct db_phrase *phrases;      /* ended by one without a word */
	const struct db_documents *documents; /* NULL: files beside it */
	/* The store as people may see it written: nothing secret of its path is in it. On malloc. */
	char *(*shown)(const char *path);
	/* Removes every file of a store that nobody has open; NULL: it has none. */
	void (*remove_files)(const char *path);
	enum err (*open)(const struct db_options *options, struct db **out, struct error *error);
	void (*close)(struct db *db);
	enum err (*begin)(struct db *db, enum db_begin mode, struct error *error);
	enum err (*commit)(struct db *db, struct error *error);
	void (*rollback)(struct db *db);
	/* One part at a time, within a write transaction. */
	enum err (*part)(struct db *db, enum db_part what, struct error *error);
	/* The value of {hits}: what has every word of `all` (at least one), and none of `none`. */
	void (*search)(const struct db_words *all, const struct db_words *none, struct strbuf *out);
	enum err (*prepare)(struct db *db, const char *name, const char *text, void **statement,
			    struct error *error);
	void (*finalize)(void *statement);
	void (*bind_int)(void *statement, int at, int64_t value);
	void (*bind_real)(void *statement, int at, double value);
	void (*bind_text)(void *statement, int at, const char *text, size_t length);
	void (*bind_blob)(void *statement, int at, const void *bytes, size_t length);
	void (*bind_null)(void *statement, int at);
	enum err (*step)(struct db *db, void *statement, bool *row, struct error *error);
	void (*reset)(void *statement);
	bool (*is_null)(void *statement, int column);
	int64_t (*get_int)(void *statement, int column);
	double (*get_real)(void *statement, int column);
	const void *(*get_bytes)(void *statement, int column,
				 size_t *length);	 /* text or blob; valid until the next step */
	int (*column_type)(void *statement, int column); /* 'i' 'r' 't' 'b' 'n' */
	enum err (*run_script)(struct db *db, const char *script, struct error *error); /* migrations */
	int64_t (*changed_rows)(struct db *db);
	/* The id of the row that the insert before made; NULL where {made} at its end returns it. */
	int64_t (*made_id)(struct db *db);
	int64_t (*data_version)(struct db *db); /* moves when another connection committed */
	enum err (*get_schema_version)(struct db *db, int64_t *version, struct error *error);
	enum err (*set_schema_version)(struct db *db, int64_t version, struct error *error);
	/* Within a write transaction, before something outside the database follows from what it has read: what one who was killed
	 * in a commit left in the log, seen by nobody, is written over on the disk, and comes back no more. NULL: nothing is left. */
	enum err (*seal)(struct db *db, struct error *error);
	/* One maintenance step (checkpoint under the write lock, quality.md); cheap when there is nothing to do. */
	void (*maintain)(struct db *db);
	/* The same whatever there is to do: copies all of the log back that no reader holds, so that the next commit may begin
	 * the log anew, and then cuts it to its own size. Outside a transaction. What fails is left to the next one; nothing is lost.
	 * Whether nothing is left in the log. */
	bool (*checkpoint)(struct db *db);
	/* Whether a write would find its place: room on the disk, a folder and files that can be written, a server that takes
	 * changes. It changes no table and waits for no lock. */
	enum err (*check_writable)(struct db *db, struct error *error);
	/* Within a write transaction: whether the full-text index has the words of all its rows. */
	enum err (*text_is_whole)(struct db *db, bool *whole, struct error *error);
	/* Within a write transaction: makes the full-text index anew from the texts of its rows. */
	enum err (*text_rebuild)(struct db *db, struct error *error);
	enum err (*integrity)(struct db *db, struct arena *arena, const char ***problems, size_t *count,
			      struct error *error);
	/* What the schema consists of, each as "trigger session_count" and the text that made it, sorted; in the arena. */
	enum err (*objects)(struct db *db, struct arena *arena, struct db_object **items, size_t *count,
			    struct error *error);
	/* The tables of the store, sorted by name; what the database needs for itself, and documents' bytes, are not among them.
	 * In the arena. */
	enum err (*tables)(struct db *db, struct arena *arena, struct db_table **items, size_t *count,
			   struct error *error);
	/* Rows as they are in another database, within the transaction that made the tables: no trigger runs, references are
	 * looked at when all is there, and ids that are given later go on behind those that came. fill_table() says
	 * whose rows follow, and empties it; with NULL they end, and nothing else runs on the connection before. fill_end() comes
	 * at the end in any case, with `keep` false when the transaction will be taken back. */
	enum err (*fill_begin)(struct db *db, struct error *error);
	enum err (*fill_table)(struct db *db, const struct db_table *table, struct error *error);
	enum err (*fill_row)(struct db *db, const struct db_value *values, struct error *error);
	enum err (*fill_end)(struct db *db, bool keep, struct error *error);
	/* Another database of the same kind, empty and of its own, for a look at what the migrations make; close_model() removes
	 * it with all that it holds, and accepts NULL. */
	enum err (*open_model)(struct db *db, struct db **model, struct error *error);
	void (*close_model)(struct db *model);
	/* The files beside which the store's documents and its key stand. */
	enum err (*files)(struct db *db, struct db_files *out, struct error *error);
	/* Whether a file of that path is one that the database keeps the store in. */
	bool (*owns_file)(struct db *db, const char *path);
	const char *(*library)(struct db *db,
			       struct arena *arena); /* "SQLite 3.40.1, checkpoints under the write lock" */
	/* Not durable: a commit may be lost with the power, never torn; the next durable one makes all before it last. */
	enum err (*set_durable)(struct db *db, bool durable, struct error *error);
	/* How many KiB of the database's pages the connection keeps in memory; 0: as many as at first. NULL where they are
	 * another program's. */
	enum err (*keep_pages)(struct db *db, int64_t kib, struct error *error);
	/* Whether another waits for the lock that this connection's write transaction has; for who holds it for long. NULL where
	 * asking takes too long. */
	bool (*is_waited_for)(struct db *db);
	/* The database as it was last committed, into a file that is not there yet, synced. NULL: it is not in a file. */
	enum err (*backup)(struct db *db, const char *path, struct error *error);
	/* Signs of life, where a write always waits for the other writers (NULL: DB_ASIDE does not). A connection shows for one
	 * owner until when, by the machine's boot time; 0: no more. It ends with the process. False: it cannot be shown. */
	bool (*sign)(struct db *db, const char *owner, int64_t until_ms);
	int64_t (*signed_until)(struct db *db, const char *owner); /* 0: nobody shows a sign for it */
	/* NULL where all who share a store share a machine: then it is the time since that was started. */
	enum err (*clock)(struct db *db, struct db_clock *out, struct error *error);
	/* Another connection may stop a running statement of this one (cancelled search). */
	void (*interrupt)(struct db *db);
};
extern const struct db_driver db_driver_sqlite, db_driver_postgresql;

/* A connection, whatever its driver; embeds the statement cache. Drivers put it first in their own struct. */
struct db_cache;
struct db {
	const struct db_driver *driver;
	struct db_cache *cache; /* by address of struct sql; dynamic ones by text */
	size_t loans;		/* queries not ended yet */
	int depth;		/* open transaction: 1 */
	bool writing;		/* the open transaction is a DB_WRITE one */
	bool held;		/* db_hold(): what is begun now stands within the transaction at depth 1 */
	bool closing;		/* db_close() is dropping its statements */
	bool broken;		/* the database has ended the held transaction by itself */
	/* The last commit failed: it is rolled back here and for others, but its pages may stand in the log whole, and come
	 * back when the log is read anew (a sync that failed). Until a later commit writes over them. */
	bool unsure;
};

/* The statements of one file, so that tests can read the plan of each: those written down, and those made from columns. */
struct row_sql; /* src/store/columns.h */
struct sql_list {
	const struct sql *items;
	size_t count;
	const struct row_sql *rows;
	size_t row_count;
};
#define SQL_LIST(array)                                                                                            \
	{                                                                                                          \
		.items = (array), .count = sizeof(array) / sizeof((array)[0])                                      \
	}

enum err db_open(const struct db_driver *driver, const struct db_options *options, struct db **out,
		 struct error *error) KYB_MUST_USE;
void db_close(
	struct db *db); /* accepts NULL; ends kept statements and an open transaction; a query on loan is a bug */
/* One transaction at a time: a second begin is a bug. Statements that write need DB_WRITE, else they are a bug. */
enum err db_begin(struct db *db, enum db_begin mode, struct error *error) KYB_MUST_USE;
enum err db_commit(struct db *db, struct error *error)
	KYB_MUST_USE; /* a failed one has rolled back (db->unsure), or (ERR_INTERNAL, in a group) is not known to be durable */
void db_rollback(struct db *db); /* nothing when none is open */
/* A write transaction around others: from db_hold() to db_end_hold() each db_begin() begins a part of it, which db_commit()
 * keeps with it, and db_rollback() takes back alone. Nothing of it is durable, or seen by others, before the end; without
 * `keep`, or when it fails, nothing of it happened. */
enum err db_hold(struct db *db, struct error *error) KYB_MUST_USE;
enum err db_end_hold(struct db *db, bool keep, struct error *error) KYB_MUST_USE;

enum err db_query(struct db *db, const struct sql *sql, struct query **out, struct error *error) KYB_MUST_USE;
/* For a statement whose text is made: `make` is asked for it when this connection prepares it, once. */
enum err db_query_made(struct db *db, const struct sql *sql,
		       void (*make)(const struct sql *sql, struct strbuf *out), struct query **out,
		       struct error *error) KYB_MUST_USE;
/* For statements built at run time (lists): cached by text, the least recently used is dropped beyond 64. */
enum err db_query_text(struct db *db, const char *name, const char *text, struct query **out,
		       struct error *error) KYB_MUST_USE;
/* A statement's text as its database gets it: every phrase said in its own words. */
void db_text_write(const struct db_driver *driver, const char *text, struct strbuf *out);
void query_int(struct query *query, int at, int64_t value);
void query_real(struct query *query, int at, double value);
void query_text(struct query *query, int at, const char *text);		/* text must live until query_end */
void query_text_or_null(struct query *query, int at, const char *text); /* "" binds NULL */
void query_time(struct query *query, int at, int64_t ms);		/* TIME_NONE binds NULL */
void query_row_or_null(struct query *query, int at, int64_t row);	/* 0 binds NULL */
void query_blob(struct query *query, int at, const void *bytes, size_t length);
void query_null(struct query *query, int at);
enum err query_next(struct query *query, bool *row, struct error *error) KYB_MUST_USE;
/* Steps a statement that returns no rows, and ends it. */
enum err query_run(struct query *query, struct error *error) KYB_MUST_USE;
/* The same for an insert of one row that ends with {made}; *id is set only when it succeeds. */
enum err query_run_new(struct query *query, int64_t *id, struct error *error) KYB_MUST_USE;
void query_end(struct query *query); /* accepts NULL */
/* Columns, 0-based, of the present row. */
bool row_is_null(const struct query *query, int column);
int64_t row_int(const struct query *query, int column);
double row_real(const struct query *query, int column);
int64_t row_time(const struct query *query, int column);		    /* NULL gives TIME_NONE */
char *row_text(const struct query *query, int column, struct arena *arena); /* NULL gives "" */
struct db_value row_value(const struct query *query,
			  int column); /* its bytes are not copied: valid until the next query_next/query_end */
const char *row_view(const struct query *query,
		     int column); /* not copied: valid until the next query_next/query_end */
void *row_blob(const struct query *query, int column, struct arena *arena, size_t *length);

#endif
