#include "statements.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/store/people.h"

#include <string.h>

enum { FIND, INSERT, SET_KEY, SET_PERMISSIONS, LIST, BY_KEY, BY_CODE, BY_ROW };
enum column {
	COLUMN_ROW,
	COLUMN_NAME,
	COLUMN_API_CODE,
	COLUMN_HAS_KEY,
	COLUMN_CREATED_AT,
	COLUMN_KEY_SHA256,
	COLUMN_PERMISSIONS
};
#define COLUMNS "id, name, api_code, api_key_sha256 IS NOT NULL, created_at, api_key_sha256, permissions"
static const struct sql statements[] = {
	[FIND] = { "merchant.find", "SELECT " COLUMNS " FROM merchant WHERE name = $1" },
	[INSERT] = { "merchant.insert",
		     "INSERT INTO merchant (name, api_code, created_at) VALUES ($1, $2, $3) {made}" },
	[SET_KEY] = { "merchant.set_key", "UPDATE merchant SET api_code = $2, api_key_sha256 = $3 WHERE id = $1" },
	[SET_PERMISSIONS] = { "merchant.set_permissions", "UPDATE merchant SET permissions = $2 WHERE id = $1" },
	[BY_KEY] = { "merchant.by_key", "SELECT " COLUMNS " FROM merchant WHERE api_key_sha256 = $1" },
	[BY_CODE] = { "merchant.by_code", "SELECT " COLUMNS " FROM merchant WHERE api_code = $1" },
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
		.permissions = row_text(query, COLUMN_PERMISSIONS, arena),
		.has_key = row_int(query, COLUMN_HAS_KEY) != 0,
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

struct lookup {
	int statement;
	struct db_value key;
};

/* One without a key proves nothing: it is not found. */
static enum err find_keyed(struct store *store, struct arena *arena, struct lookup lookup,
			   struct keyed_merchant *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[lookup.statement], PARAMS(lookup.key), &query, error);

	*out = (struct keyed_merchant){ .merchant = { .name = "", .api_code = "", .permissions = "" } };
	if (query_row(query, &err, error)) {
		size_t length = 0;
		const void *bytes = row_blob(query, COLUMN_KEY_SHA256, arena, &length);

		if (length == SHA256_SIZE) {
			read_row(query, arena, &out->merchant);
			memcpy(out->key_sha256, bytes, SHA256_SIZE);
		}
	}
	query_end(query);
	return err;
}

enum err store_merchant_by_key(struct store *store, struct arena *arena, const uint8_t key_sha256[SHA256_SIZE],
			       struct keyed_merchant *out, struct error *error)
{
	return find_keyed(store, arena, (struct lookup){ BY_KEY, db_blob(key_sha256, SHA256_SIZE) }, out, error);
}

enum err store_merchant_by_code(struct store *store, struct arena *arena, const char *api_code,
				struct keyed_merchant *out, struct error *error)
{
	return find_keyed(store, arena, (struct lookup){ BY_CODE, db_text(api_code) }, out, error);
}

enum err store_merchant_by_row(struct store *store, struct arena *arena, int64_t row, struct keyed_merchant *out,
			       struct error *error)
{
	return find_keyed(store, arena, (struct lookup){ BY_ROW, db_int(row) }, out, error);
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

enum err store_merchant_set_key(struct store *store, int64_t row, const char *api_code,
				const uint8_t key_sha256[32], struct error *error)
{
	return db_run(store->db, &statements[SET_KEY],
		      PARAMS(db_int(row), db_text_or_null(api_code), db_blob(key_sha256, SHA256_SIZE)), error);
}

enum err store_merchant_set_permissions(struct store *store, int64_t row, const char *permissions,
					struct error *error)
{
	return db_run(store->db, &statements[SET_PERMISSIONS], PARAMS(db_int(row), db_text(permissions)), error);
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
