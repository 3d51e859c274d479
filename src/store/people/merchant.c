#include "rows.h"
#include "statements.h"
#include "kybdesk/store/people.h"

#include <string.h>

enum { FIND, INSERT, SET_CODE, LIST, BY_ROW };
enum column { COLUMN_ROW, COLUMN_NAME, COLUMN_API_CODE, COLUMN_CREATED_AT };
#define COLUMNS "id, name, api_code, created_at"
static const struct sql statements[] = {
	[FIND] = { "merchant.find", "SELECT " COLUMNS " FROM merchant WHERE name = $1" },
	[INSERT] = { "merchant.insert",
		     "INSERT INTO merchant (name, api_code, created_at) VALUES ($1, $2, $3) {made}" },
	[SET_CODE] = { "merchant.set_code", "UPDATE merchant SET api_code = $2 WHERE id = $1" },
	[BY_ROW] = { "merchant.by_row", "SELECT " COLUMNS " FROM merchant WHERE id = $1" },
	[LIST] = { "merchant.list", "SELECT " COLUMNS " FROM merchant ORDER BY name" },
};
const struct sql_list merchant_sql = SQL_LIST(statements);

static void read_row(const struct query *query, struct arena *arena, struct merchant *out)
{
	*out = (struct merchant){
		.row = row_int(query, COLUMN_ROW),
		.name = row_text(query, COLUMN_NAME, arena),
		.api_code = row_text(query, COLUMN_API_CODE, arena),
		.created_at = row_int(query, COLUMN_CREATED_AT),
	};
}

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

/* Many requests, and many lines of an import, in one transaction name one merchant. */
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
	struct query *query = NULL;
	enum err err;

	out->row = 0;
	if (take_kept(store, arena, name, out))
		return ERR_OK;
	err = db_select(store->db, &statements[FIND], PARAMS(db_text(name)), &query, error);
	if (query_row(query, &err, error)) {
		read_row(query, arena, out);
		keep(store, out);
	}
	query_end(query);
	return err;
}

enum err store_merchant_by_row(struct store *store, struct arena *arena, int64_t row, struct merchant *out,
			       struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[BY_ROW], PARAMS(db_int(row)), &query, error);

	*out = (struct merchant){ .name = "", .api_code = "" };
	if (query_row(query, &err, error))
		read_row(query, arena, out);
	query_end(query);
	return err;
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
		err = db_run_new(store->db, &statements[INSERT],
				 PARAMS(db_text(merchant->name), db_text_or_null(merchant->api_code), db_int(now)),
				 &merchant->row, error);
	if (!err)
		merchant->created_at = now;
	return err;
}

enum err store_merchant_set_code(struct store *store, int64_t row, const char *api_code, struct error *error)
{
	merchant_forget(store);
	return db_run(store->db, &statements[SET_CODE], PARAMS(db_int(row), db_text(api_code)), error);
}

enum err store_merchant_list(struct store *store, struct arena *arena, struct merchant **items, size_t *count,
			     struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	*items = NULL;
	*count = 0;
	enum err err = db_select(store->db, &statements[LIST], NULL, &query, error);

	while (query_row(query, &err, error))
		read_row(query, arena, ARENA_PUSH(arena, *items, *count, capacity));
	query_end(query);
	return err;
}
