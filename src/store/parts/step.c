#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

enum { LOAD_PLACE };
ROW_STATEMENT(sql_insert, ROW_INSERT, step_columns, "step.insert", "{made}", .keys = "session_id, place",
	      .key_count = 2);
ROW_STATEMENT(sql_update, ROW_UPDATE, step_columns, "step.update", "WHERE id = $1", .key_count = 1);
ROW_STATEMENT(sql_load, ROW_SELECT, step_columns, "step.load", "FROM step WHERE session_id = $1", .keys = "place",
	      .key_count = 1);

enum err store_step_insert(struct store *store, int64_t session, size_t place, struct step *step,
			   struct error *error)
{
	return row_insert(store, &sql_insert, PARAMS(db_int(session), db_int((int64_t)place)), step, error);
}

enum err store_step_update(struct store *store, const struct step *step, struct error *error)
{
	return row_write(store, &sql_update, PARAMS(db_int(step->row)), step, error);
}

struct placed_step {
	struct step step;
	int64_t place;
};

static enum err read_part(const struct row_reader *reader, struct query *query, struct case_file *out,
			  struct error *error)
{
	struct placed_step *items = NULL;
	size_t count = 0;
	size_t capacity = 0;
	enum err err = ERR_OK;
	while (query_row(query, &err, error)) {
		(void)ARENA_PUSH(reader->arena, items, count, capacity);
		struct placed_step item = { .place = row_int(query, LOAD_PLACE) };
		err = row_read(reader, query, &item.step, error);
		if (err)
			break;
		/* The steps are few, and read from the index by name, so they are sorted here. */
		size_t at = count - 1;
		for (; at > 0 && items[at - 1].place > item.place; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
	query_end(query);
	if (err)
		return err;
	out->step_count = count;
	out->steps = arena_alloc_array(reader->arena, count, sizeof *out->steps);
	for (size_t i = 0; i < count; i++)
		out->steps[i] = items[i].step;
	return ERR_OK;
}

const struct case_part part_steps = { &sql_load, read_part };
