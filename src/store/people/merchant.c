#include "statements.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/store/people.h"

enum { FIND, INSERT, SET_KEY, LIST };
enum column { COLUMN_ROW, COLUMN_NAME, COLUMN_API_CODE, COLUMN_HAS_KEY, COLUMN_CREATED_AT };
#define COLUMNS "id, name, api_code, api_key_sha256 IS NOT NULL, created_at"
static const struct sql statements[] = {
	[FIND] = { "merchant.find", "SELECT " COLUMNS " FROM merchant WHERE name = $1" },
	[INSERT] = { "merchant.insert", "INSERT INTO merchant (name, api_code, created_at) VALUES ($1, $2, $3)" },
	[SET_KEY] = { "merchant.set_key", "UPDATE merchant SET api_code = $2, api_key_sha256 = $3 WHERE id = $1" },
	[LIST] = { "merchant.list", "SELECT " COLUMNS " FROM merchant ORDER BY name" },
};
const struct sql_list merchant_sql = SQL_LIST(statements);

static void read_row(const struct query *query, struct arena *arena, struct merchant *out)
{
	*out = (struct merchant){
		.row = row_int(query, COLUMN_ROW),
		.name = row_text(query, COLUMN_NAME, arena),
		.api_code = row_text(query, COLUMN_API_CODE, arena),
		.has_key = row_int(query, COLUMN_HAS_KEY) != 0,
		.created_at = row_int(query, COLUMN_CREATED_AT),
	};
}

enum err store_merchant_find(struct store *store, struct arena *arena, const char *name, struct merchant *out,
			     bool *found, struct error *error)
{
	struct query *query = NULL;
	*found = false;
	enum err err = db_query(store->db, &statements[FIND], &query, error);
	if (err)
		return err;
	query_text(query, 1, name);
	err = query_next(query, found, error);
	if (!err && *found)
		read_row(query, arena, out);
	query_end(query);
	return err;
}

enum err store_merchant_insert(struct store *store, struct merchant *merchant, int64_t now, struct error *error)
{
	struct query *query = NULL;
	struct arena arena = ARENA_INIT;
	struct merchant other;
	bool found = false;
	enum err err = store_merchant_find(store, &arena, merchant->name, &other, &found, error);
	arena_release(&arena);
	if (!err && found)
		err = error_set(error, ERR_CONFLICT, "there is a merchant %s already; choose another name",
				merchant->name);
	if (!err)
		err = db_query(store->db, &statements[INSERT], &query, error);
	if (err)
		return err;
	query_text(query, 1, merchant->name);
	query_text_or_null(query, 2, merchant->api_code);
	query_int(query, 3, now);
	err = query_run(query, error);
	if (!err) {
		merchant->row = store->db->driver->last_row(store->db);
		merchant->created_at = now;
	}
	return err;
}

enum err store_merchant_set_key(struct store *store, int64_t row, const char *api_code,
				const uint8_t key_sha256[32], struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[SET_KEY], &query, error);
	if (err)
		return err;
	query_int(query, 1, row);
	query_text_or_null(query, 2, api_code);
	query_blob(query, 3, key_sha256, SHA256_SIZE);
	return query_run(query, error);
}

enum err store_merchant_list(struct store *store, struct arena *arena, struct merchant **items, size_t *count,
			     struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	*items = NULL;
	*count = 0;
	enum err err = db_query(store->db, &statements[LIST], &query, error);
	if (err)
		return err;
	while (!(err = query_next(query, &row, error)) && row)
		read_row(query, arena, ARENA_PUSH(arena, *items, *count, capacity));
	query_end(query);
	return err;
}
