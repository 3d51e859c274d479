/*
 * If the connection is cut or the program is killed while a user writes, the text is not lost: the next workbench
 * restores it in the same dialog of the same case, sends nothing by itself, and deletes the text once it was sent.
 */
#include "bench.h"

#include "support/tried.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Locks the store as a program does that freezes in the middle of a change. */
static struct process *freeze_store(void)
{
	static const char script[] = "BEGIN IMMEDIATE;\nSELECT 'locked';\n.shell sleep 600\n";
	const char *const argv[] = { "sqlite3", bench.store, NULL };
	struct process *holder = process_start(&(const struct process_options){
		.argv = argv, .input = script, .input_length = sizeof script - 1, .timeout_ms = 600000 });

	cr_assert(process_wait_output(holder, "locked", PATIENCE_MS));
	process_signal(holder, SIGSTOP);
	return holder;
}

/* The reviewer does not wait for the store, and finds the text again. If the lock was given up before `q`, the screen has
 * said so, and the status is 0. */
Test(words, a_note_is_kept_when_a_frozen_program_holds_the_store)
{
	struct process *holder = freeze_store();

	TYPES(terminal, "m", "note on Ines Duarte:");
	terminal_type(terminal, "To be called in the morning\r");
	TYPES(terminal, "q", "1 case");
	long long begun = test_clock_ms();
	terminal_type(terminal, "q");
	int left = terminal_wait_exit(terminal, PATIENCE_MS);
	tried("workbench before a frozen holder of the store, a note not saved: q ends it in %lld ms, status %d",
	      test_clock_ms() - begun, left);
	cr_expect(left == 0 || (left == 8 && terminal_shows(terminal, "you left before the store confirmed this")),
		  "%d: %s", left, terminal_screen(terminal));
	process_free(holder);
	start_again();
	TYPES(terminal, "m", "To be called in the morning");
}

/* Another program of the reviewer freezes while it writes their texts: the note is saved all the same. */
Test(words, a_frozen_holder_of_the_own_files_keeps_nobody)
{
	char path[512];

	write_message("Half a sentence");
	wait_until_kept("Half a sentence", true);
	cr_assert_not_null(kept_file(path));
	*strrchr(path, '/') = 0;
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_eq(flock(folder, LOCK_EX), 0);
	CLOSES(terminal, "\x1b", "Half a sentence");
	TYPES(terminal, "m", "note on Ines Duarte:");
	TYPES(terminal, "To be called in the morning\r", "Saved the note");
	terminal_type(terminal, "q");
	SEES(terminal, "1 case");
	terminal_type(terminal, "q");
	cr_expect_geq(terminal_wait_exit(terminal, PATIENCE_MS), 0, "%s", terminal_screen(terminal));
	close(folder);
}

/* The agent that signs for the reviewer freezes: the screen says so, `q` leaves, and nothing is decided. */
Test(words, a_frozen_agent_keeps_nobody)
{
	char *key = temp_path(bench.folder, "key"), *socket = temp_path(bench.folder, "agent");
	const char *const agent_words[] = { "ssh-agent", "-D", "-a", socket, NULL };
	const char *const environment[] = { test_text("SSH_AUTH_SOCK=%s", socket), NULL };
	struct process_result last;

	process_call(&last, NULL, NULL, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key, NULL);
	cr_assert_eq(last.status, 0, "%s", last.err);
	struct process *agent =
		process_start(&(const struct process_options){ .argv = agent_words, .timeout_ms = 600000 });
	while (access(socket, F_OK) != 0)
		test_sleep_ms(20);
	process_call(&last, environment, NULL, "ssh-add", "-q", key, NULL);
	cr_assert_eq(last.status, 0, "%s", last.err);
	cr_assert_eq(bench_run(&bench, "access", "add", "ana", test_text("%s.pub", key), NULL), 0, "%s",
		     bench.last.err);
	cr_assert_eq(bench_run(&bench, "store", "set", "signed_decisions", "required", NULL), 0, "%s", bench.last.err);
	bench_environment(&bench, environment[0]);
	process_signal(agent, SIGSTOP);
	start_again();
	open_dialog("a", "Approve Ines Duarte");
	TYPES(terminal, "y", "The SSH agent has not answered for");
	long long begun = test_clock_ms();
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 9, "%s", terminal_screen(terminal));
	cr_expect(terminal_shows(terminal, "The SSH agent did not answer"), "%s", terminal_screen(terminal));
	tried("workbench before a frozen SSH agent: q ends it in %lld ms", test_clock_ms() - begun);
	cr_expect_str_eq(status(), "manual_review");
	process_signal(agent, SIGKILL);
	process_free(agent);
}
