/* Tests n and N (next and previous case) on a real store, without a terminal, for users that may claim and others. */
#include "places.h"

TestSuite(next, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static const char *here(void)
{
	return workbench.case_stack.count ? case_model_view(&top_case(&workbench)->model)->file.session.external_ref
					  : "the list";
}

static int64_t held_by_rita(void)
{
	return sql_int(
		&f, "SELECT count(*) FROM session WHERE assignee_id = (SELECT id FROM reviewer WHERE name = 'rita')");
}

Test(next, each_case_of_the_list_is_claimed_once_and_the_end_is_told)
{
	begin_at(RITA, "", "/Harbour\n");
	int64_t before = held_by_rita();
	const char *seen[60];
	size_t count = 0;
	for (type("n"); count < 60 && workbench.case_stack.count && !workbench.visits.has_reached_end; type("n")) {
		seen[count++] = arena_strdup(&arena, here());
		cr_expect_eq(workbench.case_stack.count, 1);
		for (size_t i = 0; i + 1 < count; i++)
			cr_expect_str_neq(seen[i], here(), "twice");
	}
	cr_assert_gt(count, 1);
	says(arena_printf(&arena, "End of this list: %zu cases seen; n starts again, N goes back", count));
	cr_expect_str_eq(here(), seen[count - 1], "and the last one stays");
	cr_expect_leq(held_by_rita() - before, 1, "who goes on lets go of what was only looked at");
	for (size_t i = count - 1; i-- > 0;) {
		type("N");
		cr_expect_str_eq(here(), seen[i], "back to %zu", i);
	}
	type("N");
	says("No earlier case was opened; n opens the next one");
	cr_expect_str_eq(here(), seen[0]);
	type("n");
	cr_expect_str_eq(here(), seen[1], "the way that one came");
}

Test(next, after_the_end_it_begins_again)
{
	begin_at(RITA, "", "/Harbour\nn");
	const char *first = arena_strdup(&arena, here());
	for (size_t i = 0; i < 60 && !workbench.visits.has_reached_end; i++)
		type("n");
	cr_assert(workbench.visits.has_reached_end);
	type("n");
	cr_expect_str_eq(here(), first);
	cr_expect_not(workbench.visits.has_reached_end);
}

Test(next, where_nothing_waits_it_says_so)
{
	begin_at(RITA, "", "/country:ZWE\n");
	type("n");
	says("No case of this list is free: all are held, pending with others, or decided");
	cr_expect_eq(workbench.case_stack.count, 0);
}

/* For a user that may not claim, n opens the cases of the list row by row, and claims nothing. */
Test(next, who_only_looks_goes_along_the_list)
{
	begin_at(VIC, "", "/Harbour\n");
	size_t count = queue_row_count(&workbench.inbox.queue);
	cr_assert_gt(count, 1);
	for (size_t i = 0; i < count; i++) {
		type("n");
		cr_expect_str_eq(here(), queue_item(&workbench.inbox.queue, i)->external_ref, "%zu", i);
		cr_expect_eq(workbench.case_stack.count, 1, "one after the other, not one on the other");
	}
	type("n");
	says("End of this list; N goes back");
	cr_expect_str_eq(here(), queue_item(&workbench.inbox.queue, count - 1)->external_ref);
	for (size_t i = count - 1; i-- > 0;) {
		type("N");
		cr_expect_str_eq(here(), queue_item(&workbench.inbox.queue, i)->external_ref, "back to %zu", i);
	}
	type("N");
	says("This is the first case of the list");
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM session WHERE assignee_id = (SELECT id FROM reviewer WHERE "
				 "name = 'vic')"),
		     0);
}

static void close_the_alert(void)
{
	struct desk *lea = fixture_desk(&f, "lea", false);
	DESK(lea, "ALE-1", .verb = VERB_ALERT_CLOSE, .reason = "The hit is another person");
	desk_close(lea);
}

/* A free alert on an approved customer comes before the user's own cases. */
Test(next, an_alert_comes_first)
{
	begin_at(RITA, "", "");
	struct desk *desk = fixture_desk(&f, "rita", false);
	DESK(desk, "GAP-1", .verb = VERB_CLAIM);
	desk_close(desk);
	type("n");
	cr_expect_str_eq(here(), "ALE-1");
	cr_expect(shows("ALERT · "), "%s", screen_text());
	cr_expect(shows("still approved: Enter"), "%s", screen_text());
	cr_expect(top_case(&workbench)->claimed_by_next_key);
	type("n");
	cr_expect_str_eq(here(), "GAP-1");
	type("N");
	cr_expect_str_eq(here(), "ALE-1");
	press(key_press(PRESS_ENTER));
	cr_assert(workbench.dialog && workbench.dialog->spec == &alert_dialog, "%s", screen_text());
	cr_expect(shows("(*) judge the hit"), "%s", screen_text());
}

/* The user's own cases come first, however urgent the others are; then the unclaimed ones. */
Test(next, who_holds_a_case_goes_on_with_it)
{
	begin_at(RITA, "", "");
	close_the_alert();
	struct desk *desk = fixture_desk(&f, "rita", false);
	DESK(desk, "GAP-1", .verb = VERB_CLAIM);
	DESK(desk, "PEP-1", .verb = VERB_CLAIM);
	desk_close(desk);
	static const char *const own[] = { "GAP-1", "PEP-1" };
	for (size_t i = 0; i < 2; i++) {
		type("n");
		cr_expect(!strcmp(here(), own[0]) || !strcmp(here(), own[1]), "%s", here());
		cr_expect_not(top_case(&workbench)->claimed_by_next_key);
	}
	type("n");
	cr_expect(strcmp(here(), own[0]) && strcmp(here(), own[1]), "%s", here());
	cr_expect(top_case(&workbench)->claimed_by_next_key);
	cr_expect_eq(held_by_rita(), 3);
}

/* In an inbox without open work, n opens a case of another inbox; with a typed filter it does not. */
Test(next, a_list_without_work_leads_to_the_others_and_a_filter_does_not)
{
	begin_at(RITA, "", "6");
	close_the_alert();
	cr_assert_eq(workbench.inbox.queue.inbox, INBOX_APPROVED);
	type("n");
	cr_expect_eq(workbench.case_stack.count, 1);
	cr_expect_eq(case_model_view(&top_case(&workbench)->model)->file.session.status, SESSION_MANUAL_REVIEW);
	begin_at(RITA, "", "/country:ZWE\nn");
	cr_expect_eq(workbench.case_stack.count, 0);
}

/* After the last case of a filter is decided, no case opens, because the other waiting cases do not match. */
Test(next, behind_the_last_of_a_filter_a_decision_claims_nothing_else)
{
	begin_at(RITA, "", "/KYC-1\n");
	workbench.next_after_decision = true;
	type("n");
	cr_assert_str_eq(here(), "KYC-1");
	int64_t held = held_by_rita();
	screen_cols = 200;
	type("ay");
	cr_expect_eq(workbench.case_stack.count, 0, "%s", screen_text());
	cr_expect_leq(held_by_rita(), held);
	cr_expect(shows("Approved Jo Reyes (KYC-1)"), "%s", screen_text());
	cr_expect(shows("last case of this filter"), "%s", screen_text());
}

/* Without a filter the next case opens. */
Test(next, behind_the_last_of_an_inbox_a_decision_leads_on)
{
	begin_at(RITA, "", "/KYC-1\nn");
	cr_assert_str_eq(here(), "KYC-1");
	workbench.next_after_decision = true;
	strbuf_reset(&workbench.inbox.queue.filter);
	type("ay");
	cr_assert_eq(workbench.case_stack.count, 1, "%s", screen_text());
	cr_expect_str_neq(here(), "KYC-1");
}
