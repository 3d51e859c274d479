/* Accounts of verified users (seeds ralio-kyb-session step 7, ralio-sandbox). */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	api_open(&api, NULL);
	DONE("endpoint", "add", "--merchant", "shop", "--url", "http://127.0.0.1:1/", "--event", "account.activated");
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

	DONE_JSON("webhook", "list");
	data = json_path(api.box.json, "data");
	for (size_t i = 0; i < json_array_size(data); i++)
		count += !strcmp(json_path_text(json_array_get(data, i), "type"), "account.activated");
	return count;
}

/* Expects `count` events. The newest event contains this account and its currency, but not its label. */
static void expect_told(const char *account, size_t count)
{
	cr_expect_eq(told(), count, "%s", api.box.last.out);
	SHOWS("data[0].type: account.activated");
	DONE_JSON("webhook", "show", test_keep(strdup(json_path_text(api.box.json, "data[0].id"))));
	PRINTS(account, "EUR");
	PRINTS_NOT("Main Account");
}

/* Creates a user with a session; returns the user's uid. *session: the id of the session. */
static char *user(const char *kind, const char *body, const char *sessions, char **session)
{
	NEED(201, "POST", body, USERS "/%s", kind);
	char *uid = api_keep(&api, "uid");
	NEED(201, "POST", NULL, USERS "/%s/%s/%s", kind, uid, sessions);
	*session = api_keep(&api, "id");
	return uid;
}

static void expect_refused(const char *uid)
{
	cr_expect_eq(open_for(uid, MAIN), 403, "%d %s", api.last.status, api.last.body);
	ANSWERS("error.code: not_verified");
}

Test(account, is_opened_for_a_person_once_it_is_verified)
{
	char *session;
	char *uid = user("individual-users", "{\"firstName\":\"Ana\",\"lastName\":\"Silva\",\"country\":\"PT\"}",
			 "kyc-sessions", &session);

	expect_refused(uid);
	/* A decision within its grace time has not taken effect yet. */
	DONE("approve", session, "--grace", "600");
	expect_refused(uid);
	DONE("undo", session);
	DONE("approve", session, "--grace", "0");
	cr_assert_eq(open_for(uid, MAIN), 201, "%s", api.last.body);
	ANSWERS("currency: EUR", "label: Main Account", "state: ACTIVE", test_text("userId: %s", uid), "balance = 0");
	char *id = api_keep(&api, "id");
	cr_expect_eq(strlen(id), 36);
	DONE_SHELL("\"$K\" audit export");
	PRINTS("\"action\":\"account.open\"", id);
	expect_told(id, 1);
	/* Each request opens another account. */
	cr_assert_eq(open_for(uid, "{\"currency\":\"USD\"}"), 201, "%s", api.last.body);
	cr_expect_str_neq(reply_text(&api.last, "id"), id);
	cr_assert_eq(open_for(uid, MAIN), 201, "%s", api.last.body);
	expect_told(reply_text(&api.last, "id"), 3);
	GETS((USERS "/users/%s/accounts", uid), "data has 3", test_text("data[0].id: %s", id), "data[1].currency: USD");
	GETS((USERS "/users/%s/accounts/%s", uid, id), "label: Main Account", test_text("userId: %s", uid));
	ASK(404, "GET", NULL, USERS "/users/%s/accounts/%s", uid, session);
	api.token = api.other_key;
	ASK(404, "GET", NULL, USERS "/users/%s/accounts", uid);
	ASK(404, "GET", NULL, USERS "/users/%s/accounts/%s", uid, id);
	api.token = api.key;
	/* After the case is reopened, the user is not verified any more. */
	DONE("reopen", session, "--reason", "The document turned out to be forged");
	expect_refused(uid);
}

Test(account, is_opened_for_a_company_at_regular)
{
	char *session;
	char *uid =
		user("business-user", "{\"name\":\"Harbour Lane Ltd\",\"country\":\"PT\"}", "kyb-sessions", &session);

	expect_refused(uid);
	DONE("reject", session, "--reason", "other", "--message", "This cannot be accepted as it is.", "--grace", "0");
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

	DONE("approve", session, "--grace", "0");
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
