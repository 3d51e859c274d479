/* `kybdesk serve` on a store on a PostgreSQL server. */
#include "api/client.h"
#include "postgresql/server.h"
#include "store/place.h"

#include <stdio.h>

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

/* A server opens a connection when all that it has are busy: here three requests wait for a lock, and perhaps the timed
 * tasks. The probes wait for none of them. */
Test(serve, has_as_many_connections_as_requests_are_busy)
{
	static const char script[] =
		"q() { psql -XAtq \"$KYBDESK_STORE\" -c \"$1\"; }; "
		"until_is() { n=0; until [ \"$(q \"$2\")\" -ge $1 ]; do n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep "
		"0.1; "
		"done; }; "
		"code() { curl -s -o /dev/null -w '%{http_code} ' --retry 8 --retry-delay 1 \"$@\"; }; "
		"of=\"FROM pg_stat_activity WHERE application_name = 'kybdesk serve'\"; "
		"mkfifo hold; psql -XAtq \"$KYBDESK_STORE\" <hold >/dev/null & exec 3>hold; "
		"echo 'BEGIN; LOCK TABLE outbox_event;' >&3; "
		"until_is 1 \"SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND "
		"relation = "
		"CAST('outbox_event' AS regclass)\"; "
		"for i in 1 2 3; do (exec 3>&-; code -H \"Authorization: Bearer $KEY\" "
		"\"http://127.0.0.1:$PORT/v1/events\" >>codes) & "
		"until_is $i \"SELECT count(*) $of AND wait_event_type = 'Lock'\"; done; q \"SELECT count(*) $of\"; "
		"for i in healthz readyz; do code \"http://127.0.0.1:$PORT/$i\"; done; "
		"exec 3>&-; wait; cat codes";
	int count = 0, used = 0;

	cr_assert_eq(box_shell(&api.box, test_text("KEY='%s'; PORT=%d; %s", api.key, api.port, script)), 0, "%s%s",
		     api.box.last.out, api.box.last.err);
	cr_assert_eq(sscanf(api.box.last.out, "%d\n%n", &count, &used), 1, "%s", api.box.last.out);
	cr_expect(count >= 3 && count <= 6, "%d connections", count);
	cr_expect_str_eq(api.box.last.out + used, "200 200 200 200 200 ");
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
