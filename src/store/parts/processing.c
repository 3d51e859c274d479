#include "rows.h"
#include "statements.h"
#include "kybdesk/store/processing.h"

enum { SET, DUE, INSERT_ATTEMPT, ATTEMPTS };
enum attempt_column {
	ATTEMPT_NUMBER,
	ATTEMPT_SUBMITTED_AT,
	ATTEMPT_ENDED_AT,
	ATTEMPT_RESULT,
	ATTEMPT_REASON,
	ATTEMPT_MESSAGE,
	ATTEMPT_RETRYABLE
};
static const struct sql statements[] = {
	[SET] = { "processing.set",
		  "UPDATE session SET attempt = $2, processing_since = $3, process_at = $4 WHERE id = $1" },
	[DUE] = { "processing.due", "SELECT id FROM session WHERE process_at IS NOT NULL AND process_at <= $1 "
				    "ORDER BY process_at, id LIMIT $2" },
	[INSERT_ATTEMPT] = { "processing.insert_attempt",
			     "INSERT INTO attempt (session_id, number, submitted_at, ended_at, result, reason, "
			     "message, retryable) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" },
	[ATTEMPTS] = { "processing.attempts",
		       "SELECT number, submitted_at, ended_at, result, reason, message, retryable "
		       "FROM attempt WHERE session_id = $1 ORDER BY number" },
};
const struct sql_list processing_sql = SQL_LIST(statements);

enum err store_session_set_processing(struct store *store, const struct session *session, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[SET], &query, error);
	if (err)
		return err;
	query_int(query, 1, session->row);
	query_int(query, 2, session->attempt);
	query_time(query, 3, session->processing_since);
	query_time(query, 4, session->process_at);
	return query_run(query, error);
}

enum err store_sessions_to_process(struct store *store, struct arena *arena, int64_t now, size_t limit,
				   int64_t **rows, size_t *count, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	*rows = NULL;
	*count = 0;
	enum err err = db_query(store->db, &statements[DUE], &query, error);
	if (err)
		return err;
	query_int(query, 1, now);
	query_int(query, 2, (int64_t)limit);
	while (!(err = query_next(query, &row, error)) && row)
		*ARENA_PUSH(arena, *rows, *count, capacity) = row_int(query, 0);
	query_end(query);
	return err;
}

enum err store_attempt_insert(struct store *store, int64_t session, const struct attempt *attempt,
			      struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[INSERT_ATTEMPT], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	query_int(query, 2, attempt->number);
	query_time(query, 3, attempt->submitted_at);
	query_time(query, 4, attempt->ended_at);
	query_text(query, 5, attempt_result_text(attempt->result));
	query_text(query, 6, attempt->reason);
	query_text(query, 7, attempt->message);
	query_int(query, 8, attempt->retryable);
	return query_run(query, error);
}

enum err attempts_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		       struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	/* Most sessions see one attempt, and are opened often. */
	if (out->session.attempt <= 1)
		return ERR_OK;
	enum err err = db_query(store->db, &statements[ATTEMPTS], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	while (!err && !(err = query_next(query, &row, error)) && row) {
		struct attempt *attempt = ARENA_PUSH(arena, out->attempts, out->attempt_count, capacity);
		*attempt = (struct attempt){
			.number = row_int(query, ATTEMPT_NUMBER),
			.submitted_at = row_time(query, ATTEMPT_SUBMITTED_AT),
			.ended_at = row_time(query, ATTEMPT_ENDED_AT),
			.reason = row_text(query, ATTEMPT_REASON, arena),
			.message = row_text(query, ATTEMPT_MESSAGE, arena),
			.retryable = row_int(query, ATTEMPT_RETRYABLE) != 0,
		};
		if (!attempt_result_parse(row_view(query, ATTEMPT_RESULT), &attempt->result))
			err = row_damaged(store, "attempt", attempt->number, "result", error);
	}
	query_end(query);
	return err;
}
