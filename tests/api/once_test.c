/* Idempotency-Key: a repeated POST or PATCH is executed once, and gets the first response again (docs/api.md). */
#include "client.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(once, .init = api_set_up, .fini = api_tear_down);

static bool is_replayed(void)
{
	char *value = reply_header(&api.last, "Kybdesk-Replayed");
	bool replayed = value && !strcmp(value, "true");

	return replayed;
}

Test(once, the_same_again_is_answered_as_it_was_and_done_once)
{
	char *type;

	cr_assert_eq(api_once(&api, "k-1", "/kyc/sessions", PERSON), 201, "%s", api.last.body);
	cr_expect_not(is_replayed());
	char *body = test_keep(strdup(api.last.body));
	for (int i = 0; i < 3; i++) {
		cr_expect_eq(api_once(&api, "k-1", "/kyc/sessions", PERSON), 201);
		cr_expect_str_eq(api.last.body, body);
		cr_expect(is_replayed());
		type = reply_header(&api.last, "Content-Type");
		cr_assert_not_null(type);
		cr_expect_str_eq(type, "application/json");
	}
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), 1);
	/* The same body without the key, or with another key, is another request. */
	ASK(201, "POST", PERSON, "/kyc/sessions");
	cr_expect_eq(api_once(&api, "k-2", "/kyc/sessions", PERSON), 201);
	cr_expect_not(is_replayed());
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), 3);
	/* The stored response survives a restart of the server. */
	api_restart(&api, NULL);
	cr_expect_eq(api_once(&api, "k-1", "/kyc/sessions", PERSON), 201);
	cr_expect_str_eq(api.last.body, body);
}

Test(once, an_empty_key_is_refused)
{
	static const char headers[] = "Content-Type: application/json\r\nIdempotency-Key: \r\n";

	cr_expect_eq(api_send(&api, "POST", "/kyc/sessions", headers, PERSON, sizeof PERSON - 1), 400);
	ANSWERS("error.fields[0].field: Idempotency-Key");
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), 0);
}

Test(once, a_key_stands_for_one_request_of_one_merchant)
{
	cr_assert_eq(api_once(&api, "k", "/kyc/sessions", PERSON_CALLED("P-1")), 201, "%s", api.last.body);
	char *session = api_keep(&api, "id");
	cr_expect_eq(api_once(&api, "k", "/kyc/sessions", PERSON_CALLED("P-2")), 409);
	ANSWERS("error.code: idempotency_key_used");
	cr_expect_eq(api_once(&api, "k", "/kyc/sessions?a=b", PERSON_CALLED("P-1")), 409);
	cr_expect_eq(api_once(&api, "k", test_text("/kyc/sessions/%s/generate-link", session), NULL), 409);
	cr_expect_eq(api_once(&api, "k", "/api/v1/account/business-users", PERSON_CALLED("P-1")), 409);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), 1);
	api.token = api.other_key;
	cr_expect_eq(api_once(&api, "k", "/kyc/sessions", PERSON_CALLED("P-2")), 201, "%s", api.last.body);
	cr_expect_not(is_replayed());
	/* A caller with a wrong API key does not get the stored response. */
	api.token = "kyb_none";
	cr_expect_eq(api_once(&api, "k", "/kyc/sessions", PERSON_CALLED("P-1")), 401);
}

Test(once, a_refusal_changes_nothing_and_is_asked_anew)
{
	cr_expect_eq(api_once(&api, "k", "/kyc/sessions", "{\"workflow_id\":\"none\"}"), 400);
	cr_expect_eq(api_once(&api, "k", "/kyc/sessions", PERSON_CALLED("P-1")), 201, "%s", api.last.body);
	char *session = api_keep(&api, "id");
	/* If the second check of a report is refused, the first check is rolled back. */
	cr_expect_geq(api_once(&api, "r", test_text("/kyc/sessions/%s/results", session),
			       "{\"checks\":[{\"kind\":\"ofac\",\"status\":\"passed\"},"
			       "{\"kind\":\"ofac\",\"status\":\"no such\"}]}"),
		      400);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM check_result"), 0);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM kept_answer"), 1);
}

static int with_key(const char *key, const char *method, const char *path, const char *json)
{
	int status;

	char *line = test_text("Idempotency-Key: %s\r\n", key);
	api.more = line;
	status = api_call(&api, method, path, json);
	api.more = NULL;
	return status;
}

#define URL(end) "{\"url\":\"https://merchant.example/" end "\"}"

Test(once, a_patch_is_done_once_too)
{
	NEED(201, "POST", "{\"url\":\"https://merchant.example/hook\",\"events\":[\"kyc.state_updated\"]}",
	     "/v1/webhook_endpoints");
	char *id = api_keep(&api, "id");
	char *path = test_text("/v1/webhook_endpoints/%s", id);
	cr_expect_eq(with_key("p", "PATCH", path, URL("first")), 200, "%s", api.last.body);
	cr_expect_not(is_replayed());
	char *body = test_keep(strdup(api.last.body));
	/* Repeating the first PATCH does not undo a later PATCH. */
	ASK(200, "PATCH", URL("second"), "%s", path);
	cr_expect_eq(with_key("p", "PATCH", path, URL("first")), 200, "%s", api.last.body);
	cr_expect(is_replayed());
	cr_expect_str_eq(api.last.body, body);
	GETS(("%s", path), "url: https://merchant.example/second");
	/* The same key is refused with another body, or with another method. */
	cr_expect_eq(with_key("p", "PATCH", path, URL("third")), 409);
	ANSWERS("error.code: idempotency_key_used");
	cr_expect_eq(api_once(&api, "p", "/kyc/sessions", PERSON), 409);
	/* The key of a refused request can be used again. */
	cr_expect_eq(with_key("q", "PATCH", path, URL("\\u0000")), 400, "%s", api.last.body);
	cr_expect_eq(with_key("q", "PATCH", path, URL("third")), 200, "%s", api.last.body);
	cr_expect_not(is_replayed());
	cr_expect_eq(with_key("a b", "PATCH", path, URL("third")), 400);
	/* DELETE needs no key, and ignores one. */
	cr_expect_eq(with_key("p", "DELETE", path, NULL), 204, "%s", api.last.body);
	cr_expect_eq(with_key("p", "DELETE", path, NULL), 404);
	cr_expect_eq(with_key("p", "PATCH", path, URL("first")), 200, "%s", api.last.body);
}

Test(once, keys_that_are_none_are_refused)
{
	char *line = test_keep(malloc(400));

	memset(line, 'a', 256);
	line[256] = '\0';
	cr_expect_eq(api_once(&api, line, "/kyc/sessions", PERSON), 400);
	line[255] = '\0';
	cr_expect_eq(api_once(&api, line, "/kyc/sessions", PERSON), 201);
	cr_expect_eq(api_once(&api, "a b", "/kyc/sessions", PERSON), 400);
	cr_expect_eq(api_once(&api, "\xc3\xa9", "/kyc/sessions", PERSON), 400);
	ANSWERS("error.fields[0].field: Idempotency-Key");
}

Test(once, of_a_form_the_parts_count_and_not_the_bytes)
{
	struct form_file file = { "passport.pdf", pdf_bytes, pdf_length() };

	NEED(201, "POST", PERSON_CALLED("P-1"), "/kyc/sessions");
	char *link = api_keep(&api, "access_link");
	char *path = test_text("/api%s/documents", strstr(link, "/s/"));
	api.token = NULL;
	api.more = "Idempotency-Key: u-1\r\n";
	cr_assert_eq(api_form(&api, path, &file, "type", "PASSPORT", NULL), 201, "%s", api.last.body);
	char *body = test_keep(strdup(api.last.body));
	cr_expect_eq(api_form(&api, path, &file, "type", "PASSPORT", NULL), 201);
	cr_expect(is_replayed());
	cr_expect_str_eq(api.last.body, body);
	file.length--;
	cr_expect_eq(api_form(&api, path, &file, "type", "PASSPORT", NULL), 409);
	file.length++;
	cr_expect_eq(api_form(&api, path, &file, "type", "PASSPORT", "side", "front", NULL), 409);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM document WHERE type = 'PASSPORT' AND upload = 'ready'"), 1);
}

static bool file_holds(const char *path, const char *text)
{
	int status;

	char *line = test_text("cat %s %s-wal 2>/dev/null | grep -aqF -- '%s'", path, path, text);
	status = box_shell(&api.box, line);
	return status == 0;
}

/* Whether the file of the store or its write-ahead log contains the text. */
static bool store_holds(const char *text)
{
	return file_holds(api.box.store, text);
}

/* Whether a present row contains the text: searches a copy of the store, which has no bytes of deleted rows. */
static bool rows_hold(const char *text)
{
	char *copy = box_path(&api.box, "rows.db");

	(void)unlink(copy);
	api_in_store(&api, test_text("VACUUM INTO '%s'", copy));
	return file_holds(copy, text);
}

Test(once, nothing_that_is_kept_stands_in_clear)
{
	static const char body[] = "{\"url\":\"https://merchant.example/hook\",\"events\":[\"kyc.state_updated\"]}";

	cr_assert_eq(api_once(&api, "key-of-the-endpoint", "/api/v1/webhooks", body), 201, "%s", api.last.body);
	char *secret = api_keep(&api, "secret");
	cr_assert_gt(strlen(secret), 20);
	cr_assert_eq(api_once(&api, "key-of-the-session", "/kyc/sessions", PERSON), 201);
	char *link = api_keep(&api, "access_link");
	char *token = strstr(link, "/s/") + 3;
	cr_expect_not(store_holds(token));
	cr_expect_not(store_holds("key-of-the-endpoint"));
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM kept_answer WHERE instr(answer, 'secret') > 0 OR "
				      "instr(answer, 'https://merchant') > 0 OR instr(answer, '201') > 0"),
		     0);
	/* The search works: it finds a text that is there. */
	cr_expect(store_holds("generic-kyc"));
	cr_expect_eq(api_once(&api, "key-of-the-endpoint", "/api/v1/webhooks", body), 201);
	ANSWERS(test_text("secret: %s", secret));
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM endpoint"), 1);
	/* The endpoint's row has its secret, to sign webhooks. After a rotation without overlap no row has the old
	 * secret. */
	cr_expect(rows_hold(secret));
	char *id = api_keep(&api, "id");
	char *path = test_text("/v1/webhook_endpoints/%s/rotate_secret", id);
	cr_assert_eq(api_once(&api, "key-of-the-rotation", path, "{\"overlap_hours\":0}"), 200, "%s", api.last.body);
	char *second = api_keep(&api, "secret");
	NEED(200, "POST", "{\"overlap_hours\":0}", "%s", path);
	cr_expect(rows_hold(reply_text(&api.last, "secret")));
	cr_expect_not(rows_hold(secret));
	cr_expect_not(rows_hold(second));
	cr_expect_eq(api_once(&api, "key-of-the-endpoint", "/api/v1/webhooks", body), 201);
	ANSWERS(test_text("secret: %s", secret));
	cr_expect_eq(api_once(&api, "key-of-the-rotation", path, "{\"overlap_hours\":0}"), 200);
	ANSWERS(test_text("secret: %s", second));
}

Test(once, what_was_changed_in_the_store_is_not_answered)
{
	sqlite3 *db;

	cr_assert_eq(api_once(&api, "k", "/kyc/sessions", PERSON), 201);
	db = api_store(&api);
	cr_assert_eq(sqlite3_exec(db,
				  "UPDATE kept_answer SET answer = x'00' || substr(answer, 2) "
				  "WHERE substr(answer, 1, 1) <> x'00'",
				  NULL, NULL, NULL),
		     SQLITE_OK);
	cr_assert_eq(sqlite3_changes(db), 1);
	sqlite3_close(db);
	cr_expect_eq(api_once(&api, "k", "/kyc/sessions", PERSON), 503, "%s", api.last.body);
}

Test(once, a_day_later_it_is_forgotten)
{
	cr_assert_eq(api_once(&api, "k-1", "/kyc/sessions", PERSON), 201);
	cr_assert_eq(api_once(&api, "k-2", "/kyc/sessions", PERSON), 201);
	api_restart(&api, "KYBDESK_TEST_NOW=+86390s");
	cr_expect_eq(api_once(&api, "k-1", "/kyc/sessions", PERSON), 201);
	cr_expect(is_replayed());
	api_restart(&api, "KYBDESK_TEST_NOW=+86500s");
	cr_expect_eq(api_once(&api, "k-1", "/kyc/sessions", PERSON), 201);
	cr_expect_not(is_replayed());
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), 3);
	/* The expired response of k-2 is deleted automatically. */
	for (int i = 0; i < 600 && api_number(&api, "SELECT count(*) FROM kept_answer") > 1; i++)
		test_sleep_ms(50);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM kept_answer"), 1);
}

static int send_only(const char *key, const char *body)
{
	return api_post_only(&api, "/kyc/sessions", test_text("Connection: close\r\nIdempotency-Key: %s\r\n", key),
			     body);
}

#define TOGETHER 12

/* While the test holds the write lock, the first request cannot end, and the others wait for its response. */
Test(once, while_the_first_is_under_way_the_second_waits_for_its_answer)
{
	sqlite3 *db = api_lock(&api);
	char *first = NULL;
	int fds[TOGETHER], replayed = 0;

	for (int i = 0; i < TOGETHER; i++)
		fds[i] = send_only("k", PERSON_CALLED("P-1"));
	test_sleep_ms(300);
	api_unlock(db);
	for (int i = 0; i < TOGETHER; i++) {
		struct reply reply = { 0 };

		cr_assert(api_read(fds[i], "POST /kyc/sessions", &reply));
		cr_expect_eq(reply.status, 201, "%s", reply.body);
		first = first ? first : test_keep(strdup(reply_text(&reply, "id")));
		cr_expect_str_eq(reply_text(&reply, "id"), first);
		char *value = reply_header(&reply, "Kybdesk-Replayed");
		replayed += value != NULL;
		reply_release(&reply);
		close(fds[i]);
	}
	cr_expect_eq(replayed, TOGETHER - 1);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), 1);
}

/* Sends a document to the link `path`, and does not wait for its answer. */
static int send_document(const char *path)
{
	return api_post_only(&api, path, "Connection: close\r\nIdempotency-Key: k\r\n",
			     "{\"document_type\":\"PASSPORT\",\"content\":\"JVBERi0xLjQKJSVFT0YK\"}");
}

/* Sends a document several times, and returns whether a request got 409 (key in use). If one thread of the server
 * accepts all requests, it runs them one after the other, and no request gets 409. */
static bool one_is_told(const char *path)
{
	int fds[TOGETHER];
	bool told = false;

	for (int i = 0; i < TOGETHER; i++) {
		fds[i] = send_document(path);
		test_sleep_ms(20);
	}
	for (int i = 0; i < TOGETHER; i++) {
		struct reply reply = { 0 };

		cr_assert(api_read_any(fds[i], &reply));
		cr_expect(reply.status == 409 || reply.status == 503, "%d %s", reply.status, reply.body);
		told = told ||
		       (reply.status == 409 && !strcmp(reply_text(&reply, "error.code"), "idempotency_key_in_use"));
		reply_release(&reply);
		close(fds[i]);
	}
	return told;
}

/* A request with a file does not wait in the queue of the server's one writer, so a second request gets 409. */
Test(once, while_a_first_file_is_under_way_the_second_is_told_so)
{
	sqlite3 *db;
	bool told = false;

	NEED(201, "POST", PERSON_CALLED("P-1"), "/kyc/sessions");
	char *path = test_keep(strdup(strstr(reply_text(&api.last, "access_link"), "/s/")));
	/* The first request cannot end while the test holds the write lock. */
	db = api_lock(&api);
	for (int i = 0; i < 5 && !told; i++)
		told = one_is_told(path);
	cr_expect(told);
	api_unlock(db);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM document WHERE sha256 <> ''"), 0);
}

#define MANY 40

Test(once, a_crash_leaves_the_change_with_its_answer_or_neither)
{
	int fds[MANY];
	char key[32], *ids[MANY];

	for (int i = 0; i < MANY; i++) {
		(void)snprintf(key, sizeof key, "crash-%d", i);
		fds[i] = send_only(key, PERSON);
	}
	/* Waits until some requests are done, and kills the server before all are done. */
	for (int i = 0; i < 600 && api_number(&api, "SELECT count(*) FROM session") < 3; i++)
		test_sleep_ms(2);
	api_crash(&api);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"),
		     api_number(&api, "SELECT count(*) FROM kept_answer"));
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(key, sizeof key, "crash-%d", i);
		cr_assert_eq(api_once(&api, key, "/kyc/sessions", PERSON), 201, "%s", api.last.body);
		ids[i] = api_keep(&api, "id");
		for (int k = 0; k < i; k++)
			cr_expect_str_neq(ids[i], ids[k]);
	}
	cr_expect_eq(api_number(&api, "SELECT count(*) FROM session"), MANY);
}
