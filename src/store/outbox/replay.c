/* Sends events again, as new deliveries with the same event id and the same bytes. */
#include "outbox_rows.h"
#include "columns.h"
#include "kybdesk/domain/endpoint.h"

#include <string.h>

/* Each event is checked once per endpoint, at its newest delivery: an event that was delivered later is not sent
 * again for an older failure. */
/* $1 session, $2 merchant, $3 endpoint, $4 type, $5 from, $6 until, $7 the event, $8 whether the merchant asks, $9 now.
 * The event of a decision that can still be undone is not sent early. */
#define SELECT_DELIVERIES(from)                                                                                        \
	"SELECT d.event_id, CASE WHEN r.removed_at IS NULL THEN coalesce(d.endpoint_id, 0) ELSE 0 END, "               \
	"coalesce(d.session_id, 0), d.state "                                                                          \
	"FROM " from " LEFT JOIN endpoint AS r ON r.id = d.endpoint_id "                                               \
	"WHERE ($1 = 0 OR d.session_id = $1) AND ($2 = 0 OR ev.merchant_id = $2) AND "                                 \
	"($3 = 0 OR d.endpoint_id = $3 OR ($8 = 1 AND (d.endpoint_id IS NULL OR r.removed_at IS NOT NULL))) AND "      \
	"($8 = 0 OR NOT EXISTS (SELECT 1 FROM session AS s WHERE s.id = d.session_id AND s.hidden = 1)) AND "          \
	"NOT EXISTS (SELECT 1 FROM decision AS c WHERE c.id = ev.decision_id AND c.held_until > $9) AND "              \
	"($4 = '' OR ev.type = $4) AND "                                                                               \
	"ev.created_at >= $5 AND ev.created_at < $6 AND ev.type <> '" ENDPOINT_TEST_EVENT "' AND "
#define NEWEST_CONDITION                                                                                               \
	" AND NOT EXISTS (SELECT 1 FROM delivery AS l {by delivery_event} WHERE l.event_id = d.event_id AND "          \
	"{same l.endpoint_id, d.endpoint_id} AND l.id > d.id) ORDER BY "
#define BY_DELIVERY "delivery AS d {then} outbox_event AS ev ON ev.id = d.event_id"
#define BY_EVENT "outbox_event AS ev {by outbox_event_merchant} {then} delivery AS d ON d.event_id = ev.id"
STATEMENT(sql_find, "replay.find",
	  SELECT_DELIVERIES(BY_DELIVERY) "($7 = 0 OR d.event_id = $7)" NEWEST_CONDITION "d.event_id, d.id");
STATEMENT(sql_find_event, "replay.find_event",
	  SELECT_DELIVERIES(BY_DELIVERY) "d.event_id = $7" NEWEST_CONDITION "d.event_id, d.id");
STATEMENT(sql_find_merchant, "replay.find_merchant",
	  SELECT_DELIVERIES(BY_EVENT) "ev.merchant_id = $2 AND $7 = 0" NEWEST_CONDITION "ev.created_at, ev.id");
STATEMENT(sql_busy, "replay.busy",
	  "SELECT 1 FROM delivery {by delivery_event} WHERE event_id = $1 AND endpoint_id = $2 AND state IN "
	  "('pending', 'leased')");
STATEMENT(sql_disabled, "replay.disabled", "SELECT 1 FROM endpoint WHERE id = $1 AND disabled_at IS NOT NULL");
STATEMENT(sql_subscribed, "replay.subscribed",
	  "SELECT e.id FROM outbox_event AS ev {then} endpoint AS e ON e.merchant_id = ev.merchant_id WHERE ev.id "
	  "= $1 AND e.disabled_at IS NULL AND EXISTS (SELECT 1 FROM {elements e.events, name} WHERE name.value IN "
	  "('*', ev.type)) AND NOT EXISTS (SELECT 1 FROM delivery AS o {by delivery_event} WHERE o.event_id = ev.id "
	  "AND o.endpoint_id "
	  "= e.id) ORDER BY e.id");
STATEMENT(sql_event, "replay.event", "SELECT id FROM outbox_event WHERE uuid = $1");

#define MERCHANT_REPLAY_MAX 10000 /* in one transaction, which other writers wait for */

struct replay_entry {
	int64_t event, endpoint, session;
};
struct replay {
	struct store *store;
	struct arena *arena;
	const struct replay_filter *filter;
	struct replay_entry *items;
	size_t count, capacity;
	struct replay_counts *counts;
};

/* Whether the filter includes a stored state. Only deliveries in a final state can be replayed, and a final state
 * does not depend on the clock. */
static bool is_replay_selected(const struct replay *replay, const char *state)
{
	enum delivery_state found;

	if (!delivery_state_parse(state, &found))
		return false;
	if (found != DELIVERY_DELIVERED && found != DELIVERY_DEAD && found != DELIVERY_UNSENT)
		return false;
	return !replay->filter->states || replay->filter->states & 1u << found;
}

static enum err find_deliveries(struct replay *replay, struct error *error)
{
	const struct replay_filter *filter = replay->filter;
	bool one = filter->event_id && *filter->event_id;
	int64_t merchant = 0, event = 0;
	struct query *query = NULL;
	enum err err = ERR_OK;

	if (filter->merchant && *filter->merchant)
		err = outbox_find_merchant(replay->store, filter->merchant, &merchant, error);
	if (!err && one)
		err = db_get_int(replay->store->db, &sql_event, PARAMS(db_text(filter->event_id)), &event, error);
	if (!err)
		err = db_select(replay->store->db,
				one	   ? &sql_find_event
				: merchant ? &sql_find_merchant
					   : &sql_find,
				PARAMS(db_int(filter->session), db_int(merchant), db_int(filter->endpoint),
				       db_text(filter->type), db_int(filter->from),
				       db_int(filter->until == TIME_NONE ? INT64_MAX : filter->until), db_int(event),
				       db_int(filter->by_merchant), db_int(filter->now)),
				&query, error);
	while (query_fetch_row(&query, &err, error)) {
		const char *state = row_text(query, 3, replay->arena);

		if (!strcmp(state, "pending") || !strcmp(state, "leased"))
			replay->counts->in_progress_count += one;
		else if (is_replay_selected(replay, state))
			*ARENA_PUSH(replay->arena, replay->items, replay->count, replay->capacity) =
				(struct replay_entry){ row_int(query, 0), row_int(query, 1), row_int(query, 2) };
	}
	return err;
}

static enum err add_replay(struct replay *replay, const struct replay_entry *replay_entry, struct error *error)
{
	const struct new_delivery delivery = { .event = replay_entry->event,
					       .endpoint = replay_entry->endpoint,
					       .session = replay_entry->session,
					       .now = replay->filter->now,
					       .due_at = replay->filter->now,
					       .state = "pending",
					       .note = "" };

	replay->counts->deliveries++;
	return replay->filter->count_only ? ERR_OK : add_delivery(replay->store, &delivery, error);
}

/* For an event without subscribers, or with an endpoint that was removed since: adds the current subscribers. */
static enum err add_to_subscribers(struct replay *replay, const struct replay_entry *replay_entry, struct error *error)
{
	struct query *query = NULL;
	int64_t before = replay->counts->deliveries;
	enum err err =
		db_select(replay->store->db, &sql_subscribed, PARAMS(db_int(replay_entry->event)), &query, error);

	while (query_fetch_row(&query, &err, error))
		if (!replay->filter->endpoint || replay->filter->endpoint == row_int(query, 0))
			err = add_replay(replay,
					 &(const struct replay_entry){ replay_entry->event, row_int(query, 0),
								       replay_entry->session },
					 error);
	replay->counts->unsubscribed += replay->counts->deliveries == before;
	return err;
}

static enum err replay_delivery(struct replay *replay, const struct replay_entry *replay_entry, struct error *error)
{
	bool disabled = false, busy = false;
	enum err err;

	if (!replay_entry->endpoint)
		return add_to_subscribers(replay, replay_entry, error);
	err = db_has_row(replay->store->db, &sql_disabled, PARAMS(db_int(replay_entry->endpoint)), &disabled, error);
	if (!err)
		err = db_has_row(replay->store->db, &sql_busy,
				 PARAMS(db_int(replay_entry->event), db_int(replay_entry->endpoint)), &busy, error);
	if (err)
		return err;
	replay->counts->disabled += disabled;
	replay->counts->in_progress_count += busy && !disabled;
	return disabled || busy ? ERR_OK : add_replay(replay, replay_entry, error);
}

enum err store_delivery_replay(struct store *store, struct arena *arena, const struct replay_filter *filter,
			       struct replay_counts *out, struct error *error)
{
	struct replay replay = { .store = store, .arena = arena, .filter = filter, .counts = out };
	int64_t last = 0;
	enum err err;

	*out = (struct replay_counts){ 0 };
	err = find_deliveries(&replay, error);
	if (!err && filter->by_merchant && replay.count > MERCHANT_REPLAY_MAX)
		err = error_set_field(
			error, ERR_INVALID, "since",
			"%zu deliveries match; one call sends at most %d: choose a later since or an until",
			replay.count, MERCHANT_REPLAY_MAX);
	for (size_t i = 0; !err && i < replay.count; i++) {
		int64_t before = out->deliveries;

		err = replay_delivery(&replay, &replay.items[i], error);
		if (out->deliveries > before && replay.items[i].event != last) {
			out->events++;
			last = replay.items[i].event;
		}
	}
	return err;
}
