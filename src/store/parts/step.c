#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

enum { INSERT, UPDATE, LOAD };
enum load_column { LOAD_ROW, LOAD_NAME, LOAD_STATUS, LOAD_FIELDS, LOAD_PLACE };
static const struct sql statements[] = {
	[INSERT] = { "step.insert", "INSERT INTO step (session_id, place, name, status, fields) "
				    "VALUES ($1, $2, $3, $4, $5)" },
	[UPDATE] = { "step.update", "UPDATE step SET status = $2, fields = $3 WHERE id = $1" },
	[LOAD] = { "step.load", "SELECT id, name, status, fields, place FROM step WHERE session_id = $1" },
};
const struct sql_list step_sql = SQL_LIST(statements);

enum err store_step_insert(struct store *store, int64_t session, size_t place, struct step *step,
			   struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[INSERT], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	query_int(query, 2, (int64_t)place);
	query_text(query, 3, step->id);
	query_text(query, 4, step_status_text(step->status));
	query_text(query, 5, step->fields_json);
	err = query_run(query, error);
	if (!err)
		step->row = store->db->driver->last_row(store->db);
	return err;
}

enum err store_step_update(struct store *store, const struct step *step, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[UPDATE], &query, error);
	if (err)
		return err;
	query_int(query, 1, step->row);
	query_text(query, 2, step_status_text(step->status));
	query_text(query, 3, step->fields_json);
	return query_run(query, error);
}

struct placed_step {
	struct step step;
	int64_t place;
};

enum err steps_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		    struct error *error)
{
	struct query *query = NULL;
	struct placed_step *items = NULL;
	size_t count = 0;
	size_t capacity = 0;
	bool row = false;
	enum err err = db_query(store->db, &statements[LOAD], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	while (!(err = query_next(query, &row, error)) && row) {
		(void)ARENA_PUSH(arena, items, count, capacity);
		struct placed_step item = { .place = row_int(query, LOAD_PLACE) };
		step_init(&item.step);
		item.step.row = row_int(query, LOAD_ROW);
		item.step.id = row_text(query, LOAD_NAME, arena);
		item.step.fields_json = row_text(query, LOAD_FIELDS, arena);
		if (!step_status_parse(row_view(query, LOAD_STATUS), &item.step.status)) {
			err = row_damaged(store, "step", item.step.row, "status", error);
			break;
		}
		/* A handful of steps, found by name's index: put in place here, without a sort in the store. */
		size_t at = count - 1;
		for (; at > 0 && items[at - 1].place > item.place; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
	query_end(query);
	if (err)
		return err;
	out->step_count = count;
	out->steps = arena_alloc_array(arena, count, sizeof *out->steps);
	for (size_t i = 0; i < count; i++)
		out->steps[i] = items[i].step;
	return ERR_OK;
}
