/* Dialogs: no key makes a decision that the reviewer did not intend. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(screen_dialog, .init = bench_set_up_person, .fini = bench_tear_down);

static void start(const char *option)
{
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", option, NULL);
	SEES(terminal, "Ines Duarte");
}
Test(screen_dialog, enter_alone_never_decides)
{
	start(NULL);
	for (int i = 0; i < 4; i++) {
		terminal_type(terminal, "a");
		SEES(terminal, "y approve");
		cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
		terminal_press(terminal, TERMINAL_ENTER);
		SEES_NO_MORE(terminal, "y approve");
	}
	QUITS(terminal);
	bench_expect_status("manual_review");
}

Test(screen_dialog, keys_typed_before_it_was_painted_are_dropped)
{
	start(NULL);
	terminal_type(terminal, "ayyyyyy");
	SEES(terminal, "y approve");
	cr_expect(terminal_settle(terminal, 500, PATIENCE_MS));
	cr_expect(terminal_shows(terminal, "y approve"), "%s", terminal_screen(terminal));
	bench_expect_status("manual_review");
	terminal_type(terminal, "y"); /* now it was seen */
	SEES(terminal, "Approved");
	QUITS(terminal);
	bench_expect_status("approved");
}

Test(screen_dialog, a_paste_outside_a_field_does_nothing)
{
	start(NULL);
	terminal_paste(terminal, "ay");
	cr_expect(terminal_settle(terminal, 300, PATIENCE_MS));
	cr_expect_not(terminal_shows(terminal, "y approve"));
	terminal_type(terminal, "a");
	SEES(terminal, "y approve");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_paste(terminal, "y");
	cr_expect(terminal_settle(terminal, 300, PATIENCE_MS));
	cr_expect(terminal_shows(terminal, "y approve"), "%s", terminal_screen(terminal));
	bench_expect_status("manual_review");
}

Test(screen_dialog, a_paste_into_the_note_is_the_note)
{
	start(NULL);
	terminal_type(terminal, "a");
	SEES(terminal, "y approve");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_press(terminal, TERMINAL_TAB);
	terminal_paste(terminal, "called\nthe registry");
	SEES(terminal, "called the registry");
	terminal_press(terminal, TERMINAL_ENTER);
	terminal_type(terminal, "y");
	SEES(terminal, "Approved");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "called the registry"));
}

Test(screen_dialog, one_esc_closes_one_thing)
{
	start(NULL);
	terminal_press(terminal, TERMINAL_ENTER);
	SEES(terminal, "CLEAR-1");
	terminal_type(terminal, "a");
	SEES(terminal, "y approve");
	terminal_press(terminal, TERMINAL_ESCAPE);
	SEES_NO_MORE(terminal, "y approve");
	cr_expect(terminal_shows(terminal, "CLEAR-1"), "the case is still open");
	terminal_press(terminal, TERMINAL_ESCAPE);
	SEES(terminal, "  Why");
	terminal_press(terminal, TERMINAL_ESCAPE); /* nothing is left to close */
	cr_expect(terminal_settle(terminal, 300, PATIENCE_MS));
	cr_expect(terminal_shows(terminal, "  Why"));
	QUITS(terminal);
}

Test(screen_dialog, a_rejection_needs_its_reason)
{
	start(NULL);
	terminal_type(terminal, "r");
	SEES(terminal, "y reject");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "y");
	SEES(terminal, "Choose a reason first");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, "missing");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_press(terminal, TERMINAL_TAB);
	terminal_press(terminal, TERMINAL_TAB);
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "y");
	SEES(terminal, "Rejected");
	QUITS(terminal);
	bench_expect_status("rejected");
}

Test(screen_dialog, corrections_are_asked_for_step_by_step)
{
	start(NULL);
	terminal_type(terminal, "x");
	SEES(terminal, "y ask the client");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, " ");
	SEES(terminal, "[x] identity");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_type(terminal, "Please look again.");
	SEES(terminal, "client sees Please look again.");
	terminal_press(terminal, TERMINAL_TAB);
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "y");
	SEES(terminal, "Requested corrections");
	QUITS(terminal);
	bench_expect_status("awaiting_client_correction");
}

Test(screen_dialog, readonly_changes_nothing)
{
	start("--readonly");
	SEES(terminal, "READ ONLY");
	terminal_type(terminal, "a");
	SEES(terminal, "nothing can be changed here");
	terminal_type(terminal, "c");
	cr_expect(terminal_settle(terminal, 300, PATIENCE_MS));
	QUITS(terminal);
	bench_expect_status("manual_review");
}

Test(screen_dialog, a_note_is_saved)
{
	start(NULL);
	terminal_type(terminal, "m");
	SEES(terminal, "note on Ines Duarte:");
	terminal_type(terminal, "called back");
	terminal_press(terminal, TERMINAL_ENTER);
	SEES(terminal, "Saved the note");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "called back"));
}

Test(screen_dialog, personal_data_is_masked_until_revealed)
{
	start(NULL);
	terminal_press(terminal, TERMINAL_ENTER);
	SEES(terminal, "****-**-**");
	cr_expect_not(terminal_shows(terminal, "1984"));
	terminal_type(terminal, "R");
	SEES(terminal, "1984-02-11");
	terminal_type(terminal, "q");
	SEES(terminal, "  Why");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "audit", "list", "CLEAR-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "reveal"), "%s", bench.last.out);
}

/* Two are decided one after the other: each announcement names its case, and both can be undone. */
Test(screen_dialog, undo_is_a_list_that_names_what_it_undoes)
{
	bench_import(&bench, clear_person("CLEAR-2", "Tomas Reis"));
	bench_configure(&bench, "{\"grace_seconds\": 600}");
	start(NULL);
	SEES(terminal, "Tomas Reis");
	for (int i = 0; i < 2; i++) {
		terminal_type(terminal, "a");
		SEES(terminal, "y approve");
		cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
		terminal_type(terminal, "y");
		SEES(terminal, i ? "(CLEAR-2)" : "(CLEAR-1)");
		SEES(terminal, "u undo approval");
		cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	}
	SEES(terminal, "U 1 more");
	terminal_type(terminal, "U");
	SEES(terminal, "approval of Tomas Reis (CLEAR-2)");
	SEES(terminal, "approval of Ines Duarte (CLEAR-1)");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_press(terminal, TERMINAL_DOWN);
	terminal_press(terminal, TERMINAL_DOWN);
	SEES(terminal, "(*) approval of Ines Duarte");
	terminal_control(terminal, 'y');
	SEES(terminal, "Undone: approval of Ines Duarte (CLEAR-1)");
	SEES(terminal, "u undo approval of CLEAR-2");
	terminal_type(terminal, "u");
	SEES(terminal, "Undone: approval of Tomas Reis (CLEAR-2)");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	cr_expect_not(terminal_shows(terminal, "u undo"), "%s", terminal_screen(terminal));
	terminal_type(terminal, "q");
	SEES(terminal, "  Why");
	QUITS(terminal);
	bench_expect_status("manual_review");
}

Test(screen_dialog, a_decided_case_is_reopened_without_leaving_the_screen)
{
	cr_assert_eq(bench_run(&bench, "approve", "CLEAR-1", "--grace", "0", NULL), 0, "%s", bench.last.err);
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "0 cases");
	terminal_type(terminal, "6");
	SEES(terminal, "Ines Duarte");
	terminal_type(terminal, "v");
	SEES(terminal, "reopen the case");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_control(terminal, 'y');
	SEES(terminal, "First choose the action");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "reop\tA new owner was declared");
	SEES(terminal, "A new owner was declared");
	terminal_control(terminal, 'y');
	SEES(terminal, "Reopened Ines Duarte (CLEAR-1)");
	QUITS(terminal);
	bench_expect_status("manual_review");
}

/* The inbox that is named above the case has no further one: the next is from another inbox, and the status line says so. */
Test(screen_dialog, behind_the_last_of_an_inbox_the_status_line_says_where_the_next_is_from)
{
	char *line = clear_person("CLEAR-2", "Tomas Reis"), *status = strstr(line, "manual_review");
	cr_assert_not_null(status);
	memcpy(status, "completed\"    ", strlen("manual_review\"")); /* JSON takes blanks */
	bench_import(&bench, line);
	terminal = bench_start(&bench, "ana", 24, 120, "C.UTF-8", NULL);
	SEES(terminal, "Ines Duarte");
	terminal_type(terminal, "a");
	SEES(terminal, "y approve");
	cr_assert(terminal_settle(terminal, 200, PATIENCE_MS));
	terminal_type(terminal, "y");
	SEES(terminal, "last of this inbox; the next case is in another");
	SEES(terminal, "Tomas Reis");
}
