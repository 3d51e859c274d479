/* A program that is stopped with Ctrl-Z blocks no other writer; a killed import leaves its list of refused lines. */
#include "fault/cases.h"
#include "support/http_receiver.h"
#include "support/pty.h"
#include "support/stopped.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

TestSuite(stop, .fini = site_tear_down);

enum { STOPS = 40, PATIENCE_MS = 20000 };

static char *plain_file(const struct site *site, unsigned count, const char *first)
{
	struct lines lines = { 0 };
	char *path = site_path(site, "plain.ndjson");

	lines_add(&lines, "%s", first);
	for (unsigned i = 0; i < count; i++)
		cases_plain(&lines, i);
	temp_write(path, lines.text, lines.length);
	return path;
}

Test(stop, an_import_that_is_stopped_keeps_nobody_from_writing)
{
	struct site *site = site_make();
	char *path = plain_file(site, test_is_long() ? 20000 : 3000, "");
	struct process *import = site_start(site, "import", path, NULL);
	struct process_result result;
	int stopped = 0, locked = 0;

	for (int i = 0; i < STOPS; i++) {
		test_sleep_ms((unsigned)site_random(site, 30));
		process_signal(import, SIGTSTP);
		if (!process_is_stopped(process_pid(import)))
			break;
		stopped++;
		locked += store_take_lock(site->store) != SQLITE_OK;
		process_signal(import, SIGCONT);
	}
	cr_assert(process_wait(import, 120000, &result));
	cr_expect_eq(result.status, 0, "%s", result.err);
	cr_expect_gt(stopped, 3, "the import was too quick to be stopped");
	cr_expect_eq(locked, 0, "%d of %d times the lock was kept", locked, stopped);
	process_free(import);
	site_is_sound(site);
}

/* Stops an import after its write lock number `lock`; false: the import takes fewer locks. */
static bool stop_at(struct site *site, const char *path, int lock)
{
	struct process_result result;
	struct process *import;
	static char at[64]; /* static, because the site keeps it */
	bool stopped;

	(void)snprintf(at, sizeof at, "KYBDESK_TEST_STOP_AT=%d", lock);
	site_environment(site, at);
	import = site_start(site, "import", path, NULL);
	stopped = process_is_stopped(process_pid(import));
	if (stopped)
		cr_expect_eq(store_take_lock(site->store), SQLITE_OK,
			     "stopped after lock %d for writing it kept the store's", lock);
	process_signal(import, SIGCONT);
	cr_assert(process_wait(import, PATIENCE_MS, &result));
	cr_expect_eq(result.status, 0, "%s", result.err);
	process_free(import);
	return stopped;
}

/* The locks include the locks of a first process, to read the write-ahead log, and of a last process, to close it. */
Test(stop, after_whichever_lock_it_is_stopped_an_import_keeps_nobody_from_writing)
{
	struct site *site = site_make();
	char *path = plain_file(site, 3, "");
	int lock = 1, stops = 0;

	site_environment(site, "LD_PRELOAD=" KYB_STOP_AT_LOCK);
	site_environment(site, test_sanitizer_options("verify_asan_link_order=0"));
	while (stop_at(site, path, lock)) {
		stops++;
		lock++;
	}
	cr_expect_gt(stops, 3);
	tried("%d locks, stopped after each", stops);
	site_environment(site, "LD_PRELOAD");
	site_environment(site, "KYBDESK_TEST_STOP_AT");
	site_is_sound(site);
}

/* Stops the workbench while its delivering thread has the lock. The workbench runs as a job of a shell, since only jobs
 * can be stopped. */
static void stop_workbench_at(struct site *site, int lock)
{
	const char *const words[] = { "/bin/sh", "-mc",	      "\"$@\"; echo STOPPED; read -r line; fg; echo ENDED $?",
				      "sh",	 KYB_PROGRAM, NULL };
	const struct terminal_options options = { .argv = words,
						  .environment = site->environment,
						  .folder = site->folder };
	struct terminal *terminal;
	static char at[64]; /* static, because the site keeps it */
	char case_ref[32];

	(void)snprintf(case_ref, sizeof case_ref, "CASE-%d", lock);
	site_expect(site, 0, "approve", case_ref, "--grace", "0", NULL);
	(void)snprintf(at, sizeof at, "KYBDESK_TEST_STOP_AT=thread:%d", lock);
	site_environment(site, "LD_PRELOAD=" KYB_STOP_AT_LOCK);
	site_environment(site, at);
	terminal = terminal_start(&options);
	cr_assert(terminal_wait(terminal, "STOPPED", PATIENCE_MS), "%s", terminal_screen(terminal));
	cr_expect_eq(store_take_lock(site->store), SQLITE_OK,
		     "stopped after lock %d of its threads it kept the store's", lock);
	cr_expect(terminal_is_cooked(terminal), "stopped after lock %d", lock);
	terminal_type(terminal, "\n");
	cr_assert(terminal_wait(terminal, "manual_review", PATIENCE_MS), "%s", terminal_screen(terminal));
	terminal_type(terminal, "q");
	cr_assert(terminal_wait(terminal, "ENDED 0", PATIENCE_MS), "%s", terminal_screen(terminal));
	terminal_free(terminal);
	site_environment(site, "LD_PRELOAD");
}

Test(stop, a_workbench_that_is_stopped_while_it_delivers_keeps_nobody_from_writing)
{
	struct site *site = site_make();
	enum { LOCKS = 4 };

	cases_bring(site, 1, LOCKS);
	cases_endpoint(site, "http://127.0.0.1:9/nobody");
	site_environment(site, test_sanitizer_options("verify_asan_link_order=0"));
	for (int lock = 1; lock <= LOCKS; lock++)
		stop_workbench_at(site, lock);
	tried("%d locks of threads, stopped after each", LOCKS);
	site_environment(site, "KYBDESK_TEST_STOP_AT");
	site_is_sound(site);
}

/* The worker's settle thread has the lock: it writes results while other responses are still expected. */
Test(stop, a_worker_that_is_stopped_while_it_delivers_keeps_nobody_from_writing)
{
	struct site *site = site_make();
	struct receiver *receiver = receiver_start();
	struct process_result result;
	struct process *worker;
	enum { EVENTS = 6 };
	static const struct receiver_answer answers[] = { { .status = 204, .delay_ms = 1500 }, { .status = 204 } };

	receiver_answers(receiver, answers, sizeof answers / sizeof *answers);
	cases_bring(site, 1, EVENTS);
	cases_endpoint(site, receiver_url(receiver, "/hook"));
	for (int i = 1; i <= EVENTS; i++) {
		char case_ref[32];

		(void)snprintf(case_ref, sizeof case_ref, "CASE-%d", i);
		site_expect(site, 0, "approve", case_ref, "--grace", "0", NULL);
	}
	site_environment(site, "LD_PRELOAD=" KYB_STOP_AT_LOCK);
	site_environment(site, test_sanitizer_options("verify_asan_link_order=0"));
	site_environment(site, "KYBDESK_TEST_STOP_AT=thread:1");
	worker = site_start(site, "webhook", "deliver", "--drain", NULL);
	cr_assert(process_is_stopped(process_pid(worker)), "no other thread has written");
	cr_expect_eq(store_take_lock(site->store), SQLITE_OK);
	process_signal(worker, SIGCONT);
	cr_assert(process_wait(worker, PATIENCE_MS, &result));
	cr_expect_eq(result.status, 0, "%s", result.err);
	process_free(worker);
	receiver_stop(receiver);
	site_environment(site, "LD_PRELOAD");
	site_environment(site, "KYBDESK_TEST_STOP_AT");
	site_is_sound(site);
}

Test(stop, a_killed_import_leaves_what_it_had_refused)
{
	struct site *site = site_make();
	char *path = plain_file(site, 3000, "{\"refused\":\n"), *rejects = site_path(site, "rejects.ndjson");
	struct process *import = site_start(site, "import", path, "--rejects", rejects, NULL);
	struct process_result result;
	size_t length = 0;
	char *kept = NULL;

	for (int waited = 0; waited < PATIENCE_MS && !length; waited++) {
		kept = temp_read(rejects, &length);
		test_sleep_ms(1);
	}
	process_signal(import, SIGKILL);
	cr_assert(process_wait(import, 120000, &result));
	cr_expect_lt(site_number(site, "SELECT count(*) FROM session"), 3000, "it had come to its end");
	process_free(import);
	cr_expect(kept && length && !strncmp(kept, "{\"refused\":", 11), "%s", kept ? kept : "");
}
