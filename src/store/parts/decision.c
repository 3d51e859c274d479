#include "flat_json.h"
#include "rows.h"
#include "columns.h"
#include "kybdesk/store/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void add_member(struct strbuf *out, const char *key, const char *text)
{
	strbuf_adds(out, out->len > 1 ? "," : "");
	flat_add_text(out, key);
	strbuf_addch(out, ':');
	flat_add_text(out, text ? text : "");
}

static void add_number(struct strbuf *out, const char *key, int64_t number)
{
	strbuf_addch(out, ',');
	flat_add_text(out, key);
	if (number == TIME_NONE)
		strbuf_adds(out, ":null");
	else
		strbuf_addf(out, ":%lld", (long long)number);
}

/* Adds the columns of the session's row that undo restores in addition to the outcome. */
static void add_columns(struct strbuf *out, const struct session *before)
{
	for (const struct column *c = NULL; (c = columns_next(&session_columns, c, COLUMN_UNDO_RESTORES));) {
		if (c->type == COLUMN_TEXT)
			add_member(out, c->name, column_text(c, before));
		else
			add_number(out, c->name, column_number(c, before));
	}
	add_member(out, "expired_from", session_status_text(before->status_before_expiry));
}

static const char *previous_state_write(struct arena *arena, const void *row)
{
	const struct decision *decision = row;
	struct strbuf out = STRBUF_INIT;
	strbuf_addch(&out, '{');
	add_member(&out, "status", session_status_text(decision->before_status));
	add_member(&out, "level", decision->before_level);
	add_member(&out, "final_decision", final_decision_text(decision->before_decision));
	add_member(&out, "decided_by", decision->before_decided_by);
	add_member(&out, "reason", decision->before_reason);
	add_number(&out, "decided_at", decision->before_decided_at);
	strbuf_addf(&out, ",\"retryable\":%s", decision->before_retryable ? "true" : "false");
	if (decision->session_before)
		add_columns(&out, decision->session_before);
	strbuf_addch(&out, '}');
	return strbuf_finish(&out, arena);
}

static const char *member(struct arena *arena, const char *json, const char *key)
{
	const char *value = flat_read_member(arena, json, key);
	return value ? value : "";
}

static bool read_number(const char *text, int64_t *number)
{
	char *end = NULL;
	*number = TIME_NONE;
	if (strcmp(text, "null") == 0)
		return true;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return !errno && end != text && !*end;
}

static bool read_previous_columns(struct arena *arena, const char *json, struct decision *decision)
{
	struct session *before = arena_alloc(arena, sizeof *before);
	columns_init(&session_columns, before);
	for (const struct column *c = NULL; (c = columns_next(&session_columns, c, COLUMN_UNDO_RESTORES));) {
		const char *value = flat_read_member(arena, json, c->name);
		int64_t number;
		if (!value)
			return true; /* an older version without these columns wrote the decision */
		if (c->type == COLUMN_TEXT) {
			column_set_text(c, before, value);
			continue;
		}
		if (!read_number(value, &number))
			return false;
		column_set_number(c, before, number);
	}
	decision->session_before = before;
	return session_status_parse(member(arena, json, "expired_from"), &before->status_before_expiry);
}

static bool previous_state_read(struct arena *arena, const char *json, void *row)
{
	struct decision *decision = row;
	decision->before_level = member(arena, json, "level");
	decision->before_decided_by = member(arena, json, "decided_by");
	decision->before_reason = member(arena, json, "reason");
	decision->before_retryable = strcmp(member(arena, json, "retryable"), "true") == 0;
	return read_number(member(arena, json, "decided_at"), &decision->before_decided_at) &&
	       session_status_parse(member(arena, json, "status"), &decision->before_status) &&
	       final_decision_parse(member(arena, json, "final_decision"), &decision->before_decision) &&
	       read_previous_columns(arena, json, decision);
}

/* The values of the session before the decision: several members in one column, which only undo reads. */
static const struct row_override own[] = {
	{ .column = "before", .write = previous_state_write, .parse = previous_state_read }, { 0 }
};

STATEMENT(sql_next_number, "decision.next_number",
	  "SELECT coalesce(max(number), 0) + 1 FROM decision WHERE session_id = $1");
STATEMENT(sql_mark_undone, "decision.mark_undone", "UPDATE decision SET undone = 1 WHERE id = $1");
ROW_STATEMENT(sql_insert, ROW_INSERT, decision_columns, "decision.insert", "{made}", .keys = "session_id",
	      .key_count = 1, .overrides = own);
ROW_STATEMENT(sql_load, ROW_SELECT, decision_columns, "decision.load",
	      "FROM decision WHERE session_id = $1 ORDER BY number", .without_flags = COLUMN_LARGE);
ROW_STATEMENT(sql_load_whole, ROW_SELECT, decision_columns, "decision.load_whole",
	      "FROM decision WHERE session_id = $1 AND number = $2", .overrides = own);

enum err store_decision_insert(struct store *store, int64_t session, struct decision *decision, struct error *error)
{
	struct decision numbered = *decision;
	enum err err = db_get_int(store->db, &sql_next_number, PARAMS(db_int(session)), &numbered.number, error);
	if (!err)
		err = row_insert(store, &sql_insert, PARAMS(db_int(session)), &numbered, error);
	if (!err) {
		decision->row = numbered.row;
		decision->number = numbered.number;
	}
	return err;
}

enum err store_decision_mark_undone(struct store *store, int64_t row, struct error *error)
{
	return db_run(store->db, &sql_mark_undone, PARAMS(db_int(row)), error);
}

/* Initialises the members that the SELECT of a case does not read. */
static void previous_state_init(struct decision *decision)
{
	decision->before_level = decision->before_decided_by = decision->before_reason = "";
	decision->before_decided_at = TIME_NONE;
}

static enum err read_part(const struct row_reader *reader, struct query *query, struct case_file *out,
			  struct error *error)
{
	enum err err = rows_read(reader, query, (void **)&out->decisions, &out->decision_count, error);

	for (size_t i = 0; i < out->decision_count; i++)
		previous_state_init(&out->decisions[i]);
	return err;
}

const struct case_part part_decisions = { .sql = &sql_load, .read = read_part };

enum err store_decision_load(struct store *store, struct arena *arena, int64_t session, int64_t number,
			     struct decision *out, struct error *error)
{
	enum err err = row_load(&(struct row_reader){ store, &sql_load_whole, arena },
				PARAMS(db_int(session), db_int(number)), out, error);

	if (!err && !out->row)
		err = error_set(error, ERR_NOT_FOUND, "this case has no decision %lld", (long long)number);
	return err;
}
