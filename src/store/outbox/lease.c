/*
 * The worker's side of the outbox. A lease is taken by one UPDATE under the write
 * lock, so no delivery has two holders; it ends by itself, by the clock that nobody
 * can set: so long since the machine started. Each endpoint gets its share of a
 * call, so that a full queue of one delays nobody else.
 */
#include "outbox_rows.h"
#include "statements.h"
#include "kybdesk/domain/endpoint.h"

#include <stdlib.h>
#include <string.h>

/* No retry and no grace time lies further ahead: the clock was stepped back. */
#define AHEAD_MAX_MS (INT64_C(3) * 24 * 3600 * 1000)
/* `now` is read before the wait for the write lock: what another worker wrote meanwhile lies that much ahead of it. */
#define LOCK_WAIT_MAX_MS (INT64_C(60) * 1000)
/* The rate of an endpoint may be used up in one go for a second, and by one delivery always. */
#define BURST_MS 1000
#define MINUTE_MS 60000

enum {
	LEASE_ANY,
	LEASE_RECLAIM,
	LEASE_STEP_BACK,
	LEASE_BRING_NEAR,
	LEASE_ORPHANS,
	LEASE_ENDPOINTS,
	LEASE_TAKE,
	LEASE_JOB,
	LEASE_PACE,
	LEASE_ALIVE,
	LEASE_BEAT,
	LEASE_LIVE_ON,
	LEASE_RECLAIM_DEAD,
	LEASE_BURY,
	LEASE_GIVE_BACK,
	LEASE_LEAVE,
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
/* A worker that says no more that it lives. */
#define DEAD(boot, now, furthest) "(boot <> " boot " OR until_ms <= " now " OR until_ms > " furthest ")"
/* Of an endpoint: how many may be on their way at once; and when the next may go by its rate and its failures. Times that
 * lie further ahead than was ever meant are of another clock. $1 is now. */
#define AT_ONCE "(CASE WHEN failures >= " BREAKER_AT " THEN 1 WHEN at_once > 0 THEN at_once ELSE 1000000 END)"
#define UNDER_WAY "(SELECT count(*) FROM delivery AS l WHERE l.endpoint_id = endpoint.id AND l.state = 'leased')"
#define FIRST_AT                                                                                                   \
	"(SELECT min(d.next_at) FROM delivery AS d WHERE d.endpoint_id = endpoint.id AND d.state = 'pending')"
#define HELD_UNTIL                                                                                                 \
	"(CASE WHEN failures >= " BREAKER_AT " AND held_until <= $1 + " BREAKER_MAX_MS                             \
	" THEN held_until ELSE 0 END)"
#define PACED_UNTIL                                                                                                \
	"(CASE WHEN per_minute > 0 AND pace_at <= $1 + 120000 THEN "                                               \
	"pace_at - {most 1000, 60000 / per_minute} + 60000 / per_minute ELSE 0 END)"
static const struct sql statements[] = {
	[LEASE_ANY] = { "lease.any",
			"SELECT EXISTS (SELECT 1 FROM delivery {by delivery_due} WHERE "
			"state IN ('pending', 'leased') AND state = 'pending' AND next_at <= $1) OR "
			"EXISTS (SELECT 1 FROM delivery {by delivery_due} WHERE "
			"state IN ('pending', 'leased') AND state = 'pending' AND next_at > $3) OR "
			"EXISTS (SELECT 1 FROM delivery {by delivery_set} WHERE "
			"state = 'pending' AND set_at > $2) OR "
			"EXISTS (SELECT 1 FROM worker WHERE " DEAD(
				"$4", "$5", "$6") ") OR "
						  "EXISTS (SELECT 1 FROM delivery WHERE state = 'leased' AND " OVER(
							  "$4", "$5", "$6") ")" },
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
	[LEASE_ENDPOINTS] = { "lease.endpoints", "SELECT id, " AT_ONCE " - " UNDER_WAY ", " FIRST_AT
						 " AS first_at, " UNDER_WAY ", per_minute, pace_at FROM endpoint "
						 "WHERE disabled_at IS NULL AND " FIRST_AT " <= $1 AND " HELD_UNTIL
						 " <= $1 AND " PACED_UNTIL " <= $1" },
	[LEASE_PACE] = { "lease.pace", "UPDATE endpoint SET pace_at = $2 WHERE id = $1" },
	[LEASE_TAKE] = { "lease.take",
			 "UPDATE delivery SET state = 'leased', lease_owner = $1, lease_until = $2, "
			 "lease_boot = $6, lease_boot_ms = $7 WHERE {among id, "
			 "(SELECT d.id FROM delivery AS d WHERE d.endpoint_id = $3 AND d.state = 'pending' AND "
			 "d.next_at <= $4 AND " NOTHING_EARLIER " ORDER BY d.next_at, d.id LIMIT $5)} "
			 "AND state = 'pending' RETURNING id" },
	[LEASE_JOB] = { "lease.job",
			"SELECT d.endpoint_id, d.session_id, d.attempts, ev.uuid, e.url, e.secret, "
			"CASE WHEN e.old_secret_until > $2 THEN e.old_secret ELSE '' END, ev.body, d.created_at, "
			"ev.link_mark, s.uuid, ev.type "
			"FROM delivery AS d {then} outbox_event AS ev ON ev.id = d.event_id "
			"{then} endpoint AS e ON e.id = d.endpoint_id "
			"LEFT JOIN session AS s ON s.id = d.session_id WHERE d.id = $1" },
	[LEASE_ALIVE] = { "lease.alive", "SELECT 1 FROM worker WHERE owner = $4 AND NOT " DEAD("$1", "$2", "$3") },
	[LEASE_BEAT] = { "lease.beat",
			 "INSERT INTO worker (owner, boot, until_ms) VALUES ($1, $2, $3) ON CONFLICT (owner) DO "
			 "UPDATE SET boot = excluded.boot, until_ms = excluded.until_ms" },
	/* Only who is not taken for dead lives on: what it held may be another's. */
	[LEASE_LIVE_ON] = { "lease.live_on", "UPDATE worker SET until_ms = $5 WHERE owner = $4 AND NOT " DEAD(
						     "$1", "$2", "$3") " RETURNING owner" },
	[LEASE_RECLAIM_DEAD] = { "lease.reclaim_dead",
				 "UPDATE delivery SET state = 'pending', lease_boot = '', lease_boot_ms = NULL, "
				 "lease_until = NULL WHERE state = 'leased' AND lease_owner IN "
				 "(SELECT owner FROM worker WHERE " DEAD("$1", "$2", "$3") ")" },
	[LEASE_BURY] = { "lease.bury", "DELETE FROM worker WHERE " DEAD("$1", "$2", "$3") },
	[LEASE_GIVE_BACK] = { "lease.give_back",
			      "UPDATE delivery SET state = 'pending', lease_owner = '', lease_boot = '', "
			      "lease_boot_ms = NULL, lease_until = NULL WHERE state = 'leased' AND "
			      "lease_owner = $1" },
	[LEASE_LEAVE] = { "lease.leave", "DELETE FROM worker WHERE owner = $1" },
	[LEASE_NEXT_DUE] = { "lease.next_due",
			     "SELECT min({most first_at, gate}) FROM (SELECT (SELECT d.next_at FROM delivery AS d "
			     "WHERE d.endpoint_id = endpoint.id AND d.state = 'pending' AND " NOTHING_EARLIER
			     " ORDER BY d.next_at, d.id LIMIT 1) AS first_at, CASE WHEN disabled_at IS NULL THEN "
			     "{most " HELD_UNTIL ", " PACED_UNTIL "} ELSE 0 END AS gate FROM endpoint WHERE "
			     "disabled_at IS NOT NULL OR " UNDER_WAY " < " AT_ONCE ") AS queue" },
	[LEASE_NEXT_END] = { "lease.next_end",
			     "SELECT min(CASE WHEN " OVER("$1", "$2",
							  "$3") " THEN $2 ELSE lease_boot_ms END) "
								"FROM (SELECT lease_boot, {least lease_boot_ms, "
								"coalesce((SELECT w.until_ms FROM "
								"worker AS w WHERE w.owner = lease_owner), "
								"lease_boot_ms)} AS lease_boot_ms "
								"FROM delivery WHERE state = 'leased') AS lease" },
	[LEASE_STEPPED] = { "lease.stepped", "SELECT EXISTS (SELECT 1 FROM delivery {by delivery_set} WHERE "
					     "state = 'pending' AND set_at > $1) OR "
					     "EXISTS (SELECT 1 FROM delivery {by delivery_due} WHERE "
					     "state IN ('pending', 'leased') AND state = 'pending' AND "
					     "next_at > $2)" },
};
const struct sql_list lease_sql = SQL_LIST(statements);

enum err boot_read(const struct store *store, struct boot_time *out, struct error *error)
{
	const struct db_driver *driver = store->db->driver;
	enum err err = ERR_OK;

	*out = (struct boot_time){ 0 };
	if (driver->clock) {
		err = driver->clock(store->db, &out->clock, error);
	} else {
		world_boot_id(store->world, out->clock.id);
		out->clock.now = world_boottime_ms(store->world);
	}
	out->furthest = time_plus(out->clock.now, LEASE_MAX_MS);
	return err;
}

void boot_bind(struct query *query, int at, const struct boot_time *boot)
{
	query_text(query, at, boot->clock.id);
	query_int(query, at + 1, boot->clock.now);
	query_int(query, at + 2, boot->furthest);
}

static enum err anything_to_do(struct store *store, int64_t now, bool *any, struct error *error)
{
	struct query *query = NULL;
	struct boot_time boot;
	bool row = false;
	enum err err = boot_read(store, &boot, error);

	*any = false;
	if (!err)
		err = db_query(store->db, &statements[LEASE_ANY], &query, error);
	if (err)
		return err;
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

static enum err run_with_boot(struct store *store, int statement, const struct boot_time *boot, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[statement], &query, error);

	if (err)
		return err;
	boot_bind(query, 1, boot);
	return query_run(query, error);
}

/* What nobody holds any more: the lease is over, or its holder is dead. */
static enum err reclaim(struct store *store, const struct boot_time *boot, struct error *error)
{
	enum err err = run_with_boot(store, LEASE_RECLAIM, boot, error);

	if (!err)
		err = run_with_boot(store, LEASE_RECLAIM_DEAD, boot, error);
	return err ? err : run_with_boot(store, LEASE_BURY, boot, error);
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

static enum err is_alive(struct store *store, const char *owner, const struct boot_time *boot, bool *alive,
			 struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[LEASE_ALIVE], &query, error);

	*alive = false;
	if (err)
		return err;
	boot_bind(query, 1, boot);
	query_text(query, 4, owner);
	err = query_next(query, alive, error);
	query_end(query);
	return err;
}

static enum err beat(struct store *store, const struct delivery_lease *wanted, const struct boot_time *boot,
		     struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[LEASE_BEAT], &query, error);

	if (err)
		return err;
	query_text(query, 1, wanted->owner);
	query_text(query, 2, boot->clock.id);
	query_int(query, 3, time_plus(boot->clock.now, wanted->beat_ms ? wanted->beat_ms : wanted->lease_ms));
	return query_run(query, error);
}

enum err store_delivery_beat(struct store *store, const char *owner, int64_t beat_ms, bool *alive,
			     struct error *error)
{
	struct query *query = NULL;
	struct boot_time boot;
	enum err err = store_begin(store, STORE_WRITE, error);

	*alive = false;
	if (err)
		return err;
	err = boot_read(store, &boot, error);
	if (!err)
		err = db_query(store->db, &statements[LEASE_LIVE_ON], &query, error);
	if (!err) {
		boot_bind(query, 1, &boot);
		query_text(query, 4, owner);
		query_int(query, 5, time_plus(boot.clock.now, beat_ms));
		err = query_next(query, alive, error);
		query_end(query);
	}
	if (err) {
		store_rollback(store);
		return err;
	}
	return store_commit(store, error);
}

static enum err run_of_owner(struct store *store, int statement, const char *owner, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[statement], &query, error);

	if (err)
		return err;
	query_text(query, 1, owner);
	return query_run(query, error);
}

enum err store_delivery_give_back(struct store *store, const char *owner, struct error *error)
{
	enum err err = store_begin(store, STORE_WRITE, error);

	if (err)
		return err;
	err = run_of_owner(store, LEASE_GIVE_BACK, owner, error);
	if (!err)
		err = run_of_owner(store, LEASE_LEAVE, owner, error);
	if (err) {
		store_rollback(store);
		return err;
	}
	return store_commit(store, error);
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
	/* Of its rate; interval_ms 0: it has none. */
	int64_t interval_ms, pace_at, paced;
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

/* How many its rate lets go now: those of the time since, and of one second in advance. */
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
	enum err err = db_query(take->store->db, &statements[LEASE_ENDPOINTS], &query, error);

	*out = (struct queues){ 0 };
	if (err)
		return err;
	query_int(query, 1, take->wanted->now);
	while (!(err = query_next(query, &row, error)) && row) {
		struct queue queue = { .endpoint = row_int(query, 0), .first_at = row_int(query, 2) };
		int64_t room = (int64_t)per_endpoint - row_int(query, 3), own = row_int(query, 1);

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
	query_text(query, 6, take->boot.clock.id);
	query_int(query, 7, time_plus(take->boot.clock.now, take->wanted->lease_ms));
	while (!(err = query_next(query, &row, error)) && row) {
		*ARENA_PUSH(take->arena, take->rows, take->count, take->capacity) = row_int(query, 0);
		queue->room--;
		queue->pace_at += queue->interval_ms;
	}
	query_end(query);
	if (!err && queue->interval_ms)
		err = run_with_times(take->store, LEASE_PACE, queue->endpoint, queue->pace_at, error);
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
		out->once = !strcmp(row_text(query, 11, arena), ENDPOINT_TEST_EVENT);
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
		err = beat(store, wanted, &take->boot, error);
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

/* Under the lock. The wait for it counts, too: somebody may hold by now what the caller is still sending. */
static enum err lease_if_alive(struct take *take, struct delivery_lease *wanted, struct error *error)
{
	bool alive = true;
	enum err err;

	if (wanted->lease_ms > LEASE_MAX_MS)
		BUG("a lease of %lld ms would look like one of another clock", (long long)wanted->lease_ms);
	wanted->leased_ms = world_boottime_ms(take->store->world);
	err = boot_read(take->store, &take->boot, error);
	if (!err && wanted->holding)
		err = is_alive(take->store, wanted->owner, &take->boot, &alive, error);
	wanted->lapsed = !err && !alive;
	if (!err && alive)
		err = lease(take, &wanted->jobs, error);
	return err;
}

enum err store_delivery_trade(struct store *store, struct arena *arena, struct delivery_trade *trade,
			      struct error *error)
{
	struct delivery_lease *wanted = &trade->lease;
	struct take take = { .store = store, .arena = arena, .wanted = wanted };
	enum err err = store_begin(store, STORE_WRITE, error);

	wanted->jobs = NULL;
	wanted->count = 0;
	wanted->lapsed = false;
	if (err)
		return err;
	err = settle_all(store, wanted->owner, trade, wanted->now, error);
	if (!err)
		err = lease_if_alive(&take, wanted, error);
	if (err)
		store_rollback(store);
	else
		err = store_commit(store, error);
	wanted->count = err ? 0 : take.count;
	return err;
}

enum err store_delivery_lease(struct store *store, struct arena *arena, struct delivery_lease *wanted,
			      struct error *error)
{
	struct delivery_trade trade = { .lease = *wanted };
	/* A look without the write lock first: most calls find nothing. */
	bool any;
	enum err err = anything_to_do(store, wanted->now, &any, error);

	wanted->jobs = NULL;
	wanted->count = 0;
	wanted->lapsed = false;
	if (err || !any)
		return err;
	err = store_delivery_trade(store, arena, &trade, error);
	*wanted = trade.lease;
	return err;
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
	query_int(query, 1, now);
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
		err = boot_read(store, &boot, error);
	if (!err)
		err = db_query(store->db, &statements[LEASE_NEXT_END], &query, error);
	if (err)
		return err;
	boot_bind(query, 1, &boot);
	err = query_next(query, &row, error);
	if (!err && row)
		end = row_time(query, 0);
	query_end(query);
	if (!err && end != TIME_NONE) {
		end = time_plus(now, end - boot.clock.now);
		if (*at == TIME_NONE || end < *at)
			*at = end;
	}
	return err;
}
