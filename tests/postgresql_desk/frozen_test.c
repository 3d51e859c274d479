/* The server of a store freezes: its processes are stopped. Each program says so, and ends. */
#include "api/client.h"
#include "postgresql/server.h"
#include "screen/bench.h"
#include "store/place.h"

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
	cr_expect_lt(test_clock_ms() - begun, END_MS);
	ASK(200, "GET", NULL, "/healthz");
	server_thaw(&server);
	ASK(200, "GET", NULL, "/readyz");
	server_freeze(&server);
	api_close(&api); /* expects that a signal ends the server with status 0 */
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
	process_signal(worker, SIGTERM);
	cr_expect(process_wait(worker, END_MS, NULL), "SIGTERM does not end the worker");
	process_free(worker);
	server_thaw(&server);
	box_close(&box);
	arena_release(&arena);
}

Test(frozen, a_workbench_can_be_left)
{
	box_open_bare(&box);
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	box_import_person(&box, "IND-1");
	terminal = box_start(&box, NULL);
	SEES(terminal, "1 case");
	RESTS(terminal);
	server_freeze(&server);
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, END_MS), 0, "%s", terminal_screen(terminal));
	terminal_free(terminal);
	server_thaw(&server);
	box_close(&box);
}
