/*
 * The worker's side of the outbox. A lease is taken by one UPDATE under the write
 * lock, so no delivery has two holders; it ends by itself, by the clock that nobody
 * can set: so long since the machine started. Each endpoint gets its share of a
 * call, so that a full queue of one delays nobody else.
 */
#include "outbox_rows.h"
#include "statements.h"

#include <stdlib.h>
#include <string.h>

#define FAILING_MAX_MS (INT64_C(5) * 24 * 3600 * 1000)
#define RESPONSE_KEPT_BYTES 4096
/* No retry and no grace time lies further ahead: the clock was stepped back. */
#define AHEAD_MAX_MS (INT64_C(3) * 24 * 3600 * 1000)
/* `now` is read before the wait for the write lock: what another worker wrote meanwhile lies that much ahead of it. */
#define LOCK_WAIT_MAX_MS (INT64_C(60) * 1000)
/* No retry waits longer (webhook/deliver.h): failures further apart are not one row of failures. */
#define FAILING_GAP_MS (INT64_C(2) * 24 * 3600 * 1000)

enum {
	LEASE_ANY,
	LEASE_RECLAIM,
	LEASE_STEP_BACK,
	LEASE_BRING_NEAR,
	LEASE_ORPHANS,
	LEASE_ENDPOINTS,
	LEASE_TAKE,
	LEASE_JOB,
	LEASE_SETTLE,
	LEASE_ATTEMPT,
	LEASE_WORKS,
	LEASE_FAILS,
	LEASE_ENDPOINT,
	LEASE_NEXT_DUE,
	LEASE_NEXT_END,
	LEASE_STEPPED
};
/* Nothing earlier of the same session on its way to the same endpoint. */
#define NOTHING_EARLIER                                                                                            \
	"NOT EXISTS (SELECT 1 FROM delivery AS o WHERE o.session_id = d.session_id AND "                           \
	"o.endpoint_id = d.endpoint_id AND o.state IN ('pending', 'leased') AND o.event_id < d.event_id)"
/* This boot's id, the time since it, and the furthest that a lease of it can reach. A lease of another boot is over: the
 * file of a store is shared within one machine only, so that its holder is gone (docs/decisions). */
#define OVER(boot, now, furthest)                                                                                  \
	"(lease_boot <> " boot " OR lease_boot_ms IS NULL OR lease_boot_ms <= " now                                \
	" OR lease_boot_ms > " furthest ")"
static const struct sql statements[] = {
	[LEASE_ANY] = { "lease.any",
			"SELECT EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_due WHERE "
			"state IN ('pending', 'leased') AND state = 'pending' AND next_at <= $1) OR "
			"EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_due WHERE "
			"state IN ('pending', 'leased') AND state = 'pending' AND next_at > $3) OR "
			"EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_set WHERE "
			"state = 'pending' AND set_at > $2) OR "
			"EXISTS (SELECT 1 FROM delivery WHERE state = 'leased' AND " OVER("$4", "$5", "$6") ")" },
	/* lease_owner stays: until somebody else takes it, the answer that its holder got still counts. */
	[LEASE_RECLAIM] = { "lease.reclaim",
			    "UPDATE delivery SET state = 'pending', lease_boot = '', "
			    "lease_boot_ms = NULL, lease_until = NULL WHERE state = 'leased' AND " OVER("$1", "$2",
													"$3") },
	/* Decided in the future: the clock was stepped back since. It waits as long as was meant, from now. */
	[LEASE_STEP_BACK] = { "lease.step_back", "UPDATE delivery SET next_at = $1 + (next_at - set_at), "
						 "set_at = $1 WHERE state = 'pending' AND set_at > $2" },
	[LEASE_BRING_NEAR] = { "lease.bring_near", "UPDATE delivery SET next_at = $1, set_at = $1 WHERE "
						   "state IN ('pending', 'leased') AND state = 'pending' AND "
						   "next_at > $2" },
	/* Left by a worker that died after its endpoint was disabled. */
	[LEASE_ORPHANS] = { "lease.orphans",
			    "SELECT id, disabled_reason FROM endpoint WHERE disabled_at IS NOT NULL AND EXISTS "
			    "(SELECT 1 FROM delivery AS d WHERE d.endpoint_id = endpoint.id AND d.state = "
			    "'pending')" },
	[LEASE_ENDPOINTS] = { "lease.endpoints",
			      "SELECT id, (SELECT count(*) FROM delivery AS l WHERE l.endpoint_id = endpoint.id "
			      "AND "
			      "l.state = 'leased'), (SELECT min(d.next_at) FROM delivery AS d WHERE "
			      "d.endpoint_id = endpoint.id AND d.state = 'pending') AS first_at FROM endpoint "
			      "WHERE disabled_at IS NULL AND first_at <= $1" },
	[LEASE_TAKE] = { "lease.take",
			 "UPDATE delivery SET state = 'leased', lease_owner = $1, lease_until = $2, "
			 "lease_boot = $6, lease_boot_ms = $7 WHERE id IN "
			 "(SELECT d.id FROM delivery AS d WHERE d.endpoint_id = $3 AND d.state = 'pending' AND "
			 "d.next_at <= $4 AND " NOTHING_EARLIER " ORDER BY d.next_at, d.id LIMIT $5) "
			 "AND state = 'pending' RETURNING id" },
	[LEASE_JOB] = { "lease.job",
			"SELECT d.endpoint_id, d.session_id, d.attempts, ev.uuid, e.url, e.secret, "
			"CASE WHEN e.old_secret_until > $2 THEN e.old_secret ELSE '' END, ev.body, d.created_at, "
			"ev.link_mark, s.uuid "
			"FROM delivery AS d CROSS JOIN outbox_event AS ev ON ev.id = d.event_id "
			"CROSS JOIN endpoint AS e ON e.id = d.endpoint_id "
			"LEFT JOIN session AS s ON s.id = d.session_id WHERE d.id = $1" },
	/* An answer is an answer, also when the lease ended before it came and nobody took it since. */
	[LEASE_SETTLE] = { "lease.settle",
			   "UPDATE delivery SET state = $3, note = $4, attempts = attempts + 1, "
			   "next_at = coalesce($5, next_at), set_at = coalesce($7, set_at), "
			   "finished_at = $6, lease_owner = '', lease_boot = '', "
			   "lease_boot_ms = NULL, lease_until = NULL "
			   "WHERE id = $1 AND state IN ('leased', 'pending') AND lease_owner = $2" },
	[LEASE_ATTEMPT] = { "lease.attempt",
			    "INSERT INTO delivery_attempt (delivery_id, number, started_at, duration_ms, status, "
			    "failure, response) VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM "
			    "delivery_attempt WHERE delivery_id = $1), $2, $3, $4, $5, $6)" },
	[LEASE_WORKS] = { "lease.works", "UPDATE endpoint SET failing_since = NULL WHERE id = $1 AND "
					 "failing_since IS NOT NULL" },
	/* A clock that was stepped makes no five days of one failure. */
	[LEASE_FAILS] = { "lease.fails", "UPDATE endpoint SET failing_since = CASE WHEN failing_since <= $2 AND "
					 "failing_seen BETWEEN $2 - $3 AND $2 THEN failing_since ELSE $2 END, "
					 "failing_seen = $2 WHERE id = $1" },
	[LEASE_ENDPOINT] = { "lease.endpoint", "SELECT disabled_at, disabled_reason, failing_since FROM endpoint "
					       "WHERE id = $1" },
	[LEASE_NEXT_DUE] = { "lease.next_due",
			     "SELECT d.next_at FROM delivery AS d WHERE "
			     "d.state IN ('pending', 'leased') AND d.state = 'pending' AND " NOTHING_EARLIER
			     " ORDER BY d.next_at, d.id LIMIT 1" },
	[LEASE_NEXT_END] = { "lease.next_end", "SELECT min(CASE WHEN " OVER(
						       "$1", "$2", "$3") " THEN $2 ELSE lease_boot_ms END) "
									 "FROM delivery WHERE state = 'leased'" },
	[LEASE_STEPPED] = { "lease.stepped", "SELECT EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_set WHERE "
					     "state = 'pending' AND set_at > $1) OR "
					     "EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_due WHERE "
					     "state IN ('pending', 'leased') AND state = 'pending' AND "
					     "next_at > $2)" },
};
const struct sql_list lease_sql = SQL_LIST(statements);

static int64_t time_plus(int64_t time, int64_t span)
{
	int64_t sum;

	return __builtin_add_overflow(time, span, &sum) ? INT64_MAX : sum;
}

void boot_read(const struct store *store, struct boot_time *out)
{
	world_boot_id(store->world, out->id);
	out->now = world_boottime_ms(store->world);
	out->furthest = time_plus(out->now, LEASE_MAX_MS);
}

void boot_bind(struct query *query, int at, const struct boot_time *boot)
{
	query_text(query, at, boot->id);
	query_int(query, at + 1, boot->now);
	query_int(query, at + 2, boot->furthest);
}

static enum err anything_to_do(struct store *store, int64_t now, bool *any, struct error *error)
{
	struct query *query = NULL;
	struct boot_time boot;
	bool row = false;
	enum err err = db_query(store->db, &statements[LEASE_ANY], &query, error);

	*any = false;
	if (err)
		return err;
	boot_read(store, &boot);
	query_int(query, 1, now);
	query_int(query, 2, time_plus(now, LOCK_WAIT_MAX_MS));
	query_int(query, 3, time_plus(now, AHEAD_MAX_MS));
	boot_bind(query, 4, &boot);
	err = query_next(query, &row, error);
	if (!err && row)
		*any = row_int(query, 0) != 0;
	query_end(query);
	return err;
}

static enum err reclaim(struct store *store, const struct boot_time *boot, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[LEASE_RECLAIM], &query, error);

	if (err)
		return err;
	boot_bind(query, 1, boot);
	return query_run(query, error);
}

static enum err run_with_times(struct store *store, int statement, int64_t first, int64_t second,
			       struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[statement], &query, error);

	if (err)
		return err;
	query_int(query, 1, first);
	query_int(query, 2, second);
	return query_run(query, error);
}

static enum err unsend_orphans(struct store *store, struct arena *arena, int64_t now, struct error *error)
{
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(store->db, &statements[LEASE_ORPHANS], &query, error);

	while (!err && !(err = query_next(query, &row, error)) && row)
		err = outbox_unsend_pending(store, row_int(query, 0), row_text(query, 1, arena), now, error);
	query_end(query);
	return err;
}

struct queue {
	int64_t endpoint, first_at;
	size_t room; /* how many more may be on their way at once */
};

/* Who waits longest comes first. */
static int compare_queues(const void *a, const void *b)
{
	const struct queue *first = a, *second = b;

	if (first->first_at != second->first_at)
		return first->first_at < second->first_at ? -1 : 1;
	return first->endpoint < second->endpoint ? -1 : first->endpoint > second->endpoint;
}

struct take {
	struct store *store;
	struct arena *arena;
	const struct delivery_lease *wanted;
	struct boot_time boot; /* read under the lock */
	int64_t *rows;
	size_t count, capacity;
};

struct queues {
	struct queue *items;
	size_t count;
};

static enum err find_queues(const struct take *take, struct queues *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0, per_endpoint = take->wanted->per_endpoint;
	bool row = false;
	enum err err = db_query(take->store->db, &statements[LEASE_ENDPOINTS], &query, error);

	*out = (struct queues){ 0 };
	if (err)
		return err;
	query_int(query, 1, take->wanted->now);
	while (!(err = query_next(query, &row, error)) && row) {
		int64_t under_way = row_int(query, 1);

		if (under_way >= 0 && (uint64_t)under_way >= per_endpoint)
			continue;
		*ARENA_PUSH(take->arena, out->items, out->count, capacity) = (struct queue){
			.endpoint = row_int(query, 0),
			.first_at = row_int(query, 2),
			.room = per_endpoint - (size_t)under_way,
		};
	}
	query_end(query);
	if (!err && out->count)
		qsort(out->items, out->count, sizeof *out->items, compare_queues);
	return err;
}

static enum err take_from(struct take *take, struct queue *queue, size_t at_most, struct error *error)
{
	size_t wanted = at_most < queue->room ? at_most : queue->room;
	struct query *query = NULL;
	bool row = false;
	enum err err;

	if (!wanted)
		return ERR_OK;
	err = db_query(take->store->db, &statements[LEASE_TAKE], &query, error);
	if (err)
		return err;
	query_text(query, 1, take->wanted->owner);
	query_int(query, 2, time_plus(take->wanted->now, take->wanted->lease_ms));
	query_int(query, 3, queue->endpoint);
	query_int(query, 4, take->wanted->now);
	query_int(query, 5, (int64_t)wanted);
	query_text(query, 6, take->boot.id);
	query_int(query, 7, time_plus(take->boot.now, take->wanted->lease_ms));
	while (!(err = query_next(query, &row, error)) && row) {
		*ARENA_PUSH(take->arena, take->rows, take->count, take->capacity) = row_int(query, 0);
		queue->room--;
	}
	query_end(query);
	return err;
}

/* First an equal share to each, then what is left to who has more. */
static enum err take_shares(struct take *take, const struct queues *queues, struct error *error)
{
	size_t limit = take->wanted->limit, queue_count = queues->count;
	size_t share = queue_count ? (limit + queue_count - 1) / queue_count : 0;
	enum err err = ERR_OK;

	for (unsigned round = 0; round < 2; round++)
		for (size_t i = 0; !err && i < queue_count && take->count < limit; i++) {
			size_t left = limit - take->count;

			err = take_from(take, &queues->items[i], round == 0 && share < left ? share : left, error);
		}
	return err;
}

static enum err load_job(const struct take *take, int64_t row, struct delivery_job *out, struct error *error)
{
	struct arena *arena = take->arena;
	struct query *query = NULL;
	bool found = false;
	enum err err = db_query(take->store->db, &statements[LEASE_JOB], &query, error);

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
	}
	query_end(query);
	return err;
}

/* Older first: rows are numbered as they were made. */
static void sort_rows(int64_t *rows, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		int64_t row = rows[i];
		size_t at = i;

		for (; at > 0 && rows[at - 1] > row; at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
	}
}

static enum err lease(struct take *take, struct delivery_job **jobs, struct error *error)
{
	struct store *store = take->store;
	const struct delivery_lease *wanted = take->wanted;
	struct queues queues;
	enum err err = reclaim(store, &take->boot, error);

	if (!err)
		err = run_with_times(store, LEASE_STEP_BACK, wanted->now, time_plus(wanted->now, LOCK_WAIT_MAX_MS),
				     error);
	if (!err)
		err = run_with_times(store, LEASE_BRING_NEAR, wanted->now, time_plus(wanted->now, AHEAD_MAX_MS),
				     error);
	if (!err)
		err = unsend_orphans(store, take->arena, wanted->now, error);
	if (!err)
		err = find_queues(take, &queues, error);
	if (!err)
		err = take_shares(take, &queues, error);
	if (err)
		return err;
	sort_rows(take->rows, take->count);
	*jobs = arena_alloc_array(take->arena, take->count ? take->count : 1, sizeof **jobs);
	for (size_t i = 0; !err && i < take->count; i++)
		err = load_job(take, take->rows[i], &(*jobs)[i], error);
	return err;
}

enum err store_delivery_lease(struct store *store, struct arena *arena, struct delivery_lease *wanted,
			      struct error *error)
{
	struct take take = { .store = store, .arena = arena, .wanted = wanted };
	bool any;
	/* A look without the write lock first: most calls find nothing. */
	enum err err = anything_to_do(store, wanted->now, &any, error);

	wanted->jobs = NULL;
	wanted->count = 0;
	if (err || !any)
		return err;
	if (wanted->lease_ms > LEASE_MAX_MS)
		BUG("a lease of %lld ms would look like one of another clock", (long long)wanted->lease_ms);
	err = store_begin(store, STORE_WRITE, error);
	if (err)
		return err;
	boot_read(store, &take.boot);
	err = lease(&take, &wanted->jobs, error);
	if (err)
		store_rollback(store);
	else
		err = store_commit(store, error);
	wanted->count = err ? 0 : take.count;
	wanted->leased_ms = take.boot.now;
	return err;
}

static enum err record_attempt(struct store *store, const struct delivery_result *result, struct error *error)
{
	const struct delivery_attempt *attempt = &result->attempt;
	const char *response = attempt->response ? attempt->response : "";
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[LEASE_ATTEMPT], &query, error);

	if (err)
		return err;
	query_int(query, 1, result->row);
	query_int(query, 2, attempt->started_at);
	query_int(query, 3, attempt->duration_ms);
	query_int(query, 4, attempt->status);
	query_text(query, 5, attempt->failure);
	query_blob(query, 6, response, strnlen(response, RESPONSE_KEPT_BYTES));
	return query_run(query, error);
}

static const char *state_after(enum delivery_outcome outcome)
{
	switch (outcome) {
	case OUTCOME_DELIVERED:
		return "delivered";
	case OUTCOME_RETRY:
		return "pending";
	case OUTCOME_DEAD:
	case OUTCOME_ENDPOINT_GONE:
		return "dead";
	}
	BUG("%u is no outcome", (unsigned)outcome);
}

static enum err settle_row(struct store *store, const char *owner, const struct delivery_result *result,
			   int64_t now, struct error *error)
{
	bool again = result->outcome == OUTCOME_RETRY;
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[LEASE_SETTLE], &query, error);

	if (err)
		return err;
	query_int(query, 1, result->row);
	query_text(query, 2, owner);
	query_text(query, 3, state_after(result->outcome));
	query_text(query, 4, result->outcome == OUTCOME_DELIVERED ? "" : result->note);
	query_time(query, 5, again ? time_plus(now, result->wait_ms) : TIME_NONE);
	query_time(query, 6, again ? TIME_NONE : now);
	query_time(query, 7, again ? now : TIME_NONE);
	return query_run(query, error);
}

static enum err endpoint_works(struct store *store, int64_t endpoint, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[LEASE_WORKS], &query, error);

	if (err)
		return err;
	query_int(query, 1, endpoint);
	return query_run(query, error);
}

/* Five days of failures alone switch an endpoint off; one that is off gets nothing more. */
static enum err endpoint_fails(struct store *store, int64_t endpoint, int64_t now, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct query *query = NULL;
	bool row = false, disabled = false;
	const char *reason = "";
	int64_t since = TIME_NONE;
	enum err err = db_query(store->db, &statements[LEASE_FAILS], &query, error);

	if (err)
		return err;
	query_int(query, 1, endpoint);
	query_int(query, 2, now);
	query_int(query, 3, FAILING_GAP_MS);
	err = query_run(query, error);
	if (!err)
		err = db_query(store->db, &statements[LEASE_ENDPOINT], &query, error);
	if (err)
		return err;
	query_int(query, 1, endpoint);
	err = query_next(query, &row, error);
	if (!err && row) {
		disabled = !row_is_null(query, 0);
		reason = row_text(query, 1, &arena);
		since = row_time(query, 2);
	}
	query_end(query);
	if (!err && disabled)
		err = outbox_unsend_pending(store, endpoint, reason, now, error);
	else if (!err && since != TIME_NONE && now - since >= FAILING_MAX_MS)
		err = store_endpoint_disable(store, endpoint, "it only failed for five days", now, error);
	arena_release(&arena);
	return err;
}

static enum err settle(struct store *store, const char *owner, const struct delivery_result *result, int64_t now,
		       struct error *error)
{
	enum err err = settle_row(store, owner, result, now, error);

	if (!err)
		err = record_attempt(store, result, error);
	if (err)
		return err;
	switch (result->outcome) {
	case OUTCOME_DELIVERED:
		return endpoint_works(store, result->endpoint, error);
	case OUTCOME_RETRY:
	case OUTCOME_DEAD:
		return endpoint_fails(store, result->endpoint, now, error);
	case OUTCOME_ENDPOINT_GONE:
		return store_endpoint_disable(store, result->endpoint, "the receiver answered 410 Gone", now,
					      error);
	}
	BUG("%u is no outcome", (unsigned)result->outcome);
}

enum err store_delivery_settle(struct store *store, const char *owner, const struct delivery_result *results,
			       size_t count, int64_t now, struct error *error)
{
	enum err err = ERR_OK;

	if (!count)
		return ERR_OK;
	err = store_begin(store, STORE_WRITE, error);
	if (err)
		return err;
	for (size_t i = 0; !err && i < count; i++)
		err = settle(store, owner, &results[i], now, error);
	if (err) {
		store_rollback(store);
		return err;
	}
	return store_commit(store, error);
}

static enum err next_due(struct store *store, int64_t now, int64_t *at, struct error *error)
{
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(store->db, &statements[LEASE_STEPPED], &query, error);

	*at = TIME_NONE;
	if (err)
		return err;
	query_int(query, 1, time_plus(now, LOCK_WAIT_MAX_MS));
	query_int(query, 2, time_plus(now, AHEAD_MAX_MS));
	err = query_next(query, &row, error);
	if (!err && row && row_int(query, 0))
		*at = now;
	query_end(query);
	if (err || *at != TIME_NONE)
		return err;
	err = db_query(store->db, &statements[LEASE_NEXT_DUE], &query, error);
	if (err)
		return err;
	err = query_next(query, &row, error);
	if (!err && row)
		*at = row_time(query, 0);
	query_end(query);
	return err;
}

enum err store_delivery_next_at(struct store *store, int64_t now, int64_t *at, struct error *error)
{
	struct query *query = NULL;
	struct boot_time boot;
	bool row = false;
	int64_t end = TIME_NONE;
	enum err err = next_due(store, now, at, error);

	if (!err)
		err = db_query(store->db, &statements[LEASE_NEXT_END], &query, error);
	if (err)
		return err;
	boot_read(store, &boot);
	boot_bind(query, 1, &boot);
	err = query_next(query, &row, error);
	if (!err && row)
		end = row_time(query, 0);
	query_end(query);
	if (!err && end != TIME_NONE) {
		end = time_plus(now, end - boot.now);
		if (*at == TIME_NONE || end < *at)
			*at = end;
	}
	return err;
}
