/* ETag, If-None-Match and If-Match (api.md "Changes of another client"), and names that are unknown or repeated. */
#include "browser.h"
#include "documents.h"

#include <stdlib.h>
#include <string.h>

TestSuite(condition, .init = api_set_up, .fini = api_tear_down);

static char *make(const char *path, const char *body, const char *member)
{
	NEED(201, "POST", body, "%s", path);
	return api_keep(&api, member);
}

/* Sends a request with a header; returns the status. */
static int with(const char *header, const char *value, const char *method, const char *path, const char *body)
{
	const char *type = body ? "Content-Type: application/json\r\n" : "";

	return api_send(&api, method, path, test_text("%s: %s\r\n%s", header, value, type), body,
			body ? strlen(body) : 0);
}

static char *tag_of(const char *path)
{
	NEED(200, "GET", NULL, "%s", path);
	char *tag = reply_header(&api.last, "ETag");
	cr_assert(tag && *tag == '"', "%s has no ETag", path);
	return tag;
}

/* Two clients read the address. The second change, and one with a list that has other tags only, are refused. */
static void expect_condition(const char *read, const char *method, const char *path, const char *first,
			     const char *second)
{
	char *tag = tag_of(read);

	cr_expect_eq(with("If-None-Match", tag, "GET", read, NULL), 304, "%s", read);
	cr_expect_eq(api.last.length, 0);
	cr_expect_eq(with("If-None-Match", test_text("\"x\", W/%s", tag), "HEAD", read, NULL), 304);
	cr_expect_eq(with("If-None-Match", "\"x\"", "GET", read, NULL), 200);
	cr_expect_eq(with("If-Match", test_text("\"x\", W/%s", tag), method, path, first), 412, "%s", path);
	cr_expect_str_eq(tag_of(read), tag, "%s changed", read);
	cr_expect_lt(with("If-Match", test_text("\"x\", %s", tag), method, path, first), 300, "%s: %s", path,
		     api.last.body);
	cr_expect_str_neq(tag_of(read), tag, "%s did not change", read);
	cr_expect_eq(with("If-Match", tag, method, path, second), 412, "%s", path);
	cr_expect_lt(with("If-Match", "*", method, path, second), 300, "%s: %s", path, api.last.body);
}

Test(condition, every_change_can_name_the_state_that_it_is_for)
{
	char *session = make("/kyc/sessions", PERSON, "id"), *read = test_text("/kyc/sessions/%s", session);
	char *link = browser_path(reply_text(&api.last, "access_link"));
	expect_condition(read, "POST", test_text("%s/extend", read), "{\"hours\":300}", "{\"hours\":400}");
	read = test_text("/api%s", link);
	expect_condition(read, "PUT", test_text("%s/steps/identity", read), "{\"fields\":{\"name\":\"Eva\"}}",
			 "{\"fields\":{\"name\":\"Ava\"}}");
	char *hook = make("/v1/webhook_endpoints", "{\"url\":\"http://127.0.0.1:9/\",\"events\":[\"*\"]}", "id");
	read = test_text("/v1/webhook_endpoints/%s", hook);
	expect_condition(read, "PATCH", read, "{\"enabled\":false}", "{\"enabled\":true}");
	char *account = make("/v2/account/sub-accounts", "{\"accountType\":\"COMPANY\",\"name\":\"ACME LTDA\"}", "id");
	char *query = test_text("?subAccountId=%s", account);
	char *url, *paper = document_record(&api, account, "PASSPORT", false, &url);
	cr_assert_eq(document_put(&api, url,
				  &(const struct document){ "image/jpeg", "\xff\xd8\xff\xe0 JFIF \xff\xd9", 12 }, true),
		     204, "%s", api.last.body);
	char *owner = make(test_text("/v2/account/ubos%s", query),
			   avenia_owner("ANA REIS", "11182159150", "50", paper, ""), "id");
	read = test_text("/v2/account/ubos/%s%s", owner, query);
	expect_condition(read, "PATCH", read, "{\"city\":\"Elko\"}", "{\"city\":\"Ely\"}");
	/* Of several clients, one changes the session. */
	read = test_text("/kyc/sessions/%s", session);
	char *tag = tag_of(read);
	int sockets[8], done = 0, refused = 0;
	for (int i = 0; i < 8; i++)
		sockets[i] = api_post_only(&api, test_text("%s/extend", read), test_text("If-Match: %s\r\n", tag),
					   test_text("{\"hours\":%d}", 500 + i));
	for (int i = 0; i < 8; i++) {
		struct reply reply = { 0 };
		cr_assert(api_read_any(sockets[i], &reply));
		done += reply.status == 200;
		refused += reply.status == 412;
		reply_release(&reply);
	}
	cr_expect_eq(done, 1);
	cr_expect_eq(refused, 7);
	/* A repeated request gets the stored response, although the ETag is another by now. */
	tag = tag_of(read);
	char *headers = test_text("If-Match: %s\r\nIdempotency-Key: k1\r\nContent-Type: application/json\r\n", tag);
	for (int i = 0; i < 2; i++)
		cr_expect_eq(api_send(&api, "POST", test_text("%s/extend", read), headers, "{\"hours\":600}", 13), 200);
	cr_expect_eq(with("If-Match", tag, "DELETE", read, NULL), 412);
	ANSWERS("error.code: precondition_failed");
	cr_expect_eq(with("If-Match", tag_of(read), "DELETE", read, NULL), 200);
	cr_expect_eq(with("If-Match", tag, "DELETE", read, NULL), 404);
}

static void expect_ignored(const char *names)
{
	char *ignored = reply_header(&api.last, "Kybdesk-Ignored");

	cr_expect_str_eq(ignored ? ignored : "", names);
}

Test(condition, names_in_a_query_and_a_form_are_known_or_named)
{
	static const struct form_file file = { "p.pdf", pdf_bytes, 0 };
	struct form_file pdf = file;

	pdf.length = pdf_length();
	ASK(200, "GET", NULL, "/kyc/sessions?limit=1&limit=2&statu=approved&page=1");
	expect_ignored("limit, statu");
	cr_expect_eq(reply_int(&api.last, "limit"), 1);
	char *link = browser_path(make("/kyc/sessions", PERSON, "access_link"));
	NEED(200, "GET", NULL, "/api%s?limit=1", link);
	expect_ignored("limit");
	cr_expect_eq(api_form(&api, test_text("/api%s/documents", link), &pdf, "type", "PASSPORT", "type", "ID",
			      "documentt", "x", NULL),
		     201);
	expect_ignored("type, documentt");
	ANSWERS("type: PASSPORT");
	ASK(400, "POST", "{\"document_type\":\"PASSPORT\",\"content\":\"\",\"type\":\"ID\"}", "/api%s/documents", link);
	expect_ignored("type");
	/* A browser shows no headers, and a mail program may add parameters to a link. */
	NEED(200, "GET", NULL, "%s?utm_source=mail", link);
	expect_ignored("");
}

TestSuite(condition_strict);

Test(condition_strict, refuses_names_in_a_query_and_a_form)
{
	static const char *const options[] = { "--strict", NULL };

	api_open(&api, options);
	ASK(400, "GET", NULL, "/kyc/sessions?statu=approved");
	BODY_HAS("unknown or repeated names: statu");
	ASK(400, "GET", NULL, "/kyc/sessions?limit=1&limit=1");
	char *link = browser_path(make("/kyc/sessions", PERSON, "access_link"));
	cr_expect_eq(api_form(&api, test_text("/api%s/documents", link), NULL, "typ", "PASSPORT", NULL), 400);
	BODY_HAS("unknown or repeated names: typ");
	ASK(200, "GET", NULL, "%s?utm_source=mail", link);
	api_close(&api);
}
