#include "statements.h"

struct sql *store_statements(struct arena *arena, size_t *count)
{
	struct sql *items = NULL;
	size_t capacity = 0;

	*count = 0;
	for (const struct sql *sql = __start_kyb_statements; sql < __stop_kyb_statements; sql++)
		*ARENA_PUSH(arena, items, *count, capacity) = *sql;
	for (const struct row_sql *row = __start_kyb_row_statements; row < __stop_kyb_row_statements; row++) {
		struct strbuf text = STRBUF_INIT;

		row_sql_write(&row->sql, &text);
		*ARENA_PUSH(arena, items, *count, capacity) =
			(struct sql){ row->sql.name, strbuf_finish(&text, arena) };
	}
	return items;
}

enum err run_each(struct store *store, const struct sql *items, size_t count, int64_t row, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < count; i++)
		err = db_run(store->db, &items[i], PARAMS(db_int(row)), error);
	return err;
}
