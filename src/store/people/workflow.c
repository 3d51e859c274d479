#include "rows.h"
#include "columns.h"
#include "kybdesk/store/people.h"

#include <string.h>

STATEMENT(sql_find, "workflow.find", "SELECT id FROM workflow WHERE name = $1 AND sha256 = $2");
STATEMENT(sql_insert, "workflow.insert",
	  "INSERT INTO workflow (name, version, sha256, body, created_at) VALUES ($1, $2, $3, $4, $5) {made}");
STATEMENT(sql_body, "workflow.body", "SELECT body, sha256 FROM workflow WHERE id = $1");
STATEMENT(sql_hash, "workflow.hash", "SELECT sha256 FROM workflow WHERE id = $1");

enum err store_workflow_put(struct store *store, const struct workflow_text *text, int64_t now, int64_t *row,
			    struct error *error)
{
	struct arena arena = ARENA_INIT;
	uint8_t hash[SHA256_SIZE];

	sha256_once(text->body, text->length, hash);
	enum err err = db_number(store->db, &sql_find, PARAMS(db_text(text->name), db_blob(hash, sizeof hash)), row,
				 error);
	if (!err && !*row)
		err = db_run_new(store->db, &sql_insert,
				 PARAMS(db_text(text->name), db_int(text->version), db_blob(hash, sizeof hash),
					db_text(arena_strndup(&arena, text->body, text->length)), db_int(now)),
				 row, error);
	arena_release(&arena);
	return err;
}

enum err store_workflow_body(struct store *store, struct arena *arena, int64_t row, const char **body,
			     struct error *error)
{
	struct query *query = NULL;
	uint8_t hash[SHA256_SIZE];
	const void *stored;
	size_t stored_length = 0;
	bool found = false;
	*body = "";
	enum err err = db_select(store->db, &sql_body, PARAMS(db_int(row)), &query, error);

	found = query_row(&query, &err, error);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "the store has no workflow version %lld", (long long)row);
	if (!err) {
		*body = row_text(query, 0, arena);
		stored = row_blob(query, 1, arena, &stored_length);
		sha256_once(*body, strlen(*body), hash);
		/* A session is decided by the workflow that it was created with, so the text must be unchanged. */
		if (stored_length != sizeof hash || memcmp(stored, hash, sizeof hash) != 0)
			err = row_damaged(store, "workflow", row, "body", error);
	}
	query_end(query);
	return err;
}

enum err store_workflow_hash(struct store *store, int64_t row, char out[SHA256_HEX_SIZE], struct error *error)
{
	struct query *query = NULL;
	struct arena arena = ARENA_INIT;
	size_t length = 0;
	out[0] = '\0';
	enum err err = db_select(store->db, &sql_hash, PARAMS(db_int(row)), &query, error);

	if (query_row(&query, &err, error)) {
		const uint8_t *hash = row_blob(query, 0, &arena, &length);
		if (length == SHA256_SIZE)
			hex_encode(hash, length, out);
	}
	query_end(query);
	arena_release(&arena);
	return err;
}
