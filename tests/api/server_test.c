/* Tests the HTTP server itself: addresses, methods, bodies, limits, and how it ends. */
#include "reference.h"
#include "support/stopped.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(server, .init = api_set_up, .fini = api_tear_down);

Test(server, says_whether_it_is_well_to_anybody)
{
	api.token = NULL;
	GETS(("/healthz"), "status: ok");
	ASK(200, "GET", NULL, "/readyz");
	ASK(200, "HEAD", NULL, "/healthz");
}

Test(server, tells_what_is_not_there_from_what_is_not_done_there)
{
	ASK(404, "GET", NULL, "/nothing");
	ANSWERS("error.code: not_found");
	ASK(404, "GET", NULL, "/kyc/sessions/not-a-uuid");
	ASK(405, "PUT", "{}", "/kyc/sessions");
	char *allow = reply_header(&api.last, "Allow");
	cr_assert_not_null(allow);
	cr_expect_str_eq(allow, "POST, GET, HEAD");
	ASK(404, "GET", NULL, "/kyc/sessions/");
	ASK(404, "GET", NULL, "//kyc/sessions");
	ASK(404, "GET", NULL, "%s", "/kyc/%73essions"); /* an encoded word of a path is unknown */
}

Test(server, lets_nobody_in_without_a_token_or_with_a_wrong_one)
{
	static const char *const wrong[] = { "kyb_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "kbt_AAAA", "kbt_", "x",
					     "\xff\xfe" };

	api.token = NULL;
	ASK(401, "GET", NULL, "/kyc/sessions");
	char *asks = reply_header(&api.last, "WWW-Authenticate");
	cr_assert_not_null(asks);
	cr_expect_str_eq(asks, "Bearer");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		api.token = wrong[i];
		cr_expect_eq(api_call(&api, "GET", "/kyc/sessions", NULL), 401, "%s", wrong[i]);
		ANSWERS("error.code: unauthorized");
	}
	/* After a second key is added, the first key remains valid; after its rotation without overlap it is invalid. */
	DONE_JSON("merchant", "key", "shop");
	api.token = api.key;
	ASK(200, "GET", NULL, "/kyc/sessions");
	DONE_JSON("merchant", "key", "rotate", "shop", "default", "--overlap", "0");
	api.token = api.key;
	ASK(401, "GET", NULL, "/kyc/sessions");
}

Test(server, names_each_request_in_its_answer_and_in_the_audit_log)
{
	NEED(201, "POST", PERSON, "/kyc/sessions");
	char *id = reply_header(&api.last, "Kybdesk-Request-Id");
	cr_assert_not_null(id);
	DONE_SHELL("\"$K\" audit export");
	PRINTS(id, "\"actor\":\"api:shop\"");
	NEED(200, "GET", NULL, "/healthz");
	char *other = reply_header(&api.last, "Kybdesk-Request-Id");
	cr_expect_str_neq(id, other);
}

Test(server, refuses_bodies_that_are_none)
{
	static const char *const bodies[] = { "",
					      "{",
					      "[]",
					      "null",
					      "\"x\"",
					      "{\"a\":1,\"a\":2}",
					      "{\"a\":\"\\u0000\"}",
					      "{\"workflow_id\":3}",
					      "{} {}",
					      "\xff" };

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		ASK(400, "POST", bodies[i], "/kyc/sessions");
		ANSWERS("error.code: invalid");
	}
}

Test(server, asks_for_the_type_of_a_body)
{
	static const char *const types[] = { "",
					     "Content-Type: text/plain\r\n",
					     "Content-Type: application/jsonx\r\n",
					     "Content-Type: application/x-www-form-urlencoded\r\n",
					     "Content-Type: multipart/form-data; boundary=x\r\n",
					     "Content-Type: multipart/form-data\r\n" };

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		cr_expect_eq(api_send(&api, "POST", "/kyc/sessions", types[i], PERSON, strlen(PERSON)), 415, "%s",
			     types[i]);
	cr_expect_eq(api_send(&api, "POST", "/kyc/sessions", "Content-Type: Application/JSON; charset=utf-8\r\n",
			      PERSON, strlen(PERSON)),
		     201);
}

Test(server, reads_what_is_too_large_and_then_says_so)
{
	size_t length = 3 * 1024 * 1024;
	char *large = test_keep(malloc(length));

	memset(large, ' ', length);
	memcpy(large, "{}", 2);
	cr_expect_eq(api_send(&api, "POST", "/kyc/sessions", "Content-Type: application/json\r\n", large, length), 413);
	ANSWERS("error.code: too_large");
	/* A body without a token has a smaller limit. */
	api.token = NULL;
	cr_expect_eq(
		api_send(&api, "POST", "/api/v1/auth/login", "Content-Type: application/json\r\n", large, 100 * 1024),
		413);
}

Test(server, names_the_members_that_nobody_reads)
{
	ASK(201, "POST",
	    "{\"workflow_id\":\"generic-kyc\",\"subjects\":1,\"metadata\":{\"a\":{\"b\":1}},"
	    "\"b\\r\\nX-Bad: 1\":2,\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\","
	    "\"country\":\"PT\",\"emial\":\"i@example.org\"}}",
	    "/kyc/sessions");
	char *ignored = reply_header(&api.last, "Kybdesk-Ignored");
	cr_assert_not_null(ignored);
	cr_expect_str_eq(ignored, "subjects, b??X-Bad??1, subject.emial");
	ignored = reply_header(&api.last, "X-Bad");
	cr_expect_null(ignored);
}

Test(server, a_slow_request_keeps_nobody_else)
{
	static const char head[] = "POST /kyc/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
				   "Content-Length: 1000\r\n";
	int slow[64];
	long long began;

	for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
		slow[i] = api_connect(&api);
		/* Half of the requests stop within their head, the other half within their body. */
		api_write(slow[i], head, i % 2 ? sizeof head - 1 : 20 + i % 30);
		if (i % 2)
			api_write(slow[i], "\r\n{", 3);
	}
	began = test_clock_ms();
	for (int i = 0; i < 20; i++)
		ASK(200, "GET", NULL, "/kyc/sessions");
	cr_expect_lt(test_clock_ms() - began, 10000);
	for (size_t i = 0; i < sizeof slow / sizeof *slow; i++)
		close(slow[i]);
}

Test(server, what_is_cut_off_leaves_nothing_behind)
{
	for (int i = 0; i < 20; i++) {
		int fd = api_connect(&api);
		char *head = api_post_text(&api, "/kyc/sessions", "", PERSON);

		api_write(fd, head, strlen(head) - 1 - (size_t)i);
		close(fd);
	}
	GETS(("/kyc/sessions"), "total = 0");
}

Test(server, answers_requests_behind_each_other_on_one_connection)
{
	struct reply reply = { 0 };
	int fd = api_connect(&api);
	char *text = test_text("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n%s"
			       "GET /kyc/sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
			       api_post_text(&api, "/kyc/sessions", "", PERSON), api.key);

	api_write(fd, text, strlen(text));
	cr_assert(api_read(fd, "GET /healthz", &reply));
	cr_expect_eq(reply.status, 200);
	cr_assert(api_read(fd, "GET /nothing", &reply));
	cr_expect_eq(reply.status, 404);
	cr_assert(api_read(fd, "POST /kyc/sessions", &reply));
	cr_expect_eq(reply.status, 201);
	cr_assert(api_read(fd, "GET /kyc/sessions", &reply));
	cr_expect_eq(reply_int(&reply, "total"), 1);
	close(fd);
	reply_release(&reply);
}

Test(server, a_log_line_names_neither_people_nor_secrets)
{
	struct process_result result = { 0 };

	NEED(201, "POST", PERSON, "/kyc/sessions");
	NEED(200, "GET", NULL, "/kyc/sessions?search=Duarte&x=secretword");
	NEED(404, "GET", NULL, "/files/secretword");
	process_signal(api.server, SIGTERM);
	cr_assert(process_wait(api.server, 20000, &result));
	api.ended = true;
	cr_expect_eq(result.status, 0);
	cr_expect_not_null(strstr(result.err, "method=GET route=/kyc/sessions status=200"), "%s", result.err);
	cr_expect_null(strstr(result.err, "Duarte"));
	cr_expect_null(strstr(result.err, "secretword"));
	cr_expect_null(strstr(result.err, api.key));
}

/* After a newer program has upgraded the store, the server must end, because it does not know the new schema. */
Test(server, ends_with_a_sentence_when_its_store_was_upgraded)
{
	struct process_result result = { 0 };

	api_in_store(&api, "PRAGMA user_version = 9999");
	cr_assert(process_wait(api.server, 20000, &result), "it goes on");
	api.ended = true;
	cr_expect_eq(result.status, 8, "%d: %s", result.status, result.err);
	cr_expect_not_null(strstr(result.err, "was upgraded (schema 9999; this program knows"), "%s", result.err);
}

/* If Ctrl-Z arrives while a thread has the store's lock, the server stops after the thread has released the lock. */
Test(server, that_is_stopped_keeps_nobody_from_writing)
{
	struct reply reply = { 0 };
	int fd;

	box_environment(&api.box, "LD_PRELOAD=" KYB_STOP_AT_LOCK);
	box_environment(&api.box, "KYBDESK_TEST_STOP_AT=thread:1");
	api_restart(&api, test_sanitizer_options("verify_asan_link_order=0:detect_leaks=0:exitcode=99"));
	fd = api_post_only(&api, "/kyc/sessions", "", PERSON);
	cr_assert(process_is_stopped(process_pid(api.server)));
	cr_expect_eq(store_take_lock(api.box.store), 0);
	process_signal(api.server, SIGCONT);
	cr_assert(api_read(fd, "POST /kyc/sessions", &reply));
	cr_expect_eq(reply.status, 201);
	close(fd);
	reply_release(&reply);
}

Test(server, ends_when_what_is_under_way_is_answered)
{
	static const char rest[] = "\r\n";
	struct process_result result = { 0 };
	struct reply reply = { 0 };
	int fd = api_connect(&api);

	api_write(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\n", 32);
	test_sleep_ms(300);
	process_signal(api.server, SIGTERM);
	test_sleep_ms(500);
	cr_expect_eq(api_try_connect(&api), -1, "a client would wait for who is about to end");
	api_write(fd, rest, 2);
	cr_expect(api_read(fd, "GET /healthz", &reply));
	cr_expect_eq(reply.status, 200);
	char *closes = reply_header(&reply, "Connection");
	cr_assert_not_null(closes);
	cr_expect_str_eq(closes, "close");
	close(fd);
	reply_release(&reply);
	cr_assert(process_wait(api.server, 20000, &result));
	api.ended = true;
	cr_expect_eq(result.status, 0, "%s", result.err);
}

TestSuite(server_strict);

Test(server_strict, refuses_what_nobody_reads)
{
	static const char *const options[] = { "--strict", NULL };

	api_open(&api, options);
	ASK(400, "POST", "{\"workflow_idd\":\"generic-kyc\"}", "/kyc/sessions");
	BODY_HAS("workflow_idd");
	api_close(&api);
}

Test(server_strict, an_address_that_is_none_is_told)
{
	box_open(&api.box);
	ENDS_JSON(9, "serve", "--listen", "nowhere");
	SHOWS("error.field: listen");
	ENDS_JSON(9, "serve", "--listen", "192.0.2.1:80");
	cr_expect(strstr(json_path_text(api.box.json, "error.message"), "this machine has no such address"), "%s",
		  api.box.last.out);
	/* getaddrinfo() would read 99999 as 34463 */
	ENDS_JSON(9, "serve", "--listen", "127.0.0.1:99999");
	ENDS_JSON(9, "serve", "--listen", "127.0.0.1:65536");
	ENDS_JSON(9, "serve", "--listen", "127.0.0.1:");
	box_close(&api.box);
}

Test(server, a_port_that_is_taken_is_told_with_what_to_do)
{
	ENDS_JSON(9, "serve", "--listen", test_text("127.0.0.1:%d", api.port));
	cr_expect(strstr(json_path_text(api.box.json, "error.message"), "another program listens there"), "%s",
		  api.box.last.out);
}

Test(server, a_part_of_a_form_without_a_name_is_refused)
{
	static const char *const parts[] = { "", "Content-Disposition: form-data\r\n",
					     "Content-Disposition: form-data; filename=\"a.pdf\"\r\n",
					     "Content-Disposition: form-data; name=\r\n" };

	NEED(201, "POST", PERSON, "/kyc/sessions");
	char *link = api_keep(&api, "access_link");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char path[300], body[300];

		(void)snprintf(path, sizeof path, "/api%s/documents", strstr(link, "/s/"));
		(void)snprintf(body, sizeof body, "--zzz\r\n%s\r\nso\r\n--zzz--\r\n", parts[i]);
		cr_expect_eq(api_send(&api, "POST", path, "Content-Type: multipart/form-data; boundary=zzz\r\n", body,
				      strlen(body)),
			     400, "%s: %d %s", parts[i], api.last.status, api.last.body);
	}
	ASK(200, "GET", NULL, "/healthz");
}

/* The HTTP library itself answers with 431. */
Test(server, a_head_that_is_too_long_is_told)
{
	struct process_result result = { 0 };
	size_t length = 60000;
	char *text = test_keep(malloc(length));
	int length_of_line = snprintf(text, length, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ");

	memset(text + length_of_line, 'a', length - (size_t)length_of_line);
	memcpy(text + length - 4, "\r\n\r\n", 4);
	for (int i = 0; i < 20; i++) {
		struct reply reply = { 0 };
		int fd = api_connect(&api);

		api_write(fd, text, length);
		if (api_read_any(fd, &reply))
			cr_expect_eq(reply.status, 431);
		close(fd);
		reply_release(&reply);
	}
	ASK(200, "GET", NULL, "/healthz");
	process_signal(api.server, SIGTERM);
	cr_assert(process_wait(api.server, 20000, &result));
	cr_expect_eq(result.status, 0, "%s", result.err);
}

/* The HTTP library refuses this request twice and never reports its completion: the server must release it. */
Test(server, what_the_library_refuses_by_itself_is_forgotten)
{
	static const char text[] = "GET /healthz HTTP/1.1\r\nHost: x\r\nCookie: a=b; a=\"\r\nContent-Length: -1\r\n\r\n"
				   "abc\n";
	struct process_result result = { 0 };

	for (int i = 0; i < 3; i++) {
		struct reply reply = { 0 };
		int fd = api_connect(&api);

		api_write(fd, text, sizeof text - 1);
		(void)shutdown(fd, SHUT_WR);
		(void)api_read_any(fd, &reply);
		close(fd);
		reply_release(&reply);
	}
	process_signal(api.server, SIGTERM);
	cr_assert(process_wait(api.server, 20000, &result));
	cr_expect_eq(result.status, 0, "%s", result.err);
}

#define IDLE 1000

Test(server, a_thousand_idle_connections_keep_nobody)
{
	static const char *const options[] = { "--connection-limit", "0", NULL };
	struct rlimit files = { 4096, 4096 };
	int *idle = test_keep(calloc(IDLE, sizeof *idle));

	(void)getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max < 4096 ? files.rlim_max : 4096;
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
	api.options = options;
	api_restart(&api, NULL);
	for (int i = 0; i < IDLE; i++)
		idle[i] = api_connect(&api);
	for (int i = 0; i < 20; i++)
		ASK(201, "POST", PERSON, "/kyc/sessions");
	DONE("list");
	for (int i = 0; i < IDLE; i++)
		close(idle[i]);
	GETS(("/kyc/sessions"), "total = 20");
}

/* --- the reference --- */

Test(server, every_address_of_the_reference_asks_who_is_there)
{
	char *text = temp_read(KYB_SOURCE_DIR "/docs/api/openapi.json", NULL);
	struct reference_route *routes;
	size_t count;
	int closed = 0, open = 0;

	cr_assert_not_null(text);
	DONE("info", "--reference", "openapi");
	cr_expect_str_eq(api.box.last.out, text, "make it anew: kybdesk info --reference openapi");
	routes = reference_routes(&api.box, &count);
	api.token = NULL;
	for (size_t i = 0; i < count; i++) {
		char *address = reference_address(routes[i].path);
		/* The missing key is reported before anything else that is wrong. */
		int status = api_call(&api, routes[i].method, address, "{}");

		cr_expect_eq(status == 401, !routes[i].open, "%s %s: %d", routes[i].method, address, status);
		cr_expect_neq(status, 405, "%s %s", routes[i].method, address);
		cr_expect_lt(status, 500, "%s %s", routes[i].method, address);
		closed += !routes[i].open;
		open += routes[i].open;
	}
	cr_expect_gt(closed, 50);
	cr_expect_eq(open, 23, "health, readiness, problems, login, and the addresses that are permissions themselves");
}

Test(server, every_address_holds_out_against_odd_bodies)
{
	static const char *const bodies[] = { "{}",
					      "[]",
					      "{\"name\":{}}",
					      "{\"status\":[1],\"corrections\":{}}",
					      "\"\"",
					      "{\"subject\":[],\"party\":7,\"results\":[],\"checks\":{}}",
					      "{\"uboIds\":{},\"addresses\":{},\"events\":{},\"url\":[]}" };
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
	static const char *const types[] = { "", "Content-Type: application/json\r\n",
					     "Content-Type: multipart/form-data; boundary=zzz\r\n",
					     "Content-Type: application/pdf\r\n" };
	size_t count;
	struct reference_route *routes = reference_routes(&api.box, &count);

	for (size_t i = 0; i < count; i++) {
		char *path = reference_address(routes[i].path);

		if (i && !strcmp(routes[i].path, routes[i - 1].path))
			continue;
		for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
			for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
				const char *body = bodies[(m + t + strlen(path)) % (sizeof bodies / sizeof *bodies)];

				cr_expect_lt(api_send(&api, methods[m], path, types[t], body, strlen(body)), 500,
					     "%s %s %s", methods[m], path, body);
				cr_expect_geq(api.last.status, 200);
			}
		}
	}
	cr_assert(count);
	NEED(200, "GET", NULL, "/healthz");
}

Test(server_strict, a_demo_serves_with_keys_that_work)
{
	struct box box;
	struct process_options options = { .timeout_ms = 120000 };
	struct process_result result = { 0 };
	struct api demo = { 0 };
	struct process *process;
	char *text = NULL;

	box_open_bare(&box);
	char *file = box_path(&box, "out");
	const char *const words[] = { "sh",	 "-c",	     "exec \"$@\" >\"$0\"", file, KYB_PROGRAM, "demo",
				      "--serve", "--listen", "127.0.0.1:0",	    NULL };
	options.argv = words;
	options.environment = (const char *const *)box.lines;
	process = process_start(&options);
	for (int i = 0; i < 1200 && !(text && strstr(text, "Listening on http://127.0.0.1:")); i++) {
		test_sleep_ms(50);
		text = temp_read(file, NULL);
	}
	cr_assert_not_null(text);
	cr_assert_not_null(strstr(text, "Listening on"), "%s", text);
	demo.port = atoi(strstr(text, "Listening on http://127.0.0.1:") + 30);
	char *key = strstr(text, "api_key ") + 8;
	key = test_keep(strndup(key, strcspn(key, "\n")));
	demo.token = key;
	cr_expect_eq(api_call(&demo, "GET", "/kyc/sessions?include_summary=true", NULL), 200, "%s", demo.last.body);
	cr_expect_gt(reply_int(&demo.last, "total"), 0);
	process_signal(process, SIGTERM);
	cr_expect(process_wait(process, 20000, &result));
	process_free(process);
	reply_release(&demo.last);
	box_close(&box);
}
