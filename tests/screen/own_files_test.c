/* The user's own keys and themes in a terminal, as users see them. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

TestSuite(screen_own_files, .init = bench_set_up_person, .fini = bench_tear_down);

static void start(const char *keys)
{
	if (keys)
		bench_write(&bench, "keys.json", keys);
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Ines Duarte");
}

static void quiet(void)
{
	RESTS(terminal);
}

Test(screen_own_files, keys_of_one_s_own_do_it_and_are_shown_everywhere)
{
	start("{\"approve\": \"Y\", \"quit\": \"Q\", \"help\": \"!\", \"undo\": \"Ctrl-U\", \"down\": \"J\",\n"
	      "\"note\": \"é\", \"redraw\": \"Ctrl-T\", \"filter\": \"w x\"}");
	cr_expect_not(terminal_shows(terminal, "keys.json"), "%s", terminal_screen(terminal));
	SEES(terminal, "Y approve");
	SEES(terminal, "! help");
	terminal_type(terminal, "aq?"); /* these keys have no function now */
	quiet();
	cr_expect_not(terminal_shows(terminal, "Esc"), "%s", terminal_screen(terminal));
	TYPES(terminal, "!", "J, Down");
	SEES(terminal, "J k PgDn PgUp");
	TYPES(terminal, "Q", "Ines Duarte");
	TYPES(terminal, ":approve", "approve           Y");
	CLOSES(terminal, ESC, "Actions,");
	quiet();
	TYPES(terminal, "wx", "filter:");
	TYPES(terminal, "nobody\r", "Esc shows all cases again");
	TYPES(terminal, "wx\025\r", "Ines Duarte"); /* in an input line, Ctrl-U clears the text and undoes nothing */
	TYPES(terminal, "é", "note on Ines Duarte");
	CLOSES(terminal, ESC, "note on");
	quiet();
	TYPES(terminal, "Y", "y approve");
	quiet();
	TYPES(terminal, "!", "In this dialog"); /* over a dialog, too */
	TYPES(terminal, ESC, "y approve");
	quiet();
	TYPES(terminal, "y", "Approved");
	SEES(terminal, "Ctrl-U undo");
	terminal_control(terminal, 'u');
	SEES(terminal, "Undone");
	quiet();
	terminal_control(terminal, 'c');
	SEES(terminal, "Q quits, Esc goes back, ! shows every key");
	terminal_resize(terminal, 10, 60);
	SEES(terminal, "(Q quits)");
	terminal_type(terminal, "Q");
	cr_assert_eq(terminal_wait_exit(terminal, PATIENCE_MS), 0, "%s", terminal_screen(terminal));
	bench_expect_status("manual_review");
}

Test(screen_own_files, a_conflict_is_said_at_the_start_with_both_lines)
{
	start("{\n\"note\": \"W\",\n\"approve\": \"W\",\n\"claim\": \"C\"\n}");
	SEES(terminal, "keys.json, line 3: \"W\" for \"approve\" is the key of \"note\" already, on");
	SEES(terminal, "2; change one of the two keys");
	SEES(terminal, "a approve");
	quiet();
	terminal_press(terminal, TERMINAL_DOWN);
	SEES_NO_MORE(terminal, "keys.json, line 3");
	TYPES(terminal, "?", "Mistakes in your own files");
	SEES(terminal, "keys.json, line 3");
	TYPES(terminal, "q", "Ines Duarte");
	TYPES(terminal, "C", "You hold"); /* the valid lines of the file apply */
	QUITS(terminal);
}

/* A key that is held down repeats itself. */
Test(screen_own_files, no_file_makes_one_key_open_a_dialog_and_confirm_it)
{
	start("{\"approve\": [\"y\", \"Enter\", \"Ctrl-Y\", \"Space\"], \"accept-item\": \"y\", \"open\": \"y\",\n"
	      "\"copy\": \"Y\", \"quit\": [], \"back\": [], \"help\": \"y\"}");
	SEES(terminal, "Your own files have 8 mistakes, ? lists them");
	quiet();
	for (size_t i = 0; i < 20; i++)
		terminal_type(terminal, i % 2 ? "y" : " ");
	terminal_type(terminal, CTRL_Y CTRL_Y);
	quiet();
	cr_expect(terminal_shows(terminal, "Ines Duarte"), "%s", terminal_screen(terminal));
	cr_expect_not(terminal_shows(terminal, "cancel"), "%s", terminal_screen(terminal));
	TYPES(terminal, "\r", "1 Summary");
	quiet();
	TYPES(terminal, "a", "y approve");
	quiet();
	CLOSES(terminal, ESC, "y approve");
	quiet();
	TYPES(terminal, ESC, "  Why");
	QUITS(terminal);
	bench_expect_status("manual_review");
}

static char *without_blanks(const char *text)
{
	char *out = calloc(strlen(text) + 1, 1);
	size_t length = 0;
	cr_assert_not_null(out);
	for (; *text; text++)
		if (*text != ' ' && *text != '\n')
			out[length++] = *text;
	return test_keep(out);
}

/* Whether the screen shows the words, even if a line break is between them or within a word (such as a path). */
static bool shows_words(const char *words)
{
	char *screen = without_blanks(terminal_screen(terminal)), *wanted = without_blanks(words);
	return strstr(screen, wanted) != NULL;
}

static void sees_words(const char *words)
{
	for (long long until = test_clock_ms() + PATIENCE_MS; !shows_words(words) && test_clock_ms() < until;)
		(void)terminal_settle(terminal, 50, 500);
	cr_assert(shows_words(words), "waiting for '%s':\n%s", words, terminal_screen(terminal));
}

static void opens_and_says(const char *sentence)
{
	start(NULL);
	sees_words(sentence);
	SEES(terminal, "a approve");
	QUITS(terminal);
	terminal_free(terminal);
	terminal = NULL;
}

Test(screen_own_files, a_file_that_cannot_be_read_leaves_the_desk_as_it_is)
{
	bench_write(&bench, "keys.json", "{\"note\": \"M\",");
	opens_and_says("too early, at line 1, column 13");
	char *path = temp_path(bench.folder, "config/kybdesk/keys.json");
	FILE *file = fopen(path, "w");
	for (size_t i = 0; i < 300 * 1024; i++)
		fputc(' ', file);
	fclose(file);
	opens_and_says("is larger than 262144");
	cr_assert_eq(remove(path), 0);
	cr_assert_eq(mkdir(path, 0700), 0);
	opens_and_says("keys.json");
}

Test(screen_own_files, a_theme_of_one_s_own_is_found_by_its_name_and_kept_with_its_faults)
{
	bench_write(&bench, "themes/mine.json",
		    "{\"name\": \"mine\", \"title\": \"Mine\", \"roles\": {\n"
		    "\"text\": {\"foreground\": \"white\", \"background\": \"blue\"},\n"
		    "\"muted\": {\"foreground\": \"grean\", \"background\": \"blue\"}}}");
	bench_configure(&bench, "{\"theme\": \"mine\"}");
	bench_environment(&bench, "COLORTERM");
	start(NULL);
	SEES(terminal, "Your own files have 2 mistakes, ? lists them");
	quiet();
	struct terminal_cell cell;
	terminal_cell(terminal, 12, 40, &cell);
	cr_expect_eq(cell.background, 4, "%d", cell.background);
	terminal_type(terminal, "?");
	sees_words("themes/mine.json, line 3: roles.muted.foreground: is 'grean'; allowed: #rrggbb");
	TYPES(terminal, "q", "Ines Duarte");
	QUITS(terminal);
	terminal_free(terminal);
	bench_write(&bench, "themes/mine.json", "{\"name\":");
	start(NULL);
	sees_words("the terminal's colours are used");
	QUITS(terminal);
}
