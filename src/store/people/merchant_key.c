#include "kybdesk/store/merchant_key.h"
#include "rows.h"
#include "statements.h"

#include <string.h>

enum {
	AT_ROW,
	AT_MERCHANT_ROW,
	AT_MERCHANT,
	AT_API_CODE,
	AT_NAME,
	AT_PERMISSIONS,
	AT_CHECKS,
	AT_KEY_SHA256,
	AT_CREATED_AT,
	AT_USED_AT,
	AT_ENDS_AT,
	AT_ENDED
};
#define SELECT_KEYS                                                                                                \
	"SELECT k.id, k.merchant_id, m.name, m.api_code, k.name, k.permissions, k.checks, k.key_sha256, "          \
	"k.created_at, u.used_at, k.ends_at, k.ended FROM merchant_key k JOIN merchant m ON m.id = k.merchant_id " \
	"LEFT JOIN key_use u ON u.key_id = k.id "
#define ENDED_BEFORE "merchant_id = $1 AND ends_at < $2"
STATEMENT(sql_insert, "merchant_key.insert",
	  "INSERT INTO merchant_key (merchant_id, name, permissions, checks, key_sha256, created_at, ends_at) "
	  "VALUES ($1, $2, $3, $4, $5, $6, $7)");
STATEMENT(sql_end, "merchant_key.end", "UPDATE merchant_key SET ended = $2, ends_at = $3 WHERE id = $1");
STATEMENT(sql_forget_use, "merchant_key.forget_use",
	  "DELETE FROM key_use WHERE key_id IN (SELECT id FROM merchant_key WHERE " ENDED_BEFORE ")");
STATEMENT(sql_forget, "merchant_key.forget", "DELETE FROM merchant_key WHERE " ENDED_BEFORE);
STATEMENT(sql_used, "merchant_key.used",
	  "INSERT INTO key_use (key_id, used_at) VALUES ($1, $2) ON CONFLICT (key_id) DO UPDATE SET used_at = "
	  "excluded.used_at WHERE key_use.used_at < excluded.used_at");
STATEMENT(sql_by_hash, "merchant_key.by_hash", SELECT_KEYS "WHERE k.key_sha256 = $1");
STATEMENT(sql_by_row, "merchant_key.by_row", SELECT_KEYS "WHERE k.id = $1");
STATEMENT(sql_list, "merchant_key.list", SELECT_KEYS "ORDER BY m.name, k.name, k.id");

bool merchant_key_works(const struct merchant_key *key, int64_t now)
{
	return key->ends_at == TIME_NONE || now < key->ends_at;
}

static void read_row(const struct query *query, struct arena *arena, struct merchant_key *out)
{
	size_t length = 0;
	const void *hash = row_blob(query, AT_KEY_SHA256, arena, &length);

	*out = (struct merchant_key){
		.row = row_int(query, AT_ROW),
		.merchant_row = row_int(query, AT_MERCHANT_ROW),
		.merchant = row_text(query, AT_MERCHANT, arena),
		.api_code = row_text(query, AT_API_CODE, arena),
		.name = row_text(query, AT_NAME, arena),
		.permissions = row_text(query, AT_PERMISSIONS, arena),
		.checks = row_text(query, AT_CHECKS, arena),
		.created_at = row_int(query, AT_CREATED_AT),
		.used_at = row_time(query, AT_USED_AT),
		.ends_at = row_time(query, AT_ENDS_AT),
		.ended = row_text(query, AT_ENDED, arena),
	};
	if (length == SHA256_SIZE)
		memcpy(out->key_sha256, hash, SHA256_SIZE);
}

enum err store_merchant_key_insert(struct store *store, const struct merchant_key *key, struct error *error)
{
	return db_run(store->db, &sql_insert,
		      PARAMS(db_int(key->merchant_row), db_text(key->name), db_text(key->permissions),
			     db_text(key->checks), db_blob(key->key_sha256, SHA256_SIZE), db_int(key->created_at),
			     db_time(key->ends_at)),
		      error);
}

enum err store_merchant_key_end(struct store *store, const struct merchant_key *key, struct error *error)
{
	return db_run(store->db, &sql_end, PARAMS(db_int(key->row), db_text(key->ended), db_time(key->ends_at)),
		      error);
}

enum err store_merchant_key_forget(struct store *store, int64_t merchant_row, int64_t before, struct error *error)
{
	enum err err = db_run(store->db, &sql_forget_use, PARAMS(db_int(merchant_row), db_int(before)), error);

	return err ? err : db_run(store->db, &sql_forget, PARAMS(db_int(merchant_row), db_int(before)), error);
}

enum err store_merchant_key_used(struct store *store, int64_t row, int64_t now, struct error *error)
{
	return db_run(store->db, &sql_used, PARAMS(db_int(row), db_int(now)), error);
}

struct lookup {
	const struct sql *sql;
	struct db_value key;
};

static enum err find(struct store *store, struct arena *arena, struct lookup lookup, struct merchant_key *out,
		     struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, lookup.sql, PARAMS(lookup.key), &query, error);

	*out = (struct merchant_key){ .ends_at = TIME_NONE };
	if (query_row(query, &err, error))
		read_row(query, arena, out);
	query_end(query);
	return err;
}

enum err store_merchant_key_by_hash(struct store *store, struct arena *arena, const uint8_t sha256[SHA256_SIZE],
				    struct merchant_key *out, struct error *error)
{
	return find(store, arena, (struct lookup){ &sql_by_hash, db_blob(sha256, SHA256_SIZE) }, out, error);
}

enum err store_merchant_key_by_row(struct store *store, struct arena *arena, int64_t row, struct merchant_key *out,
				   struct error *error)
{
	return find(store, arena, (struct lookup){ &sql_by_row, db_int(row) }, out, error);
}

enum err store_merchant_key_list(struct store *store, struct arena *arena, struct merchant_keys *out,
				 struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(store->db, &sql_list, NULL, &query, error);

	*out = (struct merchant_keys){ 0 };
	while (query_row(query, &err, error))
		read_row(query, arena, ARENA_PUSH(arena, out->items, out->count, capacity));
	query_end(query);
	return err;
}
