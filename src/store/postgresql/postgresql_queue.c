/*
 * Statements without result rows wait in libpq's pipeline: they are sent together with the next one that is waited for,
 * so that they need no messages of their own. If one of them fails, the server skips the others; the transaction has
 * failed then, and the next statement reports the failure: at the latest the savepoint or the commit. Statements that
 * were sent ahead wait there too, and keep their rows; each reports its own failure when its rows are read.
 */
#include "postgresql_internal.h"

#include <stdlib.h>
#include <string.h>

/* COMMAND_OK and TUPLES_OK; an empty text has not failed, either. */
bool postgresql_is_good(const PGresult *result)
{
	ExecStatusType status = pq.resultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/* Counts the rows that a statement changed. */
static void note_change(struct postgresql_db *db, PGresult *result)
{
	const char *done = pq.cmdStatus(result);

	if (strncmp(done, "INSERT", 6) != 0 && strncmp(done, "UPDATE", 6) != 0 && strncmp(done, "DELETE", 6) != 0)
		return;
	db->affected = strtoll(pq.cmdTuples(result), NULL, 10);
	db->changed = db->changed || db->affected > 0;
}

/* The result of one statement; NULL if the connection is lost. */
static PGresult *next_result(struct postgresql_db *db)
{
	PGresult *result = pq.getResult(db->connection), *more;

	while (result && (more = pq.getResult(db->connection))) {
		pq.clear(result);
		result = more;
	}
	if (postgresql_is_good(result))
		note_change(db, result);
	return result;
}

/* Reads the results of all that waited. */
static void collect(struct postgresql_db *db, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct postgresql_queued *queued = &db->queued[i];
		PGresult *result = next_result(db);

		if (queued->statement) {
			queued->statement->result = result;
			queued->statement->waits = false;
			continue;
		}
		/* Behind a failed statement the server prepares none. */
		if (queued->prepared && !postgresql_is_good(result))
			queued->prepared->handle[0] = '\0';
		if (!postgresql_is_good(result) && !db->late.code)
			(void)postgresql_failed(db, queued->what, result, &db->late);
		else if (queued->id && !db->late.code)
			postgresql_ids_compare(db, queued, result);
		pq.clear(result);
	}
}

static PGresult *end_pipeline(struct postgresql_db *db, bool awaited)
{
	size_t count = db->queued_count;
	PGresult *result = NULL;

	db->queued_count = 0;
	/* If sending fails, the connection has failed: the first result that is read reports it. */
	(void)pq.pipelineSync(db->connection);
	collect(db, count);
	if (awaited)
		result = next_result(db);
	pq.clear(pq.getResult(db->connection)); /* of the synchronisation */
	(void)pq.exitPipelineMode(db->connection);
	return result;
}

void postgresql_settle(struct postgresql_db *db)
{
	if (db->queued_count)
		pq.clear(end_pipeline(db, false));
}

PGresult *postgresql_take(struct postgresql_db *db)
{
	return db->queued_count ? end_pipeline(db, true) : next_result(db);
}

bool postgresql_queue(struct postgresql_db *db)
{
	if (db->queued_count == POSTGRESQL_QUEUE_MAX)
		postgresql_settle(db);
	return db->queued_count || pq.enterPipelineMode(db->connection);
}

void postgresql_queued(struct postgresql_db *db, const struct postgresql_queued *queued)
{
	db->queued[db->queued_count++] = *queued;
}

void postgresql_queue_text(struct postgresql_db *db, const char *text)
{
	if (!postgresql_queue(db))
		return;
	(void)pq.sendQueryParams(db->connection, text, 0, NULL, NULL, NULL, NULL, 0);
	postgresql_queued(db, &(struct postgresql_queued){ .what = text });
}

/* A pipeline takes one statement at a time. */
PGresult *postgresql_exec(struct postgresql_db *db, const char *text)
{
	if (db->queued_count && !strchr(text, ';')) {
		postgresql_note_text(db, text);
		(void)pq.sendQueryParams(db->connection, text, 0, NULL, NULL, NULL, NULL, 0);
		return postgresql_take(db);
	}
	postgresql_settle(db);
	postgresql_note_text(db, text);
	return pq.exec(db->connection, text);
}

enum err postgresql_finish(struct postgresql_db *db, struct error *error)
{
	postgresql_settle(db);
	return db->late.code ? error_set(error, db->late.code, "%s", db->late.message) : ERR_OK;
}

/* The read of the changed rows goes with the statements that wait. */
enum err postgresql_flush(struct db *base, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	enum err err;

	if (!db->notes_rows || db->late.code)
		return postgresql_finish(db, error);
	if (!db->touched)
		return ERR_OK;
	err = postgresql_read_touched(db, error);
	return err ? err : postgresql_finish(db, error);
}
