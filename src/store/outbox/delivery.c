/* Deliveries for display: pages, attempts, counts. */
#include "outbox_rows.h"
#include "statements.h"

#include <string.h>

STATEMENT(sql_attempts, "delivery.attempts",
	  "SELECT number, started_at, duration_ms, status, failure, response FROM delivery_attempt WHERE "
	  "delivery_id = $1 ORDER BY id");
STATEMENT(sql_count_due, "delivery.count_due",
	  "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE state IN ('pending', 'leased') AND (next_at <= $1 OR "
	  "attempts > 0) LIMIT 1000) AS few");
STATEMENT(sql_count_dead, "delivery.count_dead",
	  "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE state = 'dead' LIMIT 1000) AS few");
STATEMENT(sql_total_pending, "delivery.total_pending",
	  "SELECT count(*) FROM delivery WHERE state IN ('pending', 'leased')");
STATEMENT(sql_total_dead, "delivery.total_dead", "SELECT count(*) FROM delivery WHERE state = 'dead'");

enum {
	DELIVERY_ROW,
	DELIVERY_EVENT,
	DELIVERY_ID,
	DELIVERY_TYPE,
	DELIVERY_SESSION,
	DELIVERY_MERCHANT,
	DELIVERY_URL,
	DELIVERY_NOTE,
	DELIVERY_STATE,
	DELIVERY_TRIES,
	DELIVERY_CREATED_AT,
	DELIVERY_NEXT_AT,
	DELIVERY_LEASE_BOOT,
	DELIVERY_LEASE_BOOT_MS,
	DELIVERY_FINISHED_AT,
	DELIVERY_HELD_UNTIL,
	DELIVERY_ENDPOINT_ID
};

#define BIT(state) (1u << (state))
#define OPEN_STATES (BIT(DELIVERY_HELD) | BIT(DELIVERY_DUE) | BIT(DELIVERY_LEASED) | BIT(DELIVERY_WAITING))
#define ALL_STATES ((1u << DELIVERY_STATE_COUNT) - 1u)

/* Time until a lease ends; 0: it has ended. */
static int64_t lease_left(const char *boot_id, int64_t until_ms, const struct boot_time *boot)
{
	bool holds = !strcmp(boot_id, boot->clock.id) && until_ms != TIME_NONE && until_ms > boot->clock.now &&
		     until_ms <= boot->furthest;

	return holds ? until_ms - boot->clock.now : 0;
}

/* Computes the displayed state from the stored one and the clocks. */
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

enum err delivery_read(const struct delivery_reader *reader, struct query *query, struct delivery_item *out,
		       struct error *error)
{
	struct arena *arena = reader->arena;
	int64_t left = lease_left(row_text(query, DELIVERY_LEASE_BOOT, arena),
				  row_time(query, DELIVERY_LEASE_BOOT_MS), &reader->boot);

	*out = (struct delivery_item){
		.row = row_int(query, DELIVERY_ROW),
		.id = row_text(query, DELIVERY_EVENT, arena),
		.delivery = row_text(query, DELIVERY_ID, arena),
		.type = row_text(query, DELIVERY_TYPE, arena),
		.session_id = row_text(query, DELIVERY_SESSION, arena),
		.merchant = row_text(query, DELIVERY_MERCHANT, arena),
		.endpoint_id = row_text(query, DELIVERY_ENDPOINT_ID, arena),
		.endpoint_url = row_text(query, DELIVERY_URL, arena),
		.note = row_text(query, DELIVERY_NOTE, arena),
		.attempts = row_int(query, DELIVERY_TRIES),
		.created_at = row_time(query, DELIVERY_CREATED_AT),
		.next_at = row_time(query, DELIVERY_NEXT_AT),
		.finished_at = row_time(query, DELIVERY_FINISHED_AT),
		.endpoint_held_until = row_time(query, DELIVERY_HELD_UNTIL),
	};
	if (!find_state(row_text(query, DELIVERY_STATE, arena), out, left, reader->now, &out->state))
		return error_set(error, ERR_STORE,
				 "store %s is damaged: delivery %s has no valid state; run kybdesk doctor",
				 reader->store->path, out->delivery);
	if (out->state == DELIVERY_LEASED)
		out->next_at = reader->now + left;
	else if (!(BIT(out->state) & OPEN_STATES))
		out->next_at = TIME_NONE;
	return ERR_OK;
}

#define LEASE_HOLDS "(d.lease_boot = $4 AND d.lease_boot_ms > $5 AND d.lease_boot_ms <= $6)"

/* The condition of each displayed state. $1 is now; $4 to $6 are the clock of the leases. */
static const char *const state_conditions[DELIVERY_STATE_COUNT] = {
	[DELIVERY_HELD] = "(d.state = 'pending' AND d.next_at > $1 AND d.attempts = 0)",
	[DELIVERY_DUE] = "((d.state = 'pending' AND d.next_at <= $1) OR (d.state = 'leased' AND " LEASE_HOLDS
			 " IS NOT TRUE))",
	[DELIVERY_LEASED] = "(d.state = 'leased' AND " LEASE_HOLDS ")",
	[DELIVERY_WAITING] = "(d.state = 'pending' AND d.next_at > $1 AND d.attempts > 0)",
	[DELIVERY_DELIVERED] = "d.state = 'delivered'",
	[DELIVERY_DEAD] = "d.state = 'dead'",
	[DELIVERY_CANCELLED] = "d.state = 'cancelled'",
	[DELIVERY_UNSENT] = "d.state = 'unsent'",
};

static void list_text(struct strbuf *out, const struct delivery_filter *filter, unsigned states, bool of_merchant)
{
	bool of_session = filter->session_id && *filter->session_id;
	const char *glue = "";

	strbuf_adds(out, "SELECT " DELIVERY_COLUMNS " FROM delivery AS d ");
	/* Only few of all deliveries are open or dead: these have separate indexes. */
	if (of_session)
		strbuf_adds(out, "{by delivery_session} ");
	else if (!(states & ~OPEN_STATES))
		strbuf_adds(out, "{by delivery_due} ");
	else if (states == BIT(DELIVERY_DEAD))
		strbuf_adds(out, "{by delivery_dead} ");
	strbuf_adds(out, DELIVERY_JOINS
		    " WHERE d.id < $2 AND $1 > 0 AND $4 >= '' AND $5 IS NOT NULL AND $6 IS NOT NULL ");
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
	enum err err = of_merchant ? outbox_merchant(store, filter->merchant, &merchant, error) : ERR_OK;

	*out = (struct delivery_list){ 0 };
	if (!err)
		err = boot_read(store, &reader.boot, error);
	if (err)
		return err;
	list_text(&text, filter, states, of_merchant);
	err = db_query_text(store->db, "delivery.list", text.buf, &query, error);
	if (err)
		goto out;
	query_bind(query, PARAMS(db_int(filter->now), db_int(filter->after > 0 ? filter->after : INT64_MAX),
				 db_int(filter->limit > INT64_MAX ? INT64_MAX : (int64_t)filter->limit),
				 BOOT_PARAMS(&reader.boot)));
	if (of_session)
		query_text(query, 7, filter->session_id);
	if (of_merchant)
		query_int(query, of_session ? 8 : 7, merchant);
	while (query_row(&query, &err, error))
		err = delivery_read(&reader, query, ARENA_PUSH(arena, out->items, out->count, capacity), error);
out:
	query_end(query);
	strbuf_release(&text);
	return err;
}

enum err store_delivery_attempts(struct store *store, struct arena *arena, int64_t row,
				 struct delivery_attempts *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	*out = (struct delivery_attempts){ 0 };
	enum err err = db_select(store->db, &sql_attempts, PARAMS(db_int(row)), &query, error);

	while (query_row(&query, &err, error)) {
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

enum err store_delivery_counts(struct store *store, int64_t now, int64_t *due, int64_t *dead, struct error *error)
{
	enum err err = db_number(store->db, &sql_count_due, PARAMS(db_int(now)), due, error);

	return err ? err : db_number(store->db, &sql_count_dead, NULL, dead, error);
}

enum err store_delivery_totals(struct store *store, int64_t *pending, int64_t *dead, struct error *error)
{
	enum err err = db_number(store->db, &sql_total_pending, NULL, pending, error);

	return err ? err : db_number(store->db, &sql_total_dead, NULL, dead, error);
}
