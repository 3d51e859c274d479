/*
 * Chooses the deliveries for a worker. Each endpoint gets its share of a call, so that one full queue delays no other.
 * A delivery that waits for an earlier one of its session is found when that one is settled. A worker's scan of the
 * others continues from its last position, so that ten thousand waiting deliveries are not read again for each one
 * sent.
 */
#include "outbox_rows.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/domain/endpoint.h"

#include <stdlib.h>
#include <string.h>

/* Bursts: one second of an endpoint's rate at once, and always one delivery. */
#define BURST_MS 1000
#define MINUTE_MS 60000
/* Rows scanned in one call, under the store's lock: two milliseconds of it. */
#define SCAN_ROWS 2048
/* Without the lock. */
#define LOOK_ROWS ((size_t)8 * SCAN_ROWS)

enum { TAKE_ENDPOINTS, TAKE_SCAN, TAKE_PEEK, TAKE_COUNT, TAKE_LAST, TAKE_NEXT, TAKE_ONE, TAKE_JOB, TAKE_PACE };
/* The next rows of an endpoint without an earlier open delivery of the same session to it. */
#define FREE_OF(endpoint, now, place, rows)                                                                        \
	"FROM (SELECT id, next_at, session_id, endpoint_id, event_id FROM delivery WHERE endpoint_id = " endpoint  \
	" AND state = 'pending' AND next_at <= " now " AND (next_at, id) > " place                                 \
	" ORDER BY next_at, id LIMIT " rows ") AS d WHERE NOT EXISTS (SELECT 1 FROM delivery AS o WHERE "          \
	"o.session_id = d.session_id AND o.endpoint_id = d.endpoint_id AND o.state IN ('pending', 'leased') AND "  \
	"o.event_id < d.event_id)"
/* $3 is the endpoint, $4 now. */
#define LEASED_BY                                                                                                  \
	"UPDATE delivery SET state = 'leased', lease_owner = $1, lease_until = $2, lease_boot = $6, "              \
	"lease_boot_ms = $7 "
#define REST "endpoint_id = $1 AND state = 'pending' AND next_at <= $2 AND (next_at, id) > ($3, $4)"
static const struct sql statements[] = {
	[TAKE_ENDPOINTS] = { "lease.endpoints", "SELECT id, " AT_ONCE ", " FIRST_AT " AS first_at, " UNDER_WAY
						", per_minute, pace_at FROM endpoint "
						"WHERE disabled_at IS NULL AND " FIRST_AT " <= $1 AND " HELD_UNTIL
						" <= $1 AND " PACED_UNTIL " <= $1" },
	[TAKE_SCAN] = { "lease.walk",
			LEASED_BY "WHERE {among id, (SELECT d.id " FREE_OF(
				"$3", "$4", "($8, $9)", "$10") " {anew d.next_at, d.id} LIMIT $5)} "
							       "AND state = 'pending' RETURNING id, next_at" },
	[TAKE_PEEK] = { "lease.walk_peek", "SELECT EXISTS (SELECT 1 " FREE_OF("$1", "$2", "($3, $4)", "$5") ")" },
	/* Deliveries that were scanned and not taken: their number, and the last. */
	[TAKE_COUNT] = { "lease.rest_count",
			 "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE " REST " LIMIT $5) AS rest" },
	[TAKE_LAST] = { "lease.rest_last",
			"SELECT id, next_at FROM delivery WHERE " REST " ORDER BY next_at, id LIMIT 1 OFFSET $5" },
	[TAKE_NEXT] = { "lease.next",
			"SELECT id, next_at, state = 'pending' FROM delivery WHERE session_id = $1 AND "
			"endpoint_id = $2 AND state IN ('pending', 'leased') ORDER BY event_id, id "
			"LIMIT 1" },
	[TAKE_ONE] = { "lease.one", LEASED_BY "WHERE id = $5 AND endpoint_id = $3 AND state = 'pending' AND "
					      "next_at <= $4" },
	[TAKE_JOB] = { "lease.job",
		       "SELECT d.endpoint_id, d.session_id, d.attempts, ev.uuid, e.url, e.secret, "
		       "CASE WHEN e.old_secret_until > $2 THEN e.old_secret ELSE '' END, ev.body, d.created_at, "
		       "ev.link_mark, s.uuid, ev.type "
		       "FROM delivery AS d {then} outbox_event AS ev ON ev.id = d.event_id "
		       "{then} endpoint AS e ON e.id = d.endpoint_id "
		       "LEFT JOIN session AS s ON s.id = d.session_id WHERE d.id = $1" },
	[TAKE_PACE] = { "lease.pace", "UPDATE endpoint SET pace_at = $2 WHERE id = $1" },
};
const struct sql_list take_sql = SQL_LIST(statements);

struct queue {
	int64_t endpoint, first_at;
	size_t room; /* how many more may be in flight at once */
	/* State of its rate limit; interval_ms 0: no limit. */
	int64_t interval_ms, pace_at, paced;
	size_t settled;	 /* results before this one have been followed */
	bool walked_out; /* nothing more to take from it now */
};

struct queues {
	struct queue *items;
	size_t count;
};

void delivery_scan_release(struct delivery_scan *scan)
{
	free(scan->places);
	*scan = (struct delivery_scan){ 0 };
}

static struct delivery_place *place_of(const struct delivery_lease *wanted, int64_t endpoint)
{
	struct delivery_scan *scan = wanted->scan;

	for (size_t i = 0; i < scan->count; i++)
		if (scan->places[i].endpoint == endpoint) {
			/* The clock was set back a little. */
			if (scan->places[i].next_at > wanted->now)
				scan->places[i].next_at = wanted->now;
			return &scan->places[i];
		}
	if (scan->count == scan->capacity) {
		scan->capacity = scan->capacity ? scan->capacity * 2 : 16;
		scan->places = xrealloc_array(scan->places, scan->capacity, sizeof *scan->places);
	}
	scan->places[scan->count] = (struct delivery_place){
		.endpoint = endpoint, .next_at = INT64_MIN, .row = INT64_MIN, .turn = scan->turn
	};
	return &scan->places[scan->count++];
}

/* The longest wait comes first. */
static int compare_queues(const void *a, const void *b)
{
	const struct queue *first = a, *second = b;

	if (first->first_at != second->first_at)
		return first->first_at < second->first_at ? -1 : 1;
	return first->endpoint < second->endpoint ? -1 : first->endpoint > second->endpoint;
}

/* Number of deliveries that the rate allows now: for the elapsed time, and one second in advance. */
static void pace(struct queue *queue, int64_t per_minute, int64_t pace_at, int64_t now)
{
	int64_t burst;

	queue->paced = INT64_MAX;
	if (per_minute <= 0)
		return;
	queue->interval_ms = per_minute < MINUTE_MS ? MINUTE_MS / per_minute : 1;
	burst = queue->interval_ms > BURST_MS ? queue->interval_ms : BURST_MS;
	queue->pace_at = pace_at < now || pace_at > now + 2 * MINUTE_MS ? now : pace_at;
	queue->paced = (now + burst - queue->pace_at) / queue->interval_ms;
}

static enum err find_queues(const struct take *take, struct queues *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0, per_endpoint = take->wanted->per_endpoint;
	bool row = false;
	enum err err = db_query(take->store->db, &statements[TAKE_ENDPOINTS], &query, error);

	*out = (struct queues){ 0 };
	if (err)
		return err;
	query_int(query, 1, take->wanted->now);
	while (!(err = query_next(query, &row, error)) && row) {
		struct queue queue = { .endpoint = row_int(query, 0), .first_at = row_int(query, 2) };
		int64_t under_way = row_int(query, 3), own = row_int(query, 1) - under_way;
		int64_t room = (int64_t)per_endpoint - under_way;

		pace(&queue, row_int(query, 4), row_int(query, 5), take->wanted->now);
		own = own < queue.paced ? own : queue.paced;
		room = room < own ? room : own;
		if (room <= 0)
			continue;
		queue.room = (size_t)room;
		*ARENA_PUSH(take->arena, out->items, out->count, capacity) = queue;
	}
	query_end(query);
	if (!err && out->count)
		qsort(out->items, out->count, sizeof *out->items, compare_queues);
	return err;
}

static enum err begin_lease(const struct take *take, int statement, const struct queue *queue, struct query **out,
			    struct error *error)
{
	const struct delivery_lease *wanted = take->wanted;
	enum err err = db_query(take->store->db, &statements[statement], out, error);

	if (err)
		return err;
	query_text(*out, 1, wanted->owner);
	query_int(*out, 2, time_plus(wanted->now, wanted->lease_ms));
	query_int(*out, 3, queue->endpoint);
	query_int(*out, 4, wanted->now);
	query_text(*out, 6, take->boot.clock.id);
	query_int(*out, 7, time_plus(take->boot.clock.now, wanted->lease_ms));
	return ERR_OK;
}

static void is_leased(struct take *take, struct queue *queue, int64_t row)
{
	*ARENA_PUSH(take->arena, take->rows, take->count, take->capacity) = row;
	queue->room--;
	queue->pace_at += queue->interval_ms;
}

static enum err take_one(struct take *take, struct queue *queue, int64_t row, struct error *error)
{
	struct query *query = NULL;
	enum err err = begin_lease(take, TAKE_ONE, queue, &query, error);

	if (err)
		return err;
	query_int(query, 5, row);
	err = query_run(query, error);
	if (!err)
		is_leased(take, queue, row);
	return err;
}

/* Takes the next delivery of a session after its last one was settled, if the scan has passed it already: it has waited
 * longer than all that the scan has ahead. */
static enum err take_next(struct take *take, struct queue *queue, int64_t session, struct error *error)
{
	const struct delivery_place *place = place_of(take->wanted, queue->endpoint);
	struct query *query = NULL;
	bool row = false, goes = false;
	int64_t id = 0, next_at;
	enum err err = db_query(take->store->db, &statements[TAKE_NEXT], &query, error);

	if (err)
		return err;
	query_int(query, 1, session);
	query_int(query, 2, queue->endpoint);
	err = query_next(query, &row, error);
	if (!err && row) {
		id = row_int(query, 0);
		next_at = row_int(query, 1);
		goes = row_int(query, 2) && next_at <= take->wanted->now &&
		       (next_at < place->next_at || (next_at == place->next_at && id <= place->row));
	}
	query_end(query);
	return goes ? take_one(take, queue, id, error) : err;
}

static enum err follow(struct take *take, struct queue *queue, size_t until, struct error *error)
{
	enum err err = ERR_OK;

	for (; !err && take->count < until && queue->settled < take->settled.count; queue->settled++) {
		const struct delivery_result *result = &take->settled.results[queue->settled];

		if (result->endpoint == queue->endpoint && result->session)
			err = take_next(take, queue, result->session, error);
	}
	return err;
}

static enum err walk_slice(struct take *take, struct queue *queue, size_t wanted, struct delivery_place *place,
			   struct error *error)
{
	struct delivery_place last = *place;
	struct query *query = NULL;
	bool row = false;
	enum err err = begin_lease(take, TAKE_SCAN, queue, &query, error);

	if (err)
		return err;
	query_int(query, 5, (int64_t)wanted);
	query_int(query, 8, place->next_at);
	query_int(query, 9, place->row);
	query_int(query, 10, (int64_t)take->rows_left);
	while (!(err = query_next(query, &row, error)) && row) {
		int64_t id = row_int(query, 0), next_at = row_int(query, 1);

		if (next_at > last.next_at || (next_at == last.next_at && id > last.row)) {
			last.next_at = next_at;
			last.row = id;
		}
		is_leased(take, queue, id);
	}
	query_end(query);
	*place = last;
	return err;
}

static enum err begin_rest(const struct take *take, int statement, const struct delivery_place *place,
			   struct query **out, struct error *error)
{
	enum err err = db_query(take->store->db, &statements[statement], out, error);

	if (err)
		return err;
	query_int(*out, 1, place->endpoint);
	query_int(*out, 2, take->wanted->now);
	query_int(*out, 3, place->next_at);
	query_int(*out, 4, place->row);
	return ERR_OK;
}

/* Reads up to `most` deliveries that were scanned and not taken: moves the place behind them. */
static enum err skip_rest(struct take *take, size_t most, struct delivery_place *place, struct error *error)
{
	struct query *query = NULL;
	bool row = false;
	size_t rest = 0;
	enum err err = begin_rest(take, TAKE_COUNT, place, &query, error);

	if (err)
		return err;
	query_int(query, 5, (int64_t)most);
	err = query_next(query, &row, error);
	if (!err && row)
		rest = (size_t)row_int(query, 0);
	query_end(query);
	take->rows_left -= rest;
	if (!err && rest < most) {
		place->next_at = take->wanted->now;
		place->row = INT64_MAX;
	}
	if (err || rest < most)
		return err;
	err = begin_rest(take, TAKE_LAST, place, &query, error);
	if (err)
		return err;
	query_int(query, 5, (int64_t)most - 1);
	err = query_next(query, &row, error);
	if (!err && row) {
		place->row = row_int(query, 0);
		place->next_at = row_int(query, 1);
	}
	query_end(query);
	return err;
}

/* Restarts the scan from the beginning if a scanned delivery may have become free. */
static bool begins_anew(const struct delivery_scan *scan, struct delivery_place *place)
{
	if (place->turn == scan->turn && !place->again)
		return false;
	place->next_at = place->row = INT64_MIN;
	place->turn = scan->turn;
	place->again = false;
	return true;
}

/* From where the last call stopped. */
static enum err walk_on(struct take *take, struct queue *queue, size_t until, struct error *error)
{
	struct delivery_place *place = place_of(take->wanted, queue->endpoint);
	enum err err = ERR_OK;

	while (!err && take->count < until && take->rows_left && !queue->walked_out) {
		size_t slice = take->rows_left, wanted = until - take->count, had = take->count, taken;
		struct delivery_place begin = *place;

		err = walk_slice(take, queue, wanted, place, error);
		taken = take->count - had;
		take->rows_left -= taken;
		if (err || taken == wanted || taken == slice)
			continue;
		err = skip_rest(take, slice - taken, &begin, error);
		*place = begin;
		queue->walked_out = place->row == INT64_MAX && !begins_anew(take->wanted->scan, place);
	}
	return err;
}

static enum err take_from(struct take *take, struct queue *queue, size_t at_most, struct error *error)
{
	size_t until = take->count + (at_most < queue->room ? at_most : queue->room);
	size_t before = take->count;
	enum err err = follow(take, queue, until, error);

	if (!err)
		err = walk_on(take, queue, until, error);
	if (!err && queue->interval_ms && take->count > before) {
		struct query *query = NULL;

		err = db_query(take->store->db, &statements[TAKE_PACE], &query, error);
		if (err)
			return err;
		query_int(query, 1, queue->endpoint);
		query_int(query, 2, queue->pace_at);
		err = query_run(query, error);
	}
	return err;
}

static const struct queue *queue_of(const struct queues *queues, int64_t endpoint)
{
	for (size_t i = 0; i < queues->count; i++)
		if (queues->items[i].endpoint == endpoint)
			return &queues->items[i];
	return NULL;
}

/* An aborted delivery without a session may be behind the scan. */
static void look_for_broken(struct take *take)
{
	for (size_t at = 0; at < take->settled.count; at++)
		if (!take->settled.results[at].session && take->settled.results[at].outcome == OUTCOME_BROKEN_OFF)
			place_of(take->wanted, take->settled.results[at].endpoint)->again = true;
}

/* So may the next delivery of a session that was not followed, for lack of room or because its endpoint was held
 * back. */
static void look_back(struct take *take, const struct queues *queues)
{
	for (size_t at = 0; at < take->settled.count; at++) {
		const struct delivery_result *result = &take->settled.results[at];
		const struct queue *queue = queue_of(queues, result->endpoint);

		if (!queue || at >= queue->settled)
			place_of(take->wanted, result->endpoint)->again = true;
	}
}

/* Whether an endpoint with free capacity may have more deliveries. */
static void find_unfinished(struct take *take, const struct queues *queues)
{
	take->wanted->unfinished = false;
	for (size_t i = 0; i < queues->count; i++)
		if (queues->items[i].room && !queues->items[i].walked_out)
			take->wanted->unfinished = true;
}

static enum err peek(const struct take *take, const struct delivery_place *place, size_t slice, bool *any,
		     struct error *error)
{
	struct query *query = NULL;
	bool row = false;
	enum err err = begin_rest(take, TAKE_PEEK, place, &query, error);

	if (err)
		return err;
	query_int(query, 5, (int64_t)slice);
	err = query_next(query, &row, error);
	if (!err && row)
		*any = row_int(query, 0) != 0;
	query_end(query);
	return err;
}

/* In the same slices as walk_on(), so that this scan finds what that one saw. */
static enum err look_on(struct take *take, struct queue *queue, bool *any, struct error *error)
{
	struct delivery_place *place = place_of(take->wanted, queue->endpoint);
	enum err err = ERR_OK;

	while (!err && !*any && take->rows_left && !queue->walked_out) {
		size_t slice = take->rows_left < SCAN_ROWS ? take->rows_left : SCAN_ROWS;

		err = peek(take, place, slice, any, error);
		if (err || *any)
			break;
		err = skip_rest(take, slice, place, error);
		queue->walked_out = place->row == INT64_MAX && !begins_anew(take->wanted->scan, place);
	}
	return err;
}

enum err take_look(struct take *take, bool *any, struct error *error)
{
	struct queues queues;
	enum err err = find_queues(take, &queues, error);

	take->rows_left = LOOK_ROWS;
	for (size_t i = 0; !err && !*any && i < queues.count; i++)
		err = look_on(take, &queues.items[i], any, error);
	if (!err && !*any)
		find_unfinished(take, &queues);
	return err;
}

/* First an equal share for each queue, then the rest for queues with more. */
static enum err take_shares(struct take *take, const struct queues *queues, struct error *error)
{
	size_t limit = take->wanted->limit, queue_count = queues->count;
	size_t share = queue_count ? (limit + queue_count - 1) / queue_count : 0;
	enum err err = ERR_OK;

	look_for_broken(take);
	for (unsigned round = 0; round < 2; round++)
		for (size_t i = 0; !err && i < queue_count && take->count < limit; i++) {
			size_t left = limit - take->count;

			err = take_from(take, &queues->items[i], round == 0 && share < left ? share : left, error);
		}
	look_back(take, queues);
	find_unfinished(take, queues);
	return err;
}

static enum err load_job(const struct take *take, int64_t row, struct delivery_job *out, struct error *error)
{
	struct arena *arena = take->arena;
	struct query *query = NULL;
	bool found = false;
	enum err err = db_query(take->store->db, &statements[TAKE_JOB], &query, error);

	*out = (struct delivery_job){
		.row = row, .url = "", .secret = "", .old_secret = "", .body = "", .link_mark = "", .session_id = ""
	};
	if (err)
		return err;
	query_int(query, 1, row);
	query_int(query, 2, take->wanted->now);
	err = query_next(query, &found, error);
	if (!err && found) {
		const char *id = row_text(query, 3, arena);
		size_t length = strlen(id);

		out->endpoint = row_int(query, 0);
		out->session = row_int(query, 1);
		out->attempts = row_int(query, 2);
		memcpy(out->event_id, id, length < sizeof out->event_id ? length : sizeof out->event_id - 1);
		out->url = row_text(query, 4, arena);
		out->secret = row_text(query, 5, arena);
		out->old_secret = row_text(query, 6, arena);
		out->body = row_blob(query, 7, arena, &out->body_length);
		out->created_at = row_int(query, 8);
		out->link_mark = row_text(query, 9, arena);
		out->session_id = row_text(query, 10, arena);
		out->once = !strcmp(row_text(query, 11, arena), ENDPOINT_TEST_EVENT);
		if (out->attempts < 0 || out->attempts > INT32_MAX)
			err = row_damaged(take->store, "delivery", row, "number of attempts", error);
	}
	query_end(query);
	return err;
}

static int compare_rows(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return first < second ? -1 : first > second;
}

enum err take_deliveries(struct take *take, struct error *error)
{
	struct delivery_lease *wanted = take->wanted;
	struct queues queues;
	enum err err = find_queues(take, &queues, error);

	take->rows_left = SCAN_ROWS;
	if (!err)
		err = take_shares(take, &queues, error);
	if (err)
		return err;
	/* Older first: row numbers are in the order of creation. */
	if (take->count)
		qsort(take->rows, take->count, sizeof *take->rows, compare_rows);
	wanted->jobs = arena_alloc_array(take->arena, take->count ? take->count : 1, sizeof *wanted->jobs);
	for (size_t i = 0; !err && i < take->count; i++)
		err = load_job(take, take->rows[i], &wanted->jobs[i], error);
	return err;
}
