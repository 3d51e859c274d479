#include "kybdesk/store/provider_key.h"
#include "rows.h"
#include "statements.h"

#include <string.h>

enum { PUT, END, BY_HASH, LIST };
enum column {
	COLUMN_ROW,
	COLUMN_MERCHANT_ROW,
	COLUMN_MERCHANT,
	COLUMN_NAME,
	COLUMN_CHECKS,
	COLUMN_KEY_SHA256,
	COLUMN_CREATED_AT
};
#define SELECT_KEYS                                                                                                \
	"SELECT k.id, k.merchant_id, m.name, k.name, k.checks, k.key_sha256, k.created_at FROM provider_key k "    \
	"JOIN merchant m ON m.id = k.merchant_id "
static const struct sql statements[] = {
	[PUT] = { "provider_key.put",
		  "INSERT INTO provider_key (merchant_id, name, checks, key_sha256, created_at) VALUES ($1, $2, "
		  "$3, "
		  "$4, $5) ON CONFLICT (merchant_id, name) DO UPDATE SET checks = excluded.checks, key_sha256 = "
		  "excluded.key_sha256, created_at = excluded.created_at" },
	[END] = { "provider_key.end", "DELETE FROM provider_key WHERE id = $1" },
	[BY_HASH] = { "provider_key.by_hash", SELECT_KEYS "WHERE k.key_sha256 = $1" },
	[LIST] = { "provider_key.list", SELECT_KEYS "ORDER BY m.name, k.name" },
};
const struct sql_list provider_key_sql = SQL_LIST(statements);

static void read_row(const struct query *query, struct arena *arena, struct provider_key *out)
{
	size_t length = 0;
	const void *hash = row_blob(query, COLUMN_KEY_SHA256, arena, &length);

	*out = (struct provider_key){
		.row = row_int(query, COLUMN_ROW),
		.merchant_row = row_int(query, COLUMN_MERCHANT_ROW),
		.merchant = row_text(query, COLUMN_MERCHANT, arena),
		.name = row_text(query, COLUMN_NAME, arena),
		.checks = row_text(query, COLUMN_CHECKS, arena),
		.created_at = row_int(query, COLUMN_CREATED_AT),
	};
	if (length == SHA256_SIZE)
		memcpy(out->key_sha256, hash, SHA256_SIZE);
}

enum err store_provider_key_put(struct store *store, const struct provider_key *key, struct error *error)
{
	return db_run(store->db, &statements[PUT],
		      PARAMS(db_int(key->merchant_row), db_text(key->name), db_text(key->checks),
			     db_blob(key->key_sha256, SHA256_SIZE), db_int(key->created_at)),
		      error);
}

enum err store_provider_key_end(struct store *store, int64_t row, struct error *error)
{
	return db_run(store->db, &statements[END], PARAMS(db_int(row)), error);
}

enum err store_provider_key_by_hash(struct store *store, struct arena *arena, const uint8_t sha256[SHA256_SIZE],
				    struct provider_key *out, struct error *error)
{
	struct query *query = NULL;
	enum err err =
		db_select(store->db, &statements[BY_HASH], PARAMS(db_blob(sha256, SHA256_SIZE)), &query, error);

	*out = (struct provider_key){ 0 };
	if (query_row(query, &err, error))
		read_row(query, arena, out);
	query_end(query);
	return err;
}

enum err store_provider_key_list(struct store *store, struct arena *arena, struct provider_keys *out,
				 struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(store->db, &statements[LIST], NULL, &query, error);

	*out = (struct provider_keys){ 0 };
	while (query_row(query, &err, error))
		read_row(query, arena, ARENA_PUSH(arena, out->items, out->count, capacity));
	query_end(query);
	return err;
}
