#include "kybdesk/base/stops.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

enum { LITTLE_MS = 30, PATIENCE_MS = 20000 };

static atomic_int entered, may_leave, leaves;

static void await(const atomic_int *what)
{
	for (int waited = 0; !atomic_load(what) && waited < PATIENCE_MS; waited++)
		test_sleep_ms(1);
	cr_assert(atomic_load(what));
}

static void *holder(void *context)
{
	(void)context;
	suspension_block(false);
	atomic_store(&entered, 1);
	await(&may_leave);
	suspension_block(true); /* a nested call never waits */
	suspension_unblock();
	suspension_unblock();
	return NULL;
}

/* Acts like a thread that waits for a lock of another process. */
static void *late_holder(void *context)
{
	(void)context;
	suspension_block(false);
	suspension_block(true);
	atomic_store(&entered, 1);
	test_sleep_ms(10 * LITTLE_MS);
	atomic_store(&leaves, 1);
	suspension_unblock();
	suspension_unblock();
	return NULL;
}

static bool is_blocked(void)
{
	sigset_t now;

	pthread_sigmask(SIG_SETMASK, NULL, &now);
	return sigismember(&now, SIGTSTP);
}

Test(stops, wait_for_whoever_has_a_lock_and_no_longer_than_is_said)
{
	pthread_t thread;

	cr_assert_eq(pthread_create(&thread, NULL, holder, NULL), 0);
	await(&entered);
	cr_expect_not(suspension_begin(LITTLE_MS));
	atomic_store(&may_leave, 1);
	cr_expect(suspension_begin(PATIENCE_MS));
	cr_assert_eq(pthread_join(thread, NULL), 0);
	suspension_end();
}

Test(stops, wait_longer_for_who_may_get_a_lock_at_any_moment)
{
	pthread_t thread;

	cr_assert_eq(pthread_create(&thread, NULL, late_holder, NULL), 0);
	await(&entered);
	/* Between the two suspension_unblock() the thread is in a section that only reads: either result is right. */
	(void)suspension_begin(LITTLE_MS);
	cr_expect(atomic_load(&leaves), "it was not waited for");
	suspension_end();
	cr_assert_eq(pthread_join(thread, NULL), 0);
}

Test(stops, let_nobody_in_meanwhile)
{
	pthread_t thread;

	cr_assert(suspension_begin(LITTLE_MS));
	atomic_store(&may_leave, 1);
	cr_assert_eq(pthread_create(&thread, NULL, holder, NULL), 0);
	test_sleep_ms(LITTLE_MS);
	cr_expect_not(atomic_load(&entered), "it entered while the process was to be stopped");
	suspension_end();
	await(&entered);
	cr_assert_eq(pthread_join(thread, NULL), 0);
}

Test(stops, come_late_to_a_thread_that_has_a_lock)
{
	sigset_t stop;

	suspension_block(false);
	cr_expect_not(is_blocked());
	suspension_block(true);
	suspension_block(true);
	cr_expect(is_blocked());
	suspension_unblock();
	cr_expect(is_blocked());
	suspension_unblock();
	cr_expect_not(is_blocked());
	suspension_unblock();
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	suspension_block(true);
	suspension_unblock();
	cr_expect(is_blocked(), "what somebody else had blocked was let in");
}
