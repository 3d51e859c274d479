#include "rows.h"
#include "statements.h"
#include "kybdesk/domain/column_define.h"
#include "kybdesk/store/people.h"

#include <string.h>

/* clang-format off */
#define OWNER struct merchant
static const struct column columns[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(name, "name", NULL, 0),
	TEXT(api_code, "api_code", NULL, 0),
	TIME(created_at, "created_at", NULL, 0),
};
static COLUMN_TABLE(table, "merchant", "merchant", columns);
/* clang-format on */
STATEMENT(sql_insert, "merchant.insert",
	  "INSERT INTO merchant (name, api_code, created_at) VALUES ($1, $2, $3) {made}");
STATEMENT(sql_set_code, "merchant.set_code", "UPDATE merchant SET api_code = $2 WHERE id = $1");
ROW_STATEMENT(sql_find, ROW_SELECT, table, "merchant.find", "FROM merchant WHERE name = $1");
ROW_STATEMENT(sql_by_row, ROW_SELECT, table, "merchant.by_row", "FROM merchant WHERE id = $1");
ROW_STATEMENT(sql_list, ROW_SELECT, table, "merchant.list", "FROM merchant ORDER BY name");

void merchant_forget(struct store *store)
{
	arena_release(&store->kept_merchant.arena);
	store->kept_merchant = (struct kept_merchant){ .arena = ARENA_INIT };
}

static void keep(struct store *store, const struct merchant *merchant)
{
	struct kept_merchant *kept = &store->kept_merchant;

	merchant_forget(store);
	kept->state = store->db->state;
	kept->row = merchant->row;
	kept->created_at = merchant->created_at;
	kept->name = arena_strdup(&kept->arena, merchant->name);
	kept->api_code = arena_strdup(&kept->arena, merchant->api_code);
}

/* Reuses the merchant that the transaction read last: many lines of an import name the same merchant. */
static bool take_kept(const struct store *store, struct arena *arena, const char *name, struct merchant *out)
{
	const struct kept_merchant *kept = &store->kept_merchant;

	if (!store->db->depth || kept->state != store->db->state || strcmp(kept->name, name) != 0)
		return false;
	*out = (struct merchant){ .row = kept->row,
				  .name = arena_strdup(arena, kept->name),
				  .api_code = arena_strdup(arena, kept->api_code),
				  .created_at = kept->created_at };
	return true;
}

enum err store_merchant_find(struct store *store, struct arena *arena, const char *name, struct merchant *out,
			     struct error *error)
{
	enum err err;

	if (take_kept(store, arena, name, out))
		return ERR_OK;
	err = row_load(&(struct row_reader){ store, &sql_find, arena }, PARAMS(db_text(name)), out, error);
	if (!err && out->row)
		keep(store, out);
	return err;
}

enum err store_merchant_by_row(struct store *store, struct arena *arena, int64_t row, struct merchant *out,
			       struct error *error)
{
	return row_load(&(struct row_reader){ store, &sql_by_row, arena }, PARAMS(db_int(row)), out, error);
}

enum err store_merchant_insert(struct store *store, struct merchant *merchant, int64_t now, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct merchant other;
	enum err err = store_merchant_find(store, &arena, merchant->name, &other, error);
	arena_release(&arena);
	if (!err && other.row)
		err = error_set(error, ERR_CONFLICT, "there is a merchant %s already; choose another name",
				merchant->name);
	if (!err)
		err = db_run_new(store->db, &sql_insert,
				 PARAMS(db_text(merchant->name), db_text_or_null(merchant->api_code), db_int(now)),
				 &merchant->row, error);
	if (!err)
		merchant->created_at = now;
	return err;
}

enum err store_merchant_set_code(struct store *store, int64_t row, const char *api_code, struct error *error)
{
	merchant_forget(store);
	return db_run(store->db, &sql_set_code, PARAMS(db_int(row), db_text(api_code)), error);
}

enum err store_merchant_list(struct store *store, struct arena *arena, struct merchant **items, size_t *count,
			     struct error *error)
{
	return rows_load(&(struct row_reader){ store, &sql_list, arena }, NULL, (void **)items, count, error);
}
