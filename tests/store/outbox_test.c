#include "store/outbox_support.h"

#include <string.h>

OUTBOX(outbox);

Test(outbox, an_event_goes_to_each_enabled_endpoint_that_is_subscribed)
{
	struct delivery_item *items;
	size_t count;
	int64_t disabled;

	(void)outbox_add_endpoint(&o.f, "https://two.example/hook", "kyc.state_updated");
	(void)outbox_add_endpoint(&o.f, "https://three.example/hook", "kyc.session_failed");
	disabled = outbox_add_endpoint(&o.f, "https://four.example/hook", "*");
	WRITE(&o.f,
	      store_endpoint_set_state(
		      o.f.store, &(struct endpoint_switch){ ENDPOINT_DISABLE, disabled, "asked for it", TEST_NOW, 0 },
		      &o.f.error));

	cr_expect_eq(outbox_add_event(&o, o.session.row, 0, TEST_NOW), 2);
	items = outbox_list(&o, TEST_NOW, 0, &count);
	cr_assert_eq(count, 3);
	/* The disabled endpoint loses no event: it gets an unsent delivery. The other two subscribers get a due one. */
	cr_expect_str_eq(items[0].endpoint_url, "https://four.example/hook");
	cr_expect_eq(items[0].state, DELIVERY_UNSENT);
	cr_expect_str_eq(items[0].note, "the endpoint is disabled");
	items++;
	cr_expect_str_eq(items[0].endpoint_url, "https://two.example/hook");
	cr_expect_str_eq(items[1].endpoint_url, "https://one.example/hook");
	cr_expect_eq(items[0].state, DELIVERY_DUE);
	cr_expect_str_eq(items[0].id, items[1].id, "one event");
	cr_expect_str_neq(items[0].delivery_id, items[1].delivery_id);
	cr_expect_eq(strncmp(items[0].id, "evt_", 4), 0);
	cr_expect_eq(strlen(items[0].id), 36);
	cr_expect_str_eq(items[0].merchant, "northwind-pay");
	cr_expect_str_eq(items[0].session_id, o.session.id);
}

static void expect_unsent(struct outbox *o, const char *note)
{
	struct delivery_item *items;
	struct delivery_job *jobs;
	size_t count;

	cr_expect_eq(outbox_add_event(o, o->session.row, 0, TEST_NOW), 0);
	items = outbox_list(o, TEST_NOW, 0, &count);
	cr_expect_eq(items[0].state, DELIVERY_UNSENT);
	cr_expect_str_eq(items[0].note, note);
	cr_expect_eq(items[0].next_at, TIME_NONE);
	cr_expect_eq(outbox_lease(o, "w", TEST_NOW + HOUR, 10, 10, &jobs), 0);
}

Test(outbox, an_event_for_nobody_is_kept_as_unsent_with_the_reason)
{
	struct outbox o;

	fixture_init(&o.f);
	session_add(&o.f, &o.session, "Harbour Lane Trading Ltd");
	expect_unsent(&o, "the merchant has no endpoint");
	o.endpoint = outbox_add_endpoint(&o.f, "https://one.example/hook", "kyc.session_failed");
	expect_unsent(&o, "no endpoint of the merchant is subscribed to kyc.state_updated");
	o.endpoint = outbox_add_endpoint(&o.f, "https://two.example/hook", "*");
	WRITE(&o.f, store_endpoint_set_state(
			    o.f.store, &(struct endpoint_switch){ ENDPOINT_DISABLE, o.endpoint, "moved", TEST_NOW, 0 },
			    &o.f.error));
	expect_unsent(&o, "the endpoint is disabled");
	fixture_release(&o.f);
}

Test(outbox, a_delivery_is_held_then_due_then_leased_then_delivered)
{
	struct delivery_job *jobs;
	struct delivery_attempts attempts;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW + 10000);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW), DELIVERY_HELD);
	cr_expect_eq(outbox_lease(&o, "w", TEST_NOW + 9999, 10, 10, &jobs), 0);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + 10000), DELIVERY_DUE);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW + 10000, 10, 10, &jobs), 1);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + 10001), DELIVERY_LEASED);
	cr_expect_str_eq(jobs[0].url, "https://one.example/hook");
	cr_expect_str_eq(jobs[0].secret, "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
	cr_expect_str_eq(jobs[0].old_secret, "");
	cr_expect_eq(jobs[0].body_length, 28);
	cr_expect_eq(memcmp(jobs[0].body, "{\"type\":\"kyc.state_updated\"}", 28), 0);
	cr_expect_eq(jobs[0].attempts, 0);
	cr_expect_eq(jobs[0].endpoint, o.endpoint);
	cr_expect_eq(jobs[0].session, o.session.row);
	cr_expect_eq(outbox_lease(&o, "other", TEST_NOW + 10001, 10, 10, &jobs + 0), 0, "nobody else gets it");
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW + 10000 + LEASE_MS, 10, 10, &jobs), 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_DELIVERED, TIME_NONE, TEST_NOW + 120000);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + 120000), DELIVERY_DELIVERED);
	OK(&o.f, store_delivery_attempt_list(o.f.store, &o.f.arena, jobs[0].row, &attempts, &o.f.error));
	cr_assert_eq(attempts.count, 1);
	cr_expect_eq(attempts.items[0].number, 1);
	cr_expect_eq(attempts.items[0].status, 200);
	cr_expect_eq(attempts.items[0].duration_ms, 12);
	cr_expect_str_eq(attempts.items[0].response, "thanks");
}

Test(outbox, a_later_event_of_a_session_waits_for_the_earlier_at_the_same_endpoint)
{
	struct session other = session_added(&o.f, "Lane Holdings");
	struct delivery_job *jobs, *more;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	outbox_add_event(&o, other.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 2);
	cr_expect_eq(jobs[0].session, o.session.row);
	cr_expect_eq(jobs[1].session, other.row);
	cr_expect_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &more), 0);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_RETRY, TEST_NOW + HOUR, TEST_NOW);
	cr_expect_eq(outbox_lease(&o, "w", TEST_NOW + HOUR - 1, 10, 10, &more), 1,
		     "only the other session's, its lease ran out");
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW + HOUR, 10, 10, &more), 1);
	cr_expect_eq(more[0].row, jobs[0].row);
	outbox_settle(&o, "w", &more[0], OUTCOME_DELIVERED, TIME_NONE, TEST_NOW + HOUR);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW + HOUR, 10, 10, &more), 1);
	cr_expect_eq(more[0].session, o.session.row);
	cr_expect_neq(more[0].row, jobs[0].row);
}

Test(outbox, another_endpoint_does_not_wait_for_a_failing_one)
{
	struct delivery_job *jobs;

	(void)outbox_add_endpoint(&o.f, "https://two.example/hook", "*");
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 2);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_RETRY, TEST_NOW + HOUR, TEST_NOW);
	outbox_settle(&o, "w", &jobs[1], OUTCOME_DELIVERED, TIME_NONE, TEST_NOW);
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 1);
	cr_expect_str_eq(jobs[0].url, "https://two.example/hook");
}

Test(outbox, a_dead_or_cancelled_event_holds_back_no_later_one)
{
	struct delivery_job *jobs;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	outbox_add_event(&o, o.session.row, outbox_add_decision(&o, 1), TEST_NOW);
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_DEAD, TIME_NONE, TEST_NOW);
	WRITE(&o.f, store_event_cancel(o.f.store, 1, "undone by ines", TEST_NOW, &o.f.error));
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 1);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW), DELIVERY_LEASED);
}

Test(outbox, one_endpoint_has_no_more_than_its_share_on_the_way)
{
	struct delivery_job *jobs;
	size_t of_first = 0;

	for (int i = 0; i < 30; i++) {
		struct session session = session_added(&o.f, "Lane Holdings");

		outbox_add_event(&o, session.row, 0, TEST_NOW);
	}
	cr_expect_eq(outbox_lease(&o, "w", TEST_NOW, 20, 4, &jobs), 4);
	cr_expect_eq(outbox_lease(&o, "v", TEST_NOW, 20, 4, &jobs), 0, "another worker counts as well");
	(void)outbox_add_endpoint(&o.f, "https://two.example/hook", "*");
	for (int i = 0; i < 5; i++) {
		struct session session = session_added(&o.f, "Lane Holdings");

		outbox_add_event(&o, session.row, 0, TEST_NOW + 1);
	}
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW + LEASE_MS, 8, 100, &jobs), 8);
	for (size_t i = 0; i < 8; i++)
		of_first += jobs[i].endpoint == o.endpoint;
	cr_expect_eq(of_first, 4, "%zu: an equal share to the one with the shorter queue", of_first);
}

Test(outbox, a_lease_ends_by_itself_and_a_lost_one_only_records_its_attempt)
{
	struct delivery_job *jobs, *again;
	struct delivery_attempts attempts;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "slow", TEST_NOW, 1, 1, &jobs), 1);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + LEASE_MS), DELIVERY_DUE);
	cr_assert_eq(outbox_lease(&o, "quick", TEST_NOW + LEASE_MS, 1, 1, &again), 1);
	cr_expect_eq(again[0].row, jobs[0].row);
	outbox_settle(&o, "slow", &jobs[0], OUTCOME_DEAD, TIME_NONE, TEST_NOW + LEASE_MS);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + LEASE_MS), DELIVERY_LEASED);
	outbox_settle(&o, "quick", &again[0], OUTCOME_DELIVERED, TIME_NONE, TEST_NOW + LEASE_MS);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + LEASE_MS), DELIVERY_DELIVERED);
	OK(&o.f, store_delivery_attempt_list(o.f.store, &o.f.arena, jobs[0].row, &attempts, &o.f.error));
	cr_assert_eq(attempts.count, 2);
	cr_expect_eq(attempts.items[0].status, 500);
	cr_expect_eq(attempts.items[1].number, 2);
}

Test(outbox, a_worker_that_waited_for_the_lock_ends_no_lease_of_who_got_it_first)
{
	struct delivery_job *jobs, *again;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "first", TEST_NOW + 2000, 1, 1, &jobs), 1);
	cr_assert_eq(outbox_lease(&o, "waited", TEST_NOW, 1, 1, &again), 0);
}

#ifdef KYB_PLACE_SQLITE
/* A result that cannot be recorded blocks no writer, and is recorded the next time. */
Test(outbox, an_answer_that_cannot_be_written_leaves_nothing_open)
{
	struct delivery_job *jobs;
	struct delivery_result result = { .outcome = OUTCOME_DELIVERED,
					  .note = "",
					  .attempt = { .started_at = TEST_NOW, .failure = "", .response = "" } };

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 1, &jobs), 1);
	result.row = jobs[0].row;
	result.endpoint = jobs[0].endpoint;
	shell_run(o.f.path,
		  "CREATE TRIGGER fault BEFORE INSERT ON delivery_attempt BEGIN SELECT raise(ABORT, 'fault'); "
		  "END");
	cr_expect_neq(outbox_settle_results(o.f.store, "w", &result, 1, &o.f.error), ERR_OK);
	error_release(&o.f.error);
	shell_run(o.f.path, "DROP TRIGGER fault");
	OK(&o.f, outbox_settle_results(o.f.store, "w", &result, 1, &o.f.error));
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW), DELIVERY_DELIVERED);
}
#endif

/* The next check is at the earliest due time or lease end of all endpoints. */
Test(outbox, the_earliest_of_several_endpoints_and_leases_is_waited_for)
{
	struct delivery_job *jobs;

	outbox_add_endpoint(&o.f, "https://later.example/hook", "*");
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 1, &jobs), 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_RETRY, TEST_NOW + 9000, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 1, &jobs), 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_RETRY, TEST_NOW + 5000, TEST_NOW);
	cr_expect_eq(outbox_next_at(&o, TEST_NOW, TEST_NOW), TEST_NOW + 5000);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW + 5000, 1, 1, &jobs), 1);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW + 9000, 1, 1, &jobs), 1);
	cr_expect_eq(outbox_next_at(&o, TEST_NOW + 9000, TEST_NOW + 9000), TEST_NOW + 5000 + LEASE_MS);
}

Test(outbox, each_state_lists_its_own)
{
	static const unsigned each[] = { DELIVERY_DELIVERED, DELIVERY_CANCELLED, DELIVERY_DEAD, DELIVERY_UNSENT };
	struct delivery_job *jobs;
	size_t count;

	for (size_t i = 0; i < sizeof each / sizeof *each; i++)
		outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 1, &jobs), 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_DELIVERED, TIME_NONE, TEST_NOW);
	shell_run(o.f.path, "UPDATE delivery SET state = 'cancelled', finished_at = 1 WHERE id = 2; "
			    "UPDATE delivery SET state = 'dead', finished_at = 1 WHERE id = 3; "
			    "UPDATE delivery SET state = 'unsent', finished_at = 1 WHERE id = 4");
	for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
		const struct delivery_item *items = outbox_list(&o, TEST_NOW, 1u << each[i], &count);

		cr_assert_eq(count, 1, "%s", delivery_state_text((enum delivery_state)each[i]));
		cr_expect_eq(items[0].state, each[i]);
		cr_expect_eq(items[0].next_at, TIME_NONE);
	}
	(void)outbox_list(&o, TEST_NOW, 1u << DELIVERY_DELIVERED | 1u << DELIVERY_DEAD, &count);
	cr_expect_eq(count, 2);
}

Test(outbox, a_failed_delivery_waits_for_its_next_time_and_then_is_due)
{
	struct delivery_job *jobs;
	struct webhook_counts counts;
	int64_t due, dead;

	cr_expect_eq(outbox_next_at(&o, TEST_NOW, TIME_NONE), TIME_NONE);
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_expect_eq(outbox_next_at(&o, TEST_NOW, TIME_NONE), TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 2, 2, &jobs), 1);
	cr_expect_eq(outbox_next_at(&o, TEST_NOW, TEST_NOW), TEST_NOW + LEASE_MS, "the second one waits for the first");
	outbox_settle(&o, "w", &jobs[0], OUTCOME_RETRY, TEST_NOW + 5000, TEST_NOW);
	cr_expect_eq(outbox_list(&o, TEST_NOW, 1u << DELIVERY_WAITING, &(size_t){ 0 })[0].row, jobs[0].row);
	cr_expect_eq(outbox_next_at(&o, TEST_NOW, TEST_NOW), TEST_NOW + 5000);
	OK(&o.f, store_webhook_counts(o.f.store, TEST_NOW, &counts, &o.f.error));
	cr_expect_eq(counts.due, 2);
	cr_expect_eq(counts.dead, 0);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW + 5000, 2, 2, &jobs), 1);
	cr_expect_eq(jobs[0].attempts, 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_DEAD, TIME_NONE, TEST_NOW + 5000);
	OK(&o.f, store_delivery_totals(o.f.store, &due, &dead, &o.f.error));
	cr_expect_eq(due, 1);
	cr_expect_eq(dead, 1);
}

Test(outbox, an_endpoint_that_is_gone_is_disabled_and_the_rest_is_unsent)
{
	struct session other = session_added(&o.f, "Lane Holdings");
	struct delivery_job *jobs;
	struct delivery_item *items;
	struct endpoint_list endpoints;
	size_t count;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	outbox_add_event(&o, other.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 10, 10, &jobs), 2);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_ENDPOINT_GONE, TIME_NONE, TEST_NOW);
	items = outbox_list(&o, TEST_NOW, 1u << DELIVERY_UNSENT, &count);
	cr_assert_eq(count, 1);
	cr_expect_str_eq(items[0].note, "the endpoint is disabled: the receiver answered 410 Gone");
	/* A delivery in flight ends with its own result, and is not retried. */
	outbox_settle(&o, "w", &jobs[1], OUTCOME_RETRY, TEST_NOW + 5000, TEST_NOW);
	(void)outbox_list(&o, TEST_NOW, 1u << DELIVERY_UNSENT, &count);
	cr_expect_eq(count, 2);
	OK(&o.f, store_endpoint_list(o.f.store, &o.f.arena, "", &endpoints, &o.f.error));
	cr_assert_eq(endpoints.count, 1);
	cr_expect(endpoints.items[0].disabled);
	cr_expect_str_eq(endpoints.items[0].disabled_reason, "the receiver answered 410 Gone");
}

Test(outbox, what_a_dead_worker_left_for_a_disabled_endpoint_is_unsent_too)
{
	struct delivery_job *jobs;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "dies", TEST_NOW, 1, 1, &jobs), 1);
	WRITE(&o.f, store_endpoint_set_state(
			    o.f.store, &(struct endpoint_switch){ ENDPOINT_DISABLE, o.endpoint, "moved", TEST_NOW, 0 },
			    &o.f.error));
	cr_expect_eq(outbox_lease(&o, "w", TEST_NOW + LEASE_MS, 1, 1, &jobs), 0);
	cr_expect_eq(outbox_newest_state(&o, TEST_NOW + LEASE_MS), DELIVERY_UNSENT);
}

static void fail_daily(struct outbox *o, unsigned days, int success_on)
{
	struct delivery_job *jobs;

	for (unsigned day = 0; day <= days; day++) {
		struct session session;
		int64_t now = TEST_NOW + day * 24 * HOUR;

		session_add(&o->f, &session, "Lane Holdings");
		outbox_add_event(o, session.row, 0, now);
		cr_assert_eq(outbox_lease(o, "w", now, 1, 10, &jobs), 1);
		outbox_settle(o, "w", &jobs[0], (int)day == success_on ? OUTCOME_DELIVERED : OUTCOME_DEAD, TIME_NONE,
			      now);
	}
}

static bool endpoint_is_disabled(struct outbox *o)
{
	return number_of(&o->f, "SELECT disabled_at IS NOT NULL FROM endpoint") == 1;
}

Test(outbox, an_endpoint_that_only_failed_for_five_days_is_disabled)
{
	struct outbox o;

	outbox_init(&o);
	fail_daily(&o, 4, -1);
	cr_expect_not(endpoint_is_disabled(&o));
	fixture_release(&o.f);

	outbox_init(&o);
	fail_daily(&o, 5, -1);
	cr_expect(endpoint_is_disabled(&o));
	fixture_release(&o.f);
}

Test(outbox, one_success_within_the_five_days_keeps_an_endpoint)
{
	fail_daily(&o, 6, 3);
	cr_expect_not(endpoint_is_disabled(&o));
}

Test(outbox, undo_cancels_what_was_not_yet_on_its_way)
{
	struct delivery_item *items;
	struct delivery_job *jobs;
	size_t count;

	outbox_add_event(&o, o.session.row, outbox_add_decision(&o, 1), TEST_NOW + 10000);
	WRITE(&o.f, store_event_cancel(o.f.store, 1, "undone by ines", TEST_NOW, &o.f.error));
	items = outbox_list(&o, TEST_NOW, 0, &count);
	cr_expect_eq(items[0].state, DELIVERY_CANCELLED);
	cr_expect_str_eq(items[0].note, "undone by ines");
	cr_expect_eq(outbox_lease(&o, "w", TEST_NOW + HOUR, 10, 10, &jobs), 0);
}

Test(outbox, undo_is_refused_once_a_delivery_was_taken)
{
	static const enum delivery_outcome outcomes[] = { OUTCOME_DELIVERED, OUTCOME_RETRY, OUTCOME_DEAD };

	for (int i = -1; i < 3; i++) {
		struct outbox o;
		struct delivery_job *jobs;

		outbox_init(&o);
		outbox_add_event(&o, o.session.row, outbox_add_decision(&o, 1), TEST_NOW);
		cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 1, &jobs), 1);
		if (i >= 0)
			outbox_settle(&o, "w", &jobs[0], outcomes[i], TEST_NOW + HOUR, TEST_NOW);
		fixture_begin(&o.f);
		cr_expect_eq(store_event_cancel(o.f.store, 1, "undone", TEST_NOW + HOUR, &o.f.error), ERR_CONFLICT,
			     "%d", i);
		store_rollback(o.f.store);
		fixture_release(&o.f);
	}
}

static enum err find_event(struct outbox *o, const char *reference, struct stored_event *found)
{
	return store_event_find(o->f.store, &o->f.arena, reference, TEST_NOW, found, &o->f.error);
}

Test(outbox, an_event_is_found_by_its_id_by_a_deliverys_id_and_by_a_prefix)
{
	struct delivery_item *items;
	struct stored_event found;
	size_t count;

	(void)outbox_add_endpoint(&o.f, "https://two.example/hook", "*");
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	items = outbox_list(&o, TEST_NOW, 0, &count);
	cr_assert_eq(count, 4);
	const char *references[] = { items[0].id, arena_strndup(&o.f.arena, items[0].id, 20), items[1].delivery_id };
	for (size_t i = 0; i < 3; i++) {
		OK(&o.f, find_event(&o, references[i], &found));
		cr_assert_eq(found.count, 2, "%s", references[i]);
		cr_expect_str_eq(found.items[0].id, items[0].id);
		cr_expect_eq(found.body_length, 28);
		cr_expect_str_eq(found.body, "{\"type\":\"kyc.state_updated\"}");
		cr_expect_str_eq(found.link_mark, "");
	}
	cr_expect_eq(find_event(&o, "evt_", &found), ERR_USAGE);
	cr_expect(strstr(o.f.error.message, items[0].id), "%s", o.f.error.message);
	cr_expect_eq(find_event(&o, "evt_zz", &found), ERR_NOT_FOUND);
	cr_expect_eq(find_event(&o, "", &found), ERR_NOT_FOUND);
}

Test(outbox, pages_are_newest_first_and_narrowed_by_session_merchant_and_state)
{
	struct session other = session_added(&o.f, "Lane Holdings");
	struct delivery_job *jobs;
	struct delivery_list page;
	size_t count;

	for (int i = 0; i < 3; i++) {
		outbox_add_event(&o, o.session.row, 0, TEST_NOW + i);
		outbox_add_event(&o, other.row, 0, TEST_NOW + HOUR);
	}
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 1, &jobs), 1);
	outbox_settle(&o, "w", &jobs[0], OUTCOME_DEAD, TIME_NONE, TEST_NOW);
	struct delivery_filter filter = {
		.session_id = "", .merchant = "northwind-pay", .limit = 4, .now = TEST_NOW + 5
	};
	OK(&o.f, store_delivery_list(o.f.store, &o.f.arena, &filter, &page, &o.f.error));
	cr_assert_eq(page.count, 4);
	cr_expect_gt(page.items[0].row, page.items[3].row);
	filter.after_row = page.items[3].row;
	OK(&o.f, store_delivery_list(o.f.store, &o.f.arena, &filter, &page, &o.f.error));
	cr_expect_eq(page.count, 2);
	filter.after_row = 0;
	filter.limit = 50;
	filter.session_id = other.id;
	OK(&o.f, store_delivery_list(o.f.store, &o.f.arena, &filter, &page, &o.f.error));
	cr_expect_eq(page.count, 3);
	for (size_t i = 0; i < page.count; i++)
		cr_expect_str_eq(page.items[i].session_id, other.id);
	(void)outbox_list(&o, TEST_NOW + 5, 1u << DELIVERY_DUE, &count);
	cr_expect_eq(count, 2);
	(void)outbox_list(&o, TEST_NOW + 5, 1u << DELIVERY_HELD, &count);
	cr_expect_eq(count, 3);
	(void)outbox_list(&o, TEST_NOW + 5, 1u << DELIVERY_DEAD, &count);
	cr_expect_eq(count, 1);
	(void)outbox_list(&o, TEST_NOW + 5, 1u << DELIVERY_DEAD | 1u << DELIVERY_HELD, &count);
	cr_expect_eq(count, 4);
	filter.merchant = "northwind-pai";
	cr_expect_eq(store_delivery_list(o.f.store, &o.f.arena, &filter, &page, &o.f.error), ERR_NOT_FOUND);
	cr_expect(strstr(o.f.error.message, "northwind-pay"), "%s", o.f.error.message);
}

Test(outbox, only_the_first_bytes_of_an_answer_are_kept)
{
	struct delivery_job *jobs;
	struct delivery_attempts attempts;
	char *long_answer;

	outbox_add_event(&o, o.session.row, 0, TEST_NOW);
	cr_assert_eq(outbox_lease(&o, "w", TEST_NOW, 1, 1, &jobs), 1);
	long_answer = arena_alloc(&o.f.arena, 70000);
	memset(long_answer, '\x1b', 69999);
	struct delivery_result result = {
		.row = jobs[0].row,
		.endpoint = jobs[0].endpoint,
		.outcome = OUTCOME_DELIVERED,
		.note = "",
		.attempt = { .started_at = 1, .status = 200, .failure = "", .response = long_answer }
	};
	OK(&o.f, outbox_settle_results(o.f.store, "w", &result, 1, &o.f.error));
	OK(&o.f, store_delivery_attempt_list(o.f.store, &o.f.arena, jobs[0].row, &attempts, &o.f.error));
	cr_assert_eq(attempts.count, 1);
	cr_expect_eq(strlen(attempts.items[0].response), 4096);
}

Test(outbox, endpoints_are_found_by_id_by_prefix_and_by_url)
{
	struct endpoint found;
	struct endpoint_list all;
	int64_t subscribed;

	(void)outbox_add_endpoint(&o.f, "https://two.example/hook", "kyc.session_failed");
	OK(&o.f, store_endpoint_list(o.f.store, &o.f.arena, "northwind-pay", &all, &o.f.error));
	cr_assert_eq(all.count, 2);
	cr_expect_str_eq(all.items[0].events[0], "*");
	OK(&o.f, store_endpoint_find(o.f.store, &o.f.arena, all.items[1].id, &found, &o.f.error));
	cr_expect_str_eq(found.url, "https://two.example/hook");
	OK(&o.f, store_endpoint_find(o.f.store, &o.f.arena, "https://one.example/hook", &found, &o.f.error));
	cr_expect_eq(found.row, o.endpoint);
	cr_expect_eq(store_endpoint_find(o.f.store, &o.f.arena, "https://three.example", &found, &o.f.error),
		     ERR_NOT_FOUND);
	(void)outbox_add_endpoint(&o.f, "https://one.example/hook", "kyc.session_failed");
	cr_expect_eq(store_endpoint_find(o.f.store, &o.f.arena, "https://one.example/hook", &found, &o.f.error),
		     ERR_USAGE);
	OK(&o.f, store_endpoint_count(o.f.store, o.f.merchant, "kyc.session_failed", &subscribed, &o.f.error));
	cr_expect_eq(subscribed, 3);
	OK(&o.f, store_endpoint_count(o.f.store, o.f.merchant, "kyc.state_updated", &subscribed, &o.f.error));
	cr_expect_eq(subscribed, 1);
}

Test(outbox, of_many_endpoints_that_a_reference_fits_ten_are_named)
{
	struct endpoint found;
	const char *id = "";
	size_t named = 0;

	for (int count = 1; count <= 11; count++) {
		(void)outbox_add_endpoint(&o.f, "https://same.example/hook", "kyc.session_failed");
		if (count < 10)
			continue;
		cr_assert_eq(
			store_endpoint_find(o.f.store, &o.f.arena, "https://same.example/hook", &found, &o.f.error),
			ERR_USAGE);
		cr_expect_eq(strstr(o.f.error.message, " …") != NULL, count > 10, "%s", o.f.error.message);
	}
	for (id = strstr(o.f.error.message, ": "); id; id = strstr(id + 2, ", "))
		named++;
	cr_expect_eq(named, 10, "%s", o.f.error.message);
}
