#include "statements.h"
#include "kybdesk/store/template.h"

enum { LIST, INSERT, UPDATE, DELETE };
enum column { COLUMN_ROW, COLUMN_NAME, COLUMN_REASON, COLUMN_AT, COLUMN_BY, COLUMN_TEXTS };
static const struct sql statements[] = {
	[LIST] = { "template.list", "SELECT id, name, reason, changed_at, changed_by, en, de, es, pt "
				    "FROM message_template ORDER BY name" },
	[INSERT] = { "template.insert", "INSERT INTO message_template (name, reason, en, de, es, pt, changed_at, "
					"changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" },
	[UPDATE] = { "template.update", "UPDATE message_template SET name = $1, reason = $2, en = $3, de = $4, "
					"es = $5, pt = $6, changed_at = $7, changed_by = $8 WHERE id = $9" },
	[DELETE] = { "template.delete", "DELETE FROM message_template WHERE id = $1" },
};
const struct sql_list template_sql = SQL_LIST(statements);

enum err store_template_list(struct store *store, struct arena *arena, struct message_templates *out,
			     struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(store->db, &statements[LIST], NULL, &query, error);

	*out = (struct message_templates){ 0 };
	while (query_row(query, &err, error)) {
		struct message_template *of = ARENA_PUSH(arena, out->items, out->count, capacity);

		*of = (struct message_template){ .row = row_int(query, COLUMN_ROW),
						 .name = row_text(query, COLUMN_NAME, arena),
						 .reason = row_text(query, COLUMN_REASON, arena),
						 .changed_at = row_int(query, COLUMN_AT),
						 .changed_by = row_text(query, COLUMN_BY, arena) };
		for (int i = 0; i < LANGUAGE_COUNT; i++)
			of->texts[i] = row_text(query, COLUMN_TEXTS + i, arena);
	}
	query_end(query);
	return err;
}

enum err store_template_put(struct store *store, const struct message_template *of, struct error *error)
{
	const char *const *texts = of->texts;

	if (!of->row)
		return db_run(store->db, &statements[INSERT],
			      PARAMS(db_text(of->name), db_text(of->reason), db_text(texts[LANGUAGE_EN]),
				     db_text(texts[LANGUAGE_DE]), db_text(texts[LANGUAGE_ES]),
				     db_text(texts[LANGUAGE_PT]), db_int(of->changed_at), db_text(of->changed_by)),
			      error);
	return db_run(store->db, &statements[UPDATE],
		      PARAMS(db_text(of->name), db_text(of->reason), db_text(texts[LANGUAGE_EN]),
			     db_text(texts[LANGUAGE_DE]), db_text(texts[LANGUAGE_ES]), db_text(texts[LANGUAGE_PT]),
			     db_int(of->changed_at), db_text(of->changed_by), db_int(of->row)),
		      error);
}

enum err store_template_delete(struct store *store, int64_t row, struct error *error)
{
	return db_run(store->db, &statements[DELETE], PARAMS(db_int(row)), error);
}
