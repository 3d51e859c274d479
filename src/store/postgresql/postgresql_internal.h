/* Private to the PostgreSQL driver: the connection, its statements, and shared functions. Only
 * src/store/postgresql/ and its tests include this file.
 *
 * A store has one writer at a time: a write transaction begins with an advisory lock that belongs to the schema. A
 * store is one schema of a database; the schema is a store if it has the table kybdesk_store. */
#ifndef KYBDESK_STORE_POSTGRESQL_INTERNAL_H
#define KYBDESK_STORE_POSTGRESQL_INTERNAL_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/db.h"
#include "postgresql_library.h"

#include <pthread.h>
#include <stdatomic.h>

/* How long a writer waits for the lock. The server grants the lock in the order of the requests, so every wait ends;
 * but with twenty users on a busy host a wait can take longer than the five seconds that are enough for SQLite. */
#define POSTGRESQL_BUSY_DEFAULT_MS 20000
/* Maximum number of statements that wait in the pipeline. */
#define POSTGRESQL_QUEUE_MAX 64

/* A statement that was sent into the pipeline; its result was not read yet. */
struct postgresql_queue_entry {
	const char *what; /* name of the statement */
	/* Statement that gets the result, and keeps the rows until they are read; NULL: the result has no rows to
	 * keep */
	struct postgresql_statement *statement;
	struct postgresql_statement *prepared; /* statement that is only prepared; NULL: the statement is run */
	/* Predicted id of the inserted row, to be compared with the result; 0: no id was predicted */
	int64_t id;
};

#define POSTGRESQL_IDS_MAX 32 /* maximum number of tables in struct postgresql_last_id of a transaction */
/* The id of the row that was inserted last into a table, within the open transaction. */
struct postgresql_last_id {
	char table[64];
	int64_t id; /* 0: the id is not known */
};

struct postgresql_db {
	struct db base; /* the first member, so that a struct db * is also a struct postgresql_db * */
	PGconn *connection;
	const struct world *world;
	const char *process; /* as in struct db_options; "kybdesk" if it is not set there */
	char *url;	     /* address as configured, with its secrets */
	char *display_path;  /* address without secrets, for messages */
	/* Name of a temporary schema, with which the schema of a store is compared; NULL: the connection is for a
	 * store */
	char *model_schema;
	int busy_timeout_ms;
	bool readonly;
	bool store_exists; /* the schema has the table kybdesk_store */
	bool changed;	   /* the open transaction has changed rows or tables */
	/* Triggers note the changed rows of the open transaction in the setting kybdesk.touched */
	bool records_changed_rows;
	bool may_have_touched_rows; /* the setting kybdesk.touched may contain rows that were not read yet */
	bool skips_lock;	    /* the open transaction began with DB_WRITE_CONCURRENT */
	bool is_conn_lost;	    /* the connection is lost, although libpq may report it as good */
	/* Limits of this connection, in ms (configure_connection()): how long a result may take; how long a read
	 * transaction may pause between two statements, 0: as the server is configured; the same of a write
	 * transaction. */
	int64_t answer_limit_ms, read_pause_ms, write_pause_ms;
	/* Time since the boot when this program last waited for a result, and when it last got one. */
	int64_t wait_start_ms, result_ms;
	/* How the last wait ended without a result: after how long, 0: it had one; and whether before its limit. */
	int64_t silent_ms;
	bool was_given_up;
	atomic_bool is_interrupted; /* another thread wants the running statement to end */
	bool was_cancelled;	    /* this program has asked the server to cancel the last statement */
	bool is_cancelling;	    /* the thread `cancelling` sends that request */
	pthread_t cancelling;
	char *connect_failure; /* why no connection was made, if libpq cannot say it; or NULL */
	int64_t timeline;      /* of the server's log: a standby that took over has another one; 0: unknown */
	/* For bulk work: commits do not wait for the disk, so a failure of the server may lose them (set_durable()) */
	bool skips_sync;
	int64_t waited_ms; /* how long the last write transaction waited for the lock when it began */
	/* Last pause of bulk work before it requested the lock, so that other writers go first */
	int64_t bulk_pause_ms;
	bool listening;		   /* the server notifies this connection of commits */
	bool is_version_read;	   /* `schema_version` and `data_version` were read when the open transaction began */
	int64_t schema_version;	   /* version of the schema, read when the open transaction began; 0: not read */
	int64_t own_commit_count;  /* number of commits of this connection that changed something */
	int64_t data_version;	   /* result of postgresql_data_version() */
	int64_t clock_ahead_ms;	   /* time of the server minus the time since this machine's boot */
	int64_t clock_read_ms;	   /* time since the boot when clock_ahead_ms was read; 0: never */
	struct strbuf copy_buffer; /* rows for the running COPY that are not sent yet (fill_row()) */
	struct strbuf foreign_keys_sql; /* SQL that adds the foreign keys again when all rows are copied */
	size_t fill_column_count;	/* number of columns of the running COPY; 0: no COPY is running */
	int64_t affected_rows;		/* number of rows changed by the last statement */
	struct postgresql_queue_entry queued[POSTGRESQL_QUEUE_MAX];
	size_t queued_count;
	struct postgresql_last_id ids[POSTGRESQL_IDS_MAX];
	size_t ids_count;
	/* A predicted id was wrong (a sequence has an increment other than 1): ids are not predicted any more */
	bool must_await_ids;
	/* First failure of a statement in the pipeline, in the open transaction */
	struct error queue_error;
	unsigned long long statements, connection_number; /* connection_number: increases with each reconnect */
};

/* postgresql_error.c: converts the error of a result to an error of this program; result NULL: the error of the
 * connection. what: name of the statement. */
enum err postgresql_set_error(struct postgresql_db *db, const char *what, const PGresult *result, struct error *error);
bool postgresql_has_sqlstate(const PGresult *result, const char *state); /* an SQLSTATE */
bool postgresql_lost_connection(const struct postgresql_db *db);	 /* the connection */

/* postgresql_wait.c: the only calls of libpq that wait for the server. */
/* As PQgetResult(); when the limit is reached, or the wait is given up, the connection is lost. */
PGresult *postgresql_get_result(struct postgresql_db *db);
/* Reads all results of a statement that was sent, and returns the last one. NULL: the connection is lost. */
PGresult *postgresql_take_last(struct postgresql_db *db);
/* Waits until the rows of a COPY are sent. False: the connection is lost. */
bool postgresql_send_output(struct postgresql_db *db) KYB_MUST_USE;
void postgresql_interrupt(struct db *db); /* call it from another thread: cancels the running statement */
void postgresql_forget_interrupts(struct postgresql_db *db); /* call it before a statement is sent */

/* postgresql_connect.c: connects to the first host of the address that answers in time, and replaces db->connection.
 * False: none does; db->connect_failure, or libpq, has the reason. */
bool postgresql_connect(struct postgresql_db *db) KYB_MUST_USE;

/* postgresql_queue.c */
bool postgresql_is_success(const PGresult *result);
/* Call before a statement is sent: begins the pipeline if none is open. Then send the statement, and call
 * postgresql_enqueue_entry(). False: the connection is lost. */
bool postgresql_enter_pipeline(struct postgresql_db *db) KYB_MUST_USE;
/* Call after a statement was sent in the pipeline. queued->what must stay valid until the results are read. */
void postgresql_enqueue_entry(struct postgresql_db *db, const struct postgresql_queue_entry *queued);
void postgresql_queue_text(struct postgresql_db *db, const char *text);
/* Call after a statement was sent: reads the results of the statements in the pipeline, and returns the result of
 * this last statement. NULL: the connection is lost. */
PGresult *postgresql_take_result(struct postgresql_db *db);
/* Reads the results of all statements in the pipeline, and ends the pipeline. */
void postgresql_drain(struct postgresql_db *db);
PGresult *postgresql_exec(struct postgresql_db *db, const char *text);
/* Runs a query. *result is set even if the query failed; the caller must clear it. */
enum err postgresql_query_rows(struct postgresql_db *db, const char *what, const char *text, PGresult **result,
			       struct error *error);
/* Calls postgresql_drain(), and returns the first failure of a statement in the pipeline. */
enum err postgresql_finish_pipeline(struct postgresql_db *db, struct error *error);
enum err postgresql_flush(struct db *db, struct error *error);

/* Call before a statement is sent: records whether its text may change rows. */
void postgresql_track_changes(struct postgresql_db *db, const char *text);
void postgresql_add_changed_rows(struct postgresql_db *db, const char *rows);
enum err postgresql_mark_changed_rows(struct db *db, struct error *error);

/* The next functions predict the ids of new rows (postgresql_queue.c). text: text of the INSERT statement. */
/* Returns 0 if the id cannot be predicted: the caller then waits for the result */
int64_t postgresql_ids_predict(struct postgresql_db *db, const char *text);
/* Records the id that the server has returned */
void postgresql_ids_record(struct postgresql_db *db, const char *text, int64_t id);
void postgresql_ids_forget(struct postgresql_db *db);
void postgresql_ids_forget_table(struct postgresql_db *db,
				 const char *text); /* call for an INSERT that does not return its id */

/* postgresql_open.c */
enum err postgresql_open(const struct db_options *options, struct db **out, struct error *error);
void postgresql_close(struct db *db);
/* If the connection is lost, makes a new one. The open transaction is lost with the old connection. */
enum err postgresql_reconnect(struct postgresql_db *db, struct error *error);
/* Whether an unencrypted connection leaves the machine and is not allowed by sslmode=disable. */
bool postgresql_needs_encryption(const char *host, const char *address, const char *sslmode);
char *postgresql_shown_address(const char *url);
enum err postgresql_open_model(struct db *db, struct db **model, struct error *error);
void postgresql_close_model(struct db *model);

/* postgresql_run.c: runs statements without parameters; the text may have several statements. */
enum err postgresql_run(struct postgresql_db *db, const char *text, struct error *error);
/* Reads a whole number from the first row; 0 if the query returns no row. */
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
enum err postgresql_run_insert(struct db *db, void *statement, int64_t *id, struct error *error);
void postgresql_reset(void *statement);

/* The whole number in a column of the current row. */
int64_t postgresql_get_int(void *statement, int column);

/* postgresql_fill.c */
enum err postgresql_list_tables(struct db *db, struct arena *arena, struct db_table **items, size_t *count,
				struct error *error);
enum err postgresql_fill_begin(struct db *db, struct error *error);
enum err postgresql_fill_table(struct db *db, const struct db_table *table, struct error *error);
enum err postgresql_fill_row(struct db *db, const struct db_value *values, struct error *error);
enum err postgresql_fill_end(struct db *db, bool keep, struct error *error);

/* The value of a part of the address of the store; "": none. */
const char *postgresql_option(const PQconninfoOption *options, const char *keyword);

/* Types of values, as OIDs. These OIDs are the same on every server (pg_type.dat). */
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
	char number[32]; /* memory for a number that is bound as text */
};

struct postgresql_statement {
	struct postgresql_db *db;
	char *name; /* name of the statement in this program, for example "session.load" */
	char *text;
	char prepared_name[32]; /* name of the prepared statement on the server; "": not prepared */
	unsigned long long connection_number;
	int parameter_count;
	struct postgresql_value *values;
	/* For each parameter, whether the text uses it: the server cannot infer the type of a parameter that is not
	 * used */
	bool *used_parameters;
	Oid *types;	     /* types of the parameters when the statement was prepared */
	uint64_t bound_bits; /* one bit for each of the first 64 parameters: set if the parameter is bound */
	bool has_started, has_run;
	bool awaits_rows;	/* the statement was sent ahead, and its rows were not received yet */
	bool wants_custom_plan; /* the server plans each run for the values of its parameters */
	PGresult *result;
	int row;	    /* index of the current row in the result */
	struct arena bytes; /* memory of unescaped bytes of the rows */
};

#endif
