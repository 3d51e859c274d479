#include "kybdesk/webhook/deliver.h"
#include "settler.h"
#include "pool.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define CONCURRENCY_DEFAULT 64
/* Maximum number of active transfers: max_concurrency transfers, and further transfers that wait for slow receivers. */
#define ACTIVE_MAX 512
/* Maximum number of leases that a worker holds, independent of max_concurrency. Fewer leases could make the network
 * wait for the store's next commit; more leases could let a receiver that does not respond block other deliveries. */
#define LEASES_MAX 3072
#define LEASES_PER_ENDPOINT_MAX 384
/* A batch of this many results is settled without a wait for more results. Its commit, which also takes new leases,
 * holds the store's lock for some milliseconds. */
#define SETTLE_MAX 256
#define SETTLE_MIN 32
#define SLOW_MS 1000
/* Time after the start of a lease within which its transfer must start, so that the transfer ends within the lease. */
#define START_WITHIN_MS 25000
#define LEASE_MS (START_WITHIN_MS + TRANSFER_TIMEOUT_MS + 5000)
#define SETTLE_AFTER_MS 10
#define CHECK_EVERY_MS 1000
#define NEXT_DUE_READ_EVERY_MS 100
#define STORE_PAUSE_MS 1000
#define ON_TICK_EVERY_MS (30 * 1000)
/* Longest wait for the store's lock: short, so that the wait ends before the worker counts as dead. */
#define STORE_WAIT_MS 2000
#define STORE_TRIES 10
#define SHUT_DOWN_TRIES 3
#define STOP_GRACE_MS 2000
#define CONNECT_TIMEOUT_MS 15000
/* A worker without a heartbeat for this time counts as dead. A live worker sends three heartbeats within this time.
 * A worker without a successful heartbeat stops delivering well before this time is over (docs/decisions/0027). */
#define WORKER_DEAD_AFTER_MS 10000
#define HEARTBEAT_EVERY_MS 3000
#define HEARTBEAT_LATE_MS 8000
#define CLOCK_STEPPED_MS 1000
#define BLOCKED_NOTE "interrupted: the worker was blocked for too long"

/* A batch of results of attempts. */
struct batch {
	struct delivery_result *items;
	size_t count, capacity;
	struct arena memory; /* memory of the items and their strings */
	int64_t oldest_ms;
};

struct deliver_worker {
	struct deliver_options options;
	char *store_path, *ca_file;
	int wake_fd;
	atomic_bool stopping, woken;
	size_t max_concurrency;

	/* The fields below belong to the thread that runs the worker. The settle thread uses `store`, `settling_batch`
	 * and `scan` while it is busy. */
	const struct world *world;
	struct store *store;
	struct store *heartbeat_store; /* for heartbeats while `store` waits for the lock; NULL: not open yet */
	char owner[UUID_TEXT_SIZE];
	struct pool pool;
	struct settler settler;
	struct batch next_batch,
		settling_batch; /* settling_batch: results that the settler stores now, or could not store */
	struct delivery_scan scan;
	bool must_scan;		 /* the due deliveries, or the conditions that block them, may have changed */
	bool is_scan_incomplete; /* the last scan was incomplete, or the time next_at has come */
	int64_t scanned_until;	 /* wall clock: deliveries due until this time were scanned; TIME_NONE: no scan yet */
	bool is_next_at_known;
	int64_t reread_next_at_ms; /* earliest time to read next_at again */
	int64_t tick_at_ms;
	int64_t settle_sent_ms; /* boottime just before the last settler_start() */
	int64_t heartbeat_ms;	/* boottime just before the worker's last heartbeat */
	int64_t next_at;	/* wall clock: when the next delivery is due; TIME_NONE: none, or unknown */
	int64_t wall_offset;	/* wall clock minus boottime: changes if the clock is set */
	int64_t version;
	int64_t paused_until_ms; /* end of the pause after an error of the store: no scan, no settling */
	unsigned store_failures;
	struct deliver_totals totals;
};

enum err deliver_worker_new(const struct deliver_options *options, struct deliver_worker **out, struct error *error)
{
	int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0)
		return error_set(error, ERR_INTERNAL, "webhooks cannot be delivered: %s", strerror(errno));
	/* OpenSSL sends with write(), so a receiver that hangs up would end the program by SIGPIPE. */
	(void)signal(SIGPIPE, SIG_IGN);
	struct deliver_worker *worker = xcalloc(1, sizeof *worker);
	worker->options = *options;
	worker->store_path = xstrdup(options->store_path);
	worker->options.store_path = worker->store_path;
	worker->max_concurrency = options->max_concurrency ? options->max_concurrency : CONCURRENCY_DEFAULT;
	if (worker->max_concurrency > ACTIVE_MAX)
		worker->max_concurrency = ACTIVE_MAX;
	worker->ca_file = options->ca_file && *options->ca_file ? xstrdup(options->ca_file) : NULL;
	worker->pool.limits = (struct transfer_limits){
		.total_ms = options->timeout_ms ? options->timeout_ms : TRANSFER_TIMEOUT_MS,
		.connect_ms = options->connect_timeout_ms ? options->connect_timeout_ms : CONNECT_TIMEOUT_MS,
		.ca_file = worker->ca_file,
	};
	worker->wake_fd = worker->pool.wake_fd = wake_fd;
	atomic_init(&worker->stopping, false);
	atomic_init(&worker->woken, false);
	*out = worker;
	return ERR_OK;
}

void deliver_worker_wake(struct deliver_worker *worker)
{
	const uint64_t one = 1;
	int kept = errno;
	atomic_store(&worker->woken, true);
	ssize_t ignored = write(worker->wake_fd, &one, sizeof one);
	(void)ignored;
	errno = kept;
}

void deliver_worker_stop(struct deliver_worker *worker)
{
	atomic_store(&worker->stopping, true);
	deliver_worker_wake(worker);
}

void deliver_worker_free(struct deliver_worker *worker)
{
	if (!worker)
		return;
	(void)close(worker->wake_fd);
	free(worker->store_path);
	free(worker->ca_file);
	free(worker);
}

static int64_t now_ms(const struct deliver_worker *worker)
{
	return world_monotonic_ms(worker->world);
}

/* Handles an error of the store, which may be locked or full for a while: a worker keeps trying, but a worker that
 * drains or stops gives up after STORE_TRIES errors. */
static enum err handle_store_error(struct deliver_worker *worker, enum err err, struct error *error)
{
	worker->store_failures++;
	/* Gives up if a newer program has upgraded or moved the store, since waiting does not help. */
	if (worker->store->is_outdated)
		return err;
	if (worker->store_failures >= STORE_TRIES && (worker->options.drain || atomic_load(&worker->stopping)))
		return err;
	if (worker->store_failures == 1)
		log_warn(&worker->options.log, "webhook deliveries wait: %s", error->message);
	error_release(error);
	worker->paused_until_ms = now_ms(worker) + STORE_PAUSE_MS;
	return ERR_OK;
}

static struct delivery_result *add_result(struct deliver_worker *worker)
{
	struct batch *batch = &worker->next_batch;
	if (!batch->count)
		batch->oldest_ms = now_ms(worker);
	return ARENA_PUSH(&batch->memory, batch->items, batch->count, batch->capacity);
}

static void batch_clear(struct batch *batch)
{
	arena_reset(&batch->memory);
	*batch = (struct batch){ .memory = batch->memory };
}

static bool has_results(const struct deliver_worker *worker)
{
	return worker->next_batch.count || worker->settling_batch.count;
}

/* Counts the result of a transfer that has ended. */
static void finish_transfer(struct deliver_worker *worker, struct transfer *transfer,
			    const struct delivery_result *result)
{
	if (result->outcome == OUTCOME_DELIVERED)
		worker->totals.delivered++;
	else if (result->outcome != OUTCOME_BROKEN_OFF)
		worker->totals.failed++;
	pool_recycle_transfer(&worker->pool, transfer);
}

/* Ends a transfer without a response. */
static void fail_transfer(struct deliver_worker *worker, struct transfer *transfer, enum delivery_outcome outcome,
			  const char *why)
{
	struct delivery_result *result = add_result(worker);

	transfer_fill_failure(transfer, outcome, why, &worker->next_batch.memory, result);
	finish_transfer(worker, transfer, result);
}

/* Whether the clock was set: other deliveries may then be due, and next_at is outdated. */
static bool clock_was_set(struct deliver_worker *worker)
{
	int64_t from = world_now_ms(worker->world) - world_boottime_ms(worker->world);
	int64_t step = from - worker->wall_offset;
	if (step > -CLOCK_STEPPED_MS && step < CLOCK_STEPPED_MS)
		return false;
	worker->wall_offset = from;
	return true;
}

/* How many more deliveries can be leased in one call. */
static size_t lease_capacity(const struct deliver_worker *worker)
{
	size_t held = worker->pool.active.count + worker->pool.queue.count;
	size_t room = held < LEASES_MAX ? LEASES_MAX - held : 0;
	return room < LEASES_PER_ENDPOINT_MAX ? room : LEASES_PER_ENDPOINT_MAX;
}

static bool can_scan_store(const struct deliver_worker *worker)
{
	return (worker->must_scan || worker->is_scan_incomplete) && !worker->settler.is_busy &&
	       !atomic_load(&worker->stopping) && lease_capacity(worker) &&
	       pool_ready_transfer_count(&worker->pool, worker->max_concurrency) < worker->max_concurrency;
}

/* Whether the worker must scan the store for more deliveries now. */
static bool is_store_scan_due(struct deliver_worker *worker)
{
	int64_t now = now_ms(worker);
	if (clock_was_set(worker))
		worker->must_scan = true;
	if (worker->next_at != TIME_NONE && worker->next_at <= world_now_ms(worker->world)) {
		worker->is_scan_incomplete = true;
		worker->next_at = TIME_NONE;
	}
	return now >= worker->paused_until_ms && can_scan_store(worker);
}

/* Loads libcurl and opens the pool, but only when a delivery is due. */
static enum err open_pool_if_due(struct deliver_worker *worker, bool *open, struct error *error)
{
	*open = worker->pool.multi != NULL;
	if (*open)
		return ERR_OK;
	int64_t now = world_now_ms(worker->world);
	enum err err = store_delivery_next_due(worker->store, now, TIME_NONE, &worker->next_at, error);
	if (err)
		return handle_store_error(worker, err, error);
	worker->is_next_at_known = true;
	worker->must_scan = worker->is_scan_incomplete = false;
	if (worker->next_at == TIME_NONE || worker->next_at > now) {
		err = store_delivery_remove_dead_workers(worker->store, error);
		return err ? handle_store_error(worker, err, error) : ERR_OK;
	}
	*open = true;
	return pool_open(&worker->pool, error);
}

/* Interrupts active transfers and drops queued transfers. Their leases end after some time, and then any worker can
 * lease the deliveries again. */
static void interrupt_transfers(struct deliver_worker *worker, const char *why)
{
	struct transfer *transfer;
	while ((transfer = pool_interrupt_transfer(&worker->pool)))
		fail_transfer(worker, transfer, OUTCOME_BROKEN_OFF, why);
	pool_drop_queue(&worker->pool);
	worker->must_scan = true;
}

static enum err open_store(const struct deliver_worker *worker, struct store **out, struct error *error)
{
	const struct store_options options = { .path = worker->store_path,
					       .busy_timeout_ms = STORE_WAIT_MS,
					       .process = "kybdesk webhook deliver",
					       .world = worker->options.world };
	return store_open(&options, out, error);
}

/* Sends a heartbeat every few seconds while the worker holds leases, even while it waits for the write lock. If the
 * worker was paused, or cannot reach the store, it may count as dead at any moment, so it delivers nothing until it
 * has checked its leases. */
static enum err send_heartbeat_if_due(struct deliver_worker *worker, struct error *error)
{
	int64_t now = world_boottime_ms(worker->world);
	bool holds = worker->pool.active.count || worker->pool.queue.count || has_results(worker), alive = false;
	if (!holds || now - worker->heartbeat_ms < HEARTBEAT_EVERY_MS)
		return ERR_OK;
	enum err err = worker->heartbeat_store ? ERR_OK : open_store(worker, &worker->heartbeat_store, error);
	if (!err)
		err = store_delivery_heartbeat(worker->heartbeat_store, worker->owner, WORKER_DEAD_AFTER_MS, &alive,
					       error);
	if (!err && alive) {
		worker->heartbeat_ms = now;
		return ERR_OK;
	}
	if (!err || world_boottime_ms(worker->world) - worker->heartbeat_ms >= HEARTBEAT_LATE_MS)
		interrupt_transfers(worker, BLOCKED_NOTE);
	return err ? handle_store_error(worker, err, error) : ERR_OK;
}

/* Fills in the links of a body that was stored with placeholders. The links are filled in only for the transfer, before
 * it is signed: the body has the same bytes on every attempt, and is never stored with links. ERR_STORE if the store's
 * key is missing, which an admin may restore. ERR_INVALID for a broken placeholder: the delivery can never be sent. */
static enum err fill_link_placeholders(struct store *store, struct transfer *transfer, struct error *error)
{
	struct strbuf body = STRBUF_INIT;
	struct link_key key;

	if (!*transfer->link_mark)
		return ERR_OK;
	enum err err = store_get_link_key(store, false, &key, error);
	if (!err)
		err = link_placeholders_fill(
			&body, transfer->body, transfer->body_length,
			&(struct link_placeholder_values){ transfer->link_mark, &key, transfer->session_id }, error);
	secret_wipe(&key, sizeof key);
	if (err) {
		strbuf_wipe(&body);
		return err;
	}
	free(transfer->body);
	transfer->body_length = body.len;
	transfer->body = strbuf_detach(&body);
	transfer->link_mark[0] = '\0';
	return ERR_OK;
}

/* Fills in the links of a delivery, and queues it. */
static void queue_job(struct deliver_worker *worker, const struct delivery_job *job, int64_t leased_at_ms)
{
	struct pool *pool = &worker->pool;
	struct transfer *transfer = pool_load_transfer(pool, job, leased_at_ms);
	struct error error = { 0 };
	enum err err = fill_link_placeholders(worker->store, transfer, &error);
	if (!err) {
		pool_queue_transfer(pool, transfer);
		return;
	}
	if (err == ERR_STORE) {
		/* Does not queue the delivery: its lease ends after some time, and a worker retries the delivery. */
		log_warn(&worker->options.log, "webhook deliveries wait: %s", error.message);
		pool_recycle_transfer(pool, transfer);
	} else {
		fail_transfer(worker, transfer, OUTCOME_DEAD, error.message);
	}
	error_release(&error);
}

static enum err end_settle_request(struct deliver_worker *worker, struct error *error)
{
	const struct delivery_lease *taken = &worker->settler.request.lease;
	enum err err = settler_wait(&worker->settler, error);
	if (err) {
		settler_wipe_jobs(&worker->settler);
		worker->must_scan = true;
		return handle_store_error(worker, err, error);
	}
	worker->store_failures = 0;
	batch_clear(&worker->settling_batch);
	worker->is_scan_incomplete = taken->may_have_more;
	worker->scanned_until = taken->now;
	worker->next_at = TIME_NONE;
	worker->is_next_at_known = false;
	if (taken->is_lease_lost)
		interrupt_transfers(worker, BLOCKED_NOTE);
	else if (taken->count && worker->settle_sent_ms > worker->heartbeat_ms)
		worker->heartbeat_ms = worker->settle_sent_ms;
	for (size_t i = 0; i < taken->count; i++)
		queue_job(worker, &taken->jobs[i], taken->leased_at_ms);
	settler_wipe_jobs(&worker->settler);
	return ERR_OK;
}

/* Settles results and leases new deliveries in one commit. Active transfers continue during the commit. */
static enum err send_settle_request(struct deliver_worker *worker, struct error *error)
{
	const struct pool *pool = &worker->pool;
	if (!worker->settling_batch.count) {
		struct batch empty = worker->settling_batch;
		worker->settling_batch = worker->next_batch;
		worker->next_batch = empty;
	}
	bool apart = pool->active.count || pool->queue.count, stopping = atomic_load(&worker->stopping);
	const struct settlement_and_lease order = { .results = worker->settling_batch.items,
						    .count = worker->settling_batch.count,
						    .lease = { .owner = worker->owner,
							       .scan = &worker->scan,
							       .now = world_now_ms(worker->world),
							       .lease_ms = LEASE_MS,
							       .alive_timeout_ms = WORKER_DEAD_AFTER_MS,
							       .has_leases = apart,
							       .limit = stopping ? 0 : lease_capacity(worker),
							       .per_endpoint_max = LEASES_PER_ENDPOINT_MAX } };
	worker->scan.generation += worker->must_scan;
	worker->must_scan = false;
	worker->settle_sent_ms = world_boottime_ms(worker->world);
	settler_start(&worker->settler, &order, apart);
	return apart ? ERR_OK : end_settle_request(worker, error);
}

/* Whether this worker must not deliver: the store's setting allows no deliveries, or it allows only workers outside
 * a workbench, and this worker runs in a workbench. */
static enum err is_delivery_paused(struct deliver_worker *worker, bool *is_paused, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *value = "";
	enum err err = store_check_usable(worker->store, false, error);
	*is_paused = false;
	if (err)
		return handle_store_error(worker, err, error);
	err = store_info_get(worker->store, &arena, STORE_SETTING_DELIVERY, &value, error);
	*is_paused = !err && (!strcmp(value, DELIVER_TO_NOBODY) ||
			      (worker->options.is_workbench && !strcmp(value, DELIVER_TO_WORKERS)));
	if (*is_paused) {
		worker->must_scan = worker->is_scan_incomplete = false;
		worker->next_at = TIME_NONE;
		worker->is_next_at_known = true;
	}
	arena_release(&arena);
	return err ? handle_store_error(worker, err, error) : ERR_OK;
}

static enum err lease(struct deliver_worker *worker, struct error *error)
{
	bool open = false, is_paused = false;
	if (!is_store_scan_due(worker))
		return ERR_OK;
	enum err err = is_delivery_paused(worker, &is_paused, error);
	if (!err && !is_paused)
		err = open_pool_if_due(worker, &open, error);
	return err || !open ? err : send_settle_request(worker, error);
}

/* Whether to settle the results now, in one transaction: if earlier results could not be stored; at SETTLE_MAX
 * results; at SETTLE_MIN results or more, if the number of results still expected is not higher; if no more results
 * are expected; or if the first result has waited for SETTLE_AFTER_MS. */
static bool is_time_to_settle(const struct deliver_worker *worker)
{
	const struct pool *pool = &worker->pool;
	int64_t now = now_ms(worker);
	size_t count = worker->next_batch.count;
	if (!has_results(worker) || worker->settler.is_busy || now < worker->paused_until_ms)
		return false;
	if (worker->settling_batch.count || count >= SETTLE_MAX ||
	    now - worker->next_batch.oldest_ms >= SETTLE_AFTER_MS)
		return true;
	size_t to_come =
		pool_busy_transfer_count(pool, now, SLOW_MS) + pool_ready_transfer_count(pool, worker->max_concurrency);
	return !to_come || (count >= SETTLE_MIN && to_come <= count);
}

static enum err settle_results_if_due(struct deliver_worker *worker, struct error *error)
{
	return is_time_to_settle(worker) ? send_settle_request(worker, error) : ERR_OK;
}

static enum err start_transfers(struct deliver_worker *worker, struct error *error)
{
	struct pool *pool = &worker->pool;
	size_t busy = pool_busy_transfer_count(pool, now_ms(worker), SLOW_MS);
	struct transfer *transfer;
	while (busy < worker->max_concurrency && pool->active.count < ACTIVE_MAX &&
	       (transfer = pool_take_queued_transfer(pool, worker->max_concurrency))) {
		int64_t now = world_boottime_ms(worker->world);
		if (now - worker->heartbeat_ms >= HEARTBEAT_LATE_MS) {
			/* Queues the transfer again: the worker was paused since the lease, so
			 * send_heartbeat_if_due() must first check the leases. */
			pool_queue_transfer(pool, transfer);
			break;
		}
		if (now - transfer->leased_at_ms > START_WITHIN_MS) {
			/* Drops the transfer: its lease would end too early. Any worker can lease the delivery
			 * again. */
			pool_recycle_transfer(pool, transfer);
			worker->must_scan = true;
			continue;
		}
		enum err err = transfer_prepare(transfer, error);
		if (err == ERR_INVALID) {
			fail_transfer(worker, transfer, OUTCOME_DEAD, error->message);
			error_release(error);
			continue;
		}
		if (err) {
			pool_recycle_transfer(pool, transfer);
			return err;
		}
		err = pool_start_transfer(pool, transfer, error);
		if (err)
			return err;
		busy++;
	}
	return ERR_OK;
}

static enum err collect_results(struct deliver_worker *worker, struct error *error)
{
	CURLcode code;
	struct transfer *transfer;
	enum err err = pool_perform(&worker->pool, error);
	if (err)
		return err;
	while ((transfer = pool_take_finished_transfer(&worker->pool, &code))) {
		struct delivery_result *result = add_result(worker);
		transfer_fill_result(transfer, code, &worker->next_batch.memory, result);
		finish_transfer(worker, transfer, result);
	}
	return ERR_OK;
}

static int64_t earlier_ms(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static bool is_next_due_unknown(const struct deliver_worker *worker)
{
	return !worker->is_next_at_known && !worker->must_scan && !worker->is_scan_incomplete && !has_results(worker) &&
	       !worker->settler.is_busy;
}

/* Reads when the next delivery is due. Reads only if all due deliveries are in progress, not after each result. */
static enum err read_next_due(struct deliver_worker *worker, struct error *error)
{
	int64_t now = now_ms(worker);
	if (!is_next_due_unknown(worker) || now < worker->reread_next_at_ms || now < worker->paused_until_ms)
		return ERR_OK;
	enum err err = store_delivery_next_due(worker->store, world_now_ms(worker->world), worker->scanned_until,
					       &worker->next_at, error);
	if (err)
		return handle_store_error(worker, err, error);
	worker->is_next_at_known = true;
	worker->reread_next_at_ms = now + NEXT_DUE_READ_EVERY_MS;
	return ERR_OK;
}

/* The longest time to sleep: at most a second, since the worker then checks the store for changes. */
static int64_t max_sleep_ms(const struct deliver_worker *worker)
{
	const struct pool *pool = &worker->pool;
	int64_t now = now_ms(worker);
	int64_t pause = CHECK_EVERY_MS;
	if (worker->paused_until_ms > now)
		return earlier_ms(pause, worker->paused_until_ms - now);
	if (has_results(worker) && !worker->settler.is_busy)
		pause = earlier_ms(
			pause, worker->settling_batch.count ? 0 : worker->next_batch.oldest_ms + SETTLE_AFTER_MS - now);
	if (can_scan_store(worker))
		pause = 0;
	if (pool->queue.count)
		/* A slot becomes free with a result, or when a transfer becomes slow, so the worker wakes up often. */
		pause = earlier_ms(pause, SLOW_MS / 10);
	if (worker->next_at != TIME_NONE)
		pause = earlier_ms(pause, worker->next_at - world_now_ms(worker->world));
	if (is_next_due_unknown(worker))
		pause = earlier_ms(pause, worker->reread_next_at_ms - now);
	if (worker->options.on_tick)
		pause = earlier_ms(pause, worker->tick_at_ms - now);
	return pause > 0 ? pause : 0;
}

static void wait_for_work(struct deliver_worker *worker)
{
	uint64_t wakes;
	pool_wait(&worker->pool, max_sleep_ms(worker));
	ssize_t ignored = read(worker->wake_fd, &wakes, sizeof wakes);
	(void)ignored;
	if (atomic_exchange(&worker->woken, false))
		worker->must_scan = true;
	if (worker->settler.is_busy)
		return;
	int64_t version = store_data_version(worker->store);
	if (version != worker->version)
		worker->must_scan = true;
	worker->version = version;
}

static bool is_worker_finished(const struct deliver_worker *worker)
{
	const struct pool *pool = &worker->pool;
	return worker->options.drain && !worker->must_scan && !worker->is_scan_incomplete && !pool->active.count &&
	       !pool->queue.count && !has_results(worker) && !worker->settler.is_busy &&
	       worker->paused_until_ms <= now_ms(worker);
}

static void call_on_tick_if_due(struct deliver_worker *worker)
{
	if (!worker->options.on_tick || now_ms(worker) < worker->tick_at_ms)
		return;
	worker->options.on_tick(worker->options.tick_context);
	worker->tick_at_ms = now_ms(worker) + ON_TICK_EVERY_MS;
	worker->must_scan = true;
}

static enum err settle_remaining_results(struct deliver_worker *worker, const struct batch *batch, struct error *error)
{
	enum err err = ERR_STORE;
	for (unsigned try = 0; err && try < SHUT_DOWN_TRIES; try++) {
		error_release(error);
		err = store_delivery_settle_and_lease(
			worker->store, NULL,
			&(struct settlement_and_lease){
				batch->items,
				batch->count,
				{ .owner = worker->owner, .now = world_now_ms(worker->world) } },
			error);
	}
	return err;
}

/* Interrupts the transfers, settles all results, and releases all leases, so that other workers need not wait for
 * the end of the leases. */
static enum err shut_down_worker(struct deliver_worker *worker, enum err err, struct error *error)
{
	struct error late = { 0 };
	interrupt_transfers(worker, "interrupted: the worker was stopped");
	if (worker->settler.is_busy) {
		if (!settler_wait(&worker->settler, &late))
			batch_clear(&worker->settling_batch);
		settler_wipe_jobs(&worker->settler);
	}
	enum err left = settle_remaining_results(worker, &worker->settling_batch, &late);
	if (!left)
		left = settle_remaining_results(worker, &worker->next_batch, &late);
	if (!left && worker->pool.multi)
		left = store_delivery_release(worker->store, worker->owner, &late);
	if (left && !err) {
		err = left;
		error_move(error, &late);
	}
	error_release(&late);
	return err;
}

static enum err end_finished_settle(struct deliver_worker *worker, struct error *error)
{
	return worker->settler.is_busy && settler_is_done(&worker->settler) ? end_settle_request(worker, error)
									    : ERR_OK;
}

/* One round of the worker. Handles results first, so that a response that arrived during a pause still counts.
 * Active transfers continue while results are settled. */
static enum err run_worker_round(struct deliver_worker *worker, bool stopping, struct error *error)
{
	static const struct {
		enum err (*run)(struct deliver_worker *worker, struct error *error);
		bool until_stop; /* skipped while the worker stops */
	} steps[] = {
		{ .run = collect_results },	      { .run = send_heartbeat_if_due },
		{ .run = end_finished_settle },	      { .run = start_transfers, .until_stop = true },
		{ .run = collect_results },	      { .run = settle_results_if_due },
		{ .run = lease, .until_stop = true }, { .run = start_transfers, .until_stop = true },
		{ .run = collect_results },	      { .run = read_next_due },
	};
	enum err err = ERR_OK;
	for (size_t i = 0; !err && i < sizeof steps / sizeof *steps; i++)
		if (!stopping || !steps[i].until_stop)
			err = steps[i].run(worker, error);
	return err;
}

static enum err run(struct deliver_worker *worker, struct error *error)
{
	int64_t stop_at_ms = INT64_MAX;
	enum err err = ERR_OK;
	worker->must_scan = true;
	worker->tick_at_ms = 0;
	for (;;) {
		bool stopping = atomic_load(&worker->stopping);
		if (!stopping)
			call_on_tick_if_due(worker);
		if (stopping && stop_at_ms == INT64_MAX)
			stop_at_ms = now_ms(worker) + STOP_GRACE_MS;
		if (stopping && (!worker->pool.active.count || now_ms(worker) >= stop_at_ms))
			break;
		err = run_worker_round(worker, stopping, error);
		if (err || is_worker_finished(worker))
			break;
		wait_for_work(worker);
	}
	return shut_down_worker(worker, err, error);
}

enum err deliver_worker_run(struct deliver_worker *worker, struct deliver_totals *totals, struct error *error)
{
	struct error local = { 0 };
	*totals = (struct deliver_totals){ 0 };
	worker->world = worker->options.world;
	worker->totals = *totals;
	worker->next_at = worker->scanned_until = TIME_NONE;
	worker->is_next_at_known = worker->is_scan_incomplete = false;
	worker->reread_next_at_ms = 0;
	worker->store_failures = 0;
	worker->paused_until_ms = 0;
	enum err err = open_store(worker, &worker->store, &local);
	if (err)
		goto out;
	/* Sandbox stores use a clock that can be shifted, as in desk_open(). */
	if (worker->store->sandbox && worker->world == world_real())
		worker->world = world_sandbox();
	settler_init(&worker->settler, worker->store, worker->wake_fd);
	worker->pool.world = worker->pool.limits.world = worker->world;
	worker->pool.limits.sandbox = worker->store->sandbox;
	uuid_new(worker->world, worker->owner);
	worker->version = store_data_version(worker->store);
	err = run(worker, &local);
	settler_release(&worker->settler);
	*totals = worker->totals;
	if (!err)
		err = store_delivery_totals(worker->store, &totals->waiting, &totals->dead, &local);
out:
	pool_release(&worker->pool);
	arena_release(&worker->next_batch.memory);
	arena_release(&worker->settling_batch.memory);
	worker->next_batch = worker->settling_batch = (struct batch){ 0 };
	delivery_scan_release(&worker->scan);
	store_close(worker->heartbeat_store);
	store_close(worker->store);
	worker->store = worker->heartbeat_store = NULL;
	if (err)
		error_move(error, &local);
	error_release(&local);
	return err;
}
