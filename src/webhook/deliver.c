#include "kybdesk/webhook/deliver.h"
#include "crew.h"
#include "fill.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/timefmt.h"
#include "kybdesk/base/uuid.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define AT_ONCE_DEFAULT 64
/* Those that wait for slow receivers come on top of at_once; this many sockets are the end of it. */
#define UNDER_WAY_MAX 512
/* Leased at a time, in times of at_once: enough that the network need not wait for the store's next commit, little
 * enough that a receiver which never answers keeps no other's deliveries out. */
#define HELD_TIMES 32
#define HELD_OF_ENDPOINT_TIMES 4
#define SETTLE_TIMES 4
#define SLOW_MS 1000
/* A transfer that begins this late after its lease still ends inside it. */
#define START_WITHIN_MS 25000
#define LEASE_MS (START_WITHIN_MS + TRANSFER_TIMEOUT_MS + 5000)
#define SETTLE_AFTER_MS 10
#define LOOK_EVERY_MS 1000
#define NEXT_EVERY_MS 100
#define STORE_PAUSE_MS 1000
#define BEAT_MS (30 * 1000)
/* A wait for the store's lock is short, so that it ends before the worker is taken for dead. */
#define STORE_WAIT_MS 2000
#define STORE_TRIES 10
#define LEAVE_TRIES 3
#define STOP_GRACE_MS 2000
#define CONNECT_TIMEOUT_MS 15000
/* A worker that has not said for so long that it lives is taken for dead; it says so three times within that, and stops
 * sending well before (docs/decisions/0027). */
#define ALIVE_MS 10000
#define ALIVE_EVERY_MS 3000
#define ALIVE_SEND_MS 8000
#define CLOCK_STEPPED_MS 1000

struct deliver_worker {
	struct deliver_options options;
	char *store_path, *ca_file;
	int wake_fd;
	atomic_bool stopping;
	size_t at_once;

	/* From here on the running thread's own. */
	const struct world *world;
	struct store *store;
	char owner[UUID_TEXT_SIZE];
	struct crew crew;
	struct arena leased;   /* jobs of one call */
	struct arena settling; /* strings of results */
	struct delivery_result *results;
	size_t result_count, result_capacity;
	int64_t oldest_result_ms;
	struct delivery_walk walk;
	bool look;	 /* somebody may have changed what is due, or what stands in its way */
	bool unfinished; /* the last look did not see all, or the time of one that waited has come */
	int64_t looked;	 /* wall clock: what was due by then was asked for; TIME_NONE: nothing yet */
	bool next_known;
	int64_t next_after_ms; /* no sooner is asked for next_at again */
	int64_t beat_at_ms;
	int64_t alive_ms;  /* boottime just before it last said that it lives */
	int64_t next_at;   /* wall clock; TIME_NONE: nothing pending */
	int64_t wall_from; /* wall clock less boottime: changes when somebody sets the clock */
	int64_t version;
	int64_t paused_until_ms; /* the store gave an error */
	unsigned store_failures;
	struct deliver_totals totals;
};

enum err deliver_worker_new(const struct deliver_options *options, struct deliver_worker **out, struct error *error)
{
	int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0)
		return error_set(error, ERR_INTERNAL, "webhooks cannot be delivered: %s", strerror(errno));
	struct deliver_worker *worker = xcalloc(1, sizeof *worker);
	worker->options = *options;
	worker->store_path = xstrdup(options->store_path);
	worker->options.store_path = worker->store_path;
	worker->at_once = options->at_once ? options->at_once : AT_ONCE_DEFAULT;
	if (worker->at_once > UNDER_WAY_MAX)
		worker->at_once = UNDER_WAY_MAX;
	worker->ca_file = options->ca_file && *options->ca_file ? xstrdup(options->ca_file) : NULL;
	worker->crew.limits = (struct transfer_limits){
		.whole_ms = options->timeout_ms ? options->timeout_ms : TRANSFER_TIMEOUT_MS,
		.connect_ms = options->connect_ms ? options->connect_ms : CONNECT_TIMEOUT_MS,
		.ca_file = worker->ca_file,
	};
	worker->wake_fd = worker->crew.wake_fd = wake_fd;
	atomic_init(&worker->stopping, false);
	*out = worker;
	return ERR_OK;
}

void deliver_worker_wake(struct deliver_worker *worker)
{
	const uint64_t one = 1;
	int kept = errno;
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

/* The store may be locked or full for a while: a running workbench tries on, a command gives up. */
static enum err store_failed(struct deliver_worker *worker, enum err err, struct error *error)
{
	worker->store_failures++;
	if (worker->store_failures >= STORE_TRIES && (worker->options.drain || atomic_load(&worker->stopping)))
		return err;
	if (worker->store_failures == 1)
		log_warn(&worker->options.log, "webhooks wait: %s", error->message);
	error_release(error);
	worker->paused_until_ms = now_ms(worker) + STORE_PAUSE_MS;
	return ERR_OK;
}

static struct delivery_result *add_result(struct deliver_worker *worker)
{
	if (worker->result_count == worker->result_capacity) {
		worker->result_capacity = worker->result_capacity ? worker->result_capacity * 2 : 64;
		worker->results =
			xrealloc_array(worker->results, worker->result_capacity, sizeof(*worker->results));
	}
	if (!worker->result_count)
		worker->oldest_result_ms = now_ms(worker);
	return &worker->results[worker->result_count++];
}

static void count_result(struct deliver_worker *worker, const struct delivery_result *result)
{
	switch (result->outcome) {
	case OUTCOME_DELIVERED:
		worker->totals.delivered++;
		break;
	case OUTCOME_RETRY:
	case OUTCOME_DEAD:
	case OUTCOME_ENDPOINT_GONE:
		worker->totals.failed++;
		break;
	case OUTCOME_BROKEN_OFF:
		break;
	}
}

/* What is due may be something else now, and next_at is of another time. */
static bool clock_was_set(struct deliver_worker *worker)
{
	int64_t from = world_now_ms(worker->world) - world_boottime_ms(worker->world);
	int64_t step = from - worker->wall_from;
	if (step > -CLOCK_STEPPED_MS && step < CLOCK_STEPPED_MS)
		return false;
	worker->wall_from = from;
	return true;
}

/* How many more may be leased in one call, which keeps the store's lock for a few milliseconds at most. */
static size_t room_for_more(const struct deliver_worker *worker)
{
	const struct crew *crew = &worker->crew;
	size_t held = crew->active.count + crew->queue.count;
	size_t most = HELD_TIMES * worker->at_once, once = HELD_OF_ENDPOINT_TIMES * worker->at_once;
	size_t room = held < most ? most - held : 0;
	return room < once ? room : once;
}

/* Whether it is time to look into the store for more. */
static bool wants_more(struct deliver_worker *worker)
{
	int64_t now = now_ms(worker);
	if (clock_was_set(worker))
		worker->look = true;
	if (worker->next_at != TIME_NONE && worker->next_at <= world_now_ms(worker->world)) {
		worker->unfinished = true;
		worker->next_at = TIME_NONE;
	}
	return (worker->look || worker->unfinished) && now >= worker->paused_until_ms && room_for_more(worker) &&
	       crew_ready(&worker->crew, worker->at_once) < worker->at_once;
}

/* libcurl is opened only when there is something for it to do. */
static enum err open_when_due(struct deliver_worker *worker, bool *open, struct error *error)
{
	*open = worker->crew.multi != NULL;
	if (*open)
		return ERR_OK;
	int64_t now = world_now_ms(worker->world);
	enum err err = store_delivery_next_at(worker->store, now, TIME_NONE, &worker->next_at, error);
	if (err)
		return store_failed(worker, err, error);
	worker->next_known = true;
	worker->look = worker->unfinished = false;
	if (worker->next_at == TIME_NONE || worker->next_at > now)
		return ERR_OK;
	*open = true;
	return crew_open(&worker->crew, error);
}

static bool holds_any(const struct deliver_worker *worker)
{
	return worker->crew.active.count || worker->crew.queue.count || worker->result_count;
}

/* What is under way is given up, and what is queued goes to whoever leases it next. */
static void break_off(struct deliver_worker *worker, const char *why)
{
	struct transfer *transfer;
	while ((transfer = crew_break_off(&worker->crew))) {
		transfer_break_off(transfer, worker->world, why, &worker->settling, add_result(worker));
		crew_rest(&worker->crew, transfer);
	}
	crew_drop_queue(&worker->crew);
	worker->look = true;
}

/* Whoever holds leases says every few seconds that it lives. One that could not, because it was stopped or the store was
 * locked, may be taken for dead any moment: it sends nothing before it knows that it is not. */
static enum err stay_alive(struct deliver_worker *worker, struct error *error)
{
	int64_t now = world_boottime_ms(worker->world);
	bool alive;
	if (!holds_any(worker) || now - worker->alive_ms < ALIVE_EVERY_MS)
		return ERR_OK;
	enum err err = store_delivery_beat(worker->store, worker->owner, ALIVE_MS, &alive, error);
	if (!err && alive) {
		worker->alive_ms = now;
		return ERR_OK;
	}
	if (!err || world_boottime_ms(worker->world) - worker->alive_ms >= ALIVE_SEND_MS)
		break_off(worker, "broken off: the worker was held up for too long");
	return err ? store_failed(worker, err, error) : ERR_OK;
}

/* The arena is used again for the next call: no secret stays behind in it. */
static void wipe_jobs(const struct delivery_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		union {
			const char *seen;
			char *wiped;
		} secret = { .seen = jobs[i].secret }, old_secret = { .seen = jobs[i].old_secret };
		if (*secret.seen)
			secret_wipe(secret.wiped, strlen(secret.seen));
		if (*old_secret.seen)
			secret_wipe(old_secret.wiped, strlen(old_secret.seen));
	}
}

static void results_are_kept(struct deliver_worker *worker)
{
	worker->result_count = 0;
	arena_reset(&worker->settling);
}

/* Writes down what was answered, and leases what may go now: one commit for both. */
static enum err trade(struct deliver_worker *worker, struct error *error)
{
	const struct crew *crew = &worker->crew;
	int64_t began_ms = world_boottime_ms(worker->world);
	struct delivery_trade all = { .results = worker->results,
				      .count = worker->result_count,
				      .lease = { .owner = worker->owner,
						 .walk = &worker->walk,
						 .now = world_now_ms(worker->world),
						 .lease_ms = LEASE_MS,
						 .beat_ms = ALIVE_MS,
						 .holding = crew->active.count || crew->queue.count,
						 .limit = room_for_more(worker),
						 .per_endpoint = HELD_OF_ENDPOINT_TIMES * worker->at_once } };
	const struct delivery_lease *taken = &all.lease;
	worker->walk.turn += worker->look;
	enum err err = all.count ? store_delivery_trade(worker->store, &worker->leased, &all, error)
				 : store_delivery_lease(worker->store, &worker->leased, &all.lease, error);
	if (err) {
		arena_reset(&worker->leased);
		return store_failed(worker, err, error);
	}
	worker->store_failures = 0;
	results_are_kept(worker);
	if (all.count)
		store_maintain(worker->store);
	if (taken->lapsed) {
		break_off(worker, "broken off: the worker was held up for too long");
		return ERR_OK;
	}
	if (taken->count)
		worker->alive_ms = began_ms;
	for (size_t i = 0; i < taken->count; i++)
		crew_queue(&worker->crew, &taken->jobs[i], taken->leased_ms);
	wipe_jobs(taken->jobs, taken->count);
	arena_reset(&worker->leased);
	worker->look = false;
	worker->unfinished = taken->unfinished;
	worker->looked = taken->now;
	worker->next_at = TIME_NONE;
	worker->next_known = false;
	return ERR_OK;
}

static enum err lease(struct deliver_worker *worker, struct error *error)
{
	bool open = false;
	if (!wants_more(worker))
		return ERR_OK;
	enum err err = open_when_due(worker, &open, error);
	return err || !open ? err : trade(worker, error);
}

/* Many answers in one transaction: once there are enough of them, the first has waited for long enough, or the network is
 * about to run dry. */
static bool is_time_to_settle(const struct deliver_worker *worker)
{
	const struct crew *crew = &worker->crew;
	int64_t now = now_ms(worker);
	if (!worker->result_count || now < worker->paused_until_ms)
		return false;
	return worker->result_count >= SETTLE_TIMES * worker->at_once ||
	       now - worker->oldest_result_ms >= SETTLE_AFTER_MS ||
	       (!crew_ready(crew, worker->at_once) && crew_busy(crew, now, SLOW_MS) <= worker->result_count);
}

/* And what may go now in the same transaction, also the next of the same sessions, if there is room for it. */
static enum err settle(struct deliver_worker *worker, struct error *error)
{
	if (!is_time_to_settle(worker))
		return ERR_OK;
	if (!atomic_load(&worker->stopping) && room_for_more(worker))
		return trade(worker, error);
	enum err err = store_delivery_settle(worker->store, worker->owner, worker->results, worker->result_count,
					     world_now_ms(worker->world), error);
	if (err)
		return store_failed(worker, err, error);
	worker->store_failures = 0;
	results_are_kept(worker);
	store_maintain(worker->store);
	worker->look = true;
	return ERR_OK;
}

static enum err start(struct deliver_worker *worker, struct error *error)
{
	struct crew *crew = &worker->crew;
	size_t busy = crew_busy(crew, now_ms(worker), SLOW_MS);
	struct transfer *transfer;
	while (busy < worker->at_once && crew->active.count < UNDER_WAY_MAX &&
	       (transfer = crew_next(crew, worker->at_once))) {
		int64_t now = world_boottime_ms(worker->world);
		if (now - worker->alive_ms >= ALIVE_SEND_MS) {
			/* Held up since it was leased; stay_alive() finds out what it still holds. */
			crew_return(crew, transfer);
			break;
		}
		if (now - transfer->leased_ms > START_WITHIN_MS) {
			/* Its lease would end before it does: it goes to whoever leases it next. */
			crew_rest(crew, transfer);
			worker->look = true;
			continue;
		}
		enum err err = fill_links(worker->store, transfer, error);
		if (err == ERR_STORE) {
			/* Its lease ends by itself, and then it is tried again. */
			log_warn(&worker->options.log, "webhooks wait: %s", error->message);
			error_release(error);
			crew_rest(crew, transfer);
			continue;
		}
		if (!err)
			err = transfer_prepare(transfer, worker->world, error);
		if (err == ERR_INVALID) {
			struct delivery_result *result = add_result(worker);
			transfer_refuse(transfer, worker->world, error->message, &worker->settling, result);
			count_result(worker, result);
			error_release(error);
			crew_rest(crew, transfer);
			continue;
		}
		if (err) {
			crew_rest(crew, transfer);
			return err;
		}
		err = crew_add(crew, transfer, error);
		if (err)
			return err;
		busy++;
	}
	return ERR_OK;
}

static enum err exchange(struct deliver_worker *worker, struct error *error)
{
	CURLcode code;
	struct transfer *transfer;
	enum err err = crew_perform(&worker->crew, error);
	if (err)
		return err;
	while ((transfer = crew_done(&worker->crew, &code))) {
		struct delivery_result *result = add_result(worker);
		transfer_result(transfer, worker->world, code, &worker->settling, result);
		count_result(worker, result);
		crew_rest(&worker->crew, transfer);
	}
	return ERR_OK;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static bool is_next_unknown(const struct deliver_worker *worker)
{
	return !worker->next_known && !worker->look && !worker->unfinished && !worker->result_count;
}

/* When the next becomes due: asked for once all that was due is under way, and not for each answer. */
static enum err ask_next(struct deliver_worker *worker, struct error *error)
{
	int64_t now = now_ms(worker);
	if (!is_next_unknown(worker) || now < worker->next_after_ms || now < worker->paused_until_ms)
		return ERR_OK;
	enum err err = store_delivery_next_at(worker->store, world_now_ms(worker->world), worker->looked,
					      &worker->next_at, error);
	if (err)
		return store_failed(worker, err, error);
	worker->next_known = true;
	worker->next_after_ms = now + NEXT_EVERY_MS;
	return ERR_OK;
}

/* The longest we may sleep, at most a second: then the store is asked whether somebody changed it. */
static int64_t pause_ms(const struct deliver_worker *worker)
{
	const struct crew *crew = &worker->crew;
	int64_t now = now_ms(worker);
	int64_t pause = LOOK_EVERY_MS;
	if (worker->paused_until_ms > now)
		return sooner(pause, worker->paused_until_ms - now);
	if (worker->result_count)
		pause = sooner(pause, worker->oldest_result_ms + SETTLE_AFTER_MS - now);
	if ((worker->look || worker->unfinished) && room_for_more(worker) &&
	    crew_ready(crew, worker->at_once) < worker->at_once)
		pause = 0;
	if (crew->queue.count)
		/* Slots are freed by answers, or by transfers turning slow. */
		pause = sooner(pause, SLOW_MS / 10);
	if (worker->next_at != TIME_NONE)
		pause = sooner(pause, worker->next_at - world_now_ms(worker->world));
	if (is_next_unknown(worker))
		pause = sooner(pause, worker->next_after_ms - now);
	if (worker->options.beat)
		pause = sooner(pause, worker->beat_at_ms - now);
	return pause > 0 ? pause : 0;
}

static void wait_for_work(struct deliver_worker *worker)
{
	uint64_t wakes;
	crew_wait(&worker->crew, pause_ms(worker));
	if (read(worker->wake_fd, &wakes, sizeof wakes) == (ssize_t)sizeof wakes)
		worker->look = true;
	int64_t version = store_data_version(worker->store);
	if (version != worker->version)
		worker->look = true;
	worker->version = version;
}

static bool is_finished(const struct deliver_worker *worker)
{
	const struct crew *crew = &worker->crew;
	return worker->options.drain && !worker->look && !worker->unfinished && !crew->active.count &&
	       !crew->queue.count && !worker->result_count && worker->paused_until_ms <= now_ms(worker);
}

static void beat(struct deliver_worker *worker)
{
	if (!worker->options.beat || now_ms(worker) < worker->beat_at_ms)
		return;
	worker->options.beat(worker->options.beat_context);
	worker->beat_at_ms = now_ms(worker) + BEAT_MS;
	worker->look = true;
}

/* What was answered is written down, also on the way out, and the rest is given back to others at once. */
static enum err leave(struct deliver_worker *worker, enum err err, struct error *error)
{
	struct error late = { 0 };
	break_off(worker, "broken off: the worker was stopped");
	enum err left = ERR_STORE;
	for (unsigned try = 0; left && try < LEAVE_TRIES; try++) {
		error_release(&late);
		left = store_delivery_settle(worker->store, worker->owner, worker->results, worker->result_count,
					     world_now_ms(worker->world), &late);
	}
	if (!left && worker->crew.multi)
		left = store_delivery_give_back(worker->store, worker->owner, &late);
	if (left && !err) {
		err = left;
		error_move(error, &late);
	}
	error_release(&late);
	worker->result_count = 0;
	return err;
}

static enum err run(struct deliver_worker *worker, struct error *error)
{
	int64_t stop_at_ms = INT64_MAX;
	enum err err = ERR_OK;
	worker->look = true;
	worker->beat_at_ms = 0;
	while (!err) {
		bool stopping = atomic_load(&worker->stopping);
		if (!stopping)
			beat(worker);
		if (stopping && stop_at_ms == INT64_MAX)
			stop_at_ms = now_ms(worker) + STOP_GRACE_MS;
		if (stopping && (!worker->crew.active.count || now_ms(worker) >= stop_at_ms))
			break;
		/* First what came while nobody looked: an answer is an answer. */
		err = exchange(worker, error);
		if (!err)
			err = stay_alive(worker, error);
		/* The others are on their way while answers are written down. */
		if (!err && !stopping)
			err = start(worker, error);
		if (!err)
			err = exchange(worker, error);
		if (!err)
			err = settle(worker, error);
		if (!err && !stopping)
			err = lease(worker, error);
		if (!err && !stopping)
			err = start(worker, error);
		if (!err)
			err = exchange(worker, error);
		if (!err)
			err = ask_next(worker, error);
		if (err || is_finished(worker))
			break;
		wait_for_work(worker);
	}
	return leave(worker, err, error);
}

/* OpenSSL writes with write(): a receiver that hangs up must not end the program. */
static void block_pipe_signal(sigset_t *before)
{
	sigset_t pipe_signal;
	(void)sigemptyset(&pipe_signal);
	(void)sigaddset(&pipe_signal, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &pipe_signal, before);
}

static void restore_pipe_signal(const sigset_t *before)
{
	sigset_t pipe_signal;
	const struct timespec at_once = { 0 };
	(void)sigemptyset(&pipe_signal);
	(void)sigaddset(&pipe_signal, SIGPIPE);
	if (!sigismember(before, SIGPIPE))
		(void)sigtimedwait(&pipe_signal, NULL, &at_once);
	(void)pthread_sigmask(SIG_SETMASK, before, NULL);
}

enum err deliver_worker_run(struct deliver_worker *worker, struct deliver_totals *totals, struct error *error)
{
	struct error local = { 0 };
	sigset_t before;
	struct store_options options = { .path = worker->store_path,
					 .busy_timeout_ms = STORE_WAIT_MS,
					 .world = worker->options.world };
	*totals = (struct deliver_totals){ 0 };
	worker->world = worker->options.world;
	worker->totals = *totals;
	worker->next_at = worker->looked = TIME_NONE;
	worker->next_known = worker->unfinished = false;
	worker->next_after_ms = 0;
	worker->store_failures = 0;
	worker->paused_until_ms = 0;
	block_pipe_signal(&before);
	enum err err = store_open(&options, &worker->store, &local);
	if (err)
		goto out;
	/* The test clock is for sandbox stores, as in desk_open. */
	if (worker->store->sandbox && worker->world == world_real())
		worker->world = world_sandbox();
	worker->crew.world = worker->world;
	worker->crew.limits.sandbox = worker->store->sandbox;
	uuid_new(worker->world, worker->owner);
	worker->version = store_data_version(worker->store);
	err = run(worker, &local);
	*totals = worker->totals;
	if (!err)
		err = store_delivery_totals(worker->store, &totals->waiting, &totals->dead, &local);
out:
	crew_release(&worker->crew);
	arena_release(&worker->leased);
	arena_release(&worker->settling);
	delivery_walk_release(&worker->walk);
	free(worker->results);
	worker->results = NULL;
	worker->result_count = worker->result_capacity = 0;
	store_close(worker->store);
	worker->store = NULL;
	restore_pipe_signal(&before);
	if (err)
		error_move(error, &local);
	error_release(&local);
	return err;
}
