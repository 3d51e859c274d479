/*
 * The bytes sent to a terminal with colours: a cursor that moves by one row costs at most 800 bytes, even if the list
 * scrolls, and its preview at most 1,500. The tests measure bytes, because times differ between machines.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#define MOVE_BYTES 800
#define NARROW_BYTES                                                                                                   \
	400 /* two rows of 80 columns with their colours: the area that scrolls is not sent a second time */
#define PREVIEW_BYTES 1500
#define BEFORE_PREVIEW_MS 90 /* the preview starts 150 ms after the last key */

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

static size_t sent(int quiet_ms)
{
	size_t length;
	(void)terminal_settle(terminal, quiet_ms, PATIENCE_MS);
	(void)terminal_raw(terminal, &length);
	terminal_forget(terminal);
	return length;
}

/* Moves the cursor down beyond the edge of the screen and up again. If the preview arrives together with the move, the
 * sum of both limits applies. */
static void move_about(unsigned moves, size_t limit, bool previews, const char *where)
{
	size_t most = 0, all = 0, most_after = 0;
	for (unsigned i = 0; i < 2 * moves; i++) {
		terminal_forget(terminal);
		terminal_type(terminal, i < moves ? "j" : "k");
		size_t bytes = sent(previews ? BEFORE_PREVIEW_MS : 400), after = previews ? sent(500) : 0;
		cr_expect_leq(bytes, limit + (previews && !after ? PREVIEW_BYTES : 0), "%s, move %u: %zu bytes", where,
			      i, bytes);
		cr_expect_leq(after, PREVIEW_BYTES, "%s, preview %u: %zu bytes", where, i, after);
		cr_expect_gt(bytes + after, 0, "%s, move %u: nothing moved", where, i);
		most = bytes > most ? bytes : most;
		most_after = after > most_after ? after : most_after;
		all += bytes;
	}
	cr_log_info("%s: %u moves, %zu bytes each, %zu at most; previews %zu at most", where, 2 * moves,
		    all / (2 * moves), most, most_after);
}

Test(screen_sent, a_move_in_the_list_at_80_columns)
{
	start(24, 80);
	move_about(24, NARROW_BYTES, false, "the list at 80 by 24");
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
	move_about(3, MOVE_BYTES, true, "the parties at 200 by 50");
	TYPES(terminal, "2", "Look for:");
	terminal_press(terminal, TERMINAL_HOME); /* the cursor begins at the first document to review */
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
	move_about(3, MOVE_BYTES, true, "the documents at 200 by 50");
	TYPES(terminal, "q", "1 case ");
	QUITS(terminal);
}

Test(screen_sent, a_move_in_the_list_at_200_columns)
{
	start(50, 200);
	move_about(24, MOVE_BYTES, true, "the list at 200 by 50");
	QUITS(terminal);
}
