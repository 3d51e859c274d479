/* A client's own link, in JSON (api.md "The client's page"). */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *session, *link_path;

/* "/api/s/TOKEN" of an access link. */
static char *path_of(const char *url)
{
	cr_assert_not_null(strstr(url, "/s/"), "%s", url);
	return test_text("/api%s", strstr(url, "/s/"));
}

static void set_up(void)
{
	api_open(&api, NULL);
	NEED(201, "POST", PERSON_CALLED("P-1"), "/kyc/sessions");
	session = api_keep(&api, "id");
	link_path = path_of(reply_text(&api.last, "access_link"));
	api.token = NULL;
}
TestSuite(link, .init = set_up, .fini = api_tear_down);

static int upload_side(const char *type, const char *side)
{
	const struct form_file file = { "passport.pdf", pdf_bytes, pdf_length() };

	return api_form(&api, test_text("%s/documents", link_path), &file, "type", type, *side ? "side" : NULL, side,
			NULL);
}

static int upload(const char *type)
{
	return upload_side(type, "");
}

static void submit(void)
{
	cr_assert_eq(upload("PASSPORT"), 201, "%s", api.last.body);
	NEED(200, "POST", NULL, "%s/complete", link_path);
}

Test(link, a_client_fills_in_uploads_and_hands_in)
{
	GETS(("%s", link_path), "status: draft", "name: Ines Duarte", "steps[0].step_id: identity");
	ASK(200, "PUT", "{\"fields\":{\"name\":\"Ines\"},\"done\":true}", "%s/steps/identity", link_path);
	ANSWERS("steps[0].status: completed");
	ASK(400, "PUT", "{}", "%s/steps/identity", link_path);
	ASK(400, "PUT", "{\"fields\":[]}", "%s/steps/identity", link_path);
	ASK(400, "PUT", "{\"fields\":{}}", "%s/steps/nothing", link_path);
	cr_expect_eq(upload("PASSPORT"), 201, "%s", api.last.body);
	cr_expect_eq(upload(""), 400);
	NEED(200, "POST", NULL, "%s/complete", link_path);
	ANSWERS("status: completed");
	ANSWERS("steps has 0"); /* after submission the client has no steps left */
	/* Submitted data is frozen. */
	ASK(409, "PUT", "{\"fields\":{\"name\":\"Eva\"}}", "%s/steps/identity", link_path);
	cr_expect_eq(upload("PASSPORT"), 409);
	ASK(409, "POST", NULL, "%s/complete", link_path);
}

/* The workflow needs one of three types of documents; another type, or one side of a card, is not enough. */
Test(link, a_person_without_an_identity_document_is_not_submitted)
{
	static const struct {
		const char *type, *side, *missing; /* NULL: nothing */
	} rows[] = { { NULL, "", "Identity document is missing" },
		     { "RESIDENCE_PERMIT", "", "Identity document is missing" },
		     { "PROOF_OF_ADDRESS", "", "Identity document is missing" },
		     { "DRIVERS_LICENSE", "front", "Driving licence (back) is missing" },
		     { "PASSPORT", "", NULL } };

	GETS(("%s", link_path), "document_groups[0].id: IDENTITY_DOCUMENT", "document_groups[0].any_of[1]: ID");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].type)
			cr_assert_eq(upload_side(rows[i].type, rows[i].side), 201, "%s: %s", rows[i].type,
				     api.last.body);
		NEED(200, "GET", NULL, "%s", link_path);
		cr_expect_eq(json_is_true(json_path(api.last.json, "document_groups[0].missing")),
			     rows[i].missing != NULL, "%s", api.last.body);
		if (!rows[i].missing)
			break;
		ASK(409, "POST", NULL, "%s/complete", link_path);
		ANSWERS("error.blockers[0].code: document_missing");
		BODY_HAS(rows[i].missing, "Any of these will do: Passport, Identity card or Driving licence");
		ASK(200, "GET", NULL, "%s", link_path);
		cr_expect_str_neq(reply_text(&api.last, "status"), "completed");
	}
}

Test(link, a_correction_opens_what_it_names_and_goes_back)
{
	ASK(200, "PUT", "{\"fields\":{\"name\":\"Ines\"},\"done\":true}", "%s/steps/identity", link_path);
	submit();
	DONE("corrections", "P-1", "--step", "identity", "--field", "name", "--message", "The name differs", "--grace",
	     "0");
	GETS(("%s", link_path), "corrections[0].message: The name differs");
	ANSWERS("steps has 1"); /* only the step of the correction */
	char *correction = api_keep(&api, "corrections[0].id");
	ASK(409, "POST", NULL, "%s/complete", link_path); /* the correction has no answer yet */
	ASK(409, "PUT", "{\"fields\":{\"city\":\"Porto\"}}", "%s/steps/address", link_path);
	ASK(400, "POST", "{\"words\":\"\"}", "%s/corrections/%s", link_path, correction);
	ASK(200, "POST", "{\"words\":\"It is my married name\"}", "%s/corrections/%s", link_path, correction);
	NEED(200, "POST", NULL, "%s/complete", link_path);
	ANSWERS("status: manual_review");
}

/* The message is written for the client: it does not mention roles of the desk, such as lead. */
Test(link, a_rejected_client_reads_what_comes_next)
{
	submit();
	DONE("reject", "P-1", "--reason", "data_mismatch", "--note", "explained in full", "--grace", "0");
	ASK(409, "POST", NULL, "%s/complete", link_path);
	BODY_HAS("The case is rejected; only the desk can reopen it");
	BODY_LACKS("lead");
}

Test(link, a_link_opens_its_own_session_and_nothing_else)
{
	/* The token of a link is not accepted as an API key. */
	api.token = link_path + strlen("/api/s/");
	ASK(401, "GET", NULL, "/kyc/sessions/%s", session);
	api.token = NULL;
	for (size_t at = strlen("/api/s/"); at < strlen(link_path); at += 7) {
		char before = link_path[at];

		link_path[at] = before == 'A' ? 'B' : 'A';
		ASK(404, "GET", NULL, "%s", link_path);
		cr_expect_eq(upload("PASSPORT"), 404);
		link_path[at] = before;
	}
	/* A new link replaces the old link. */
	api.token = api.key;
	NEED(200, "POST", NULL, "/kyc/sessions/%s/generate-link", session);
	char *other = path_of(reply_text(&api.last, "access_link"));
	api.token = NULL;
	ASK(410, "GET", NULL, "%s", link_path);
	ANSWERS("error.code: gone");
	cr_expect_eq(upload("PASSPORT"), 410);
	ASK(200, "GET", NULL, "%s", other);
}

Test(link, an_expired_link_is_gone)
{
	static const char *const past[] = { "UPDATE session SET status = 'expired', expires_at = 1000",
					    "UPDATE session SET status = 'active', expires_at = 1000",
					    "UPDATE session SET status = 'expired', expires_at = 9000000000000" };

	for (size_t i = 0; i < sizeof past / sizeof *past; i++) {
		api_in_store(&api, past[i]);
		ASK(410, "GET", NULL, "%s", link_path);
		ASK(410, "GET", NULL, "%s", link_path + strlen("/api"));
		ASK(410, "POST", NULL, "%s/complete", link_path);
		cr_expect_eq(upload("PASSPORT"), 410, "%s", api.last.body);
	}
}

Test(link, nothing_of_the_review_is_shown_to_the_client)
{
	submit();
	DONE("note", "P-1", "Looks like a straw man");
	DONE("reject", "P-1", "--reason", "sanctions_match", "--note", "explained in full", "--grace", "600");
	GETS(("%s", link_path), "status: completed");
	BODY_LACKS("straw", "sanctions");
}

Test(link, who_tries_many_links_is_told_to_wait)
{
	char *good = test_keep(strdup(link_path)), *retry;
	long long began = test_clock_ms();
	int refused = 0, status = 0;

	for (int i = 0; i < 1000 && refused < 30; i++) {
		(void)snprintf(link_path + strlen("/api/s/"), 8, "x%06d", i);
		link_path[strlen("/api/s/") + 7] = 'x';
		if (api_call(&api, "GET", link_path, NULL) == 429) {
			refused++;
			ANSWERS("error.code: too_many_requests");
			retry = reply_header(&api.last, "Retry-After");
			cr_assert_not_null(retry);
			cr_expect(atoi(retry) > 0 && atoi(retry) <= 61, "%s", retry);
		} else {
			cr_expect_eq(api.last.status, 404);
			/* The limit permits 100 unknown links, and one more each 600 ms. */
			cr_expect_leq(i - refused, 100 + (test_clock_ms() - began) / 600, "%d", i);
		}
	}
	cr_expect_gt(refused, 0);
	for (int i = 0; i < 30 && status != 429; i++)
		status = upload("PASSPORT");
	cr_expect_eq(status, 429);
	/* Unknown links from an address do not block a valid link from the same address. */
	ASK(200, "GET", NULL, "%s", good);
}
