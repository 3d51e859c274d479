/* The desk detects reapplications made through the API; no response names the case of another merchant. */
#include "attack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *key;

static void set_up(void)
{
	api_open_production(&api);
	DONE("reviewer", "add", "rita", "--role", "reviewer");
	DONE_JSON("reviewer", "key", "rita");
	key = test_keep(strdup(json_path_text(api.box.json, "api_key")));
}
TestSuite(api_duplicate, .init = set_up, .fini = api_tear_down);

/* Opens a session of a new business; returns the session's id. */
static char *open_session(const char *merchants_key, const char *number)
{
	char *body =
		test_text("{\"name\":\"Harbour Lane Ltd\",\"country\":\"GB\",\"registrationNumber\":\"%s\"}", number);
	api.token = merchants_key;
	NEED(201, "POST", body, "/api/v1/account/business-user");
	NEED(201, "POST", NULL, "/api/v1/account/business-user/%s/kyb-sessions", api_keep(&api, "uid"));
	return api_keep(&api, "id");
}

static void expect_same(const char *id, const char *other, const char *word)
{
	char path[64];
	bool found = false;

	DONE_JSON("duplicate", "list", id);
	for (int i = 0; i < 12; i++) {
		(void)snprintf(path, sizeof path, "data[%d].id", i);
		if (strcmp(json_path_text(api.box.json, path), other) != 0)
			continue;
		for (int s = 0; s < 3; s++) {
			(void)snprintf(path, sizeof path, "data[%d].same[%d]", i, s);
			found = found || !strcmp(json_path_text(api.box.json, path), word);
		}
	}
	cr_expect(found, "%s", api.box.last.out);
}

Test(api_duplicate, a_reapplication_is_found_in_every_spelling)
{
	static const char *const spellings[] = { "PT 509 442 013 B",   "PT-509-442-013-B", "ＰＴ５０９４４２０１３Ｂ",
						 "PT509442013В",       "00PT509442013B",   "PT٥٠٩٤٤٢٠١٣B",
						 "PT509​442013‍B", "pt509442013b",	   "PT.509.442.013.º B." };
	char *first = open_session(api.key, "PT509442013B");

	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		char *id = open_session(api.key, spellings[i]);

		expect_same(id, first, "registration_number");
	}
}

Test(api_duplicate, a_second_session_of_a_user_is_found)
{
	api.token = api.key;
	NEED(201, "POST", "{\"name\":\"Harbour Lane Ltd\",\"country\":\"GB\"}", "/api/v1/account/business-user");
	char *uid = api_keep(&api, "uid");
	NEED(201, "POST", NULL, "/api/v1/account/business-user/%s/kyb-sessions", uid);
	char *first = api_keep(&api, "id");
	DONE("reject", first, "--reason", "other", "--grace", "0");
	NEED(201, "POST", NULL, "/api/v1/account/business-user/%s/kyb-sessions", uid);
	expect_same(api_keep(&api, "id"), first, "uid");
}

static void expect_silence(const char *theirs, bool outside)
{
	const char *const words[] = { theirs, "rival", "duplicate", outside ? "held" : theirs };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		BODY_LACKS(words[i]);
}

Test(api_duplicate, of_another_merchant_is_no_word_outside)
{
	char *mine = open_session(api.key, "09482213"), *theirs = open_session(api.other_key, "9482-213");

	expect_same(mine, theirs, "registration_number");
	api.token = api.key;
	NEED(200, "GET", NULL, "/kyc/sessions/%s", mine);
	expect_silence(theirs, true);
	NEED(200, "GET", NULL, "/kyc/sessions");
	expect_silence(theirs, true);
	api.token = key;
	ASK(409, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/%s", mine);
	expect_silence(theirs, false);
}
