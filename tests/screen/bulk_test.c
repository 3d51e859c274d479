/* Marks several cases, previews an action on them and performs it; a refused case is reported and stays marked. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	static const char *const names[] = { "Ines Duarte", "Tomas Reis", "Mara Lane" };
	bench_open(&bench);
	for (size_t i = 0; i < 3; i++) {
		char reference[16];
		(void)snprintf(reference, sizeof reference, "CLEAR-%zu", i + 1);
		bench_import(&bench, clear_person(reference, names[i]));
	}
	cr_assert_eq(bench_run(&bench, "reviewer", "add", "bo", "--role", "reviewer", NULL), 0, "%s", bench.last.err);
}
TestSuite(screen_bulk, .init = set_up, .fini = bench_tear_down, .timeout = 120);

static void start(void)
{
	terminal = bench_start(&bench, "ana", 24, 100, "C.UTF-8", NULL);
	SEES(terminal, "Mara Lane");
	RESTS(terminal);
}

static size_t lines_of(const char *filter)
{
	size_t lines = 0;
	cr_assert_eq(bench_run(&bench, "list", "--ndjson", "--filter", filter, NULL), 0, "%s", bench.last.err);
	for (const char *c = bench.last.out; *c; c++)
		lines += *c == '\n';
	return lines;
}

/* Waits for the dialog, and chooses an entry by its first letters. */
static void choose(const char *letters, const char *chosen)
{
	SEES(terminal, "Ctrl-Y preview");
	RESTS(terminal);
	TYPES(terminal, letters, chosen);
}

Test(screen_bulk, all_of_a_list_are_assigned_and_who_it_cannot_be_is_told_before)
{
	cr_assert_eq(bench_run(&bench, "approve", "CLEAR-2", "--grace", "0", NULL), 0, "%s", bench.last.err);
	start();
	TYPES(terminal, "*", "2 marked");
	OPENS(terminal, "6", "Tomas Reis"); /* approved */
	TYPES(terminal, " ", "3 marked");
	terminal_type(terminal, "B");
	choose("sn", "(*) snooze them");
	TYPES(terminal, "\t3\tthe register is closed", "the register is closed");
	TYPES(terminal, CTRL_Y, "2 of 3 cases snoozed");
	SEES(terminal, "1 refused; it stays");
	SEES(terminal, "Tomas Reis (CLEAR-2)");
	cr_expect_eq(lines_of("mark:snoozed"), 0, "it was tried, and taken back");
	RESTS(terminal);
	TYPES(terminal, "y", "The refused ones stay unchanged and marked");
	cr_expect_eq(lines_of("mark:snoozed"), 2, "%s", bench.last.out);
	RESTS(terminal);
	CLOSES(terminal, ESC, "The refused ones stay");
	SEES(terminal, "1 marked");
	QUITS(terminal);
}

Test(screen_bulk, a_range_is_marked_from_the_one_before_and_space_unmarks)
{
	start();
	TYPES(terminal, "M", "first mark a case in this list");
	TYPES(terminal, " ", "1 marked");
	terminal_type(terminal, "G");
	RESTS(terminal);
	TYPES(terminal, "M", "3 marked");
	TYPES(terminal, " ", "2 marked");
	TYPES(terminal, "\\", "No case is marked");
	SEES_NO_MORE(terminal, " marked ·");
	TYPES(terminal, "B", "No case is marked: Space marks one");
	QUITS(terminal);
}

Test(screen_bulk, it_decides_nothing)
{
	start();
	TYPES(terminal, "*", "3 marked");
	TYPES(terminal, "B", "process them again");
	cr_expect_not(terminal_shows(terminal, "approve them"), "%s", terminal_screen(terminal));
	choose("appr", "r?");
	TYPES(terminal, CTRL_Y, "No entry begins with");
	cr_expect_eq(lines_of("status:approved"), 0);
	CLOSES(terminal, ESC, "Ctrl-Y preview");
	QUITS(terminal);
}
