/* The configuration file has the same effect in the workbench as on the command line. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

TestSuite(screen_settings, .init = bench_set_up_person, .fini = bench_tear_down);

static void write_config(const char *text)
{
	bench_configure(&bench, text);
}
static void start(int columns)
{
	terminal = bench_start(&bench, "ana", 24, columns, "C.UTF-8", NULL);
	SEES(terminal, "  Why");
}
static void with_endpoint(void)
{
	cr_assert_eq(bench_run(&bench, "endpoint", "add", "--merchant", "shop", "--url", "http://127.0.0.1:9/",
			       "--event", "*", NULL),
		     0, "%s", bench.last.err);
}

Test(screen_settings, the_grace_time_of_the_file_is_what_the_dialog_announces)
{
	with_endpoint();
	write_config("{\"grace_seconds\": 47}");
	start(120);
	TYPES(terminal, "a", "y approve");
	SEES(terminal, "to shop in 47 s");
	RESTS(terminal);
	TYPES(terminal, "y", "webhook to shop in 4"); /* 47, or a few seconds less */
	TYPES(terminal, "u", "Undone");
	TYPES(terminal, "q", "  Why"); /* closes the case, which the undo has opened */
	QUITS(terminal);
	bench_expect_status("manual_review");
}

/* Over SSH the zone is the one that the reviewer sends, and is said once. A path of the server is not a zone. */
Test(screen_settings, a_session_over_ssh_says_its_time_zone)
{
	static const char *const rows[][2] = { { "TZ=JST-9", "Times are in UTC+09:00" },
					       { "TZ=<-0330>+3:30", "Times are in UTC-03:30" },
					       { "TZ=:/usr/share/zoneinfo/Asia/Tokyo", "Times are in UTC+00:00" } };
	const char *const words[] = { KYB_PROGRAM, "--store", bench.store, "session", "--reviewer", "ana", NULL };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bench_environment(&bench, rows[i][0]);
		terminal = bench_start_words(&bench, words, 120);
		SEES(terminal, rows[i][1]);
		QUITS(terminal);
		terminal_free(terminal);
		terminal = NULL;
	}
}

/* Runs one command over SSH, with this text on standard input. */
static void remote(const char *line, const char *input)
{
	const char *const words[] = { KYB_PROGRAM, "--store", bench.store, "session", "--reviewer", "ana", NULL };
	/* `session` forbids core dumps of its process, and then the leak check cannot work. */
	const char *const environment[] = { test_text("SSH_ORIGINAL_COMMAND=%s", line),
					    test_sanitizer_options("detect_leaks=0"), NULL };
	const struct process_options options = {
		.argv = words, .environment = environment, .input = input, .input_length = strlen(input)
	};

	process_run(&options, &bench.last);
	cr_assert_eq(bench.last.status, 0, "%s: %s", line, bench.last.err);
}

/* Over SSH a reviewer has no files; the store keeps zone, grace time, keys and theme. A zone that the client sends is
 * taken before them. */
Test(screen_settings, a_session_over_ssh_has_the_reviewers_settings)
{
	const char *const words[] = { KYB_PROGRAM, "--store", bench.store, "session", "--reviewer", "ana", NULL };

	with_endpoint();
	remote("config set time_zone UTC-9", "");
	remote("config set grace_seconds 47", "");
	remote("config keys -", "{\"approve\": \"Y\"}");
	bench_environment(&bench, "TZ");
	terminal = bench_start_words(&bench, words, 120);
	SEES(terminal, "Times are in UTC+09:00");
	SEES(terminal, "Y approve");
	TYPES(terminal, "Y", "y approve");
	SEES(terminal, "to shop in 47 s");
	terminal_type(terminal, ESC);
	SEES_NO_MORE(terminal, "to shop in 47 s");
	TYPES(terminal, ":theme light\r", "The theme light is saved");
	QUITS(terminal);
	terminal_free(terminal);
	remote("config show", "");
	cr_expect(strstr(bench.last.out, "light "), "%s", bench.last.out);
	bench_environment(&bench, "TZ=JST-3");
	terminal = bench_start_words(&bench, words, 120);
	SEES(terminal, "Times are in UTC+03:00");
	QUITS(terminal);
	bench_expect_status("manual_review");
}

Test(screen_settings, a_grace_time_of_nothing_leaves_nothing_to_undo)
{
	with_endpoint();
	write_config("{\"grace_seconds\": 0}");
	start(80);
	OPENS(terminal, "a", "to shop at once");
	TYPES(terminal, "y", "webhook to shop now");
	QUITS(terminal);
	bench_expect_status("approved");
}

Test(screen_settings, without_single_keys_a_plain_character_does_nothing)
{
	write_config("{\"single_keys\": false}");
	start(80);
	static const char *const letters[] = { "a", "r", "x", "c", "m", "n", "z", "u", "?", "/", "2", "q" };
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		TYPES(terminal, letters[i], "Single keys are off");
		cr_assert(terminal_settle(terminal, 60, PATIENCE_MS));
		cr_expect(terminal_shows(terminal, "  Why"), "'%s':\n%s", letters[i], terminal_screen(terminal));
		cr_expect_not(terminal_shows(terminal, "Esc cancel"), "'%s':\n%s", letters[i],
			      terminal_screen(terminal));
		terminal_press(terminal, TERMINAL_DOWN); /* clears the line */
	}
	bench_expect_status("manual_review");
}

Test(screen_settings, without_single_keys_everything_is_behind_the_leader)
{
	write_config("{\"single_keys\": false}");
	start(120);
	SEES(terminal, "Ctrl-X a approve");
	terminal_control(terminal, 'x');
	SEES(terminal, "now press the key");
	TYPES(terminal, "?", "Every key");
	SEES(terminal, "press Ctrl-X before each character");
	SEES(terminal, "Down, Ctrl-X j");
	TYPES(terminal, ESC, "  Why");
	terminal_control(terminal, 'x');
	OPENS(terminal, "a", "Ctrl-X y approve");
	terminal_type(terminal, "y");
	RESTS(terminal);
	cr_expect(terminal_shows(terminal, "Ctrl-X y approve"), "a plain y decides nothing:\n%s",
		  terminal_screen(terminal));
	/* A field takes plain characters as usual. */
	TYPES(terminal, "\tyes, called", "yes, called");
	terminal_press(terminal, TERMINAL_ENTER);
	terminal_control(terminal, 'x');
	TYPES(terminal, "y", "Approved");
	terminal_control(terminal, 'x');
	terminal_type(terminal, "q");
	cr_assert_eq(terminal_wait_exit(terminal, PATIENCE_MS), 0, "%s", terminal_screen(terminal));
	bench_expect_status("approved");
}

Test(screen_settings, the_next_case_opens_only_where_that_is_wished)
{
	bench_import(&bench, clear_person("CLEAR-2", "Tomas Reis"));
	write_config("{\"next_after_decision\": false}");
	start(80);
	OPENS(terminal, "a", "back to the inbox");
	TYPES(terminal, "y", "Approved");
	SEES(terminal, "  Why");
	QUITS(terminal);
}
