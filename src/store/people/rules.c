#include "rows.h"
#include "columns.h"
#include "kybdesk/store/rules.h"
#include "kybdesk/store/people.h"

#include <string.h>

enum { AT_ROW, AT_NAME, AT_VERSION, AT_SHA256, AT_AT, AT_BY, AT_CURRENT, AT_KIND, AT_OFFERED, AT_BODY };
#define COLUMNS "id, name, version, sha256, installed_at, installed_by, current, kind, offered"
STATEMENT(sql_retire, "rules.retire", "UPDATE rule_text SET current = 0 WHERE kind = $1 AND name = $2 AND current = 1");
STATEMENT(sql_insert, "rules.insert",
	  "INSERT INTO rule_text (kind, name, version, sha256, body, installed_at, installed_by, current, offered) "
	  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1 - CAST($8 AS BIGINT)) {made}");
STATEMENT(sql_current, "rules.current", "SELECT id FROM rule_text WHERE kind = $1 AND name = $2 AND current = 1");
STATEMENT(sql_load, "rules.load", "SELECT " COLUMNS ", body FROM rule_text WHERE id = $1");
STATEMENT(sql_list, "rules.list", "SELECT " COLUMNS " FROM rule_text WHERE kind = $1 ORDER BY name, id");

const char *rule_text_kind_text(enum rule_text_kind kind)
{
	return kind == RULE_TEXT_WORKFLOW ? "workflow" : "reasons";
}

static void hash_of(const char *body, size_t length, char out[SHA256_HEX_SIZE])
{
	uint8_t hash[SHA256_SIZE];
	sha256_hash(body, length, hash);
	hex_encode(hash, sizeof hash, out);
}

enum err store_rule_install(struct store *store, struct rule_text *text, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *kind = rule_text_kind_text(text->kind);
	enum err err = ERR_OK;

	text->current = !text->is_proposal;
	hash_of(text->body, text->length, text->sha256);
	if (text->current)
		err = db_run(store->db, &sql_retire, PARAMS(db_text(kind), db_text(text->name)), error);
	if (!err)
		err = db_run_insert(
			store->db, &sql_insert,
			PARAMS(db_text(kind), db_text(text->name), db_int(text->version), db_text(text->sha256),
			       db_text(arena_strndup(&arena, text->body, text->length)), db_int(text->installed_at),
			       db_text(text->installed_by), db_int(text->current)),
			&text->row, error);
	store->db->state++; /* another text may be in force now: cached values are outdated */
	arena_release(&arena);
	return err;
}

enum err store_rule_find_current(struct store *store, enum rule_text_kind kind, const char *name, int64_t *row,
				 struct error *error)
{
	return db_get_int(store->db, &sql_current, PARAMS(db_text(rule_text_kind_text(kind)), db_text(name)), row,
			  error);
}

static void read_row(const struct query *query, struct arena *arena, struct rule_text *out)
{
	*out = (struct rule_text){
		.row = row_int(query, AT_ROW),
		.kind = strcmp(row_text_view(query, AT_KIND), "workflow") == 0 ? RULE_TEXT_WORKFLOW : RULE_TEXT_REASONS,
		.name = row_text(query, AT_NAME, arena),
		.version = row_int(query, AT_VERSION),
		.body = "",
		.installed_at = row_int(query, AT_AT),
		.installed_by = row_text(query, AT_BY, arena),
		.current = row_int(query, AT_CURRENT) != 0,
		.is_proposal = row_int(query, AT_OFFERED) != 0,
	};
	const char *sha256 = row_text_view(query, AT_SHA256);
	if (strlen(sha256) == sizeof out->sha256 - 1)
		memcpy(out->sha256, sha256, sizeof out->sha256);
}

enum err store_rule_load(struct store *store, struct arena *arena, int64_t row, struct rule_text *out,
			 struct error *error)
{
	struct query *query = NULL;
	char sha256[SHA256_HEX_SIZE];
	bool found = false;
	*out = (struct rule_text){ .name = "", .body = "", .installed_by = "" };
	enum err err = db_select(store->db, &sql_load, PARAMS(db_int(row)), &query, error);

	found = query_fetch_row(&query, &err, error);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "the store has no rule text %lld", (long long)row);
	if (!err) {
		read_row(query, arena, out);
		out->body = row_text(query, AT_BODY, arena);
		out->length = strlen(out->body);
		hash_of(out->body, out->length, sha256);
		if (strcmp(sha256, out->sha256) != 0)
			err = report_damaged_row(store, "rule_text", row, "body", error);
	}
	query_end(query);
	return err;
}

enum err store_rule_list(struct store *store, struct arena *arena, enum rule_text_kind kind, struct rule_texts *out,
			 struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	*out = (struct rule_texts){ 0 };
	enum err err = db_select(store->db, &sql_list, PARAMS(db_text(rule_text_kind_text(kind))), &query, error);

	while (query_fetch_row(&query, &err, error))
		read_row(query, arena, ARENA_PUSH(arena, out->items, out->count, capacity));
	return err;
}

/* --- the workflows of sessions --- */

STATEMENT(sql_find_workflow, "workflow.find", "SELECT id FROM workflow WHERE name = $1 AND sha256 = $2");
STATEMENT(sql_insert_workflow, "workflow.insert",
	  "INSERT INTO workflow (name, version, sha256, body, created_at) VALUES ($1, $2, $3, $4, $5) {made}");
STATEMENT(sql_body, "workflow.body", "SELECT body, sha256 FROM workflow WHERE id = $1");
STATEMENT(sql_hash, "workflow.hash", "SELECT sha256 FROM workflow WHERE id = $1");

enum err store_workflow_put(struct store *store, const struct workflow_text *text, int64_t now, int64_t *row,
			    struct error *error)
{
	struct arena arena = ARENA_INIT;
	uint8_t hash[SHA256_SIZE];

	sha256_hash(text->body, text->length, hash);
	enum err err = db_get_int(store->db, &sql_find_workflow,
				  PARAMS(db_text(text->name), db_blob(hash, sizeof hash)), row, error);
	if (!err && !*row)
		err = db_run_insert(store->db, &sql_insert_workflow,
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

	found = query_fetch_row(&query, &err, error);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "the store has no workflow version %lld", (long long)row);
	if (!err) {
		*body = row_text(query, 0, arena);
		stored = row_blob(query, 1, arena, &stored_length);
		sha256_hash(*body, strlen(*body), hash);
		/* A session is decided by the workflow text with which it was created, so that text must be
		 * unchanged. */
		if (stored_length != sizeof hash || memcmp(stored, hash, sizeof hash) != 0)
			err = report_damaged_row(store, "workflow", row, "body", error);
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

	if (query_fetch_row(&query, &err, error)) {
		const uint8_t *hash = row_blob(query, 0, &arena, &length);
		if (length == SHA256_SIZE)
			hex_encode(hash, length, out);
	}
	query_end(query);
	arena_release(&arena);
	return err;
}
