#include "flat_json.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NEXT_NUMBER, INSERT, MARK_UNDONE, LOAD, LOAD_WHOLE };
enum load_column {
	LOAD_ROW,
	LOAD_NUMBER,
	LOAD_KIND,
	LOAD_BY,
	LOAD_ROLE,
	LOAD_AT,
	LOAD_REASON,
	LOAD_MESSAGE,
	LOAD_NOTE,
	LOAD_RETRYABLE,
	LOAD_IMPORTED,
	LOAD_FIRST,
	LOAD_UNDONE,
	LOAD_HELD_UNTIL,
	LOAD_PROFILE,
	LOAD_SHA256,
	LOAD_RULES,
	LOAD_REASONS,
	LOAD_PROGRAM,
	LOAD_BEFORE, /* from here on of one decision only */
	LOAD_EVIDENCE
};
#define COLUMNS                                                                                                    \
	"id, number, kind, decided_by, role, decided_at, reason, message, note, retryable, imported, "             \
	"first_approval, undone, held_until, profile_version, evidence_sha256, "                                   \
	"rules_sha256, reasons_sha256, program"
static const struct sql statements[] = {
	[NEXT_NUMBER] = { "decision.next_number",
			  "SELECT coalesce(max(number), 0) + 1 FROM decision WHERE session_id = $1" },
	[INSERT] = { "decision.insert",
		     "INSERT INTO decision (session_id, number, kind, decided_by, role, decided_at, reason, "
		     "message, "
		     "note, retryable, imported, first_approval, undone, held_until, before, profile_version, "
		     "evidence, evidence_sha256, rules_sha256, reasons_sha256, program) VALUES "
		     "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
		     "$20, $21)" },
	[MARK_UNDONE] = { "decision.mark_undone", "UPDATE decision SET undone = 1 WHERE id = $1" },
	[LOAD] = { "decision.load", "SELECT " COLUMNS " FROM decision WHERE session_id = $1 ORDER BY number" },
	[LOAD_WHOLE] = { "decision.load_whole",
			 "SELECT " COLUMNS
			 ", before, evidence FROM decision WHERE session_id = $1 AND number = $2" },
};
const struct sql_list decision_sql = SQL_LIST(statements);

static void add_member(struct strbuf *out, const char *key, const char *text)
{
	strbuf_adds(out, out->len > 1 ? "," : "");
	flat_add_text(out, key);
	strbuf_addch(out, ':');
	flat_add_text(out, text ? text : "");
}

static void before_write(struct strbuf *out, const struct decision *decision)
{
	strbuf_addch(out, '{');
	add_member(out, "status", session_status_text(decision->before_status));
	add_member(out, "level", decision->before_level);
	add_member(out, "final_decision", final_decision_text(decision->before_final));
	add_member(out, "decided_by", decision->before_decided_by);
	add_member(out, "reason", decision->before_reason);
	if (decision->before_decided_at == TIME_NONE)
		strbuf_adds(out, ",\"decided_at\":null");
	else
		strbuf_addf(out, ",\"decided_at\":%lld", (long long)decision->before_decided_at);
	strbuf_addf(out, ",\"retryable\":%s}", decision->before_retryable ? "true" : "false");
}

static const char *member(struct arena *arena, const char *json, const char *key)
{
	const char *value = flat_read_member(arena, json, key);
	return value ? value : "";
}

static bool before_read(struct arena *arena, const char *json, struct decision *decision)
{
	const char *decided_at = member(arena, json, "decided_at");
	decision->before_level = member(arena, json, "level");
	decision->before_decided_by = member(arena, json, "decided_by");
	decision->before_reason = member(arena, json, "reason");
	decision->before_retryable = strcmp(member(arena, json, "retryable"), "true") == 0;
	decision->before_decided_at = TIME_NONE;
	if (strcmp(decided_at, "null") != 0) {
		char *end = NULL;
		errno = 0;
		decision->before_decided_at = strtoll(decided_at, &end, 10);
		if (errno || end == decided_at || *end)
			return false;
	}
	return session_status_parse(member(arena, json, "status"), &decision->before_status) &&
	       final_decision_parse(member(arena, json, "final_decision"), &decision->before_final);
}

static enum err next_number(struct store *store, int64_t session, int64_t *number, struct error *error)
{
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(store->db, &statements[NEXT_NUMBER], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	err = query_next(query, &row, error);
	if (!err)
		*number = row_int(query, 0);
	query_end(query);
	return err;
}

enum err store_decision_insert(struct store *store, int64_t session, struct decision *decision, struct error *error)
{
	struct query *query = NULL;
	struct strbuf before = STRBUF_INIT;
	int64_t number = 0;
	enum err err = next_number(store, session, &number, error);
	if (!err)
		err = db_query(store->db, &statements[INSERT], &query, error);
	if (err)
		return err;
	before_write(&before, decision);
	query_int(query, 1, session);
	query_int(query, 2, number);
	query_text(query, 3, decision_kind_text(decision->kind));
	query_text(query, 4, decision->by);
	query_text(query, 5, role_text(decision->by_role));
	query_time(query, 6, decision->at);
	query_text(query, 7, decision->reason);
	query_text(query, 8, decision->message);
	query_text(query, 9, decision->note);
	query_int(query, 10, decision->retryable);
	query_int(query, 11, decision->imported);
	query_int(query, 12, decision->first_approval);
	query_int(query, 13, decision->undone);
	query_time(query, 14, decision->held_until);
	query_text(query, 15, before.buf);
	query_int(query, 16, decision->profile_version);
	query_text(query, 17, decision->evidence_json);
	query_text(query, 18, decision->evidence_sha256);
	query_text(query, 19, decision->rules_sha256);
	query_text(query, 20, decision->reasons_sha256);
	query_text(query, 21, decision->program);
	err = query_run(query, error);
	if (!err) {
		decision->row = store->db->driver->last_row(store->db);
		decision->number = number;
	}
	strbuf_release(&before);
	return err;
}

enum err store_decision_mark_undone(struct store *store, int64_t row, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[MARK_UNDONE], &query, error);
	if (err)
		return err;
	query_int(query, 1, row);
	return query_run(query, error);
}

static enum err read_row(const struct store *store, const struct query *query, struct arena *arena,
			 struct decision *decision, struct error *error)
{
	decision_init(decision);
	decision->row = row_int(query, LOAD_ROW);
	decision->number = row_int(query, LOAD_NUMBER);
	decision->by = row_text(query, LOAD_BY, arena);
	decision->at = row_time(query, LOAD_AT);
	decision->reason = row_text(query, LOAD_REASON, arena);
	decision->message = row_text(query, LOAD_MESSAGE, arena);
	decision->note = row_text(query, LOAD_NOTE, arena);
	decision->retryable = row_int(query, LOAD_RETRYABLE) != 0;
	decision->imported = row_int(query, LOAD_IMPORTED) != 0;
	decision->first_approval = row_int(query, LOAD_FIRST) != 0;
	decision->undone = row_int(query, LOAD_UNDONE) != 0;
	decision->held_until = row_time(query, LOAD_HELD_UNTIL);
	decision->profile_version = row_int(query, LOAD_PROFILE);
	decision->evidence_sha256 = row_text(query, LOAD_SHA256, arena);
	decision->rules_sha256 = row_text(query, LOAD_RULES, arena);
	decision->reasons_sha256 = row_text(query, LOAD_REASONS, arena);
	decision->program = row_text(query, LOAD_PROGRAM, arena);
	if (!decision_kind_parse(row_view(query, LOAD_KIND), &decision->kind))
		return row_damaged(store, "decision", decision->row, "kind", error);
	if (!role_parse(row_view(query, LOAD_ROLE), &decision->by_role))
		return row_damaged(store, "decision", decision->row, "role", error);
	return ERR_OK;
}

enum err decisions_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
			struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	enum err err = db_query(store->db, &statements[LOAD], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	while (!err && !(err = query_next(query, &row, error)) && row)
		err = read_row(store, query, arena,
			       ARENA_PUSH(arena, out->decisions, out->decision_count, capacity), error);
	query_end(query);
	return err;
}

enum err store_decision_load(struct store *store, struct arena *arena, int64_t session, int64_t number,
			     struct decision *out, struct error *error)
{
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(store->db, &statements[LOAD_WHOLE], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	query_int(query, 2, number);
	err = query_next(query, &row, error);
	if (!err && !row)
		err = error_set(error, ERR_NOT_FOUND, "this case has no decision %lld", (long long)number);
	if (!err)
		err = read_row(store, query, arena, out, error);
	if (!err) {
		out->evidence_json = row_text(query, LOAD_EVIDENCE, arena);
		if (!before_read(arena, row_view(query, LOAD_BEFORE), out))
			err = row_damaged(store, "decision", out->row, "before", error);
	}
	query_end(query);
	return err;
}
