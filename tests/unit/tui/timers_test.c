/* Tests changes that only time causes, on a real store, without a terminal, and with the test's own clock. */
#include "places.h"

TestSuite(timers, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static struct timers timers;

/* Clears all timers except the timer of the clock. */
static void begin(void)
{
	struct preview *preview = &workbench.inbox.preview;
	preview->read_at_ms = preview->show_at_ms = preview->reread_at_ms = 0;
	workbench.case_stack.preview_due_ms = workbench.drafts.save_at_ms = workbench.stash.until_ms = 0;
	workbench.stale_bits = 0;
	timers_begin(&workbench, &timers);
}

static void inspect(const char *ref, const char *keys)
{
	put_back();
	f.world.wall_ms = NOON;
	open_at(RITA, ref, keys);
	begin();
}

static void leave(void)
{
	f.world.wall_ms = NOON;
	close_place();
}

static void pass(int64_t ms)
{
	f.world.wall_ms += ms;
}

static unsigned due(void)
{
	workbench.stale_bits = 0;
	timers_run_due(&workbench, &timers);
	return workbench.stale_bits;
}

Test(timers, it_waits_for_the_next_minute_of_the_clock)
{
	inspect("RAL-1", "");
	cr_expect_eq(timers_wait_ms(&workbench), 60000);
	pass(1234);
	cr_expect_eq(timers_wait_ms(&workbench), 58766);
	cr_expect_eq(due(), 0, "nothing is drawn before it");
	pass(58765);
	cr_expect_eq(timers_wait_ms(&workbench), 1);
	cr_expect_eq(due(), 0);
	pass(1);
	cr_expect_eq(due(), STALE_PAINT);
	cr_expect_eq(due(), 0, "once");
	workbench.surface.is_spoken = true;
	pass(60000);
	cr_expect_eq(due(), 0, "no clock is heard");
}

Test(timers, the_seconds_of_an_undo_are_counted_down_and_its_end_is_read)
{
	inspect("KYC-1", "ay");
	cr_assert_eq(workbench.status.undo_count, 1, "%s", screen_text());
	int64_t until = workbench.status.undo_offers[0].expires_at;
	cr_expect_eq(until, NOON + 10000);
	cr_expect_eq(due(), STALE_PAINT);
	cr_expect_eq(timers_wait_ms(&workbench), 1000);
	pass(300);
	cr_expect_eq(timers_wait_ms(&workbench), 700);
	cr_expect_eq(due(), 0, "the second is the same");
	pass(700);
	cr_expect_eq(due(), STALE_PAINT);
	pass(8999);
	cr_expect_eq(timers_wait_ms(&workbench), 1);
	(void)due();
	pass(1);
	cr_expect_eq(due(), STALE_PAINT | STALE_COUNTS | STALE_CASE, "it has become final");
	cr_expect_eq(due(), 0);
}

/* A timer waits until its time, runs then, and not before. */
Test(timers, what_is_due_is_waited_for_and_done_once)
{
	inspect("RAL-1", "");
	struct preview *preview = &workbench.inbox.preview;
	int64_t *const times[] = { &preview->read_at_ms,	 &preview->show_at_ms,
				   &preview->reread_at_ms,	 &workbench.case_stack.preview_due_ms,
				   &workbench.drafts.save_at_ms, &workbench.stash.until_ms };
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		*times[i] = f.world.wall_ms + 70;
		cr_expect_eq(timers_wait_ms(&workbench), 70, "%zu", i);
		pass(69);
		(void)due();
		cr_expect_neq(*times[i], 0, "%zu: too soon", i);
		cr_expect_eq(timers_wait_ms(&workbench), 1, "%zu", i);
		pass(1);
		cr_expect_eq(timers_wait_ms(&workbench), 0, "%zu", i);
		*times[i] -= 5;
		cr_expect_eq(timers_wait_ms(&workbench), 0, "%zu: late is now", i);
		*times[i] += 5;
		(void)due();
		cr_expect_eq(*times[i], 0, "%zu: it is done", i);
		settle();
		preview->read_at_ms = preview->show_at_ms = preview->reread_at_ms =
			workbench.case_stack.preview_due_ms = 0;
	}
}

Test(timers, a_list_that_takes_its_time_says_so)
{
	inspect("", "");
	workbench.inbox.queue.waiting = true;
	workbench.inbox.requested_ms = f.world.wall_ms;
	cr_expect_eq(timers_wait_ms(&workbench), SLOW_LIST_MS);
	pass(SLOW_LIST_MS - 1);
	cr_expect_eq(due() & STALE_PAINT, 0);
	cr_expect_not(workbench.inbox.view.is_reading_slow);
	cr_expect_eq(timers_wait_ms(&workbench), 1);
	pass(1);
	cr_expect_eq(due(), STALE_PAINT);
	cr_expect(workbench.inbox.view.is_reading_slow);
	cr_expect_gt(timers_wait_ms(&workbench), 1000, "said once");
	cr_expect_eq(due(), 0);
	workbench.inbox.queue.waiting = workbench.inbox.view.is_reading_slow = false;
}

/* The progress of a change of several cases is painted again only while the change runs. */
Test(timers, progress_is_painted_while_something_runs)
{
	inspect("", " j B");
	cr_assert(workbench.dialog && workbench.dialog->spec->is_bulk, "%s", screen_text());
	type("rel");
	confirm();
	cr_assert(workbench.dialog && workbench.dialog->bulk, "%s", screen_text());
	enum dialog_state state = workbench.dialog->state;
	begin();
	cr_assert_eq(state, DIALOG_READY);
	cr_expect_gt(timers_wait_ms(&workbench), 1000);
	cr_expect_eq(due(), 0);
	workbench.dialog->state = DIALOG_EXECUTING;
	cr_expect_eq(timers_wait_ms(&workbench), 250);
	cr_expect_eq(due(), STALE_PAINT);
	workbench.dialog->state = state;
}

/* Work on a case renews its claim: at most once a minute, and only the user's own. */
Test(timers, a_claim_is_kept_by_working_on_the_case)
{
	inspect("RAL-1", "c");
	int64_t began = workbench.case_stack.claim_renewed_ms;
	pass(59999);
	workbench.case_stack.claim_renewed_ms = f.world.wall_ms - 59999;
	began = workbench.case_stack.claim_renewed_ms;
	claim_renew(&workbench);
	cr_expect_eq(workbench.case_stack.claim_renewed_ms, began, "not yet");
	pass(1);
	claim_renew(&workbench);
	cr_expect_eq(workbench.case_stack.claim_renewed_ms, f.world.wall_ms);
	settle();
	cr_expect_eq(sql_int(&f, "SELECT claim_expires_at FROM session WHERE external_ref = 'RAL-1'"),
		     f.world.wall_ms + 30 * 60000);
	workbench.case_stack.claim_renewed_ms = 0;
	workbench.frame.readonly = true;
	claim_renew(&workbench);
	cr_expect_eq(workbench.case_stack.claim_renewed_ms, 0);
	workbench.frame.readonly = false;
	type("c");
	settle();
	workbench.case_stack.claim_renewed_ms = 0;
	claim_renew(&workbench);
	cr_expect_eq(workbench.case_stack.claim_renewed_ms, 0, "it was let go of");
	leave();
	inspect("", "");
	workbench.case_stack.claim_renewed_ms = 0;
	claim_renew(&workbench);
	cr_expect_eq(workbench.case_stack.claim_renewed_ms, 0, "no case is open");
}

/* From the request to display a dialog until it accepts keys, unconfirmed_dialog() returns the dialog. */
Test(timers, a_dialog_is_unshown_until_it_is_armed)
{
	inspect("KYC-1", "a");
	cr_assert_not_null(workbench.dialog);
	workbench.dialog->display_request = 0;
	workbench.dialog->accepts_keys = false;
	cr_expect_null(unconfirmed_dialog(&workbench), "nothing was asked");
	workbench.dialog->display_request = 1;
	cr_expect_eq(unconfirmed_dialog(&workbench), workbench.dialog);
	workbench.dialog->accepts_keys = true;
	cr_expect_null(unconfirmed_dialog(&workbench));
	leave();
	inspect("", "");
	cr_expect_null(unconfirmed_dialog(&workbench));
}

/* Others change a large store all the time; its figures are computed every few seconds at most. */
Test(timers, figures_are_read_again_after_seconds_not_at_each_change)
{
	static const char *const boards[] = { "gf", "gr" };
	for (size_t i = 0; i < 2; i++) {
		inspect("", boards[i]);
		cr_assert(workbench.boards.top && workbench.boards.top->response, "%s", boards[i]);
		uint64_t ticket = workbench.boards.top->ticket;
		for (int change = 0; change < 3; change++) {
			pass(1000);
			workbench.stale_bits = STALE_BOARD;
			workbench_request_stale(&workbench);
		}
		cr_expect_eq(workbench.boards.top->ticket, ticket, "%s", boards[i]);
		cr_expect_eq(timers_wait_ms(&workbench), 2000);
		pass(1999);
		cr_expect_not(due() & STALE_BOARD);
		pass(1);
		cr_expect(due() & STALE_BOARD);
		workbench.stale_bits |= STALE_BOARD;
		workbench_request_stale(&workbench);
		cr_expect_gt(workbench.boards.top->ticket, ticket, "%s", boards[i]);
		cr_expect_eq(workbench.boards.reread_at_ms, 0);
		settle();
		leave();
	}
	inspect("", "ga");
	uint64_t ticket = workbench.boards.top->ticket;
	workbench.stale_bits = STALE_BOARD;
	workbench_request_stale(&workbench);
	cr_expect_gt(workbench.boards.top->ticket, ticket, "the others at once");
	settle();
}
