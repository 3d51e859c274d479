/* Tests the search in an open document, on a real store and without a terminal. */
#include "places.h"

TestSuite(reading, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static void read_it(const char *keys)
{
	open_at(ADA, WORST, "2\n");
	cr_assert_eq(top_screen(&workbench), &viewer_screen, "%s", screen_text());
	type(keys);
}

Test(reading, words_are_looked_for_and_gone_through_both_ways)
{
	read_it("/OF\n");
	says("1 of 4; n next, N previous");
	type("n");
	says("2 of 4");
	type("nnn");
	says("1 of 4");
	type("N");
	says("4 of 4");
	type("/nowhere at all\n");
	says("\"nowhere at all\" does not occur in the document");
	type("n");
	says("\"nowhere at all\" does not occur in the document");
	cr_expect_eq(top_screen(&workbench), &viewer_screen);
}

Test(reading, by_name_words_are_looked_for_at_once)
{
	read_it(":find members\n");
	says("1 of 1; n next, N previous");
	cr_expect_not(workbench.prompt.open);
}

Test(reading, without_words_nothing_is_looked_for)
{
	read_it("n");
	says("No search is active: / searches the text");
	status_clear(&workbench.status);
	type("/\n");
	cr_expect(!workbench.status.text || !workbench.status.text[0], "%s", workbench.status.text);
	cr_expect_not(workbench.prompt.open);
}
