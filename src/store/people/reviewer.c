#include "rows.h"
#include "statements.h"
#include "kybdesk/store/people.h"

#include <string.h>

enum {
	AT_ROW,
	AT_NAME,
	AT_ROLE,
	AT_SUPERVISED,
	AT_CREATED_AT,
	AT_DISABLED_AT,
	AT_KEY_SHA256,
	AT_KEY_CREATED_AT
};
#define COLUMNS "id, name, role, supervised, created_at, disabled_at, key_sha256, key_created_at"
STATEMENT(sql_find, "reviewer.find", "SELECT " COLUMNS " FROM reviewer WHERE name = $1");
STATEMENT(sql_insert, "reviewer.insert",
	  "INSERT INTO reviewer (name, role, supervised, created_at, disabled_at) VALUES ($1, $2, $3, $4, $5) "
	  "{made}");
STATEMENT(sql_update, "reviewer.update",
	  "UPDATE reviewer SET role = $2, supervised = $3, disabled_at = CASE WHEN $4 = 0 THEN NULL ELSE "
	  "coalesce(disabled_at, $5) END WHERE id = $1");
STATEMENT(
	sql_release, "reviewer.release",
	"UPDATE session SET assignee_id = NULL, claimed_at = NULL, claim_expires_at = NULL WHERE assignee_id = $1");
STATEMENT(sql_set_key, "reviewer.set_key",
	  "UPDATE reviewer SET key_sha256 = $2, key_created_at = $3 WHERE id = $1");
STATEMENT(sql_by_key, "reviewer.by_key", "SELECT " COLUMNS " FROM reviewer WHERE key_sha256 = $1");
STATEMENT(sql_cases, "reviewer.cases", "SELECT count(*) FROM session WHERE assignee_id = $1");
STATEMENT(sql_list, "reviewer.list", "SELECT " COLUMNS " FROM reviewer ORDER BY name");

static enum err read_row(const struct store *store, const struct query *query, struct arena *arena,
			 struct reviewer *out, struct error *error)
{
	const void *hash;
	size_t length = 0;

	*out = (struct reviewer){
		.row = row_int(query, AT_ROW),
		.name = row_text(query, AT_NAME, arena),
		.supervised = row_int(query, AT_SUPERVISED) != 0,
		.disabled = !row_is_null(query, AT_DISABLED_AT),
		.created_at = row_int(query, AT_CREATED_AT),
		.disabled_at = row_time(query, AT_DISABLED_AT),
		.key_created_at = TIME_NONE,
	};
	hash = row_blob(query, AT_KEY_SHA256, arena, &length);
	if (length == SHA256_SIZE) {
		memcpy(out->key_sha256, hash, SHA256_SIZE);
		out->key_created_at = row_int(query, AT_KEY_CREATED_AT);
	}
	if (!role_parse(row_view(query, AT_ROLE), &out->role))
		return row_damaged(store, "reviewer", out->row, "role", error);
	return ERR_OK;
}

enum err store_reviewer_find(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			     struct error *error)
{
	struct query *query = NULL;
	out->row = 0;
	enum err err = db_select(store->db, &sql_find, PARAMS(db_text(name)), &query, error);

	if (query_row(query, &err, error))
		err = read_row(store, query, arena, out, error);
	query_end(query);
	return err;
}

enum err store_reviewer_require_free_name(struct store *store, const char *name, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct reviewer other;
	enum err err = store_reviewer_find(store, &arena, name, &other, error);
	if (!err && other.row)
		err = error_set(
			error, ERR_CONFLICT,
			"there is %s reviewer %s already, and names are never used again; choose another name",
			other.disabled ? "a disabled" : "a", name);
	arena_release(&arena);
	return err;
}

enum err store_reviewer_insert(struct store *store, struct reviewer *reviewer, int64_t now, struct error *error)
{
	enum err err = store_reviewer_require_free_name(store, reviewer->name, error);
	if (!err)
		err = db_run_new(store->db, &sql_insert,
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

enum err store_reviewer_by_key(struct store *store, struct arena *arena, const uint8_t key_sha256[SHA256_SIZE],
			       struct reviewer *out, struct error *error)
{
	struct query *query = NULL;
	enum err err;

	out->row = 0;
	err = db_select(store->db, &sql_by_key, PARAMS(db_blob(key_sha256, SHA256_SIZE)), &query, error);

	if (query_row(query, &err, error))
		err = read_row(store, query, arena, out, error);
	query_end(query);
	return err;
}

enum err store_reviewer_cases(struct store *store, int64_t row, int64_t *cases, struct error *error)
{
	return db_number(store->db, &sql_cases, PARAMS(db_int(row)), cases, error);
}

bool reviewer_key_is(const struct reviewer *reviewer, const uint8_t key_sha256[SHA256_SIZE])
{
	return reviewer->key_created_at != TIME_NONE && secret_equal(reviewer->key_sha256, key_sha256, SHA256_SIZE);
}

enum err store_reviewer_update(struct store *store, const struct reviewer *reviewer, int64_t now,
			       struct error *error)
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
	struct query *query = NULL;
	size_t capacity = 0;
	*items = NULL;
	*count = 0;
	enum err err = db_select(store->db, &sql_list, NULL, &query, error);

	while (query_row(query, &err, error))
		err = read_row(store, query, arena, ARENA_PUSH(arena, *items, *count, capacity), error);
	query_end(query);
	return err;
}
