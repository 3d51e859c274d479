/* kybdesk demo --tour: ten steps that wait for their key. */
#include "bench.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	bench_open(&bench);
}
TestSuite(tour, .init = set_up, .fini = bench_tear_down, .timeout = 180);

static void start(int rows, int columns)
{
	const char *const words[] = { KYB_PROGRAM, "demo", "--tour", NULL };
	const struct terminal_options options = { .argv = words,
						  .environment = (const char *const *)bench.lines,
						  .folder = bench.folder,
						  .rows = rows,
						  .columns = columns };

	terminal = terminal_start(&options);
	SEES(terminal, "1/10 The most urgent case is on top. / finds a case");
	RESTS(terminal);
}

static void press(const char *key, const char *sees)
{
	OPENS(terminal, key, sees);
}

/* SIGTERM, because a demo that is killed cannot delete its store. */
static void end(void)
{
	terminal_signal(terminal, SIGTERM);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGTERM, "%s", terminal_screen(terminal));
}

static const struct {
	const char *key, *sees;
} steps[] = {
	{ "/", "2/10 Type juniper, then Enter" },
	{ "juniper", "filter: juniper" },
	{ "\r", "3/10 A bakery. Enter opens" },
	{ "\r", "4/10 The blockers come first. 2 shows" },
	{ "2", "5/10 The documents are not reviewed yet. Enter" },
	{ "\r", "6/10 Values of the case are marked in the document. A accepts" },
	{ "A", "7/10 Accepted; this is recorded. u undoes" },
	{ "u", "8/10 Undone; this is recorded, too. 3" },
	{ "3", "9/10 The owners and their KYC. 6" },
	{ "6", "10/10 Your verdict and its undo are listed. ?" },
	{ "?", "Esc close" },
	{ "\033", "That was the tour." },
	{ "2", "to review" },
};

static void walk(int rows, int columns)
{
	start(rows, columns);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		press(steps[i].key, steps[i].sees);
	cr_expect_null(strstr(terminal_screen(terminal), "the tour"));
	end();
}

Test(tour, its_ten_keys_at_80_columns)
{
	walk(24, 80);
}

Test(tour, its_ten_keys_at_160_columns)
{
	walk(50, 160);
}

/* A wrong key opens, decides and leaves nothing. */
Test(tour, another_key_says_which_one_is_wanted)
{
	static const char *const wrong[] = { "a", "\r", "j", "x", ":", "2", "\x19", " " };

	start(24, 80);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		press(wrong[i], "1/10 Not this key yet: / finds");
		cr_expect(strstr(terminal_screen(terminal), "manual_review"), "%s", terminal_screen(terminal));
	}
	press("/", "2/10 Type juniper, then Enter");
	press("quay", "filter: quay");
	press("\r", "2/10 Not this key yet: type juniper, then Enter");
	press("\x7f\x7f\x7f\x7fjuniper", "filter: juniper");
	press("\r", "3/10 A bakery.");
	end();
}

Test(tour, esc_and_q_ask_whether_to_leave)
{
	start(24, 80);
	press("q", "Leave the tour? y leaves");
	press("n", "1/10 The most urgent case is on top.");
	press("/", "2/10 Type juniper");
	press("\033", "Leave the tour?");
	press("j", "2/10 Type juniper");
	cr_expect(strstr(terminal_screen(terminal), "filter:"), "the line is still open");
	press("\033", "Leave the tour?");
	press("y", "Enter open");
	SEES_NO_MORE(terminal, "2/10");
	press("\r", "1 Summary");
	TYPES(terminal, "q", "manual_review");
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 0, "%s", terminal_screen(terminal));
}

Test(tour, needs_a_terminal_and_a_store_that_changes)
{
	cr_expect_eq(bench_run(&bench, "demo", "--tour", NULL), 2);
	cr_expect(strstr(bench.last.err, "the tour needs a terminal"), "%s", bench.last.err);
}
