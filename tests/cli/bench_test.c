/* Tests ./dev bench --against FILE, and the arguments of ./dev bench. The measuring itself is not tested. */
#include "expect.h"

#include <stdio.h>
#include <string.h>

TestSuite(bench, .init = box_set_up_bare, .fini = box_tear_down);

#define HEAD "sessions\t1000\tprocessors\t2\n"
#define AGAINST KYB_SOURCE_DIR "/tests/bench/against.sh"
#define BENCH KYB_SOURCE_DIR "/tests/bench/run.sh"

/* expected: "THEN NOW CHANGE NOTE" of the row that begins with `what`. */
static void expect_row(const char *what, const char *expected)
{
	char then[32] = "", now[32] = "", change[32] = "", note[64] = "", row[256], found[256];
	const char *line = strstr(box.last.out, what);

	cr_assert(line, "%s in %s", what, box.last.out);
	snprintf(row, sizeof row, "%.*s", (int)strcspn(line, "\n"), line);
	cr_assert_geq(sscanf(row + strlen(what), " %31s %31s %31s %63[^\n]", then, now, change, note), 3, "%s", row);
	snprintf(found, sizeof found, "%s %s %s%s%s", then, now, change, *note ? " " : "", note);
	cr_expect_str_eq(found, expected, "%s: %s", what, found);
}

Test(bench, each_row_says_how_its_ratio_moved)
{
	box_write(&box, "then",
		  HEAD "a page : by hand\t9 us\t9 us\t1.00\t<= 2\n"
		       "a search : bare FTS5\t9 us\t9 us\t2.00\t<= 3\n"
		       "import : jansson\t9/s\t9/s\t0.50\t>= 0.5\n"
		       "intake : bare commit\t9/s\t9/s\t0.40\t>= 0.5\n"
		       "as it was : by hand\t9 us\t9 us\t1.00\t<= 2\n"
		       "no reference : none\t9/s\t0/s\t-\t-\n"
		       "no more : by hand\t9 us\t9 us\t1.00\t<= 2\n");
	box_write(&box, "now",
		  HEAD "a page : by hand\t9 us\t9 us\t1.50\t<= 2\n"
		       "a search : bare FTS5\t9 us\t9 us\t0.50\t<= 3\n"
		       "import : jansson\t9/s\t9/s\t0.25\t>= 0.5\n"
		       "intake : bare commit\t9/s\t9/s\t0.80\t>= 0.5\n"
		       "as it was : by hand\t9 us\t9 us\t1.20\t<= 2\n"
		       "no reference : none\t9/s\t0/s\t-\t-\n"
		       "not yet : by hand\t9 us\t9 us\t1.00\t<= 2\n");
	DONE_SHELL(AGAINST " then now");
	expect_row("a page : by hand", "1.00 1.50 1.50 slower");
	expect_row("a search : bare FTS5", "2.00 0.50 0.25 faster");
	/* Half the rate is twice as slow. */
	expect_row("import : jansson", "0.50 0.25 2.00 slower");
	expect_row("intake : bare commit", "0.40 0.80 0.50 faster");
	expect_row("as it was : by hand", "1.00 1.20 1.20");
	expect_row("no reference : none", "- - - no ratio");
	expect_row("not yet : by hand", "- 1.00 - new");
	expect_row("no more : by hand", "1.00 - - gone");
	PRINTS("\n2 slower, 2 faster, 1 new, 1 gone\n");
	PRINTS_NOT("sessions then");
}

Test(bench, results_of_another_size_or_machine_are_said_to_be_so)
{
	box_write(&box, "then", HEAD "a page : by hand\t9 us\t9 us\t1.00\t<= 2\n");
	box_write(&box, "now", "sessions\t1000000\tprocessors\t8\na page : by hand\t9 us\t9 us\t1.00\t<= 2\n");
	DONE_SHELL(AGAINST " then now");
	PRINTS("1000 sessions then, 1000000 now", "On 2 processors then and 8 now");
}

/* Wrong arguments are refused before anything is built or measured. */
Test(bench, what_is_no_kept_result_or_no_number_is_refused_at_once)
{
	static const char *const words[] = { "--against nowhere",
					     "--against HEAD --huge",
					     "--against table",
					     "--against",
					     "--save",
					     "--save no/such/folder/file",
					     "many",
					     "''",
					     "010",
					     "1000 --slow" };

	box_write(&box, "table", "what   ours  reference   ratio  goal\n");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char line[sizeof BENCH + 64];

		snprintf(line, sizeof line, BENCH " %s", words[i]);
		cr_expect_eq(box_shell(&box, line), 2, "%s: %d %s", words[i], box.last.status, box.last.err);
		cr_expect_str_eq(box.last.out, "", "%s", words[i]);
		cr_expect(*box.last.err, "%s", words[i]);
	}
}
