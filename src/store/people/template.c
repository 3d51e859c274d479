#include "columns.h"
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
ROW_STATEMENT(sql_list, ROW_SELECT, table, "template.list", "FROM message_template ORDER BY name");
ROW_STATEMENT(sql_insert, ROW_INSERT, table, "template.insert", NULL);
ROW_STATEMENT(sql_update, ROW_UPDATE, table, "template.update", "WHERE id = $1", .key_count = 1);

enum err store_template_list(struct store *store, struct arena *arena, struct message_templates *out,
			     struct error *error)
{
	return rows_load(&(struct row_reader){ store, &sql_list, arena }, NULL, (void **)&out->items, &out->count,
			 error);
}

enum err store_template_put(struct store *store, const struct message_template *of, struct error *error)
{
	return of->row ? row_write(store, &sql_update, PARAMS(db_int(of->row)), of, error)
		       : row_write(store, &sql_insert, NULL, of, error);
}
