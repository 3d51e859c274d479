/* `kybdesk serve` on a store on a PostgreSQL server. */
#include "api/client.h"
#include "postgresql/server.h"
#include "store/place.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char *const options[] = { "--metrics-listen", "127.0.0.1:0", NULL };

static void set_up(void)
{
	api_open(&api, options);
}

static void tear_down(void)
{
	api_close(&api);
}

TestSuite(serve, .init = set_up, .fini = tear_down);

/* Three requests wait for a lock, each with a connection of its own: $of counts the connections of the server, `ask` is
 * a further request. */
static const char script[] =
	"q() { psql -XAtq \"$KYBDESK_STORE\" -c \"$1\"; }; "
	"until_is() { n=0; until [ \"$(q \"$2\")\" -ge $1 ]; do n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep 0.1; "
	"done; }; "
	"code() { curl -s -o /dev/null -w '%{http_code} ' --retry 8 --retry-delay 1 \"$@\"; }; "
	"ask() { code -H \"Authorization: Bearer $KEY\" \"http://127.0.0.1:$PORT/v1/events\" >>codes; }; "
	"of=\"FROM pg_stat_activity WHERE application_name = 'kybdesk serve'\"; "
	"mkfifo hold; psql -XAtq \"$KYBDESK_STORE\" <hold >/dev/null & exec 3>hold; "
	"echo 'BEGIN; LOCK TABLE outbox_event;' >&3; "
	"until_is 1 \"SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = "
	"CAST('outbox_event' AS regclass)\"; "
	"for i in 1 2 3; do (exec 3>&-; ask) & until_is $i \"SELECT count(*) $of AND wait_event_type = 'Lock'\"; "
	"done; ";

static const char *holds(const char *then)
{
	return test_text("KEY='%s'; PORT=%d; %s%s", api.key, api.port, script, then);
}

/* A server opens a connection when all that it has are busy: here three requests wait for a lock, and perhaps the timed
 * tasks. The probes wait for none of them. */
Test(serve, has_as_many_connections_as_requests_are_busy)
{
	int count = 0, used = 0;

	cr_assert_eq(box_shell(&api.box, holds("q \"SELECT count(*) $of\"; for i in healthz readyz; do code "
					       "\"http://127.0.0.1:$PORT/$i\"; done; exec 3>&-; wait; cat codes")),
		     0, "%s%s", api.box.last.out, api.box.last.err);
	cr_assert_eq(sscanf(api.box.last.out, "%d\n%n", &count, &used), 1, "%s", api.box.last.out);
	cr_expect(count >= 3 && count <= 6, "%d connections", count);
	cr_expect_str_eq(api.box.last.out + used, "200 200 200 200 200 ");
}

static struct test_server server;

static void set_up_server(void)
{
	server_make(&server);
	server_use(&server);
	set_up();
}

static void tear_down_server(void)
{
	tear_down();
	server_remove(&server);
}

TestSuite(serve_refused, .init = set_up_server, .fini = tear_down_server);

/* A database that takes no further connection is not asked again by each request. */
Test(serve_refused, asks_once_a_second)
{
	const char *const environment[] = { test_text("KYBDESK_STORE=%s", api.box.store),
					    test_text("SERVER=%s", server.folder), NULL };
	const char *const argv[] = {
		"sh", "-c",
		holds("free() { psql -XAtq -h \"$SERVER\" -U kybdesk -d template1 -c \"ALTER DATABASE postgres "
		      "ALLOW_CONNECTIONS $1\"; }; "
		      "mkfifo go; free false; for i in 1 2 3; do (exec 3>&-; ask) & done; read -r _ <go; "
		      "for i in 1 2 3 4 5 6 7 8 9; do (exec 3>&-; ask) & sleep 0.05; done; sleep 0.5; "
		      "free true; exec 3>&-; wait; cat codes"),
		NULL
	};
	const struct process_options asking = { .argv = argv, .environment = environment, .folder = api.box.folder };
	struct process_result asked = { 0 }, ended = { 0 };
	struct process *process = process_start(&asking);
	static const char refused[] = "no further connection to the store";
	int count = 0;
	long long began;

	cr_expect(process_wait_output(api.server, refused, 30000));
	began = test_clock_ms();
	cr_expect_eq(box_shell(&api.box, "echo >go"), 0);
	cr_assert(process_wait(process, 60000, &asked), "%s%s", asked.out, asked.err);
	process_free(process);
	long long took_s = (test_clock_ms() - began) / 1000;
	cr_expect_str_eq(asked.out, "200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 ", "%s", asked.err);
	process_signal(api.server, SIGTERM);
	cr_assert(process_wait(api.server, 20000, &ended));
	api.ended = true;
	for (const char *at = ended.err; (at = strstr(at, refused)); at++)
		count++;
	/* The first three may have asked at the same time. */
	cr_expect(count >= 1 && count <= 3 + took_s, "asked %d times in %lld s: %s", count, took_s, ended.err);
}

/* The connections of the server are read-only between transactions; the server is ready all the same. */
Test(serve, is_ready_while_the_server_takes_changes)
{
	api.token = NULL;
	for (int i = 0; i < 3; i++)
		ASK(200, "GET", NULL, "/readyz");
	/* The test of write access fails if the log is missing. */
	shell_run(api.box.store, "ALTER TABLE audit_event RENAME TO gone");
	ASK(503, "GET", NULL, "/readyz");
	ASK(200, "GET", NULL, "/healthz");
	shell_run(api.box.store, "ALTER TABLE gone RENAME TO audit_event");
	ASK(200, "GET", NULL, "/readyz");
	cr_assert_eq(api_scrape(&api, "GET", "/metrics"), 200);
	cr_expect_eq(api_metric(&api, "kybdesk_store_errors_total"), 0, "%s", api.last.body);
}
