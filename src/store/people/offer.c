#include "kybdesk/store/offer.h"
#include "columns.h"
#include "kybdesk/domain/column_define.h"

/* clang-format off */
#define OWNER struct offer
static const struct column columns[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(audit_action, "word", NULL, 0),
	TEXT(part, "part", NULL, 0),
	TEXT(change_json, "change", NULL, 0),
	TEXT(by, "offered_by", NULL, 0),
	TIME(at, "offered_at", NULL, 0),
	INT(admin_count, "admins", NULL, 0),
};
static COLUMN_TABLE(table, "offer", "offer", columns);
/* clang-format on */
ROW_STATEMENT(sql_put, ROW_INSERT, table, "offer.put",
	      "ON CONFLICT (word, part) DO UPDATE SET change = excluded.change, offered_by = "
	      "excluded.offered_by, offered_at = excluded.offered_at, admins = excluded.admins");
ROW_STATEMENT(sql_list, ROW_SELECT, table, "offer.list", "FROM offer ORDER BY id");

enum err store_offer_put(struct store *store, const struct offer *offer, struct error *error)
{
	return row_write(store, &sql_put, NULL, offer, error);
}

enum err store_offer_list(struct store *store, struct arena *arena, struct offers *out, struct error *error)
{
	return rows_load(&(struct row_reader){ store, &sql_list, arena }, NULL, (void **)&out->items, &out->count,
			 error);
}
