#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/processing.h"

enum { DUE };
static const struct sql statements[] = {
	[DUE] = { "processing.due", "SELECT id FROM session WHERE process_at IS NOT NULL AND process_at <= $1 "
				    "ORDER BY process_at, id LIMIT $2" },
};
enum { SET, INSERT_ATTEMPT, ATTEMPTS };
static const struct row_sql rows_of[] = {
	[SET] = { .sql = { "processing.set", "WHERE id = $1" },
		  .verb = ROW_UPDATE,
		  .table = &session_columns,
		  .key_count = 1,
		  .with = COLUMN_OF_PROCESSING },
	[INSERT_ATTEMPT] = { .sql = { "processing.insert_attempt", NULL },
			     .verb = ROW_INSERT,
			     .table = &attempt_columns,
			     .keys = "session_id",
			     .key_count = 1 },
	[ATTEMPTS] = { .sql = { "processing.attempts", "FROM attempt WHERE session_id = $1 ORDER BY number" },
		       .verb = ROW_SELECT,
		       .table = &attempt_columns },
};
const struct sql_list processing_sql = SQL_LIST_BOTH(statements, rows_of);

enum err store_session_set_processing(struct store *store, const struct session *session, struct error *error)
{
	return row_update(store, &rows_of[SET], session->row, session, error);
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
	return row_update(store, &rows_of[INSERT_ATTEMPT], session, attempt, error);
}

enum err attempts_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		       struct error *error)
{
	/* Most sessions see one attempt, and are opened often. */
	if (out->session.attempt <= 1)
		return ERR_OK;
	return rows_load(store, &rows_of[ATTEMPTS], arena, session, (void **)&out->attempts, &out->attempt_count,
			 error);
}
