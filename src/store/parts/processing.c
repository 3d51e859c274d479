#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/processing.h"

enum { DUE, PLAYED };
static const struct sql statements[] = {
	[DUE] = { "processing.due", "SELECT id FROM session WHERE process_at IS NOT NULL AND process_at <= $1 "
				    "ORDER BY process_at, id LIMIT $2" },
	[PLAYED] = { "processing.played",
		     "SELECT id FROM session WHERE {has subject_name, '#'} AND status IN ('draft', 'active', "
		     "'completed', 'processing', 'processed', 'manual_review') AND updated_at <= $1 "
		     "ORDER BY updated_at DESC, id DESC LIMIT $2" },
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
	[ATTEMPTS] = ROWS_OF(attempt_columns, "processing.attempts",
			     "FROM attempt WHERE session_id = $1 ORDER BY number"),
};
const struct sql_list processing_sql = SQL_LIST_BOTH(statements, rows_of);

enum err store_session_set_processing(struct store *store, const struct session *session, struct error *error)
{
	return row_write(store, &rows_of[SET], PARAMS(db_int(session->row)), session, error);
}

enum err store_sessions_to_process(struct store *store, struct arena *arena, struct due_rows *due,
				   struct error *error)
{
	return due_rows_read(store, &statements[DUE], arena, due, error);
}

enum err store_sessions_to_simulate(struct store *store, struct arena *arena, struct due_rows *due,
				    struct error *error)
{
	return due_rows_read(store, &statements[PLAYED], arena, due, error);
}

enum err store_attempt_insert(struct store *store, int64_t session, const struct attempt *attempt,
			      struct error *error)
{
	return row_write(store, &rows_of[INSERT_ATTEMPT], PARAMS(db_int(session)), attempt, error);
}

enum err attempts_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		       struct error *error)
{
	/* Most sessions have only one attempt, so opening them saves a query. */
	if (out->session.attempt <= 1)
		return ERR_OK;
	return rows_load(&(struct row_reader){ store, &rows_of[ATTEMPTS], arena }, PARAMS(db_int(session)),
			 (void **)&out->attempts, &out->attempt_count, error);
}
