/* Events and their deliveries. An event is written in the transaction of the change that it reports, and is rolled
 * back with this change. */
#include "outbox_rows.h"
#include "columns.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/domain/column_define.h"

#include <string.h>

/* --- deliveries for display: pages, attempts, counts --- */

/* $1 is now. Aliases: d delivery, ev outbox_event, m merchant, s session, e endpoint. */
/* clang-format off */
#define OWNER struct delivery_item
static const struct column columns[] = {
	ROW(row, "d.id", NULL, COLUMN_KEY),
	TEXT(id, "ev.uuid", NULL, 0),
	TEXT(delivery_id, "d.uuid", NULL, 0),
	TEXT(type, "ev.type", NULL, 0),
	TEXT(session_id, "s.uuid", NULL, 0),
	TEXT(merchant, "m.name", NULL, 0),
	TEXT(endpoint_id, "e.uuid", NULL, 0),
	TEXT(endpoint_url, "e.url", NULL, 0),
	TEXT(note, "d.note", NULL, 0),
	INT(attempts, "d.attempts", NULL, 0),
	TIME(created_at, "d.created_at", NULL, 0),
	TIME(next_at, "d.next_at", NULL, 0),
	TIME(finished_at, "d.finished_at", NULL, 0),
	TIME(endpoint_paused_until, "CASE WHEN e.failures >= " BREAKER_FAILURES " AND d.state = 'pending' AND "
	     "e.held_until <= $1 + " BREAKER_MAX_MS " THEN e.held_until END", NULL, 0),
};
static COLUMN_TABLE(table, "delivery", "delivery", columns);
/* clang-format on */
/* The results of the SELECT that come before the columns (DELIVERY_KEYS). */
enum { STATE, LEASE_BOOT, LEASE_BOOT_MS };
#define DELIVERY_KEYS .keys = "d.state, d.lease_boot, d.lease_boot_ms", .key_count = 3
/* The SELECT of a list of deliveries; the FROM clause is added for each filter. */
static const struct row_sql listed = { .kind = ROW_SELECT, .table = &table, DELIVERY_KEYS };
#define DELIVERY_JOINS                                                                                                 \
	"{then} outbox_event AS ev ON ev.id = d.event_id {then} merchant AS m ON m.id = ev.merchant_id "               \
	"LEFT JOIN session AS s ON s.id = d.session_id LEFT JOIN endpoint AS e ON e.id = d.endpoint_id"
/* Reads deliveries into `arena`; `now` and `boot` are two clocks, read at one moment. */
struct delivery_reader {
	struct store *store;
	struct arena *arena;
	int64_t now;
	struct boot_time boot;
};

STATEMENT(sql_attempts, "delivery.attempts",
	  "SELECT number, started_at, duration_ms, status, failure, response FROM delivery_attempt WHERE "
	  "delivery_id = $1 ORDER BY id");
STATEMENT(sql_count_due, "delivery.count_due",
	  "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE state IN ('pending', 'leased') AND (next_at <= $1 OR "
	  "attempts > 0) LIMIT 1000) AS few");
STATEMENT(sql_count_dead, "delivery.count_dead",
	  "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE state = 'dead' LIMIT 1000) AS few");
STATEMENT(sql_count_disabled, "endpoint.disabled_count", "SELECT count(*) FROM endpoint WHERE disabled_itself = 1");
STATEMENT(sql_total_pending, "delivery.total_pending",
	  "SELECT count(*) FROM delivery WHERE state IN ('pending', 'leased')");
STATEMENT(sql_total_dead, "delivery.total_dead", "SELECT count(*) FROM delivery WHERE state = 'dead'");

#define BIT(state) (1u << (state))
#define OPEN_STATES (BIT(DELIVERY_HELD) | BIT(DELIVERY_DUE) | BIT(DELIVERY_LEASED) | BIT(DELIVERY_WAITING))
#define ALL_STATES ((1u << DELIVERY_STATE_COUNT) - 1u)

/* Time until a lease ends; 0: the lease has ended. */
static int64_t lease_remaining_ms(const char *boot_id, int64_t until_ms, const struct boot_time *boot)
{
	bool holds = !strcmp(boot_id, boot->clock.id) && until_ms != TIME_NONE && until_ms > boot->clock.now &&
		     until_ms <= boot->lease_end_max;

	return holds ? until_ms - boot->clock.now : 0;
}

/* Computes the displayed state from the stored state and the clocks; returns false if the stored state is unknown. */
static bool find_state(const char *stored, const struct delivery_item *item, int64_t left, int64_t now,
		       enum delivery_state *out)
{
	if (!strcmp(stored, "pending")) {
		*out = item->next_at <= now ? DELIVERY_DUE : item->attempts ? DELIVERY_WAITING : DELIVERY_HELD;
		return true;
	}
	if (!strcmp(stored, "leased")) {
		*out = left ? DELIVERY_LEASED : DELIVERY_DUE;
		return true;
	}
	return delivery_state_parse(stored, out);
}

static enum err delivery_read(const struct delivery_reader *reader, struct query *query, struct delivery_item *out,
			      struct error *error)
{
	int64_t left =
		lease_remaining_ms(row_text_view(query, LEASE_BOOT), row_time(query, LEASE_BOOT_MS), &reader->boot);
	enum err err = row_read(&(struct row_reader){ reader->store, &listed, reader->arena }, query, out, error);

	if (err)
		return err;
	if (!find_state(row_text_view(query, STATE), out, left, reader->now, &out->state))
		return error_set(error, ERR_STORE,
				 "store %s is damaged: delivery %s has no valid state; run kybdesk doctor",
				 reader->store->path, out->delivery_id);
	if (out->state == DELIVERY_LEASED)
		out->next_at = reader->now + left;
	else if (!(BIT(out->state) & OPEN_STATES))
		out->next_at = TIME_NONE;
	return ERR_OK;
}

#define LEASE_IS_VALID "(d.lease_boot = $4 AND d.lease_boot_ms > $5 AND d.lease_boot_ms <= $6)"

/* The condition of each displayed state. $1 is now; $4 to $6 are the clock of the leases. */
static const char *const state_conditions[DELIVERY_STATE_COUNT] = {
	[DELIVERY_HELD] = "(d.state = 'pending' AND d.next_at > $1 AND d.attempts = 0)",
	[DELIVERY_DUE] = "((d.state = 'pending' AND d.next_at <= $1) OR (d.state = 'leased' AND " LEASE_IS_VALID
			 " IS NOT TRUE))",
	[DELIVERY_LEASED] = "(d.state = 'leased' AND " LEASE_IS_VALID ")",
	[DELIVERY_WAITING] = "(d.state = 'pending' AND d.next_at > $1 AND d.attempts > 0)",
	[DELIVERY_DELIVERED] = "d.state = 'delivered'",
	[DELIVERY_DEAD] = "d.state = 'dead'",
	[DELIVERY_CANCELLED] = "d.state = 'cancelled'",
	[DELIVERY_UNSENT] = "d.state = 'unsent'",
};

static void write_delivery_sql(struct strbuf *out, const struct delivery_filter *filter, unsigned states,
			       bool of_merchant)
{
	bool of_session = filter->session_id && *filter->session_id;
	const char *glue = "";

	row_sql_write(&listed.sql, out);
	strbuf_adds(out, " FROM delivery AS d ");
	/* Chooses an index: open deliveries and dead deliveries are few, and have separate indexes. */
	if (of_session)
		strbuf_adds(out, "{by delivery_session} ");
	else if (!(states & ~OPEN_STATES))
		strbuf_adds(out, "{by delivery_due} ");
	else if (states == BIT(DELIVERY_DEAD))
		strbuf_adds(out, "{by delivery_dead} ");
	strbuf_adds(out,
		    DELIVERY_JOINS " WHERE d.id < $2 AND $1 > 0 AND $4 >= '' AND $5 IS NOT NULL AND $6 IS NOT NULL ");
	if (of_session)
		strbuf_adds(out, "AND d.session_id = (SELECT id FROM session WHERE uuid = $7) ");
	if (of_merchant)
		strbuf_addf(out, "AND ev.merchant_id = $%d ", of_session ? 8 : 7);
	if (!(states & ~OPEN_STATES))
		strbuf_adds(out, "AND d.state IN ('pending', 'leased') ");
	if (states != ALL_STATES) {
		strbuf_adds(out, states == BIT(DELIVERY_DEAD) ? "AND " : "AND (");
		for (unsigned state = 0; state < DELIVERY_STATE_COUNT; state++) {
			if (!(states & 1u << state))
				continue;
			strbuf_addf(out, "%s%s", glue, state_conditions[state]);
			glue = " OR ";
		}
		strbuf_adds(out, states == BIT(DELIVERY_DEAD) ? " " : ") ");
	}
	strbuf_adds(out, "ORDER BY d.id DESC LIMIT $3");
}

ROW_STATEMENT(sql_deliveries, ROW_SELECT, table, "outbox.deliveries",
	      "FROM delivery AS d " DELIVERY_JOINS " WHERE d.event_id = $2 ORDER BY d.id", DELIVERY_KEYS);
ROW_STATEMENT(sql_of_order, ROW_SELECT, table, "outbox.of_order",
	      "FROM outbox_event AS o {then} delivery AS d ON d.event_id = o.id " DELIVERY_JOINS
	      " WHERE o.order_id = $2 ORDER BY o.id, d.id",
	      DELIVERY_KEYS);

/* Reads deliveries with the statement `sql`, in which $1 is now and $2 is `row`. */
static enum err read_deliveries(struct delivery_reader *reader, const struct row_sql *sql, int64_t row,
				struct delivery_list *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = boot_time_read(reader->store, &reader->boot, error);

	*out = (struct delivery_list){ 0 };
	if (!err)
		err = row_select(reader->store, sql, PARAMS(db_int(reader->now), db_int(row)), &query, error);
	while (query_fetch_row(&query, &err, error))
		err = delivery_read(reader, query, ARENA_PUSH(reader->arena, out->items, out->count, capacity), error);
	return err;
}

enum err store_delivery_list(struct store *store, struct arena *arena, const struct delivery_filter *filter,
			     struct delivery_list *out, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct query *query = NULL;
	unsigned states = filter->states & ALL_STATES ? filter->states & ALL_STATES : ALL_STATES;
	bool of_session = filter->session_id && *filter->session_id;
	bool of_merchant = filter->merchant && *filter->merchant;
	struct delivery_reader reader = { .store = store, .arena = arena, .now = filter->now };
	size_t capacity = 0;
	int64_t merchant = 0;
	enum err err = ERR_OK;

	*out = (struct delivery_list){ 0 };
	if (filter->order_row)
		return read_deliveries(&reader, &sql_of_order, filter->order_row, out, error);
	if (of_merchant)
		err = outbox_find_merchant(store, filter->merchant, &merchant, error);
	if (!err)
		err = boot_time_read(store, &reader.boot, error);
	if (err)
		return err;
	write_delivery_sql(&text, filter, states, of_merchant);
	err = db_query_text(store->db, "delivery.list", text.buf, &query, error);
	if (err)
		goto out;
	query_bind(query, PARAMS(db_int(filter->now), db_int(filter->after_row > 0 ? filter->after_row : INT64_MAX),
				 db_int(filter->limit > INT64_MAX ? INT64_MAX : (int64_t)filter->limit),
				 BOOT_PARAMS(&reader.boot)));
	if (of_session)
		query_bind_text(query, 7, filter->session_id);
	if (of_merchant)
		query_bind_int(query, of_session ? 8 : 7, merchant);
	while (query_fetch_row(&query, &err, error))
		err = delivery_read(&reader, query, ARENA_PUSH(arena, out->items, out->count, capacity), error);
out:
	query_end(query);
	strbuf_release(&text);
	return err;
}

enum err store_delivery_attempt_list(struct store *store, struct arena *arena, int64_t row,
				     struct delivery_attempts *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	*out = (struct delivery_attempts){ 0 };
	enum err err = db_select(store->db, &sql_attempts, PARAMS(db_int(row)), &query, error);

	while (query_fetch_row(&query, &err, error)) {
		struct delivery_attempt *attempt = ARENA_PUSH(arena, out->items, out->count, capacity);
		size_t length;
		const void *response = row_blob(query, 5, arena, &length);

		attempt->number = row_int(query, 0);
		attempt->started_at = row_int(query, 1);
		attempt->duration_ms = row_int(query, 2);
		attempt->status = (int)row_int(query, 3);
		attempt->failure = row_text(query, 4, arena);
		attempt->response = arena_strndup(arena, response, length);
	}
	return err;
}

enum err store_webhook_counts(struct store *store, int64_t now, struct webhook_counts *out, struct error *error)
{
	enum err err = db_get_int(store->db, &sql_count_due, PARAMS(db_int(now)), &out->due, error);

	if (!err)
		err = db_get_int(store->db, &sql_count_dead, NULL, &out->dead, error);
	return err ? err : db_get_int(store->db, &sql_count_disabled, NULL, &out->disabled, error);
}

enum err store_delivery_totals(struct store *store, int64_t *pending, int64_t *dead, struct error *error)
{
	enum err err = db_get_int(store->db, &sql_total_pending, NULL, pending, error);

	return err ? err : db_get_int(store->db, &sql_total_dead, NULL, dead, error);
}

/* --- events --- */

#define SUBSCRIBED "EXISTS (SELECT 1 FROM {elements e.events, name} WHERE name.value IN ('*', $2))"
STATEMENT(sql_insert, "outbox.insert",
	  "INSERT INTO outbox_event (uuid, session_id, merchant_id, decision_id, type, sequence, body, created_at, "
	  "link_mark, order_id, traceparent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) {made}");
STATEMENT(sql_subscribed, "outbox.subscribed",
	  "SELECT e.id, e.disabled_at IS NOT NULL FROM endpoint AS e WHERE e.merchant_id = $1 AND e.removed_at IS "
	  "NULL AND " SUBSCRIBED " ORDER BY e.id");
STATEMENT(sql_endpoints, "outbox.why_nobody",
	  "SELECT count(*) FROM endpoint AS e WHERE e.merchant_id = $1 AND e.removed_at IS NULL");
STATEMENT(sql_add_delivery, "outbox.add_delivery",
	  "INSERT INTO delivery (uuid, event_id, endpoint_id, session_id, state, note, next_at, created_at, "
	  "set_at, finished_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)");
STATEMENT(sql_sent, "outbox.sent",
	  "SELECT count(*) FROM outbox_event AS ev {then} delivery AS d ON d.event_id = ev.id WHERE ev.decision_id "
	  "= $1 AND (d.state IN ('leased', 'delivered', 'dead') OR d.attempts > 0 OR d.lease_owner <> '')");
STATEMENT(sql_cancel, "outbox.cancel",
	  "UPDATE delivery SET state = 'cancelled', note = $2, finished_at = $3 WHERE event_id IN (SELECT id FROM "
	  "outbox_event WHERE decision_id = $1) AND state IN ('pending', 'unsent')");
STATEMENT(sql_find_event, "outbox.find_event",
	  "SELECT id, uuid FROM outbox_event WHERE uuid >= $1 AND uuid < $2 ORDER BY uuid LIMIT 11");
STATEMENT(sql_find_delivery, "outbox.find_delivery",
	  "SELECT event_id, uuid FROM delivery WHERE uuid >= $1 AND uuid < $2 ORDER BY uuid LIMIT 11");
STATEMENT(sql_body, "outbox.body", "SELECT body, link_mark FROM outbox_event WHERE id = $1");

#define EVENT_RANDOM_BYTES 16

static void make_event_id(const struct store *store, char out[EVENT_ID_SIZE])
{
	uint8_t bytes[EVENT_RANDOM_BYTES];

	world_random(store->world, bytes, sizeof bytes);
	memcpy(out, "evt_", 4);
	hex_encode(bytes, sizeof bytes, out + 4);
}

enum err add_delivery(struct store *store, const struct new_delivery *delivery, struct error *error)
{
	char id[UUID_TEXT_SIZE];
	bool pending = !strcmp(delivery->state, "pending");

	uuid_new(store->world, id);
	return db_run(store->db, &sql_add_delivery,
		      PARAMS(db_text(id), db_int(delivery->event), db_int_or_null(delivery->endpoint),
			     db_int_or_null(delivery->session), db_text(delivery->state), db_text(delivery->note),
			     db_int(delivery->due_at), db_int(delivery->now),
			     db_time(pending ? TIME_NONE : delivery->now)),
		      error);
}

/* Stores a delivery as unsent, so that it can be replayed later. */
static enum err add_unsent_delivery(struct store *store, const struct new_delivery *delivery, const char *why,
				    struct error *error)
{
	struct new_delivery unsent = *delivery;

	unsent.state = "unsent";
	unsent.note = why;
	unsent.due_at = unsent.now;
	return add_delivery(store, &unsent, error);
}

static enum err add_event_without_endpoint(struct store *store, const struct new_event *event,
					   struct new_delivery *delivery, struct error *error)
{
	struct strbuf note = STRBUF_INIT;
	int64_t endpoints = 0;
	enum err err = db_get_int(store->db, &sql_endpoints, PARAMS(db_int(event->merchant_row)), &endpoints, error);

	if (endpoints)
		strbuf_addf(&note, "no endpoint of the merchant is subscribed to %s", event->type);
	else
		strbuf_adds(&note, "the merchant has no endpoint");
	delivery->endpoint = 0;
	if (!err)
		err = add_unsent_delivery(store, delivery, note.buf, error);
	strbuf_release(&note);
	return err;
}

static enum err add_deliveries(struct store *store, struct new_event *event, struct new_delivery *delivery,
			       int64_t *rows, struct error *error)
{
	struct query *query = NULL;
	event->deliveries = 0;
	enum err err = db_select(store->db, &sql_subscribed, PARAMS(db_int(event->merchant_row), db_text(event->type)),
				 &query, error);

	while (query_fetch_row(&query, &err, error)) {
		bool disabled = row_int(query, 1) != 0;

		delivery->endpoint = row_int(query, 0);
		err = disabled ? add_unsent_delivery(store, delivery, "the endpoint is disabled", error)
			       : add_delivery(store, delivery, error);
		++*rows;
		event->deliveries += !disabled;
	}
	return err;
}

enum err store_event_insert(struct store *store, struct new_event *event, struct error *error)
{
	struct new_delivery delivery = { .session = event->session_row,
					 .endpoint = event->endpoint_row,
					 .now = event->now,
					 .due_at = event->due_at,
					 .state = "pending",
					 .note = "" };
	int64_t rows = 0;
	enum err err;

	make_event_id(store, event->id);
	err = db_run_insert(store->db, &sql_insert,
			    PARAMS(db_text(event->id), db_int_or_null(event->session_row), db_int(event->merchant_row),
				   db_int_or_null(event->decision_row), db_text(event->type), db_int(event->sequence),
				   db_blob(event->body, event->length), db_int(event->now), db_text(event->link_mark),
				   db_int_or_null(event->order_row),
				   db_text(event->traceparent ? event->traceparent : "")),
			    &delivery.event, error);
	if (err)
		return err;
	if (event->endpoint_row)
		return add_delivery(store, &delivery, error);
	err = add_deliveries(store, event, &delivery, &rows, error);
	return err || rows ? err : add_event_without_endpoint(store, event, &delivery, error);
}

enum err store_event_cancel(struct store *store, int64_t decision, const char *note, int64_t now, struct error *error)
{
	int64_t sent = 0;
	enum err err = db_get_int(store->db, &sql_sent, PARAMS(db_int(decision)), &sent, error);

	if (err)
		return err;
	if (sent)
		return error_set(
			error, ERR_CONFLICT,
			"the webhook of this decision was sent or is being sent; it can no longer be cancelled");
	return db_run(store->db, &sql_cancel, PARAMS(db_int(decision), db_text(note), db_int(now)), error);
}

static enum err find_event(struct store *store, struct arena *arena, const char *reference, int64_t *event,
			   struct error *error)
{
	bool of_event = !strncmp(reference, "evt_", 4);
	struct id_candidates id_candidates = { .arena = arena };
	enum err err = id_candidates_read(store, of_event ? &sql_find_event : &sql_find_delivery, reference,
					  &id_candidates, error);

	*event = 0;
	if (err)
		return err;
	if (!id_candidates.count)
		return error_not_found(error, "webhook event or delivery", reference,
				       "List them with: kybdesk webhook list");
	if (id_candidates.count > 1)
		return refuse_ambiguous_ref(error, of_event ? "events" : "deliveries", reference, &id_candidates);
	*event = id_candidates.row;
	return ERR_OK;
}

static enum err load_event_body(struct store *store, struct arena *arena, int64_t event, struct stored_event *out,
				struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_body, PARAMS(db_int(event)), &query, error);

	if (query_fetch_row(&query, &err, error)) {
		const void *bytes = row_blob(query, 0, arena, &out->body_length);

		/* A NUL follows the body, so that the body can also be shown as text. */
		out->body = arena_strndup(arena, bytes, out->body_length);
		out->link_mark = row_text(query, 1, arena);
	}
	query_end(query);
	return err;
}

enum err store_event_find(struct store *store, struct arena *arena, const char *reference, int64_t now,
			  struct stored_event *out, struct error *error)
{
	struct delivery_reader reader = { .store = store, .arena = arena, .now = now };
	struct delivery_list found = { 0 };
	int64_t event;
	enum err err = find_event(store, arena, reference, &event, error);

	*out = (struct stored_event){ .body = "", .link_mark = "" };
	if (!err)
		err = load_event_body(store, arena, event, out, error);
	if (!err)
		err = read_deliveries(&reader, &sql_deliveries, event, &found, error);
	out->items = found.items;
	out->count = found.count;
	return err;
}
