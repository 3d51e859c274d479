/* The workbench's effects on a terminal, and the text that it sends to the terminal. */
#include "bench.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

TestSuite(screen_terminal, .init = bench_set_up, .fini = bench_tear_down);

static void start(int rows, int columns)
{
	terminal = bench_start(&bench, "ana", rows, columns, "C.UTF-8", NULL);
	SEES(terminal, "  Why");
}
/* Whether the program ends within the time although the test does not read its output. */
static bool ends_unread(unsigned timeout_ms)
{
	long long end = test_clock_ms() + timeout_ms;
	siginfo_t info = { 0 };
	while (!info.si_pid && test_clock_ms() < end) {
		test_sleep_ms(20);
		cr_assert_eq(waitid(P_PID, (id_t)terminal_pid(terminal), &info, WEXITED | WNOHANG | WNOWAIT), 0);
	}
	return info.si_pid;
}
static void with_one_person(void)
{
	bench_import(&bench, clear_person("CLEAR-1", "Ines Duarte"));
}
static void expect_restored(void)
{
	cr_expect_null(terminal_left_otherwise(terminal), "%s", terminal_left_otherwise(terminal));
}

/* Magnifiers and braille displays follow the terminal's own cursor, even if it is hidden. */
static void expect_cursor_on(const char *text)
{
	int row, column;
	SEES(terminal, text);
	RESTS(terminal);
	terminal_cursor(terminal, &row, &column, NULL);
	cr_expect_eq(row, terminal_find_row(terminal, text), "row %d:\n%s", row, terminal_screen(terminal));
}

/* The program paints more than the terminal reads (as after Ctrl-S); the signal still ends the program. */
static void end_unread(const char *option, int signal_number)
{
	terminal = bench_start(&bench, "ana", 50, 200, "C.UTF-8", option, NULL);
	SEES(terminal, "Nothing to review");
	for (int i = 0; i < 200; i++) {
		terminal_type(terminal, option ? "?\033" : "\x0c");
		test_sleep_ms(option ? 60 : 10);
	}
	cr_assert_not(ends_unread(300));
	cr_assert_eq(kill(terminal_pid(terminal), signal_number), 0);
	cr_expect(ends_unread(5000), "it waits for the terminal");
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + signal_number);
	cr_expect(terminal_is_cooked(terminal));
	terminal_free(terminal);
	terminal = NULL;
}

Test(screen_terminal, a_terminal_that_takes_no_bytes_does_not_keep_it)
{
	end_unread(NULL, SIGTERM);
	end_unread(NULL, SIGHUP);
	end_unread("--accessible", SIGTERM);
}

Test(screen_terminal, its_cursor_stands_on_what_is_selected)
{
	char *second = clear_person("CLEAR-2", "Tomas Reis");
	with_one_person();
	bench_import(&bench, second);
	start(24, 80);
	expect_cursor_on("▸");
	terminal_type(terminal, "j");
	expect_cursor_on("▸");
	TYPES(terminal, "\r", "Esc back");
	TYPES(terminal, "2", "1-7 tabs");
	terminal_type(terminal, "1j");
	expect_cursor_on("▸");
	terminal_type(terminal, "a");
	expect_cursor_on("[Esc cancel]");
	terminal_press(terminal, TERMINAL_TAB);
	expect_cursor_on("note");
}

Test(screen_terminal, sigterm_gives_it_back)
{
	with_one_person();
	start(24, 80);
	terminal_signal(terminal, SIGTERM);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGTERM);
	expect_restored();
}

Test(screen_terminal, sighup_gives_it_back)
{
	with_one_person();
	start(24, 80);
	terminal_signal(terminal, SIGHUP);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGHUP);
	expect_restored();
}

Test(screen_terminal, a_crash_gives_it_back)
{
	with_one_person();
	start(24, 80);
	terminal_signal(terminal, SIGSEGV);
	cr_expect_neq(terminal_wait_exit(terminal, PATIENCE_MS), 0);
	expect_restored();
}

Test(screen_terminal, a_suspension_that_nobody_takes_leaves_it_working)
{
	with_one_person();
	start(24, 80);
	terminal_control(terminal, 'z');
	cr_assert(terminal_settle(terminal, 400, PATIENCE_MS));
	TYPES(terminal, "\r", "CLEAR-1");
	cr_expect(terminal_on_alternate_screen(terminal));
}

Test(screen_terminal, a_resize_storm_does_no_harm)
{
	static const int sizes[][2] = { { 24, 80 }, { 1, 1 },	 { 50, 200 }, { 2, 300 },  { 200, 20 },
					{ 15, 60 }, { 14, 60 },	 { 15, 59 },  { 36, 120 }, { 36, 119 },
					{ 3, 7 },   { 60, 250 }, { 24, 121 }, { 100, 61 }, { 500, 1000 } };
	bench_import_samples(&bench);
	start(24, 80);
	for (int round = 0; round < 6; round++) {
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			terminal_resize(terminal, sizes[i][0], sizes[i][1]);
			terminal_type(terminal, i % 3 == 0 ? "j" : i % 3 == 1 ? "k" : "j");
			test_sleep_ms(i % 4 ? 5 : 60);
		}
		if (round != 2)
			continue;
		/* Presses Enter only once: in a case, Enter opens the next blocker, which may be a dialog. Waits
		 * before, because a key has no effect while nothing is shown. */
		terminal_resize(terminal, 24, 80);
		SEES(terminal, "Enter open");
		TYPES(terminal, "\r", "1 Summary");
	}
	terminal_resize(terminal, 24, 80);
	SEES(terminal, "1 Summary");
	terminal_resize(terminal, 10, 40);
	SEES(terminal, "Too small: needs 60 x 15");
	terminal_resize(terminal, 36, 120);
	SEES(terminal, "1 Summary");
	TYPES(terminal, "q", "Inboxes");
	QUITS(terminal);
	expect_restored();
}

/* If a window is shrunk and restored at once, the program may see one change of size, to the old size. */
Test(screen_terminal, what_a_smaller_window_cut_off_is_painted_again)
{
	with_one_person();
	start(24, 80);
	for (int i = 0; i < 8; i++) {
		terminal_resize(terminal, 15, 40);
		terminal_resize(terminal, 24, 80);
		SEES(terminal, "? help");
		SEES(terminal, "  Why");
		cr_assert(terminal_settle(terminal, 100, PATIENCE_MS));
	}
}

/* Over a serial line, the size is that of LINES and COLUMNS, otherwise that of the terminal's description. */
static void expect_size(const char *lines, const char *columns, int rows)
{
	with_one_person();
	bench_environment(&bench, lines);
	bench_environment(&bench, columns);
	start(-40, 100);
	SEES(terminal, "? help");
	cr_assert(terminal_settle(terminal, 100, PATIENCE_MS));
	cr_expect_eq(terminal_find_row(terminal, "? help"), rows - 1, "row %d:\n%s",
		     terminal_find_row(terminal, "? help"), terminal_screen(terminal));
	QUITS(terminal);
	expect_restored();
}

Test(screen_terminal, a_size_that_the_system_does_not_know_is_that_of_the_environment)
{
	expect_size("LINES=40", "COLUMNS=100", 40);
}

Test(screen_terminal, a_size_that_nobody_knows_is_that_of_the_description)
{
	expect_size("LINES=1000000", "COLUMNS=-1", 24);
}

static void expect_harmless(void)
{
	static const char *const bad[] = {
		"\xc2\x9b",	"\xc2\xad",	"\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\x8b",
		"\xe2\x80\x8e", "\xef\xbb\xbf", "\xd8\x9c",	"\xe2\x80\xa8", "\xf3\xa0\x81\x81",
		"\033[31mb",	"\033]0;",	"\a",		"\x7f"
	};
	size_t length;
	const unsigned char *raw = terminal_raw(terminal, &length);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_null(memmem(raw, length, bad[i], strlen(bad[i])), "sequence %zu reached the terminal", i);
	for (size_t i = 0; i < length; i++)
		cr_expect(raw[i] >= 0x20 || raw[i] == '\033' || raw[i] == '\r' || raw[i] == '\n' || raw[i] == '\b',
			  "control 0x%02x", raw[i]);
	cr_expect_str_empty(terminal_title(terminal));
	cr_expect_eq(terminal_bells(terminal), 0);
}

static void walk_hostile_screens(int rows, int columns)
{
	bench_import(&bench, hostile_case);
	cr_assert_eq(bench_run(&bench, "note", "EVIL-1", "\x1b[2J\xe2\x80\xaenote", NULL), 0, "%s", bench.last.err);
	start(rows, columns);
	test_sleep_ms(400); /* the preview */
	TYPES(terminal, "\r", "EVIL-1");
	for (char tab = '1'; tab <= '7'; tab++) {
		char keys[] = { tab, 'j', 'j', 'G', '\0' };
		terminal_type(terminal, keys);
		cr_assert(terminal_settle(terminal, 150, PATIENCE_MS));
	}
	static const char *const dialogs[] = { "a", "r", "x", "4j\r" };
	for (size_t i = 0; i < 4; i++) {
		terminal_type(terminal, dialogs[i]);
		RESTS(terminal);
		terminal_press(terminal, TERMINAL_ESCAPE);
		cr_assert(terminal_settle(terminal, 150, PATIENCE_MS));
	}
	TYPES(terminal, "m", "note on");
	CLOSES(terminal, ESC, "note on");
	TYPES(terminal, "q", "  Why");
	expect_harmless();
	QUITS(terminal);
}

Test(screen_terminal, hostile_names_reach_it_as_marks_at_80_columns)
{
	walk_hostile_screens(24, 80);
}
Test(screen_terminal, hostile_names_reach_it_as_marks_at_120_columns)
{
	walk_hostile_screens(36, 120);
}

Test(screen_terminal, nothing_is_written_while_nothing_changes)
{
	with_one_person();
	start(50, 160);
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
	terminal_forget(terminal);
	test_sleep_ms(2000);
	(void)terminal_settle(terminal, 100, 1000);
	size_t length;
	(void)terminal_raw(terminal, &length);
	/* The clock on the screen may change now: one small update. */
	cr_expect_leq(length, 60, "%zu bytes", length);
}

Test(screen_terminal, a_moved_selection_is_a_small_update)
{
	bench_import_samples(&bench);
	start(50, 160);
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
	size_t least = SIZE_MAX;
	for (int i = 0; i < 5; i++) {
		terminal_forget(terminal);
		terminal_type(terminal, i % 2 ? "k" : "j");
		test_sleep_ms(100); /* before the preview follows */
		(void)terminal_settle(terminal, 20, 60);
		size_t length;
		(void)terminal_raw(terminal, &length);
		least = length && length < least ? length : least;
		cr_assert(terminal_settle(terminal, 600, PATIENCE_MS));
	}
	cr_expect_leq(least, 500, "%zu bytes", least);
}

/* Esc does not wait for the late rest of a sequence: in this test, a wait of 100 ms or more ends only at a key. */
Test(screen_terminal, a_lone_esc_acts_at_once)
{
	with_one_person();
	bench_environment(&bench, "LD_PRELOAD=" KYB_NO_TIMEOUT);
	bench_environment(&bench, test_sanitizer_options("verify_asan_link_order=0"));
	start(24, 80);
	TYPES(terminal, "/", "Enter apply");
	CLOSES(terminal, ESC, "Enter apply");
	QUITS(terminal);
}

Test(screen_terminal, help_is_made_of_every_key)
{
	with_one_person();
	start(100, 120);
	OPENS(terminal, "?", "Every key");
	static const char *const words[] = { "approve",		"reject",    "corrections", "undo",
					     "filter the list", "g g, Home", "Ctrl-L" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		cr_expect(terminal_shows(terminal, words[i]), "%s", words[i]);
	TYPES(terminal, ESC, "  Why");
	QUITS(terminal);
}

Test(screen_terminal, an_unknown_theme_is_named_with_the_nearest)
{
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", "--theme", "drak", NULL);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 6);
	cr_expect(terminal_shows(terminal, "Did you mean \"dark\"?"), "%s", terminal_screen(terminal));
}

/* Themes leave the terminal's palette alone, both xterm's and the console's: a change would outlive the program. */
Test(screen_terminal, every_shipped_theme_opens_and_leaves_the_palette_alone)
{
	static const char *const themes[] = { "terminal",     "dark",		"light",
					      "mono",	      "high-contrast",	"nord",
					      "gruvbox-dark", "solarized-dark", "colour-blind" };
	with_one_person();
	for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
		size_t length;
		terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", "--theme", themes[i], NULL);
		SEES(terminal, "Ines Duarte");
		const unsigned char *raw = terminal_raw(terminal, &length);
		cr_expect_null(memmem(raw, length, "\033]4;", 4), "%s", themes[i]);
		cr_expect_null(memmem(raw, length, "\033]P", 3), "%s", themes[i]);
		QUITS(terminal);
		terminal_free(terminal);
		terminal = NULL;
	}
}

static void click(int row, int column)
{
	char bytes[64];
	(void)snprintf(bytes, sizeof bytes, "\033[<0;%d;%dM\033[<0;%d;%dm", column + 1, row + 1, column + 1, row + 1);
	terminal_send(terminal, bytes, strlen(bytes));
}

Test(screen_terminal, the_mouse_selects_opens_and_changes_tabs)
{
	with_one_person();
	bench_import(&bench, clear_person("CLEAR-2", "Tomas Reis"));
	start(24, 80);
	SEES(terminal, "Tomas Reis");
	int row = terminal_find_row(terminal, "Tomas Reis");
	click(row, 20);
	RESTS(terminal);
	cr_expect_eq(strncmp(terminal_row(terminal, row), "▸", strlen("▸")), 0, "%s", terminal_screen(terminal));
	click(row, 20);
	SEES(terminal, "2 Docs");
	RESTS(terminal);
	row = terminal_find_row(terminal, "2 Docs");
	click(row, 14);
	SEES(terminal, "No documents; this workflow"); /* the tab's own */
	OPENS(terminal, "a", "y approve");
	row = terminal_find_row(terminal, "y approve");
	const char *buttons = terminal_row(terminal, row);
	size_t frame = strlen("│") - 1; /* bytes of "│" beyond its one column */
	click(row, (int)((size_t)(strstr(buttons, "Esc cancel") - buttons) - frame));
	SEES_NO_MORE(terminal, "y approve");
}

Test(screen_terminal, without_the_mouse_no_click_is_asked_for)
{
	with_one_person();
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", "--no-mouse", NULL);
	SEES(terminal, "  Why");
	size_t length;
	const unsigned char *raw = terminal_raw(terminal, &length);
	cr_expect_null(memmem(raw, length, "\033[?1000h", 8));
}

Test(screen_terminal, an_id_is_copied_on_the_reviewers_own_key)
{
	with_one_person();
	start(24, 80);
	TYPES(terminal, "y", "Sent to the terminal's clipboard: id");
	size_t length;
	const unsigned char *raw = terminal_raw(terminal, &length);
	cr_expect_not_null(memmem(raw, length, "\033]52;c;", 7));
}

Test(screen_terminal, a_filter_that_cannot_be_read_says_why_and_stays)
{
	with_one_person();
	start(24, 80);
	TYPES(terminal, "/colour:red\r", "colour");
	SEES(terminal, "filter: colour:red");
	TYPES(terminal, ESC, "Ines Duarte");
}

/* A filter applies while it is typed, unless it is incomplete. Esc restores the list and its selection. */
Test(screen_terminal, the_list_follows_a_filter_while_it_is_typed)
{
	char *second = clear_person("CLEAR-2", "Tomas Reis");
	with_one_person();
	bench_import(&bench, second);
	start(24, 80);
	terminal_type(terminal, "j");
	expect_cursor_on("Tomas Reis");
	TYPES(terminal, "/ine", "1 case");
	SEES_NO_MORE(terminal, "Tomas Reis");
	SEES(terminal, "Enter apply");
	OPENS(terminal, " risk>", "filter: ine risk>");
	cr_expect(terminal_shows(terminal, "Ines Duarte"), "%s", terminal_screen(terminal));
	TYPES(terminal, ESC, "2 cases");
	SEES(terminal, "Ines Duarte");
	expect_cursor_on("Tomas Reis");
	CLOSES(terminal, "/ine\r", "Enter apply");
	SEES_NO_MORE(terminal, "Tomas Reis");
	TYPES(terminal, ESC, "Filter cleared");
	SEES(terminal, "Tomas Reis");
}

Test(screen_terminal, a_filter_completes_and_enter_opens_the_first_match)
{
	with_one_person();
	start(24, 80);
	TYPES(terminal, "/coun\t", "filter: country:");
	/* Tab completes a value of the cases in the list. */
	TYPES(terminal, "p\t", "filter: country:PRT");
	TYPES(terminal, "\r", "1 case");
	TYPES(terminal, "\r", "CLEAR-1");
}

Test(screen_terminal, ctrl_c_is_a_key_that_ends_nothing)
{
	with_one_person();
	start(24, 80);
	terminal_control(terminal, 'c');
	SEES(terminal, "q quits");
	TYPES(terminal, "\r", "1 Summary");
	terminal_control(terminal, 'c');
	SEES(terminal, "q quits");
	TYPES(terminal, ESC, "  Why");
	QUITS(terminal);
}

/* Another program holds the store: a workbench that is left names what was not saved. */
Test(screen_terminal, left_while_another_holds_the_store_names_what_was_not_saved)
{
	sqlite3 *holder;

	with_one_person();
	start(24, 80);
	cr_assert_eq(sqlite3_open(bench.store, &holder), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(holder, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	terminal_type(terminal, "mcalled the client\r");
	SEES_NO_MORE(terminal, "note on");
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 8, "%s", terminal_screen(terminal));
	cr_expect(terminal_shows(terminal, "you left before the store confirmed this: CLEAR-1, "), "%s",
		  terminal_screen(terminal));
	cr_assert_eq(sqlite3_close(holder), SQLITE_OK);
	expect_restored();
}
