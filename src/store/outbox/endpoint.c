/* Webhook endpoints and their subscriptions. */
#include "outbox_rows.h"
#include "statements.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"

#include <string.h>

enum {
	ENDPOINT_MERCHANT,
	ENDPOINT_MERCHANT_NAMES,
	ENDPOINT_INSERT,
	ENDPOINT_ADD_EVENT,
	ENDPOINT_EVENTS,
	ENDPOINT_LOAD,
	ENDPOINT_BY_REFERENCE,
	ENDPOINT_BY_URL,
	ENDPOINT_LIST,
	ENDPOINT_LIST_MERCHANT,
	ENDPOINT_DISABLE,
	ENDPOINT_UNSEND,
	ENDPOINT_COUNT,
	ENDPOINT_ENABLE,
	ENDPOINT_UNSENT,
	ENDPOINT_UPDATE,
	ENDPOINT_ROTATE,
	ENDPOINT_DISABLED_COUNT
};
#define ENDPOINT_COLUMNS                                                                                           \
	"endpoint.id, endpoint.uuid, m.name, url, disabled_at, disabled_reason, endpoint.created_at, "             \
	"disabled_itself, at_once, per_minute, CASE WHEN failures >= " BREAKER_AT " THEN held_until END, "         \
	"CASE WHEN old_secret <> '' THEN old_secret_until END"
#define ENDPOINT_FROM "FROM endpoint {then} merchant AS m ON m.id = endpoint.merchant_id"
static const struct sql statements[] = {
	[ENDPOINT_MERCHANT] = { "endpoint.merchant", "SELECT id FROM merchant WHERE name = $1" },
	[ENDPOINT_MERCHANT_NAMES] = { "endpoint.merchants", "SELECT name FROM merchant ORDER BY name LIMIT 10000" },
	[ENDPOINT_INSERT] = { "endpoint.insert", "INSERT INTO endpoint (uuid, merchant_id, url, events, secret, "
						 "created_at) VALUES ($1, $2, $3, '[]', $4, $5) {made}" },
	[ENDPOINT_ADD_EVENT] = { "endpoint.add_event",
				 "UPDATE endpoint SET events = {append events, $2} WHERE id = $1" },
	[ENDPOINT_EVENTS] = { "endpoint.events", "SELECT name.value FROM endpoint AS e, "
						 "{elements e.events, name} WHERE e.id = $1" },
	[ENDPOINT_LOAD] = { "endpoint.load",
			    "SELECT " ENDPOINT_COLUMNS " " ENDPOINT_FROM " WHERE endpoint.id = $1" },
	[ENDPOINT_BY_REFERENCE] = { "endpoint.by_reference", "SELECT id, uuid FROM endpoint WHERE uuid >= $1 "
							     "AND uuid < $2 ORDER BY uuid LIMIT 11" },
	[ENDPOINT_BY_URL] = { "endpoint.by_url", "SELECT id, uuid FROM endpoint WHERE url = $1 LIMIT 11" },
	[ENDPOINT_LIST] = { "endpoint.list", "SELECT " ENDPOINT_COLUMNS " " ENDPOINT_FROM " ORDER BY endpoint.id" },
	[ENDPOINT_LIST_MERCHANT] = { "endpoint.list_merchant",
				     "SELECT " ENDPOINT_COLUMNS " " ENDPOINT_FROM
				     " WHERE endpoint.merchant_id = $1 ORDER BY endpoint.id" },
	[ENDPOINT_DISABLE] = { "endpoint.disable", "UPDATE endpoint SET disabled_at = $2, disabled_reason = $3, "
						   "disabled_itself = 0 WHERE id = $1 AND disabled_at IS NULL" },
	[ENDPOINT_ENABLE] = { "endpoint.enable", "UPDATE endpoint SET disabled_at = NULL, disabled_reason = '', "
						 "disabled_itself = 0, failing_since = NULL, failures = 0, "
						 "holds = 0, held_until = NULL WHERE id = $1" },
	[ENDPOINT_UNSENT] = { "endpoint.unsent", "SELECT count(*) FROM delivery WHERE endpoint_id = $1 AND "
						 "state = 'unsent'" },
	[ENDPOINT_UPDATE] = { "endpoint.update",
			      "UPDATE endpoint SET failing_since = CASE WHEN url = $2 THEN failing_since END, "
			      "failures = CASE WHEN url = $2 THEN failures ELSE 0 END, "
			      "holds = CASE WHEN url = $2 THEN holds ELSE 0 END, "
			      "held_until = CASE WHEN url = $2 THEN held_until END, "
			      "url = $2, at_once = $3, per_minute = $4, pace_at = 0, events = '[]' WHERE id = $1" },
	[ENDPOINT_ROTATE] = { "endpoint.rotate", "UPDATE endpoint SET old_secret = CASE WHEN CAST($3 AS BIGINT) IS "
						 "NULL THEN '' ELSE secret END, "
						 "old_secret_until = $3, secret = $2 WHERE id = $1" },
	[ENDPOINT_DISABLED_COUNT] = { "endpoint.disabled_count",
				      "SELECT count(*) FROM endpoint WHERE disabled_itself = 1" },
	[ENDPOINT_UNSEND] = { "endpoint.unsend", "UPDATE delivery SET state = 'unsent', note = $2, "
						 "finished_at = $3 WHERE endpoint_id = $1 AND state = 'pending'" },
	[ENDPOINT_COUNT] = { "endpoint.count", "SELECT count(*) FROM endpoint AS e WHERE e.merchant_id = $1 AND "
					       "e.disabled_at IS NULL "
					       "AND EXISTS (SELECT 1 FROM {elements e.events, name} WHERE "
					       "name.value IN ('*', $2))" },
};
const struct sql_list endpoint_sql = SQL_LIST(statements);

enum {
	ENDPOINT_ROW,
	ENDPOINT_ID,
	ENDPOINT_MERCHANT_NAME,
	ENDPOINT_URL,
	ENDPOINT_DISABLED_AT,
	ENDPOINT_DISABLED_REASON,
	ENDPOINT_CREATED_AT,
	ENDPOINT_DISABLED_ITSELF,
	ENDPOINT_AT_ONCE,
	ENDPOINT_PER_MINUTE,
	ENDPOINT_HELD_UNTIL,
	ENDPOINT_OLD_SECRET_UNTIL
};

char *reference_end(struct arena *arena, const char *prefix)
{
	return arena_printf(arena, "%s\x7f", prefix);
}

enum err candidates_read(struct query *query, struct arena *arena, struct candidates *out, struct error *error)
{
	size_t capacity = 0;
	bool row = false;
	enum err err;

	*out = (struct candidates){ 0 };
	while (!(err = query_next(query, &row, error)) && row) {
		out->row = row_int(query, 0);
		*ARENA_PUSH(arena, out->ids, out->count, capacity) = row_text(query, 1, arena);
	}
	query_end(query);
	return err;
}

enum err reference_ambiguous(struct error *error, const char *what, const char *reference,
			     const struct candidates *candidates)
{
	struct strbuf names = STRBUF_INIT;
	enum err err;

	for (size_t i = 0; i < candidates->count && i < CANDIDATES_MAX; i++)
		strbuf_addf(&names, "%s%s", i ? ", " : "", candidates->ids[i]);
	if (candidates->count > CANDIDATES_MAX)
		strbuf_adds(&names, " …");
	err = error_set(error, ERR_USAGE, "\"%s\" fits several %s: %s; give more of the id", reference, what,
			names.buf);
	strbuf_release(&names);
	return err;
}

static enum err nearest_merchant(struct store *store, const char *name, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char **names = NULL;
	size_t count = 0, capacity = 0;
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(store->db, &statements[ENDPOINT_MERCHANT_NAMES], &query, error);

	while (!err && !(err = query_next(query, &row, error)) && row)
		*ARENA_PUSH(&arena, names, count, capacity) = row_text(query, 0, &arena);
	query_end(query);
	if (!err)
		err = unknown_word(error, ERR_NOT_FOUND,
				   &(struct unknown){ .kind = "merchant",
						      .name = name,
						      .hint = "List them with: kybdesk merchant list",
						      .names = names,
						      .count = count,
						      .field = "merchant" });
	arena_release(&arena);
	return err;
}

enum err outbox_merchant(struct store *store, const char *name, int64_t *row, struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	enum err err = db_query(store->db, &statements[ENDPOINT_MERCHANT], &query, error);

	*row = 0;
	if (err)
		return err;
	query_text(query, 1, name);
	err = query_next(query, &found, error);
	if (!err && found)
		*row = row_int(query, 0);
	query_end(query);
	return err || found ? err : nearest_merchant(store, name, error);
}

static enum err add_event(struct store *store, int64_t row, const char *name, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[ENDPOINT_ADD_EVENT], &query, error);

	if (err)
		return err;
	query_int(query, 1, row);
	query_text(query, 2, name);
	return query_run(query, error);
}

static enum err add_events(struct store *store, const struct endpoint *endpoint, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < endpoint->event_count; i++)
		err = add_event(store, endpoint->row, endpoint->events[i], error);
	return err;
}

enum err store_endpoint_insert(struct store *store, struct endpoint *endpoint, const char *secret, int64_t now,
			       struct error *error)
{
	struct query *query = NULL;
	int64_t merchant;
	enum err err = outbox_merchant(store, endpoint->merchant, &merchant, error);

	if (!err)
		err = db_query(store->db, &statements[ENDPOINT_INSERT], &query, error);
	if (err)
		return err;
	query_text(query, 1, endpoint->id);
	query_int(query, 2, merchant);
	query_text(query, 3, endpoint->url);
	query_text(query, 4, secret);
	query_int(query, 5, now);
	err = query_run_new(query, &endpoint->row, error);
	if (err)
		return err;
	endpoint->created_at = now;
	return add_events(store, endpoint, error);
}

enum err store_endpoint_update(struct store *store, const struct endpoint *endpoint, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[ENDPOINT_UPDATE], &query, error);

	if (err)
		return err;
	query_int(query, 1, endpoint->row);
	query_text(query, 2, endpoint->url);
	query_int(query, 3, endpoint->at_once);
	query_int(query, 4, endpoint->per_minute);
	err = query_run(query, error);
	return err ? err : add_events(store, endpoint, error);
}

enum err store_endpoint_rotate(struct store *store, int64_t row, const char *secret, int64_t old_until,
			       struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[ENDPOINT_ROTATE], &query, error);

	if (err)
		return err;
	query_int(query, 1, row);
	query_text(query, 2, secret);
	query_time(query, 3, old_until);
	return query_run(query, error);
}

/* row 0: the statement has no endpoint parameter. */
static enum err read_number(struct store *store, int statement, int64_t row, int64_t *number, struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	enum err err = db_query(store->db, &statements[statement], &query, error);

	*number = 0;
	if (err)
		return err;
	if (row)
		query_int(query, 1, row);
	err = query_next(query, &found, error);
	if (!err && found)
		*number = row_int(query, 0);
	query_end(query);
	return err;
}

enum err store_endpoint_enable(struct store *store, int64_t row, int64_t *unsent, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[ENDPOINT_ENABLE], &query, error);

	if (err)
		return err;
	query_int(query, 1, row);
	err = query_run(query, error);
	return err ? err : read_number(store, ENDPOINT_UNSENT, row, unsent, error);
}

enum err store_endpoint_disabled_count(struct store *store, int64_t *count, struct error *error)
{
	return read_number(store, ENDPOINT_DISABLED_COUNT, 0, count, error);
}

static enum err read_endpoint(struct store *store, struct query *query, struct arena *arena, struct endpoint *out,
			      struct error *error)
{
	struct query *names = NULL;
	size_t capacity = 0;
	bool row = false;
	enum err err;

	*out = (struct endpoint){
		.row = row_int(query, ENDPOINT_ROW),
		.id = row_text(query, ENDPOINT_ID, arena),
		.merchant = row_text(query, ENDPOINT_MERCHANT_NAME, arena),
		.url = row_text(query, ENDPOINT_URL, arena),
		.disabled = !row_is_null(query, ENDPOINT_DISABLED_AT),
		.disabled_reason = row_text(query, ENDPOINT_DISABLED_REASON, arena),
		.created_at = row_time(query, ENDPOINT_CREATED_AT),
		.disabled_itself = row_int(query, ENDPOINT_DISABLED_ITSELF) != 0,
		.at_once = row_int(query, ENDPOINT_AT_ONCE),
		.per_minute = row_int(query, ENDPOINT_PER_MINUTE),
		.held_until = row_time(query, ENDPOINT_HELD_UNTIL),
		.old_secret_until = row_time(query, ENDPOINT_OLD_SECRET_UNTIL),
	};
	err = db_query(store->db, &statements[ENDPOINT_EVENTS], &names, error);
	if (err)
		return err;
	query_int(names, 1, out->row);
	while (!(err = query_next(names, &row, error)) && row)
		*ARENA_PUSH(arena, out->events, out->event_count, capacity) = row_text(names, 0, arena);
	query_end(names);
	return err;
}

static enum err find_candidates(struct store *store, struct arena *arena, const char *reference,
				struct candidates *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = ERR_OK;

	*out = (struct candidates){ 0 };
	if (strlen(reference) >= REFERENCE_LENGTH_MIN) {
		err = db_query(store->db, &statements[ENDPOINT_BY_REFERENCE], &query, error);
		if (err)
			return err;
		query_text(query, 1, reference);
		query_text(query, 2, reference_end(arena, reference));
		err = candidates_read(query, arena, out, error);
	}
	if (err || out->count)
		return err;
	err = db_query(store->db, &statements[ENDPOINT_BY_URL], &query, error);
	if (err)
		return err;
	query_text(query, 1, reference);
	return candidates_read(query, arena, out, error);
}

enum err store_endpoint_find(struct store *store, struct arena *arena, const char *reference, struct endpoint *out,
			     struct error *error)
{
	struct query *query = NULL;
	struct candidates candidates;
	bool found = false;
	enum err err = find_candidates(store, arena, reference, &candidates, error);

	if (err)
		return err;
	if (!candidates.count)
		return not_found(error, "endpoint", reference, "List them with: kybdesk endpoint list");
	if (candidates.count > 1)
		return reference_ambiguous(error, "endpoints", reference, &candidates);
	err = db_query(store->db, &statements[ENDPOINT_LOAD], &query, error);
	if (err)
		return err;
	query_int(query, 1, candidates.row);
	err = query_next(query, &found, error);
	if (!err && found)
		err = read_endpoint(store, query, arena, out, error);
	else if (!err)
		err = error_set(error, ERR_NOT_FOUND, "endpoint \"%s\" has just been removed", reference);
	query_end(query);
	return err;
}

enum err store_endpoint_list(struct store *store, struct arena *arena, const char *merchant,
			     struct endpoint_list *out, struct error *error)
{
	bool all = !merchant || !*merchant, row = false;
	size_t capacity = 0;
	int64_t merchant_row = 0;
	struct query *query = NULL;
	enum err err = all ? ERR_OK : outbox_merchant(store, merchant, &merchant_row, error);

	*out = (struct endpoint_list){ 0 };
	if (!err)
		err = db_query(store->db, &statements[all ? ENDPOINT_LIST : ENDPOINT_LIST_MERCHANT], &query, error);
	if (err)
		return err;
	if (!all)
		query_int(query, 1, merchant_row);
	while (!err && !(err = query_next(query, &row, error)) && row)
		err = read_endpoint(store, query, arena, ARENA_PUSH(arena, out->items, out->count, capacity),
				    error);
	query_end(query);
	return err;
}

enum err outbox_unsend_pending(struct store *store, int64_t endpoint, const char *reason, int64_t now,
			       struct error *error)
{
	struct strbuf note = STRBUF_INIT;
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[ENDPOINT_UNSEND], &query, error);

	if (err)
		return err;
	strbuf_addf(&note, "the endpoint is disabled: %s", *reason ? reason : "no reason given");
	query_int(query, 1, endpoint);
	query_text(query, 2, note.buf);
	query_int(query, 3, now);
	err = query_run(query, error);
	strbuf_release(&note);
	return err;
}

enum err store_endpoint_disable(struct store *store, int64_t row, const char *reason, int64_t now,
				struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[ENDPOINT_DISABLE], &query, error);

	if (err)
		return err;
	query_int(query, 1, row);
	query_int(query, 2, now);
	query_text(query, 3, reason);
	err = query_run(query, error);
	return err ? err : outbox_unsend_pending(store, row, reason, now, error);
}

enum err store_endpoint_count(struct store *store, int64_t merchant, const char *type, int64_t *count,
			      struct error *error)
{
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(store->db, &statements[ENDPOINT_COUNT], &query, error);

	*count = 0;
	if (err)
		return err;
	query_int(query, 1, merchant);
	query_text(query, 2, type);
	err = query_next(query, &row, error);
	if (!err && row)
		*count = row_int(query, 0);
	query_end(query);
	return err;
}
