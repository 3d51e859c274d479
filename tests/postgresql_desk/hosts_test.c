/*
 * Two hosts on one server: a workbench on the first, a workbench and a worker on the second. The server is killed while
 * they work, and started again: no completed work is lost or repeated, and no program needs a restart. Each host has
 * its own folders (settings, data, key); the hosts share only the server.
 */
#include "screen/bench.h"
#include "postgresql/server.h"
#include "store/place.h"
#include "support/http_receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct test_server server;
static struct box one, two;
static struct receiver *receiver;
static char *place;

static void open_host(struct box *host)
{
	box_open_bare(host);
	box_environment(host, test_text("KYBDESK_STORE=%s", place));
}

static void set_up(void)
{
	server_make(&server);
	place = server_place(&server);
	open_host(&one);
	open_host(&two);
	cr_assert_eq(box_run(&one, "init", "--sandbox", NULL), 0, "%s", one.last.err);
	receiver = receiver_start();
	cr_assert_eq(box_run(&one, "merchant", "add", "shop", NULL), 0, "%s", one.last.err);
	cr_assert_eq(box_run(&one, "endpoint", "add", "--merchant", "shop", "--url", receiver_url(receiver, "/hook"),
			     "--event", "*", NULL),
		     0, "%s", one.last.err);
	box_import_person(&one, "ONE-1");
	box_import_person(&one, "TWO-1");
}

static void tear_down(void)
{
	receiver_stop(receiver);
	box_close(&two);
	box_close(&one);
	server_remove(&server);
}

TestSuite(hosts, .init = set_up, .fini = tear_down);

static struct process *start_worker(const struct box *host)
{
	const char *const argv[] = { KYB_PROGRAM, "webhook", "deliver", NULL };

	return process_start(&(struct process_options){ .argv = argv,
							.environment = (const char *const *)host->lines,
							.folder = host->folder,
							.timeout_ms = 300000 });
}

static void open_case(struct terminal *terminal, const char *reference)
{
	SEES(terminal, "2 cases");
	cr_assert(terminal_settle(terminal, 250, PATIENCE_MS));
	terminal_type(terminal, "/");
	SEES(terminal, "Enter apply");
	terminal_type(terminal, reference);
	SEES(terminal, reference);
	terminal_type(terminal, "\r");
	SEES(terminal, "1 case ");
	terminal_type(terminal, "\r");
	SEES(terminal, "7 conditions met: a approves");
	cr_assert(terminal_settle(terminal, 250, PATIENCE_MS));
}

static void note(struct terminal *terminal, const char *key, const char *text)
{
	terminal_type(terminal, key);
	SEES(terminal, "Enter save");
	if (text[0])
		terminal_type(terminal, text);
	cr_assert(terminal_settle(terminal, 250, PATIENCE_MS));
	terminal_type(terminal, "\r");
}

/* A note fails while the server is down; the screen reports it and keeps the typed text for the next note. */
static void is_notified(struct terminal *terminal)
{
	note(terminal, "m", "Called the director.");
	SEES(terminal, "cannot be reached");
	SEES(terminal, "starts with your text");
	cr_assert(terminal_settle(terminal, 250, PATIENCE_MS));
}

static void approve(struct terminal *terminal)
{
	terminal_type(terminal, "a");
	SEES(terminal, "y approve");
	cr_assert(terminal_settle(terminal, 250, PATIENCE_MS));
	terminal_type(terminal, "y");
	SEES(terminal, "Approved");
}

/* Returns to the list, if the next case has opened automatically, and quits. */
static void leave(struct terminal *terminal)
{
	cr_assert(terminal_settle(terminal, 250, PATIENCE_MS));
	if (terminal_shows(terminal, "1 Summary")) {
		terminal_type(terminal, "q");
		SEES_NO_MORE(terminal, "1 Summary");
	}
	SEES(terminal, "approved 2");
	cr_assert(terminal_settle(terminal, 250, PATIENCE_MS));
	QUITS(terminal);
}

Test(hosts, a_server_that_is_killed_costs_nobody_anything)
{
	struct terminal *left, *right;
	struct process *worker = start_worker(&two);

	left = box_start(&one, NULL);
	right = box_start(&two, NULL);
	open_case(left, "ONE-1");
	open_case(right, "TWO-1");
	server_kill(&server);
	is_notified(left);
	is_notified(right);
	server_start(&server);
	note(left, "m", "");
	SEES(left, "Saved the note");
	note(right, "m", "");
	SEES(right, "Saved the note");
	approve(left);
	server_kill(&server);
	server_start(&server);
	approve(right);
	cr_expect(receiver_wait(receiver, 2, 60000), "%zu webhooks came", receiver_count(receiver));
	leave(left);
	leave(right);
	terminal_free(left);
	terminal_free(right);
	process_free(worker);
	/* Each decision, note and webhook exists exactly once, and the audit log is sound. */
	cr_expect_eq(receiver_count(receiver), 2u);
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(box_json(&one, "show", i ? "ONE-1" : "TWO-1", NULL), 0);
		cr_expect_str_eq(json_path_text(one.json, "status"), "approved");
		cr_expect_str_eq(json_path_text(one.json, "notes[0].text"), "Called the director.");
		cr_expect_null(json_path(one.json, "notes[1]"));
	}
	cr_expect_eq(box_run(&two, "audit", "verify", NULL), 0, "%s", two.last.err);
	cr_expect_eq(box_run(&two, "doctor", NULL), 0, "%s", two.last.out);
}

/* An administrator of the server sees which program has which connection. */
Test(hosts, the_server_shows_the_kind_of_each_program)
{
	const char *const serve[] = { KYB_PROGRAM,	     "serve", "--listen",     "127.0.0.1:0",
				      "--store-connections", "1",     "--no-deliver", NULL };
	struct process *worker = start_worker(&two);
	struct process *served = process_start(&(struct process_options){ .argv = serve,
									  .environment = (const char *const *)two.lines,
									  .folder = two.folder,
									  .timeout_ms = 300000 });
	struct terminal *left = box_start(&one, NULL);

	SEES(left, "2 cases");
	/* The import stays connected until its input, a FIFO, is closed. */
	char *line = test_text("mkfifo lines; \"$K\" import - <lines >said 2>&1 & exec 3>lines; "
			       "for i in $(seq 300); do "
			       "psql -XAtq -h '%s' -U kybdesk -d postgres -c \"SELECT DISTINCT application_name FROM "
			       "pg_stat_activity WHERE application_name LIKE 'kybdesk%%' ORDER BY 1\" >seen; "
			       "[ $(wc -l <seen) -lt 4 ] || break; sleep 0.1; done; exec 3>&-; wait; cat seen",
			       server.folder);
	(void)box_shell(&one, line);
	cr_expect_str_eq(one.last.out, "kybdesk import\nkybdesk serve\nkybdesk webhook deliver\nkybdesk workbench\n",
			 "%s", one.last.err);
	QUITS(left);
	terminal_free(left);
	process_free(served);
	process_free(worker);
}
