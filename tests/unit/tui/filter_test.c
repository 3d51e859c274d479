/* The filter of the list, and claims that a dialog made: on a real store and without a terminal. */
#include "places.h"
#include "support/process.h"

TestSuite(list_filter, .init = places_set_up, .fini = places_tear_down, .timeout = 120);
TestSuite(dialog_claim, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static void escape(void)
{
	press(key_press(PRESS_ESCAPE));
}

static const char *typed(void)
{
	return workbench.prompt.open ? workbench.prompt.editor.text.buf : "no line is open";
}

Test(list_filter, the_line_begins_empty_and_up_brings_the_filter_back)
{
	begin_at(RITA, "", "/country:PRT\n/");
	cr_expect_str_eq(typed(), "");
	cr_expect_str_eq(workbench.inbox.queue.filter.buf, "country:PRT");
	press(key_press(PRESS_UP));
	cr_expect_str_eq(typed(), "country:PRT", "the filter in force, whole");
	press(key_press(PRESS_UP));
	cr_expect_str_eq(typed(), "country:", "then the history, keys only");
	type(STEP_DOWN STEP_DOWN);
	cr_expect_str_eq(typed(), "");
	escape();
	cr_expect_not(workbench.prompt.open);
	cr_expect_str_eq(workbench.inbox.queue.filter.buf, "country:PRT", "closing the line changes nothing");
}

Test(list_filter, esc_on_the_list_clears_it)
{
	begin_at(RITA, "", "");
	size_t all = queue_row_count(&workbench.inbox.queue);
	type("/country:ZWE\n");
	cr_assert_eq(queue_row_count(&workbench.inbox.queue), 0);
	cr_expect(shows("Esc shows all"), "%s", screen_text());
	escape();
	cr_expect_str_eq(workbench.inbox.queue.filter.buf, "");
	cr_expect_eq(queue_row_count(&workbench.inbox.queue), all);
	says("Filter cleared: every case of this list is shown");
	escape();
	says("nothing");
}

/* If an Esc turns out to be the first byte of an arrow key, the filter is restored. */
Test(list_filter, a_split_arrow_key_brings_it_back)
{
	begin_at(RITA, "", "/country:ZWE\n");
	escape();
	cr_assert_str_eq(workbench.inbox.queue.filter.buf, "");
	press(key_press(PRESS_ESCAPE_CANCELLED));
	cr_expect_str_eq(workbench.inbox.queue.filter.buf, "country:ZWE");
	cr_expect_eq(queue_row_count(&workbench.inbox.queue), 0);
}

Test(list_filter, it_stays_in_its_inbox)
{
	begin_at(RITA, "", "/country:ZWE\n6");
	cr_assert_eq(workbench.inbox.queue.inbox, INBOX_APPROVED);
	cr_expect_str_eq(workbench.inbox.queue.filter.buf, "");
	cr_expect_gt(queue_row_count(&workbench.inbox.queue), 0);
	type(":view mine\n");
	cr_assert(workbench.inbox.queue.shows_view);
	cr_expect_str_eq(workbench.inbox.queue.filter.buf, "", "nor in a view");
	type("/Harbour\n2");
	cr_expect_str_eq(workbench.inbox.queue.filter.buf, "", "of another inbox");
	type(arena_printf(&arena, "%d", INBOX_MANUAL_REVIEW + 1));
	cr_expect_str_eq(workbench.inbox.queue.filter.buf, "country:ZWE");
	type(":view mine\n");
	cr_expect_str_eq(workbench.inbox.queue.filter.buf, "", "a view begins whole");
}

/* `next` takes cases from two inboxes only; with a filter in another inbox it claims no case. */
Test(list_filter, next_never_leaves_the_inbox_of_a_filter)
{
	begin_at(RITA, "", "6/status:approved,manual_review\n");
	cr_assert_eq(workbench.inbox.queue.inbox, INBOX_APPROVED);
	cr_assert_gt(queue_row_count(&workbench.inbox.queue), 0);
	type("n");
	cr_expect_eq(workbench.case_stack.count, 0, "%s", screen_text());
	says("No case of this list is free: all are held, pending with others, or decided");
}

static int64_t held(void)
{
	return sql_int(&f, "SELECT count(*) FROM session WHERE assignee_id IS NOT NULL");
}

Test(dialog_claim, a_dialog_that_is_cancelled_leaves_none)
{
	static const char *const keys[] = { "a", "r", "x" };
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		begin_at(RITA, "RAL-1", "");
		int64_t before = held();
		type(keys[i]);
		cr_assert(workbench.dialog);
		cr_expect_eq(held(), before + 1, "%s: it claims", keys[i]);
		escape();
		type("j"); /* a next key, which shows that Esc did not begin a split sequence */
		cr_expect_eq(held(), before, "%s: %s", keys[i], screen_text());
		cr_expect_eq(workbench.case_stack.count, 1);
	}
}

Test(dialog_claim, one_that_was_held_before_stays_held)
{
	begin_at(RITA, "RAL-1", "");
	int64_t before = held();
	type("c");
	cr_assert_eq(held(), before + 1);
	type("a");
	escape();
	type("j");
	cr_expect_eq(held(), before + 1, "it was claimed by hand");
	begin_at(RITA, "", "");
	type("na");
	cr_assert(workbench.dialog);
	before = held();
	escape();
	type("j");
	cr_expect_eq(held(), before, "it was claimed by n");
}

/* A dialog that returns after a split arrow key keeps its claim; closing the dialog for good releases the claim. */
Test(dialog_claim, a_dialog_that_comes_back_holds_its_case)
{
	begin_at(RITA, "RAL-1", "");
	int64_t before = held();
	type("a");
	escape();
	press(key_press(PRESS_ESCAPE_CANCELLED));
	cr_assert(workbench.dialog);
	cr_expect_eq(held(), before + 1);
	escape();
	type("j");
	cr_expect_eq(held(), before);
}

/* A dialog that is closed before its response arrives releases its claim, too. */
Test(dialog_claim, nor_does_one_that_was_closed_while_it_asked)
{
	for (int i = 0; i < 10; i++) {
		begin_at(RITA, "RAL-1", "");
		int64_t before = held();
		workbench_handle_key(&workbench, &(const struct key){ .press = PRESS_CHAR, .ch = 'a' });
		cr_assert(workbench.dialog);
		if (i % 2) /* gives the reader time to begin */
			test_sleep_ms(i);
		workbench_handle_key(&workbench, &(const struct key){ .press = PRESS_ESCAPE });
		type("j");
		settle();
		cr_expect_eq(held(), before, "%d", i);
	}
}

/* A lead may release the claim of a colleague, but closing a dialog does not release it. */
Test(dialog_claim, what_a_colleague_claimed_meanwhile_stays)
{
	begin_at(LEA, "RAL-1", "");
	type("a");
	cr_assert(workbench.dialog);
	struct desk *desk = fixture_desk(&f, "ada", false);
	DESK(desk, "RAL-1", .verb = VERB_ASSIGN, .part = "rita");
	desk_close(desk);
	escape();
	type("j");
	cr_expect_str_eq(sql_text(&f, "SELECT r.name FROM session s JOIN reviewer r ON r.id = s.assignee_id WHERE "
				      "s.external_ref = 'RAL-1'"),
			 "rita");
}
