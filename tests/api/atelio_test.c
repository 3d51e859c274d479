/* The examples of seed atelio-beneficial-owners: the test sends the requests of the seed. */
#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *business;

static void set_up(void)
{
	api_open(&api, NULL);
	NEED(201, "POST", "{\"name\":\"Acme Cards\",\"country\":\"US\"}", "/api/v0.1/businesses");
	business = api_keep(&api, "business_id");
}
TestSuite(atelio, .init = set_up, .fini = api_tear_down);

#define OWNERS "/api/v0.1/businesses/%s/beneficial_owners"
#define OWNER OWNERS "/%s"
static char *add_owner(void)
{
	NEED(201, "POST", ATELIO_OWNER, OWNERS, business);
	return api_keep(&api, "beneficial_owner_id");
}

static void expect_message(const char *field, const char *sentence)
{
	json_t *message = test_keep(json_loads(reply_text(&api.last, "Message"), 0, NULL));

	cr_assert_not_null(message, "%s", api.last.body);
	cr_expect_str_eq(json_string_value(json_array_get(json_object_get(message, field), 0)), sentence, "%s",
			 api.last.body);
}

Test(atelio, its_clients_send_the_token_alone_and_name_themselves)
{
	api.token = NULL;
	char *headers = test_text("Authorization: %s\r\nIdentity: shop\r\n", api.key);
	cr_expect_eq(api_send(&api, "GET",
			      "/api/v0.1/businesses/0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01/beneficial_owners", headers,
			      NULL, 0),
		     404);
	headers = test_text("Authorization: %s\r\nIdentity: rival\r\n", api.key);
	cr_expect_eq(api_send(&api, "GET",
			      "/api/v0.1/businesses/0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01/beneficial_owners", headers,
			      NULL, 0),
		     401);
	ANSWERS("Status = 401");
	/* Other dialects require "Bearer" before the token. */
	headers = test_text("Authorization: %s\r\n", api.key);
	cr_expect_eq(api_send(&api, "GET", "/kyc/sessions", headers, NULL, 0), 401);
}

Test(atelio, an_owner_is_created_found_listed_changed_and_deleted)
{
	char *id = add_owner();

	ANSWERS("first_name: Boris", "middle_name: Jim", "last_name: Pasakovitch", "dob: 1992-03-23",
		"address[0].street: 5 California Ave.", "address[0].country: US", "address[0].is_primary = true");
	ASK(200, "GET", NULL, OWNER, business, id);
	cr_expect(reply_has(&api.last, "date_created") && reply_has(&api.last, "address[0].address_id"));
	GETS((OWNERS, business), "page_info.page = 1", "page_info.pages = 1", "page_info.page_size is there",
	     test_text("data[0].beneficial_owner_id: %s", id));
	ASK(200, "PATCH", "{\"first_name\":\"Bo\"}", OWNER, business, id);
	ANSWERS("first_name: Bo");
	ANSWERS("last_name: Pasakovitch"); /* a PATCH keeps fields that it omits */
	/* The case's subject is renamed, too: if its subject differs from the user's record it cannot be approved. */
	GIVES(("list"), "data[0].subject_name: Bo Jim Pasakovitch");
	ASK(200, "DELETE", NULL, OWNER, business, id);
	ANSWERS("date_deleted is there", test_text("beneficial_owner_id: %s", id));
	ASK(404, "GET", NULL, OWNER, business, id);
	GETS((OWNERS, business), "data has 0");
}

Test(atelio, a_missing_field_is_told_in_the_words_of_the_document)
{
	static const struct {
		const char *body, *field, *sentence;
	} cases[] = {
		{ "{\"addresses\":[" ATELIO_ADDRESS "],\"dob\":\"1992-03-23\",\"first_name\":\"Boris\"}", "last_name",
		  "Missing data for required field." },
		{ "{\"dob\":\"1992-03-23\",\"first_name\":\"Boris\",\"last_name\":\"Pas\"}", "addresses",
		  "Missing data for required field." },
		{ "{\"addresses\":[{\"address_type\":\"PHYSICAL\"}],\"dob\":\"1992-03-23\",\"first_name\":"
		  "\"Boris\",\"last_name\":\"Pas\"}",
		  "addresses[0].street", "Missing data for required field." },
		{ "{\"addresses\":[],\"dob\":\"1992-03-23\",\"first_name\":\"Boris\",\"last_name\":\"Pas\"}",
		  "addresses", "One or more of the beneficial owner's addresses." },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ASK(400, "POST", cases[i].body, OWNERS, business);
		expect_message(cases[i].field, cases[i].sentence);
		ANSWERS("Status = 400", "Code: create_beneficial_owner_schema", "Type: Request Error");
	}
	GETS((OWNERS, business), "data has 0");
}

Test(atelio, every_rule_of_an_owner_and_an_address_is_asked_and_nothing_is_half_made)
{
	static const char *const bad[] = {
		"\"dob\":\"1992-13-23\"",   "\"dob\":\"1892-03-23\"",	 "\"dob\":\"23.03.1992\"",
		"\"first_name\":\"B0ris\"", "\"first_name\":\"'Boris\"", "\"first_name\":\"Abcdefghijklmnopqrstu\"",
		"\"last_name\":\"P\"",	    "\"middle_name\":\"J!\"",	 "\"first_name\":7",
	};
	static const char *const wrong[][2] = {
		{ "\"address_type\":\"PHYSICAL\"", "\"address_type\":\"HOME\"" },
		{ "5 California Ave.", "5 A" },
		{ "5 California Ave.", "5 California Ave. of a street that is much too long" },
		{ "5 California Ave.", "5 California Ave!" },
		{ "Suite 770", "S" },
		{ "\"state\":\"CA\"", "\"state\":\"ZZ\"" },
		{ "12345-1234", "1234" },
		{ "\"country\":\"US\"", "\"country\":\"USA\"" },
		{ "\"is_primary\":true", "\"is_primary\":\"yes\"" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		json_t *all, *one;

		char *body = test_text("{%s}", bad[i]);
		all = test_keep(json_loads(ATELIO_OWNER, 0, NULL));
		one = test_keep(json_loads(body, 0, NULL));
		json_object_update(all, one);
		body = test_keep(json_dumps(all, 0));
		cr_expect_eq(api_callf(&api, "POST", body, OWNERS, business), 400, "%s: %s", bad[i], api.last.body);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		const char *at = strstr(ATELIO_OWNER, wrong[i][0]);

		cr_assert_not_null(at);
		char *body = test_text("%.*s%s%s", (int)(at - ATELIO_OWNER), ATELIO_OWNER, wrong[i][1],
				       at + strlen(wrong[i][0]));
		cr_expect_eq(api_callf(&api, "POST", body, OWNERS, business), 400, "%s: %s", wrong[i][1],
			     api.last.body);
	}
	GETS((OWNERS, business), "data has 0");
	GIVES(("list"), "data has 0");
}

Test(atelio, addresses_have_ids_and_lives_of_their_own)
{
	char *id = add_owner();

	NEED(201, "POST",
	     "{\"address_type\":\"MAILING\",\"street\":\"345 California "
	     "Ave.\",\"street2\":\"Suite 600\","
	     "\"city\":\"San "
	     "Francisco\",\"state\":\"CA\",\"zip_code\":\"12345-1234\",\"country\":\"US\","
	     "\"is_primary\":false}",
	     OWNER "/addresses", business, id);
	char *address = api_keep(&api, "address_id");
	ANSWERS("date_created is there");
	GETS((OWNER "/addresses", business, id), "data has 2");
	GETS((OWNER "/addresses?page_size=1&page=2", business, id), "page_info.pages = 2",
	     test_text("data[0].address_id: %s", address));
	ASK(200, "PATCH", "{\"city\":\"Oakland\"}", OWNER "/addresses/%s", business, id, address);
	ANSWERS("city: Oakland", "state: CA");
	ASK(400, "PATCH", "{\"state\":\"ZZ\"}", OWNER "/addresses/%s", business, id, address);
	GETS((OWNER "/addresses/%s", business, id, address), "state: CA");
	/* Only the address that was last sent as primary is primary. */
	ASK(200, "PATCH", "{\"is_primary\":true}", OWNER "/addresses/%s", business, id, address);
	ASK(201, "POST", ATELIO_ADDRESS, OWNER "/addresses", business, id);
	ANSWERS("is_primary = true");
	ASK(200, "GET", NULL, OWNER "/addresses", business, id);
	for (size_t i = 0; i < 3; i++)
		cr_expect_eq(json_is_true(json_object_get(json_array_get(json_path(api.last.json, "data"), i),
							  "is_primary")),
			     i == 2, "%s", api.last.body);
	ASK(400, "POST",
	    "{\"addresses\":[" ATELIO_ADDRESS "," ATELIO_ADDRESS "],\"dob\":\"1992-03-23\",\"first_name\":\"Bo\","
	    "\"last_name\":\"Pas\"}",
	    OWNERS, business);
	expect_message("addresses", "Only one address can be the primary address.");
	ASK(200, "DELETE", NULL, OWNER "/addresses/%s", business, id, address);
	ANSWERS("date_deleted is there");
	ASK(404, "GET", NULL, OWNER "/addresses/%s", business, id, address);
	ASK(400, "POST", "{}", OWNER "/addresses", business, id);
	expect_message("street", "Missing data for required field.");
}

Test(atelio, a_kyc_is_started_looked_at_and_ends_once)
{
	char *id = add_owner();

	ASK(404, "GET", NULL, OWNER "/verification-kyc?program_id=" ATELIO_PROGRAM, business, id);
	ASK(400, "POST", "{\"program_id\":\"" ATELIO_PROGRAM "\"}", OWNER "/verification-kyc", business,
	    id); /* an owner in the United States needs ssn, phone, email and ip */
	ASK(400, "POST", "{}", OWNER "/verification-kyc", business, id);
	expect_message("program_id", "Missing data for required field.");
	NEED(200, "POST", ATELIO_START, OWNER "/verification-kyc", business, id);
	ANSWERS(test_text("beneficial_owner_id: %s", id), "kyc_status: initialized");
	GETS((OWNER "/verification-kyc?program_id=" ATELIO_PROGRAM, business, id), "kyc_status: initialized");
	GETS(("/api/v0.1/customers/%s/verification-kyc?program_id=" ATELIO_PROGRAM, id),
	     test_text("customer_id: %s", id));
	cr_expect(reply_has(&api.last, "brand_id") && reply_has(&api.last, "health.overall"));
	ANSWERS("results.ofac: pending");
	/* A second start and a change of submitted data are refused during the KYC. */
	ASK(409, "POST", ATELIO_START, OWNER "/verification-kyc", business, id);
	ASK(409, "PATCH", "{\"first_name\":\"Bo\"}", OWNER, business, id);
	/* Deleting only hides the owner from the merchant: the desk keeps the submitted data. */
	ASK(200, "DELETE", NULL, OWNER, business, id);
	cr_expect(reply_has(&api.last, "date_deleted") && reply_has(&api.last, "address[0].date_deleted"));
	ASK(404, "GET", NULL, OWNER, business, id);
}

/* The status of a session, or the error or timeout of a check, is returned as a kyc_status of the seed. */
Test(atelio, a_kyc_tells_how_it_stands_in_the_documents_words)
{
	static const struct {
		const char *sql, *word;
	} states[] = {
		{ "UPDATE session SET status = 'draft'", "not_started" },
		{ "UPDATE session SET status = 'active'", "not_started" },
		{ "UPDATE session SET status = 'processing'", "initialized" },
		{ "UPDATE session SET status = 'completed'", "initialized" },
		{ "INSERT INTO check_result (session_id, kind, status) SELECT id, 'bureau', 'timeout' FROM session",
		  "timeout" },
		{ "INSERT INTO check_result (session_id, kind, status) SELECT id, 'email', 'error' FROM session",
		  "error" },
		{ "UPDATE session SET status = 'awaiting_client_correction'", "document_required" },
		{ "UPDATE session SET status = 'manual_review'", "under_review" },
		{ "UPDATE session SET status = 'approved'", "passed" },
		{ "UPDATE session SET status = 'rejected'", "failed" },
		{ "UPDATE session SET status = 'expired'", "failed" },
	};
	char *id = add_owner();

	NEED(200, "POST", ATELIO_START, OWNER "/verification-kyc", business, id);
	api_in_store(&api, "UPDATE session SET process_at = NULL");
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		api_in_store(&api, states[i].sql);
		cr_assert_eq(api_callf(&api, "GET", NULL, OWNER "/verification-kyc?program_id=" ATELIO_PROGRAM,
				       business, id),
			     200, "%s: %s", states[i].sql, api.last.body);
		ANSWERS(test_text("kyc_status: %s", states[i].word), strcmp(states[i].word, "passed")
									     ? "info.ofac.name_matched = null"
									     : "info.ofac.name_matched = false");
	}
}

Test(atelio, another_merchants_owners_are_not_there)
{
	char *id = add_owner(), *address = api_keep(&api, "address[0].address_id");

	api.token = api.other_key;
	ASK(404, "GET", NULL, OWNERS, business);
	ASK(404, "POST", ATELIO_OWNER, OWNERS, business);
	ASK(404, "GET", NULL, OWNER, business, id);
	ASK(404, "PATCH", "{\"first_name\":\"Bo\"}", OWNER, business, id);
	ASK(404, "DELETE", NULL, OWNER, business, id);
	ASK(404, "GET", NULL, OWNER "/addresses", business, id);
	ASK(404, "POST", ATELIO_ADDRESS, OWNER "/addresses", business, id);
	ASK(404, "DELETE", NULL, OWNER "/addresses/%s", business, id, address);
	ASK(404, "POST", ATELIO_START, OWNER "/verification-kyc", business, id);
	ASK(404, "GET", NULL, "/api/v0.1/customers/%s/verification-kyc?program_id=" ATELIO_PROGRAM, id);
	/* The owner is not found under the rival's own business, either. */
	NEED(201, "POST", "{\"name\":\"Rival\",\"country\":\"US\"}", "/api/v0.1/businesses");
	ASK(404, "GET", NULL, OWNER, api_keep(&api, "business_id"), id);
	api.token = api.key;
	ASK(200, "GET", NULL, OWNER, business, id);
}
