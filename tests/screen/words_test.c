/*
 * If the connection is cut or the program is killed while a user writes, the text is not lost: the next workbench
 * restores it in the same dialog of the same case, sends nothing by itself, and deletes the text once it was sent.
 */
#include "bench.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void start(void)
{
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "  Why");
	TYPES(terminal, "\r", "CLEAR-1");
}

static void set_up(void)
{
	bench_open(&bench);
	bench_import(&bench, clear_person("CLEAR-1", "Ines Duarte"));
	start();
}
TestSuite(words, .init = set_up, .fini = bench_tear_down);

static void start_again(void)
{
	terminal_free(terminal);
	start();
}

/* Returns the text of the file of drafts, and its path; NULL if absent. */
static char *kept_file(char path[512])
{
	char folder[400];
	char *text = NULL;
	(void)snprintf(folder, sizeof folder, "%s/state/kybdesk", bench.folder);
	DIR *entries = opendir(folder);
	for (struct dirent *entry; entries && (entry = readdir(entries));) {
		const char *end = strstr(entry->d_name, ".json");
		if (!end || strcmp(end, ".json") != 0) /* a temporary file that is still being written */
			continue;
		(void)snprintf(path, 512, "%s/%.100s", folder, entry->d_name);
		text = temp_read(path, NULL);
	}
	if (entries)
		(void)closedir(entries);
	return test_keep(text);
}

static bool is_kept(const char *words)
{
	char path[512];
	char *text = kept_file(path);
	return text && strstr(text, words);
}

static void wait_until_kept(const char *words, bool wanted)
{
	for (int waited = 0; is_kept(words) != wanted; waited += 50) {
		cr_assert_lt(waited, PATIENCE_MS, "\"%s\" is %s", words, wanted ? "not kept" : "kept on");
		test_sleep_ms(50);
	}
}

static void open_dialog(const char *key, const char *title)
{
	OPENS(terminal, key, title);
}

/* The message is below the list of reasons. */
static void write_message(const char *words)
{
	open_dialog("r", "Reject Ines Duarte");
	terminal_type(terminal, "\t\t");
	TYPES(terminal, words, words);
}

static const char *status(void)
{
	cr_assert_eq(bench_run(&bench, "show", "CLEAR-1", NULL), 0);
	return strstr(bench.last.out, "manual_review") ? "manual_review" : bench.last.out;
}

Test(words, a_killed_program_has_kept_what_was_written_a_moment_ago)
{
	write_message("Half a sentence");
	wait_until_kept("Half a sentence", true);
	cr_assert_eq(kill(terminal_pid(terminal), SIGKILL), 0);
	start_again();
	open_dialog("r", "Reject Ines Duarte");
	SEES(terminal, "was restored (texts only); Ctrl-U empties");
	cr_expect(terminal_shows(terminal, "Half a sentence"), "%s", terminal_screen(terminal));
	TYPES(terminal, "y", "Choose a reason first"); /* the reason was not kept: one key cannot decide */
	cr_expect_str_eq(status(), "manual_review");
}

Test(words, a_line_that_is_cut_loses_nothing_at_all)
{
	write_message("Written to the last letter");
	terminal_signal(terminal, SIGHUP);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGHUP);
	start_again();
	open_dialog("r", "Reject Ines Duarte");
	SEES(terminal, "Written to the last letter");
}

Test(words, a_note_comes_back_to_its_case)
{
	TYPES(terminal, "m", "note on Ines Duarte:");
	terminal_type(terminal, "To be called in the morning");
	wait_until_kept("To be called in the morning", true);
	cr_assert_eq(kill(terminal_pid(terminal), SIGKILL), 0);
	start_again();
	TYPES(terminal, "m", "To be called in the morning");
	TYPES(terminal, "\r", "Saved the note");
	wait_until_kept("To be called in the morning", false);
}

Test(words, what_was_sent_is_kept_no_longer)
{
	write_message("Please send it again");
	wait_until_kept("Please send it again", true);
	terminal_press(terminal, TERMINAL_BACK_TAB);
	terminal_type(terminal, "busi");     /* a reason */
	TYPES(terminal, "\x19", "Rejected"); /* Ctrl-Y */
	wait_until_kept("Please send it again", false);
}

Test(words, what_was_emptied_is_kept_no_longer)
{
	write_message("Nothing of worth");
	wait_until_kept("Nothing of worth", true);
	terminal_type(terminal, "\x15"); /* Ctrl-U */
	wait_until_kept("Nothing of worth", false);
}

/* Only the user can read the file, and it names no case and no person. */
Test(words, the_file_is_its_owners_and_names_nobody)
{
	char path[512];
	struct stat file;
	write_message("Half a sentence");
	wait_until_kept("Half a sentence", true);
	char *text = kept_file(path);
	cr_assert_eq(stat(path, &file), 0);
	cr_expect_eq(file.st_mode & 0777, 0600);
	cr_expect_null(strstr(text, "Ines"), "%s", text);
	cr_expect_null(strstr(text, "CLEAR-1"), "%s", text);
}

/* Fields with data about a person, such as a name, are not written to the file of drafts. */
Test(words, what_is_said_of_a_person_is_in_no_file)
{
	bench_import_samples(&bench);
	TYPES(terminal, "q", "33 cases");
	TYPES(terminal, "/RAL-2031\r", "1 case ");
	TYPES(terminal, "\r", "Before you can approve");
	TYPES(terminal, "3", "Mara Lane");
	open_dialog("+", "New party of");
	TYPES(terminal, "Amalia Secret", "Amalia Secret");
	terminal_signal(terminal, SIGHUP);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGHUP);
	cr_expect_not(is_kept("Amalia"));
}

/* A broken or foreign file is ignored. */
Test(words, a_broken_file_is_nothing)
{
	char path[512];
	write_message("Half a sentence");
	wait_until_kept("Half a sentence", true);
	cr_assert_eq(kill(terminal_pid(terminal), SIGKILL), 0);
	kept_file(path);
	temp_write(path, "[{\"dialog\":7},[[", 16);
	start_again();
	open_dialog("r", "Reject Ines Duarte");
	cr_expect_not(terminal_shows(terminal, "was restored"), "%s", terminal_screen(terminal));
}
