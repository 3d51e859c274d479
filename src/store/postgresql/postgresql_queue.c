/*
 * Statements without result rows wait in libpq's pipeline: they are sent together with the next statement with an
 * awaited result, so that they cost no separate round trip. If one of them fails, the server skips the others, and
 * the transaction has failed; the next statement, at the latest the savepoint or the commit, reports the failure.
 * Statements that were sent ahead wait in the pipeline, too, and keep their rows; each reports its own failure when
 * its rows are read.
 */
#include "postgresql_internal.h"

#include <stdlib.h>
#include <string.h>

/* COMMAND_OK, TUPLES_OK, or an empty statement. */
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

/* Reads the result of one statement; NULL: the connection is lost. */
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

/* Reads the results of `count` pending statements. */
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
		/* After a failed statement the server skips the preparation of later ones. */
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
	/* If sending fails, the connection is lost, and reading the first result reports this. */
	(void)pq.pipelineSync(db->connection);
	collect(db, count);
	if (awaited)
		result = next_result(db);
	pq.clear(pq.getResult(db->connection)); /* result of the synchronisation */
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

/* In a pipeline each text must be a single statement. */
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

enum err postgresql_rows(struct postgresql_db *db, const char *what, const char *text, PGresult **result,
			 struct error *error)
{
	*result = postgresql_exec(db, text);
	return pq.resultStatus(*result) == PGRES_TUPLES_OK ? ERR_OK : postgresql_failed(db, what, *result, error);
}

enum err postgresql_finish(struct postgresql_db *db, struct error *error)
{
	postgresql_settle(db);
	return db->late.code ? error_set(error, db->late.code, "%s", db->late.message) : ERR_OK;
}

/* The statement that reads the changed rows is sent together with the pending statements. */
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
