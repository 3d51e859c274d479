/*
 * A worker's scan of waiting deliveries: each call scans a slice, the scan does not start again without need, and it
 * misses no delivery that may be sent.
 */
#include "store/outbox_support.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#ifdef KYB_PLACE_SQLITE
#include <sqlite3.h>
#endif

#define SESSION 5000000
/* More rows than one call scans. */
enum { MANY = 5000 };

struct walker {
	struct outbox o;
	struct delivery_scan scan;
	struct settlement_and_lease trade; /* of the last call of trade() */
	int64_t later_ms;		   /* time since TEST_NOW */
};

/* Adds a session with `count` events that are due now, the oldest first. */
static void add_backlog(struct walker *w, int64_t session, int count)
{
	shell_run(w->o.f.path,
		  arena_printf(&w->o.f.arena,
			       "INSERT INTO subject (id, merchant_id, uid, kind, created_at) SELECT %" PRId64
			       ", merchant_id, 'walk-%" PRId64 "', 'individual', 1 FROM endpoint WHERE id = %" PRId64
			       ";"
			       "INSERT INTO session (id, uuid, merchant_id, workflow, kind, subject_id, status, "
			       "subject_name, created_at, updated_at) SELECT id, uid, merchant_id, 'ralio-kyc', 'kyc', "
			       "id, 'approved', 'n', 1, 1 FROM subject WHERE id = %" PRId64 ";"
			       "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < %d) "
			       "INSERT INTO outbox_event (id, uuid, session_id, merchant_id, type, sequence, body, "
			       "created_at) SELECT s.id + n, 'evt_' || (s.id + n), s.id, s.merchant_id, "
			       "'kyc.state_updated', n, (SELECT hash FROM chain_head), 1 FROM i, session AS s WHERE "
			       "s.id = %" PRId64 ";"
			       "INSERT INTO delivery (id, uuid, event_id, endpoint_id, session_id, state, next_at, "
			       "set_at, created_at) SELECT id, uuid, id, %" PRId64 ", session_id, 'pending', 1, 1, 1 "
			       "FROM outbox_event WHERE session_id = %" PRId64 ";",
			       session, session, w->o.endpoint, session, count, session, w->o.endpoint, session));
}

static struct walker w;

static void set_up(void)
{
	outbox_init(&w.o);
}

static void tear_down(void)
{
	delivery_scan_release(&w.scan);
	fixture_release(&w.o.f);
}
TestSuite(scan, .init = set_up, .fini = tear_down);

/* Settles the leases of the last call as delivered, and leases at most `limit` deliveries. */
static size_t trade(struct walker *w, size_t limit)
{
	struct fixture *f = &w->o.f;
	size_t count = w->trade.lease.count;
	struct delivery_result *results =
		count ? arena_alloc_array(&f->arena, count, sizeof(struct delivery_result)) : NULL;

	for (size_t i = 0; i < count; i++)
		results[i] = (struct delivery_result){ .row = w->trade.lease.jobs[i].row,
						       .endpoint = w->trade.lease.jobs[i].endpoint,
						       .session = w->trade.lease.jobs[i].session,
						       .outcome = OUTCOME_DELIVERED,
						       .note = "",
						       .attempt = { .status = 200, .failure = "", .response = "" } };
	w->trade = (struct settlement_and_lease){ .results = results,
						  .count = count,
						  .lease = { .owner = "w",
							     .scan = &w->scan,
							     .now = TEST_NOW + w->later_ms,
							     .lease_ms = LEASE_MS,
							     .limit = limit,
							     .per_endpoint_max = 100 } };
	OK(f, store_delivery_settle_and_lease(f->store, &f->arena, &w->trade, &f->error));
	return w->trade.lease.count;
}

/* Repeats trade() until the scan has seen all deliveries; expects no lease. */
static void walk_out(struct walker *w)
{
	unsigned calls = 0;

	do {
		cr_assert_lt(++calls, 20u, "it comes to no end");
		cr_assert_eq(trade(w, 100), 0);
	} while (w->trade.lease.may_have_more);
}

Test(scan, a_call_looks_at_so_many_and_the_next_goes_on_there)
{
	add_backlog(&w, SESSION, MANY);
	add_backlog(&w, 2 * SESSION, 1);
	cr_assert_eq(trade(&w, 100), 1, "the first of the one");
	cr_expect_eq(w.trade.lease.jobs[0].row, SESSION + 1);
	cr_expect(w.trade.lease.may_have_more, "it has not come to the other yet");
	/* The lease is not settled, so that no later delivery of its session follows. */
	w.trade.lease.count = 0;
	cr_assert_eq(trade(&w, 100), 1);
	cr_expect_eq(w.trade.lease.jobs[0].row, 2 * SESSION + 1);
	cr_expect_not(w.trade.lease.may_have_more);
}

Test(scan, what_is_settled_is_followed_by_the_next_of_its_session_alone)
{
	struct delivery_lease first;

	add_backlog(&w, SESSION, MANY);
	cr_assert_eq(trade(&w, 100), 1);
	first = w.trade.lease;
	w.trade.lease.count = 0;
	walk_out(&w);
	w.trade.lease = first;
	for (int64_t at = 2; at < 40; at++) {
		cr_assert_eq(trade(&w, 100), 1, "event %" PRId64, at);
		cr_expect_eq(w.trade.lease.jobs[0].row, SESSION + at);
		cr_expect_not(w.trade.lease.may_have_more, "it walks over all of them again");
	}
}

Test(scan, what_could_not_be_followed_for_want_of_room_is_found_again)
{
	for (int i = 1; i <= 3; i++)
		add_backlog(&w, i * SESSION, 2);
	cr_assert_eq(trade(&w, 100), 3);
	/* The scan has already passed the second delivery of each session. */
	cr_assert_eq(trade(&w, 1), 1);
	cr_expect(w.trade.lease.may_have_more);
	for (int left = 2; left > 0; left--)
		cr_assert_eq(trade(&w, 1), 1, "%d are forgotten", left);
	cr_expect_eq(trade(&w, 1), 0);
	cr_expect_eq(number_of(&w.o.f, "SELECT count(*) FROM delivery WHERE state = 'delivered'"), 6);
}

/* When the first delivery is settled, the rate limit of its endpoint does not permit the second one yet. */
Test(scan, what_could_not_be_followed_for_its_rate_is_found_again)
{
	struct delivery_lease first;

	add_backlog(&w, SESSION, 2);
	cr_assert_eq(trade(&w, 100), 1);
	first = w.trade.lease;
	w.trade.lease.count = 0;
	walk_out(&w);
	shell_run(w.o.f.path, arena_printf(&w.o.f.arena, "UPDATE endpoint SET per_minute = 60, pace_at = %" PRId64,
					   TEST_NOW + 1000));
	w.trade.lease = first;
	cr_assert_eq(trade(&w, 100), 0, "the second is sent too early");
	w.later_ms = 1000;
	cr_assert_eq(trade(&w, 100), 1, "the second is never sent");
	cr_expect_eq(w.trade.lease.jobs[0].row, SESSION + 2);
}

Test(scan, what_came_free_behind_it_is_found_when_it_is_told_to_begin_anew)
{
	add_backlog(&w, SESSION, MANY);
	cr_assert_eq(trade(&w, 100), 1);
	w.trade.lease.count = 0;
	walk_out(&w);
	/* Another process records that the first delivery has arrived. */
	shell_run(w.o.f.path, "UPDATE delivery SET state = 'delivered', lease_boot = '', lease_boot_ms = NULL, "
			      "lease_until = NULL WHERE state = 'leased'");
	cr_expect_eq(trade(&w, 100), 0, "a test of nothing");
	w.scan.generation++;
	cr_assert_eq(trade(&w, 100), 1);
	cr_expect_eq(w.trade.lease.jobs[0].row, SESSION + 2);
}

Test(scan, what_a_dead_worker_held_is_found_behind_it)
{
	struct delivery_job *jobs;

	add_backlog(&w, SESSION, MANY);
	cr_assert_eq(outbox_lease(&w.o, "dies", TEST_NOW, 1, 1, &jobs), 1);
	walk_out(&w);
	outbox_pass_until(&w.o, TEST_NOW + LEASE_MS);
	cr_assert_eq(trade(&w, 100), 1);
	cr_expect_eq(w.trade.lease.jobs[0].row, jobs[0].row);
}

#ifdef KYB_PLACE_SQLITE
/* A scan that leases nothing takes no write lock, so that decisions do not wait for it. */
Test(scan, what_only_waits_takes_no_lock)
{
	sqlite3 *db;

	add_backlog(&w, SESSION, MANY);
	cr_assert_eq(trade(&w, 100), 1);
	w.trade.lease.count = 0;
	cr_assert_eq(sqlite3_open(w.o.f.path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	walk_out(&w);
	cr_assert_eq(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* If the transaction fails, nothing is leased, and the next scan finds the same delivery. */
Test(scan, what_was_not_leased_after_all_is_found_again)
{
	struct fixture *f = &w.o.f;

	add_backlog(&w, SESSION, 3);
	shell_run(f->path, "CREATE TRIGGER refuses BEFORE UPDATE OF pace_at ON endpoint BEGIN SELECT RAISE(ABORT, "
			   "'no'); END; UPDATE endpoint SET per_minute = 600");
	w.trade.lease = (struct delivery_lease){ .owner = "w",
						 .scan = &w.scan,
						 .now = TEST_NOW,
						 .lease_ms = LEASE_MS,
						 .limit = 10,
						 .per_endpoint_max = 10 };
	cr_assert_neq(outbox_lease_due(f->store, &f->arena, &w.trade.lease, &f->error), ERR_OK);
	error_release(&f->error);
	cr_expect_eq(w.trade.lease.count, 0);
	shell_run(f->path, "DROP TRIGGER refuses");
	cr_assert_eq(trade(&w, 10), 1);
	cr_expect_eq(w.trade.lease.jobs[0].row, SESSION + 1);
}
#endif

/* The next due time ignores scanned deliveries that wait for an earlier one, and counts deliveries that become due. */
Test(scan, the_next_time_is_that_of_what_was_not_looked_at)
{
	struct fixture *f = &w.o.f;
	int64_t at;

	add_backlog(&w, SESSION, 10);
	OK(f, store_delivery_next_due(f->store, TEST_NOW, TIME_NONE, &at, &f->error));
	cr_expect_leq(at, TEST_NOW);
	cr_assert_eq(trade(&w, 100), 1);
	OK(f, store_delivery_next_due(f->store, TEST_NOW, TEST_NOW, &at, &f->error));
	cr_expect_eq(at, TEST_NOW + LEASE_MS);
	outbox_add_event(&w.o, w.o.session.row, 0, TEST_NOW + 700);
	OK(f, store_delivery_next_due(f->store, TEST_NOW, TEST_NOW, &at, &f->error));
	cr_expect_eq(at, TEST_NOW + 700);
	/* Due deliveries of a held-back endpoint wait for the end of the hold. */
	shell_run(f->path, arena_printf(&f->arena, "UPDATE endpoint SET failures = 5, held_until = %" PRId64,
					(int64_t)TEST_NOW + 30000));
	shell_run(f->path, "UPDATE delivery SET state = 'pending', lease_boot = '', lease_boot_ms = NULL");
	OK(f, store_delivery_next_due(f->store, TEST_NOW, TEST_NOW, &at, &f->error));
	cr_expect_eq(at, TEST_NOW + 30000);
}
