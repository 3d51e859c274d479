/*
 * A letter to the client: several lines typed, pasted or written in the user's own editor are stored unchanged,
 * and never take more than one line in a list of one-line records.
 */
#include "bench.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CONTROL_O "\x0f"
#define CONTROL_Y "\x19"
#define CONTROL_K "\x0b"

static void set_up(void)
{
	char variable[400];
	bench_set_up_person();
	char *runtime = temp_path(bench.folder, "runtime");
	(void)snprintf(variable, sizeof variable, "XDG_RUNTIME_DIR=%s", runtime);
	cr_assert_eq(mkdir(runtime, 0700), 0);
	bench_environment(&bench, variable);
	bench_environment(&bench, "SSH_CONNECTION");
	bench_environment(&bench, "VISUAL");
}
TestSuite(letter, .init = set_up, .fini = bench_tear_down);

static void quiet(void)
{
	RESTS(terminal);
}

/* Sets EDITOR to a script with the commands `text`, which gets -w as $1 and the file as $2. */
static void use_editor(const char *text)
{
	char *path = temp_path(bench.folder, "editor"), variable[400], script[2000];
	(void)snprintf(script, sizeof script, "#!/bin/sh\n%s\n", text);
	temp_write(path, script, strlen(script));
	cr_assert_eq(chmod(path, 0755), 0);
	(void)snprintf(variable, sizeof variable, "EDITOR=%s -w", path);
	bench_environment(&bench, variable);
	bench_configure(&bench, "{\"open_with\": \"xdg-open\"}");
}

/* Opens the dialog to reject; the message is empty and has the focus. */
static void open_message(int rows, int columns)
{
	terminal = bench_start(&bench, "ana", rows, columns, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first");
	quiet();
	TYPES(terminal, "\r", "CLEAR-1");
	quiet();
	TYPES(terminal, "r", "y reject");
	/* The dialog takes no key before the terminal has shown it. */
	cr_assert(terminal_settle(terminal, 1200, PATIENCE_MS), "%s", terminal_screen(terminal));
	TYPES(terminal, "\tbusi", "(*) Business activity not supported");
	CLOSES(terminal, "\t" CONTROL_K, "(*) Business activity not supported");
	quiet();
}

static const char *decided(const char *member)
{
	static char text[4000];
	const char *words[] = { "show", "CLEAR-1", "--json", NULL };
	cr_assert_eq(bench_run(&bench, words[0], words[1], words[2], NULL), 0, "%s", bench.last.err);
	const char *found = strstr(bench.last.out, member);
	(void)snprintf(text, sizeof text, "%.600s", found ? found : "");
	return text;
}

static void expect_left_alone(void)
{
	const char *left = terminal_left_otherwise(terminal);
	cr_expect_null(left, "%s", left);
}

/* Returns the number of files in the folder and its subfolders. */
static size_t files_left(const char *folder)
{
	DIR *entries = opendir(folder);
	size_t count = 0;
	char path[600];
	for (struct dirent *entry; entries && (entry = readdir(entries));) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		(void)snprintf(path, sizeof path, "%.300s/%.200s", folder, entry->d_name);
		struct stat status;
		count += lstat(path, &status) == 0 && S_ISDIR(status.st_mode) ? files_left(path) : 1;
	}
	if (entries)
		(void)closedir(entries);
	return count;
}

static void expect_no_file(void)
{
	char *runtime = temp_path(bench.folder, "runtime");
	cr_expect_eq(files_left(runtime), 0, "a file is left in %s", runtime);
}

static void leave(void)
{
	terminal_type(terminal, "q");
	quiet();
	if (terminal_wait_exit(terminal, 500) < 0)
		QUITS(terminal);
	expect_left_alone();
	expect_no_file();
}

Test(letter, three_lines_are_stored_as_they_were_typed)
{
	open_message(24, 80);
	TYPES(terminal, "Dear Ines,\rplease send:\r1. the bill", "client sees Dear Ines,");
	SEES(terminal, "1. the bill");
	TYPES(terminal, CONTROL_Y, "Rejected Ines Duarte");
	cr_expect(strstr(decided("\"message\""), "Dear Ines,\\nplease send:\\n1. the bill"), "%s",
		  decided("\"message\""));
	quiet();
	QUITS(terminal);
	/* In lists, the record stays one line, although the message has three lines. */
	cr_assert_eq(bench_run(&bench, "audit", "list", "CLEAR-1", "--csv", NULL), 0);
	for (const char *at = bench.last.out; (at = strchr(at, '\n')); at++)
		cr_expect(!at[1] || (at[1] >= '0' && at[1] <= '9') || !strncmp(at + 1, "seq", 3), "%.80s", at + 1);
	cr_assert_eq(bench_run(&bench, "audit", "list", "CLEAR-1", NULL), 0);
	cr_expect_null(strstr(bench.last.out, "\nplease send"), "%s", bench.last.out);
	cr_expect_null(strstr(bench.last.out, "\n1. the bill"), "%s", bench.last.out);
}

Test(letter, a_paste_keeps_its_lines_and_confirms_nothing)
{
	open_message(24, 60);
	terminal_paste(terminal, "One\nTwo\r\nThree\x19\ny");
	SEES(terminal, "Three");
	quiet();
	cr_expect(terminal_shows(terminal, "Reject Ines Duarte"), "%s", terminal_screen(terminal));
	TYPES(terminal, CONTROL_Y, "Rejected");
	cr_expect(strstr(decided("\"message\""), "One\\nTwo\\nThree\\ny\""), "%s", decided("\"message\""));
}

Test(letter, the_editor_gets_a_private_file_that_is_gone_afterwards)
{
	use_editor("test \"$1\" = -w || exit 9\n"
		   "{ stat -c %a \"$2\"; stat -c %a \"$(dirname \"$2\")\"; cat \"$2\"; } >seen\n"
		   "echo backup >\"$2~\"; echo swap >\"$(dirname \"$2\")/.letter.swp\"\n"
		   "stty -echo raw; stty sane\n"
		   "printf 'Dear Ines,\\r\\n\\r\\nthe bill is missing.\\nRita\\n\\n' >\"$2\"");
	open_message(24, 80);
	TYPES(terminal, "Half a sentence", "Ctrl-O editor");
	TYPES(terminal, CONTROL_O, "client sees Dear Ines,");
	SEES(terminal, "the bill is missing.");
	quiet();
	char *path = temp_path(bench.folder, "seen"), *seen = temp_read(path, NULL);
	cr_assert(seen);
	cr_expect_str_eq(seen, "600\n700\nHalf a sentence\n");
	expect_no_file();
	TYPES(terminal, CONTROL_Y, "Rejected");
	cr_expect(strstr(decided("\"message\""), "Dear Ines,\\n\\nthe bill is missing.\\nRita\""), "%s",
		  decided("\"message\""));
	quiet();
	leave();
}

/* The dialog reports the editor's error, and the text is unchanged. */
static void expect_refused(const char *editor, const char *says)
{
	use_editor(editor);
	open_message(24, 80);
	TYPES(terminal, "Old words" CONTROL_O, says);
	quiet();
	cr_expect(terminal_shows(terminal, "message     Old words"), "%s", terminal_screen(terminal));
	expect_no_file();
	TYPES(terminal, " stay" CONTROL_Y, "Rejected");
	cr_expect(strstr(decided("\"message\""), "Old words stay\""), "%s", decided("\"message\""));
	quiet();
	leave();
}

Test(letter, an_editor_that_fails_changes_nothing)
{
	expect_refused("echo other >\"$2\"; exit 3", "ended with status 3; the text is unchanged");
}
Test(letter, an_editor_that_is_killed_changes_nothing)
{
	expect_refused("printf '\\033[?1049h'; stty raw -echo; echo other >\"$2\"; kill -KILL $$",
		       "ended with status 137");
}
Test(letter, an_editor_that_leaves_control_characters_changes_nothing)
{
	expect_refused("printf 'a\\033[31mb\\n' >\"$2\"", "has control characters");
}
Test(letter, an_editor_that_leaves_another_encoding_changes_nothing)
{
	expect_refused("printf 'Gon\\347alves\\n' >\"$2\"", "is not valid UTF-8");
}
Test(letter, an_editor_that_leaves_too_much_changes_nothing)
{
	expect_refused("head -c 5000 /dev/zero | tr '\\0' a >\"$2\"", "has 5000 bytes, the maximum is 4096");
}
Test(letter, an_editor_that_removes_the_file_changes_nothing)
{
	expect_refused("rm \"$2\"", "cannot be read");
}
/* A link in place of the letter's file is not followed: its target is neither read nor overwritten. */
Test(letter, a_link_in_the_place_of_the_letter_is_not_followed)
{
	char *path = temp_path(bench.folder, "secret");
	temp_write(path, "secret", 6);
	expect_refused("rm \"$2\"; ln -s \"$PWD/secret\" \"$2\"; ln \"$PWD/secret\" \"$2.hard\"", "cannot be read");
	char *kept = temp_read(path, NULL);
	cr_expect(kept && !strcmp(kept, "secret"), "%s", kept ? kept : "");
}

Test(letter, an_editor_that_is_missing_is_named)
{
	bench_configure(&bench, "{\"open_with\": \"xdg-open\"}");
	bench_environment(&bench, "EDITOR=/nowhere/editor");
	open_message(24, 80);
	TYPES(terminal, "Old words" CONTROL_O, "/nowhere/editor cannot be started: No such file");
	quiet();
	cr_expect(terminal_shows(terminal, "message     Old words"), "%s", terminal_screen(terminal));
	expect_no_file();
}

Test(letter, without_an_editor_that_is_said)
{
	bench_configure(&bench, "{\"open_with\": \"xdg-open\"}");
	bench_environment(&bench, "EDITOR");
	open_message(24, 80);
	cr_expect_not(terminal_shows(terminal, "Ctrl-O"), "%s", terminal_screen(terminal));
	TYPES(terminal, CONTROL_O, "Neither VISUAL nor EDITOR names an editor");
}

/* As for documents that are opened outside, "open_with" must be set, and no program starts over SSH. */
static void expect_not_started(const char *says)
{
	char *path = temp_path(bench.folder, "started");
	open_message(24, 80);
	TYPES(terminal, "Old words" CONTROL_O, says);
	quiet();
	char *started = temp_read(path, NULL);
	cr_expect_null(started, "the editor was started");
}
Test(letter, no_editor_is_started_where_no_program_may_be)
{
	use_editor("touch started");
	bench_configure(&bench, "{}");
	expect_not_started("Editors are disabled until \"open_with\" in config.json");
}
Test(letter, no_editor_is_started_over_a_line)
{
	use_editor("touch started");
	bench_environment(&bench, "SSH_CONNECTION=192.0.2.1 1 192.0.2.2 22");
	expect_not_started("Over SSH, neither an editor nor");
}

/* Only the editor receives Ctrl-C; the workbench continues afterwards. */
Test(letter, keys_of_the_editor_do_not_reach_the_workbench)
{
	use_editor("trap 'echo caught >>caught' INT\necho waits\nuntil test -s caught; do sleep 0.1; done\n"
		   "read line\nprintf '%s\\n' \"$line\" >\"$2\"");
	open_message(24, 80);
	TYPES(terminal, CONTROL_O, "waits");
	terminal_control(terminal, 'c');
	char *path = temp_path(bench.folder, "caught"), *caught = NULL;
	for (int i = 0; i < 200 && !(caught = temp_read(path, NULL)); i++)
		test_sleep_ms(50);
	cr_expect(caught, "the interrupt is the editor's");
	TYPES(terminal, "one\r", "message     one");
}

Test(letter, a_line_that_is_cut_ends_the_editor_and_leaves_nothing)
{
	use_editor("echo waits\nread line\nread line");
	open_message(24, 80);
	TYPES(terminal, "Half a sentence" CONTROL_O, "waits");
	cr_assert_eq(kill(terminal_pid(terminal), SIGHUP), 0);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGHUP);
	expect_no_file();
}

/* A line that is cut ends an editor that is frozen or ignores the signal, too. */
Test(letter, an_editor_that_answers_nothing_is_ended)
{
	use_editor("trap '' HUP TERM INT\necho waits\nwhile :; do kill -STOP $$; sleep 0.1; done");
	open_message(24, 80);
	TYPES(terminal, "Half a sentence" CONTROL_O, "waits");
	cr_assert_eq(kill(terminal_pid(terminal), SIGHUP), 0);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGHUP);
	expect_no_file();
}

Test(letter, each_line_is_heard_as_it_is_written)
{
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", "--accessible", NULL);
	SEES(terminal, "Ines Duarte");
	quiet();
	/* Waits for last lines: the first lines can scroll away before they are read. */
	TYPES(terminal, "\r", "1-7 tabs");
	quiet();
	TYPES(terminal, "r", "here: Esc cancel");
	quiet();
	TYPES(terminal, "\tbusi\t" CONTROL_K, "message: empty");
	TYPES(terminal, "Dear Ines,", "message: Dear Ines,");
	TYPES(terminal, "\rthe bill", "the bill");
	quiet();
	terminal_press(terminal, TERMINAL_UP);
	quiet();
	TYPES(terminal, CONTROL_Y, "Rejected Ines Duarte");
	cr_expect(strstr(decided("\"message\""), "Dear Ines,\\nthe bill\""), "%s", decided("\"message\""));
}
