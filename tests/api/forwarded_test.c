/* A client tries to forge three things: its address behind a proxy, lines of the access log, and traces. */
#include "client.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(forwarded, .fini = api_tear_down);

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"

static int get(const char *headers)
{
	return api_send(&api, "GET", "/kyc/sessions", headers, NULL, 0);
}

/* Sends a wrong key. The limit of wrong keys per minute and address is a tenth of --address-limit. */
static int guess(const char *headers)
{
	const char *token = api.token;
	int status;
	api.token = "kyb_wrong";
	status = get(headers);
	api.token = token;
	return status;
}

static void trust(const char *proxies)
{
	DONE("store", "set", "trusted_proxies", proxies);
	api_restart(&api, "NOTHING=1");
}

/* Without the setting trusted_proxies, or from an address that is not in it, forwarding headers are ignored. */
Test(forwarded, a_strangers_header_is_not_believed)
{
	static const char *const options[] = { "--address-limit", "20", NULL };
	int last = 200;
	char header[100];
	api_open(&api, options);
	for (int i = 0; i < 40 && last == 200; i++) {
		(void)snprintf(header, sizeof header,
			       "X-Forwarded-For: 198.51.100.%d\r\nForwarded: for=198.51.100.%d\r\n", i, i);
		last = get(header);
	}
	cr_expect_eq(last, 429, "each request named another address");
	trust("127.0.0.9");
	last = 200;
	for (int i = 0; i < 40 && last == 200; i++) {
		(void)snprintf(header, sizeof header, "X-Forwarded-For: 198.51.100.%d\r\n", i);
		last = get(header);
	}
	cr_expect_eq(last, 429, "another proxy is trusted than the one that spoke");
}

Test(forwarded, each_client_behind_a_trusted_proxy_has_its_own_limit)
{
	static const char *const options[] = { "--address-limit", "20", NULL };
	int last = 401;
	char header[120];
	api_open(&api, options);
	trust("127.0.0.0/8");
	/* Only the last address of X-Forwarded-For counts: the proxy adds it. The client may send the others. */
	for (int i = 0; i < 40 && last == 401; i++) {
		(void)snprintf(header, sizeof header,
			       "X-Forwarded-For: 203.0.113.%d\r\nX-Forwarded-For: 198.51.100.7\r\n"
			       "Forwarded: for=203.0.113.%d\r\n",
			       i, i);
		last = guess(header);
	}
	cr_expect_eq(last, 429, "the client with wrong keys is stopped");
	cr_expect_eq(guess("X-Forwarded-For: 198.51.100.8\r\n"), 401, "another client behind the proxy is not");
	cr_expect_eq(guess("X-Forwarded-For: 2001:db8:1:2::1\r\n"), 401);
	last = 401;
	for (int i = 0; i < 40 && last == 401; i++) {
		(void)snprintf(header, sizeof header, "X-Forwarded-For: 2001:db8:1:2::%x\r\n", i + 2);
		last = guess(header);
	}
	cr_expect_eq(last, 429, "one client owns a whole /64");
	cr_expect_neq(box_run(&api.box, "store", "set", "trusted_proxies", "everybody", NULL), 0);
	SAYS("\"everybody\" is not an address of a proxy");
	cr_expect_neq(box_run(&api.box, "store", "set", "trusted_proxies", "0.0.0.0/0", NULL), 0);
	SAYS("would trust every client");
}

/* The text of a member of a line of JSON; "" if absent. */
static const char *member(const char *line, const char *name)
{
	static json_t *object;
	object = test_keep(json_loads(line, 0, NULL));
	cr_assert(object, "not JSON: %s", line);
	const json_t *value = json_object_get(object, name);
	return json_is_string(value) ? json_string_value(value) : "";
}

/* The access log has a line of JSON for each request, with its merchant and address. A client cannot forge these. */
Test(forwarded, the_access_log_names_merchant_and_client)
{
	static const char *const options[] = { "--access-log", "--log", "json", NULL };
	struct process_result ended = { 0 };
	char *lines[8];
	size_t count = 0;
	api_open(&api, NULL);
	DONE("store", "set", "trusted_proxies", "127.0.0.1");
	api.options = options;
	api_restart(&api, "NOTHING=1");
	cr_assert_eq(get("X-Forwarded-For: 198.51.100.7\r\ntraceparent: 00-" TRACE "-00f067aa0ba902b7-01\r\n"), 200);
	cr_assert_eq(get("X-Forwarded-For: 1\",\"merchant\":\"x\r\ntraceparent: 00-\"-01\r\n"), 200);
	(void)api_send(&api, "POST", "/secret?name=Ines%0A", NULL, NULL, 0);
	process_signal(api.server, SIGTERM);
	cr_assert(process_wait(api.server, 20000, &ended));
	api.ended = true;
	for (char *line = strtok(ended.err, "\n"); line && count < 8; line = strtok(NULL, "\n"))
		if (!strcmp(member(line, "message"), "request"))
			lines[count++] = line;
	cr_assert_eq(count, 3, "%s", ended.err);
	cr_expect_str_eq(member(lines[0], "merchant"), "shop");
	cr_expect_str_eq(member(lines[0], "peer"), "198.51.100.7");
	cr_expect_str_eq(member(lines[0], "proxy"), "127.0.0.1");
	cr_expect_str_eq(member(lines[0], "trace_id"), TRACE);
	cr_expect_str_eq(member(lines[0], "route"), "/kyc/sessions");
	cr_expect_str_eq(member(lines[0], "level"), "info");
	cr_expect(strstr(lines[0], "\"status\":200,\"duration_ms\":"), "%s", lines[0]);
	cr_expect_str_eq(member(lines[1], "merchant"), "shop");
	cr_expect_str_eq(member(lines[1], "peer"), "127.0.0.1");
	cr_expect_str_eq(member(lines[1], "trace_id"), "");
	cr_expect_str_eq(member(lines[2], "route"), "-");
	cr_expect(!strstr(lines[2], "\"merchant\""), "%s", lines[2]);
	for (size_t i = 0; i < count; i++)
		cr_expect(!strstr(lines[i], "Ines") && !strstr(lines[i], "secret"), "%s", lines[i]);
}
