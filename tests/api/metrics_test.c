/* /metrics, /healthz, /readyz: what is told to those who watch over the server. */
#include "client.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct api api;

static void set_up(void)
{
	api_open(&api, NULL);
}
static void tear_down(void)
{
	api_close(&api);
}
TestSuite(metrics, .init = set_up, .fini = tear_down);

#define PERSON                                                                                                     \
	"{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\","          \
	"\"country\":\"PT\"}}"

/* The number behind a line that begins with `name`; -1 when there is none. */
static double metric(const char *name)
{
	size_t length = strlen(name);

	for (const char *at = api.last.body; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
		if (!strncmp(at, name, length) && at[length] == ' ')
			return strtod(at + length, NULL);
	}
	return -1;
}

static void run_sql(const char *sql)
{
	sqlite3 *db = NULL;
	char *message = NULL;

	cr_assert_eq(sqlite3_open(api.box.store, &db), SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 20000);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK, "%s", message);
	sqlite3_close(db);
}

static int schema_version(void)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	int version;

	cr_assert_eq(sqlite3_open(api.box.store, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
	version = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return version;
}

Test(metrics, count_what_is_there)
{
	char *type;

	api.token = NULL;
	cr_assert_eq(api_call(&api, "GET", "/metrics", NULL), 200, "%s", api.last.body);
	type = reply_header(&api.last, "Content-Type");
	cr_expect_str_eq(type, "text/plain; version=0.0.4; charset=utf-8");
	free(type);
	cr_expect_eq(metric("kybdesk_schema_version"), schema_version());
	cr_expect_eq(metric("kybdesk_cases{compliance_status=\"manual_review\"}"), 0);
	api.token = api.key;
	cr_assert_eq(api_call(&api, "POST", "/kyc/sessions", PERSON), 201);
	cr_assert_eq(api_call(&api, "POST", "/kyc/sessions", PERSON), 201);
	cr_assert_eq(api_call(&api, "GET", "/kyc/sessions/00000000-0000-7000-8000-000000000000", NULL), 404);
	cr_assert_eq(api_call(&api, "GET", "/no/such\"address", NULL), 404);
	box_import_person(&api.box, "P-9");
	cr_assert_eq(api_call(&api, "GET", "/metrics", NULL), 200);
	cr_expect_eq(metric("kybdesk_cases{compliance_status=\"incomplete\"}"), 2);
	cr_expect_eq(metric("kybdesk_cases{compliance_status=\"manual_review\"}"), 1);
	cr_expect_eq(metric("kybdesk_http_requests_total{method=\"POST\",route=\"/kyc/sessions\",status=\"201\"}"),
		     2);
	cr_expect_eq(metric("kybdesk_http_requests_total{method=\"GET\",route=\"/kyc/sessions/{session_id}\","
			    "status=\"404\"}"),
		     1);
	/* What strangers ask for is no label. */
	cr_expect_eq(metric("kybdesk_http_requests_total{method=\"\",route=\"\",status=\"404\"}"), 1);
	cr_expect_null(strstr(api.last.body, "such"));
	cr_expect_null(strstr(api.last.body, "shop"));
}

Test(metrics, know_how_long_decisions_took_and_how_deliveries_stand)
{
	box_import_person(&api.box, "P-9");
	run_sql("UPDATE session SET submitted_at = submitted_at, due_at = 1234567890500 WHERE external_ref = "
		"'P-9'");
	cr_assert_eq(api_call(&api, "GET", "/metrics", NULL), 200);
	cr_expect_float_eq(metric("kybdesk_oldest_due_timestamp_seconds{compliance_status=\"manual_review\"}"),
			   1234567890.5, 0.001);
	cr_expect_eq(metric("kybdesk_decision_seconds_count"), 0);
	run_sql("UPDATE session SET submitted_at = (strftime('%s', 'now') - 7200) * 1000 WHERE external_ref = "
		"'P-9'");
	cr_assert_eq(box_run(&api.box, "reject", "P-9", "--reason", "other", "--message",
			     "This cannot be accepted as it is.", "--grace", "0", NULL),
		     0, "%s", api.box.last.err);
	run_sql("INSERT INTO outbox_event (id, uuid, merchant_id, type, sequence, body, created_at) "
		"SELECT 900, 'evt_x', min(id), 'kyc.state_updated', 1, x'7b7d', 0 FROM merchant");
	run_sql("INSERT INTO delivery (uuid, event_id, state, next_at, created_at) VALUES "
		"('a', 900, 'dead', 1, 1), ('b', 900, 'dead', 1, 1), ('c', 900, 'pending', 5000, 1)");
	cr_assert_eq(api_call(&api, "GET", "/metrics", NULL), 200);
	cr_expect_eq(metric("kybdesk_decision_seconds_count"), 1);
	cr_expect_eq(metric("kybdesk_decision_seconds_bucket{le=\"3600\"}"), 0);
	cr_expect_eq(metric("kybdesk_decision_seconds_bucket{le=\"14400\"}"), 1);
	cr_expect_eq(metric("kybdesk_decision_seconds_bucket{le=\"+Inf\"}"), 1);
	cr_expect_geq(metric("kybdesk_decision_seconds_sum"), 7199);
	cr_expect_eq(metric("kybdesk_deliveries{state=\"dead\"}"), 2);
	cr_expect_eq(metric("kybdesk_deliveries{state=\"pending\"}"), 1);
	cr_expect_eq(metric("kybdesk_oldest_delivery_timestamp_seconds"), 5);
	run_sql("UPDATE delivery SET state = 'delivered' WHERE uuid = 'a'");
	run_sql("DELETE FROM delivery WHERE uuid = 'c'");
	cr_assert_eq(api_call(&api, "GET", "/metrics", NULL), 200);
	cr_expect_eq(metric("kybdesk_deliveries{state=\"dead\"}"), 1);
	cr_expect_eq(metric("kybdesk_deliveries{state=\"delivered\"}"), 1);
	cr_expect_eq(metric("kybdesk_deliveries{state=\"pending\"}"), 0);
	cr_expect_eq(metric("kybdesk_oldest_delivery_timestamp_seconds"), -1);
}

Test(metrics, are_not_told_through_a_proxy)
{
	static const char *const headers[] = { "X-Forwarded-For: 127.0.0.1\r\n", "Forwarded: for=127.0.0.1\r\n",
					       "Via: 1.1 proxy\r\n", "X-Real-IP: ::1\r\n",
					       "x-forwarded-host: localhost\r\n" };

	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		cr_expect_eq(api_send(&api, "GET", "/metrics", headers[i], NULL, 0), 403, "%s", headers[i]);
		cr_expect_null(strstr(api.last.body, "kybdesk_"));
	}
	cr_expect_eq(api_call(&api, "GET", "/metrics", NULL), 200);
}

/* An address of this machine that is no loopback; what is sent to it does not leave the machine. false: it has none. */
static bool own_address(struct in_addr *out)
{
	struct ifaddrs *list = NULL;
	bool found = false;

	cr_assert_eq(getifaddrs(&list), 0);
	for (struct ifaddrs *at = list; at && !found; at = at->ifa_next) {
		if (!at->ifa_addr || at->ifa_addr->sa_family != AF_INET)
			continue;
		*out = ((struct sockaddr_in *)(void *)at->ifa_addr)->sin_addr;
		found = (ntohl(out->s_addr) >> 24) != 127;
	}
	freeifaddrs(list);
	return found;
}

Test(metrics_everywhere, are_told_on_the_servers_own_machine_alone)
{
	static const char *const everywhere[] = { "--listen", "0.0.0.0:0", NULL };
	static const char request[] =
		"GET /metrics HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n"
		"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct reply reply = { 0 };
	int fd;

	api_open(&api, everywhere);
	cr_expect_eq(api_call(&api, "GET", "/metrics", NULL), 200);
	if (own_address(&address.sin_addr)) {
		address.sin_port = htons((uint16_t)api.port);
		fd = socket(AF_INET, SOCK_STREAM, 0);
		cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
		api_write(fd, request, sizeof request - 1);
		cr_assert(api_read(fd, "GET /metrics", &reply));
		cr_expect_eq(reply.status, 403);
		cr_assert(api_read(fd, "GET /metrics", &reply));
		cr_expect_eq(reply.status, 403);
		cr_assert(api_read(fd, "GET /healthz", &reply));
		cr_expect_eq(reply.status, 200);
		reply_release(&reply);
		close(fd);
	}
	api_close(&api);
}

Test(metrics, a_server_without_its_store_is_alive_and_not_ready)
{
	api.token = NULL;
	cr_expect_eq(api_call(&api, "GET", "/readyz", NULL), 200);
	run_sql("ALTER TABLE inbox_count RENAME TO gone");
	cr_expect_eq(api_call(&api, "GET", "/healthz", NULL), 200);
	cr_expect_eq(api_call(&api, "GET", "/readyz", NULL), 503);
	cr_expect_null(strstr(api.last.body, "inbox_count"), "%s", api.last.body);
	cr_expect_eq(api_call(&api, "GET", "/metrics", NULL), 503);
	run_sql("ALTER TABLE gone RENAME TO inbox_count");
	cr_expect_eq(api_call(&api, "GET", "/readyz", NULL), 200);
}
