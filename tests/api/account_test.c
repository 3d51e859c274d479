/* Accounts of verified users (seeds ralio-kyb-session step 7, ralio-sandbox). */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	api_open(&api, NULL);
	cr_assert_eq(box_run(&api.box, "endpoint", "add", "--merchant", "shop", "--url", "http://127.0.0.1:1/",
			     "--event", "account.activated", NULL),
		     0, "%s", api.box.last.err);
}
TestSuite(account, .init = set_up, .fini = api_tear_down);

#define USERS "/api/v1/account"
#define MAIN "{\"currency\":\"EUR\",\"label\":\"Main Account\"}"

static int open_for(const char *uid, const char *body)
{
	return api_callf(&api, "POST", body, USERS "/users/%s/accounts", uid);
}

/* The number of account.activated events so far (seed ralio-sandbox, "Available events"). */
static size_t told(void)
{
	const json_t *data;
	size_t count = 0;

	cr_assert_eq(box_json(&api.box, "webhook", "list", NULL), 0, "%s", api.box.last.err);
	data = json_path(api.box.json, "data");
	for (size_t i = 0; i < json_array_size(data); i++)
		count += !strcmp(json_path_text(json_array_get(data, i), "type"), "account.activated");
	return count;
}

/* Once for each that was opened, the last of them this one; its label stays here. */
static void expect_told(const char *account, size_t count)
{
	cr_expect_eq(told(), count, "%s", api.box.last.out);
	cr_assert_str_eq(json_path_text(api.box.json, "data[0].type"), "account.activated", "%s", api.box.last.out);
	cr_assert_eq(box_json(&api.box, "webhook", "show",
			      test_keep(strdup(json_path_text(api.box.json, "data[0].id"))), NULL),
		     0, "%s", api.box.last.err);
	cr_expect(strstr(api.box.last.out, account), "%s", api.box.last.out);
	cr_expect(strstr(api.box.last.out, "EUR"), "%s", api.box.last.out);
	cr_expect_null(strstr(api.box.last.out, "Main Account"), "%s", api.box.last.out);
}

/* Opens a user with a session; *session is its id. */
static char *user(const char *kind, const char *body, const char *sessions, char **session)
{
	cr_assert_eq(api_callf(&api, "POST", body, USERS "/%s", kind), 201, "%s", api.last.body);
	char *uid = api_keep(&api, "uid");
	cr_assert_eq(api_callf(&api, "POST", NULL, USERS "/%s/%s/%s", kind, uid, sessions), 201, "%s",
		     api.last.body);
	*session = api_keep(&api, "id");
	return uid;
}

static void expect_refused(const char *uid)
{
	cr_expect_eq(open_for(uid, MAIN), 403, "%d %s", api.last.status, api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "error.code"), "not_verified");
}

Test(account, is_opened_for_a_person_once_it_is_verified)
{
	char *session;
	char *uid = user("individual-users", "{\"firstName\":\"Ana\",\"lastName\":\"Silva\",\"country\":\"PT\"}",
			 "kyc-sessions", &session);

	expect_refused(uid);
	/* A decision within its grace time has not taken effect yet. */
	cr_assert_eq(box_run(&api.box, "approve", session, "--grace", "600", NULL), 0, "%s", api.box.last.err);
	expect_refused(uid);
	cr_assert_eq(box_run(&api.box, "undo", session, NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(box_run(&api.box, "approve", session, "--grace", "0", NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(open_for(uid, MAIN), 201, "%s", api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "currency"), "EUR");
	cr_expect_str_eq(reply_text(&api.last, "label"), "Main Account");
	cr_expect_str_eq(reply_text(&api.last, "state"), "ACTIVE");
	cr_expect_str_eq(reply_text(&api.last, "userId"), uid);
	cr_expect_eq(reply_int(&api.last, "balance"), 0);
	char *id = api_keep(&api, "id");
	cr_expect_eq(strlen(id), 36);
	cr_assert_eq(box_shell(&api.box, "\"$K\" audit export"), 0);
	cr_expect_not_null(strstr(api.box.last.out, "\"action\":\"account.open\""));
	cr_expect_not_null(strstr(api.box.last.out, id));
	expect_told(id, 1);
	/* Another one each time. */
	cr_assert_eq(open_for(uid, "{\"currency\":\"USD\"}"), 201, "%s", api.last.body);
	cr_expect_str_neq(reply_text(&api.last, "id"), id);
	cr_assert_eq(open_for(uid, MAIN), 201, "%s", api.last.body);
	expect_told(reply_text(&api.last, "id"), 3);
	cr_assert_eq(api_callf(&api, "GET", NULL, USERS "/users/%s/accounts", uid), 200, "%s", api.last.body);
	cr_expect_eq(json_array_size(json_path(api.last.json, "data")), 3);
	cr_expect_str_eq(reply_text(&api.last, "data[0].id"), id);
	cr_expect_str_eq(reply_text(&api.last, "data[1].currency"), "USD");
	cr_assert_eq(api_callf(&api, "GET", NULL, USERS "/users/%s/accounts/%s", uid, id), 200, "%s",
		     api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "label"), "Main Account");
	cr_expect_str_eq(reply_text(&api.last, "userId"), uid);
	cr_expect_eq(api_callf(&api, "GET", NULL, USERS "/users/%s/accounts/%s", uid, session), 404);
	api.token = api.other_key;
	cr_expect_eq(api_callf(&api, "GET", NULL, USERS "/users/%s/accounts", uid), 404);
	cr_expect_eq(api_callf(&api, "GET", NULL, USERS "/users/%s/accounts/%s", uid, id), 404);
	api.token = api.key;
	/* Reopened by a lead: no events any more. */
	cr_assert_eq(box_run(&api.box, "reopen", session, "--reason", "The document turned out to be forged", NULL),
		     0, "%s", api.box.last.err);
	expect_refused(uid);
}

Test(account, is_opened_for_a_company_at_regular)
{
	char *session;
	char *uid = user("business-user", "{\"name\":\"Harbour Lane Ltd\",\"country\":\"PT\"}", "kyb-sessions",
			 &session);

	expect_refused(uid);
	cr_expect_eq(box_run(&api.box, "reject", session, "--reason", "other", "--message",
			     "This cannot be accepted as it is.", "--grace", "0", NULL),
		     0, "%s", api.box.last.err);
	expect_refused(uid);
	cr_expect_eq(told(), 0, "of what was refused nothing is told: %s", api.box.last.out);
}

Test(account, is_nobodys_elses_and_says_what_it_needs)
{
	static const char *const wrong[] = { "{}",
					     "{\"currency\":\"eur\"}",
					     "{\"currency\":\"EURO\"}",
					     "{\"currency\":\"XYZ\"}",
					     "{\"currency\":\"XTS\"}",
					     "{\"currency\":7}",
					     "{\"currency\":\"EUR\",\"label\":\"a\\nb\"}" };
	char *session, *label = test_keep(malloc(200));
	char *uid = user("individual-users", "{\"firstName\":\"Ana\",\"lastName\":\"Silva\",\"country\":\"PT\"}",
			 "kyc-sessions", &session);

	cr_assert_eq(box_run(&api.box, "approve", session, "--grace", "0", NULL), 0, "%s", api.box.last.err);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_expect_eq(open_for(uid, wrong[i]), 400, "%s: %s", wrong[i], api.last.body);
	memset(label, 'a', 101);
	label[101] = '\0';
	cr_expect_eq(open_for(uid, test_text("{\"currency\":\"EUR\",\"label\":\"%s\"}", label)), 400);
	api.token = api.other_key;
	cr_expect_eq(open_for(uid, MAIN), 404);
	cr_expect_eq(open_for("nobody", MAIN), 404);
	api.token = NULL;
	cr_expect_eq(open_for(uid, MAIN), 401);
}
