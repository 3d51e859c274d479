/*
 * Private to the PostgreSQL driver: the connection, its statements, and shared functions. Only src/store/postgresql/
 * and its tests include this.
 *
 * One writer at a time, as everywhere in the store: a write transaction begins with an advisory lock that belongs to
 * the schema. A store is one schema of one database; the table kybdesk_store in it marks it as a store.
 */
#ifndef KYBDESK_STORE_POSTGRESQL_INTERNAL_H
#define KYBDESK_STORE_POSTGRESQL_INTERNAL_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/db.h"
#include "postgresql_library.h"

/* The server's queue for the lock is fair, so every wait ends, but twenty users on a busy host need more than the
 * five seconds that are enough for a file. */
#define POSTGRESQL_BUSY_DEFAULT_MS 20000
/* Maximum number of statements that wait in the pipeline. */
#define POSTGRESQL_QUEUE_MAX 64

/* A statement in the pipeline. */
struct postgresql_queued {
	const char *what;			/* name of the statement */
	struct postgresql_statement *statement; /* statement that keeps the rows until they are read; NULL: none */
	struct postgresql_statement *prepared;	/* statement that is prepared; NULL: a statement is only run */
	int64_t id;				/* id that the inserted row must have; 0: no id is expected */
};

#define POSTGRESQL_IDS_MAX 32 /* tables of which the last id is known at a time */
/* The id of the row that was inserted last into a table, within the open transaction. */
struct postgresql_ids {
	char table[64];
	int64_t last; /* 0: the id is not known */
};

struct postgresql_db {
	struct db base; /* first: struct db * is struct postgresql_db * */
	PGconn *connection;
	PGcancel *canceller; /* used by another thread to cancel a statement */
	const struct world *world;
	char *url;   /* as configured, with secrets */
	char *shown; /* without secrets */
	char *model; /* name of the temporary schema to which a store is compared; NULL: this is not a model */
	int busy_timeout_ms;
	bool readonly;
	bool is_store;		    /* kybdesk_store exists */
	bool changed;		    /* the open transaction has changed something */
	bool notes_rows;	    /* the store's triggers note changed rows in the setting kybdesk.touched */
	bool touched;		    /* whether the setting may contain changed rows */
	bool aside;		    /* the open transaction began with DB_ASIDE */
	bool lost;		    /* the connection is lost, even if libpq reports it as good */
	bool no_sync;		    /* bulk work: if the server fails, commits may be lost (set_durable()) */
	int64_t waited_ms;	    /* wait for the lock when the last write transaction began */
	int64_t backoff_ms;	    /* pause before this wait, so that other writers go first */
	bool listening;		    /* whether the server notifies this connection of commits */
	bool version_read;	    /* the version was read when the open transaction began */
	int64_t schema;		    /* version of the schema when the open write transaction began; 0: not read */
	int64_t own_commits;	    /* number of commits of this connection that changed something */
	int64_t version;	    /* the last result of data_version() */
	int64_t clock_ahead_ms;	    /* server's clock minus this machine's boot time */
	int64_t clock_read_ms;	    /* time at which clock_ahead_ms was read; 0: never */
	struct strbuf filling;	    /* rows that are not sent yet: fill_row() */
	struct strbuf foreign_keys; /* SQL that adds the foreign keys again after all rows are copied */
	size_t filling_columns;	    /* columns of the running COPY; 0: no COPY is running */
	int64_t affected;	    /* number of rows changed by the last statement */
	struct postgresql_queued queued[POSTGRESQL_QUEUE_MAX];
	size_t queued_count;
	struct postgresql_ids ids[POSTGRESQL_IDS_MAX];
	size_t ids_count;
	bool awaits_ids;		    /* new ids are not predicted: a sequence has another increment */
	struct error queue_error;	    /* the first failure of a queued statement in the open transaction */
	unsigned long long statements, era; /* era: number of the connection */
};

/* postgresql_error.c: turns the error of a result (NULL: of the connection) into an error; what: name of the
 * statement. */
enum err postgresql_failed(struct postgresql_db *db, const char *what, const PGresult *result, struct error *error);
bool postgresql_state_is(const PGresult *result, const char *state); /* an SQLSTATE */
bool postgresql_is_lost(const struct postgresql_db *db);	     /* the connection */

/* postgresql_queue.c */
bool postgresql_is_good(const PGresult *result);
/* Begins or continues the pipeline; then the caller sends a statement, and calls postgresql_queued(). False: the
 * connection is lost. */
bool postgresql_queue(struct postgresql_db *db) KYB_MUST_USE;
/* Call after sending a statement. queued->what must live until the results are read. */
void postgresql_queued(struct postgresql_db *db, const struct postgresql_queued *queued);
void postgresql_queue_text(struct postgresql_db *db, const char *text);
/* Reads the results of all pending statements, and returns the last result. NULL: the connection is lost. */
PGresult *postgresql_take(struct postgresql_db *db);
/* Waits for the results of all statements in the pipeline. */
void postgresql_drain(struct postgresql_db *db);
PGresult *postgresql_exec(struct postgresql_db *db, const char *text);
/* Runs a query; sets *result, also after a failure, and the caller clears it. */
enum err postgresql_query_rows(struct postgresql_db *db, const char *what, const char *text, PGresult **result,
			       struct error *error);
/* As postgresql_drain(), and reports the first failure. */
enum err postgresql_finish(struct postgresql_db *db, struct error *error);
enum err postgresql_flush(struct db *db, struct error *error);

/* Records that a statement may change rows; call it before the statement is sent. */
void postgresql_note_text(struct postgresql_db *db, const char *text);
void postgresql_touch(struct postgresql_db *db, const char *rows);
enum err postgresql_mark(struct db *db, struct error *error);

/* Predicts ids of new rows (postgresql_queue.c); text: text of the inserting statement. */
int64_t postgresql_ids_next(struct postgresql_db *db, const char *text);	  /* 0: unknown, wait for the id */
void postgresql_ids_read(struct postgresql_db *db, const char *text, int64_t id); /* id: received from the server */
void postgresql_ids_forget(struct postgresql_db *db);
void postgresql_ids_forget_of(struct postgresql_db *db,
			      const char *text); /* an insert that does not return its id */

/* postgresql_open.c */
enum err postgresql_open(const struct db_options *options, struct db **out, struct error *error);
void postgresql_close(struct db *db);
/* Replaces a lost connection; uncommitted changes are lost with it. */
enum err postgresql_reconnect(struct postgresql_db *db, struct error *error);
/* Whether data leaves the machine over an unencrypted connection that the user did not allow. */
bool postgresql_is_exposed(const char *host, const char *address, const char *sslmode);
char *postgresql_shown_address(const char *url);
enum err postgresql_open_model(struct db *db, struct db **model, struct error *error);
void postgresql_close_model(struct db *model);

/* postgresql_run.c: runs text without parameters; a script may have several statements. */
enum err postgresql_run(struct postgresql_db *db, const char *text, struct error *error);
/* Reads one whole number of one row; 0 without a row. */
enum err postgresql_query_int(struct postgresql_db *db, const char *text, int64_t *number, struct error *error);
enum err postgresql_begin(struct db *db, enum db_begin mode, struct error *error);
enum err postgresql_commit(struct db *db, struct error *error);
void postgresql_rollback(struct db *db);
bool postgresql_blocks_writers(struct db *db);
enum err postgresql_savepoint(struct db *db, enum db_savepoint what, struct error *error);

int64_t postgresql_data_version(struct db *db);

/* postgresql_statement.c */
enum err postgresql_prepare(struct db *db, const char *name, const char *text, void **out, struct error *error);
void postgresql_finalize(void *statement);
void postgresql_bind(void *statement, int at, const struct db_value *value);
enum err postgresql_step(struct db *db, void *statement, bool *row, struct error *error);
enum err postgresql_run_later(struct db *db, void *statement, struct error *error);
void postgresql_plan_for_values(void *statement);
enum err postgresql_send(struct db *db, void *statement, struct error *error);
enum err postgresql_run_new(struct db *db, void *statement, int64_t *id, struct error *error);
void postgresql_reset(void *statement);

/* The number in a column of the current row. */
int64_t postgresql_get_int(void *statement, int column);

/* postgresql_fill.c */
enum err postgresql_tables(struct db *db, struct arena *arena, struct db_table **items, size_t *count,
			   struct error *error);
enum err postgresql_fill_begin(struct db *db, struct error *error);
enum err postgresql_fill_table(struct db *db, const struct db_table *table, struct error *error);
enum err postgresql_fill_row(struct db *db, const struct db_value *values, struct error *error);
enum err postgresql_fill_end(struct db *db, bool keep, struct error *error);

/* Types of values: the fixed OIDs of every server (pg_type.dat). */
enum postgresql_type {
	POSTGRESQL_ANY = 0, /* the server infers the type */
	POSTGRESQL_BOOL = 16,
	POSTGRESQL_BYTES = 17,
	POSTGRESQL_INT8 = 20,
	POSTGRESQL_INT2 = 21,
	POSTGRESQL_INT4 = 23,
	POSTGRESQL_TEXT = 25,
	POSTGRESQL_FLOAT8 = 701,
	POSTGRESQL_NUMERIC = 1700
};

struct postgresql_value {
	Oid type;
	const char *value; /* NULL: none */
	int length;
	char number[32]; /* a bound number, as text */
};

struct postgresql_statement {
	struct postgresql_db *db;
	char *name; /* this program's name: "session.load" */
	char *text;
	char handle[32]; /* the server's name; "": not prepared yet */
	unsigned long long era;
	int parameters;
	struct postgresql_value *values;
	bool *named;	/* which parameters the text uses: a server cannot infer the type of an unused parameter */
	Oid *types;	/* types with which the statement was prepared */
	uint64_t bound; /* which of the first 64 parameters are bound, as bits */
	bool started, has_run;
	bool awaits_rows; /* the statement is in the pipeline, and its rows are awaited */
	bool custom_plan; /* whether each run is planned for its values */
	PGresult *result;
	int row;	    /* number of the current row */
	struct arena bytes; /* unescaped bytes of the current rows */
};

#endif
