/* Scripts of a website can use the JSON of a client's link only if the setting link_origins allows it. */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOP "https://shop.example"

static char *where; /* "/api/s/TOKEN" */

static void set_up(void)
{
	api_set_up();
	NEED(201, "POST", PERSON, "/kyc/sessions");
	where = test_text("/api%s", strstr(reply_text(&api.last, "access_link"), "/s/"));
	api.token = NULL;
}
TestSuite(cors, .init = set_up, .fini = api_tear_down);

static void allow(const char *origins)
{
	DONE("store", "set", "link_origins", origins);
}

/* Sends a request without a body. The response is not checked against the reference, which has no OPTIONS. */
static int ask(const char *method, const char *path, const char *headers)
{
	int fd = api_connect(&api);

	char *text = test_text("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n", method, path, headers);
	api_write(fd, text, strlen(text));
	cr_assert(api_read_any(fd, &api.last));
	close(fd);
	return api.last.status;
}

#define FROM(origin) "Origin: " origin "\r\n"
#define PREFLIGHT(origin, method) FROM(origin) "Access-Control-Request-Method: " method "\r\n"

static void expect_header(const char *name, const char *value)
{
	char *found = reply_header(&api.last, name);

	if (value)
		cr_expect(found && !strcmp(found, value), "%s: %s instead of %s", name, found ? found : "nothing",
			  value);
	else
		cr_expect_null(found, "%s: %s", name, found);
}

static void expect_no_permission(void)
{
	expect_header("Access-Control-Allow-Origin", NULL);
	expect_header("Access-Control-Allow-Methods", NULL);
	expect_header("Access-Control-Allow-Credentials", NULL);
}

Test(cors, allows_no_website_by_default)
{
	cr_expect_eq(ask("GET", where, FROM(SHOP)), 200, "%s", api.last.body);
	expect_no_permission();
	expect_header("Vary", "Origin");
	cr_expect_eq(ask("OPTIONS", where, PREFLIGHT(SHOP, "GET")), 405);
	expect_header("Allow", "GET, HEAD");
	expect_no_permission();
}

Test(cors, allows_the_origins_of_the_setting_and_no_other)
{
	static const char *const others[] = { "http://shop.example",
					      "https://shop.example:444",
					      "https://shop.example.evil",
					      "https://evil.example",
					      "https://a.shop.example",
					      "https://shop.exampl",
					      "https://shop.example,x",
					      "null",
					      "https://shop.example,https://pay.example",
					      "*" };

	allow(SHOP ", https://pay.example");
	cr_expect_eq(ask("GET", where, FROM(SHOP)), 200);
	expect_header("Access-Control-Allow-Origin", SHOP);
	expect_header("Access-Control-Allow-Credentials", NULL);
	expect_header("Vary", "Origin");
	cr_expect_eq(ask("GET", where, FROM("https://pay.example")), 200);
	expect_header("Access-Control-Allow-Origin", "https://pay.example");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		char line[200];

		(void)snprintf(line, sizeof line, "Origin: %s\r\n", others[i]);
		cr_expect_eq(ask("GET", where, line), 200);
		expect_no_permission();
		expect_header("Vary", "Origin");
	}
	cr_expect_eq(ask("GET", where, ""), 200);
	expect_no_permission();
	expect_header("Vary", "Origin");
	allow("");
	cr_expect_eq(ask("GET", where, FROM(SHOP)), 200);
	expect_no_permission();
}

Test(cors, answers_a_preflight_of_every_address_of_the_link)
{
	static const char *const below[][2] = { { "", "GET, HEAD" },
						{ "/steps/identity", "PUT" },
						{ "/documents", "POST" },
						{ "/complete", "POST" },
						{ "/subsessions", "POST" } };

	allow(SHOP);
	for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
		char path[400], lines[300];

		(void)snprintf(path, sizeof path, "%s%s", where, below[i][0]);
		(void)snprintf(lines, sizeof lines,
			       FROM(SHOP) "Access-Control-Request-Method: %.4s\r\n"
					  "Access-Control-Request-Headers: content-type\r\n",
			       below[i][1]);
		cr_expect_eq(ask("OPTIONS", path, lines), 204, "%s: %s", path, api.last.body);
		cr_expect_eq(api.last.length, 0);
		expect_header("Access-Control-Allow-Origin", SHOP);
		expect_header("Access-Control-Allow-Methods", below[i][1]);
		expect_header("Access-Control-Allow-Headers", "Content-Type, Idempotency-Key, If-Match, If-None-Match");
		expect_header("Access-Control-Allow-Credentials", NULL);
	}
	cr_expect_eq(ask("OPTIONS", where, FROM(SHOP)), 405, "no preflight");
	cr_expect_eq(ask("OPTIONS", "/api/s/", PREFLIGHT(SHOP, "GET")), 404);
}

Test(cors, shows_a_website_the_errors_too)
{
	allow(SHOP);
	cr_expect_eq(ask("POST", where, FROM(SHOP) "Content-Length: 0\r\n"), 405);
	expect_header("Access-Control-Allow-Origin", SHOP);
	cr_expect_eq(ask("GET", "/api/s/unknown", FROM(SHOP)), 404);
	expect_header("Access-Control-Allow-Origin", SHOP);
	cr_expect_eq(ask("GET", where, FROM(SHOP) "Content-Length: 0\r\nContent-Length: 1\r\n"), 400);
}

/* If a request has two Origin headers, a browser, a proxy and this server could each use a different one. */
Test(cors, two_origins_are_refused)
{
	allow(SHOP);
	cr_expect_eq(ask("GET", where, FROM(SHOP) FROM("https://evil.example")), 400, "%s", api.last.body);
	expect_no_permission();
	BODY_HAS("Origin appears more than once");
	cr_expect_eq(ask("GET", where, FROM("https://evil.example") FROM(SHOP)), 400);
	expect_no_permission();
	cr_expect_eq(ask("OPTIONS", where, FROM(SHOP) PREFLIGHT(SHOP, "GET")), 400);
	expect_no_permission();
}

Test(cors, of_every_website_names_none)
{
	allow("*");
	cr_expect_eq(ask("GET", where, FROM("https://anyone.example")), 200);
	expect_header("Access-Control-Allow-Origin", "*");
	expect_header("Access-Control-Allow-Credentials", NULL);
}

/* Websites may read only the JSON of a link: its page is HTML for people, and browsers must never use API keys. */
Test(cors, is_for_the_link_as_json_alone)
{
	static const char *const elsewhere[] = { "/healthz", "/kyc/sessions", "/api/v1/webhooks", "/v2/documents" };

	allow("*");
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
		(void)ask("GET", elsewhere[i], FROM(SHOP));
		expect_no_permission();
		cr_expect_eq(ask("OPTIONS", elsewhere[i], PREFLIGHT(SHOP, "GET")), 405, "%s", elsewhere[i]);
		expect_no_permission();
	}
	cr_expect_eq(ask("GET", where + strlen("/api"), FROM(SHOP)), 200);
	expect_no_permission();
	cr_expect_eq(ask("POST", where + strlen("/api"), FROM(SHOP) "Content-Length: 0\r\n"), 415);
	expect_no_permission();
}
