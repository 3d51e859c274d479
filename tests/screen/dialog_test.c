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
		OPENS(terminal, "a", "y approve");
		CLOSES(terminal, "\r", "y approve");
	}
	QUITS(terminal);
	bench_expect_status("manual_review");
}

Test(screen_dialog, keys_typed_before_it_was_painted_are_dropped)
{
	start(NULL);
	TYPES(terminal, "ayyyyyy", "y approve");
	cr_expect(terminal_settle(terminal, 500, PATIENCE_MS));
	cr_expect(terminal_shows(terminal, "y approve"), "%s", terminal_screen(terminal));
	bench_expect_status("manual_review");
	TYPES(terminal, "y", "Approved"); /* the dialog is shown now */
	QUITS(terminal);
	bench_expect_status("approved");
}

/* Esc and what is typed after it arrive in one piece, as over a slow line: its letters press no button. */
Test(screen_dialog, a_command_after_esc_in_one_piece_is_a_command)
{
	start(NULL);
	OPENS(terminal, "a", "y approve");
	TYPES(terminal, ESC ":theme light\r", "light");
	cr_expect_not(terminal_shows(terminal, "y approve"), "%s", terminal_screen(terminal));
	OPENS(terminal, "a", "y approve");
	CLOSES(terminal, ESC "y", "y approve"); /* y is of no dialog now */
	OPENS(terminal, "a", "y approve");
	CLOSES(terminal, ESC "\ryy", "y approve");
	OPENS(terminal, "a", "y approve");
	CLOSES(terminal, ESC "\xc3\xa9yy", "y approve");
	QUITS(terminal);
	bench_expect_status("manual_review");
}

Test(screen_dialog, a_paste_outside_a_field_does_nothing)
{
	start(NULL);
	terminal_paste(terminal, "ay");
	RESTS(terminal);
	cr_expect_not(terminal_shows(terminal, "y approve"));
	OPENS(terminal, "a", "y approve");
	terminal_paste(terminal, "y");
	RESTS(terminal);
	cr_expect(terminal_shows(terminal, "y approve"), "%s", terminal_screen(terminal));
	bench_expect_status("manual_review");
}

Test(screen_dialog, a_paste_into_the_note_is_the_note)
{
	start(NULL);
	OPENS(terminal, "a", "y approve");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_paste(terminal, "called\nthe registry");
	SEES(terminal, "called the registry");
	TYPES(terminal, "\ry", "Approved");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "called the registry"));
}

Test(screen_dialog, one_esc_closes_one_thing)
{
	start(NULL);
	TYPES(terminal, "\r", "CLEAR-1");
	TYPES(terminal, "a", "y approve");
	CLOSES(terminal, ESC, "y approve");
	cr_expect(terminal_shows(terminal, "CLEAR-1"), "the case is still open");
	TYPES(terminal, ESC, "  Why");
	terminal_press(terminal, TERMINAL_ESCAPE); /* nothing is left to close */
	RESTS(terminal);
	cr_expect(terminal_shows(terminal, "  Why"));
	QUITS(terminal);
}

Test(screen_dialog, a_rejection_needs_its_reason)
{
	start(NULL);
	OPENS(terminal, "r", "y reject");
	TYPES(terminal, "y", "Choose a reason first");
	terminal_type(terminal, "\tbusiness\t\t\t");
	RESTS(terminal);
	TYPES(terminal, "y", "Rejected");
	QUITS(terminal);
	bench_expect_status("rejected");
}

Test(screen_dialog, corrections_are_asked_for_step_by_step)
{
	start(NULL);
	OPENS(terminal, "x", "y ask the client");
	TYPES(terminal, "\t ", "[x] Identity");
	TYPES(terminal, "\tPlease look again.", "client sees Please look again.");
	terminal_press(terminal, TERMINAL_TAB);
	RESTS(terminal);
	TYPES(terminal, "y", "Requested corrections");
	QUITS(terminal);
	bench_expect_status("awaiting_client_correction");
}

Test(screen_dialog, readonly_changes_nothing)
{
	start("--readonly");
	SEES(terminal, "READ ONLY");
	TYPES(terminal, "a", "nothing can be changed here");
	terminal_type(terminal, "c");
	RESTS(terminal);
	QUITS(terminal);
	bench_expect_status("manual_review");
}

Test(screen_dialog, a_note_is_saved)
{
	start(NULL);
	TYPES(terminal, "m", "note on Ines Duarte:");
	TYPES(terminal, "called back\r", "Saved the note");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "called back"));
}

Test(screen_dialog, personal_data_is_masked_until_revealed)
{
	start(NULL);
	TYPES(terminal, "\r", "****-**-**");
	cr_expect_not(terminal_shows(terminal, "1984"));
	TYPES(terminal, "R", "1984-02-11");
	TYPES(terminal, "q", "  Why");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "audit", "list", "CLEAR-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "reveal"), "%s", bench.last.out);
}

/* Decides two cases in a row: each message names its case, and both decisions can be undone. */
Test(screen_dialog, undo_is_a_list_that_names_what_it_undoes)
{
	bench_import(&bench, clear_person("CLEAR-2", "Tomas Reis"));
	bench_configure(&bench, "{\"grace_seconds\": 600}");
	start(NULL);
	SEES(terminal, "Tomas Reis");
	for (int i = 0; i < 2; i++) {
		OPENS(terminal, "a", "y approve");
		TYPES(terminal, "y", i ? "(CLEAR-2)" : "(CLEAR-1)");
		SEES(terminal, "u undo approval");
		RESTS(terminal);
	}
	SEES(terminal, "U 1 more");
	TYPES(terminal, "U", "approval of Tomas Reis (CLEAR-2)");
	SEES(terminal, "approval of Ines Duarte (CLEAR-1)");
	RESTS(terminal);
	terminal_press(terminal, TERMINAL_DOWN);
	terminal_press(terminal, TERMINAL_DOWN);
	SEES(terminal, "(*) approval of Ines Duarte");
	TYPES(terminal, CTRL_Y, "Undone: approval of Ines Duarte (CLEAR-1)");
	SEES(terminal, "u undo approval of CLEAR-2");
	OPENS(terminal, "u", "Undone: approval of Tomas Reis (CLEAR-2)");
	cr_expect_not(terminal_shows(terminal, "u undo"), "%s", terminal_screen(terminal));
	TYPES(terminal, "q", "  Why");
	QUITS(terminal);
	bench_expect_status("manual_review");
}

Test(screen_dialog, a_decided_case_is_reopened_without_leaving_the_screen)
{
	cr_assert_eq(bench_run(&bench, "approve", "CLEAR-1", "--grace", "0", NULL), 0, "%s", bench.last.err);
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "0 cases");
	TYPES(terminal, "6", "Ines Duarte");
	OPENS(terminal, "v", "reopen the case");
	OPENS(terminal, CTRL_Y, "First choose the action");
	TYPES(terminal, "reop\tA new owner was declared", "A new owner was declared");
	TYPES(terminal, CTRL_Y, "Reopened Ines Duarte (CLEAR-1)");
	QUITS(terminal);
	bench_expect_status("manual_review");
}

/* After the last case of an inbox, the next case is from another inbox, and the status line says so. */
Test(screen_dialog, behind_the_last_of_an_inbox_the_status_line_says_where_the_next_is_from)
{
	char *line = clear_person("CLEAR-2", "Tomas Reis"), *status = strstr(line, "manual_review");
	cr_assert_not_null(status);
	memcpy(status, "completed\"    ", strlen("manual_review\"")); /* JSON takes blanks */
	bench_import(&bench, line);
	terminal = bench_start(&bench, "ana", 24, 120, "C.UTF-8", NULL);
	SEES(terminal, "Ines Duarte");
	OPENS(terminal, "a", "y approve");
	TYPES(terminal, "y", "last of this inbox; the next case is in another");
	SEES(terminal, "Tomas Reis");
}
