/* The server's queue for the writers' lock is fair, but bulk work leaves even more turns to other writers. */
#include "store/store_support.h"
#include "kybdesk/store/store.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#define HOLD_MS 20
#define BULK_TURNS 20

struct other {
	struct fixture *fixture;
	atomic_bool stops;
	atomic_int turns;
};

/* Takes the lock again as soon as it has released it. */
static void *work(void *context)
{
	struct other *other = context;
	struct store *store = fixture_connect(other->fixture, 0);
	struct timespec hold = { .tv_nsec = HOLD_MS * 1000000 };
	struct error error = { 0 };

	while (!atomic_load(&other->stops) && store_begin(store, STORE_WRITE, &error) == ERR_OK) {
		(void)nanosleep(&hold, NULL);
		store_rollback(store);
		atomic_fetch_add(&other->turns, 1);
	}
	error_release(&error);
	store_close(store);
	return NULL;
}

/* Until the other writer waits for the lock that the fixture's store holds: on a busy machine it may take long to
 * request it again. */
static void await_other(struct fixture *f)
{
	while (number_of(f, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
			    "(SELECT oid FROM pg_database WHERE datname = current_database())") < 1)
		(void)sched_yield();
}

/* How often another writer got the lock while the fixture's store got it BULK_TURNS times. */
static int turns_beside(bool bulk)
{
	struct fixture f;
	struct other other = { .fixture = &f };
	pthread_t thread;

	fixture_init(&f);
	OK(&f, f.store->db->driver->set_durable(f.store->db, !bulk, &f.error));
	cr_assert_eq(pthread_create(&thread, NULL, work, &other), 0);
	while (!atomic_load(&other.turns))
		(void)sched_yield();
	atomic_store(&other.turns, 0);
	for (int i = 0; i < BULK_TURNS; i++) {
		fixture_begin(&f);
		await_other(&f);
		store_rollback(f.store);
	}
	atomic_store(&other.stops, true);
	cr_assert_eq(pthread_join(thread, NULL), 0);
	OK(&f, f.store->db->driver->set_durable(f.store->db, true, &f.error));
	fixture_release(&f);
	return atomic_load(&other.turns);
}

Test(bulk, leaves_turns_to_the_others)
{
	int beside_others = turns_beside(false), beside_bulk = turns_beside(true);

	cr_expect(beside_bulk >= beside_others + BULK_TURNS / 5, "%d beside bulk work, %d beside another", beside_bulk,
		  beside_others);
}
