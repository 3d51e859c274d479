/* Tests /metrics, which has a separate address, and /healthz and /readyz. */
#include "client.h"
#include "kybdesk/base/version.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void set_up(void)
{
	static const char *const options[] = { "--metrics-listen", "127.0.0.1:0", NULL };

	api_open(&api, options);
	cr_assert_gt(api.metrics_port, 0);
}
TestSuite(metrics, .init = set_up, .fini = api_tear_down);

static int scrape(const char *method, const char *path)
{
	return api_scrape(&api, method, path);
}

static double metric(const char *name)
{
	return api_metric(&api, name);
}

Test(metrics, count_what_is_there)
{
	api.token = NULL;
	cr_assert_eq(scrape("GET", "/metrics"), 200, "%s", api.last.body);
	char *type = reply_header(&api.last, "Content-Type");
	cr_expect_str_eq(type, "text/plain; version=0.0.4; charset=utf-8");
	cr_expect_eq(metric("kybdesk_schema_version"), api_number(&api, "PRAGMA user_version"));
	cr_expect_eq(metric("kybdesk_cases{compliance_status=\"manual_review\"}"), 0);
	api.token = api.key;
	NEED(201, "POST", PERSON, "/kyc/sessions");
	NEED(201, "POST", PERSON, "/kyc/sessions");
	NEED(404, "GET", NULL, "/kyc/sessions/00000000-0000-7000-8000-000000000000");
	NEED(404, "GET", NULL, "/no/such\"address");
	box_import_person(&api.box, "P-9");
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	cr_expect_eq(metric("kybdesk_cases{compliance_status=\"incomplete\"}"), 2);
	cr_expect_eq(metric("kybdesk_cases{compliance_status=\"manual_review\"}"), 1);
	cr_expect_eq(metric("kybdesk_http_requests_total{method=\"POST\",route=\"/kyc/sessions\",status=\"201\"}"), 2);
	cr_expect_eq(metric("kybdesk_http_requests_total{method=\"GET\",route=\"/kyc/sessions/{session_id}\","
			    "status=\"404\"}"),
		     1);
	/* An unknown path does not become a label. */
	cr_expect_eq(metric("kybdesk_http_requests_total{method=\"\",route=\"\",status=\"404\"}"), 1);
	BODY_LACKS("such", "shop");
}

Test(metrics, know_the_program_and_how_long_requests_took)
{
	static const char create[] = "{method=\"POST\",route=\"/kyc/sessions\"",
			  family[] = "kybdesk_http_request_duration_seconds";
	char name[200];
	long long before = 0;

	NEED(201, "POST", PERSON, "/kyc/sessions");
	NEED(400, "POST", "{", "/kyc/sessions");
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	cr_expect_eq(metric(test_text("kybdesk_build_info{version=\"%s\"}", program_version)), 1);
	cr_expect_eq(metric("kybdesk_store_errors_total"), 0);
	/* One histogram for a route, not one for each status. */
	(void)snprintf(name, sizeof name, "%s_count%s}", family, create);
	cr_expect_eq(metric(name), 2);
	static const char *const limits[] = { "0.001", "0.100", "1.000", "10.000", "+Inf" };
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		(void)snprintf(name, sizeof name, "%s_bucket%s,le=\"%s\"}", family, create, limits[i]);
		long long now = metric(name);
		cr_expect_geq(now, before, "%s", name);
		before = now;
	}
	cr_expect_eq(before, 2, "the last limit holds all of them");
	(void)snprintf(name, sizeof name, "%s_sum%s}", family, create);
	cr_expect_geq(metric(name), 0);
}

Test(metrics, know_the_last_backup_the_last_checkpoint_and_the_room_left)
{
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	cr_expect_gt(metric("kybdesk_store_free_bytes"), 0);
	cr_expect_null(strstr(api.last.body, "kybdesk_last_"));
	cr_assert_eq(box_shell(&api.box, "mkdir kept && \"$K\" store set backups \"$PWD/kept\" && \"$K\" store set "
					 "checkpoints \"$PWD/kept\" && \"$K\" backup kept --keep 1"),
		     0, "%s", api.box.last.err);
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	cr_expect_float_eq(metric("kybdesk_last_backup_timestamp_seconds"), (double)time(NULL), 120);
	cr_expect_eq(metric("kybdesk_last_checkpoint_timestamp_seconds"), 0);
}

/* Whether the alert rule of this name fires for the metric as it was last scraped: "time() - METRIC > N" or "METRIC < N". */
static bool rule_fires(const char *alert, const char *family)
{
	char *rules = temp_read(KYB_SOURCE_DIR "/docs/monitoring/alerts.yml", NULL), *end;
	const char *at = strstr(rules, test_text("- alert: %s\n", alert)), *above = "time() - ", *sign;
	bool is_age;

	cr_assert(at, "no rule %s", alert);
	at = strstr(at, "expr: ") + strlen("expr: ");
	is_age = strncmp(at, above, strlen(above)) == 0;
	at += is_age ? strlen(above) : 0;
	cr_assert(strncmp(at, family, strlen(family)) == 0, "%.80s", at);
	sign = at + strlen(family);
	cr_assert(strncmp(sign, is_age ? " > " : " < ", 3) == 0, "%.80s", at);
	double limit = strtod(sign + 3, &end), value = metric(family);
	cr_assert_eq(*end, '\n', "%.80s", at);
	return is_age ? (double)time(NULL) - value > limit : value < limit;
}

Test(metrics, know_what_the_process_uses)
{
	double files, now = (double)time(NULL);
	int connections[5];

	cr_assert_eq(scrape("GET", "/metrics"), 200);
	cr_expect_float_eq(metric("process_start_time_seconds"), now, 60);
	cr_expect_gt(metric("process_resident_memory_bytes"), 1e6);
	cr_expect_gt(metric("process_virtual_memory_bytes"), metric("process_resident_memory_bytes"));
	cr_expect_gt(metric("process_cpu_seconds_total"), 0);
	files = metric("process_open_fds");
	cr_expect_gt(files, 5);
	cr_expect_gt(metric("process_max_fds"), files);
	for (size_t i = 0; i < 5; i++)
		connections[i] = api_connect(&api);
	/* The server may accept the connections later. */
	for (size_t i = 0; i < 100 && metric("process_open_fds") < files + 5; i++) {
		(void)usleep(50000);
		cr_assert_eq(scrape("GET", "/metrics"), 200);
	}
	cr_expect_geq(metric("process_open_fds"), files + 5);
	for (size_t i = 0; i < 5; i++)
		close(connections[i]);
}

Test(metrics, know_how_long_decisions_took_and_how_deliveries_stand)
{
	box_import_person(&api.box, "P-9");
	api_in_store(&api,
		     "UPDATE session SET submitted_at = submitted_at, due_at = 1234567890500 WHERE external_ref = "
		     "'P-9'");
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	cr_expect_float_eq(metric("kybdesk_oldest_due_timestamp_seconds{compliance_status=\"manual_review\"}"),
			   1234567890.5, 0.001);
	cr_expect_eq(metric("kybdesk_decision_seconds_count"), 0);
	api_in_store(&api,
		     "UPDATE session SET submitted_at = (strftime('%s', 'now') - 7200) * 1000 WHERE external_ref = "
		     "'P-9'");
	DONE("reject", "P-9", "--reason", "other", "--message", "This cannot be accepted as it is.", "--grace", "0");
	api_in_store(&api, "INSERT INTO outbox_event (id, uuid, merchant_id, type, sequence, body, created_at) "
			   "SELECT 900, 'evt_x', min(id), 'kyc.state_updated', 1, x'7b7d', 0 FROM merchant");
	api_in_store(&api, "INSERT INTO delivery (uuid, event_id, state, next_at, created_at) VALUES "
			   "('a', 900, 'dead', 1, 1), ('b', 900, 'dead', 1, 1), ('c', 900, 'pending', 5000, 1)");
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	/* The metric omits decided cases. */
	BODY_LACKS("kybdesk_oldest_due_timestamp_seconds{");
	cr_expect_eq(metric("kybdesk_decision_seconds_count"), 1);
	cr_expect_eq(metric("kybdesk_decision_seconds_bucket{le=\"3600\"}"), 0);
	cr_expect_eq(metric("kybdesk_decision_seconds_bucket{le=\"14400\"}"), 1);
	cr_expect_eq(metric("kybdesk_decision_seconds_bucket{le=\"+Inf\"}"), 1);
	cr_expect_geq(metric("kybdesk_decision_seconds_sum"), 7199);
	cr_expect_eq(metric("kybdesk_deliveries{state=\"dead\"}"), 2);
	cr_expect_eq(metric("kybdesk_deliveries{state=\"pending\"}"), 1);
	cr_expect_eq(metric("kybdesk_oldest_delivery_timestamp_seconds"), 5);
	api_in_store(&api, "UPDATE delivery SET state = 'delivered' WHERE uuid = 'a'");
	api_in_store(&api, "DELETE FROM delivery WHERE uuid = 'c'");
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	cr_expect_eq(metric("kybdesk_deliveries{state=\"dead\"}"), 1);
	cr_expect_eq(metric("kybdesk_deliveries{state=\"delivered\"}"), 1);
	cr_expect_eq(metric("kybdesk_deliveries{state=\"pending\"}"), 0);
	cr_expect_eq(metric("kybdesk_oldest_delivery_timestamp_seconds"), -1);
}

/* The address for merchants does not serve /metrics, because a proxy there would publish it. */
Test(metrics, are_not_served_where_merchants_are)
{
	ASK(404, "GET", NULL, "/metrics");
	ASK(404, "POST", "{}", "/metrics");
	BODY_LACKS("kybdesk_");
}

Test(metrics, are_alone_at_their_address)
{
	cr_expect_eq(scrape("GET", "/metrics"), 200);
	cr_expect_eq(scrape("HEAD", "/metrics"), 200);
	cr_expect_eq(scrape("POST", "/metrics"), 405);
	cr_expect_eq(scrape("GET", "/healthz"), 404);
	cr_expect_eq(scrape("GET", "/kyc/sessions"), 404);
	cr_expect_eq(scrape("POST", "/api/v1/auth/login"), 404);
}

TestSuite(metrics_option);

Test(metrics_option, an_address_that_cannot_be_used_is_named)
{
	box_open(&api.box);
	ENDS_JSON(9, "serve", "--listen", "127.0.0.1:0", "--metrics-listen", "9090");
	SHOWS("error.field: metrics-listen");
	box_close(&api.box);
}

/* The server of the merchants must not end because a port of the monitoring is taken. */
Test(metrics_option, a_taken_port_is_a_warning)
{
	static const char *const options[] = { "--metrics-listen", "127.0.0.1:0", NULL };
	api_open(&api, options);
	char *line = test_text("\"$K\" serve --listen 127.0.0.1:0 --metrics-listen 127.0.0.1:%d >log 2>&1 & p=$!; "
			       "for i in $(seq 600); do ! grep -q '^Listening' log || break; sleep 0.1; done; kill $p; "
			       "wait $p; cat log",
			       api.metrics_port);
	cr_expect_eq(box_shell(&api.box, line), 0, "%s", api.box.last.err);
	cr_expect(strstr(api.box.last.out, "Listening on http://127.0.0.1:"), "%s", api.box.last.out);
	cr_expect(strstr(api.box.last.out,
			 test_text("--metrics-listen: cannot listen on 127.0.0.1:%d: Address already in use",
				   api.metrics_port)),
		  "%s", api.box.last.out);
	api_close(&api);
}

/* The command doctor, /metrics and the rules see a disk that is nearly full, and backups that stopped. */
Test(metrics_option, tell_a_full_disk_and_a_stale_backup_and_so_do_the_rules)
{
	static const char *const options[] = { "--metrics-listen", "127.0.0.1:0", NULL };
	static const char backups[] = "kybdesk_last_backup_timestamp_seconds", room[] = "kybdesk_store_free_bytes";
	char *folder;

	api_open(&api, options);
	cr_assert_eq(box_shell(&api.box, "mkdir kept && \"$K\" store set backups \"$PWD/kept\" && \"$K\" backup kept "
					 "--keep 1"),
		     0, "%s", api.box.last.err);
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	cr_expect_not(rule_fires("KybdeskBackupOld", backups));
	cr_assert_eq(box_shell(&api.box, "touch -d '3 days ago' kept/*.db && \"$K\" doctor"), 0);
	cr_expect(strstr(api.box.last.out, "find out why the timer for backups stopped"), "%s", api.box.last.out);
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	cr_expect(rule_fires("KybdeskBackupOld", backups));
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
		api_close(&api);
		return;
	}
	api_close(&api);
	folder = temp_folder_make();
	cr_assert_eq(mount("kybdesk-test", folder, "tmpfs", 0, "size=64m"), 0, "%s", strerror(errno));
	cr_assert_eq(setenv("TMPDIR", folder, 1), 0);
	api_open(&api, options);
	(void)box_shell(&api.box, "\"$K\" doctor");
	cr_expect(strstr(api.box.last.out, "MiB are free on the disk of the store"), "%s", api.box.last.out);
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	cr_expect(rule_fires("KybdeskDiskFull", room));
	api_close(&api);
	(void)umount2(folder, MNT_DETACH);
	temp_folder_remove(folder);
}

Test(metrics_option, without_it_nothing_is_served)
{
	api_open(&api, NULL);
	cr_expect_eq(api.metrics_port, 0);
	ASK(404, "GET", NULL, "/metrics");
	api_close(&api);
}

Test(metrics, a_server_without_its_store_is_alive_and_not_ready)
{
	api.token = NULL;
	ASK(200, "GET", NULL, "/readyz");
	api_in_store(&api, "ALTER TABLE inbox_count RENAME TO gone");
	ASK(200, "GET", NULL, "/healthz");
	ASK(503, "GET", NULL, "/readyz");
	BODY_LACKS("inbox_count");
	cr_expect_eq(scrape("GET", "/metrics"), 503);
	api_in_store(&api, "ALTER TABLE gone RENAME TO inbox_count");
	ASK(200, "GET", NULL, "/readyz");
	cr_assert_eq(scrape("GET", "/metrics"), 200);
	/* The failed scrape counts; /readyz is a question about the store, not a request that failed. */
	cr_expect_eq(metric("kybdesk_store_errors_total"), 1, "%s", api.last.body);
}

/* --- the store on a separate disk, if the test may mount one --- */

TestSuite(ready);

static void fill_disk(const char *path)
{
	static const char bytes[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	cr_assert_geq(fd, 0);
	while (write(fd, bytes, sizeof bytes) > 0)
		;
	(void)close(fd);
}

Test(ready, a_server_is_not_ready_on_a_full_disk_and_ends_when_its_store_is_moved)
{
	struct process_result result = { 0 };

	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		cr_skip_test("no file system can be mounted here");
	char *folder = temp_folder_make();
	cr_assert_eq(mount("kybdesk-test", folder, "tmpfs", 0, "size=16m"), 0, "%s", strerror(errno));
	cr_assert_eq(setenv("TMPDIR", folder, 1), 0);
	api_open(&api, NULL);
	api.token = NULL;
	ASK(200, "GET", NULL, "/readyz");
	char *filler = temp_path(folder, "filler");
	fill_disk(filler);
	ASK(503, "GET", NULL, "/readyz");
	BODY_LACKS(folder);
	ASK(200, "GET", NULL, "/healthz");
	cr_assert_eq(unlink(filler), 0);
	ASK(200, "GET", NULL, "/readyz");
	DONE("store", "move", "moved.db");
	cr_assert(process_wait(api.server, 20000, &result), "it goes on, though its store was moved");
	api.ended = true;
	cr_expect_eq(result.status, 8, "%d: %s", result.status, result.err);
	cr_expect_not_null(strstr(result.err, "was moved to"), "%s", result.err);
	api_close(&api);
	(void)umount2(folder, MNT_DETACH);
	temp_folder_remove(folder);
}
