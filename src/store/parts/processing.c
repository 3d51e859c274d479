#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/processing.h"

STATEMENT(sql_due, "processing.due",
	  "SELECT id FROM session WHERE process_at IS NOT NULL AND process_at <= $1 ORDER BY process_at, id LIMIT "
	  "$2");
STATEMENT(sql_played, "processing.played",
	  "SELECT id FROM session WHERE {has subject_name, '#'} AND status IN ('draft', 'active', 'completed', "
	  "'processing', 'processed', 'manual_review') AND updated_at <= $1 ORDER BY updated_at DESC, id DESC "
	  "LIMIT $2");
ROW_STATEMENT(sql_set, ROW_UPDATE, session_columns, "processing.set", "WHERE id = $1", .key_count = 1,
	      .with = COLUMN_OF_PROCESSING);
ROW_STATEMENT(sql_insert_attempt, ROW_INSERT, attempt_columns, "processing.insert_attempt", NULL,
	      .keys = "session_id", .key_count = 1);
ROW_STATEMENT(sql_attempts, ROW_SELECT, attempt_columns, "processing.attempts",
	      "FROM attempt WHERE session_id = $1 ORDER BY number");

enum err store_session_set_processing(struct store *store, const struct session *session, struct error *error)
{
	return row_write(store, &sql_set, PARAMS(db_int(session->row)), session, error);
}

enum err store_sessions_to_process(struct store *store, struct arena *arena, struct due_rows *due,
				   struct error *error)
{
	return due_rows_read(store, &sql_due, arena, due, error);
}

enum err store_sessions_to_simulate(struct store *store, struct arena *arena, struct due_rows *due,
				    struct error *error)
{
	return due_rows_read(store, &sql_played, arena, due, error);
}

enum err store_attempt_insert(struct store *store, int64_t session, const struct attempt *attempt,
			      struct error *error)
{
	return row_write(store, &sql_insert_attempt, PARAMS(db_int(session)), attempt, error);
}

enum err attempts_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		       struct error *error)
{
	/* Most sessions have only one attempt, so opening them saves a query. */
	if (out->session.attempt <= 1)
		return ERR_OK;
	return rows_load(&(struct row_reader){ store, &sql_attempts, arena }, PARAMS(db_int(session)),
			 (void **)&out->attempts, &out->attempt_count, error);
}
