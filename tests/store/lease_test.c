/* Leases and waiting times if the wall clock is set. */
#include "store/outbox_support.h"

#include <string.h>

OUTBOX(lease);

static const int64_t steps[] = { HOUR, -HOUR, 10 * 365 * 24 * HOUR, -10 * 365 * 24 * HOUR };

/* Three workers are busy when the clock is set: no worker sends a delivery that another has leased, and every result is
 * recorded. */
Test(lease, a_clock_that_is_set_ends_no_lease_and_every_answer_counts)
{
	static const char *const workers[] = { "first", "second", "third" };

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct outbox o;
		struct delivery_job *jobs[3], *again;
		int64_t now = TEST_NOW + steps[i];

		outbox_init(&o);
		for (size_t w = 0; w < 3; w++) {
			struct session session = session_added(&o.f, "Lane Holdings");

			outbox_add_event(&o, session.row, 0, TEST_NOW);
			cr_assert_eq(outbox_lease(&o, workers[w], TEST_NOW, 1, 10, &jobs[w]), 1);
		}
		o.step = steps[i];
		for (size_t w = 0; w < 3; w++) {
			cr_expect_eq(outbox_lease(&o, workers[w], now + 1000, 10, 10, &again), 0, "step %zu", i);
			cr_expect_eq(outbox_lease(&o, "newcomer", now + 1000, 10, 10, &again), 0, "step %zu", i);
		}
		cr_expect_eq(outbox_newest_state(&o, now + 1000), DELIVERY_LEASED, "step %zu", i);
		for (size_t w = 0; w < 3; w++)
			outbox_settle(&o, workers[w], jobs[w], OUTCOME_DELIVERED, TIME_NONE, now + 2000);
		cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery WHERE state = 'delivered' AND "
					     "attempts = 1"),
			     3, "step %zu", i);
		fixture_release(&o.f);
	}
}

Test(lease, a_lease_ends_in_its_own_time_whatever_the_clock_says)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct outbox o;
		struct delivery_job *jobs;
		int64_t now = TEST_NOW + steps[i];

		outbox_init(&o);
		outbox_add_event(&o, o.session.row, 0, TEST_NOW);
		/* The delivery is due by either clock: only the lease blocks it. */
		shell_run(o.f.path, "UPDATE delivery SET next_at = 0, set_at = 0");
		cr_assert_eq(outbox_lease(&o, "dies", TEST_NOW, 1, 1, &jobs), 1);
		o.step = steps[i];
		cr_expect_eq(outbox_lease(&o, "w", now + LEASE_MS - 1, 1, 1, &jobs), 0, "step %zu", i);
		cr_expect_eq(outbox_next_at(&o, now + LEASE_MS - 1, now + LEASE_MS - 1), now + LEASE_MS, "step %zu", i);
		cr_expect_eq(outbox_lease(&o, "w", now + LEASE_MS, 1, 1, &jobs), 1, "step %zu", i);
		fixture_release(&o.f);
	}
}

/* SQLite only: the clock of a PostgreSQL server continues over a restart of the machine. */
#ifdef KYB_PLACE_SQLITE
Test(lease, a_lease_of_an_earlier_start_of_the_machine_is_over_at_once)
{
	struct delivery_job *jobs;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 1, &jobs), 1);
	memcpy(o.f.world.boot_id, "b0071d00-0000-4000-8000-000000000002", WORLD_BOOT_ID_SIZE);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + 1), DELIVERY_DUE);
	(void)outbox_list(&o, TEST_NOW + 1, 1u << DELIVERY_LEASED, &(size_t){ 0 });
	cr_assert_eq(outbox_lease(&o, "v", TEST_NOW + 1, 1, 1, &jobs), 1);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + 1), DELIVERY_LEASED);
}
#endif

Test(lease, an_answer_after_the_end_of_a_lease_counts_unless_somebody_else_took_it)
{
	struct session other = session_added(&o.f, "Lane Holdings");
	struct delivery_job *jobs, *again, *none;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "slow", TEST_NOW, 1, 1, &jobs), 1);
	/* Another worker notices that the lease is over, but has no capacity for the delivery. */
	cr_assert_eq(outbox_lease(&o, "full", TEST_NOW + LEASE_MS, 0, 1, &none), 0);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + LEASE_MS), DELIVERY_DUE);
	outbox_settle(&o, "slow", &jobs[0], OUTCOME_DELIVERED, TIME_NONE, TEST_NOW + LEASE_MS);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + LEASE_MS), DELIVERY_DELIVERED);
	cr_expect_eq(outbox_lease(&o, "quick", TEST_NOW + LEASE_MS, 1, 1, &again), 0, "sent twice");

	outbox_add_event(&o, other.row, outbox_add_decision(&o, 1), TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "slow", TEST_NOW + LEASE_MS, 1, 1, &jobs), 1);
	cr_assert_eq(outbox_lease(&o, "full", TEST_NOW + 2 * LEASE_MS, 0, 1, &none), 0);
	fixture_begin(&o.f);
	cr_expect_eq(store_event_cancel(o.f.store, 1, "undone", TEST_NOW, &o.f.error), ERR_CONFLICT,
		     "it may have arrived");
	store_rollback(o.f.store);
}

Test(lease, a_retry_waits_as_long_as_was_meant_when_the_clock_is_set_back)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct outbox o;
		struct session other;
		struct delivery_job *jobs, *again;
		int64_t now = TEST_NOW + steps[i];

		if (steps[i] > 0)
			continue;
		outbox_init(&o);
		session_add(&o.f, &other, "Lane Holdings");
		outbox_add_event(&o, o.session.row, 0, TEST_NOW);
		outbox_add_event(&o, o.session.row, 0, TEST_NOW);
		outbox_add_event(&o, other.row, 0, TEST_NOW + 10000);
		cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 5, 5, &jobs), 1);
		outbox_settle(&o, "w", &jobs[0], OUTCOME_RETRY, TEST_NOW + 300000, TEST_NOW);
		o.step = steps[i];
		cr_expect_eq(outbox_next_at(&o, now, now), now, "somebody has to put it right");
		cr_expect_eq(outbox_lease(&o, "w", now, 5, 5, &again), 0, "no storm");
		cr_expect_eq(outbox_lease(&o, "w", now + 9999, 5, 5, &again), 0);
		cr_assert_eq(outbox_lease(&o, "w", now + 10000, 5, 5, &again), 1, "what was held is held no longer");
		cr_expect_eq(again[0].session, other.row);
		outbox_settle(&o, "w", &again[0], OUTCOME_DELIVERED, TIME_NONE, now + 10000);
		cr_expect_eq(outbox_lease(&o, "w", now + 60000, 5, 5, &again), 0);
		cr_assert_eq(outbox_lease(&o, "w", now + 300000, 1, 5, &again), 1);
		cr_expect_eq(again[0].row, jobs[0].row, "in order");
		cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery_attempt"), 2);
		fixture_release(&o.f);
	}
}

/* The clock jumps forward and back: one attempt after each jump forward, and none after a jump back. */
Test(lease, a_clock_that_jumps_to_and_fro_makes_no_storm)
{
	struct delivery_job *jobs;
	int64_t now = TEST_NOW, attempts = 0;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	for (int turn = 0; turn < 6; turn++) {
		o.step = turn % 2 ? 0 : steps[2];
		now = TEST_NOW + o.step + turn * 1000;
		while (outbox_lease(&o, "w", now, 5, 5, &jobs)) {
			outbox_settle(&o, "w", &jobs[0], OUTCOME_RETRY, now + HOUR, now);
			attempts++;
		}
	}
	cr_expect_leq(attempts, 3, "%lld attempts", (long long)attempts);
	o.step = 0;
	cr_expect_eq(outbox_lease(&o, "w", TEST_NOW + HOUR + 10000, 5, 5, &jobs), 1, "and nothing is stuck");
}

Test(lease, a_clock_that_jumps_makes_no_five_days_of_one_failure)
{
	struct delivery_job *jobs;
	int64_t later = TEST_NOW + steps[2];

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 1, &jobs), 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_RETRY, TEST_NOW + 5000, TEST_NOW);
	o.step = steps[2];
	cr_assert_eq(outbox_lease(&o, "w", later, 1, 1, &jobs), 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_RETRY, later + 5000, later);
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM endpoint WHERE disabled_at IS NULL"), 1);
}
