/* `kybdesk serve` on a store on a PostgreSQL server. */
#include "api/client.h"
#include "postgresql/server.h"
#include "store/place.h"

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

/* The connections of the server are read-only between transactions; the server is ready all the same. */
Test(serve, is_ready_while_the_server_takes_changes)
{
	api.token = NULL;
	for (int i = 0; i < 3; i++)
		ASK(200, "GET", NULL, "/readyz");
	/* The test of write access fails without a log to write to. */
	shell_run(api.box.store, "ALTER TABLE audit_event RENAME TO gone");
	ASK(503, "GET", NULL, "/readyz");
	ASK(200, "GET", NULL, "/healthz");
	shell_run(api.box.store, "ALTER TABLE gone RENAME TO audit_event");
	ASK(200, "GET", NULL, "/readyz");
	cr_assert_eq(api_scrape(&api, "GET", "/metrics"), 200);
	cr_expect_eq(api_metric(&api, "kybdesk_store_errors_total"), 0, "%s", api.last.body);
}
