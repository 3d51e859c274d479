/* seed atelio-beneficial-owners: its examples, by a client that sends the document's requests. */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *business;

static void set_up(void)
{
	api_open(&api, NULL);
	cr_assert_eq(api_call(&api, "POST", "/api/v0.1/businesses", "{\"name\":\"Acme Cards\",\"country\":\"US\"}"),
		     201, "%s", api.last.body);
	business = api_keep(&api, "business_id");
}
static void tear_down(void)
{
	api_close(&api);
}
TestSuite(atelio, .init = set_up, .fini = tear_down);

#define OWNERS "/api/v0.1/businesses/%s/beneficial_owners"
#define OWNER OWNERS "/%s"
#define ADDRESS                                                                                                    \
	"{\"address_type\":\"PHYSICAL\",\"street\":\"5 California Ave.\",\"street2\":\"Suite "                     \
	"770\",\"city\":\"San "                                                                                    \
	"Francisco\",\"state\":\"CA\",\"zip_code\":\"12345-1234\",\"country\":\"US\",\"is_primary\":true}"
/* The document's example request, word for word. */
#define BORIS                                                                                                      \
	"{\"addresses\":[" ADDRESS "],\"dob\":\"1992-03-23\",\"first_name\":\"Boris\",\"middle_name\":\"Jim\","    \
	"\"last_name\":\"Pasakovitch\"}"
#define PROGRAM "72585109-8222-4221-b15b-48e87ffed790"
#define START                                                                                                      \
	"{\"program_id\":\"" PROGRAM                                                                               \
	"\",\"ssn\":\"123-45-6789\",\"phone\":\"555-111-2222\",\"phone_country_code\":"                            \
	"\"1\",\"email\":\"james@atelio.com\",\"ip\":\"192.168.1.139\",\"kyc_retry_request\":false}"

static char *add_owner(void)
{
	cr_assert_eq(api_callf(&api, "POST", BORIS, OWNERS, business), 201, "%s", api.last.body);
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
			      "/api/v0.1/businesses/0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01/beneficial_owners",
			      headers, NULL, 0),
		     404);
	headers = test_text("Authorization: %s\r\nIdentity: rival\r\n", api.key);
	cr_expect_eq(api_send(&api, "GET",
			      "/api/v0.1/businesses/0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01/beneficial_owners",
			      headers, NULL, 0),
		     401);
	cr_expect_eq(reply_int(&api.last, "Status"), 401);
	/* Other dialects require the word before the token. */
	headers = test_text("Authorization: %s\r\n", api.key);
	cr_expect_eq(api_send(&api, "GET", "/kyc/sessions", headers, NULL, 0), 401);
}

Test(atelio, an_owner_is_created_found_listed_changed_and_deleted)
{
	char *id = add_owner();

	cr_expect_str_eq(reply_text(&api.last, "first_name"), "Boris");
	cr_expect_str_eq(reply_text(&api.last, "middle_name"), "Jim");
	cr_expect_str_eq(reply_text(&api.last, "last_name"), "Pasakovitch");
	cr_expect_str_eq(reply_text(&api.last, "dob"), "1992-03-23");
	cr_expect_str_eq(reply_text(&api.last, "address[0].street"), "5 California Ave.");
	cr_expect_str_eq(reply_text(&api.last, "address[0].country"), "US");
	cr_expect(json_is_true(json_path(api.last.json, "address[0].is_primary")));
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER, business, id), 200);
	cr_expect(reply_has(&api.last, "date_created") && reply_has(&api.last, "address[0].address_id"));
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNERS, business), 200);
	cr_expect_eq(reply_int(&api.last, "page_info.page"), 1);
	cr_expect_eq(reply_int(&api.last, "page_info.pages"), 1);
	cr_expect(reply_has(&api.last, "page_info.page_size"));
	cr_expect_str_eq(reply_text(&api.last, "data[0].beneficial_owner_id"), id);
	cr_expect_eq(api_callf(&api, "PATCH", "{\"first_name\":\"Bo\"}", OWNER, business, id), 200, "%s",
		     api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "first_name"), "Bo");
	cr_expect_str_eq(reply_text(&api.last, "last_name"), "Pasakovitch", "what is not sent stays");
	/* Its case has the same name: otherwise no case could be approved. */
	cr_assert_eq(box_json(&api.box, "list", NULL), 0, "%s", api.box.last.err);
	cr_expect_str_eq(json_path_text(api.box.json, "data[0].subject_name"), "Bo Jim Pasakovitch", "%s",
			 api.box.last.out);
	cr_expect_eq(api_callf(&api, "DELETE", NULL, OWNER, business, id), 200, "%s", api.last.body);
	cr_expect(reply_has(&api.last, "date_deleted"));
	cr_expect_str_eq(reply_text(&api.last, "beneficial_owner_id"), id);
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER, business, id), 404);
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNERS, business), 200);
	cr_expect_eq(json_array_size(json_path(api.last.json, "data")), 0);
}

Test(atelio, a_missing_field_is_told_in_the_words_of_the_document)
{
	static const struct {
		const char *body, *field, *sentence;
	} cases[] = {
		{ "{\"addresses\":[" ADDRESS "],\"dob\":\"1992-03-23\",\"first_name\":\"Boris\"}", "last_name",
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
		cr_expect_eq(api_callf(&api, "POST", cases[i].body, OWNERS, business), 400, "%s", cases[i].body);
		expect_message(cases[i].field, cases[i].sentence);
		cr_expect_eq(reply_int(&api.last, "Status"), 400);
		cr_expect_str_eq(reply_text(&api.last, "Code"), "create_beneficial_owner_schema");
		cr_expect_str_eq(reply_text(&api.last, "Type"), "Request Error");
	}
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNERS, business), 200);
	cr_expect_eq(json_array_size(json_path(api.last.json, "data")), 0);
}

Test(atelio, every_rule_of_an_owner_and_an_address_is_asked_and_nothing_is_half_made)
{
	static const char *const bad[] = {
		"\"dob\":\"1992-13-23\"",
		"\"dob\":\"23.03.1992\"",
		"\"first_name\":\"B0ris\"",
		"\"first_name\":\"'Boris\"",
		"\"first_name\":\"Abcdefghijklmnopqrstu\"",
		"\"last_name\":\"P\"",
		"\"middle_name\":\"J!\"",
		"\"first_name\":7",
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
		all = test_keep(json_loads(BORIS, 0, NULL));
		one = test_keep(json_loads(body, 0, NULL));
		json_object_update(all, one);
		body = test_keep(json_dumps(all, 0));
		cr_expect_eq(api_callf(&api, "POST", body, OWNERS, business), 400, "%s: %s", bad[i], api.last.body);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		const char *at = strstr(BORIS, wrong[i][0]);

		cr_assert_not_null(at);
		char *body = test_text("%.*s%s%s", (int)(at - BORIS), BORIS, wrong[i][1], at + strlen(wrong[i][0]));
		cr_expect_eq(api_callf(&api, "POST", body, OWNERS, business), 400, "%s: %s", wrong[i][1],
			     api.last.body);
	}
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNERS, business), 200);
	cr_expect_eq(json_array_size(json_path(api.last.json, "data")), 0);
	cr_assert_eq(box_json(&api.box, "list", NULL), 0);
	cr_expect_eq(json_array_size(json_path(api.box.json, "data")), 0);
}

Test(atelio, addresses_have_ids_and_lives_of_their_own)
{
	char *id = add_owner();

	cr_assert_eq(api_callf(&api, "POST",
			       "{\"address_type\":\"MAILING\",\"street\":\"345 California "
			       "Ave.\",\"street2\":\"Suite 600\","
			       "\"city\":\"San "
			       "Francisco\",\"state\":\"CA\",\"zip_code\":\"12345-1234\",\"country\":\"US\","
			       "\"is_primary\":false}",
			       OWNER "/addresses", business, id),
		     201, "%s", api.last.body);
	char *address = api_keep(&api, "address_id");
	cr_expect(reply_has(&api.last, "date_created"));
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER "/addresses", business, id), 200);
	cr_expect_eq(json_array_size(json_path(api.last.json, "data")), 2);
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER "/addresses?page_size=1&page=2", business, id), 200);
	cr_expect_eq(reply_int(&api.last, "page_info.pages"), 2);
	cr_expect_str_eq(reply_text(&api.last, "data[0].address_id"), address);
	cr_expect_eq(
		api_callf(&api, "PATCH", "{\"city\":\"Oakland\"}", OWNER "/addresses/%s", business, id, address),
		200);
	cr_expect_str_eq(reply_text(&api.last, "city"), "Oakland");
	cr_expect_str_eq(reply_text(&api.last, "state"), "CA");
	cr_expect_eq(api_callf(&api, "PATCH", "{\"state\":\"ZZ\"}", OWNER "/addresses/%s", business, id, address),
		     400);
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER "/addresses/%s", business, id, address), 200);
	cr_expect_str_eq(reply_text(&api.last, "state"), "CA");
	/* One of them is primary, the newest that says so. */
	cr_expect_eq(
		api_callf(&api, "PATCH", "{\"is_primary\":true}", OWNER "/addresses/%s", business, id, address),
		200);
	cr_expect_eq(api_callf(&api, "POST", ADDRESS, OWNER "/addresses", business, id), 201);
	cr_expect(json_is_true(json_path(api.last.json, "is_primary")));
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER "/addresses", business, id), 200);
	for (size_t i = 0; i < 3; i++)
		cr_expect_eq(json_is_true(json_object_get(json_array_get(json_path(api.last.json, "data"), i),
							  "is_primary")),
			     i == 2, "%s", api.last.body);
	cr_expect_eq(api_callf(&api, "POST",
			       "{\"addresses\":[" ADDRESS "," ADDRESS
			       "],\"dob\":\"1992-03-23\",\"first_name\":\"Bo\","
			       "\"last_name\":\"Pas\"}",
			       OWNERS, business),
		     400);
	expect_message("addresses", "Only one address is the primary address.");
	cr_expect_eq(api_callf(&api, "DELETE", NULL, OWNER "/addresses/%s", business, id, address), 200);
	cr_expect(reply_has(&api.last, "date_deleted"));
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER "/addresses/%s", business, id, address), 404);
	cr_expect_eq(api_callf(&api, "POST", "{}", OWNER "/addresses", business, id), 400);
	expect_message("street", "Missing data for required field.");
}

Test(atelio, a_kyc_is_started_looked_at_and_ends_once)
{
	char *id = add_owner();

	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER "/verification-kyc?program_id=" PROGRAM, business, id),
		     404);
	cr_expect_eq(api_callf(&api, "POST", "{\"program_id\":\"" PROGRAM "\"}", OWNER "/verification-kyc",
			       business, id),
		     400, "an owner in the United States brings ssn, phone, email and ip");
	cr_expect_eq(api_callf(&api, "POST", "{}", OWNER "/verification-kyc", business, id), 400);
	expect_message("program_id", "Missing data for required field.");
	cr_assert_eq(api_callf(&api, "POST", START, OWNER "/verification-kyc", business, id), 200, "%s",
		     api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "beneficial_owner_id"), id);
	cr_expect_str_eq(reply_text(&api.last, "kyc_status"), "initialized");
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER "/verification-kyc?program_id=" PROGRAM, business, id),
		     200);
	cr_expect_str_eq(reply_text(&api.last, "kyc_status"), "initialized");
	cr_expect_eq(
		api_callf(&api, "GET", NULL, "/api/v0.1/customers/%s/verification-kyc?program_id=" PROGRAM, id),
		200);
	cr_expect_str_eq(reply_text(&api.last, "customer_id"), id);
	cr_expect(reply_has(&api.last, "brand_id") && reply_has(&api.last, "health.overall"));
	cr_expect_str_eq(reply_text(&api.last, "results.ofac"), "pending");
	/* A second start while one runs, and changes of submitted data. */
	cr_expect_eq(api_callf(&api, "POST", START, OWNER "/verification-kyc", business, id), 409);
	cr_expect_eq(api_callf(&api, "PATCH", "{\"first_name\":\"Bo\"}", OWNER, business, id), 409);
	/* Deleting does not change it: the desk keeps what was submitted. */
	cr_expect_eq(api_callf(&api, "DELETE", NULL, OWNER, business, id), 200, "%s", api.last.body);
	cr_expect(reply_has(&api.last, "date_deleted") && reply_has(&api.last, "address[0].date_deleted"));
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER, business, id), 404);
}

/* Each status of a session in a word of the document. */
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

	cr_assert_eq(api_callf(&api, "POST", START, OWNER "/verification-kyc", business, id), 200, "%s",
		     api.last.body);
	api_in_store(&api, "UPDATE session SET process_at = NULL");
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		api_in_store(&api, states[i].sql);
		cr_assert_eq(
			api_callf(&api, "GET", NULL, OWNER "/verification-kyc?program_id=" PROGRAM, business, id),
			200, "%s: %s", states[i].sql, api.last.body);
		cr_expect_str_eq(reply_text(&api.last, "kyc_status"), states[i].word, "%s", states[i].sql);
	}
}

Test(atelio, another_merchants_owners_are_not_there)
{
	char *id = add_owner(), *address = api_keep(&api, "address[0].address_id");

	api.token = api.other_key;
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNERS, business), 404);
	cr_expect_eq(api_callf(&api, "POST", BORIS, OWNERS, business), 404);
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER, business, id), 404);
	cr_expect_eq(api_callf(&api, "PATCH", "{\"first_name\":\"Bo\"}", OWNER, business, id), 404);
	cr_expect_eq(api_callf(&api, "DELETE", NULL, OWNER, business, id), 404);
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER "/addresses", business, id), 404);
	cr_expect_eq(api_callf(&api, "POST", ADDRESS, OWNER "/addresses", business, id), 404);
	cr_expect_eq(api_callf(&api, "DELETE", NULL, OWNER "/addresses/%s", business, id, address), 404);
	cr_expect_eq(api_callf(&api, "POST", START, OWNER "/verification-kyc", business, id), 404);
	cr_expect_eq(
		api_callf(&api, "GET", NULL, "/api/v0.1/customers/%s/verification-kyc?program_id=" PROGRAM, id),
		404);
	/* Nor under the rival's own business. */
	cr_assert_eq(api_call(&api, "POST", "/api/v0.1/businesses", "{\"name\":\"Rival\",\"country\":\"US\"}"),
		     201);
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER, api_keep(&api, "business_id"), id), 404);
	api.token = api.key;
	cr_expect_eq(api_callf(&api, "GET", NULL, OWNER, business, id), 200);
}
