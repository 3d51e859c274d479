#include "flat_json.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

enum { INSERT, UPDATE, LOAD };
enum load_column {
	LOAD_ROW,
	LOAD_UUID,
	LOAD_ROUND,
	LOAD_STEP,
	LOAD_FIELDS,
	LOAD_TYPES,
	LOAD_MESSAGE,
	LOAD_STATE,
	LOAD_ASKED_BY,
	LOAD_ASKED_AT,
	LOAD_ANSWERED_AT,
	LOAD_CLOSED_AT,
	LOAD_BEFORE,
	LOAD_AFTER
};
static const struct sql statements[] = {
	[INSERT] = { "correction.insert",
		     "INSERT INTO correction (round, step, fields, document_types, message, state, asked_by, "
		     "asked_at, answered_at, closed_at, before, after, session_id, uuid) "
		     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)" },
	[UPDATE] = { "correction.update",
		     "UPDATE correction SET round = $1, step = $2, fields = $3, document_types = $4, message = $5, "
		     "state = $6, asked_by = $7, asked_at = $8, answered_at = $9, closed_at = $10, before = $11, "
		     "after = $12 WHERE id = $13" },
	[LOAD] = { "correction.load",
		   "SELECT id, uuid, round, step, fields, document_types, message, state, asked_by, "
		   "asked_at, answered_at, closed_at, before, after "
		   "FROM correction WHERE session_id = $1 ORDER BY id" },
};
const struct sql_list correction_sql = SQL_LIST(statements);

/* id: the session for INSERT, the correction's row for UPDATE. */
static enum err write(struct store *store, int statement, const struct correction *correction, int64_t id,
		      struct error *error)
{
	struct query *query = NULL;
	struct strbuf fields = STRBUF_INIT;
	struct strbuf types = STRBUF_INIT;
	enum err err = db_query(store->db, &statements[statement], &query, error);
	if (err)
		return err;
	flat_add_list(&fields, correction->field_ids, correction->field_count);
	flat_add_list(&types, correction->document_types, correction->document_type_count);
	query_int(query, 1, correction->round);
	query_text(query, 2, correction->step_id);
	query_text(query, 3, fields.buf);
	query_text(query, 4, types.buf);
	query_text(query, 5, correction->message);
	query_text(query, 6, correction_state_text(correction->state));
	query_text(query, 7, correction->asked_by);
	query_time(query, 8, correction->asked_at);
	query_time(query, 9, correction->answered_at);
	query_time(query, 10, correction->closed_at);
	query_text(query, 11, correction->before_json);
	query_text(query, 12, correction->after_json);
	query_int(query, 13, id);
	if (statement == INSERT)
		query_text(query, 14, correction->id);
	err = query_run(query, error);
	strbuf_release(&fields);
	strbuf_release(&types);
	return err;
}

enum err store_correction_insert(struct store *store, int64_t session, struct correction *correction,
				 struct error *error)
{
	enum err err = write(store, INSERT, correction, session, error);
	if (!err)
		correction->row = store->db->driver->last_row(store->db);
	return err;
}

enum err store_correction_update(struct store *store, const struct correction *correction, struct error *error)
{
	return write(store, UPDATE, correction, correction->row, error);
}

static enum err read_row(const struct store *store, const struct query *query, struct arena *arena,
			 struct correction *correction, struct error *error)
{
	correction_init(correction);
	correction->row = row_int(query, LOAD_ROW);
	correction->id = row_text(query, LOAD_UUID, arena);
	correction->round = row_int(query, LOAD_ROUND);
	correction->step_id = row_text(query, LOAD_STEP, arena);
	correction->message = row_text(query, LOAD_MESSAGE, arena);
	correction->asked_by = row_text(query, LOAD_ASKED_BY, arena);
	correction->asked_at = row_time(query, LOAD_ASKED_AT);
	correction->answered_at = row_time(query, LOAD_ANSWERED_AT);
	correction->closed_at = row_time(query, LOAD_CLOSED_AT);
	correction->before_json = row_text(query, LOAD_BEFORE, arena);
	correction->after_json = row_text(query, LOAD_AFTER, arena);
	if (!flat_read_list(arena, row_view(query, LOAD_FIELDS), &correction->field_ids, &correction->field_count))
		return row_damaged(store, "correction", correction->row, "fields", error);
	if (!flat_read_list(arena, row_view(query, LOAD_TYPES), &correction->document_types,
			    &correction->document_type_count))
		return row_damaged(store, "correction", correction->row, "document_types", error);
	if (!correction_state_parse(row_view(query, LOAD_STATE), &correction->state))
		return row_damaged(store, "correction", correction->row, "state", error);
	return ERR_OK;
}

enum err corrections_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
			  struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	enum err err = db_query(store->db, &statements[LOAD], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	while (!err && !(err = query_next(query, &row, error)) && row)
		err = read_row(store, query, arena,
			       ARENA_PUSH(arena, out->corrections, out->correction_count, capacity), error);
	query_end(query);
	return err;
}
