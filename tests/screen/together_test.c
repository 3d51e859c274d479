/* Several reviewers on one store: each sees the changes of the others, and no case is decided twice. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

static struct terminal *ana, *bo;

static void set_up(void)
{
	bench_open(&bench);
	char *first = clear_person("CLEAR-1", "Ines Duarte"), *second = clear_person("CLEAR-2", "Tomas Reis");
	bench_import(&bench, first);
	bench_import(&bench, second);
}
static void tear_down(void)
{
	terminal_free(ana);
	terminal_free(bo);
	bench_close(&bench);
}
TestSuite(together, .init = set_up, .fini = tear_down);

static void start_both(void)
{
	ana = bench_start(&bench, "ana", 24, 119, "C.UTF-8", NULL);
	SEES(ana, "Tomas Reis");
	bo = bench_start(&bench, "bo", 24, 119, "C.UTF-8", NULL);
	SEES(bo, "Tomas Reis");
}

Test(together, a_claim_is_seen_by_the_other_without_a_key)
{
	start_both();
	TYPES(ana, "c", "You hold Ines Duarte");
	SEES(bo, " ana");
}

Test(together, the_cursor_stays_on_its_case_when_others_go)
{
	start_both();
	terminal_type(bo, "j");
	RESTS(bo);
	OPENS(ana, "a", "y approve");
	TYPES(ana, "y", "Approved");
	SEES_NO_MORE(bo, "Ines Duarte");
	int row = terminal_find_row(bo, "Tomas Reis");
	cr_expect_geq(row, 0);
	cr_expect_eq(strncmp(terminal_row(bo, row), "▸", strlen("▸")), 0, "%s", terminal_screen(bo));
}

Test(together, a_lead_is_asked_before_taking_a_case_over)
{
	start_both();
	TYPES(ana, "c", "You hold Ines Duarte");
	SEES(bo, " ana");
	TYPES(bo, "a", "Take over Ines Duarte");
	SEES(bo, "y take over");
	RESTS(bo);
	CLOSES(bo, ESC, "Take over");
	OPENS(bo, "a", "y take over");
	TYPES(bo, "y", "y approve");
	SEES(ana, " bo");
}

Test(together, the_second_to_decide_is_told_who_did)
{
	start_both();
	TYPES(bo, "a", "y approve");
	cr_assert_eq(bench_run(&bench, "assign", "CLEAR-1", "ana", NULL), 0, "%s", bench.last.err);
	cr_assert_eq(bench_run(&bench, "approve", "CLEAR-1", NULL), 0, "%s", bench.last.err);
	cr_assert(terminal_settle(bo, 600, PATIENCE_MS));
	TYPES(bo, "y", "ana");
	cr_expect_not(terminal_shows(bo, "Approved Ines"), "%s", terminal_screen(bo));
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "\"by\": \"ana\"") || strstr(bench.last.out, "\"by\":\"ana\""));
}

Test(together, a_hit_within_the_grace_time_is_said_without_a_key)
{
	bench_configure(&bench, "{\"grace_seconds\": 60}");
	start_both();
	OPENS(ana, "a", "y approve");
	TYPES(ana, "y", "Approved Ines Duarte");
	SEES(ana, "undo");
	bench_import(&bench, sanctioned_person("CLEAR-1", "Ines Duarte"));
	SEES(ana, "Approval held, review again: Ines Duarte (CLEAR-1) · Enter opens it");
	cr_expect_not(terminal_shows(ana, "u undo"), "%s", terminal_screen(ana));
	cr_expect_not(terminal_shows(bo, "Approval held"), "%s", terminal_screen(bo));
	cr_assert(terminal_settle(ana, 1500, PATIENCE_MS));
	cr_expect(terminal_shows(ana, "Approval held"), "%s", terminal_screen(ana));
	TYPES(ana, "\r", "CLEAR-1");
	SEES_NO_MORE(ana, "Approval held");
	SEES(ana, "OFAC SDN");
}

Test(together, next_gives_each_another_case)
{
	start_both();
	TYPES(ana, "n", "CLEAR-1");
	TYPES(bo, "n", "CLEAR-2");
}

Test(together, a_case_that_next_found_is_free_again_when_it_was_left_untouched)
{
	start_both();
	TYPES(ana, "n", "you hold it");
	SEES(bo, " ana");
	TYPES(ana, "q", "  Why");
	SEES_NO_MORE(bo, " ana");
}

Test(together, the_first_of_two_approvals_and_the_second_of_another_person)
{
	cr_assert_eq(bench_run(&bench, "reviewer", "add", "sam", "--role", "reviewer", "--supervised", NULL), 0, "%s",
		     bench.last.err);
	ana = bench_start(&bench, "sam", 30, 110, "C.UTF-8", NULL);
	SEES(ana, "Ines Duarte");
	TYPES(ana, "a", "is the first of two");
	SEES(ana, "y approve");
	RESTS(ana);
	TYPES(ana, "y", "Recorded the first approval of Ines Duarte");
	bo = bench_start(&bench, "bo", 30, 110, "C.UTF-8", NULL);
	SEES(bo, "Ines Duarte");
	TYPES(bo, "\r", "first approval by sam");
	TYPES(bo, "a", "is the second");
	SEES(bo, "y approve");
	RESTS(bo);
	TYPES(bo, "y", "Approved Ines Duarte");
}
