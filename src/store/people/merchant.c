#include "statements.h"
#include "kybdesk/store/people.h"

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

enum err store_merchant_find(struct store *store, struct arena *arena, const char *name, struct merchant *out,
			     struct error *error)
{
	struct query *query = NULL;
	out->row = 0;
	enum err err = db_select(store->db, &statements[FIND], PARAMS(db_text(name)), &query, error);

	if (query_row(query, &err, error))
		read_row(query, arena, out);
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
