#include "postgresql_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* --- watching. Detects changes by other connections. Each commit increments kybdesk_store.changes and sends a
 * notification. Between transactions the count is read only after a notification, so that a watching screen sends no
 * queries. A transaction reads the count when it begins, since notifications arrive only between transactions. --- */

#define CHANNEL "kybdesk"

static const char postgresql_notification[] = "SELECT pg_notify('" CHANNEL "', current_schema())";

static bool start_listening(struct postgresql_db *db)
{
	if (!db->listening)
		db->listening = postgresql_run(db, "LISTEN " CHANNEL, NULL) == ERR_OK;
	return db->listening;
}

/* Whether another connection to the database has sent a notification, or this connection is lost. The notification
 * may be about another store, so the caller must then read the commit count of its own store. */
static bool was_notified(struct postgresql_db *db)
{
	bool notified = false;
	PGnotify *notice;

	if (!pq.consumeInput(db->connection)) {
		db->is_conn_lost = true;
		return true;
	}
	while ((notice = pq.notifies(db->connection))) {
		notified = notified || notice->be_pid != pq.backendPID(db->connection);
		pq.freemem(notice);
	}
	return notified;
}

int64_t postgresql_data_version(struct db *base)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	bool known = !base->depth && db->listening;
	int64_t changes = 0;

	if (base->depth && db->is_version_read)
		return db->data_version;
	if (known && !was_notified(db))
		return db->data_version;
	/* Listens before the commit count is read, so that this connection is notified of each later commit. */
	if (!base->depth && (postgresql_reconnect(db, NULL) || !start_listening(db)))
		return db->data_version;
	if (db->store_exists && !postgresql_query_int(db, "SELECT changes FROM kybdesk_store", &changes, NULL))
		db->data_version = changes - db->own_commit_count;
	return db->data_version;
}

/* --- transactions and scripts --- */

/* Minimum pause. If the computed pause is shorter, bulk work does not pause: the wait was probably only the round
 * trip, and no other writer was waiting. */
#define BACKOFF_MIN_MS 5
#define BACKOFF_MAX_MS 200

static struct postgresql_db *db_of(struct db *db)
{
	return (struct postgresql_db *)db;
}

enum err postgresql_run(struct postgresql_db *db, const char *text, struct error *error)
{
	PGresult *result = postgresql_exec(db, text);
	enum err err = postgresql_is_success(result) ? ERR_OK : postgresql_set_error(db, text, result, error);

	pq.clear(result);
	return err;
}

enum err postgresql_query_int(struct postgresql_db *db, const char *text, int64_t *number, struct error *error)
{
	PGresult *result = postgresql_exec(db, text);
	enum err err = postgresql_is_success(result) ? ERR_OK : postgresql_set_error(db, text, result, error);

	*number = 0;
	if (!err && pq.ntuples(result) > 0 && !pq.getisnull(result, 0, 0))
		*number = strtoll(pq.getvalue(result, 0, 0), NULL, 10);
	pq.clear(result);
	return err;
}

static const char numbers[] = "; SELECT version, changes FROM kybdesk_store";

/* Begins a transaction. The text may end with the query `numbers`, so that this query needs no round trip of its
 * own. */
static enum err run_begin(struct postgresql_db *db, const char *text, struct error *error)
{
	PGresult *result = postgresql_exec(db, text);
	enum err err = postgresql_is_success(result) ? ERR_OK : postgresql_set_error(db, text, result, error);

	db->is_version_read = !err && pq.ntuples(result) == 1 && pq.nfields(result) == 2;
	db->schema_version = db->is_version_read ? strtoll(pq.getvalue(result, 0, 0), NULL, 10) : 0;
	if (db->is_version_read)
		db->data_version = strtoll(pq.getvalue(result, 0, 1), NULL, 10) - db->own_commit_count;
	pq.clear(result);
	return err;
}

/* Begins a transaction. If the connection is lost, tries once more on a new connection, since the transaction has
 * not done anything yet. */
static enum err run_begin_retrying(struct postgresql_db *db, const char *text, struct error *error)
{
	enum err err = postgresql_reconnect(db, error);

	if (!err)
		err = run_begin(db, text, error);
	if (!err || !postgresql_lost_connection(db))
		return err;
	err = postgresql_reconnect(db, error);
	return err ? err : run_begin(db, text, error);
}

/* Makes bulk work pause before it requests the lock. The server grants the lock in the order of the requests, so
 * without a pause bulk work would get it every second time. The pause is twice as long as the last wait for the lock.
 * Since this wait may have been short only by chance, the pause is also at least half as long as the previous pause. */
static void pause_after_wait(struct postgresql_db *db)
{
	int64_t ms = 2 * db->waited_ms > db->bulk_pause_ms / 2 ? 2 * db->waited_ms : db->bulk_pause_ms / 2;
	struct timespec pause;

	if (!db->skips_sync)
		return;
	db->bulk_pause_ms = ms < BACKOFF_MIN_MS ? 0 : ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
	pause = (struct timespec){ .tv_nsec = db->bulk_pause_ms * 1000000 };
	if (db->bulk_pause_ms)
		(void)nanosleep(&pause, NULL);
}

/* Begins a write transaction. Unless `skips_lock` is set, the transaction takes the lock first and reads afterwards
 * (READ COMMITTED), so that it sees all commits before the lock. */
static enum err begin_write(struct postgresql_db *db, bool skips_lock, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	int64_t begun;
	enum err err;

	strbuf_addf(&text, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = %d",
		    db->busy_timeout_ms);
	if (!skips_lock)
		strbuf_adds(&text, "; SELECT pg_advisory_xact_lock(hashtextextended(current_schema(), 20260101)); "
				   "SET LOCAL lock_timeout = 0");
	if (db->base.capture)
		/* Set in each transaction: a default of the role or of the database for kybdesk.touched would
		 * otherwise list rows that this program has not changed. */
		strbuf_adds(&text, "; SET LOCAL kybdesk.capture = 'on'; SET LOCAL kybdesk.touched = ''; "
				   "SET LOCAL client_min_messages = notice");
	if (!skips_lock && db->store_exists)
		strbuf_adds(&text, numbers);
	pause_after_wait(db);
	begun = world_monotonic_ms(world_real());
	err = run_begin_retrying(db, text.buf, error);
	db->waited_ms = world_monotonic_ms(world_real()) - begun;
	db->records_changed_rows = !err && db->base.capture;
	strbuf_release(&text);
	return err;
}

static enum err begin_model(struct postgresql_db *db, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum err err;

	strbuf_addf(&text, "BEGIN READ WRITE; CREATE SCHEMA %s; SET LOCAL search_path TO %s", db->model_schema,
		    db->model_schema);
	err = run_begin_retrying(db, text.buf, error);
	strbuf_release(&text);
	return err;
}

static enum err begin_read(struct postgresql_db *db, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum err err;

	strbuf_adds(&text, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	if (db->read_pause_ms)
		strbuf_addf(&text, "; SET LOCAL idle_in_transaction_session_timeout = %lld",
			    (long long)db->read_pause_ms);
	if (db->store_exists)
		strbuf_adds(&text, numbers);
	err = run_begin_retrying(db, text.buf, error);
	strbuf_release(&text);
	return err;
}

enum err postgresql_begin(struct db *base, enum db_begin mode, struct error *error)
{
	struct postgresql_db *db = db_of(base);
	enum err err;

	postgresql_rollback(base);
	db->changed = false;
	db->records_changed_rows = db->may_have_touched_rows = false;
	db->skips_lock = mode == DB_WRITE_CONCURRENT;
	postgresql_ids_forget(db);
	if (mode != DB_READ && db->readonly)
		return error_set(error, ERR_STORE, "store %s was opened for reading only", db->display_path);
	if (mode == DB_READ)
		err = begin_read(db, error);
	else
		err = db->model_schema ? begin_model(db, error) : begin_write(db, db->skips_lock, error);
	if (err)
		postgresql_rollback(base);
	return err;
}

void postgresql_rollback(struct db *base)
{
	struct postgresql_db *db = db_of(base);

	postgresql_drain(db);
	error_release(&db->queue_error);
	if (!postgresql_lost_connection(db) && pq.transactionStatus(db->connection) != PQTRANS_IDLE)
		(void)postgresql_run(db, "ROLLBACK", NULL);
}

/* Increments the store's count of commits, which other connections read, and returns the id of the transaction in
 * `number`. */
static enum err increment_commit_count(struct postgresql_db *db, char number[32], struct error *error)
{
	PGresult *result;
	enum err err = ERR_OK;

	postgresql_queue_text(db, postgresql_notification);
	result = postgresql_exec(db, "UPDATE kybdesk_store SET changes = changes + 1 RETURNING pg_current_xact_id()");
	if (pq.resultStatus(result) == PGRES_TUPLES_OK && pq.ntuples(result) == 1)
		(void)snprintf(number, 32, "%s", pq.getvalue(result, 0, 0));
	else
		err = postgresql_set_error(db, "the update of the count of changes", result, error);
	pq.clear(result);
	return err;
}

#define COMMIT_PAUSE_MS 50
#define COMMIT_TRIES 40 /* two seconds in total */

/* Call if the connection was lost during a commit: asks the server on a new connection whether the transaction
 * `number` was committed. A standby that took over may not know of the commit, and may use the number again for another
 * transaction: so its answer says nothing. */
static enum err query_commit_result(struct postgresql_db *db, const char *number, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	int64_t kept = -1, timeline = db->timeline;
	bool skips_sync = db->skips_sync;
	enum err err;

	/* While skips_sync is set, postgresql_reconnect() fails, because earlier commits may be lost. This function
	 * asks only about one commit. */
	db->skips_sync = false;
	err = postgresql_reconnect(db, NULL);
	db->skips_sync = skips_sync;
	strbuf_addf(&text,
		    "SELECT CASE pg_xact_status('%s'::xid8) WHEN 'committed' THEN 1 WHEN 'aborted' THEN 0 WHEN "
		    "'in progress' THEN 2 ELSE -1 END",
		    number);
	/* A server that has not noticed yet that the connection is lost still counts the transaction as in progress. */
	for (unsigned tries = 0; !err && (tries == 0 || kept == 2) && tries < COMMIT_TRIES; tries++) {
		if (tries)
			(void)nanosleep(&(struct timespec){ .tv_nsec = COMMIT_PAUSE_MS * 1000000L }, NULL);
		err = postgresql_query_int(db, text.buf, &kept, NULL);
	}
	if (db->timeline != timeline)
		kept = -1;
	strbuf_release(&text);
	if (!err && kept == 1)
		return ERR_OK;
	if (!err && kept == 0)
		return error_set(error, ERR_STORE,
				 "The connection to store %s was lost; nothing was changed, try again",
				 db->display_path);
	return error_set(error, ERR_STORE,
			 "The connection to store %s was lost during a commit; check whether the change was saved "
			 "before you try again",
			 db->display_path);
}

static enum err commit_changed_rows(struct postgresql_db *db, struct error *error)
{
	char number[32];
	enum err err = increment_commit_count(db, number, error);

	if (err)
		return err;
	err = postgresql_run(db, "COMMIT", error);
	if (err && postgresql_lost_connection(db))
		err = query_commit_result(db, number, error);
	if (!err)
		db->own_commit_count++;
	return err;
}

/* Commits the transaction. If the transaction has failed, the server would roll it back at COMMIT and still report
 * success: so failures are checked before COMMIT. */
enum err postgresql_commit(struct db *base, struct error *error)
{
	struct postgresql_db *db = db_of(base);
	enum err err = postgresql_finish_pipeline(db, error);

	if (err) {
		postgresql_rollback(base);
		return err;
	}
	if (postgresql_lost_connection(db) || pq.transactionStatus(db->connection) != PQTRANS_INTRANS) {
		postgresql_rollback(base);
		return error_set(error, ERR_STORE,
				 "store %s rolled back the transaction after a failure; nothing was changed, try again",
				 db->display_path);
	}
	/* The commit of a heartbeat (DB_WRITE_CONCURRENT) is not counted, so that it does not wake the workers that
	 * watch the count. */
	err = db->changed && db->store_exists && !db->skips_lock ? commit_changed_rows(db, error)
								 : postgresql_run(db, "COMMIT", error);
	if (err)
		postgresql_rollback(base);
	return err;
}

bool postgresql_blocks_writers(struct db *db)
{
	static const struct sql waiters = {
		"postgresql.waiters",
		"SELECT count(*) FROM pg_catalog.pg_locks AS own JOIN pg_catalog.pg_locks AS other ON "
		"other.locktype = 'advisory' AND NOT other.granted AND (other.database, other.classid, "
		"other.objid) = "
		"(own.database, own.classid, own.objid) "
		"WHERE own.locktype = 'advisory' AND own.granted AND own.pid = pg_backend_pid()"
	};
	int64_t waiting = 0;
	enum err err = db_get_int(db, &waiters, NULL, &waiting, NULL);

	/* After an error the transaction has failed and should end soon, as if another writer was waiting. */
	return err || waiting > 0;
}

enum err postgresql_savepoint(struct db *base, enum db_savepoint what, struct error *error)
{
	struct postgresql_db *db = db_of(base);

	switch (what) {
	case DB_SAVEPOINT_BEGIN:
		postgresql_queue_text(db, "SAVEPOINT part");
		return ERR_OK;
	case DB_SAVEPOINT_KEEP:
		return postgresql_run(db, "RELEASE SAVEPOINT part", error);
	case DB_SAVEPOINT_LEAVE:
		postgresql_drain(db);
		if (!db->queue_error.code && pq.transactionStatus(db->connection) == PQTRANS_INTRANS) {
			postgresql_queue_text(db, "RELEASE SAVEPOINT part");
			return ERR_OK;
		}
		/* If a statement after the savepoint has failed, the savepoint is rolled back, too. */
		/* fall through */
	case DB_SAVEPOINT_ROLL_BACK:
		postgresql_drain(db);
		/* If a statement failed, the server has skipped the statements after it, and not used their ids */
		postgresql_ids_forget(db);
		error_release(&db->queue_error);
		return postgresql_run(db, "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part", error);
	}
	BUG("%u is not an operation on a savepoint", (unsigned)what);
}
