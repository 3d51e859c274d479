#include "rows.h"
#include "columns.h"
#include "kybdesk/domain/column_define.h"
#include "kybdesk/store/people.h"
#include "kybdesk/store/merchant_key.h"

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

void merchant_cache_clear(struct store *store)
{
	arena_release(&store->cached_merchant.arena);
	store->cached_merchant = (struct cached_merchant){ .arena = ARENA_INIT };
}

static void cache_merchant(struct store *store, const struct merchant *merchant)
{
	struct cached_merchant *kept = &store->cached_merchant;

	merchant_cache_clear(store);
	kept->state = store->db->state;
	kept->row = merchant->row;
	kept->created_at = merchant->created_at;
	kept->name = arena_strdup(&kept->arena, merchant->name);
	kept->api_code = arena_strdup(&kept->arena, merchant->api_code);
}

/* Reuses the merchant that the transaction read last: many lines of an import name the same merchant. */
static bool get_cached_merchant(const struct store *store, struct arena *arena, const char *name, struct merchant *out)
{
	const struct cached_merchant *kept = &store->cached_merchant;

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

	if (name && get_cached_merchant(store, arena, name, out))
		return ERR_OK;
	err = row_load(&(struct row_reader){ store, name ? &sql_find : &sql_by_row, arena },
		       PARAMS(name ? db_text(name) : db_int(out->row)), out, error);
	if (!err && out->row)
		cache_merchant(store, out);
	return err;
}

enum err store_merchant_put(struct store *store, struct merchant *merchant, int64_t now, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct merchant other = { 0 };
	enum err err;

	if (merchant->row) {
		merchant_cache_clear(store);
		return db_run(store->db, &sql_set_code, PARAMS(db_int(merchant->row), db_text(merchant->api_code)),
			      error);
	}
	err = store_merchant_find(store, &arena, merchant->name, &other, error);
	arena_release(&arena);
	if (!err && other.row)
		err = error_set(error, ERR_CONFLICT, "there is a merchant %s already; choose another name",
				merchant->name);
	if (!err)
		err = db_run_insert(store->db, &sql_insert,
				    PARAMS(db_text(merchant->name), db_text_or_null(merchant->api_code), db_int(now)),
				    &merchant->row, error);
	if (!err)
		merchant->created_at = now;
	return err;
}

enum err store_merchant_list(struct store *store, struct arena *arena, struct merchant **items, size_t *count,
			     struct error *error)
{
	return rows_load(&(struct row_reader){ store, &sql_list, arena }, NULL, (void **)items, count, error);
}

/* --- API keys --- */

static bool parse_key_hash(struct arena *arena, const char *text, void *row)
{
	struct merchant_key *key = row;

	(void)arena;
	return hex_decode(text, key->key_sha256, sizeof key->key_sha256);
}

/* clang-format off */
#undef OWNER
#define OWNER struct merchant_key
static const struct column of_key[] = {
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
	TEXT(end_kind, "k.ended", NULL, 0),
};
static COLUMN_TABLE(keys, "merchant_key", "API key", of_key);
/* clang-format on */
static const struct row_override own[] = {
	{ .column = "k.key_sha256", .read_sql = "{hex k.key_sha256}", .parse = parse_key_hash }, { 0 }
};
#define FROM_KEY "FROM merchant_key k JOIN merchant m ON m.id = k.merchant_id LEFT JOIN key_use u ON u.key_id = k.id "
#define ENDED_BEFORE "merchant_id = $1 AND ends_at < $2"
STATEMENT(sql_insert_key, "merchant_key.insert",
	  "INSERT INTO merchant_key (merchant_id, name, permissions, checks, key_sha256, created_at, ends_at) "
	  "VALUES ($1, $2, $3, $4, $5, $6, $7)");
STATEMENT(sql_end_key, "merchant_key.end", "UPDATE merchant_key SET ended = $2, ends_at = $3 WHERE id = $1");
STATEMENT(sql_forget_key_use, "merchant_key.forget_use",
	  "DELETE FROM key_use WHERE key_id IN (SELECT id FROM merchant_key WHERE " ENDED_BEFORE ")");
STATEMENT(sql_forget_keys, "merchant_key.forget", "DELETE FROM merchant_key WHERE " ENDED_BEFORE);
STATEMENT(sql_key_used, "merchant_key.used",
	  "INSERT INTO key_use (key_id, used_at) VALUES ($1, $2) ON CONFLICT (key_id) DO UPDATE SET used_at = "
	  "excluded.used_at WHERE key_use.used_at < excluded.used_at");
ROW_STATEMENT(sql_key_by_hash, ROW_SELECT, keys, "merchant_key.by_hash", FROM_KEY "WHERE k.key_sha256 = $1",
	      .overrides = own);
ROW_STATEMENT(sql_key_by_row, ROW_SELECT, keys, "merchant_key.by_row", FROM_KEY "WHERE k.id = $1", .overrides = own);
ROW_STATEMENT(sql_list_keys, ROW_SELECT, keys, "merchant_key.list", FROM_KEY "ORDER BY m.name, k.name, k.id",
	      .overrides = own);

bool merchant_key_is_valid(const struct merchant_key *key, int64_t now)
{
	return key->ends_at == TIME_NONE || now < key->ends_at;
}

enum err store_merchant_key_put(struct store *store, const struct merchant_key *key, struct error *error)
{
	if (key->row)
		return db_run(store->db, &sql_end_key,
			      PARAMS(db_int(key->row), db_text(key->end_kind), db_time(key->ends_at)), error);
	return db_run(store->db, &sql_insert_key,
		      PARAMS(db_int(key->merchant_row), db_text(key->name), db_text(key->permissions),
			     db_text(key->checks), db_blob(key->key_sha256, SHA256_SIZE), db_int(key->created_at),
			     db_time(key->ends_at)),
		      error);
}

enum err store_merchant_key_purge(struct store *store, int64_t merchant_row, int64_t before, struct error *error)
{
	enum err err = db_run(store->db, &sql_forget_key_use, PARAMS(db_int(merchant_row), db_int(before)), error);

	return err ? err : db_run(store->db, &sql_forget_keys, PARAMS(db_int(merchant_row), db_int(before)), error);
}

enum err store_merchant_key_mark_used(struct store *store, int64_t row, int64_t now, struct error *error)
{
	return db_run(store->db, &sql_key_used, PARAMS(db_int(row), db_int(now)), error);
}

enum err store_merchant_key_find(struct store *store, struct arena *arena, const struct merchant_key *wanted,
				 struct merchant_key *out, struct error *error)
{
	int64_t row = wanted->row;

	return row_load(&(struct row_reader){ store, row ? &sql_key_by_row : &sql_key_by_hash, arena },
			PARAMS(row ? db_int(row) : db_blob(wanted->key_sha256, SHA256_SIZE)), out, error);
}

enum err store_merchant_key_list(struct store *store, struct arena *arena, struct merchant_keys *out,
				 struct error *error)
{
	return rows_load(&(struct row_reader){ store, &sql_list_keys, arena }, NULL, (void **)&out->items, &out->count,
			 error);
}
