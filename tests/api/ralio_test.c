/* seeds ralio-kyb-session and ralio-sandbox: each step of their guides, by a client that knows only
 * them and api.md. */
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
	NEED(201, "POST",
	     "{\"name\":\"Harbour Lane Trading Ltd\",\"country\":\"GB\",\"registrationNumber\":"
	     "\"09482213\",\"taxId\":\"GB123456789\",\"website\":\"https://harbourlane.example\"}",
	     ACCOUNT "/business-user");
	return api_keep(&api, "uid");
}

/* Opens a KYB session; returns "/api/v1/account/business-user/UID/kyb-sessions/ID". */
static char *open_kyb(const char *uid)
{
	NEED(201, "POST", NULL, ACCOUNT "/business-user/%s/kyb-sessions", uid);
	return test_text(ACCOUNT "/business-user/%s/kyb-sessions/%s", uid, reply_text(&api.last, "id"));
}

static int upload(const char *session, const char *category, const char *type, const struct form_file *file)
{
	return api_form(&api, test_text("%s/documents", session), file, "category", category, "type", type, NULL);
}

#define UPLOADED(wanted, ...)                                                                                          \
	cr_expect_eq(upload(__VA_ARGS__), wanted, "%s: %d: %s", api.sent, api.last.status, api.last.body)

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
	NEED(200, "POST", body, "/api/v1/auth/login");
	ANSWERS("expiresAt is there");
	char *token = api_keep(&api, "token");
	api.token = token;
	ASK(200, "GET", NULL, ACCOUNT "/business-users");
	for (size_t at = 4; at < strlen(token); at += 9) {
		char before = token[at];

		token[at] = before == 'A' ? 'B' : 'A';
		cr_expect_eq(api_call(&api, "GET", ACCOUNT "/business-users", NULL), 401, "%s", token);
		token[at] = before;
	}
	/* A token is valid as long as its key: another key changes nothing, a rotation without overlap ends both. */
	DONE_JSON("merchant", "key", "shop");
	ASK(200, "GET", NULL, ACCOUNT "/business-users");
	DONE_JSON("merchant", "key", "rotate", "shop", "default", "--overlap", "0");
	ASK(401, "GET", NULL, ACCOUNT "/business-users");
}

Test(ralio, wrong_logins_take_their_time_and_end_after_ten)
{
	long long began = test_clock_ms();

	char *body = test_text("{\"api_code\":\"%s\",\"api_key\":\"wrong\"}", api.code);
	api.token = NULL;
	for (int i = 0; i < 10; i++)
		ASK(401, "POST", body, "/api/v1/auth/login");
	cr_expect_geq(test_clock_ms() - began, 3500);
	/* The limit permits 10 wrong logins, and one more each six seconds. */
	for (int i = 0; i < 5 && api_call(&api, "POST", "/api/v1/auth/login", body) == 401;)
		i++;
	cr_expect_eq(api.last.status, 429);
	char *wait = reply_header(&api.last, "Retry-After");
	cr_assert_not_null(wait);
	cr_expect_gt(atoi(wait), 0);
	/* The limit blocks neither another code, nor the same code from another address, nor the right key from the
	 * same address, since all clients behind a proxy share an address. */
	api.from = 2;
	ASK(401, "POST", body, "/api/v1/auth/login");
	body = test_text("{\"api_code\":\"%s\",\"api_key\":\"%s\"}", api.code, api.key);
	ASK(200, "POST", body, "/api/v1/auth/login");
	api.from = 0;
	ASK(200, "POST", body, "/api/v1/auth/login");
	ASK(401, "POST", "{\"api_code\":\"mch_x\",\"api_key\":\"y\"}", "/api/v1/auth/login");
	ASK(400, "POST", "{\"api_code\":\"mch_x\"}", "/api/v1/auth/login");
}

Test(ralio, business_users_are_made_found_and_listed_at_both_addresses)
{
	char *uid = add_business();

	ANSWERS(test_text("id: %s", uid), "kybLevel: LIGHT", "kybId = 1");
	cr_expect(reply_has(&api.last, "createdAt") && reply_has(&api.last, "updatedAt"));
	GETS((ACCOUNT "/business-user/%s", uid), "name: Harbour Lane Trading Ltd");
	ASK(200, "GET", NULL, ACCOUNT "/business-users/%s", uid);
	ASK(404, "GET", NULL, ACCOUNT "/individual-users/%s", uid);
	ASK(201, "POST", "{\"name\":\"Second\",\"country\":\"PRT\"}", ACCOUNT "/business-users");
	ANSWERS("kybId = 2");
	GETS((ACCOUNT "/business-users?limit=1&page=2"), "data[0].name: Second");
	ASK(400, "POST", "{\"country\":\"GB\"}", ACCOUNT "/business-user");
	ANSWERS("error.fields[0].field: name");
	ASK(400, "POST", "{\"name\":\"N\",\"country\":\"XX\"}", ACCOUNT "/business-user");
	ANSWERS("error.fields[0].field: country");
	ASK(400, "POST", "{\"name\":\"N\",\"country\":\"GB\",\"registrationNumber\":5}", ACCOUNT "/business-user");
	ANSWERS("error.fields[0].field: registrationNumber");
	api.token = api.other_key;
	ASK(404, "GET", NULL, ACCOUNT "/business-user/%s", uid);
	ASK(404, "POST", NULL, ACCOUNT "/business-user/%s/kyb-sessions", uid);
}

Test(ralio, a_kyb_session_goes_from_its_making_to_the_level_regular)
{
	char *uid = add_business(), *session = open_kyb(uid), *id = api_keep(&api, "id");
	const struct form_file file = pdf("paper.pdf"), photo = { "bill.jpg", "\xff\xd8\xff\xe0junk\xff\xd9", 10 };

	ANSWERS("state: OPEN", "kybId = 1", "documents has 0");
	/* Each missing item is reported. */
	ASK(400, "POST", NULL, "%s/submit", session);
	for (size_t i = 0; i < 4; i++) {
		char field[40];

		snprintf(field, sizeof field, "error.fields[%zu].field", i);
		cr_expect_str_eq(reply_text(&api.last, field), mandatory[i]);
	}
	upload_mandatory(session);
	UPLOADED(201, session, "COMPANY_INFO", "OTHER", &photo);
	char *document = api_keep(&api, "id");
	ANSWERS("fileName: bill.jpg", "size = 10");
	cr_expect_eq(strlen(reply_text(&api.last, "sha256")), 64);
	ASK(200, "GET", NULL, "%s/documents", session);
	cr_expect_eq(json_array_size(api.last.json), 5);
	ASK(204, "DELETE", NULL, "%s/documents/%s", session, document);
	ASK(404, "DELETE", NULL, "%s/documents/%s", session, document);
	NEED(200, "POST", NULL, "%s/submit", session);
	ANSWERS("state: IN_REVIEW", "documents has 4");
	/* After submission nothing can be uploaded, deleted or submitted again. */
	ASK(409, "POST", NULL, "%s/submit", session);
	cr_expect_eq(upload(session, "COMPANY_INFO", "OTHER", &file), 409);
	ASK(200, "GET", NULL, "%s/documents", session);
	char *first = api_keep(&api, "[0].id");
	if (!*first) {
		first = test_keep(strdup(json_string_value(json_object_get(json_array_get(api.last.json, 0), "id"))));
	}
	ASK(409, "DELETE", NULL, "%s/documents/%s", session, first);
	/* Compliance declares the business's owners; an owner's KYC has its own link. */
	DONE("party", "add", id, "--name", "Ana Costa", "--kind", "individual", "--role", "ubo", "--control-role",
	     "CEO", "--percent", "100", "--country", "PT", "--birth", "1980-02-03");
	GETS(("%s", session), "relatedParties[0].name: Ana Costa", "relatedParties[0].roles[0]: ubo",
	     "relatedParties[0].kycState: PENDING");
	cr_expect_not_null(strstr(reply_text(&api.last, "relatedParties[0].hostedUrl"), "/s/"));
	/* A reviewer decides at the terminal; within the grace time the merchant sees the old state. */
	DONE_JSON("show", id);
	DONE("approve", test_keep(strdup(json_path_text(api.box.json, "parties[0].session.id"))), "--grace", "0");
	for (size_t i = 0; i < 4; i++)
		DONE("document", "accept", id, mandatory[i]);
	DONE("approve", id, "--grace", "600");
	GETS(("%s", session), "state: IN_REVIEW");
	GETS((ACCOUNT "/business-user/%s", uid), "kybLevel: LIGHT");
	NEED(403, "POST", "{\"currency\":\"EUR\"}", ACCOUNT "/users/%s/accounts", uid);
	DONE("undo", id);
	DONE("approve", id, "--grace", "0");
	GETS(("%s", session), "state: APPROVED", "relatedParties[0].kycState: VERIFIED");
	GETS((ACCOUNT "/business-user/%s", uid), "kybLevel: REGULAR");
	NEED(201, "POST", "{\"currency\":\"EUR\"}", ACCOUNT "/users/%s/accounts", uid);
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
		ANSWERS(test_text("state: %s", states[i].word));
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
	UPLOADED(413, session, "COMPANY_INFO", "OTHER", &huge);
	UPLOADED(415, session, "COMPANY_INFO", "OTHER", &text);
	UPLOADED(415, session, "COMPANY_INFO", "OTHER", &lies);
	UPLOADED(400, session, "COMPANY_INFO", "OTHER", &nothing);
	UPLOADED(400, session, "COMPANY_INFO", "OTHER", NULL);
	ANSWERS("error.fields[0].field: file");
	UPLOADED(400, session, "COMPANY_INFO", "SELFIE", &good);
	ANSWERS("error.fields[0].field: type");
	UPLOADED(400, session, "PERSONAL", "OTHER", &good);
	ANSWERS("error.fields[0].field: category");
	UPLOADED(400, session, "", "", &good);
	ASK(415, "POST", "{}", "%s/documents", session);
	UPLOADED(201, session, "COMPANY_INFO", "OTHER", &path);
	ANSWERS("fileName: paper.pdf");
	ASK(200, "GET", NULL, "%s/documents", session);
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
	ASK(200, "GET", NULL, "%s", path);
	cr_expect_eq(json_array_size(api.last.json), 0);
}

Test(ralio, a_session_is_found_under_its_own_user_alone)
{
	char *one = add_business(), *session = open_kyb(one), *id = api_keep(&api, "id");

	NEED(201, "POST", "{\"name\":\"Second\",\"country\":\"PRT\"}", ACCOUNT "/business-user");
	char *two = api_keep(&api, "uid");
	ASK(404, "GET", NULL, ACCOUNT "/business-user/%s/kyb-sessions/%s", two, id);
	ASK(404, "POST", NULL, ACCOUNT "/business-user/%s/kyb-sessions/%s/submit", two, id);
	ASK(404, "GET", NULL, ACCOUNT "/individual-users/%s/kyc-sessions/%s", one, id);
	api.token = api.other_key;
	ASK(404, "GET", NULL, "%s", session);
	ASK(404, "POST", NULL, "%s/submit", session);
	ASK(404, "GET", NULL, "%s/documents", session);
	const struct form_file file = pdf("paper.pdf");
	cr_expect_eq(upload(session, "COMPANY_INFO", "OTHER", &file), 404);
}

Test(ralio, an_individual_is_verified_through_an_identity_session)
{
	NEED(201, "POST",
	     "{\"firstName\":\"Ana Maria\",\"lastName\":\"da Silva\",\"country\":\"PT\",\"dateOfBirth\":"
	     "\"1990-12-01\",\"email\":\"ana@example.org\"}",
	     ACCOUNT "/individual-users");
	ANSWERS("firstName: Ana Maria", "lastName: da Silva", "kycState: NOT_STARTED");
	char *uid = api_keep(&api, "uid");
	NEED(201, "POST", NULL, ACCOUNT "/individual-users/%s/kyc-sessions", uid);
	ANSWERS("state: PENDING", "expiresAt is there");
	char *session = api_keep(&api, "id");
	char *url = api_keep(&api, "hostedUrl");
	cr_expect_not_null(strstr(url, "/s/"));
	GETS((ACCOUNT "/individual-users/%s/kyc-sessions/%s", uid, session),
	     test_text("hostedUrl: %s", url)); /* the session still has the same link */
	char *before = test_keep(api_word(&api, "SELECT status FROM session"));
	api_in_store(&api, "UPDATE session SET status = 'awaiting_client_correction'");
	GETS((ACCOUNT "/individual-users/%s/kyc-sessions/%s", uid, session), "state: CORRECTIONS_REQUESTED");
	api_in_store(&api, test_text("UPDATE session SET status = '%s'", before));
	/* "In sandbox: skip this — approve directly from the Portal." */
	DONE("approve", session, "--grace", "0");
	GETS((ACCOUNT "/individual-users/%s/kyc-sessions/%s", uid, session), "state: VERIFIED");
	GETS((ACCOUNT "/individual-users/%s", uid), "kycState: VERIFIED");
	ASK(400, "POST",
	    "{\"firstName\":\"A\",\"lastName\":\"B\",\"country\":\"PT\",\"dateOfBirth\":\"1990-"
	    "13-01\"}",
	    ACCOUNT "/individual-users");
	ANSWERS("error.fields[0].field: dateOfBirth");
	ASK(400, "POST",
	    "{\"firstName\":\"A\",\"lastName\":\"B\",\"country\":\"PT\",\"dateOfBirth\":\"1890-"
	    "10-01\"}",
	    ACCOUNT "/individual-users");
	ANSWERS("error.fields[0].field: dateOfBirth");
}

/* The workflow of the first session has no levels. The second session sets a level, and is then deleted as a draft. */
Test(ralio, a_deleted_session_leaves_a_level_that_is_no_damage)
{
	NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"Harbour Lane Trading Ltd\"}",
	     "/v2/account/sub-accounts");
	char *uid = api_keep(&api, "id");
	(void)open_kyb(uid);
	cr_assert_lt(api_callf(&api, "DELETE", NULL, "/kyc/sessions/%s", reply_text(&api.last, "id")), 300, "%s",
		     api.last.body);
	DONE("doctor");
	DONE("audit", "verify");
}

Test(ralio, endpoints_are_registered_as_the_portal_offers_it)
{
	NEED(201, "POST", "{\"url\":\"https://merchant.example/hooks\",\"events\":[\"kyc.state_updated\"]}",
	     "/api/v1/webhooks");
	cr_expect_eq(strncmp(reply_text(&api.last, "secret"), "whsec_", 6), 0);
	char *id = api_keep(&api, "id");
	GETS(("/api/v1/webhooks"), test_text("data[0].id: %s", id));
	BODY_LACKS("whsec_");
	ASK(400, "POST", "{\"url\":\"ftp://merchant.example\",\"events\":[\"kyc.state_updated\"]}", "/api/v1/webhooks");
	ANSWERS("error.fields[0].field: url");
	ASK(400, "POST", "{\"url\":\"https://merchant.example\",\"events\":[\"kyc.nonsense\"]}", "/api/v1/webhooks");
	ASK(400, "POST", "{\"url\":\"https://merchant.example\"}", "/api/v1/webhooks");
	api.token = api.other_key;
	ASK(404, "DELETE", NULL, "/api/v1/webhooks/%s", id);
	GETS(("/api/v1/webhooks"), "data has 0");
	api.token = api.key;
	ASK(204, "DELETE", NULL, "/api/v1/webhooks/%s", id);
	GETS(("/api/v1/webhooks"), "data has 0");
}
