#include "columns.h"
#include "statements.h"
#include "kybdesk/domain/column_define.h"
#include "kybdesk/store/template.h"

/* clang-format off */
#define OWNER struct message_template
static const struct column columns[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(name, "name", NULL, 0),
	TEXT(reason, "reason", NULL, 0),
	TEXT(texts[LANGUAGE_EN], "en", NULL, 0),
	TEXT(texts[LANGUAGE_DE], "de", NULL, 0),
	TEXT(texts[LANGUAGE_ES], "es", NULL, 0),
	TEXT(texts[LANGUAGE_PT], "pt", NULL, 0),
	TIME(changed_at, "changed_at", NULL, 0),
	TEXT(changed_by, "changed_by", NULL, 0),
};
static COLUMN_TABLE(table, "message_template", "template", columns);
/* clang-format on */
enum { DELETE };
static const struct sql statements[] = {
	[DELETE] = { "template.delete", "DELETE FROM message_template WHERE id = $1" },
};
enum { LIST, INSERT, UPDATE };
static const struct row_sql rows[] = {
	[LIST] = ROWS_OF(table, "template.list", "FROM message_template ORDER BY name"),
	[INSERT] = { .sql = { "template.insert", NULL }, .verb = ROW_INSERT, .table = &table },
	[UPDATE] = ROW_UPDATE_OF(table, "template.update"),
};
const struct sql_list template_sql = SQL_LIST_BOTH(statements, rows);

enum err store_template_list(struct store *store, struct arena *arena, struct message_templates *out,
			     struct error *error)
{
	return rows_load(&(struct row_reader){ store, &rows[LIST], arena }, NULL, (void **)&out->items, &out->count,
			 error);
}

enum err store_template_put(struct store *store, const struct message_template *of, struct error *error)
{
	return of->row ? row_write(store, &rows[UPDATE], PARAMS(db_int(of->row)), of, error)
		       : row_write(store, &rows[INSERT], NULL, of, error);
}

enum err store_template_delete(struct store *store, int64_t row, struct error *error)
{
	return db_run(store->db, &statements[DELETE], PARAMS(db_int(row)), error);
}
