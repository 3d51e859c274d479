/* Chooses the deliveries for a worker. Each endpoint gets a share of each call, so that a full queue does not delay
 * others. A delivery that waits for an earlier delivery of its session is found when the earlier delivery is
 * settled. For other deliveries, a worker's scan continues at its last position, so that ten thousand waiting
 * deliveries are not read again for each sent delivery. */
#include "outbox_rows.h"
#include "rows.h"
#include "columns.h"
#include "kybdesk/domain/endpoint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A burst may contain as many deliveries as the endpoint's rate allows in one second, but at least one. */
#define BURST_MS 1000
#define MINUTE_MS 60000
/* Rows scanned in one call under the store's lock; this takes about two milliseconds. */
#define SCAN_ROWS 2048
/* Maximum number of rows read in one call without the lock. */
#define UNLOCKED_ROWS ((size_t)8 * SCAN_ROWS)

/* Condition: the id is in the list, a JSON array. */
#define ID_IN_LIST(column, list) "{among " column ", (SELECT CAST(e.value AS BIGINT) FROM {elements " list ", e})}"
STATEMENT(sql_endpoints, "lease.endpoints",
	  "SELECT id, " AT_ONCE ", " FIRST_AT " AS first_at, " IN_FLIGHT
	  ", per_minute, pace_at FROM endpoint WHERE disabled_at IS NULL AND " FIRST_AT " <= $1 AND " HELD_UNTIL
	  " <= $1 AND " PACED_UNTIL " <= $1");
/* The next rows of an endpoint; for each row, whether its session has an earlier open delivery to the endpoint. */
STATEMENT(sql_scan, "lease.scan",
	  "SELECT d.id, d.next_at, EXISTS (SELECT 1 FROM delivery AS o WHERE o.session_id = d.session_id AND "
	  "o.endpoint_id = d.endpoint_id AND o.state IN ('pending', 'leased') AND o.event_id < d.event_id) FROM "
	  "delivery AS d WHERE d.endpoint_id = $1 AND d.state = 'pending' AND d.next_at <= $2 AND (d.next_at, "
	  "d.id) > ($3, $4) ORDER BY d.next_at, d.id LIMIT $5");
STATEMENT(sql_next, "lease.next",
	  "SELECT id, next_at, state = 'pending' FROM delivery WHERE session_id = $1 AND endpoint_id = $2 AND "
	  "state IN ('pending', 'leased') ORDER BY event_id, id LIMIT 1");
STATEMENT(sql_lease, "lease.take",
	  "UPDATE delivery SET state = 'leased', lease_owner = $2, lease_until = $3, lease_boot = $4, "
	  "lease_boot_ms = $5 WHERE " ID_IN_LIST("id", "$1") " AND state = 'pending' RETURNING id");
/* Reads the leased deliveries, oldest first, since row numbers follow the order of creation. */
STATEMENT(sql_jobs, "lease.jobs",
	  "SELECT d.id, d.endpoint_id, d.session_id, d.attempts, ev.uuid, e.url, e.secret, CASE WHEN "
	  "e.old_secret_until > $2 THEN e.old_secret ELSE '' END, ev.body, d.created_at, ev.link_mark, s.uuid, "
	  "ev.type, ev.traceparent FROM delivery AS d {then} outbox_event AS ev ON ev.id = d.event_id {then} "
	  "endpoint AS e ON e.id = d.endpoint_id LEFT JOIN session AS s ON s.id = d.session_id WHERE " ID_IN_LIST(
		  "d.id", "$1") " ORDER BY d.id");
STATEMENT(sql_pace, "lease.pace", "UPDATE endpoint SET pace_at = $2 WHERE id = $1");

struct queue {
	int64_t endpoint, first_at;
	size_t free_count; /* number of further deliveries that may be in flight at once */
	/* State of the endpoint's rate limit; interval_ms 0: no limit. */
	int64_t interval_ms, pace_at, rate_allowance;
	size_t searched_result_count; /* results for which lease_successors() searched the next delivery */
	bool is_scanned;	      /* the scan has reached the end of the queue */
};

struct queues {
	struct queue *items;
	size_t count;
};

void delivery_scan_release(struct delivery_scan *scan)
{
	free(scan->positions);
	*scan = (struct delivery_scan){ 0 };
}

static struct delivery_scan_position *position_of(const struct delivery_lease *wanted, int64_t endpoint)
{
	struct delivery_scan *scan = wanted->scan;

	for (size_t i = 0; i < scan->count; i++)
		if (scan->positions[i].endpoint == endpoint) {
			/* If the clock was set back a little, the scan's position moves back to now. */
			if (scan->positions[i].next_at > wanted->now)
				scan->positions[i].next_at = wanted->now;
			return &scan->positions[i];
		}
	HEAP_RESERVE(scan->positions, scan->count, scan->capacity);
	scan->positions[scan->count] = (struct delivery_scan_position){
		.endpoint = endpoint, .next_at = INT64_MIN, .row = INT64_MIN, .generation = scan->generation
	};
	return &scan->positions[scan->count++];
}

/* Compares queues: the queue with the longest waiting delivery comes first. */
static int compare_queue_order(const void *a, const void *b)
{
	const struct queue *first = a, *second = b;

	if (first->first_at != second->first_at)
		return first->first_at < second->first_at ? -1 : 1;
	return first->endpoint < second->endpoint ? -1 : first->endpoint > second->endpoint;
}

/* Sets queue->rate_allowance to the number of deliveries that the rate allows now: for the time since pace_at, and for
 * one second in advance. */
static void set_rate_allowance(struct queue *queue, int64_t per_minute, int64_t pace_at, int64_t now)
{
	int64_t burst;

	queue->rate_allowance = INT64_MAX;
	if (per_minute <= 0)
		return;
	queue->interval_ms = per_minute < MINUTE_MS ? MINUTE_MS / per_minute : 1;
	burst = queue->interval_ms > BURST_MS ? queue->interval_ms : BURST_MS;
	queue->pace_at = pace_at < now || pace_at > now + 2 * MINUTE_MS ? now : pace_at;
	queue->rate_allowance = (now + burst - queue->pace_at) / queue->interval_ms;
}

static enum err find_queues(const struct lease_run *lease_run, struct queues *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0, per_endpoint = lease_run->wanted->per_endpoint_max;
	*out = (struct queues){ 0 };
	enum err err =
		db_select(lease_run->store->db, &sql_endpoints, PARAMS(db_int(lease_run->wanted->now)), &query, error);

	while (query_fetch_row(&query, &err, error)) {
		struct queue queue = { .endpoint = row_int(query, 0), .first_at = row_int(query, 2) };
		int64_t in_progress_count = row_int(query, 3), own = row_int(query, 1) - in_progress_count;
		int64_t room = (int64_t)per_endpoint - in_progress_count;

		set_rate_allowance(&queue, row_int(query, 4), row_int(query, 5), lease_run->wanted->now);
		own = own < queue.rate_allowance ? own : queue.rate_allowance;
		room = room < own ? room : own;
		if (room <= 0)
			continue;
		queue.free_count = (size_t)room;
		*ARENA_PUSH(lease_run->arena, out->items, out->count, capacity) = queue;
	}
	if (!err && out->count)
		qsort(out->items, out->count, sizeof *out->items, compare_queue_order);
	return err;
}

/* Leases the deliveries in `list`, a JSON array without its closing bracket. Call under the lock. */
static enum err lease_delivery_list(struct lease_run *lease_run, struct queue *queue, struct strbuf *list,
				    struct error *error)
{
	const struct delivery_lease *wanted = lease_run->wanted;
	struct query *query = NULL;
	enum err err = ERR_OK;

	if (!list->len)
		return ERR_OK;
	strbuf_addch(list, ']');
	err = db_select(lease_run->store->db, &sql_lease,
			PARAMS(db_text(list->buf), db_text(wanted->owner),
			       db_int(time_plus_span(wanted->now, wanted->lease_ms)), db_text(lease_run->boot.clock.id),
			       db_int(time_plus_span(lease_run->boot.clock.now, wanted->lease_ms))),
			&query, error);
	while (query_fetch_row(&query, &err, error)) {
		strbuf_addf(&lease_run->leased_ids, "%c%" PRId64, lease_run->count++ ? ',' : '[', row_int(query, 0));
		queue->free_count--;
		queue->pace_at += queue->interval_ms;
	}
	return err;
}

/* Finds the next delivery of a session after one of its deliveries was settled, if the scan has already passed this
 * next delivery. It is leased first, because it has waited longer than all deliveries ahead of the scan. */
static enum err find_next_delivery(struct lease_run *lease_run, const struct queue *queue, int64_t session, int64_t *id,
				   struct error *error)
{
	const struct delivery_scan_position *place = position_of(lease_run->wanted, queue->endpoint);
	struct query *query = NULL;
	enum err err = db_select(lease_run->store->db, &sql_next, PARAMS(db_int(session), db_int(queue->endpoint)),
				 &query, error);

	*id = 0;
	if (query_fetch_row(&query, &err, error)) {
		int64_t row = row_int(query, 0), next_at = row_int(query, 1);

		if (row_int(query, 2) && next_at <= lease_run->wanted->now &&
		    (next_at < place->next_at || (next_at == place->next_at && row <= place->row)))
			*id = row;
	}
	query_end(query);
	return err;
}

static enum err lease_successors(struct lease_run *lease_run, struct queue *queue, size_t until, struct error *error)
{
	struct strbuf list = STRBUF_INIT;
	size_t count = lease_run->count;
	enum err err = ERR_OK;

	for (; !err && count < until && queue->searched_result_count < lease_run->settled.count;
	     queue->searched_result_count++) {
		const struct delivery_result *result = &lease_run->settled.results[queue->searched_result_count];
		int64_t id = 0;

		if (result->endpoint == queue->endpoint && result->session)
			err = find_next_delivery(lease_run, queue, result->session, &id, error);
		if (id)
			strbuf_addf(&list, "%c%" PRId64, count++ == lease_run->count ? '[' : ',', id);
	}
	if (!err)
		err = lease_delivery_list(lease_run, queue, &list, error);
	strbuf_release(&list);
	return err;
}

/* Moves the scan to the beginning if a scanned delivery may have become free; otherwise returns false. */
static bool restart_scan_if_stale(const struct delivery_scan *scan, struct delivery_scan_position *place)
{
	if (place->generation == scan->generation && !place->must_restart)
		return false;
	place->next_at = place->row = INT64_MIN;
	place->generation = scan->generation;
	place->must_restart = false;
	return true;
}

/* Reads the next rows of a scan until it has found `most` free deliveries; adds their ids to the list, and moves
 * the scan's position after the rows read. */
static enum err scan_next_rows(struct lease_run *lease_run, struct queue *queue, size_t most, struct strbuf *list,
			       struct error *error)
{
	struct delivery_scan_position *place = position_of(lease_run->wanted, queue->endpoint);
	size_t slice = lease_run->scan_rows_left < SCAN_ROWS ? lease_run->scan_rows_left : SCAN_ROWS, rows = 0,
	       found = 0;
	struct query *query = NULL;
	enum err err = db_select(lease_run->store->db, &sql_scan,
				 PARAMS(db_int(place->endpoint), db_int(lease_run->wanted->now), db_int(place->next_at),
					db_int(place->row), db_int((int64_t)slice)),
				 &query, error);

	while (found < most && query_fetch_row(&query, &err, error)) {
		rows++;
		place->row = row_int(query, 0);
		place->next_at = row_int(query, 1);
		if (!row_int(query, 2))
			strbuf_addf(list, "%c%" PRId64, found++ ? ',' : '[', place->row);
	}
	query_end(query);
	lease_run->scan_rows_left -= rows;
	if (!err && found < most && rows < slice) {
		place->next_at = lease_run->wanted->now;
		place->row = INT64_MAX;
		queue->is_scanned = !restart_scan_if_stale(lease_run->wanted->scan, place);
	}
	return err;
}

/* Continues the scan at the position of the last call, and leases the free deliveries. */
static enum err scan_queue(struct lease_run *lease_run, struct queue *queue, size_t until, struct error *error)
{
	struct strbuf list = STRBUF_INIT;
	enum err err = ERR_OK;

	while (!err && lease_run->count < until && lease_run->scan_rows_left && !queue->is_scanned) {
		strbuf_reset(&list);
		err = scan_next_rows(lease_run, queue, until - lease_run->count, &list, error);
		if (!err)
			err = lease_delivery_list(lease_run, queue, &list, error);
	}
	strbuf_release(&list);
	return err;
}

static enum err lease_from_queue(struct lease_run *lease_run, struct queue *queue, size_t at_most, struct error *error)
{
	size_t until = lease_run->count + (at_most < queue->free_count ? at_most : queue->free_count);
	size_t before = lease_run->count;
	enum err err = lease_successors(lease_run, queue, until, error);

	if (!err)
		err = scan_queue(lease_run, queue, until, error);
	if (!err && queue->interval_ms && lease_run->count > before)
		err = db_run(lease_run->store->db, &sql_pace, PARAMS(db_int(queue->endpoint), db_int(queue->pace_at)),
			     error);
	return err;
}

static const struct queue *queue_of(const struct queues *queues, int64_t endpoint)
{
	return ITEM_WITH_NUMBER(queues->items, queues->count, endpoint, endpoint);
}

/* Scans an endpoint again if a delivery without a session was aborted: the scan may have passed that delivery. */
static void rescan_after_aborts(struct lease_run *lease_run)
{
	for (size_t at = 0; at < lease_run->settled.count; at++)
		if (!lease_run->settled.results[at].session &&
		    lease_run->settled.results[at].outcome == OUTCOME_BROKEN_OFF)
			position_of(lease_run->wanted, lease_run->settled.results[at].endpoint)->must_restart = true;
}

/* Scans an endpoint again if lease_successors() was not run for a session, because the endpoint was full or held
 * back: the scan may have passed the next delivery of this session. */
static void rescan_after_results(struct lease_run *lease_run, const struct queues *queues)
{
	for (size_t at = 0; at < lease_run->settled.count; at++) {
		const struct delivery_result *result = &lease_run->settled.results[at];
		const struct queue *queue = queue_of(queues, result->endpoint);

		if (!queue || at >= queue->searched_result_count)
			position_of(lease_run->wanted, result->endpoint)->must_restart = true;
	}
}

/* Sets wanted->may_have_more: an endpoint with free capacity may have more deliveries. */
static void update_unfinished_flag(struct lease_run *lease_run, const struct queues *queues)
{
	lease_run->wanted->may_have_more = false;
	for (size_t i = 0; i < queues->count; i++)
		if (queues->items[i].free_count && !queues->items[i].is_scanned)
			lease_run->wanted->may_have_more = true;
}

/* Like scan_queue(), in the same slices, but leases nothing: leaves the position before the first free delivery. */
static enum err find_free_delivery(struct lease_run *lease_run, struct queue *queue, bool *any, struct error *error)
{
	struct delivery_scan_position *place = position_of(lease_run->wanted, queue->endpoint);
	struct strbuf list = STRBUF_INIT;
	enum err err = ERR_OK;

	while (!err && !*any && lease_run->scan_rows_left && !queue->is_scanned) {
		struct delivery_scan_position before = *place;

		err = scan_next_rows(lease_run, queue, 1, &list, error);
		*any = list.len != 0;
		if (*any)
			*place = before;
	}
	strbuf_release(&list);
	return err;
}

enum err outbox_find_leasable(struct lease_run *lease_run, bool *any, struct error *error)
{
	struct queues queues;
	enum err err = find_queues(lease_run, &queues, error);

	lease_run->scan_rows_left = UNLOCKED_ROWS;
	for (size_t i = 0; !err && !*any && i < queues.count; i++)
		err = find_free_delivery(lease_run, &queues.items[i], any, error);
	if (!err && !*any)
		update_unfinished_flag(lease_run, &queues);
	return err;
}

/* First leases an equal share of deliveries for each queue, then fills the limit from queues with more deliveries. */
static enum err lease_queue_shares(struct lease_run *lease_run, const struct queues *queues, struct error *error)
{
	size_t limit = lease_run->wanted->limit, queue_count = queues->count;
	size_t share = queue_count ? (limit + queue_count - 1) / queue_count : 0;
	enum err err = ERR_OK;

	rescan_after_aborts(lease_run);
	for (unsigned round = 0; round < 2; round++)
		for (size_t i = 0; !err && i < queue_count && lease_run->count < limit; i++) {
			size_t left = limit - lease_run->count;

			err = lease_from_queue(lease_run, &queues->items[i], round == 0 && share < left ? share : left,
					       error);
		}
	rescan_after_results(lease_run, queues);
	update_unfinished_flag(lease_run, queues);
	return err;
}

static void read_job(const struct query *query, struct arena *arena, struct delivery_job *out)
{
	const char *id = row_text(query, 4, arena);
	size_t length = strlen(id);

	*out = (struct delivery_job){
		.row = row_int(query, 0),
		.endpoint = row_int(query, 1),
		.session = row_int(query, 2),
		.attempts = row_int(query, 3),
		.url = row_text(query, 5, arena),
		.secret = row_text(query, 6, arena),
		.old_secret = row_text(query, 7, arena),
		.created_at = row_int(query, 9),
		.link_mark = row_text(query, 10, arena),
		.session_id = row_text(query, 11, arena),
		.traceparent = row_text(query, 13, arena),
		.no_retry = !strcmp(row_text_view(query, 12), ENDPOINT_TEST_EVENT),
	};
	memcpy(out->event_id, id, length < sizeof out->event_id ? length : sizeof out->event_id - 1);
	out->body = row_blob(query, 8, arena, &out->body_length);
}

static enum err read_jobs(struct lease_run *lease_run, struct error *error)
{
	struct delivery_lease *wanted = lease_run->wanted;
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(lease_run->store->db, &sql_jobs,
				 PARAMS(db_text(lease_run->leased_ids.buf), db_int(wanted->now)), &query, error);

	while (query_fetch_row(&query, &err, error)) {
		struct delivery_job *job = ARENA_PUSH(lease_run->arena, wanted->jobs, wanted->count, capacity);

		read_job(query, lease_run->arena, job);
		if (job->attempts < 0 || job->attempts > INT32_MAX)
			err = report_damaged_row(lease_run->store, "delivery", job->row, "number of attempts", error);
	}
	return err;
}

enum err outbox_lease_deliveries(struct lease_run *lease_run, struct error *error)
{
	struct queues queues;
	enum err err = find_queues(lease_run, &queues, error);

	lease_run->scan_rows_left = SCAN_ROWS;
	if (!err)
		err = lease_queue_shares(lease_run, &queues, error);
	if (!err && lease_run->count) {
		strbuf_addch(&lease_run->leased_ids, ']');
		err = read_jobs(lease_run, error);
	}
	strbuf_release(&lease_run->leased_ids);
	return err;
}
