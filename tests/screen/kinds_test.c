/* Terminal types that are unknown, have no cursor, or are no ANSI terminals. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

TestSuite(screen_kinds, .init = bench_set_up_person, .fini = bench_tear_down);

Test(screen_kinds, an_unknown_type_is_named)
{
	bench_environment(&bench, "TERM=no-such-terminal");
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 2);
	cr_expect(terminal_shows(terminal, "unknown terminal type \"no-such-terminal\""), "%s",
		  terminal_screen(terminal));
	cr_expect_null(terminal_left_otherwise(terminal));
}

/* TERM=dumb has no cursor that can be placed: the workbench speaks line by line. */
Test(screen_kinds, a_type_without_cursor_gets_lines)
{
	bench_environment(&bench, "TERM=dumb");
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first, filter: none");
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 0);
}

/* A VT52 has no sequence that begins with "ESC [". */
Test(screen_kinds, another_kind_than_ansi_gets_only_what_its_description_has)
{
	size_t length;
	bench_environment(&bench, "TERM=vt52");
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Ines Duarte");
	terminal_type(terminal, "y");
	/* The test's terminal understands other codes than a VT52, so the words are looked for in what was sent. */
	const unsigned char *raw = terminal_raw(terminal, &length);
	for (long long end = test_clock_ms() + PATIENCE_MS;
	     !memmem(raw, length, "has no clipboard", 16) && test_clock_ms() < end;) {
		(void)terminal_settle(terminal, 50, 100);
		raw = terminal_raw(terminal, &length);
	}
	cr_expect(memmem(raw, length, "has no clipboard", 16), "%s", terminal_screen(terminal));
	cr_expect_null(memmem(raw, length, "\033[", 2));
	cr_expect_null(memmem(raw, length, "\033]", 2));
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 0);
}

/* The footer stands in the last row. */
static void expect_rows(int rows)
{
	SEES(terminal, "? help");
	RESTS(terminal);
	cr_expect_eq(terminal_find_row(terminal, "? help"), rows - 1, "not %d rows:\n%s", rows,
		     terminal_screen(terminal));
}

/* The description of the console has no size; of LINES and COLUMNS curses would believe any number. */
Test(screen_kinds, the_console_has_the_size_of_the_system)
{
	static const char *const lines[] = { "LINES", "LINES=1000000", "LINES=1", "LINES=-5" };
	static const char *const columns[] = { "COLUMNS", "COLUMNS=1000000", "COLUMNS=1", "COLUMNS=many" };
	bench_environment(&bench, "TERM=linux");
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		bench_environment(&bench, lines[i]);
		bench_environment(&bench, columns[i]);
		terminal = bench_start(&bench, "ana", 30 + (int)i, 100, "C.UTF-8", NULL);
		SEES(terminal, "Ines Duarte");
		expect_rows(30 + (int)i);
		terminal_resize(terminal, 24, 80);
		RESTS(terminal);
		expect_rows(24);
		QUITS(terminal);
		cr_expect_null(terminal_left_otherwise(terminal));
		terminal_free(terminal);
		terminal = NULL;
	}
	bench_environment(&bench, "LINES");
	bench_environment(&bench, "COLUMNS");
	terminal = bench_start(&bench, "ana", -24, 80, "C.UTF-8", NULL); /* the system does not know it */
	expect_rows(24);
	QUITS(terminal);
}

/* Frames need no file, so a limit of their size (RLIMIT_FSIZE, here 32 KiB) does not stop them. */
Test(screen_kinds, a_limit_of_file_sizes_does_not_stop_it)
{
	const char *const words[] = { "sh", "-c", "ulimit -f 64; exec \"$0\" --as ana", KYB_PROGRAM, NULL };
	terminal = bench_start_words(&bench, words, 80);
	SEES(terminal, "Ines Duarte");
	TYPES(terminal, "\r", "1 Summary");
	TYPES(terminal, ESC, "  Why");
	for (int i = 0; i < 40; i++) {
		terminal_type(terminal, "\x0c");
		test_sleep_ms(5);
	}
	SEES(terminal, "Ines Duarte");
	QUITS(terminal);
	cr_expect_null(terminal_left_otherwise(terminal));
}

/* A shell with job control: Ctrl-Z gives it the terminal as it was, fg paints the screen again, and so does each later
 * round. */
Test(screen_kinds, a_shell_gets_the_terminal_on_ctrl_z_and_gives_it_back)
{
	static const char *const words[] = { "bash", "--norc", "--noprofile", "--noediting", "-i", NULL };
	terminal = bench_start_words(&bench, words, 80);
	terminal_type(terminal, test_text("PS1='shell> '; %s --as ana\r", KYB_PROGRAM));
	SEES(terminal, "Ines Duarte");
	for (int round = 0; round < 3; round++) {
		RESTS(terminal);
		terminal_control(terminal, 'z');
		SEES(terminal, "Stopped");
		SEES_NO_MORE(terminal, "  Why");
		RESTS(terminal);
		cr_expect_null(terminal_left_otherwise(terminal), "%s", terminal_left_otherwise(terminal));
		terminal_resize(terminal, 24 + round, 80);
		terminal_type(terminal, "clear\rfg\r");
		SEES(terminal, "Ines Duarte");
		expect_rows(24 + round);
		cr_expect(terminal_on_alternate_screen(terminal));
		TYPES(terminal, "\r", "1 Summary");
		TYPES(terminal, ESC, "  Why");
	}
	terminal_type(terminal, "q");
	SEES(terminal, "shell>");
	RESTS(terminal);
	cr_expect_null(terminal_left_otherwise(terminal), "%s", terminal_left_otherwise(terminal));
	terminal_type(terminal, "exit\r");
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 0);
}

/* What another program has written over the screen goes at Ctrl-L. */
Test(screen_kinds, ctrl_l_paints_over_what_others_wrote)
{
	char path[64];
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Ines Duarte");
	RESTS(terminal);
	(void)snprintf(path, sizeof path, "/proc/%ld/fd/1", (long)terminal_pid(terminal));
	FILE *other = fopen(path, "w");
	cr_assert(other);
	(void)fputs("\033[7m\033[5;10r\033[3;3HBroadcast message\r\n\n\nrebooting\033[24;70H!!!", other);
	cr_assert_eq(fclose(other), 0);
	SEES(terminal, "Broadcast message");
	TYPES(terminal, "\x0c", "Ines Duarte");
	SEES_NO_MORE(terminal, "Broadcast message");
	SEES_NO_MORE(terminal, "rebooting");
	SEES_NO_MORE(terminal, "!!!");
	expect_rows(24);
	QUITS(terminal);
	cr_expect_null(terminal_left_otherwise(terminal));
}
