/* The server of a store freezes: its processes are stopped. Each program says so, and ends. */
#include "api/client.h"
#include "postgresql/server.h"
#include "screen/bench.h"
#include "store/place.h"
#include "support/tried.h"
#include "kybdesk/base/arena.h"
#include "kybdesk/base/strbuf.h"

#include <signal.h>

#define END_MS 20000 /* far less than the limit for a statement */

static struct test_server server;

static void set_up(void)
{
	server_make(&server);
	server_use(&server);
}

static void tear_down(void)
{
	server_remove(&server);
}

TestSuite(frozen, .init = set_up, .fini = tear_down);

Test(frozen, a_server_of_the_api_is_not_ready_and_ends_by_a_signal)
{
	api_open(&api, NULL);
	api.token = NULL;
	ASK(200, "GET", NULL, "/readyz");
	server_freeze(&server);
	long long begun = test_clock_ms();
	for (int i = 0; i < 3; i++)
		ASK(503, "GET", NULL, "/readyz");
	long long asked = test_clock_ms() - begun;
	cr_expect_lt(asked, END_MS);
	ASK(200, "GET", NULL, "/healthz");
	server_thaw(&server);
	ASK(200, "GET", NULL, "/readyz");
	server_freeze(&server);
	begun = test_clock_ms();
	api_close(&api); /* expects that a signal ends the server with status 0 */
	tried("serve before a frozen server: three times 503 of /readyz in %lld ms; SIGTERM ends it in %lld ms", asked,
	      test_clock_ms() - begun);
}

Test(frozen, a_worker_ends_by_a_signal)
{
	const char *const argv[] = { KYB_PROGRAM, "webhook", "deliver", NULL };
	struct arena arena = ARENA_INIT;
	struct process *worker;

	box_open_bare(&box);
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	worker = process_start(&(struct process_options){ .argv = argv,
							  .environment = (const char *const *)box.lines,
							  .folder = box.folder,
							  .timeout_ms = 300000 });
	while (strcmp(place_text(&arena, box.store,
				 "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = "
				 "'kybdesk webhook deliver' AND state = 'idle'"),
		      "1") != 0)
		test_sleep_ms(50);
	server_freeze(&server);
	long long begun = test_clock_ms();
	process_signal(worker, SIGTERM);
	cr_expect(process_wait(worker, END_MS, NULL), "SIGTERM does not end the worker");
	tried("webhook deliver before a frozen server: SIGTERM ends it in %lld ms", test_clock_ms() - begun);
	process_free(worker);
	server_thaw(&server);
	box_close(&box);
	arena_release(&arena);
}

Test(frozen, a_command_and_an_import_say_so_and_end_with_status_8)
{
	long long begun;

	box_open_bare(&box);
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	box_import_person(&box, "IND-1");
	box_write(&box, "more.ndjson", person_line("IND-2", "Rui Melo"));
	server_freeze(&server);
	begun = test_clock_ms();
	cr_expect_eq(box_run(&box, "list", NULL), 8, "%s", box.last.err);
	cr_expect(strstr(box.last.err, "does not answer"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "import", "more.ndjson", NULL), 8, "%s", box.last.err);
	cr_expect(strstr(box.last.err, "does not answer"), "%s", box.last.err);
	cr_expect_lt(test_clock_ms() - begun, 2 * END_MS);
	tried("list and import before a frozen server: \"does not answer\", status 8, both in %lld ms",
	      test_clock_ms() - begun);
	server_thaw(&server);
	cr_expect_eq(box_run(&box, "import", "more.ndjson", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "show", "IND-2", NULL), 0, "%s", box.last.err);
	box_close(&box);
}

/* The server's own limit for a statement, reached while another program holds a lock: told as that, with status 8. */
Test(frozen, a_limit_of_the_server_ends_a_command_with_status_8)
{
	static const char script[] =
		"mkfifo hold; psql -XAtq \"$KYBDESK_STORE\" <hold >held & exec 3>hold; "
		"echo \"BEGIN; LOCK TABLE session; SELECT 'held';\" >&3; "
		"n=0; until grep -q held held; do n=$((n + 1)); [ $n -lt 600 ] || exit 1; sleep 0.1; done; "
		"KYBDESK_STORE=\"$KYBDESK_STORE%20-cstatement_timeout%3D500\" \"$K\" list; echo \"status $?\"; "
		"exec 3>&-; wait";

	box_open_bare(&box);
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_shell(&box, script), 0, "%s%s", box.last.out, box.last.err);
	cr_expect_str_eq(box.last.out, "status 8\n");
	cr_expect(strstr(box.last.err, "the server stopped"), "%s", box.last.err);
	cr_expect(strstr(box.last.err, "try again"), "%s", box.last.err);
	box_close(&box);
}

/* A name server that does not answer: the address of the store names a host. */
Test(frozen, a_name_server_that_is_silent_is_left)
{
	box_open_bare(&box);
	box_environment(&box, "LD_PRELOAD=" KYB_SLOW_RESOLVER);
	box_environment(&box, test_sanitizer_options("verify_asan_link_order=0:detect_leaks=0"));
	box_environment(&box, "KYBDESK_STORE=postgresql://slow.example/desk?connect_timeout=2");
	long long begun = test_clock_ms();
	cr_expect_eq(box_run(&box, "list", NULL), 8, "%s", box.last.err);
	cr_expect(strstr(box.last.err, "cannot be reached"), "%s", box.last.err);
	tried("list before a silent name server: \"cannot be reached\", status 8, in %lld ms", test_clock_ms() - begun);
	box_environment(&box, "LD_PRELOAD");
	box_close(&box);
}

/* A suspended laptop: an import stops in the middle of its transaction, in which it holds the lock of the writers. */
Test(frozen, a_writer_waits_for_a_frozen_client_only_so_long)
{
	const char *const argv[] = { KYB_PROGRAM, "import", "many.ndjson", NULL };
	struct strbuf lines = STRBUF_INIT;
	struct arena arena = ARENA_INIT;
	struct process_result result;

	box_open_bare(&box);
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	box_import_person(&box, "IND-1");
	for (int i = 0; i < 1200; i++)
		strbuf_adds(&lines, person_line(test_text("MANY-%d", i), "Rui Melo"));
	box_write(&box, "many.ndjson", lines.buf);
	strbuf_release(&lines);
	struct process *import = process_start(&(struct process_options){ .argv = argv,
									  .environment = (const char *const *)box.lines,
									  .folder = box.folder,
									  .timeout_ms = 600000 });
	for (bool holds = false; !holds;) {
		cr_assert_not(process_wait(import, 20, NULL), "the import ended before it could be stopped");
		process_signal(import, SIGSTOP);
		/* The server has done its last statement when it reports the connection as idle. */
		for (int i = 0; i < 20 && !holds; i++)
			holds = strcmp(place_text(
					       &arena, box.store,
					       "SELECT count(*) FROM pg_stat_activity AS a, pg_locks AS l WHERE l.pid "
					       "= a.pid "
					       "AND locktype = 'advisory' AND granted AND application_name = 'kybdesk "
					       "import' AND state = 'idle in transaction'"),
				       "1") == 0;
		if (!holds)
			process_signal(import, SIGCONT);
	}
	long long begun = test_clock_ms();
	cr_expect_eq(box_run(&box, "note", "IND-1", "written while the import is frozen", NULL), 0, "%s", box.last.err);
	long long waited = test_clock_ms() - begun;
	process_signal(import, SIGCONT);
	cr_assert(process_wait(import, 300000, &result));
	cr_expect_eq(result.status, 8, "%s", result.err);
	/* If it was stopped while it read a result or wrote a statement, libpq gives its words or the server's. */
	cr_expect(strstr(result.err, "paused too long") || strstr(result.err, "idle-in-transaction") ||
			  strstr(result.err, "closed the connection unexpectedly"),
		  "%s", result.err);
	cr_expect(strstr(result.err, "nothing was changed"), "%s", result.err);
	process_free(import);
	cr_expect_eq(box_run(&box, "import", "many.ndjson", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "audit", "verify", NULL), 0, "%s", box.last.err);
	tried("a note while an import is frozen in its transaction: written after %lld ms; the import: \"paused too "
	      "long\", status 8, and whole when run again",
	      waited);
	box_close(&box);
	arena_release(&arena);
}

static void open_workbench(void)
{
	box_open_bare(&box);
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	box_import_person(&box, "IND-1");
	terminal = box_start(&box, NULL);
	SEES(terminal, "1 case");
	RESTS(terminal);
}

static void close_workbench(void)
{
	terminal_free(terminal);
	server_thaw(&server);
	box_close(&box);
}

/* With nothing to save, `q` ends the program soon: a reviewer does not wait for a server that does not answer. */
Test(frozen, a_workbench_says_so_and_can_be_left_at_once)
{
	long long begun;

	open_workbench();
	server_freeze(&server);
	terminal_type(terminal, "\r");
	SEES(terminal, "The store has not answered for");
	server_thaw(&server);
	SEES(terminal, "The store answers again");
	terminal_type(terminal, "q");
	RESTS(terminal);
	server_freeze(&server);
	begun = test_clock_ms();
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, END_MS), 0, "%s", terminal_screen(terminal));
	cr_expect_lt(test_clock_ms() - begun, 6000, "%lld ms", test_clock_ms() - begun);
	tried("workbench before a frozen server, nothing to save: q ends it in %lld ms", test_clock_ms() - begun);
	close_workbench();
}

/* A change that the store did not confirm when the reviewer left is named, and so is its outcome; a text is kept. */
Test(frozen, a_workbench_that_is_left_names_what_was_not_saved)
{
	open_workbench();
	terminal_type(terminal, "c");
	SEES(terminal, "You hold");
	server_freeze(&server);
	terminal_type(terminal, "mcalled the client");
	terminal_type(terminal, "\r");
	terminal_type(terminal, "mhalf of a no");
	RESTS(terminal);
	terminal_type(terminal, "\x1b");
	SEES_NO_MORE(terminal, "half of a no");
	long long begun = test_clock_ms();
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, END_MS), 8, "%s", terminal_screen(terminal));
	tried("workbench before a frozen server, a note not saved: q ends it in %lld ms, status 8, the note is named "
	      "and "
	      "kept",
	      test_clock_ms() - begun);
	cr_expect(terminal_shows(terminal, "you left before the store confirmed this: IND-1, "), "%s",
		  terminal_screen(terminal));
	terminal_free(terminal);
	server_thaw(&server);
	terminal = box_start(&box, NULL);
	SEES(terminal, "1 case");
	TYPES(terminal, "m", "half of a no");
	close_workbench();
}
