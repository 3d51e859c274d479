/* Webhook endpoints and their subscriptions. */
#include "outbox_rows.h"
#include "rows.h"
#include "columns.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/domain/column_define.h"

#include <string.h>

STATEMENT(sql_merchant, "endpoint.merchant", "SELECT id FROM merchant WHERE name = $1");
STATEMENT(sql_merchant_names, "endpoint.merchants", "SELECT name FROM merchant ORDER BY name LIMIT 10000");
STATEMENT(sql_insert, "endpoint.insert",
	  "INSERT INTO endpoint (uuid, merchant_id, url, events, secret, created_at) VALUES ($1, $2, $3, '[]', $4, "
	  "$5) {made}");
STATEMENT(sql_add_event, "endpoint.add_event", "UPDATE endpoint SET events = {append events, $2} WHERE id = $1");
STATEMENT(sql_events, "endpoint.events",
	  "SELECT name.value FROM endpoint AS e, {elements e.events, name} WHERE e.id = $1");
STATEMENT(sql_by_reference, "endpoint.by_reference",
	  "SELECT id, uuid FROM endpoint WHERE uuid >= $1 AND uuid < $2 AND removed_at IS NULL ORDER BY uuid LIMIT "
	  "11");
STATEMENT(sql_by_url, "endpoint.by_url",
	  "SELECT id, uuid FROM endpoint WHERE url = $1 AND removed_at IS NULL LIMIT 11");
STATEMENT(sql_disable, "endpoint.disable",
	  "UPDATE endpoint SET disabled_at = $2, disabled_reason = $3, disabled_itself = 0 WHERE id = $1 AND "
	  "disabled_at IS NULL");
STATEMENT(sql_remove, "endpoint.remove",
	  "UPDATE endpoint SET disabled_at = coalesce(disabled_at, $2), disabled_reason = $3, disabled_itself = 0, "
	  "removed_at = $2 WHERE id = $1");
STATEMENT(sql_enable, "endpoint.enable",
	  "UPDATE endpoint SET disabled_at = NULL, disabled_reason = '', disabled_itself = 0, failing_since = "
	  "NULL, failures = 0, holds = 0, held_until = NULL WHERE id = $1");
STATEMENT(sql_unsent, "endpoint.unsent", "SELECT count(*) FROM delivery WHERE endpoint_id = $1 AND state = 'unsent'");
STATEMENT(sql_update, "endpoint.update",
	  "UPDATE endpoint SET failing_since = CASE WHEN url = $2 THEN failing_since END, failures = CASE WHEN url "
	  "= $2 THEN failures ELSE 0 END, holds = CASE WHEN url = $2 THEN holds ELSE 0 END, held_until = CASE WHEN "
	  "url = $2 THEN held_until END, url = $2, at_once = $3, per_minute = $4, pace_at = 0, events = '[]' WHERE "
	  "id = $1");
STATEMENT(sql_rotate, "endpoint.rotate",
	  "UPDATE endpoint SET old_secret = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN '' ELSE secret END, "
	  "old_secret_until = $3, secret = $2 WHERE id = $1");
STATEMENT(sql_unsend, "endpoint.unsend",
	  "UPDATE delivery SET state = 'unsent', note = $2, finished_at = $3 WHERE endpoint_id = $1 AND state = "
	  "'pending'");
STATEMENT(sql_count, "endpoint.count",
	  "SELECT count(*) FROM endpoint AS e WHERE e.merchant_id = $1 AND e.disabled_at IS NULL AND EXISTS "
	  "(SELECT 1 FROM {elements e.events, name} WHERE name.value IN ('*', $2))");
/* clang-format off */
#define OWNER struct endpoint
static const struct column columns[] = {
	ROW(row, "endpoint.id", NULL, COLUMN_KEY),
	TEXT(id, "endpoint.uuid", NULL, 0),
	TEXT(merchant, "m.name", NULL, 0),
	TEXT(url, "url", NULL, 0),
	BOOL(disabled, "disabled_at IS NOT NULL", NULL, 0),
	TEXT(disabled_reason, "disabled_reason", NULL, 0),
	TIME(created_at, "endpoint.created_at", NULL, 0),
	BOOL(is_auto_disabled, "disabled_itself", NULL, 0),
	INT(max_concurrency, "at_once", NULL, 0),
	INT(deliveries_per_minute, "per_minute", NULL, 0),
	TIME(paused_until, "CASE WHEN failures >= " BREAKER_FAILURES " THEN held_until END", NULL, 0),
	TIME(old_secret_until, "CASE WHEN old_secret <> '' THEN old_secret_until END", NULL, 0),
};
static COLUMN_TABLE(table, "endpoint", "endpoint", columns);
/* clang-format on */
#define FROM "FROM endpoint {then} merchant AS m ON m.id = endpoint.merchant_id WHERE "
ROW_STATEMENT(sql_load, ROW_SELECT, table, "endpoint.load", FROM "endpoint.id = $1 AND removed_at IS NULL");
ROW_STATEMENT(sql_list, ROW_SELECT, table, "endpoint.list", FROM "removed_at IS NULL ORDER BY endpoint.id");
ROW_STATEMENT(sql_list_merchant, ROW_SELECT, table, "endpoint.list_merchant",
	      FROM "endpoint.merchant_id = $1 AND removed_at IS NULL ORDER BY endpoint.id");

static enum err read_candidates(struct store *store, const struct sql *sql, const struct db_params *params,
				struct id_candidates *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(store->db, sql, params, &query, error);

	while (query_fetch_row(&query, &err, error)) {
		out->row = row_int(query, 0);
		*ARENA_PUSH(out->arena, out->ids, out->count, capacity) = row_text(query, 1, out->arena);
	}
	return err;
}

enum err id_candidates_read(struct store *store, const struct sql *sql, const char *reference,
			    struct id_candidates *out, struct error *error)
{
	if (strlen(reference) < REFERENCE_LENGTH_MIN)
		return ERR_OK;
	/* $2 is greater than all texts that begin with the reference. */
	return read_candidates(store, sql,
			       PARAMS(db_text(reference), db_text(arena_printf(out->arena, "%s\x7f", reference))), out,
			       error);
}

enum err refuse_ambiguous_ref(struct error *error, const char *what, const char *reference,
			      const struct id_candidates *id_candidates)
{
	struct strbuf names = STRBUF_INIT;
	enum err err;

	for (size_t i = 0; i < id_candidates->count && i < CANDIDATES_MAX; i++)
		strbuf_addf(&names, "%s%s", i ? ", " : "", id_candidates->ids[i]);
	if (id_candidates->count > CANDIDATES_MAX)
		strbuf_adds(&names, " …");
	err = error_set(error, ERR_USAGE, "\"%s\" matches several %s: %s; use more characters of the id", reference,
			what, names.buf);
	strbuf_release(&names);
	return err;
}

static enum err report_unknown_merchant(struct store *store, const char *name, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char **names = NULL;
	size_t count = 0;
	enum err err = text_list_load(&(struct column_query){ store, &sql_merchant_names, &arena }, NULL, &names,
				      &count, error);

	if (!err)
		err = error_unknown_word(error, ERR_NOT_FOUND,
					 &(struct unknown_name){ .kind = "merchant",
								 .name = name,
								 .hint = "List them with: kybdesk merchant list",
								 .names = names,
								 .count = count,
								 .field = "merchant" });
	arena_release(&arena);
	return err;
}

enum err outbox_find_merchant(struct store *store, const char *name, int64_t *row, struct error *error)
{
	enum err err = db_get_int(store->db, &sql_merchant, PARAMS(db_text(name)), row, error);

	return err || *row ? err : report_unknown_merchant(store, name, error);
}

static enum err add_subscriptions(struct store *store, const struct endpoint *endpoint, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < endpoint->event_count; i++)
		err = db_run(store->db, &sql_add_event, PARAMS(db_int(endpoint->row), db_text(endpoint->events[i])),
			     error);
	return err;
}

static enum err insert_endpoint(struct store *store, struct endpoint *endpoint, const char *secret, struct error *error)
{
	int64_t merchant;
	enum err err = outbox_find_merchant(store, endpoint->merchant, &merchant, error);

	if (!err)
		err = db_run_insert(store->db, &sql_insert,
				    PARAMS(db_text(endpoint->id), db_int(merchant), db_text(endpoint->url),
					   db_text(secret), db_int(endpoint->created_at)),
				    &endpoint->row, error);
	return err;
}

enum err store_endpoint_write(struct store *store, struct endpoint *endpoint, const char *secret, struct error *error)
{
	enum err err;

	if (endpoint->row && secret)
		return db_run(store->db, &sql_rotate,
			      PARAMS(db_int(endpoint->row), db_text(secret), db_time(endpoint->old_secret_until)),
			      error);
	err = endpoint->row ? db_run(store->db, &sql_update,
				     PARAMS(db_int(endpoint->row), db_text(endpoint->url),
					    db_int(endpoint->max_concurrency), db_int(endpoint->deliveries_per_minute)),
				     error)
			    : insert_endpoint(store, endpoint, secret, error);
	return err ? err : add_subscriptions(store, endpoint, error);
}

static enum err read_subscriptions(struct store *store, struct arena *arena, struct endpoint *out, struct error *error)
{
	return text_list_load(&(struct column_query){ store, &sql_events, arena }, PARAMS(db_int(out->row)),
			      &out->events, &out->event_count, error);
}

enum err store_endpoint_find(struct store *store, struct arena *arena, const char *reference, struct endpoint *out,
			     struct error *error)
{
	struct id_candidates id_candidates = { .arena = arena };
	enum err err = id_candidates_read(store, &sql_by_reference, reference, &id_candidates, error);

	if (!err && !id_candidates.count)
		err = read_candidates(store, &sql_by_url, PARAMS(db_text(reference)), &id_candidates, error);
	if (err)
		return err;
	if (!id_candidates.count)
		return error_not_found(error, "endpoint", reference, "List them with: kybdesk endpoint list");
	if (id_candidates.count > 1)
		return refuse_ambiguous_ref(error, "endpoints", reference, &id_candidates);
	err = row_load(&(struct row_reader){ store, &sql_load, arena }, PARAMS(db_int(id_candidates.row)), out, error);
	if (!err && !out->row)
		err = error_set(error, ERR_NOT_FOUND, "endpoint \"%s\" has just been removed", reference);
	return err ? err : read_subscriptions(store, arena, out, error);
}

enum err store_endpoint_list(struct store *store, struct arena *arena, const char *merchant, struct endpoint_list *out,
			     struct error *error)
{
	bool all = !merchant || !*merchant;
	const struct row_reader reader = { store, all ? &sql_list : &sql_list_merchant, arena };
	int64_t merchant_row = 0;
	enum err err = all ? ERR_OK : outbox_find_merchant(store, merchant, &merchant_row, error);

	*out = (struct endpoint_list){ 0 };
	if (!err)
		err = rows_load(&reader, all ? NULL : PARAMS(db_int(merchant_row)), (void **)&out->items, &out->count,
				error);
	for (size_t i = 0; !err && i < out->count; i++)
		err = read_subscriptions(store, arena, &out->items[i], error);
	return err;
}

enum err outbox_mark_unsent(struct store *store, int64_t endpoint, const char *reason, int64_t now, struct error *error)
{
	struct strbuf note = STRBUF_INIT;

	strbuf_addf(&note, "the endpoint is disabled: %s", *reason ? reason : "no reason given");
	enum err err = db_run(store->db, &sql_unsend, PARAMS(db_int(endpoint), db_text(note.buf), db_int(now)), error);
	strbuf_release(&note);
	return err;
}

enum err store_endpoint_set_state(struct store *store, struct endpoint_switch *how, struct error *error)
{
	const struct db_params *row = PARAMS(db_int(how->row));
	enum err err;

	if (how->to == ENDPOINT_ENABLE) {
		err = db_run(store->db, &sql_enable, row, error);
		return err ? err : db_get_int(store->db, &sql_unsent, row, &how->unsent_count, error);
	}
	err = db_run(store->db, how->to == ENDPOINT_REMOVE ? &sql_remove : &sql_disable,
		     PARAMS(db_int(how->row), db_int(how->now), db_text(how->reason)), error);
	return err ? err : outbox_mark_unsent(store, how->row, how->reason, how->now, error);
}

enum err store_endpoint_count(struct store *store, int64_t merchant, const char *type, int64_t *count,
			      struct error *error)
{
	return db_get_int(store->db, &sql_count, PARAMS(db_int(merchant), db_text(type)), count, error);
}
