#include "kybdesk/store/merchant_key.h"
#include "statements.h"
#include "kybdesk/domain/column_define.h"

static bool parse_hash(struct arena *arena, const char *text, void *row)
{
	struct merchant_key *key = row;

	(void)arena;
	return hex_decode(text, key->key_sha256, sizeof key->key_sha256);
}

/* clang-format off */
#define OWNER struct merchant_key
static const struct column columns[] = {
	ROW(row, "k.id", NULL, COLUMN_KEY),
	ROW(merchant_row, "k.merchant_id", NULL, 0),
	TEXT(merchant, "m.name", NULL, 0),
	TEXT(api_code, "m.api_code", NULL, 0),
	TEXT(name, "k.name", NULL, 0),
	TEXT(permissions, "k.permissions", NULL, 0),
	TEXT(checks, "k.checks", NULL, 0),
	OWN("k.key_sha256", NULL, 0),
	TIME(created_at, "k.created_at", NULL, 0),
	TIME(used_at, "u.used_at", NULL, 0),
	TIME(ends_at, "k.ends_at", NULL, 0),
	TEXT(ended, "k.ended", NULL, 0),
};
static COLUMN_TABLE(table, "merchant_key", "API key", columns);
/* clang-format on */
static const struct row_own own[] = {
	{ .column = "k.key_sha256", .read = "{hex k.key_sha256}", .parse = parse_hash }, { 0 }
};
#define FROM "FROM merchant_key k JOIN merchant m ON m.id = k.merchant_id LEFT JOIN key_use u ON u.key_id = k.id "
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
ROW_STATEMENT(sql_by_hash, ROW_SELECT, table, "merchant_key.by_hash", FROM "WHERE k.key_sha256 = $1", .own = own);
ROW_STATEMENT(sql_by_row, ROW_SELECT, table, "merchant_key.by_row", FROM "WHERE k.id = $1", .own = own);
ROW_STATEMENT(sql_list, ROW_SELECT, table, "merchant_key.list", FROM "ORDER BY m.name, k.name, k.id", .own = own);

bool merchant_key_works(const struct merchant_key *key, int64_t now)
{
	return key->ends_at == TIME_NONE || now < key->ends_at;
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

enum err store_merchant_key_by_hash(struct store *store, struct arena *arena, const uint8_t sha256[SHA256_SIZE],
				    struct merchant_key *out, struct error *error)
{
	return row_load(&(struct row_reader){ store, &sql_by_hash, arena }, PARAMS(db_blob(sha256, SHA256_SIZE)),
			out, error);
}

enum err store_merchant_key_by_row(struct store *store, struct arena *arena, int64_t row, struct merchant_key *out,
				   struct error *error)
{
	return row_load(&(struct row_reader){ store, &sql_by_row, arena }, PARAMS(db_int(row)), out, error);
}

enum err store_merchant_key_list(struct store *store, struct arena *arena, struct merchant_keys *out,
				 struct error *error)
{
	return rows_load(&(struct row_reader){ store, &sql_list, arena }, NULL, (void **)&out->items, &out->count,
			 error);
}
