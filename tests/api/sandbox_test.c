/* Sandbox outcomes: the end of a subject's name determines its case's result, through the normal gate (api.md). */
#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	static const char *const at_once[] = { "--sandbox-delay", "0", NULL };

	api_open(&api, at_once);
}
TestSuite(sandbox, .init = set_up, .fini = api_tear_down);

/* Opens a person's session; returns its id. */
static char *open_session(const char *reference, const char *name)
{
	char *body = test_text("{\"workflow_id\":\"generic-kyc\",\"external_id\":\"%s\",\"subject\":{\"kind\":"
			       "\"individual\",\"name\":\"%s\",\"country\":\"PT\"}}",
			       reference, name);
	api.token = api.key;
	NEED(201, "POST", body, "/kyc/sessions");
	return api_keep(&api, "id");
}

/* Opens a person's session with a passport, and hands it in; returns its id. whole: completes every step. */
static char *bring(const char *reference, const char *name, bool whole)
{
	static const char *const steps[] = { "identity", "address", "documents", "selfie", "source_of_funds" };
	static unsigned number;
	char bytes[256];
	/* Each passport has its own bytes, because the same document in two cases would block both. */
	int length = snprintf(bytes, sizeof bytes, "%s%%%% %u\n", pdf_bytes, number++);
	const struct form_file file = { "passport.pdf", bytes, (size_t)length };

	char *id = open_session(reference, name);
	char *link = test_keep(strdup(strstr(reply_text(&api.last, "access_link"), "/s/")));
	api.token = NULL;
	cr_assert_eq(api_form(&api, link, &file, "type", "PASSPORT", NULL), 201, "%s", api.last.body);
	for (size_t i = 0; whole && i < sizeof steps / sizeof *steps; i++)
		NEED(200, "PUT", "{\"fields\":{\"name\":\"Ines\"},\"done\":true}", "/api%s/steps/%s", link, steps[i]);
	char *path = test_text("/api%s/complete", link);
	NEED(200, "POST", NULL, "%s", path);
	api.token = api.key;
	return id;
}

static char *person(const char *reference, const char *name)
{
	return bring(reference, name, true);
}

static const char *status_of(const char *id)
{
	NEED(200, "GET", NULL, "/kyc/sessions/%s", id);
	return reply_text(&api.last, "status");
}

static bool becomes(const char *id, const char *status)
{
	for (int i = 0; i < 1200; i++) {
		if (!strcmp(status_of(id), status))
			return true;
		test_sleep_ms(50);
	}
	return false;
}

/* Whether the audit log has a record of this action by the actor "sandbox". */
static bool has_done(const char *action)
{
	int status;

	char *line =
		test_text("\"$K\" audit export | grep '\"actor\":\"sandbox\"' | grep -q '\"action\":\"%s\"'", action);
	status = box_shell(&api.box, line);
	return status == 0;
}

Test(sandbox, approves_what_asks_for_it_and_says_who_did_it)
{
	char *id = person("P-1", "Ines Duarte#approve");

	cr_expect(becomes(id, "approved"), "%s", api.last.body);
	cr_expect(has_done("session.approve"));
	cr_expect(has_done("document.accept"));
	GIVES(("show", "P-1"), "decisions[0].by: sandbox");
}

Test(sandbox, plays_each_outcome)
{
	static const char *const plays[][3] = {
		{ "R-1", "Ines Duarte#reject", "rejected" },
		{ "C-1", "Ines Duarte#corrections", "awaiting_client_correction" },
	};

	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
		char *id = person(plays[i][0], plays[i][1]);

		cr_expect(becomes(id, plays[i][2]), "%s: %s", plays[i][1], api.last.body);
	}
	cr_expect(has_done("session.reject"));
	cr_expect(has_done("session.corrections"));
	char *id = open_session("E-1", "Ines Duarte#expire"); /* nothing more, since it expires by itself */

	cr_expect(becomes(id, "expired"), "%s", api.last.body);
	cr_expect(has_done("session.expire"));
}

/* Waits until the first check of the case has this status in the output of `show`. */
static bool check_becomes(const char *reference, const char *status)
{
	for (int i = 0; i < 600; i++) {
		DONE_JSON("show", reference);
		if (!strcmp(json_path_text(api.box.json, "checks[0].status"), status))
			return true;
		test_sleep_ms(50);
	}
	return false;
}

Test(sandbox, troubles_of_checks_stay_until_somebody_sees_to_them)
{
	(void)person("H-1", "Ines Duarte#hit");
	(void)person("X-1", "Ines Duarte#error");
	(void)person("T-1", "Ines Duarte#timeout");
	cr_expect(check_becomes("H-1", "hit"), "%s", api.box.last.out);
	cr_expect(check_becomes("X-1", "error"), "%s", api.box.last.out);
	cr_expect(check_becomes("T-1", "timeout"), "%s", api.box.last.out);
	cr_expect_neq(box_run(&api.box, "approve", "H-1", "--grace", "0", NULL), 0);
	cr_expect(has_done("check.report"));
}

#define OWNERS "/api/v0.1/businesses/%s/beneficial_owners"
#define KYC OWNERS "/%s/verification-kyc"

/* The seed does not allow "#" in a last name, so "Sandbox Approve" stands for "#approve". */
Test(sandbox, plays_each_outcome_of_atelio_by_the_last_name)
{
	static const char *const plays[][2] = { { "Approve", "passed" },
						{ "Reject", "failed" },
						{ "Corrections", "document_required" },
						{ "Error", "error" },
						{ "Timeout", "timeout" } };
	char *body = NULL, *owner;

	NEED(201, "POST", "{\"name\":\"Acme Cards\",\"country\":\"US\"}", "/api/v0.1/businesses");
	char *business = api_keep(&api, "business_id");
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
		bool done = false;

		body = test_text("{\"addresses\":[{\"address_type\":\"PHYSICAL\",\"street\":\"5 California Ave.\","
				 "\"city\":\"San Francisco\",\"state\":\"CA\",\"zip_code\":\"12345-1234\","
				 "\"country\":\"US\",\"is_primary\":true}],\"dob\":\"1992-03-2%zu\","
				 "\"first_name\":\"Boris\",\"last_name\":\"Sandbox %s\"}",
				 i, plays[i][0]);
		NEED(201, "POST", body, OWNERS, business);
		owner = api_keep(&api, "beneficial_owner_id");
		body = test_text("{\"program_id\":\"" ATELIO_PROGRAM "\",\"ssn\":\"123-45-678%zu\",\"phone\":"
				 "\"555-111-2222\",\"email\":\"a%zu@example.org\",\"ip\":\"192.168.1.139\"}",
				 i, i);
		NEED(200, "POST", body, KYC, business, owner);
		for (int tries = 0; !done && tries < 600; tries++) {
			NEED(200, "GET", NULL, KYC "?program_id=" ATELIO_PROGRAM, business, owner);
			done = !strcmp(reply_text(&api.last, "kyc_status"), plays[i][1]);
			test_sleep_ms(50);
		}
		cr_expect(done, "%s: %s", plays[i][0], api.last.body);
	}
}

/* The API accepts the post office box, as the seed's table of addresses allows; the event reports the failure. */
Test(sandbox, a_post_office_box_comes_as_the_event_of_the_seed)
{
	bool sent = false;

	DONE("endpoint", "add", "--merchant", "shop", "--url", "http://127.0.0.1:1/", "--event",
	     "kyc.verification.failure");
	NEED(201, "POST", "{\"name\":\"Acme Cards\",\"country\":\"US\"}", "/api/v0.1/businesses");
	char *business = api_keep(&api, "business_id");
	NEED(201, "POST",
	     "{\"addresses\":[{\"address_type\":\"MAILING\",\"street\":\"PO Box 1234\",\"city\":\"San "
	     "Francisco\",\"state\":\"CA\",\"zip_code\":\"12345-1234\",\"country\":\"US\","
	     "\"is_primary\":true}],\"dob\":\"1992-03-23\",\"first_name\":\"Boris\","
	     "\"last_name\":\"Sandbox Reject\"}",
	     OWNERS, business);
	NEED(200, "POST",
	     "{\"program_id\":\"" ATELIO_PROGRAM "\",\"ssn\":\"123-45-6789\",\"phone\":\"555-111-2222\","
	     "\"email\":\"a@example.org\",\"ip\":\"192.168.1.139\"}",
	     KYC, business, api_keep(&api, "beneficial_owner_id"));
	for (int tries = 0; !sent && tries < 600; tries++) {
		test_sleep_ms(50);
		DONE_JSON("webhook", "list");
		sent = json_array_size(json_path(api.box.json, "data")) > 0;
	}
	cr_assert(sent);
	DONE_JSON("webhook", "show", test_keep(strdup(json_path_text(api.box.json, "data[0].id"))));
	PRINTS("po_box_failure", "Customer address is a PO Box. Request a new address");
}

Test(sandbox, what_the_gate_refuses_stays_and_other_names_are_left_alone)
{
	/* The client completed no step of P-1 but uploaded a passport: the gate refuses the approval. */
	char *refused = bring("P-1", "Ines Duarte#approve", false), *plain = person("P-2", "Ines Duarte"),
	     *other = person("P-3", "Ines #approve Duarte"), *last;

	/* When these later cases are approved, the simulator has also handled the earlier ones. */
	for (int i = 0; i < 2; i++) {
		char name[16];

		(void)snprintf(name, sizeof name, "L-%d", i);
		last = person(name, "Ana Costa#approve");
		cr_expect(becomes(last, "approved"), "%s", api.last.body);
	}
	cr_expect_str_eq(status_of(refused), "completed");
	cr_expect_str_eq(status_of(plain), "completed");
	cr_expect_str_eq(status_of(other), "completed");
	/* The simulator tried: it accepted the document. */
	GIVES(("show", "P-1"), "documents[0].review: accepted");
}

Test(sandbox, processing_comes_to_its_end_at_once)
{
	char *id = person("P-2", "Ines Duarte");

	NEED(200, "POST", NULL, "/kyc/sessions/%s/process", id);
	cr_expect_str_neq(reply_text(&api.last, "status"), "processing");
	cr_expect_str_neq(reply_text(&api.last, "status"), "approved");
	cr_expect(has_done("session.results"));
	ASK(200, "POST", NULL, "/kyc/sessions/%s/validate", id);
}

Test(sandbox_of_none, nothing_of_it_is_there_in_production)
{
	api_open_production(&api);
	char *id = person("P-1", "Ines Duarte#approve");
	NEED(403, "POST", NULL, "/kyc/sessions/%s/process", id);
	DONE("process", id);
	GETS(("/kyc/sessions/%s", id), "status: processing");
	cr_expect_not(has_done("session.results"));
	cr_expect_not(has_done("check.report"));
	api_close(&api);
}
