#include "columns.h"
#include "kybdesk/domain/column_define.h"
#include "kybdesk/store/people.h"

#include <string.h>

/* A reviewer without a key has no hash. */
static bool parse_key_hash(struct arena *arena, const char *text, void *row)
{
	struct reviewer *reviewer = row;

	(void)arena;
	return !*text || hex_decode(text, reviewer->key_sha256, sizeof reviewer->key_sha256);
}

/* clang-format off */
#define OWNER struct reviewer
static const struct column columns[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(name, "name", NULL, 0),
	ENUM(role, "role", NULL, role, 0),
	BOOL(supervised, "supervised", NULL, 0),
	BOOL(disabled, "disabled_at IS NOT NULL", NULL, 0),
	TIME(created_at, "created_at", NULL, 0),
	TIME(disabled_at, "disabled_at", NULL, 0),
	TIME(key_created_at, "CASE WHEN key_sha256 IS NOT NULL THEN key_created_at END", NULL, 0),
	OWN("key_sha256", NULL, 0),
};
static COLUMN_TABLE(table, "reviewer", "reviewer", columns);
/* clang-format on */
static const struct row_override own[] = {
	{ .column = "key_sha256", .read_sql = "{hex key_sha256}", .parse = parse_key_hash }, { 0 }
};
ROW_STATEMENT(sql_find, ROW_SELECT, table, "reviewer.find", "FROM reviewer WHERE name = $1", .overrides = own);
STATEMENT(sql_insert, "reviewer.insert",
	  "INSERT INTO reviewer (name, role, supervised, created_at, disabled_at) VALUES ($1, $2, $3, $4, $5) "
	  "{made}");
STATEMENT(sql_update, "reviewer.update",
	  "UPDATE reviewer SET role = $2, supervised = $3, disabled_at = CASE WHEN $4 = 0 THEN NULL ELSE "
	  "coalesce(disabled_at, $5) END WHERE id = $1");
STATEMENT(sql_release, "reviewer.release",
	  "UPDATE session SET assignee_id = NULL, claimed_at = NULL, claim_expires_at = NULL WHERE assignee_id = $1");
STATEMENT(sql_set_key, "reviewer.set_key", "UPDATE reviewer SET key_sha256 = $2, key_created_at = $3 WHERE id = $1");
ROW_STATEMENT(sql_by_key, ROW_SELECT, table, "reviewer.by_key", "FROM reviewer WHERE key_sha256 = $1",
	      .overrides = own);
STATEMENT(sql_cases, "reviewer.cases", "SELECT count(*) FROM session WHERE assignee_id = $1");
ROW_STATEMENT(sql_list, ROW_SELECT, table, "reviewer.list", "FROM reviewer ORDER BY name", .overrides = own);

enum err store_reviewer_find(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			     struct error *error)
{
	uint8_t hash[SHA256_SIZE];

	if (!name)
		memcpy(hash, out->key_sha256, sizeof hash);
	return row_load(&(struct row_reader){ store, name ? &sql_find : &sql_by_key, arena },
			PARAMS(name ? db_text(name) : db_blob(hash, sizeof hash)), out, error);
}

enum err store_reviewer_require_free_name(struct store *store, const char *name, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct reviewer other = { 0 };
	enum err err = store_reviewer_find(store, &arena, name, &other, error);
	if (!err && other.row)
		err = error_set(error, ERR_CONFLICT,
				"there is %s reviewer %s already, and names are never used again; choose another name",
				other.disabled ? "a disabled" : "a", name);
	arena_release(&arena);
	return err;
}

enum err store_reviewer_insert(struct store *store, struct reviewer *reviewer, int64_t now, struct error *error)
{
	enum err err = store_reviewer_require_free_name(store, reviewer->name, error);
	if (!err)
		err = db_run_insert(store->db, &sql_insert,
				    PARAMS(db_text(reviewer->name), db_text(role_text(reviewer->role)),
					   db_int(reviewer->supervised), db_int(now),
					   db_time(reviewer->disabled ? now : TIME_NONE)),
				    &reviewer->row, error);
	if (!err)
		reviewer->created_at = now;
	return err;
}

enum err store_reviewer_set_key(struct store *store, int64_t row, const uint8_t *key_sha256, int64_t now,
				struct error *error)
{
	return db_run(store->db, &sql_set_key,
		      PARAMS(db_int(row), key_sha256 ? db_blob(key_sha256, SHA256_SIZE) : db_null(),
			     db_time(key_sha256 ? now : TIME_NONE)),
		      error);
}

enum err store_reviewer_case_count(struct store *store, int64_t row, int64_t *cases, struct error *error)
{
	return db_get_int(store->db, &sql_cases, PARAMS(db_int(row)), cases, error);
}

bool reviewer_key_matches(const struct reviewer *reviewer, const uint8_t key_sha256[SHA256_SIZE])
{
	return reviewer->key_created_at != TIME_NONE && secret_equal(reviewer->key_sha256, key_sha256, SHA256_SIZE);
}

enum err store_reviewer_update(struct store *store, const struct reviewer *reviewer, int64_t now, struct error *error)
{
	enum err err = db_run(store->db, &sql_update,
			      PARAMS(db_int(reviewer->row), db_text(role_text(reviewer->role)),
				     db_int(reviewer->supervised), db_int(reviewer->disabled), db_int(now)),
			      error);
	if (!err && reviewer->disabled)
		err = store_reviewer_set_key(store, reviewer->row, NULL, now, error);
	if (err || !reviewer->disabled)
		return err;
	return db_run(store->db, &sql_release, PARAMS(db_int(reviewer->row)), error);
}

enum err store_reviewer_list(struct store *store, struct arena *arena, struct reviewer **items, size_t *count,
			     struct error *error)
{
	return rows_load(&(struct row_reader){ store, &sql_list, arena }, NULL, (void **)items, count, error);
}

/* --- SSH keys --- */

/* clang-format off */
#undef OWNER
#define OWNER struct access_key
static const struct column of_access_key[] = {
	ROW(row, "k.id", NULL, COLUMN_KEY),
	TEXT(reviewer, "r.name", NULL, 0),
	TEXT(key.type, "k.type", NULL, 0),
	TEXT(key.body, "k.body", NULL, 0),
	TEXT(key.comment, "k.comment", NULL, 0),
	TEXT(key.fingerprint, "k.fingerprint", NULL, 0),
	TIME(added_at, "k.added_at", NULL, 0),
	TEXT(added_by, "k.added_by", NULL, 0),
	BOOL(disabled, "r.disabled_at IS NOT NULL", NULL, 0),
};
static COLUMN_TABLE(access_keys, "access_key", "access key", of_access_key);
/* clang-format on */
#define FROM_ACCESS_KEY "FROM access_key AS k JOIN reviewer AS r ON r.id = k.reviewer_id "
STATEMENT(sql_insert_access_key, "access_key.insert",
	  "INSERT INTO access_key (reviewer_id, type, body, comment, fingerprint, added_at, added_by) VALUES ($1, "
	  "$2, $3, $4, $5, $6, $7) {made}");
ROW_STATEMENT(sql_list_access_keys, ROW_SELECT, access_keys, "access_key.list",
	      FROM_ACCESS_KEY "ORDER BY r.name, k.id");
ROW_STATEMENT(sql_list_access_keys_of, ROW_SELECT, access_keys, "access_key.list_of",
	      FROM_ACCESS_KEY "WHERE r.name = $1 ORDER BY k.id");

enum err store_access_key_insert(struct store *store, int64_t reviewer_row, struct access_key *key, struct error *error)
{
	return db_run_insert(store->db, &sql_insert_access_key,
			     PARAMS(db_int(reviewer_row), db_text(key->key.type), db_text(key->key.body),
				    db_text(key->key.comment), db_text(key->key.fingerprint), db_int(key->added_at),
				    db_text(key->added_by)),
			     &key->row, error);
}

enum err store_access_key_list(struct store *store, struct arena *arena, const char *reviewer,
			       struct access_key **items, size_t *count, struct error *error)
{
	const struct row_reader reader = { store, *reviewer ? &sql_list_access_keys_of : &sql_list_access_keys, arena };

	return rows_load(&reader, *reviewer ? PARAMS(db_text(reviewer)) : NULL, (void **)items, count, error);
}

/* --- own texts --- */

STATEMENT(sql_find_own_text, "own_text.find",
	  "SELECT value FROM reviewer_setting WHERE reviewer_id = $1 AND kind = $2 AND name = ''");
STATEMENT(sql_put_own_text, "own_text.put",
	  "INSERT INTO reviewer_setting (reviewer_id, kind, name, value, at) VALUES ($1, $2, '', $3, $4) ON "
	  "CONFLICT (reviewer_id, kind, name) DO UPDATE SET value = excluded.value, at = excluded.at");

enum err store_own_text_append(struct store *store, int64_t reviewer_row, const char *kind, struct strbuf *out,
			       struct error *error)
{
	struct query *query = NULL;
	enum err err =
		db_select(store->db, &sql_find_own_text, PARAMS(db_int(reviewer_row), db_text(kind)), &query, error);

	if (query_fetch_row(&query, &err, error))
		strbuf_adds(out, row_text_view(query, 0));
	query_end(query);
	return err;
}

enum err store_own_text_set(struct store *store, const struct own_text_row *row, struct error *error)
{
	return db_run(store->db, &sql_put_own_text,
		      PARAMS(db_int(row->reviewer_row), db_text(row->kind), db_text(row->text), db_int(row->at)),
		      error);
}
