/* Leases: heartbeats of workers, endpoints that are held back, and the rate of deliveries. */
#include "store/outbox_support.h"
#include "kybdesk/store/audit.h"

#include <inttypes.h>
#include <string.h>

OUTBOX(worker);
TestSuite(replay, .init = set_up, .fini = tear_down);
TestSuite(breaker, .init = set_up, .fini = tear_down);
TestSuite(pace, .init = set_up, .fini = tear_down);
TestSuite(endpoint, .init = set_up, .fini = tear_down);

#define ALIVE_MS 10000
#define SECOND 1000 /* margin: two connections may read slightly different times from a server */

/* Leases like a worker that sends heartbeats; first advances the time until `now`. */
static size_t lease_alive(struct outbox *o, const char *owner, int64_t now, bool has_leases, bool *is_lease_lost)
{
	struct delivery_scan scan = { 0 };
	struct delivery_lease taken = { .owner = owner,
					.scan = &scan,
					.now = now,
					.lease_ms = LEASE_MS,
					.limit = 100,
					.per_endpoint_max = 100,
					.alive_timeout_ms = ALIVE_MS,
					.has_leases = has_leases };

	outbox_pass_until(o, now);
	OK(&o->f, outbox_lease_due(o->f.store, &o->f.arena, &taken, &o->f.error));
	delivery_scan_release(&scan);
	if (is_lease_lost)
		*is_lease_lost = taken.is_lease_lost;
	return taken.count;
}

static bool beat(struct outbox *o, const char *owner, int64_t now)
{
	bool alive;

	outbox_pass_until(o, now);
	OK(&o->f, store_delivery_heartbeat(o->f.store, owner, ALIVE_MS, &alive, &o->f.error));
	return alive;
}

Test(worker, one_that_says_nothing_is_dead_after_seconds_and_one_that_lives_keeps_its_lease)
{
	int64_t now = TEST_NOW;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(lease_alive(&o, "a", now, false, NULL), 1);
	cr_expect_eq(outbox_next_at(&o, now, now), now + ALIVE_MS, "when somebody should look");
	for (int turn = 0; turn < 8; turn++) {
		now += ALIVE_MS - 1;
		cr_expect_eq(lease_alive(&o, "b", now, false, NULL), 0, "taken from a living one, turn %d", turn);
		cr_expect(beat(&o, "a", now));
	}
	cr_expect_eq(outbox_newest_state(&o, now), DELIVERY_LEASED);
	cr_expect_eq(lease_alive(&o, "b", now + ALIVE_MS - 1, false, NULL), 0);
	cr_expect_eq(lease_alive(&o, "b", now + ALIVE_MS, false, NULL), 1, "the dead one holds it");
}

/* A worker sends heartbeats on a separate connection, so it counts as alive however long another process writes. */
Test(worker, one_that_waits_for_the_lock_of_all_writers_says_that_it_lives)
{
	struct store *pulse, *writer;
	int64_t now = TEST_NOW;
	bool alive;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(lease_alive(&o, "a", now, false, NULL), 1);
	pulse = fixture_connect(&o.f, 50);
	writer = fixture_connect(&o.f, 50);
	OK(&o.f, store_begin(writer, STORE_WRITE, &o.f.error));
	for (int turn = 0; turn < 3; turn++) {
		now += ALIVE_MS - SECOND;
		outbox_pass_until(&o, now);
		OK(&o.f, store_delivery_heartbeat(pulse, "a", ALIVE_MS, &alive, &o.f.error));
		cr_expect(alive, "turn %d", turn);
	}
	store_rollback(writer);
	now += ALIVE_MS - SECOND;
	cr_expect_eq(lease_alive(&o, "b", now, false, NULL), 0, "taken from a living one");
	outbox_pass_until(&o, now);
	OK(&o.f, store_delivery_remove_dead_workers(o.f.store, &o.f.error));
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM worker WHERE owner = 'a'"), 1);
	cr_expect_eq(lease_alive(&o, "a", now, true, &alive), 0);
	cr_expect_not(alive, "it is told that it was dead");
	/* A late heartbeat does not count, and an expired worker does not come back. */
	now += ALIVE_MS + SECOND;
	outbox_pass_until(&o, now);
	OK(&o.f, store_delivery_heartbeat(pulse, "a", ALIVE_MS, &alive, &o.f.error));
	cr_expect_not(alive);
	cr_expect_eq(lease_alive(&o, "b", now, false, NULL), 1);
	OK(&o.f, store_delivery_heartbeat(pulse, "a", ALIVE_MS, &alive, &o.f.error));
	cr_expect_not(alive, "it was removed");
	store_close(writer);
	store_close(pulse);
}

/* In SQLite a heartbeat ends with its connection: another process that opens the store does not prolong it. */
Test(worker, a_sign_of_life_ends_with_its_connection)
{
	struct store *pulse;
	bool alive;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(lease_alive(&o, "a", TEST_NOW, false, NULL), 1);
	pulse = fixture_connect(&o.f, 50);
	outbox_pass_until(&o, TEST_NOW + ALIVE_MS - SECOND);
	OK(&o.f, store_delivery_heartbeat(pulse, "a", ALIVE_MS, &alive, &o.f.error));
	cr_expect(alive);
	store_close(pulse);
	/* A database server keeps the heartbeat in the worker's row, also after the connection was closed. */
	cr_expect_eq(lease_alive(&o, "b", TEST_NOW + ALIVE_MS, false, NULL),
		     o.f.store->db->driver->set_heartbeat ? 1 : 0);
	cr_expect_eq(lease_alive(&o, "b", TEST_NOW + 2 * ALIVE_MS - SECOND / 2, false, NULL),
		     o.f.store->db->driver->set_heartbeat ? 0 : 1);
}

/* Dead workers are removed even if nothing is due; their deliveries become pending at once. */
Test(worker, the_dead_are_taken_off_the_list_by_whoever_looks)
{
	int64_t late = TEST_NOW + ALIVE_MS;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(lease_alive(&o, "a", TEST_NOW, false, NULL), 1);
	outbox_pass_until(&o, late - 1);
	OK(&o.f, store_delivery_remove_dead_workers(o.f.store, &o.f.error));
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM worker"), 1, "it may still be alive");
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery WHERE state = 'leased'"), 1);
	outbox_pass_until(&o, late);
	OK(&o.f, store_delivery_remove_dead_workers(o.f.store, &o.f.error));
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM worker"), 0);
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery WHERE state = 'pending'"), 1);
}

/* A lease ends although its worker sends heartbeats: a worker that hangs does not hold a delivery for ever. */
Test(worker, a_lease_ends_also_of_one_that_lives)
{
	int64_t now = TEST_NOW;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(lease_alive(&o, "a", now, false, NULL), 1);
	for (; now < TEST_NOW + LEASE_MS - 5000; now += 5000)
		cr_assert(beat(&o, "a", now));
	cr_expect_eq(lease_alive(&o, "b", TEST_NOW + LEASE_MS, false, NULL), 1);
}

Test(worker, one_that_was_taken_for_dead_is_told_and_takes_nothing_while_it_still_sends)
{
	int64_t late = TEST_NOW + ALIVE_MS;
	bool is_lease_lost;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(lease_alive(&o, "a", TEST_NOW, false, NULL), 1);
	cr_expect_not(beat(&o, "a", late));
	cr_expect_eq(lease_alive(&o, "a", late, true, &is_lease_lost), 0, "it would send twice what it is sending");
	cr_expect(is_lease_lost);
	cr_expect_not(beat(&o, "a", late), "nobody rises from the dead");
	cr_expect_eq(lease_alive(&o, "b", late, false, NULL), 1);
	cr_expect_not(beat(&o, "a", late));
	outbox_add_event(&o, 0, 0, TEST_NOW);
	cr_expect_eq(lease_alive(&o, "a", late, true, &is_lease_lost), 0);
	cr_expect(is_lease_lost, "somebody else buried it");
	cr_expect_eq(lease_alive(&o, "a", late, false, &is_lease_lost), 1, "with empty hands it begins anew");
	cr_expect_not(is_lease_lost);
	cr_expect(beat(&o, "a", late));
}

Test(worker, no_clock_that_is_set_makes_a_worker_dead_or_immortal)
{
	static const int64_t steps[] = { HOUR, -HOUR, 10 * 365 * 24 * HOUR, -10 * 365 * 24 * HOUR };

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct outbox o;
		int64_t now = TEST_NOW + steps[i];

		outbox_init(&o);
		outbox_add_event(&o, o.session.row, 0, TEST_NOW);
		shell_run(o.f.path, "UPDATE delivery SET next_at = 0, set_at = 0");
		cr_assert_eq(lease_alive(&o, "a", TEST_NOW, false, NULL), 1);
		o.step = steps[i];
		cr_expect_eq(lease_alive(&o, "b", now + ALIVE_MS - 1, false, NULL), 0, "step %zu", i);
		cr_expect_eq(lease_alive(&o, "b", now + ALIVE_MS, false, NULL), 1, "step %zu", i);
		fixture_release(&o.f);
	}
}

Test(worker, one_that_ends_gives_back_what_it_has_not_sent_at_once)
{
	outbox_add_event(&o, 0, 0, TEST_NOW);
	outbox_add_event(&o, 0, 0, TEST_NOW);
	cr_assert_eq(lease_alive(&o, "a", TEST_NOW, false, NULL), 2);
	OK(&o.f, store_delivery_release(o.f.store, "a", &o.f.error));
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM worker"), 0);
	cr_expect_eq(number_of(&o.f, "SELECT count(*) FROM delivery WHERE state = 'pending' AND lease_owner = ''"), 2);
	cr_expect_eq(lease_alive(&o, "b", TEST_NOW, false, NULL), 2);
}

/* Leases a delivery and settles it as failed; false if no delivery is available. */
static bool fail_one(struct outbox *o, int64_t now)
{
	struct delivery_job *jobs;

	if (!outbox_lease(o, "w", now, 1, 10, &jobs))
		return false;
	outbox_settle(o, "w", &jobs[0], OUTCOME_RETRY, now + HOUR, now);
	return true;
}

static void add_events(struct outbox *o, int count)
{
	for (int i = 0; i < count; i++)
		outbox_add_event(o, 0, 0, TEST_NOW);
}

Test(breaker, several_failures_in_a_row_hold_an_endpoint_back_and_cost_the_others_no_attempt)
{
	struct delivery_job *jobs;
	int64_t now = TEST_NOW, at;
	size_t count;

	add_events(&o, 20);
	for (int i = 0; i < 5; i++)
		cr_assert(fail_one(&o, now));
	cr_expect_not(fail_one(&o, now), "it is still asked");
	cr_expect_not(fail_one(&o, now + 29999));
	cr_expect_eq(outbox_next_at(&o, now, now), now + 30000, "nobody looks in circles");
	cr_expect_eq(outbox_list(&o, now, 1u << DELIVERY_DUE, &count)[0].endpoint_paused_until, now + 30000);
	/* One delivery is tried; the others wait for its result. */
	now += 30000;
	cr_assert_eq(outbox_lease(&o, "w", now, 10, 10, &jobs), 1);
	OK(&o.f, store_delivery_next_due(o.f.store, now, now, &at, &o.f.error));
	cr_expect_gt(at, now, "nothing more can go while one tries");
	outbox_settle(&o, "w", &jobs[0], OUTCOME_RETRY, now + HOUR, now);
	cr_expect_not(fail_one(&o, now + 59999), "the second time lasts twice as long");
	now += 60000;
	cr_assert_eq(outbox_lease(&o, "w", now, 10, 10, &jobs), 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_DELIVERED, TIME_NONE, now);
	cr_expect_eq(outbox_lease(&o, "w", now, 10, 10, &jobs), 10, "it works again");
	cr_expect_eq(number_of(&o.f, "SELECT sum(attempts) FROM delivery"), 7);
}

Test(breaker, no_time_is_longer_than_a_quarter_of_an_hour_and_no_clock_makes_it_so)
{
	int64_t now = TEST_NOW;

	add_events(&o, 40);
	for (int i = 0; i < 30; i++) {
		cr_assert(fail_one(&o, now), "after %d", i);
		now += 15 * 60000;
	}
	cr_assert(fail_one(&o, now));
	o.step = -10 * 365 * 24 * HOUR;
	cr_expect(fail_one(&o, now + o.step), "held for ten years");
}

Test(breaker, those_that_were_on_their_way_together_are_one_failure_of_the_endpoint)
{
	struct delivery_job *jobs;

	add_events(&o, 40);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 30, 30, &jobs), 30);
	for (int i = 0; i < 30; i++)
		outbox_settle(&o, "w", &jobs[i], OUTCOME_RETRY, TEST_NOW + HOUR, TEST_NOW);
	cr_expect_eq(number_of(&o.f, "SELECT held_until FROM endpoint") - TEST_NOW, 30000);
}

Test(breaker, what_this_side_broke_off_is_no_failure_of_the_endpoint)
{
	struct delivery_job *jobs;

	add_events(&o, 10);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 10);
	for (int i = 0; i < 10; i++)
		outbox_settle(&o, "w", &jobs[i], OUTCOME_BROKEN_OFF, TEST_NOW, TEST_NOW);
	cr_expect_eq(number_of(&o.f, "SELECT failures FROM endpoint"), 0);
	cr_expect_eq(outbox_lease(&o, "v", TEST_NOW, 10, 10, &jobs), 10);
}

static void limit(struct outbox *o, int64_t max_concurrency, int64_t per_minute)
{
	struct endpoint endpoint;

	OK(&o->f, store_endpoint_find(o->f.store, &o->f.arena, "https://one.example/hook", &endpoint, &o->f.error));
	endpoint.max_concurrency = max_concurrency;
	endpoint.deliveries_per_minute = per_minute;
	WRITE(&o->f, store_endpoint_write(o->f.store, &endpoint, NULL, &o->f.error));
}

Test(pace, an_endpoint_has_no_more_on_their_way_than_it_wants_whoever_sends)
{
	struct delivery_job *jobs, *others;

	add_events(&o, 20);
	limit(&o, 3, 0);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 3);
	cr_expect_eq(outbox_lease(&o, "v", TEST_NOW, 10, 10, &others), 0, "another worker adds to it");
	outbox_settle(&o, "w", &jobs[0], OUTCOME_DELIVERED, TIME_NONE, TEST_NOW);
	cr_expect_eq(outbox_lease(&o, "v", TEST_NOW, 10, 10, &others), 1);
}

/* A limit of 120 a minute permits one delivery each half second, and at most two at once. */
Test(pace, an_endpoint_is_told_so_many_in_a_minute_whoever_sends)
{
	struct delivery_job *jobs;
	int64_t at, sent = 0;
	int turn = 0;

	add_events(&o, 200);
	limit(&o, 0, 120);
	for (int64_t now = TEST_NOW; now < TEST_NOW + 60000; now += 250, turn++) {
		size_t taken = outbox_lease(&o, turn % 2 ? "v" : "w", now, 50, 200, &jobs);

		cr_assert_leq(taken, 2);
		sent += (int64_t)taken;
		OK(&o.f, store_delivery_next_due(o.f.store, now, now, &at, &o.f.error));
		cr_expect(at > now && at <= now + 1000, "%" PRId64, at - now);
	}
	cr_expect(sent >= 119 && sent <= 122, "%" PRId64, sent);
	/* A clock that is set back does not stop the deliveries. */
	o.step = -10 * 365 * 24 * HOUR;
	shell_run(o.f.path, "UPDATE delivery SET next_at = 0, set_at = 0 WHERE state = 'pending'");
	cr_expect_eq(outbox_lease(&o, "u", TEST_NOW + 60000 + o.step, 50, 200, &jobs), 2);
}

Test(endpoint, one_that_disabled_itself_is_on_record_counted_and_can_be_enabled)
{
	struct delivery_job *jobs;
	struct audit_list audit_log;
	struct webhook_counts counts;
	struct endpoint_switch enable = { .to = ENDPOINT_ENABLE, .row = o.endpoint };

	add_events(&o, 3);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 10, &jobs), 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_ENDPOINT_GONE, TIME_NONE, TEST_NOW);
	OK(&o.f, store_webhook_counts(o.f.store, TEST_NOW, &counts, &o.f.error));
	cr_expect_eq(counts.disabled, 1);
	OK(&o.f, store_audit_list(o.f.store, &o.f.arena, &(const struct audit_filter){ .session_id = "", .limit = 1 },
				  &audit_log, &o.f.error));
	cr_assert_eq(audit_log.count, 1);
	cr_expect_str_eq(audit_log.items[0].actor, "system");
	cr_expect_str_eq(audit_log.items[0].action, "endpoint.disable");
	cr_expect_not_null(strstr(audit_log.items[0].detail, "410 Gone"));
	add_events(&o, 2);
	WRITE(&o.f, store_endpoint_set_state(o.f.store, &enable, &o.f.error));
	cr_expect_eq(enable.unsent_count, 4, "two that waited, two that came meanwhile");
	OK(&o.f, store_webhook_counts(o.f.store, TEST_NOW, &counts, &o.f.error));
	cr_expect_eq(counts.disabled, 0);
	outbox_add_event(&o, 0, 0, TEST_NOW);
	cr_expect_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 1);
}

static struct replay_counts replay(struct outbox *o, const struct replay_filter *filter)
{
	struct replay_counts counts;

	WRITE(&o->f, store_delivery_replay(o->f.store, &o->f.arena, filter, &counts, &o->f.error));
	return counts;
}

#define BIT(state) (1u << (state))

Test(replay, what_came_while_an_endpoint_was_disabled_goes_in_order_with_the_same_id_and_bytes)
{
	struct delivery_job *jobs;
	struct replay_filter filter = { .until = TIME_NONE, .states = BIT(DELIVERY_UNSENT), .now = TEST_NOW + 1 };
	struct endpoint_switch enable = { .to = ENDPOINT_ENABLE, .row = o.endpoint };

	WRITE(&o.f, store_endpoint_set_state(
			    o.f.store, &(struct endpoint_switch){ ENDPOINT_DISABLE, o.endpoint, "moved", TEST_NOW, 0 },
			    &o.f.error));
	for (int i = 0; i < 3; i++)
		outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	struct replay_counts counts = replay(&o, &filter);
	cr_expect_eq(counts.deliveries, 0);
	cr_expect_eq(counts.disabled, 3);
	WRITE(&o.f, store_endpoint_set_state(o.f.store, &enable, &o.f.error));
	filter.count_only = true;
	cr_expect_eq(replay(&o, &filter).deliveries, 3);
	cr_expect_eq(outbox_lease(&o, "w", TEST_NOW + 1, 10, 10, &jobs), 0, "a look sends nothing");
	filter.count_only = false;
	counts = replay(&o, &filter);
	cr_expect_eq(counts.events, 3);
	cr_expect_eq(counts.deliveries, 3);
	cr_expect_eq(replay(&o, &filter).deliveries, 0, "once more is once too often");
	for (int i = 1; i <= 3; i++) {
		cr_assert_eq(outbox_lease(&o, "w", TEST_NOW + 1, 10, 10, &jobs), 1, "one after the other");
		cr_expect_eq(number_of(&o.f, arena_printf(&o.f.arena, "SELECT id FROM outbox_event WHERE uuid = '%s'",
							  jobs[0].event_id)),
			     i);
		cr_expect_eq(jobs[0].body_length, strlen("{\"type\":\"kyc.state_updated\"}"));
		outbox_settle(&o, "w", &jobs[0], OUTCOME_DELIVERED, TIME_NONE, TEST_NOW + 1);
	}
	cr_expect_eq(replay(&o, &filter).deliveries, 0, "it has arrived since");
	filter.states = BIT(DELIVERY_DELIVERED);
	cr_expect_eq(replay(&o, &filter).deliveries, 3, "who asks for it gets it");
}

Test(replay, an_event_for_nobody_goes_to_those_who_are_subscribed_by_now)
{
	struct outbox o;
	struct delivery_job *jobs;
	const struct replay_filter filter = { .until = TIME_NONE, .now = TEST_NOW };

	fixture_init(&o.f);
	session_add(&o.f, &o.session, "Harbour Lane Trading Ltd");
	o.step = 0;
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_expect_eq(replay(&o, &filter).unsubscribed, 1);
	(void)outbox_add_endpoint(&o.f, "https://late.example/hook", "*");
	(void)outbox_add_endpoint(&o.f, "https://other.example/hook", "kyc.session_failed");
	struct replay_counts counts = replay(&o, &filter);
	cr_expect_eq(counts.events, 1);
	cr_expect_eq(counts.deliveries, 1);
	cr_expect_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 1);
	cr_expect_str_eq(jobs[0].url, "https://late.example/hook");
	fixture_release(&o.f);
}

/* While a delivery of the event is pending, a replay adds no second one, and counts the event once as in progress. */
Test(replay, what_is_on_its_way_is_not_sent_beside_it_and_counted_once)
{
	struct delivery_job *jobs;
	const struct replay_filter filter = { .until = TIME_NONE, .states = BIT(DELIVERY_DELIVERED), .now = TEST_NOW };
	struct replay_counts counts;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	for (int times = 0; times < 2; times++) {
		cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 1);
		outbox_settle(&o, "w", &jobs[0], OUTCOME_DELIVERED, TIME_NONE, TEST_NOW);
		counts = replay(&o, &filter);
		cr_expect_eq(counts.deliveries, 1);
		cr_expect_eq(counts.in_progress_count, 0);
	}
	shell_run(o.f.path, "UPDATE delivery SET state = CASE WHEN id = (SELECT min(id) FROM delivery) THEN 'pending' "
			    "ELSE 'delivered' END");
	counts = replay(&o, &filter);
	cr_expect_eq(counts.deliveries, 0);
	cr_expect_eq(counts.in_progress_count, 1);
	cr_expect_eq(counts.disabled, 0);
	shell_run(o.f.path, "UPDATE endpoint SET disabled_at = 1");
	counts = replay(&o, &filter);
	cr_expect_eq(counts.deliveries, 0);
	cr_expect_eq(counts.in_progress_count, 0);
	cr_expect_eq(counts.disabled, 1);
}

Test(replay, an_event_that_is_named_and_waits_or_is_sent_is_on_its_way)
{
	struct delivery_job *jobs;
	struct replay_filter filter = { .until = TIME_NONE, .now = TEST_NOW };
	struct replay_counts counts;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	filter.event_id = place_text(&o.f.arena, o.f.path, "SELECT uuid FROM outbox_event");
	counts = replay(&o, &filter);
	cr_expect_eq(counts.in_progress_count, 1, "it waits");
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 1);
	counts = replay(&o, &filter);
	cr_expect_eq(counts.in_progress_count, 1, "it is sent");
	cr_expect_eq(counts.deliveries, 0);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_DELIVERED, TIME_NONE, TEST_NOW);
	counts = replay(&o, &filter);
	cr_expect_eq(counts.in_progress_count, 0);
	cr_expect_eq(counts.deliveries, 1);
}

Test(replay, what_was_taken_back_stays_so_and_the_filter_narrows)
{
	struct session other = session_added(&o.f, "Lane Holdings");
	struct replay_filter filter = { .until = TIME_NONE, .now = TEST_NOW };

	outbox_add_event(&o, o.session.row, outbox_add_decision(&o, 1), TEST_NOW + HOUR);
	WRITE(&o.f, store_event_cancel(o.f.store, 1, "undone", TEST_NOW, &o.f.error));
	cr_expect_eq(replay(&o, &filter).deliveries, 0, "it was undone");
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	outbox_add_event(&o, other.row, 0, TEST_NOW);
	shell_run(o.f.path, "UPDATE delivery SET state = 'dead' WHERE state = 'pending'");
	filter.session = other.row;
	filter.count_only = true;
	cr_expect_eq(replay(&o, &filter).deliveries, 1);
	filter.session = 0;
	cr_expect_eq(replay(&o, &filter).deliveries, 2);
	filter.type = "kyc.session_failed";
	cr_expect_eq(replay(&o, &filter).deliveries, 0);
	filter.type = "kyc.state_updated";
	filter.merchant = "northwind-pay";
	filter.endpoint = o.endpoint;
	cr_expect_eq(replay(&o, &filter).deliveries, 2);
	filter.endpoint++;
	cr_expect_eq(replay(&o, &filter).deliveries, 0);
	filter.endpoint = 0;
	filter.from = TEST_NOW + 1;
	cr_expect_eq(replay(&o, &filter).deliveries, 0);
	filter.from = 0;
	filter.until = TEST_NOW;
	cr_expect_eq(replay(&o, &filter).deliveries, 0);
	filter.until = TEST_NOW + 1;
	cr_expect_eq(replay(&o, &filter).deliveries, 2);
	filter.states = BIT(DELIVERY_UNSENT);
	cr_expect_eq(replay(&o, &filter).deliveries, 0);
}

Test(endpoint, during_a_rotation_a_job_has_both_secrets_and_afterwards_one)
{
	struct delivery_job *jobs;

	add_events(&o, 3);
	WRITE(&o.f, store_endpoint_write(o.f.store,
					 &(struct endpoint){ .row = o.endpoint, .old_secret_until = TEST_NOW + HOUR },
					 "whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc=", &o.f.error));
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 10, &jobs), 1);
	cr_expect_str_eq(jobs[0].secret, "whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc=");
	cr_expect_str_eq(jobs[0].old_secret, "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW + HOUR, 1, 10, &jobs), 1);
	cr_expect_str_eq(jobs[0].old_secret, "", "the overlap is over");
	WRITE(&o.f,
	      store_endpoint_write(o.f.store, &(struct endpoint){ .row = o.endpoint, .old_secret_until = TIME_NONE },
				   "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", &o.f.error));
	cr_expect_eq(
		number_of(&o.f, "SELECT count(*) FROM endpoint WHERE old_secret = '' AND old_secret_until IS NULL"), 1,
		"a secret that got about is kept");
}
