/* Limits of the HTTP front end: bodies, requests a minute, connections, and request heads that are ambiguous. */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(limits, .fini = api_tear_down);

#define MEMBERS                                                                                                        \
	"\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\","               \
	"\"country\":\"PT\"}"

static long long header_number(const char *name)
{
	char *text = reply_header(&api.last, name);
	long long number = text ? atoll(text) : -1;

	return number;
}

/* A JSON object of MEMBERS, `before`, `count` members "k0":1, "k1":1, …, and `after`. */
static char *body_of(unsigned count, const char *before, const char *after)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	fprintf(out, "{" MEMBERS "%s", before);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%s\"k%u\":1", i || !strstr(before, "{") ? "," : "", i);
	fprintf(out, "%s}", after);
	fclose(out);
	return test_keep(text);
}

static void expect_refused(char *body)
{
	long long began = test_clock_ms();

	ASK(413, "POST", body, "/kyc/sessions");
	ANSWERS("error.code: too_large");
	cr_expect_lt(test_clock_ms() - began, 20000, "a body over the limit is not parsed");
}

/* Without this limit, 90,000 JSON members keep a worker busy for seconds; in metadata they also prolong the write lock. */
Test(limits, members_are_counted_before_anything_is_parsed)
{
	api_open(&api, NULL);
	expect_refused(body_of(90000, "", ""));
	expect_refused(body_of(90000, ",\"metadata\":{", "}"));
	expect_refused(body_of(2001, "", ""));
	char *body = body_of(1900, ",\"metadata\":{", "}");
	ASK(201, "POST", body, "/kyc/sessions");
	GETS(("/kyc/sessions"), "total = 1");
}

Test(limits, depth_and_texts_are_measured)
{
	char *text = test_keep(calloc(1, 80000));

	api_open(&api, NULL);
	memset(text, '[', 17);
	char *body = test_text("{" MEMBERS ",\"metadata\":{\"a\":%s1}}", text);
	expect_refused(body);
	memset(text, 'x', 70000);
	body = test_text("{" MEMBERS ",\"metadata\":{\"a\":\"%s\"}}", text);
	expect_refused(body);
}

/* --- requests a minute --- */

Test(limits, a_merchant_has_its_number_of_requests_a_minute)
{
	static const char *const options[] = { "--key-limit", "3", NULL };

	api_open(&api, options);
	NEED(200, "POST", test_text("{\"api_code\":\"%s\",\"api_key\":\"%s\"}", api.code, api.key),
	     "/api/v1/auth/login");
	char *token = api_keep(&api, "token");
	for (int i = 0; i < 3; i++) {
		/* A key and the tokens of its logins share one limit. */
		api.token = i % 2 ? token : api.key;
		ASK(200, "GET", NULL, "/kyc/sessions");
		cr_expect_eq(header_number("RateLimit-Limit"), 3);
		cr_expect_eq(header_number("RateLimit-Remaining"), 2 - i);
	}
	api.from = 9;
	ASK(429, "POST", PERSON, "/kyc/sessions");
	ANSWERS("error.code: too_many_requests");
	cr_expect(header_number("Retry-After") >= 1 && header_number("Retry-After") <= 60);
	cr_expect_eq(header_number("RateLimit-Remaining"), 0);
	cr_expect_eq(header_number("RateLimit-Reset"), header_number("Retry-After"));
	cr_expect_eq(header_number("RateLimit-Policy"), 3);
	api.token = api.other_key;
	ASK(200, "GET", NULL, "/kyc/sessions"); /* another merchant has its own limit */
	ANSWERS("total = 0");
}

Test(limits, an_address_has_its_number_whatever_it_asks_for)
{
	static const char *const options[] = { "--address-limit", "4", NULL };
	static const char *const paths[] = { "/healthz", "/nothing", "/kyc/sessions", "/healthz" };

	api_open(&api, options);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		api.token = i % 2 ? api.key : "kyb_wrong";
		cr_expect_neq(api_call(&api, "GET", paths[i], NULL), 429);
	}
	ASK(429, "GET", NULL, "/healthz");
	cr_expect_geq(header_number("Retry-After"), 1);
	api.from = 2;
	ASK(200, "GET", NULL, "/healthz"); /* another address has its own limit */
}

/* A script that tries keys is told to wait; the right key is accepted from the same address. */
Test(limits, wrong_keys_of_an_address_are_limited)
{
	static const char *const options[] = { "--address-limit", "1000", NULL };
	char key[32];
	int status = 401, tries = 0;

	api_open(&api, options);
	api.token = key;
	for (; status == 401 && tries < 300; tries++) {
		(void)snprintf(key, sizeof key, "kyb_guess%d", tries);
		status = api_call(&api, "GET", "/kyc/sessions", NULL);
	}
	cr_expect_eq(status, 429);
	cr_expect(tries > 100 && tries < 200, "%d", tries);
	cr_expect_geq(header_number("Retry-After"), 1);
	ANSWERS("error.code: too_many_requests");
	ASK(405, "GET", NULL, "/api/v0.1/businesses");
	ASK(429, "POST", "{\"name\":\"A\",\"country\":\"PT\"}", "/api/v0.1/businesses");
	cr_expect_eq(reply_int(&api.last, "Status"), 429, "in the dialect's form: %s", api.last.body);
	api.token = api.key;
	ASK(200, "GET", NULL, "/kyc/sessions");
	api.token = key;
	api.from = 2;
	ASK(401, "GET", NULL, "/kyc/sessions"); /* another address has its own limit */
}

/* A running server applies a changed setting of the store. */
Test(limits, the_store_sets_them)
{
	api_open(&api, NULL);
	ASK(200, "GET", NULL, "/kyc/sessions");
	cr_expect_eq(header_number("RateLimit-Limit"), 6000);
	DONE("store", "set", "key_limit", "2");
	for (int i = 0; i < 100 && header_number("RateLimit-Limit") != 2; i++) {
		test_sleep_ms(100);
		ASK(200, "GET", NULL, "/kyc/sessions");
	}
	cr_expect_eq(header_number("RateLimit-Limit"), 2);
	for (int i = 0; i < 3 && api.last.status == 200; i++)
		(void)api_call(&api, "GET", "/kyc/sessions", NULL);
	cr_expect_eq(api.last.status, 429);
	DONE("store", "set", "key_limit", "0");
	DONE("store", "set", "address_limit", "0");
	for (int i = 0; i < 100 && header_number("RateLimit-Limit") != -1; i++) {
		test_sleep_ms(100);
		(void)api_call(&api, "GET", "/kyc/sessions", NULL);
	}
	cr_expect_eq(api.last.status, 200);
	cr_expect_eq(header_number("RateLimit-Limit"), -1, "no limit, no header");
	cr_expect_neq(box_run(&api.box, "store", "set", "key_limit", "-1", NULL), 0);
	cr_expect_neq(box_run(&api.box, "store", "set", "key_limit", "9999999999", NULL), 0);
	cr_expect_neq(box_run(&api.box, "store", "set", "key_limit", "12x", NULL), 0);
	SAYS("key_limit must be a number of requests a minute");
}

static char *new_link(void)
{
	NEED(201, "POST", PERSON, "/kyc/sessions");
	return test_text("/api%s", strstr(api_keep(&api, "access_link"), "/s/"));
}

Test(limits, a_link_has_its_number_from_all_addresses_together)
{
	static const char *const options[] = { "--link-limit", "5", NULL };

	api_open(&api, options);
	char *link = new_link();
	char *other = new_link();
	api.token = NULL;
	for (unsigned i = 0; i < 5; i++) {
		api.from = 2 + i;
		/* The page and the JSON of one link share one limit. */
		ASK(200, "GET", NULL, "%s", i % 2 ? link : link + 4);
	}
	api.from = 9;
	ASK(429, "GET", NULL, "%s", link);
	ASK(429, "GET", NULL, "%s", link + 4);
	ASK(200, "GET", NULL, "%s", other);
}

Test(limits, a_link_takes_so_many_files_a_minute)
{
	const struct form_file file = { "a.pdf", pdf_bytes, pdf_length() };
	unsigned taken = 0;
	long long began;
	int status;

	api_open(&api, NULL);
	char *link = new_link();
	api.token = NULL;
	char *path = test_text("%s/documents", link);
	began = test_clock_ms();
	while ((status = api_form(&api, path, &file, "type", "national_id", NULL)) != 429 && taken < 1000)
		taken++;
	cr_expect_eq(status, 429);
	/* The limit permits 60 files, and one more file each second. */
	cr_expect_leq(taken, 61 + (test_clock_ms() - began) / 1000, "%u", taken);
}

/* --- connections --- */

Test(limits, an_address_has_so_many_connections)
{
	static const char *const options[] = { "--connection-limit", "8", NULL };
	int fds[8];

	api_open(&api, options);
	api.from = 3;
	/* Each connection sends half a head, as a slow client does. */
	for (size_t i = 0; i < 8; i++) {
		fds[i] = api_connect(&api);
		api_write(fds[i], "GET /healthz HTTP/1.1\r\nHost:", 28);
	}
	test_sleep_ms(200);
	ASK(0, "GET", NULL, "/healthz"); /* the server closes the ninth connection */
	api.from = 4;
	ASK(200, "GET", NULL, "/healthz");
	for (size_t i = 0; i < 8; i++)
		close(fds[i]);
	api.from = 3;
	test_sleep_ms(300);
	ASK(200, "GET", NULL, "/healthz"); /* closed connections do not count */
}

/* --- framing --- */

#define NEXT "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

struct head {
	const char *lines;
	size_t length; /* of `lines` if this text contains a NUL; 0: strlen(lines) */
	int status;
};

/* Sends a POST with these header lines and a body, then a GET. *next_status: status of the GET's response, or 0. */
static int send_head(const struct head *head, int *next_status)
{
	struct reply reply = { 0 };
	char *first = NULL;
	int fd = api_connect(&api);
	int length = asprintf(&first, "POST /kyc/sessions HTTP/1.1\r\nContent-Type: application/json\r\n%s%s\r\n",
			      "Authorization: Bearer ", api.key);
	int status = 0;

	api_write(fd, first, (size_t)length);
	api_write(fd, head->lines, head->length ? head->length : strlen(head->lines));
	api_write(fd, "\r\n" PERSON NEXT, sizeof "\r\n" PERSON NEXT - 1);
	if (api_read_any(fd, &reply))
		status = reply.status;
	*next_status = api_read_any(fd, &reply) ? reply.status : 0;
	reply_release(&reply);
	free(first);
	close(fd);
	return status;
}

#define WITH_NUL(text, status)                                                                                         \
	{                                                                                                              \
		text, sizeof text - 1, status                                                                          \
	}

/* If the server has one connection to the store, concurrent requests wait for it, and none fails. */
Test(limits, a_server_may_have_one_connection_to_the_store)
{
	static const char *const options[] = { "--store-connections", "1", NULL };

	api_open(&api, options);
	char *line = test_text("seq 40 | xargs -P 20 -I{} curl -s -o /dev/null -w '%%{http_code}\n' -H "
			       "'Authorization: Bearer "
			       "%s' --json '" PERSON "' http://127.0.0.1:%d/kyc/sessions | sort | uniq -c",
			       api.key, api.port);
	DONE_SHELL(line);
	cr_expect_str_eq(api.box.last.out, "     40 201\n");
	for (size_t i = 0; i < 3; i++) {
		static const char *const wrong[] = { "0", "17", "many" };

		cr_expect_neq(
			box_run(&api.box, "serve", "--listen", "127.0.0.1:0", "--store-connections", wrong[i], NULL), 0,
			"%s", wrong[i]);
	}
}

Test(limits, a_head_that_can_be_read_in_two_ways_is_refused_and_ends_the_connection)
{
	char length[64], twice[200], both[200], spaced[200], bare[200], list[200];
	const struct head heads[] = {
		{ twice, 0, 400 },
		{ both, 0, 400 },
		{ spaced, 0, 400 },
		{ bare, 0, 400 },
		{ list, 0, 400 },
		{ "Host: x\r\nTransfer-Encoding: gzip, chunked\r\n", 0, 400 },
		{ "Host: x\r\nTransfer-Encoding: xchunked\r\n", 0, 400 },
		{ "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 0, 400 },
		{ "Host: x\r\nContent-Length: -1\r\n", 0, 400 },
		{ "Host: x\r\nContent-Length: +5\r\n", 0, 400 },
		{ "Host: x\r\nHost: y\r\nContent-Length: 5\r\n", 0, 400 },
		{ "Host: x\r\nAuthorization: Bearer kyb_other\r\nContent-Length: 5\r\n", 0, 400 },
		{ "Host: x\r\nContent-Length: 5\r\nA: b\r\n c\r\n", 0, 400 },
		{ "Host: x\nContent-Length: 5\r\n", 0, 400 },
		WITH_NUL("Host: x\r\nA: b\0c\r\nContent-Length: 5\r\n", 400),
		WITH_NUL("Host: x\r\nContent-Length: 5\0\r\n", 400),
		WITH_NUL("Host: x\r\nA\0: b\r\nContent-Length: 5\r\n", 400),
	};

	(void)snprintf(length, sizeof length, "Content-Length: %zu\r\n", sizeof PERSON - 1);
	(void)snprintf(twice, sizeof twice, "Host: x\r\n%s%s", length, length);
	(void)snprintf(both, sizeof both, "Host: x\r\n%sTransfer-Encoding: chunked\r\n", length);
	(void)snprintf(spaced, sizeof spaced, "Host: x\r\nContent-Length : %zu\r\n", sizeof PERSON - 1);
	(void)snprintf(bare, sizeof bare, "Host: x\r\nA: b\r%s", length);
	(void)snprintf(list, sizeof list, "Host: x\r\nContent-Length: %zu, %zu\r\n", sizeof PERSON - 1,
		       sizeof PERSON - 1);
	api_open(&api, NULL);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		int next_status;
		int status = send_head(&heads[i], &next_status);

		cr_expect_eq(status, heads[i].status, "%zu: %s: %d", i, heads[i].lines, status);
		cr_expect_eq(next_status, 0, "%zu: the request behind it is answered with %d", i, next_status);
	}
	GETS(("/kyc/sessions"), "total = 0"); /* no refused request opened a session */
}

/* The table of docs/http.md: bytes of a request, and the status of its response. A forbidden trailer also ends the
 * connection, and changes nothing. */
Test(limits, absolute_targets_are_taken_and_forbidden_trailers_refused)
{
	static const struct {
		const char *target, *trailer; /* trailer: of a POST with a chunked body */
		int status, next_status;
	} rows[] = {
		{ "http://desk.example/healthz", NULL, 200, 200 },
		{ "HTTPS://desk.example:8443/healthz?a=b", NULL, 200, 200 },
		{ "http://desk.example/kyc/sessions?limit=1", NULL, 200, 200 },
		{ "http://desk.example?a=b", NULL, 404, 200 },
		{ "http:///healthz", NULL, 404, 200 },
		{ "http://ana@desk.example/healthz", NULL, 404, 200 },
		{ "ftp://desk.example/healthz", NULL, 404, 200 },
		{ NULL, "", 201, 200 },
		{ NULL, "X-Checksum: 1\r\n", 201, 200 },
		{ NULL, "Content-Length: 5\r\n", 400, 0 },
		{ NULL, "X-A: 1\r\ntransfer-encoding: chunked\r\n", 400, 0 },
		{ NULL, "Host: y\r\n", 400, 0 },
		{ NULL, "Authorization: Bearer kyb_other\r\n", 400, 0 },
		{ NULL, "Idempotency-Key: k\r\n", 400, 0 },
		{ NULL, "X-Forwarded-For: 10.0.0.1\r\n", 400, 0 },
	};

	api_open(&api, NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *login = test_text("Host: x\r\nAuthorization: Bearer %s\r\n", api.key);
		char *request =
			rows[i].target ? test_text("GET %s HTTP/1.1\r\n%s\r\n", rows[i].target, login)
				       : test_text("POST /kyc/sessions HTTP/1.1\r\n%sContent-Type: application/json\r\n"
						   "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\n%s\r\n",
						   login, sizeof PERSON - 1, PERSON, rows[i].trailer);
		struct reply reply = { 0 };
		int fd = api_connect(&api), status, next;

		api_write(fd, request, strlen(request));
		api_write(fd, NEXT, sizeof NEXT - 1);
		status = api_read_any(fd, &reply) ? reply.status : 0;
		next = api_read_any(fd, &reply) ? reply.status : 0;
		fprintf(stderr, "http: %-45s | %d, then %d\n",
			rows[i].target
				? rows[i].target
				: test_text("trailer \"%.*s\"", (int)strcspn(rows[i].trailer, "\r"), rows[i].trailer),
			status, next);
		cr_expect_eq(status, rows[i].status, "%s: %d", request, status);
		cr_expect_eq(next, rows[i].next_status, "%s: then %d", request, next);
		reply_release(&reply);
		close(fd);
	}
	GETS(("/kyc/sessions"), "total = 2"); /* no refused request opened a session */
}

Test(limits, a_path_with_a_nul_is_refused)
{
	static const char request[] = "GET /healthz\0/x HTTP/1.1\r\nHost: x\r\n\r\n" NEXT;
	struct reply reply = { 0 };
	int fd;

	api_open(&api, NULL);
	fd = api_connect(&api);
	api_write(fd, request, sizeof request - 1);
	cr_assert(api_read_any(fd, &reply));
	cr_expect_eq(reply.status, 400);
	cr_expect_not(api_read_any(fd, &reply), "the connection ends");
	close(fd);
	reply_release(&reply);
}

/* Valid requests of unusual form are accepted: spaces around values, empty values, single bytes, pipelining. */
Test(limits, sound_heads_are_taken_however_they_come)
{
	static const char request[] = "GET /healthz HTTP/1.1\r\nHost:x\r\nA: \t b \t\r\nB:\r\n\r\n"
				      "POST /kyc/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" NEXT;
	static const int statuses[] = { 200, 401, 200 };
	static const size_t pieces[] = { sizeof request, 1, 7 };

	api_open(&api, NULL);
	for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
		struct reply reply = { 0 };
		int fd = api_connect(&api);

		for (size_t at = 0; at < sizeof request - 1; at += pieces[p]) {
			size_t left = sizeof request - 1 - at;

			api_write(fd, request + at, left < pieces[p] ? left : pieces[p]);
		}
		for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
			cr_expect(api_read_any(fd, &reply));
			cr_expect_eq(reply.status, statuses[i], "%zu %zu: %d", p, i, reply.status);
		}
		close(fd);
		reply_release(&reply);
	}
}

Test(limits, codings_and_charsets_are_refused)
{
	static const struct {
		const char *lines;
		int status;
	} heads[] = {
		{ "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", 415 },
		{ "Content-Type: application/json\r\nContent-Encoding: identity\r\n", 201 },
		{ "Content-Type: application/json; charset=iso-8859-1\r\n", 415 },
		{ "Content-Type: application/json; charset=\"utf-16\"\r\n", 415 },
		{ "Content-Type: application/json; charset=\"UTF-8\"\r\n", 201 },
		{ "Content-Type: application/json;charset=utf8\r\n", 201 },
		{ "Content-Type: application/json; profile=\"charset\"; q=1\r\n", 201 },
	};

	api_open(&api, NULL);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		cr_expect_eq(api_send(&api, "POST", "/kyc/sessions", heads[i].lines, PERSON, sizeof PERSON - 1),
			     heads[i].status, "%s: %d", heads[i].lines, api.last.status);
}
