/*
 * The bytes sent to a terminal with colours: a cursor that moves by one row costs at most a third of the whole
 * screen, even if the list scrolls and a preview follows. The tests measure bytes, because times differ between
 * machines, and compare them with ^L on the same screen, because an age or a due time makes a row longer.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#define SHARE 3

/* Imports cases of the same age, so that the length of a row does not depend on the date. */
static void import_cases(void)
{
	static const char *const names[] = { "Ines Duarte", "Harbour Lane Trading and Shipping Ltd",
					     "株式会社ミナト商事", "Aurora Soluções Digitais" };
	char *lines = NULL;
	size_t length = 0;
	FILE *all = open_memstream(&lines, &length);
	cr_assert(all);
	for (unsigned i = 0; i < 18; i++) {
		char reference[16];
		char name[80];
		(void)snprintf(reference, sizeof reference, "CLEAR-%u", i);
		(void)snprintf(name, sizeof name, "%u %s", i + 1, names[i % 4]);
		fputs(clear_person(reference, name), all);
	}
	cr_assert_eq(fclose(all), 0);
	bench_import(&bench, lines);
	free(lines);
}

static void set_up(void)
{
	bench_open(&bench);
	import_cases();
	bench_import_samples(&bench);
}
TestSuite(screen_sent, .init = set_up, .fini = bench_tear_down);

static void start(int rows, int columns)
{
	terminal = bench_start(&bench, "ana", rows, columns, "C.UTF-8", NULL);
	SEES(terminal, "manual_review");
	SEES(terminal, "overdue");
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
}

/* Types the key; the bytes of all that follows, a preview included: it starts 150 ms after the last key. */
static size_t sent(const char *key)
{
	size_t length;
	long long end = test_clock_ms() + PATIENCE_MS;
	terminal_forget(terminal);
	terminal_type(terminal, key);
	do {
		cr_assert(terminal_settle(terminal, 500, PATIENCE_MS), "%s", terminal_screen(terminal));
		(void)terminal_raw(terminal, &length);
	} while (!length && test_clock_ms() < end);
	cr_assert(length, "nothing moved: %s", terminal_screen(terminal));
	return length;
}

/* Moves the cursor down beyond the edge of the screen and up again. */
static void move_about(unsigned moves, const char *where)
{
	size_t most = 0, all = 0, whole = sent("\f");
	for (unsigned i = 0; i < 2 * moves; i++) {
		size_t bytes = sent(i < moves ? "j" : "k");
		cr_expect_leq(bytes, whole / SHARE, "%s, move %u: %zu bytes, the whole screen is %zu", where, i, bytes,
			      whole);
		most = bytes > most ? bytes : most;
		all += bytes;
	}
	cr_log_info("%s: %u moves, %zu bytes each, %zu at most; the whole screen is %zu", where, 2 * moves,
		    all / (2 * moves), most, whole);
}

Test(screen_sent, a_move_in_the_list_at_80_columns)
{
	start(24, 80);
	move_about(24, "the list at 80 by 24");
	QUITS(terminal);
}

/* Once the cursor rests, the selected row is shown beside the case: that is its preview. */
Test(screen_sent, a_move_in_an_open_case_at_200_columns)
{
	start(50, 200);
	TYPES(terminal, "/RAL-2031\r", "1 case ");
	TYPES(terminal, "\r", "Before you can approve");
	TYPES(terminal, "3", "Lane Holdings BV: company");
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
	move_about(3, "the parties at 200 by 50");
	TYPES(terminal, "2", "Look for:");
	terminal_press(terminal, TERMINAL_HOME); /* the cursor begins at the first document to review */
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
	move_about(3, "the documents at 200 by 50");
	TYPES(terminal, "q", "1 case ");
	QUITS(terminal);
}

Test(screen_sent, a_move_in_the_list_at_200_columns)
{
	start(50, 200);
	move_about(24, "the list at 200 by 50");
	QUITS(terminal);
}
