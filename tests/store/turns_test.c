/* Waiting for the write lock: which connections, how long, and in which order. */
#include "store/store_support.h"
#include "kybdesk/store/import.h"
#include "kybdesk/base/commit_group.h"
#include "../../src/store/sqlite/sqlite_internal.h"
#include "support/process.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

FIXTURE_OF_TESTS;

#define WRITERS 6
#define PATIENCE_MS 60000
#define STEP_MS 500

/* A process that takes the write lock and holds it. */
static pid_t start_holder(struct fixture *f)
{
	int ends[2];
	char byte;
	pid_t holder;

	store_close(f->store);
	f->store = NULL;
	cr_assert_eq(pipe(ends), 0);
	holder = fork();
	if (holder == 0) {
		f->store = fixture_connect(f, 0);
		fixture_begin(f);
		while (write(ends[1], "h", 1) == 1)
			pause();
		_exit(1);
	}
	cr_assert_eq(read(ends[0], &byte, 1), 1);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return holder;
}

/* A clock that stands still until all writers have read it, and then advances at each reading. */
static atomic_int here;
static _Atomic int64_t passed_ms;
static int64_t looked_at(void *context)
{
	static _Thread_local bool came;

	(void)context;
	if (!came) {
		came = true;
		atomic_fetch_add(&here, 1);
	}
	if (atomic_load(&here) < WRITERS)
		return 0;
	return atomic_fetch_add(&passed_ms, STEP_MS);
}

struct waiter {
	pthread_t thread;
	const struct store_options *options;
	enum err got;
};

static void *wait_in_vain(void *context)
{
	struct waiter *waiter = context;
	struct store *store = NULL;
	struct error error = { 0 };

	if (store_open(waiter->options, &store, &error) != ERR_OK)
		abort();
	waiter->got = store_begin(store, STORE_WRITE, &error);
	store_close(store);
	error_release(&error);
	return NULL;
}

Test(turns, all_of_a_group_are_refused_within_one_patience, .init = set_up, .fini = tear_down)
{
	struct waiter waiters[WRITERS];
	struct world world = *world_real();

	world.monotonic_ms = looked_at;
	struct commit_group group = COMMIT_GROUP_INIT;
	struct store_options options = {
		.path = f.path, .busy_timeout_ms = PATIENCE_MS, .world = &world, .group = &group
	};
	pid_t holder = start_holder(&f);
	for (size_t i = 0; i < WRITERS; i++) {
		waiters[i] = (struct waiter){ .options = &options };
		cr_assert_eq(pthread_create(&waiters[i].thread, NULL, wait_in_vain, &waiters[i]), 0);
	}
	for (size_t i = 0; i < WRITERS; i++) {
		pthread_join(waiters[i].thread, NULL);
		cr_expect_eq(waiters[i].got, ERR_STORE, "writer %zu", i);
	}
	cr_expect_geq(atomic_load(&passed_ms), PATIENCE_MS);
	/* Each writer reads the clock once when it arrives and once when it is refused. */
	cr_expect_leq(atomic_load(&passed_ms), PATIENCE_MS + 2 * WRITERS * STEP_MS, "one after the other: %lld ms",
		      (long long)atomic_load(&passed_ms));
	cr_assert_eq(kill(holder, SIGKILL), 0);
	cr_assert_eq(waitpid(holder, NULL, 0), holder);
}

/* --- a writer that waits while bulk work releases the lock and takes it again at once --- */

#define ROUNDS 100
#define LONG_PATIENCE_MS 600000

struct decider {
	struct fixture *f;
	atomic_int called, decided; /* last round in which: the bulk work held the lock; the writer decided */
};

static void *decide_when_called(void *context)
{
	struct decider *decider = context;
	struct store *store = NULL;
	struct error error = { 0 };
	struct store_options options = { .path = decider->f->path,
					 .busy_timeout_ms = LONG_PATIENCE_MS,
					 .world = world_real() };

	if (store_open(&options, &store, &error) != ERR_OK)
		abort();
	for (int round = 1; round <= ROUNDS; round++) {
		while (atomic_load(&decider->called) < round)
			test_sleep_ms(1);
		if (store_begin(store, STORE_WRITE, &error) != ERR_OK ||
		    store_info_set(store, "decided", "x", &error) != ERR_OK)
			abort();
		atomic_store(&decider->decided, round);
		if (store_commit(store, &error) != ERR_OK)
			abort();
	}
	store_close(store);
	return NULL;
}

static void wait_until_somebody_waits(struct store *store)
{
	long long until = test_clock_ms() + PATIENCE_MS;

	while (!sqlite_has_waiters((struct sqlite_db *)store->db)) {
		cr_assert(test_clock_ms() < until, "nobody came");
		test_sleep_ms(1);
	}
}

/* Each round: bulk work holds the lock, a writer arrives, and gets the lock next, before more bulk work or a
 * checkpoint. */
static void let_all_decide(bool checkpoints)
{
	struct fixture f;
	struct store *bulk;
	pthread_t thread;

	fixture_init(&f);
	bulk = fixture_connect(&f, LONG_PATIENCE_MS);
	OK(&f, bulk->db->driver->set_durable(bulk->db, false, &f.error));
	struct decider decider = { .f = &f };
	cr_assert_eq(pthread_create(&thread, NULL, decide_when_called, &decider), 0);
	for (int round = 1; round <= ROUNDS; round++) {
		OK(&f, store_begin(bulk, STORE_WRITE, &f.error));
		OK(&f, store_info_set(bulk, "bulk", "x", &f.error));
		atomic_store(&decider.called, round);
		wait_until_somebody_waits(bulk);
		OK(&f, store_commit(bulk, &f.error));
		if (checkpoints)
			bulk->db->driver->checkpoint(bulk->db);
		else
			OK(&f, store_begin(bulk, STORE_WRITE, &f.error));
		cr_assert_eq(atomic_load(&decider.decided), round, "round %d: the bulk work came first", round);
		store_rollback(bulk);
	}
	pthread_join(thread, NULL);
	store_close(bulk);
	fixture_release(&f);
}

Test(turns, whoever_waits_beside_bulk_work_is_next, .timeout = 120)
{
	let_all_decide(false);
}

Test(turns, whoever_waits_beside_bulk_work_comes_before_a_checkpoint, .timeout = 120)
{
	let_all_decide(true);
}

/* A process that is stopped, or starts too slowly, does not block the others for good. */
Test(turns, bulk_work_stands_back_for_a_while_and_no_longer, .init = set_up, .fini = tear_down)
{
	struct store *waiting, *bulk;

	waiting = fixture_connect(&f, 0);
	bulk = fixture_connect(&f, 1000);
	OK(&f, bulk->db->driver->set_durable(bulk->db, false, &f.error));
	struct sqlite_db *stopped = (struct sqlite_db *)waiting->db;
	stopped->takes_lock = true;
	sqlite_set_waiting(stopped);
	cr_assert(sqlite_has_waiters((struct sqlite_db *)bulk->db));
	cr_expect_not(sqlite_has_waiters(stopped), "one's own waiting is nobody's");
	OK(&f, store_begin(bulk, STORE_WRITE, &f.error));
	cr_expect(store_may_have_waiters(bulk), "what holds the lock learns of it, too");
	store_rollback(bulk);
	store_close(waiting);
	cr_expect_not(sqlite_has_waiters((struct sqlite_db *)bulk->db), "it ends with its connection");
	OK(&f, store_begin(bulk, STORE_WRITE, &f.error));
	cr_expect_not(store_may_have_waiters(bulk));
	store_rollback(bulk);
	store_close(bulk);
}

/* --- copying the log back while another connection does bulk work --- */

static void write_pages(struct fixture *f, size_t pages)
{
	size_t length = pages * 4096;
	char *text = malloc(length + 1);

	cr_assert_not_null(text);
	memset(text, 'x', length);
	text[length] = '\0';
	fixture_begin(f);
	OK(f, store_info_set(f->store, "pages", text, &f->error));
	OK(f, store_commit(f->store, &f->error));
	free(text);
}

static bool copies(struct fixture *f)
{
	const struct sqlite_db *db = (const struct sqlite_db *)f->store->db;

	store_maintain(f->store);
	return db->checkpoint_frames > 0;
}

Test(turns, who_writes_beside_bulk_work_leaves_the_log_to_it, .init = set_up, .fini = tear_down)
{
	struct store *bulk = fixture_connect(&f, 0);
	OK(&f, store_import_start(bulk, 0, &f.error));
	write_pages(&f, SQLITE_CHECKPOINT_PAGES + 100);
	cr_expect_not(copies(&f));
	/* Bulk work counts as ended when its connection is closed. */
	store_close(bulk);
	cr_expect(copies(&f));
}

Test(turns, bulk_work_that_is_stopped_keeps_the_log_from_being_copied_for_a_while_only, .init = set_up,
     .fini = tear_down)
{
	struct store *bulk = fixture_connect(&f, 0);
	OK(&f, store_import_start(bulk, 0, &f.error));
	write_pages(&f, SQLITE_CHECKPOINT_PAGES_OTHERS);
	cr_expect(copies(&f));
	store_close(bulk);
}
