/* The palette (":") finds every action by its name; help and Ctrl-Z work everywhere. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	bench_open(&bench);
	char *line = clear_person("CLEAR-1", "Ines Duarte");
	bench_import(&bench, line);
	line = clear_person("CLEAR-2", "Tomas Reis");
	bench_import(&bench, line);
	cr_assert_eq(bench_run(&bench, "reviewer", "add", "vic", "--role", "viewer", NULL), 0, "%s", bench.last.err);
}
TestSuite(screen_palette, .init = set_up, .fini = bench_tear_down, .timeout = 120);

static void start(const char *as, int rows, int columns)
{
	terminal = bench_start(&bench, as, rows, columns, "C.UTF-8", NULL);
	SEES(terminal, "Ines Duarte");
	SEES(terminal, "Tomas Reis");
}

static void type_and_enter(const char *text)
{
	TYPES(terminal, text, text);
	terminal_press(terminal, TERMINAL_ENTER);
}

Test(screen_palette, an_action_is_found_by_the_beginnings_of_its_words)
{
	start("ana", 24, 80);
	TYPES(terminal, ":", "Actions, 12 of");
	TYPES(terminal, "reo", "reopen the case: cancel the decision");
	SEES_NO_MORE(terminal, "one row down");
	TYPES(terminal, "x", "No action has this name");
	CLOSES(terminal, ESC, "No action has this name");
	QUITS(terminal);
}

Test(screen_palette, a_name_opens_the_same_dialog_as_the_key_and_decides_nothing)
{
	start("ana", 24, 80);
	type_and_enter(":approve");
	SEES(terminal, "y approve");
	RESTS(terminal); /* the dialog takes keys once the terminal has shown it */
	cr_assert_eq(bench_run(&bench, "audit", "list", "--json", NULL), 0);
	cr_expect_null(strstr(bench.last.out, "session.approve"));
	TYPES(terminal, "y", "Approved Ines Duarte");
	SEES(terminal, "IN REVIEW"); /* the next case is open */
	TYPES(terminal, ESC, "most urgent first");
	QUITS(terminal);
}

Test(screen_palette, what_cannot_be_done_says_why)
{
	start("vic", 24, 100);
	TYPES(terminal, ":approve", "(needs a reviewer)");
	TYPES(terminal, "\r", "Actions,"); /* the palette stays open, so that the user can correct the text */
	CLOSES(terminal, ESC, "Actions,");
	TYPES(terminal, ":find-next", "(in an open document)");
	CLOSES(terminal, ESC, "Actions,");
	QUITS(terminal);
}

Test(screen_palette, what_is_not_possible_now_is_said_beside_what_is)
{
	start("ana", 24, 80);
	type_and_enter(":reopen");
	SEES(terminal, "Not possible now: reopen the case");
	CLOSES(terminal, ESC, "Not possible now");
	QUITS(terminal);
}

/* The dialog opens with the action chosen; `y` confirms it. */
Test(screen_palette, what_v_offers_is_chosen_by_its_name)
{
	start("ana", 24, 80);
	type_and_enter(":validate");
	SEES(terminal, "y do it");
	RESTS(terminal);
	TYPES(terminal, "y", "Validated");
	QUITS(terminal);
}

Test(screen_palette, an_argument_stands_behind_the_name)
{
	start("ana", 24, 80);
	type_and_enter(":filter tomas");
	SEES_NO_MORE(terminal, "Ines Duarte");
	SEES(terminal, "Tomas Reis");
	type_and_enter(":note called him back");
	SEES(terminal, "Enter save"); /* the note is shown, but not saved yet */
	TYPES(terminal, "\r", "Saved the note on");
	type_and_enter(":choose 2");
	SEES_NO_MORE(terminal, "Tomas Reis");
	QUITS(terminal);
}

Test(screen_palette, a_late_tail_of_an_arrow_brings_the_line_back)
{
	start("ana", 24, 80);
	TYPES(terminal, ":unfini", ":unfini");
	terminal_send(terminal, "\033", 1);
	SEES_NO_MORE(terminal, ":unfini");
	terminal_send(terminal, "[A", 2);
	SEES(terminal, ":unfini");
	CLOSES(terminal, ESC, ":unfini");
	QUITS(terminal);
}

Test(screen_palette, help_opens_over_a_dialog_and_leaves_it_as_it_is)
{
	start("ana", 24, 80);
	TYPES(terminal, "r", "Reject Ines Duarte");
	SEES(terminal, "Esc cancel");
	(void)terminal_settle(terminal, 200, PATIENCE_MS);
	TYPES(terminal, "?", "In this dialog");
	terminal_type(terminal, "y"); /* confirms nothing */
	(void)terminal_settle(terminal, 200, PATIENCE_MS);
	TYPES(terminal, ESC, "Reject Ines Duarte");
	CLOSES(terminal, ESC, "Reject Ines Duarte");
	cr_assert_eq(bench_run(&bench, "audit", "list", "--json", NULL), 0);
	cr_expect_null(strstr(bench.last.out, "session.reject"));
	QUITS(terminal);
}

Test(screen_palette, help_says_first_what_works_here)
{
	start("ana", 24, 80);
	TYPES(terminal, "?", "keys of this screen first");
	TYPES(terminal, "G", "remove the selected template"); /* a key that works only in the list of templates */
	TYPES(terminal, ESC, "Tomas Reis");
	QUITS(terminal);
}

/* In a case, too, "/" begins a filter; the list shows the results. */
Test(screen_palette, a_filter_can_be_asked_for_from_a_case)
{
	start("ana", 24, 80);
	TYPES(terminal, "\r", "IN REVIEW");
	TYPES(terminal, "/tomas", "filter: tomas");
	CLOSES(terminal, ESC, "filter: tomas");
	SEES(terminal, "IN REVIEW");
	TYPES(terminal, "/tomas", "filter: tomas");
	TYPES(terminal, "\r", "most urgent first");
	SEES(terminal, "Tomas Reis");
	SEES_NO_MORE(terminal, "Ines Duarte");
	QUITS(terminal);
}

/* Pastes an id, as "y" copies it, into the filter of an inbox without this case. */
Test(screen_palette, a_pasted_id_finds_its_case)
{
	char pasted[128], id[37] = "";
	const char *at;

	cr_assert_eq(bench_run(&bench, "list", "--filter", "CLEAR-2", "--json", NULL), 0, "%s", bench.last.err);
	at = strstr(bench.last.out, "\"id\":");
	cr_assert(at && sscanf(at, "\"id\": \"%36[0-9a-f-]\"", id) == 1, "%s", bench.last.out);
	snprintf(pasted, sizeof pasted, "\033[200~%s\033[201~", id);
	start("ana", 24, 80);
	CLOSES(terminal, "2", "Tomas Reis");
	TYPES(terminal, "/", "Enter apply");
	TYPES(terminal, pasted, id);
	TYPES(terminal, "\r", "1 case · of all inboxes");
	SEES(terminal, "Tomas Reis");
	TYPES(terminal, "\r", "CLEAR-2 ·");
	TYPES(terminal, ESC, "1 case · of all inboxes");
	CLOSES(terminal, ESC, "Tomas Reis"); /* clears the filter */
	QUITS(terminal);
}

static size_t times_left(void)
{
	size_t length, times = 0;
	const char *raw = (const char *)terminal_raw(terminal, &length);
	for (const char *at = raw; (at = memmem(at, length - (size_t)(at - raw), "\033[?1049l", 8)); at++)
		times++;
	return times;
}

/* At Ctrl-Z the program restores the terminal's screen, then stops; without a shell, the stop has no effect. */
Test(screen_palette, ctrl_z_works_in_a_dialog_and_in_a_line)
{
	size_t before;

	start("ana", 24, 80);
	TYPES(terminal, "r", "Esc cancel");
	before = times_left();
	terminal_send(terminal, "\032", 1);
	(void)terminal_settle(terminal, 200, PATIENCE_MS);
	cr_expect_eq(times_left(), before + 1);
	SEES(terminal, "Reject Ines Duarte");
	CLOSES(terminal, ESC, "Reject Ines Duarte");
	TYPES(terminal, ":app", ":app");
	terminal_send(terminal, "\032", 1);
	(void)terminal_settle(terminal, 200, PATIENCE_MS);
	cr_expect_eq(times_left(), before + 2);
	SEES(terminal, ":app");
	CLOSES(terminal, ESC, ":app");
	QUITS(terminal);
}

Test(screen_palette, a_list_gets_a_name_that_the_next_day_and_the_commands_know)
{
	start("ana", 24, 110);
	TYPES(terminal, "/reis\r", "1 case");
	TYPES(terminal, "K", ":keep-view");
	type_and_enter("The Reis family");
	SEES(terminal, "Saved as the view \"The Reis family\": inbox:manual_review reis");
	QUITS(terminal);
	terminal_free(terminal);

	start("ana", 24, 110);
	TYPES(terminal, "V", "Views: Enter opens a view");
	TYPES(terminal, "the\t", ":view The Reis family");
	TYPES(terminal, "\r", "1 case");
	SEES_NO_MORE(terminal, "Ines Duarte");
	SEES(terminal, "Tomas Reis");
	cr_assert_eq(bench_run(&bench, "list", "--view", "the reis family", NULL), 0, "%s", bench.last.err);
	cr_expect(strstr(bench.last.out, "Tomas Reis") && !strstr(bench.last.out, "Ines Duarte"), "%s", bench.last.out);
	cr_assert_eq(bench_run(&bench, "list", "--view", "the reis", NULL), 6, "%s", bench.last.out);
	cr_expect(strstr(bench.last.err, "Existing views: mine, clean"), "%s", bench.last.err);

	TYPES(terminal, "D", ":forget-view");
	type_and_enter("the reis family");
	SEES(terminal, "Deleted the view");
	SEES(terminal, "Ines Duarte"); /* the list shows the inbox again */
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "list", "--view", "the reis family", NULL), 6, "%s", bench.last.out);
}
