/* The pipeline of libpq. Statements without result rows wait in it: they are sent together with the next statement
 * that has an awaited result, so they need no round trip of their own. If one of them fails, the server skips the
 * statements after it, and the transaction has failed; the next statement with an awaited result reports the
 * failure, at the latest the savepoint or the commit.
 *
 * Statements with rows can be sent ahead: they wait in the pipeline, too, and their rows are kept until they are
 * read. If such a statement fails, this is reported when its rows are read. */
#include "postgresql_internal.h"

#include <stdlib.h>
#include <string.h>

/* --- rows. Collects the rows that a transaction changes, for their commitments. The triggers of the tables
 * (row_touched() of the migrations) append each changed row to a setting of the transaction, as "TABLE KEY;"; they
 * send a long list as a notice. The rollback of a savepoint restores the setting. --- */

#define TOUCHED_ROWS_SETTING "kybdesk.touched"
static const char mark[] = "|";

#define TABLE_SIZE 64
/* Copies the name of a table, up to a space, a bracket or a semicolon; false: the name is too long. */
static bool copy_table_name(const char *text, char out[TABLE_SIZE])
{
	size_t length = strcspn(text, " (;");

	if (length >= TABLE_SIZE)
		return false;
	memcpy(out, text, length);
	out[length] = '\0';
	return true;
}

/* Whether the rows of the table at the start of `text` have commitments. If not, the statement changes no rows with
 * commitments: the triggers of such a table do not change rows with commitments, either. */
static bool has_commitments(const struct db *db, const char *text)
{
	char table[TABLE_SIZE];

	return !copy_table_name(text, table) || db->capture->table_number(table) >= 0;
}

void postgresql_track_changes(struct postgresql_db *db, const char *text)
{
	static const char *const changing[] = { "INSERT INTO ", "UPDATE ", "DELETE FROM " };
	static const char *const harmless[] = { "SELECT", "SAVEPOINT", "RELEASE", "COMMIT", "DEALLOCATE" };

	if (!db->records_changed_rows || db->may_have_touched_rows)
		return;
	for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
		if (!strncmp(text, changing[i], strlen(changing[i]))) {
			db->may_have_touched_rows = has_commitments(&db->base, text + strlen(changing[i]));
			return;
		}
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (!strncmp(text, harmless[i], strlen(harmless[i])))
			return;
	/* A rollback to a savepoint also gets here: the setting kybdesk.touched may then contain rows again that
	 * were read before. */
	db->may_have_touched_rows = true;
}

void postgresql_add_changed_rows(struct postgresql_db *db, const char *rows)
{
	for (const char *at = rows, *end; (end = strchr(at, ';')); at = end + 1) {
		char table[TABLE_SIZE];

		if (!strncmp(at, mark, sizeof mark - 1)) {
			db->base.touched_count_at_record = db->base.touched_count;
			continue;
		}
		if (copy_table_name(at, table) && at[strlen(table)] == ' ')
			db_touch(&db->base, table, strtoll(at + strlen(table), NULL, 10));
	}
}

static enum err postgresql_read_changed_rows(struct postgresql_db *db, struct error *error)
{
	static const struct sql read = { "postgresql.touched",
					 "SELECT current_setting('" TOUCHED_ROWS_SETTING "', true), "
					 "set_config('" TOUCHED_ROWS_SETTING "', '', true)" };
	struct query *query = NULL;
	enum err err = db_query(&db->base, &read, &query, error);

	while (query_fetch_row(&query, &err, error))
		postgresql_add_changed_rows(db, row_text_view(query, 0));
	db->may_have_touched_rows = false;
	return err;
}

enum err postgresql_mark_changed_rows(struct db *base, struct error *error)
{
	static const struct sql put = { "postgresql.mark",
					"SELECT set_config('" TOUCHED_ROWS_SETTING
					"', concat(current_setting('" TOUCHED_ROWS_SETTING "', true), '|;'), true)" };
	struct postgresql_db *db = (struct postgresql_db *)base;

	return db->records_changed_rows && db->may_have_touched_rows ? db_run(base, &put, NULL, error) : ERR_OK;
}

/* --- ids. Predicts the ids of new rows. Under the write lock no other connection uses a table's sequence, so the
 * id of the first insert into a table determines the ids of the next inserts: these wait in the pipeline, without a
 * response of the server. The ids of the server are compared when they arrive. If one differs (a sequence with
 * another increment), the transaction fails, and from then on the connection waits for each id. --- */

static const char insert[] = "INSERT INTO ";

/* The name of the table into which the statement inserts, and the length of the name; NULL: the statement is not an
 * INSERT. */
static const char *inserted_table(const char *text, size_t *length)
{
	const char *name = text + sizeof insert - 1;

	if (strncmp(text, insert, sizeof insert - 1) != 0)
		return NULL;
	*length = strcspn(name, " (");
	return name;
}

static struct postgresql_last_id *find(struct postgresql_db *db, const char *name, size_t length)
{
	for (size_t i = 0; i < db->ids_count; i++)
		if (strlen(db->ids[i].table) == length && !memcmp(db->ids[i].table, name, length))
			return &db->ids[i];
	return NULL;
}

static struct postgresql_last_id *find_or_add_last_id(struct postgresql_db *db, const char *name, size_t length)
{
	struct postgresql_last_id *known = find(db, name, length);

	if (known || db->ids_count == POSTGRESQL_IDS_MAX || length >= sizeof db->ids->table)
		return known;
	known = &db->ids[db->ids_count++];
	memcpy(known->table, name, length);
	known->table[length] = '\0';
	known->id = 0;
	return known;
}

void postgresql_ids_forget(struct postgresql_db *db)
{
	db->ids_count = 0;
}

void postgresql_ids_forget_table(struct postgresql_db *db, const char *text)
{
	size_t length = 0;
	const char *name = inserted_table(text, &length);
	struct postgresql_last_id *known = name ? find(db, name, length) : NULL;

	if (known)
		known->id = 0;
}

int64_t postgresql_ids_predict(struct postgresql_db *db, const char *text)
{
	size_t length = 0;
	const char *name = inserted_table(text, &length);
	struct postgresql_last_id *known = name ? find(db, name, length) : NULL;
	bool alone = db->base.writing && !db->skips_lock && !db->model_schema && !db->must_await_ids;

	return alone && known && known->id ? ++known->id : 0;
}

void postgresql_ids_record(struct postgresql_db *db, const char *text, int64_t id)
{
	size_t length = 0;
	const char *name = inserted_table(text, &length);
	struct postgresql_last_id *known = name ? find_or_add_last_id(db, name, length) : NULL;

	if (known)
		known->id = id;
}

static void postgresql_ids_check(struct postgresql_db *db, const struct postgresql_queue_entry *queued,
				 const PGresult *result)
{
	if (pq.ntuples(result) == 1 && strtoll(pq.getvalue(result, 0, 0), NULL, 10) == queued->id)
		return;
	db->must_await_ids = true;
	if (!db->queue_error.code)
		(void)error_set(&db->queue_error, ERR_STORE,
				"store %s gave a new row an unexpected number (%s); nothing was changed, try again",
				db->display_path, queued->what);
}

/* --- the pipeline --- */

/* Whether the statement succeeded: with rows, without rows, or as an empty text. */
bool postgresql_is_success(const PGresult *result)
{
	ExecStatusType status = pq.resultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/* If the statement was an INSERT, UPDATE or DELETE, records the number of changed rows. */
static void record_row_count(struct postgresql_db *db, PGresult *result)
{
	const char *done = pq.cmdStatus(result);

	if (strncmp(done, "INSERT", 6) != 0 && strncmp(done, "UPDATE", 6) != 0 && strncmp(done, "DELETE", 6) != 0)
		return;
	db->affected_rows = strtoll(pq.cmdTuples(result), NULL, 10);
	db->changed = db->changed || db->affected_rows > 0;
}

/* Reads the result of one statement; NULL: the connection is lost. */
static PGresult *next_result(struct postgresql_db *db)
{
	PGresult *result = postgresql_take_last(db);

	if (postgresql_is_success(result))
		record_row_count(db, result);
	return result;
}

/* Reads the results of the first `count` statements in the pipeline, and stores rows and failures. */
static void collect(struct postgresql_db *db, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct postgresql_queue_entry *queued = &db->queued[i];
		PGresult *result = next_result(db);

		if (queued->statement) {
			queued->statement->result = result;
			queued->statement->awaits_rows = false;
			continue;
		}
		/* If an earlier statement has failed, the server has skipped this preparation. */
		if (queued->prepared && !postgresql_is_success(result))
			queued->prepared->prepared_name[0] = '\0';
		if (!postgresql_is_success(result) && !db->queue_error.code)
			(void)postgresql_set_error(db, queued->what, result, &db->queue_error);
		else if (queued->id && !db->queue_error.code)
			postgresql_ids_check(db, queued, result);
		pq.clear(result);
	}
}

static PGresult *end_pipeline(struct postgresql_db *db, bool awaited)
{
	size_t count = db->queued_count;
	PGresult *result = NULL;

	db->queued_count = 0;
	/* If the connection is lost, the sending fails; collect() then records the failure. */
	(void)pq.pipelineSync(db->connection);
	collect(db, count);
	if (awaited)
		result = next_result(db);
	pq.clear(postgresql_get_result(db)); /* the result of pipelineSync() */
	(void)pq.exitPipelineMode(db->connection);
	return result;
}

void postgresql_drain(struct postgresql_db *db)
{
	if (db->queued_count)
		pq.clear(end_pipeline(db, false));
}

PGresult *postgresql_take_result(struct postgresql_db *db)
{
	return db->queued_count ? end_pipeline(db, true) : next_result(db);
}

bool postgresql_enter_pipeline(struct postgresql_db *db)
{
	if (db->queued_count == POSTGRESQL_QUEUE_MAX)
		postgresql_drain(db);
	return db->queued_count || pq.enterPipelineMode(db->connection);
}

void postgresql_enqueue_entry(struct postgresql_db *db, const struct postgresql_queue_entry *queued)
{
	db->queued[db->queued_count++] = *queued;
}

void postgresql_queue_text(struct postgresql_db *db, const char *text)
{
	if (!postgresql_enter_pipeline(db))
		return;
	(void)pq.sendQueryParams(db->connection, text, 0, NULL, NULL, NULL, NULL, 0);
	postgresql_enqueue_entry(db, &(struct postgresql_queue_entry){ .what = text });
}

/* Runs a text. In a pipeline a text can only have one statement, so the pipeline ends before a text with several
 * statements. */
PGresult *postgresql_exec(struct postgresql_db *db, const char *text)
{
	if (db->queued_count && !strchr(text, ';')) {
		postgresql_track_changes(db, text);
		(void)pq.sendQueryParams(db->connection, text, 0, NULL, NULL, NULL, NULL, 0);
		return postgresql_take_result(db);
	}
	postgresql_drain(db);
	postgresql_track_changes(db, text);
	postgresql_forget_interrupts(db);
	return pq.sendQuery(db->connection, text) ? postgresql_take_last(db) : NULL;
}

enum err postgresql_query_rows(struct postgresql_db *db, const char *what, const char *text, PGresult **result,
			       struct error *error)
{
	*result = postgresql_exec(db, text);
	return pq.resultStatus(*result) == PGRES_TUPLES_OK ? ERR_OK : postgresql_set_error(db, what, *result, error);
}

enum err postgresql_finish_pipeline(struct postgresql_db *db, struct error *error)
{
	postgresql_drain(db);
	return db->queue_error.code ? error_set(error, db->queue_error.code, "%s", db->queue_error.message) : ERR_OK;
}

/* Waits for all statements in the pipeline, and sends the statement that reads the changed rows together with them.
 * Does nothing if records_changed_rows is set, and no statement may have changed rows since the last call. */
enum err postgresql_flush(struct db *base, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	enum err err;

	if (!db->records_changed_rows || db->queue_error.code)
		return postgresql_finish_pipeline(db, error);
	if (!db->may_have_touched_rows)
		return ERR_OK;
	err = postgresql_read_changed_rows(db, error);
	return err ? err : postgresql_finish_pipeline(db, error);
}
