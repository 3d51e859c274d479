/* The worker's side of the outbox. One UPDATE under the write lock takes a lease, so no delivery has two holders. A
 * lease ends by itself, by a clock that cannot be set: the time since the machine started. take.c chooses the
 * deliveries. */
#include "outbox_rows.h"
#include "rows.h"
#include "columns.h"

/* A retry or the end of a grace time is at most this far in the future: a later time shows that the clock was set
 * back after the time was stored. */
#define DUE_AHEAD_MAX_MS (INT64_C(3) * 24 * 3600 * 1000)
/* Longest wait for the write lock. `now` is read before this wait, so times that another worker wrote meanwhile may
 * be later than `now` by this much. */
#define LOCK_WAIT_MAX_MS (INT64_C(60) * 1000)
#define RECLAIM_EVERY_MS 500

/* Condition: a lease has ended. Parameters: the id of this boot, the time since boot, and the latest possible end
 * of a lease. A lease of another boot has ended: only one machine uses the file of a store, so the holder of the
 * lease no longer runs (docs/decisions). */
#define LEASE_HAS_ENDED(boot, now, lease_end_max)                                                                      \
	"(lease_boot <> " boot " OR lease_boot_ms IS NULL OR lease_boot_ms <= " now                                    \
	" OR lease_boot_ms > " lease_end_max ")"
/* Condition: a worker has no valid heartbeat. LEASE_HAS_ENDED() describes the parameters. */
#define WORKER_IS_DEAD(boot, now, lease_end_max)                                                                       \
	"(boot <> " boot " OR until_ms <= " now " OR until_ms > " lease_end_max ")"
/* Two results: whether a delivery is due, and whether leases, times, workers or endpoints must be corrected before
 * deliveries are leased. */
STATEMENT(sql_any, "lease.any",
	  "SELECT EXISTS (SELECT 1 FROM delivery {by delivery_due} WHERE state IN ('pending', 'leased') AND state "
	  "= 'pending' AND next_at <= $1), EXISTS (SELECT 1 FROM delivery {by delivery_due} WHERE state IN "
	  "('pending', 'leased') AND state = 'pending' AND next_at > $3) OR EXISTS (SELECT 1 FROM delivery {by "
	  "delivery_set} WHERE state = 'pending' AND set_at > $2) OR EXISTS (SELECT 1 FROM endpoint WHERE "
	  "disabled_at IS NOT NULL AND EXISTS (SELECT 1 FROM delivery AS d WHERE d.endpoint_id = endpoint.id AND "
	  "d.state = 'pending')) OR EXISTS (SELECT 1 FROM worker WHERE " WORKER_IS_DEAD(
		  "$4", "$5",
		  "$6") ") OR EXISTS (SELECT 1 FROM delivery WHERE state = 'leased' AND " LEASE_HAS_ENDED("$4", "$5",
													  "$6") ")");
/* Keeps lease_owner: until another worker takes the delivery, a response that the former holder received
 * still counts. */
STATEMENT(sql_reclaim, "lease.reclaim",
	  "UPDATE delivery SET state = 'pending', lease_boot = '', lease_boot_ms = NULL, lease_until = NULL WHERE "
	  "state = 'leased' AND " LEASE_HAS_ENDED("$1", "$2", "$3") " RETURNING id");
/* Corrects deliveries with set_at in the future, because the clock was set back: they wait for their original
 * delay, from now. */
STATEMENT(sql_step_back, "lease.step_back",
	  "UPDATE delivery SET next_at = $1 + (next_at - set_at), set_at = $1 WHERE state = 'pending' AND set_at > "
	  "$2");
STATEMENT(sql_limit_ahead, "lease.bring_near",
	  "UPDATE delivery SET next_at = $1, set_at = $1 WHERE state IN ('pending', 'leased') AND state = "
	  "'pending' AND next_at > $2");
/* Finds disabled endpoints that still have pending deliveries: a worker disabled the endpoint and died before it
 * set the deliveries to unsent. */
STATEMENT(sql_orphans, "lease.orphans",
	  "SELECT id, disabled_reason FROM endpoint WHERE disabled_at IS NOT NULL AND EXISTS (SELECT 1 FROM "
	  "delivery AS d WHERE d.endpoint_id = endpoint.id AND d.state = 'pending')");
STATEMENT(sql_alive, "lease.alive", "SELECT 1 FROM worker WHERE owner = $4 AND NOT " WORKER_IS_DEAD("$1", "$2", "$3"));
STATEMENT(sql_beat, "lease.beat",
	  "INSERT INTO worker (owner, boot, until_ms) VALUES ($1, $2, $3) ON CONFLICT (owner) DO UPDATE SET boot = "
	  "excluded.boot, until_ms = excluded.until_ms");
/* Extends the time of a worker only if the worker does not count as dead: another worker may have leased a dead
 * worker's deliveries already. */
STATEMENT(sql_live_on, "lease.live_on",
	  "UPDATE worker SET until_ms = $5 WHERE owner = $4 AND NOT " WORKER_IS_DEAD("$1", "$2",
										     "$3") " RETURNING owner");
STATEMENT(sql_until, "lease.until", "SELECT until_ms FROM worker WHERE owner = $1 AND boot = $2");
STATEMENT(sql_silent, "lease.silent", "SELECT owner FROM worker WHERE " WORKER_IS_DEAD("$1", "$2", "$3"));
STATEMENT(sql_renew, "lease.heard", "UPDATE worker SET until_ms = $3 WHERE owner = $1 AND boot = $2");
STATEMENT(sql_reclaim_dead, "lease.reclaim_dead",
	  "UPDATE delivery SET state = 'pending', lease_boot = '', lease_boot_ms = NULL, lease_until = NULL WHERE "
	  "state = 'leased' AND NOT EXISTS (SELECT 1 FROM worker AS w WHERE w.owner = lease_owner) RETURNING id");
STATEMENT(sql_bury, "lease.bury", "DELETE FROM worker WHERE " WORKER_IS_DEAD("$1", "$2", "$3"));
STATEMENT(sql_release, "lease.release",
	  "UPDATE delivery SET state = 'pending', lease_owner = '', lease_boot = '', lease_boot_ms = NULL, "
	  "lease_until = NULL WHERE state = 'leased' AND lease_owner = $1");
STATEMENT(sql_leave, "lease.leave", "DELETE FROM worker WHERE owner = $1");
/* $2: the due time up to which deliveries were scanned. Earlier deliveries are included only if their endpoint must
 * wait at the time $1 (it is held back, or its rate is used up). */
STATEMENT(sql_next_due, "lease.next_due",
	  "SELECT min({most first_at, gate}) FROM (SELECT gate, (SELECT min(d.next_at) FROM delivery AS d WHERE "
	  "d.endpoint_id = gated.id AND d.state = 'pending' AND d.next_at > CASE WHEN gate > $1 THEN CAST($3 AS "
	  "bigint) ELSE CAST($2 AS bigint) END) AS first_at FROM (SELECT id, CASE WHEN disabled_at IS NULL THEN "
	  "{most " HELD_UNTIL ", " PACED_UNTIL
	  "} ELSE 0 END AS gate FROM endpoint WHERE disabled_at IS NOT NULL OR " IN_FLIGHT " < " AT_ONCE
	  ") AS gated) AS queue");
STATEMENT(sql_next_end, "lease.next_end",
	  "SELECT min(CASE WHEN " LEASE_HAS_ENDED(
		  "$1", "$2", "$3") " THEN $2 ELSE lease_boot_ms END) FROM (SELECT lease_boot, {least lease_boot_ms, "
				    "coalesce((SELECT w.until_ms FROM worker AS w WHERE w.owner = lease_owner), "
				    "lease_boot_ms)} AS lease_boot_ms FROM delivery WHERE state = 'leased') AS lease");
STATEMENT(sql_dead, "lease.dead", "SELECT EXISTS (SELECT 1 FROM worker WHERE " WORKER_IS_DEAD("$1", "$2", "$3") ")");
STATEMENT(sql_stepped, "lease.stepped",
	  "SELECT EXISTS (SELECT 1 FROM delivery {by delivery_set} WHERE state = 'pending' AND set_at > $1) OR "
	  "EXISTS (SELECT 1 FROM delivery {by delivery_due} WHERE state IN ('pending', 'leased') AND state = "
	  "'pending' AND next_at > $2)");

enum err boot_time_read(const struct store *store, struct boot_time *out, struct error *error)
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
	out->lease_end_max = time_plus_span(out->clock.now, LEASE_MAX_MS);
	return err;
}

static enum err detect_due_delivery(struct store *store, int64_t now, bool *due, bool *more, struct error *error)
{
	struct query *query = NULL;
	struct boot_time boot;
	enum err err = boot_time_read(store, &boot, error);

	*due = *more = false;
	if (!err)
		err = db_select(store->db, &sql_any,
				PARAMS(db_int(now), db_int(time_plus_span(now, LOCK_WAIT_MAX_MS)),
				       db_int(time_plus_span(now, DUE_AHEAD_MAX_MS)), BOOT_PARAMS(&boot)),
				&query, error);

	if (query_fetch_row(&query, &err, error)) {
		*due = row_int(query, 0) != 0;
		*more = row_int(query, 1) != 0;
	}
	query_end(query);
	return err;
}

/* Runs a statement; sets *any to true if it returned a row. */
static enum err run_and_check_changed(struct store *store, const struct sql *sql, const struct db_params *params,
				      bool *any, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, sql, params, &query, error);

	while (query_fetch_row(&query, &err, error))
		*any = true;
	return err;
}

/* Reclaims deliveries with an expired lease or a dead holder. Dead workers are removed first: a worker that writes
 * its heartbeat at this moment (STORE_WRITE_CONCURRENT) is not removed, or waits for the removal and detects it. */
static enum err reclaim_leases(struct store *store, const struct boot_time *boot, bool *any, struct error *error)
{
	enum err err = run_and_check_changed(store, &sql_reclaim, PARAMS(BOOT_PARAMS(boot)), any, error);

	if (!err)
		err = db_run(store->db, &sql_bury, PARAMS(BOOT_PARAMS(boot)), error);
	return err ? err : run_and_check_changed(store, &sql_reclaim_dead, NULL, any, error);
}

/* Call under the lock. Records the published heartbeats of workers that cannot write their rows, because they wait
 * for this lock. The boot time was read before this call, so a heartbeat published in time counts. */
static enum err read_heartbeats(struct store *store, const struct boot_time *boot, struct error *error)
{
	const struct db_driver *driver = store->db->driver;
	struct arena arena = ARENA_INIT;
	const char **owners = NULL;
	size_t count = 0;

	if (!driver->heartbeat_until)
		return ERR_OK;
	enum err err = text_list_load(&(struct column_query){ store, &sql_silent, &arena }, PARAMS(BOOT_PARAMS(boot)),
				      &owners, &count, error);
	for (size_t i = 0; !err && i < count; i++) {
		int64_t until_ms = driver->heartbeat_until(store->db, owners[i]);

		if (until_ms > boot->clock.now && until_ms <= boot->lease_end_max)
			err = db_run(store->db, &sql_renew,
				     PARAMS(db_text(owners[i]), db_text(boot->clock.id), db_int(until_ms)), error);
	}
	arena_release(&arena);
	return err;
}

/* The time until which the worker `owner` counts as alive; 0: the worker was removed. */
static enum err read_expiry(struct store *store, const char *owner, const struct boot_time *boot, int64_t *until_ms,
			    struct error *error)
{
	struct query *query = NULL;
	*until_ms = 0;
	enum err err = db_select(store->db, &sql_until, PARAMS(db_text(owner), db_text(boot->clock.id)), &query, error);

	if (query_fetch_row(&query, &err, error)) {
		int64_t sign_ms = store->db->driver->heartbeat_until(store->db, owner);

		*until_ms = row_int(query, 0);
		*until_ms = sign_ms > *until_ms ? sign_ms : *until_ms;
	}
	query_end(query);
	return err;
}

/* Writes the heartbeat, then reads the time again: the heartbeat counts only if it was written before the last
 * heartbeat expired, since other workers read first the time, then the heartbeat. */
static enum err write_heartbeat(struct store *store, const char *owner, int64_t alive_timeout_ms, bool *alive,
				bool *shown, struct error *error)
{
	const struct db_driver *driver = store->db->driver;
	struct boot_time boot;
	int64_t until_ms = 0;
	enum err err = boot_time_read(store, &boot, error);

	if (!err)
		err = read_expiry(store, owner, &boot, &until_ms, error);
	*shown = err || boot.clock.now >= until_ms ||
		 driver->set_heartbeat(store->db, owner, time_plus_span(boot.clock.now, alive_timeout_ms));
	if (err || boot.clock.now >= until_ms || !*shown)
		return err;
	err = boot_time_read(store, &boot, error);
	*alive = !err && boot.clock.now < until_ms;
	if (!*alive)
		(void)driver->set_heartbeat(store->db, owner, 0);
	return err;
}

enum err store_delivery_heartbeat(struct store *store, const char *owner, int64_t alive_timeout_ms, bool *alive,
				  struct error *error)
{
	struct boot_time boot;
	bool shown = false;
	enum err err = ERR_OK;

	*alive = false;
	if (store->db->driver->set_heartbeat)
		err = write_heartbeat(store, owner, alive_timeout_ms, alive, &shown, error);
	if (err || shown)
		return err;
	err = store_begin(store, STORE_WRITE_CONCURRENT, error);
	if (err)
		return err;
	err = boot_time_read(store, &boot, error);
	if (!err)
		err = db_has_row(store->db, &sql_live_on,
				 PARAMS(BOOT_PARAMS(&boot), db_text(owner),
					db_int(time_plus_span(boot.clock.now, alive_timeout_ms))),
				 alive, error);
	return store_commit_or_rollback(store, err, error);
}

enum err store_delivery_release(struct store *store, const char *owner, struct error *error)
{
	enum err err = store_begin(store, STORE_WRITE, error);

	if (err)
		return err;
	err = db_run(store->db, &sql_release, PARAMS(db_text(owner)), error);
	if (!err)
		err = db_run(store->db, &sql_leave, PARAMS(db_text(owner)), error);
	return store_commit_or_rollback(store, err, error);
}

static enum err mark_orphans_unsent(struct store *store, struct arena *arena, int64_t now, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &sql_orphans, &query, error);

	while (query_fetch_row(&query, &err, error))
		err = outbox_mark_unsent(store, row_int(query, 0), row_text(query, 1, arena), now, error);
	return err;
}

static enum err lease(struct lease_run *lease_run, struct error *error)
{
	struct store *store = lease_run->store;
	const struct delivery_lease *wanted = lease_run->wanted;
	struct delivery_scan *scan = wanted->scan;
	bool any = false;
	enum err err = ERR_OK;

	/* reclaim_leases() reads all leased deliveries, so calls that settle results run it less often. */
	if (!lease_run->settled.count || lease_run->boot.clock.now - scan->last_reclaim_ms >= RECLAIM_EVERY_MS) {
		err = reclaim_leases(store, &lease_run->boot, &any, error);
		scan->last_reclaim_ms = lease_run->boot.clock.now;
	}
	/* If deliveries were reclaimed, restarts the scan, because the scan may have passed these deliveries. */
	scan->generation += any;
	if (!err)
		err = db_run(store->db, &sql_beat,
			     PARAMS(db_text(wanted->owner), db_text(lease_run->boot.clock.id),
				    db_int(time_plus_span(lease_run->boot.clock.now, wanted->alive_timeout_ms
											     ? wanted->alive_timeout_ms
											     : wanted->lease_ms))),
			     error);
	if (!err)
		err = db_run(store->db, &sql_step_back,
			     PARAMS(db_int(wanted->now), db_int(time_plus_span(wanted->now, LOCK_WAIT_MAX_MS))), error);
	if (!err)
		err = db_run(store->db, &sql_limit_ahead,
			     PARAMS(db_int(wanted->now), db_int(time_plus_span(wanted->now, DUE_AHEAD_MAX_MS))), error);
	if (!err)
		err = mark_orphans_unsent(store, lease_run->arena, wanted->now, error);
	return err ? err : outbox_lease_deliveries(lease_run, error);
}

/* Call under the lock. The worker may have expired while it waited for the lock: then another worker may have
 * leased deliveries that the caller is still sending. */
static enum err lease_if_worker_alive(struct lease_run *lease_run, struct delivery_lease *wanted, struct error *error)
{
	bool alive = true;
	enum err err;

	if (wanted->lease_ms > LEASE_MAX_MS)
		BUG("a lease of %lld ms is longer than the maximum", (long long)wanted->lease_ms);
	wanted->leased_at_ms = world_boottime_ms(lease_run->store->world);
	err = boot_time_read(lease_run->store, &lease_run->boot, error);
	if (!err)
		err = read_heartbeats(lease_run->store, &lease_run->boot, error);
	if (!err && wanted->has_leases)
		err = db_has_row(lease_run->store->db, &sql_alive,
				 PARAMS(BOOT_PARAMS(&lease_run->boot), db_text(wanted->owner)), &alive, error);
	wanted->is_lease_lost = !err && !alive;
	if (!err && alive)
		err = lease(lease_run, error);
	return err;
}

/* Checks without the write lock whether anything can be leased: most calls find nothing, or only deliveries that
 * wait for an earlier delivery of their session. */
static enum err detect_leasable(struct store *store, struct arena *arena, struct delivery_lease *wanted, bool *any,
				struct error *error)
{
	struct lease_run lease_run = { .store = store, .arena = arena, .wanted = wanted, .leased_ids = STRBUF_INIT };
	bool due;
	enum err err = store_begin(store, STORE_READ, error);

	if (err)
		return err;
	err = detect_due_delivery(store, wanted->now, &due, any, error);
	if (!err && due && !*any)
		err = outbox_find_leasable(&lease_run, any, error);
	store_rollback(store);
	return err;
}

enum err store_delivery_settle_and_lease(struct store *store, struct arena *arena, struct settlement_and_lease *trade,
					 struct error *error)
{
	struct delivery_lease *wanted = &trade->lease;
	struct lease_run lease_run = { .store = store,
				       .arena = arena,
				       .wanted = wanted,
				       .settled = { trade->results, trade->count },
				       .leased_ids = STRBUF_INIT };
	bool any = trade->count > 0;
	enum err err = ERR_OK;

	wanted->jobs = NULL;
	wanted->count = 0;
	wanted->is_lease_lost = wanted->may_have_more = false;
	if (!any && wanted->scan)
		err = detect_leasable(store, arena, wanted, &any, error);
	if (!err && any)
		err = store_begin(store, STORE_WRITE, error);
	if (err || !any)
		return err;
	err = settle_all_results(store, wanted->owner, trade, wanted->now, error);
	if (!err && wanted->scan)
		err = lease_if_worker_alive(&lease_run, wanted, error);
	err = store_commit_or_rollback(store, err, error);
	/* After a failure the next scan restarts, because this scan has passed deliveries that were not leased. */
	if (wanted->scan)
		wanted->scan->generation += err != ERR_OK || wanted->is_lease_lost;
	if (err)
		wanted->count = 0;
	return err;
}

static enum err next_due(struct store *store, int64_t now, int64_t scanned, int64_t *at, struct error *error)
{
	int64_t stepped = 0;
	enum err err = db_get_int(
		store->db, &sql_stepped,
		PARAMS(db_int(time_plus_span(now, LOCK_WAIT_MAX_MS)), db_int(time_plus_span(now, DUE_AHEAD_MAX_MS))),
		&stepped, error);

	*at = now;
	if (err || stepped)
		return err;
	return db_get_time(store->db, &sql_next_due, PARAMS(db_int(now), db_int(scanned), db_int(INT64_MIN)), at,
			   error);
}

enum err store_delivery_next_due(struct store *store, int64_t now, int64_t scanned, int64_t *at, struct error *error)
{
	struct boot_time boot;
	int64_t end = TIME_NONE;
	enum err err = next_due(store, now, scanned, at, error);

	if (!err)
		err = boot_time_read(store, &boot, error);
	if (!err)
		err = db_get_time(store->db, &sql_next_end, PARAMS(BOOT_PARAMS(&boot)), &end, error);
	if (!err && end != TIME_NONE) {
		end = time_plus_span(now, end - boot.clock.now);
		if (*at == TIME_NONE || end < *at)
			*at = end;
	}
	return err;
}

enum err store_delivery_remove_dead_workers(struct store *store, struct error *error)
{
	struct boot_time boot;
	int64_t dead = 0;
	bool any = false;
	enum err err = boot_time_read(store, &boot, error);

	/* Dead workers are rare, so they are counted without the write lock first. */
	if (!err)
		err = db_get_int(store->db, &sql_dead, PARAMS(BOOT_PARAMS(&boot)), &dead, error);
	if (err || !dead)
		return err;
	err = store_begin(store, STORE_WRITE, error);
	if (err)
		return err;
	err = boot_time_read(store, &boot, error);
	if (!err)
		err = read_heartbeats(store, &boot, error);
	if (!err)
		err = reclaim_leases(store, &boot, &any, error);
	return store_commit_or_rollback(store, err, error);
}
