#include "rows.h"
#include "statements.h"
#include "kybdesk/store/people.h"

#include <string.h>

enum { FIND, INSERT, UPDATE, RELEASE, LIST, SET_KEY, BY_KEY, CASES };
enum column {
	COLUMN_ROW,
	COLUMN_NAME,
	COLUMN_ROLE,
	COLUMN_SUPERVISED,
	COLUMN_CREATED_AT,
	COLUMN_DISABLED_AT,
	COLUMN_KEY_SHA256,
	COLUMN_KEY_CREATED_AT
};
#define COLUMNS "id, name, role, supervised, created_at, disabled_at, key_sha256, key_created_at"
static const struct sql statements[] = {
	[FIND] = { "reviewer.find", "SELECT " COLUMNS " FROM reviewer WHERE name = $1" },
	[INSERT] = { "reviewer.insert", "INSERT INTO reviewer (name, role, supervised, created_at, disabled_at) "
					"VALUES ($1, $2, $3, $4, $5) {made}" },
	[UPDATE] = { "reviewer.update",
		     "UPDATE reviewer SET role = $2, supervised = $3, disabled_at = CASE WHEN $4 = 0 THEN NULL "
		     "ELSE coalesce(disabled_at, $5) END WHERE id = $1" },
	[RELEASE] = { "reviewer.release", "UPDATE session SET assignee_id = NULL, claimed_at = NULL, "
					  "claim_expires_at = NULL WHERE assignee_id = $1" },
	[SET_KEY] = { "reviewer.set_key",
		      "UPDATE reviewer SET key_sha256 = $2, key_created_at = $3 WHERE id = $1" },
	[BY_KEY] = { "reviewer.by_key", "SELECT " COLUMNS " FROM reviewer WHERE key_sha256 = $1" },
	[CASES] = { "reviewer.cases", "SELECT count(*) FROM session WHERE assignee_id = $1" },
	[LIST] = { "reviewer.list", "SELECT " COLUMNS " FROM reviewer ORDER BY name" },
};
const struct sql_list reviewer_sql = SQL_LIST(statements);

static enum err read_row(const struct store *store, const struct query *query, struct arena *arena,
			 struct reviewer *out, struct error *error)
{
	const void *hash;
	size_t length = 0;

	*out = (struct reviewer){
		.row = row_int(query, COLUMN_ROW),
		.name = row_text(query, COLUMN_NAME, arena),
		.supervised = row_int(query, COLUMN_SUPERVISED) != 0,
		.disabled = !row_is_null(query, COLUMN_DISABLED_AT),
		.created_at = row_int(query, COLUMN_CREATED_AT),
		.disabled_at = row_time(query, COLUMN_DISABLED_AT),
		.key_created_at = TIME_NONE,
	};
	hash = row_blob(query, COLUMN_KEY_SHA256, arena, &length);
	if (length == SHA256_SIZE) {
		memcpy(out->key_sha256, hash, SHA256_SIZE);
		out->key_created_at = row_int(query, COLUMN_KEY_CREATED_AT);
	}
	if (!role_parse(row_view(query, COLUMN_ROLE), &out->role))
		return row_damaged(store, "reviewer", out->row, "role", error);
	return ERR_OK;
}

enum err store_reviewer_find(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			     struct error *error)
{
	struct query *query = NULL;
	out->row = 0;
	enum err err = db_select(store->db, &statements[FIND], PARAMS(db_text(name)), &query, error);

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
		err = db_run_new(store->db, &statements[INSERT],
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
	return db_run(store->db, &statements[SET_KEY],
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
	err = db_select(store->db, &statements[BY_KEY], PARAMS(db_blob(key_sha256, SHA256_SIZE)), &query, error);

	if (query_row(query, &err, error))
		err = read_row(store, query, arena, out, error);
	query_end(query);
	return err;
}

enum err store_reviewer_cases(struct store *store, int64_t row, int64_t *cases, struct error *error)
{
	return db_number(store->db, &statements[CASES], PARAMS(db_int(row)), cases, error);
}

bool reviewer_key_is(const struct reviewer *reviewer, const uint8_t key_sha256[SHA256_SIZE])
{
	return reviewer->key_created_at != TIME_NONE && secret_equal(reviewer->key_sha256, key_sha256, SHA256_SIZE);
}

enum err store_reviewer_update(struct store *store, const struct reviewer *reviewer, int64_t now,
			       struct error *error)
{
	enum err err = db_run(store->db, &statements[UPDATE],
			      PARAMS(db_int(reviewer->row), db_text(role_text(reviewer->role)),
				     db_int(reviewer->supervised), db_int(reviewer->disabled), db_int(now)),
			      error);
	if (!err && reviewer->disabled)
		err = store_reviewer_set_key(store, reviewer->row, NULL, now, error);
	if (err || !reviewer->disabled)
		return err;
	return db_run(store->db, &statements[RELEASE], PARAMS(db_int(reviewer->row)), error);
}

enum err store_reviewer_list(struct store *store, struct arena *arena, struct reviewer **items, size_t *count,
			     struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	*items = NULL;
	*count = 0;
	enum err err = db_select(store->db, &statements[LIST], NULL, &query, error);

	while (query_row(query, &err, error))
		err = read_row(store, query, arena, ARENA_PUSH(arena, *items, *count, capacity), error);
	query_end(query);
	return err;
}
