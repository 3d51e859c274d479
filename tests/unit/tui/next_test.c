/* n and N on a real store and without a terminal: to the next case and back, for who claims and for who only looks. */
#include "places.h"

TestSuite(next, .init = places_open, .fini = places_close, .timeout = 120);

static const struct person rita = { "rita", ROLE_REVIEWER, .readonly = false };
static const struct person vic = { "vic", ROLE_VIEWER, .readonly = false };

static void look_at_list(const struct person *person, const char *keys)
{
	put_back();
	open_workbench(person);
	arrive_at(&(const struct row){ .ref = "", .keys = keys }, person);
}

static void leave(void)
{
	close_workbench();
	arena_reset(&arena);
}

static void says(const char *sentence)
{
	const char *text = workbench.status.text ? workbench.status.text : "nothing";
	cr_expect_str_eq(text, sentence, "it says \"%s\"", text);
}

static const char *here(void)
{
	return workbench.case_count ? case_model_view(&top_case(&workbench)->model)->file.session.external_ref
				    : "the list";
}

static int64_t held_by_rita(void)
{
	return sql_int(
		&f,
		"SELECT count(*) FROM session WHERE assignee_id = (SELECT id FROM reviewer WHERE name = 'rita')");
}

Test(next, each_case_of_the_list_is_claimed_once_and_the_end_is_told)
{
	look_at_list(&rita, "/Harbour\n");
	int64_t before = held_by_rita();
	const char *seen[60];
	size_t count = 0;
	for (type("n"); count < 60 && workbench.case_count && !workbench.walk.ended; type("n")) {
		seen[count++] = arena_strdup(&arena, here());
		cr_expect_eq(workbench.case_count, 1);
		for (size_t i = 0; i + 1 < count; i++)
			cr_expect_str_neq(seen[i], here(), "twice");
	}
	cr_assert_gt(count, 1);
	says(arena_printf(&arena, "The end: %zu cases seen of this list; n begins again, N goes back", count));
	cr_expect_str_eq(here(), seen[count - 1], "and the last one stays");
	cr_expect_leq(held_by_rita() - before, 1, "who goes on lets go of what was only looked at");
	for (size_t i = count - 1; i-- > 0;) {
		type("N");
		cr_expect_str_eq(here(), seen[i], "back to %zu", i);
	}
	type("N");
	says("No case was open before this one; n goes on");
	cr_expect_str_eq(here(), seen[0]);
	type("n");
	cr_expect_str_eq(here(), seen[1], "the way that one came");
	leave();
}

Test(next, after_the_end_it_begins_again)
{
	look_at_list(&rita, "/Harbour\nn");
	const char *first = arena_strdup(&arena, here());
	for (size_t i = 0; i < 60 && !workbench.walk.ended; i++)
		type("n");
	cr_assert(workbench.walk.ended);
	type("n");
	cr_expect_str_eq(here(), first);
	cr_expect_not(workbench.walk.ended);
	leave();
}

Test(next, where_nothing_waits_it_says_so)
{
	look_at_list(&rita, "/country:ZWE\n");
	type("n");
	says("No case of this list waits for you: all are held, waiting for others, or decided");
	cr_expect_eq(workbench.case_count, 0);
	leave();
}

/* Who may not claim walks down the list, row by row, and nothing is claimed. */
Test(next, who_only_looks_goes_along_the_list)
{
	look_at_list(&vic, "/Harbour\n");
	size_t count = queue_count(&workbench.queue);
	cr_assert_gt(count, 1);
	for (size_t i = 0; i < count; i++) {
		type("n");
		cr_expect_str_eq(here(), queue_item(&workbench.queue, i)->external_ref, "%zu", i);
	}
	type("n");
	says("The end of this list; N goes back");
	cr_expect_str_eq(here(), queue_item(&workbench.queue, count - 1)->external_ref);
	for (size_t i = count - 1; i-- > 0;) {
		type("N");
		cr_expect_str_eq(here(), queue_item(&workbench.queue, i)->external_ref, "back to %zu", i);
	}
	type("N");
	says("The first case of this list");
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM session WHERE assignee_id = (SELECT id FROM reviewer WHERE "
				 "name = 'vic')"),
		     0);
	leave();
}
