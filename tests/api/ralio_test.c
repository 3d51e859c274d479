/* seeds ralio-kyb-session and ralio-sandbox: each step of their guides, by a client that knows them
 * and api.md alone. */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(ralio, .init = api_set_up, .fini = api_tear_down);

#define ACCOUNT "/api/v1/account"

static const char *const mandatory[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
					 "DIRECTORS_SHAREHOLDERS_REG" };

static struct form_file pdf(const char *name)
{
	return (struct form_file){ name, pdf_bytes, pdf_length() };
}

static char *add_business(void)
{
	cr_assert_eq(
		api_call(&api, "POST", ACCOUNT "/business-user",
			 "{\"name\":\"Harbour Lane Trading Ltd\",\"country\":\"GB\",\"registrationNumber\":"
			 "\"09482213\",\"taxId\":\"GB123456789\",\"website\":\"https://harbourlane.example\"}"),
		201, "%s", api.last.body);
	return api_keep(&api, "uid");
}

/* "/api/v1/account/business-user/UID/kyb-sessions/ID" */
static char *open_kyb(const char *uid)
{
	cr_assert_eq(api_callf(&api, "POST", NULL, ACCOUNT "/business-user/%s/kyb-sessions", uid), 201, "%s",
		     api.last.body);
	return test_text(ACCOUNT "/business-user/%s/kyb-sessions/%s", uid, reply_text(&api.last, "id"));
}

static int upload(const char *session, const char *category, const char *type, const struct form_file *file)
{
	return api_form(&api, test_text("%s/documents", session), file, "category", category, "type", type, NULL);
}

static void upload_mandatory(const char *session)
{
	const struct form_file file = pdf("paper.pdf");

	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(upload(session, "COMPANY_INFO", mandatory[i], &file), 201, "%s", api.last.body);
}

Test(ralio, a_key_is_exchanged_for_a_token_that_works)
{
	char *body = test_text("{\"api_code\":\"%s\",\"api_key\":\"%s\"}", api.code, api.key);
	api.token = NULL;
	cr_assert_eq(api_call(&api, "POST", "/api/v1/auth/login", body), 200, "%s", api.last.body);
	cr_expect(reply_has(&api.last, "expiresAt"));
	char *token = api_keep(&api, "token");
	api.token = token;
	cr_expect_eq(api_call(&api, "GET", ACCOUNT "/business-users", NULL), 200);
	for (size_t at = 4; at < strlen(token); at += 9) {
		char before = token[at];

		token[at] = before == 'A' ? 'B' : 'A';
		cr_expect_eq(api_call(&api, "GET", ACCOUNT "/business-users", NULL), 401, "%s", token);
		token[at] = before;
	}
	/* The tokens of a key end with it. */
	cr_assert_eq(box_json(&api.box, "merchant", "key", "shop", NULL), 0);
	cr_expect_eq(api_call(&api, "GET", ACCOUNT "/business-users", NULL), 200);
	cr_assert_eq(box_json(&api.box, "merchant", "key", "rotate", "shop", "default", "--overlap", "0", NULL), 0);
	cr_expect_eq(api_call(&api, "GET", ACCOUNT "/business-users", NULL), 401);
}

Test(ralio, wrong_logins_take_their_time_and_end_after_ten)
{
	long long began = test_clock_ms();

	char *body = test_text("{\"api_code\":\"%s\",\"api_key\":\"wrong\"}", api.code);
	api.token = NULL;
	for (int i = 0; i < 10; i++)
		cr_expect_eq(api_call(&api, "POST", "/api/v1/auth/login", body), 401);
	cr_expect_geq(test_clock_ms() - began, 3500);
	/* One more is allowed after each six seconds. */
	for (int i = 0; i < 5 && api_call(&api, "POST", "/api/v1/auth/login", body) == 401;)
		i++;
	cr_expect_eq(api.last.status, 429);
	char *wait = reply_header(&api.last, "Retry-After");
	cr_assert_not_null(wait);
	cr_expect_gt(atoi(wait), 0);
	/* Nobody else is kept by it: neither another code, nor the merchant itself at another address, nor, since all
	 * clients of a proxy have its address, with the right key at the same one. */
	api.from = 2;
	cr_expect_eq(api_call(&api, "POST", "/api/v1/auth/login", body), 401);
	body = test_text("{\"api_code\":\"%s\",\"api_key\":\"%s\"}", api.code, api.key);
	cr_expect_eq(api_call(&api, "POST", "/api/v1/auth/login", body), 200);
	api.from = 0;
	cr_expect_eq(api_call(&api, "POST", "/api/v1/auth/login", body), 200, "%s", api.last.body);
	cr_expect_eq(api_call(&api, "POST", "/api/v1/auth/login", "{\"api_code\":\"mch_x\",\"api_key\":\"y\"}"),
		     401);
	cr_expect_eq(api_call(&api, "POST", "/api/v1/auth/login", "{\"api_code\":\"mch_x\"}"), 400);
}

Test(ralio, business_users_are_made_found_and_listed_at_both_addresses)
{
	char *uid = add_business();

	cr_expect_str_eq(reply_text(&api.last, "id"), uid);
	cr_expect_str_eq(reply_text(&api.last, "kybLevel"), "LIGHT");
	cr_expect_eq(reply_int(&api.last, "kybId"), 1);
	cr_expect(reply_has(&api.last, "createdAt") && reply_has(&api.last, "updatedAt"));
	cr_expect_eq(api_callf(&api, "GET", NULL, ACCOUNT "/business-user/%s", uid), 200);
	cr_expect_str_eq(reply_text(&api.last, "name"), "Harbour Lane Trading Ltd");
	cr_expect_eq(api_callf(&api, "GET", NULL, ACCOUNT "/business-users/%s", uid), 200);
	cr_expect_eq(api_callf(&api, "GET", NULL, ACCOUNT "/individual-users/%s", uid), 404);
	cr_expect_eq(api_call(&api, "POST", ACCOUNT "/business-users", "{\"name\":\"Second\",\"country\":\"PRT\"}"),
		     201);
	cr_expect_eq(reply_int(&api.last, "kybId"), 2);
	cr_expect_eq(api_call(&api, "GET", ACCOUNT "/business-users?limit=1&page=2", NULL), 200);
	cr_expect_str_eq(reply_text(&api.last, "data[0].name"), "Second");
	cr_expect_eq(api_call(&api, "POST", ACCOUNT "/business-user", "{\"country\":\"GB\"}"), 400);
	cr_expect_str_eq(reply_text(&api.last, "error.fields[0].field"), "name");
	cr_expect_eq(api_call(&api, "POST", ACCOUNT "/business-user", "{\"name\":\"N\",\"country\":\"XX\"}"), 400);
	cr_expect_str_eq(reply_text(&api.last, "error.fields[0].field"), "country");
	cr_expect_eq(api_call(&api, "POST", ACCOUNT "/business-user",
			      "{\"name\":\"N\",\"country\":\"GB\",\"registrationNumber\":5}"),
		     400);
	cr_expect_str_eq(reply_text(&api.last, "error.fields[0].field"), "registrationNumber");
	api.token = api.other_key;
	cr_expect_eq(api_callf(&api, "GET", NULL, ACCOUNT "/business-user/%s", uid), 404);
	cr_expect_eq(api_callf(&api, "POST", NULL, ACCOUNT "/business-user/%s/kyb-sessions", uid), 404);
}

Test(ralio, a_kyb_session_goes_from_its_making_to_the_level_regular)
{
	char *uid = add_business(), *session = open_kyb(uid), *id = api_keep(&api, "id");
	const struct form_file file = pdf("paper.pdf"), photo = { "bill.jpg", "\xff\xd8\xff\xe0junk", 8 };

	cr_expect_str_eq(reply_text(&api.last, "state"), "OPEN");
	cr_expect_eq(reply_int(&api.last, "kybId"), 1);
	cr_expect_eq(json_array_size(json_path(api.last.json, "documents")), 0);
	/* Each missing item is reported. */
	cr_expect_eq(api_callf(&api, "POST", NULL, "%s/submit", session), 400);
	for (size_t i = 0; i < 4; i++) {
		char field[40];

		snprintf(field, sizeof field, "error.fields[%zu].field", i);
		cr_expect_str_eq(reply_text(&api.last, field), mandatory[i]);
	}
	upload_mandatory(session);
	cr_assert_eq(upload(session, "COMPANY_INFO", "OTHER", &photo), 201, "%s", api.last.body);
	char *document = api_keep(&api, "id");
	cr_expect_str_eq(reply_text(&api.last, "fileName"), "bill.jpg");
	cr_expect_eq(reply_int(&api.last, "size"), 8);
	cr_expect_eq(strlen(reply_text(&api.last, "sha256")), 64);
	cr_expect_eq(api_callf(&api, "GET", NULL, "%s/documents", session), 200);
	cr_expect_eq(json_array_size(api.last.json), 5);
	cr_expect_eq(api_callf(&api, "DELETE", NULL, "%s/documents/%s", session, document), 204);
	cr_expect_eq(api_callf(&api, "DELETE", NULL, "%s/documents/%s", session, document), 404);
	cr_assert_eq(api_callf(&api, "POST", NULL, "%s/submit", session), 200, "%s", api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "state"), "IN_REVIEW");
	cr_expect_eq(json_array_size(json_path(api.last.json, "documents")), 4);
	/* From here on nothing can be uploaded or submitted. */
	cr_expect_eq(api_callf(&api, "POST", NULL, "%s/submit", session), 409);
	cr_expect_eq(upload(session, "COMPANY_INFO", "OTHER", &file), 409);
	cr_expect_eq(api_callf(&api, "GET", NULL, "%s/documents", session), 200);
	char *first = api_keep(&api, "[0].id");
	if (!*first) {
		first = test_keep(
			strdup(json_string_value(json_object_get(json_array_get(api.last.json, 0), "id"))));
	}
	cr_expect_eq(api_callf(&api, "DELETE", NULL, "%s/documents/%s", session, first), 409);
	/* Compliance declares the business's owners; an owner's KYC has its own address. */
	cr_assert_eq(box_run(&api.box, "party", "add", id, "--name", "Ana Costa", "--kind", "individual", "--role",
			     "ubo", "--control-role", "CEO", "--percent", "100", "--country", "PT", "--birth",
			     "1980-02-03", NULL),
		     0, "%s", api.box.last.err);
	cr_assert_eq(api_callf(&api, "GET", NULL, "%s", session), 200);
	cr_expect_str_eq(reply_text(&api.last, "relatedParties[0].name"), "Ana Costa");
	cr_expect_str_eq(reply_text(&api.last, "relatedParties[0].roles[0]"), "ubo");
	cr_expect_str_eq(reply_text(&api.last, "relatedParties[0].kycState"), "PENDING");
	cr_expect_not_null(strstr(reply_text(&api.last, "relatedParties[0].hostedUrl"), "/s/"));
	/* A reviewer decides at the terminal; within the grace time nobody outside is notified. */
	cr_assert_eq(box_json(&api.box, "show", id, NULL), 0);
	cr_assert_eq(box_run(&api.box, "approve",
			     test_keep(strdup(json_path_text(api.box.json, "parties[0].session.id"))), "--grace",
			     "0", NULL),
		     0, "%s", api.box.last.err);
	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(box_run(&api.box, "document", "accept", id, mandatory[i], NULL), 0, "%s",
			     api.box.last.err);
	cr_assert_eq(box_run(&api.box, "approve", id, "--grace", "600", NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(api_callf(&api, "GET", NULL, "%s", session), 200);
	cr_expect_str_eq(reply_text(&api.last, "state"), "IN_REVIEW");
	cr_assert_eq(api_callf(&api, "GET", NULL, ACCOUNT "/business-user/%s", uid), 200);
	cr_expect_str_eq(reply_text(&api.last, "kybLevel"), "LIGHT");
	cr_assert_eq(api_callf(&api, "POST", "{\"currency\":\"EUR\"}", ACCOUNT "/users/%s/accounts", uid), 403);
	cr_assert_eq(box_run(&api.box, "undo", id, NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(box_run(&api.box, "approve", id, "--grace", "0", NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(api_callf(&api, "GET", NULL, "%s", session), 200);
	cr_expect_str_eq(reply_text(&api.last, "state"), "APPROVED");
	cr_expect_str_eq(reply_text(&api.last, "relatedParties[0].kycState"), "VERIFIED");
	cr_assert_eq(api_callf(&api, "GET", NULL, ACCOUNT "/business-user/%s", uid), 200);
	cr_expect_str_eq(reply_text(&api.last, "kybLevel"), "REGULAR");
	cr_assert_eq(api_callf(&api, "POST", "{\"currency\":\"EUR\"}", ACCOUNT "/users/%s/accounts", uid), 201,
		     "%s", api.last.body);
}

Test(ralio, a_kyb_session_tells_how_it_stands_in_the_documents_words)
{
	static const struct {
		const char *status, *word;
	} states[] = {
		{ "draft", "OPEN" },
		{ "active", "OPEN" },
		{ "awaiting_client_correction", "CORRECTIONS_REQUESTED" },
		{ "completed", "IN_REVIEW" },
		{ "processing", "IN_REVIEW" },
		{ "processed", "IN_REVIEW" },
		{ "manual_review", "IN_REVIEW" },
		{ "approved", "APPROVED" },
		{ "rejected", "REJECTED" },
		{ "expired", "EXPIRED" },
	};
	char *id = add_business(), *session = open_kyb(id);

	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		char *sql = test_text("UPDATE session SET status = '%s', process_at = NULL", states[i].status);
		api_in_store(&api, sql);
		cr_assert_eq(api_call(&api, "GET", session, NULL), 200, "%s: %s", states[i].status, api.last.body);
		cr_expect_str_eq(reply_text(&api.last, "state"), states[i].word, "%s", states[i].status);
	}
}

Test(ralio, a_file_is_what_its_type_may_be)
{
	char *uid = add_business(), *session = open_kyb(uid), *large = test_keep(malloc(11 * 1024 * 1024));
	const struct form_file good = pdf("paper.pdf"), lies = pdf("paper.png"), nothing = { "paper.pdf", "", 0 };
	const struct form_file text = { "paper.pdf", "just words", 10 };
	const struct form_file path = pdf("../../../../etc/paper.pdf");
	struct form_file huge = { "paper.pdf", large, 11 * 1024 * 1024 };

	memset(large, 0, 11 * 1024 * 1024);
	memcpy(large, pdf_bytes, pdf_length());
	cr_expect_eq(upload(session, "COMPANY_INFO", "OTHER", &huge), 413);
	cr_expect_eq(upload(session, "COMPANY_INFO", "OTHER", &text), 415);
	cr_expect_eq(upload(session, "COMPANY_INFO", "OTHER", &lies), 415);
	cr_expect_eq(upload(session, "COMPANY_INFO", "OTHER", &nothing), 400);
	cr_expect_eq(upload(session, "COMPANY_INFO", "OTHER", NULL), 400);
	cr_expect_str_eq(reply_text(&api.last, "error.fields[0].field"), "file");
	cr_expect_eq(upload(session, "COMPANY_INFO", "SELFIE", &good), 400);
	cr_expect_str_eq(reply_text(&api.last, "error.fields[0].field"), "type");
	cr_expect_eq(upload(session, "PERSONAL", "OTHER", &good), 400);
	cr_expect_str_eq(reply_text(&api.last, "error.fields[0].field"), "category");
	cr_expect_eq(upload(session, "", "", &good), 400);
	cr_expect_eq(api_callf(&api, "POST", "{}", "%s/documents", session), 415);
	cr_expect_eq(upload(session, "COMPANY_INFO", "OTHER", &path), 201);
	cr_expect_str_eq(reply_text(&api.last, "fileName"), "paper.pdf");
	cr_expect_eq(api_callf(&api, "GET", NULL, "%s/documents", session), 200);
	cr_expect_eq(json_array_size(api.last.json), 1);
}

Test(ralio, a_form_that_is_broken_leaves_nothing)
{
	static const char *const bodies[] = {
		"",
		"--xyz",
		"--xyz\r\n\r\n",
		"--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4",
		"--xyz\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\nCOMPANY_INFO\r\n--xyz\r\n"
		"Content-Disposition: form-data; name=\"type\"\r\n\r\nOTHER\r\n--xyz\r\n"
		"Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4 half a file",
		"--xyz\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nv\r\n--xyz--\r\n",
	};
	char *uid = add_business(), *session = open_kyb(uid);

	char *path = test_text("%s/documents", session);
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		cr_expect_eq(api_send(&api, "POST", path, "Content-Type: multipart/form-data; boundary=xyz\r\n",
				      bodies[i], strlen(bodies[i])),
			     400, "%zu: %d %s", i, api.last.status, api.last.body);
	cr_expect_eq(api_send(&api, "POST", path, "Content-Type: multipart/form-data\r\n", "x", 1), 415);
	cr_expect_eq(api_call(&api, "GET", path, NULL), 200);
	cr_expect_eq(json_array_size(api.last.json), 0);
}

Test(ralio, a_session_is_found_under_its_own_user_alone)
{
	char *one = add_business(), *session = open_kyb(one), *id = api_keep(&api, "id");

	cr_assert_eq(api_call(&api, "POST", ACCOUNT "/business-user", "{\"name\":\"Second\",\"country\":\"PRT\"}"),
		     201);
	char *two = api_keep(&api, "uid");
	cr_expect_eq(api_callf(&api, "GET", NULL, ACCOUNT "/business-user/%s/kyb-sessions/%s", two, id), 404);
	cr_expect_eq(api_callf(&api, "POST", NULL, ACCOUNT "/business-user/%s/kyb-sessions/%s/submit", two, id),
		     404);
	cr_expect_eq(api_callf(&api, "GET", NULL, ACCOUNT "/individual-users/%s/kyc-sessions/%s", one, id), 404);
	api.token = api.other_key;
	cr_expect_eq(api_callf(&api, "GET", NULL, "%s", session), 404);
	cr_expect_eq(api_callf(&api, "POST", NULL, "%s/submit", session), 404);
	cr_expect_eq(api_callf(&api, "GET", NULL, "%s/documents", session), 404);
	const struct form_file file = pdf("paper.pdf");
	cr_expect_eq(upload(session, "COMPANY_INFO", "OTHER", &file), 404);
}

Test(ralio, an_individual_is_verified_through_an_identity_session)
{
	cr_assert_eq(
		api_call(
			&api, "POST", ACCOUNT "/individual-users",
			"{\"firstName\":\"Ana Maria\",\"lastName\":\"da Silva\",\"country\":\"PT\",\"dateOfBirth\":"
			"\"1990-12-01\",\"email\":\"ana@example.org\"}"),
		201, "%s", api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "firstName"), "Ana Maria");
	cr_expect_str_eq(reply_text(&api.last, "lastName"), "da Silva");
	cr_expect_str_eq(reply_text(&api.last, "kycState"), "NOT_STARTED");
	char *uid = api_keep(&api, "uid");
	cr_assert_eq(api_callf(&api, "POST", NULL, ACCOUNT "/individual-users/%s/kyc-sessions", uid), 201, "%s",
		     api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "state"), "PENDING");
	cr_expect(reply_has(&api.last, "expiresAt"));
	char *session = api_keep(&api, "id");
	char *url = api_keep(&api, "hostedUrl");
	cr_expect_not_null(strstr(url, "/s/"));
	cr_expect_eq(api_callf(&api, "GET", NULL, ACCOUNT "/individual-users/%s/kyc-sessions/%s", uid, session),
		     200);
	cr_expect_str_eq(reply_text(&api.last, "hostedUrl"), url, "shown again, the same");
	/* "In sandbox: skip this — approve directly from the Portal." */
	cr_assert_eq(box_run(&api.box, "approve", session, "--grace", "0", NULL), 0, "%s", api.box.last.err);
	cr_expect_eq(api_callf(&api, "GET", NULL, ACCOUNT "/individual-users/%s/kyc-sessions/%s", uid, session),
		     200);
	cr_expect_str_eq(reply_text(&api.last, "state"), "VERIFIED");
	cr_expect_eq(api_callf(&api, "GET", NULL, ACCOUNT "/individual-users/%s", uid), 200);
	cr_expect_str_eq(reply_text(&api.last, "kycState"), "VERIFIED");
	cr_expect_eq(api_call(&api, "POST", ACCOUNT "/individual-users",
			      "{\"firstName\":\"A\",\"lastName\":\"B\",\"country\":\"PT\",\"dateOfBirth\":\"1990-"
			      "13-01\"}"),
		     400);
	cr_expect_str_eq(reply_text(&api.last, "error.fields[0].field"), "dateOfBirth");
}

/* The first session has no levels, the second one named the level and is erased as a draft. */
Test(ralio, a_deleted_session_leaves_a_level_that_is_no_damage)
{
	cr_assert_eq(api_call(&api, "POST", "/v2/account/sub-accounts",
			      "{\"accountType\":\"COMPANY\",\"name\":\"Harbour Lane Trading Ltd\"}"),
		     201, "%s", api.last.body);
	char *uid = api_keep(&api, "id");
	(void)open_kyb(uid);
	cr_assert_lt(api_callf(&api, "DELETE", NULL, "/kyc/sessions/%s", reply_text(&api.last, "id")), 300, "%s",
		     api.last.body);
	cr_expect_eq(box_run(&api.box, "doctor", NULL), 0, "%s", api.box.last.out);
	cr_expect_eq(box_run(&api.box, "audit", "verify", NULL), 0, "%s", api.box.last.err);
}

Test(ralio, endpoints_are_registered_as_the_portal_offers_it)
{
	cr_assert_eq(api_call(&api, "POST", "/api/v1/webhooks",
			      "{\"url\":\"https://merchant.example/hooks\",\"events\":[\"kyc.state_updated\"]}"),
		     201, "%s", api.last.body);
	cr_expect_eq(strncmp(reply_text(&api.last, "secret"), "whsec_", 6), 0);
	char *id = api_keep(&api, "id");
	cr_expect_eq(api_call(&api, "GET", "/api/v1/webhooks", NULL), 200);
	cr_expect_str_eq(reply_text(&api.last, "data[0].id"), id);
	cr_expect_null(strstr(api.last.body, "whsec_"));
	cr_expect_eq(api_call(&api, "POST", "/api/v1/webhooks",
			      "{\"url\":\"ftp://merchant.example\",\"events\":[\"kyc.state_updated\"]}"),
		     400);
	cr_expect_str_eq(reply_text(&api.last, "error.fields[0].field"), "url");
	cr_expect_eq(api_call(&api, "POST", "/api/v1/webhooks",
			      "{\"url\":\"https://merchant.example\",\"events\":[\"kyc.nonsense\"]}"),
		     400);
	cr_expect_eq(api_call(&api, "POST", "/api/v1/webhooks", "{\"url\":\"https://merchant.example\"}"), 400);
	api.token = api.other_key;
	cr_expect_eq(api_callf(&api, "DELETE", NULL, "/api/v1/webhooks/%s", id), 404);
	cr_expect_eq(api_call(&api, "GET", "/api/v1/webhooks", NULL), 200);
	cr_expect_eq(json_array_size(json_path(api.last.json, "data")), 0);
	api.token = api.key;
	cr_expect_eq(api_callf(&api, "DELETE", NULL, "/api/v1/webhooks/%s", id), 204);
	cr_expect_eq(api_call(&api, "GET", "/api/v1/webhooks", NULL), 200);
	cr_expect_eq(json_array_size(json_path(api.last.json, "data")), 0);
}
