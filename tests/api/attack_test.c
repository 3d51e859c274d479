/*
 * Named attacks through HTTP, with a merchant's key or a client's link. The same attacks by command:
 * tests/cli/attack_test.c; at the desk: facts_test.c, intake_test.c and care_test.c of tests/unit/desk.
 */
#include "attack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct company c;

TestSuite(api_attack, .init = attack_set_up, .fini = api_tear_down);

static void reject_the_kyc(void)
{
	DONE("reject", c.kyc, "--reason", "suspected_fraud", "--grace", "0", "--as", "rita");
}

/* The id at this path of the JSON that the subcommand `list` of the command prints. */
static char *id_of(const char *list, const char *session, const char *path)
{
	DONE_JSON(list, "list", session);
	cr_assert(*json_path_text(api.box.json, path), "no %s in %s", path, api.box.last.out);
	return test_keep(strdup(json_path_text(api.box.json, path)));
}

#define HIT(name, class_, more)                                                                                        \
	"{\"name\":\"" name "\",\"list\":\"Officials\",\"class\":\"" class_ "\",\"score\":0.9" more "}"
#define CHECK(kind, status, hits) "{\"checks\":[{\"kind\":\"" kind "\",\"status\":\"" status "\",\"hits\":[" hits "]}]}"

/* Reports a provider's results with the merchant's key. */
static void report(const char *body)
{
	int status = api_callf(&api, "POST", body, "/kyc/sessions/%s/results", c.id);

	cr_assert(status == 200 || status == 202, "%d: %s", status, api.last.body);
}

static void report_refused(int want, const char *body)
{
	ASK(want, "POST", body, "/kyc/sessions/%s/results", c.id);
}

/* For comparison: without an attack, PATCH approves one case and a command approves the other. */
Test(api_attack, without_one_it_is_approved)
{
	company_ready(&c);
	ASK(200, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/%s", c.id);
	group_ready(&c);
	DONE("approve", c.id, "--grace", "0", "--as", "rita");
	GETS(("/kyc/sessions/%s", c.id), "status: approved");
}

/* --- identity --- */

/* The client's link cannot change the identity after submission, even during a correction of another step. */
Test(api_attack, identity_swapped)
{
	group_open(&c);
	company_hand_in(&c, true);
	ASK(409, "PUT", "{\"fields\":{\"name\":\"Rui Falso\"}}", "%s/steps/identity", c.kyc_link);
	DONE("corrections", c.kyc, "--step", "address", "--message", "Which flat is it?", "--grace", "0", "--as",
	     "rita");
	ASK(409, "PUT", "{\"fields\":{\"name\":\"Rui Falso\"}}", "%s/steps/identity", c.kyc_link);
	NEED(200, "PUT", "{\"fields\":{\"flat\":\"3\"},\"done\":true}", "%s/steps/address", c.kyc_link);
	NEED(200, "POST", NULL, "%s/complete", c.kyc_link);
	attack_no_approval(c.id, (struct refusal){ "party_not_verified", "Ines Duarte" });
}

Test(api_attack, owner_left_out_and_replaced)
{
	group_ready(&c);
	/* A submitted KYC cannot be removed, and another person's KYC does not replace it. */
	ASK(409, "DELETE", NULL, "/kyc/sessions/%s/subsessions/%s", c.id, c.kyc);
	ASK(409, "POST", PARTY("Rui Falso", "individual", ""), "/kyc/sessions/%s/subsessions", c.id);
	DONE("approve", c.id, "--grace", "0", "--as", "rita");
}

Test(api_attack, owner_left_out_before_it_is_submitted_by_actor)
{
	group_open(&c);
	NEED(200, "DELETE", NULL, "/kyc/sessions/%s/subsessions/%s", c.id, c.kyc);
	NEED(200, "PUT", "{\"fields\":{\"legal_form\":\"Ltd\"},\"done\":true}", "%s/steps/identity", c.link);
	NEED(200, "POST", NULL, "%s/complete", c.link);
	attack_no_approval(c.id, (struct refusal){ "party_not_verified", "Ines Duarte" });
}

/* --- documents --- */

Test(api_attack, second_and_third_file_of_a_type)
{
	company_open(&c);
	company_declare(&c);
	cr_expect_eq(company_upload(&c, "OTHER"), 201, "%s", api.last.body);
	cr_expect_eq(company_upload(&c, "OTHER"), 201, "%s", api.last.body);
	char *third = api_keep(&api, "id");
	company_hand_in(&c, true);
	company_review(&c);
	cr_expect_eq(company_upload(&c, "OTHER"), 409, "%s", api.last.body);
	attack_no_approval(c.id, (struct refusal){ "document_not_accepted", "Other documents" });
	DONE("document", "accept", c.id, third, "--as", "rita");
	attack_no_approval(c.id, (struct refusal){ "document_not_accepted", "Other documents" });
	ASK(409, "DELETE", NULL, "%s/documents/%s", c.path, third);
}

/* While a correction is open, another file replaces an accepted document: a reviewer must review the new file. */
Test(api_attack, second_file_in_the_place_of_an_accepted_one)
{
	const struct form_file file = { "paper.pdf", pdf_bytes, pdf_length() };
	/* Uploading the same file again does not resolve the correction. */
	const struct form_file other = { "paper.jpg", "\xff\xd8\xff\xe0 JFIF of a page \xff\xd9", 22 };

	group_open(&c);
	char *path = test_text("%s/documents", c.link);
	cr_assert_eq(api_form(&api, path, &file, "type", "OTHER", NULL), 201, "%s", api.last.body);
	company_hand_in(&c, true);
	company_review(&c);
	DONE("document", "accept", c.id, "OTHER", "--as", "rita");
	cr_expect_eq(api_form(&api, path, &file, "type", "OTHER", NULL), 409, "%s", api.last.body);
	DONE("corrections", c.id, "--step", "documents", "--document", "OTHER", "--message",
	     "All of its pages, please.", "--grace", "0", "--as", "rita");
	cr_assert_eq(api_form(&api, path, &other, "type", "OTHER", NULL), 201, "%s", api.last.body);
	NEED(200, "POST", NULL, "%s/complete", c.link);
	attack_no_approval(c.id, (struct refusal){ "document_not_accepted", "OTHER is not reviewed yet" });
}

Test(api_attack, optional_document_rejected_or_unseen)
{
	company_open(&c);
	company_declare(&c);
	cr_expect_eq(company_upload(&c, "FINANCIAL_STATEMENTS"), 201, "%s", api.last.body);
	company_hand_in(&c, true);
	company_review(&c);
	attack_no_approval(c.id, (struct refusal){ "document_not_accepted", "Financial statements" });
	DONE("document", "reject", c.id, "FINANCIAL_STATEMENTS", "--reason", "blurry", "--as", "rita");
	attack_no_approval(c.id, (struct refusal){ "document_not_accepted", "Financial statements" });
}

/* --- parties and their KYC --- */

Test(api_attack, empty_kyc)
{
	group_open(&c);
	company_hand_in(&c, false);
	ASK(409, "PATCH", "{\"status\":\"manual_review\"}", "/kyc/sessions/%s", c.kyc);
	attack_no_approval(c.id, (struct refusal){ "party_not_verified", "Ines Duarte" });
	/* Even in review an empty KYC is not approved. */
	api_in_store(&api, "UPDATE session SET status = 'manual_review' WHERE parent_id IS NOT NULL");
	attack_no_approval(c.kyc, (struct refusal){ "document_missing", "Identity document is missing" });
	attack_no_approval(c.kyc, (struct refusal){ "nothing_examined", NULL });
}

Test(api_attack, new_kyc_after_a_restricted_rejection)
{
	group_open(&c);
	company_hand_in(&c, true);
	reject_the_kyc();
	ASK(409, "POST", INES, "/kyc/sessions/%s/subsessions", c.id);
	ASK(409, "POST", NULL, "/kyc/sessions/%s/subsessions/%s/regenerate-link", c.id, c.kyc);
	ASK(409, "PUT", "{\"fields\":{\"nationality\":\"BR\"}}", "%s/steps/identity", c.kyc_link);
	attack_no_approval(c.kyc, (struct refusal){ "status", NULL });
	attack_no_approval(c.id, (struct refusal){ "party_not_verified", "Ines Duarte" });
}

/* The response when the merchant declares a party again after the party's KYC was submitted and is in `state`. */
static char *declared_anew(const char *state)
{
	char *id;

	group_open(&c);
	company_fill(c.kyc_link);
	NEED(200, "POST", NULL, "%s/complete", c.kyc_link);
	if (!strcmp(state, "hit"))
		ASK(202, "POST", CHECK("watchlist", "hit", HIT("Ines Duarte", "pep", "")), "/kyc/sessions/%s/results",
		    c.kyc);
	else if (*state)
		DONE("reject", c.kyc, "--reason", state, "--note", "explained in full", "--grace", "0", "--as", "rita");
	ASK(409, "POST", INES, "/kyc/sessions/%s/subsessions", c.id);
	char *answer = test_keep(strdup(api.last.body));
	/* Masks the id of the request, which differs in each response. */
	for (id = answer; (id = strstr(id, "urn:uuid:"));)
		for (id += strlen("urn:uuid:"); *id && *id != '"'; id++)
			*id = '-';
	return answer;
}

/* Before the case is submitted, the merchant declares a rejected owner again, as a new party. */
Test(api_attack, owner_declared_anew_after_a_restricted_rejection)
{
	static const char *const states[] = { "suspected_fraud", "sanctions_match", "other", "hit", "" };
	char *first = declared_anew(states[0]);

	ASK(409, "DELETE", NULL, "/kyc/sessions/%s/subsessions/%s", c.id, c.kyc);
	company_fill(c.link);
	NEED(200, "POST", NULL, "%s/complete", c.link);
	attack_no_approval(c.id, (struct refusal){ "party_not_verified", "Ines Duarte" });
	/* The response reveals nothing of the review: it is the same for every state. */
	for (size_t i = 1; i < sizeof states / sizeof *states; i++) {
		char *answer = declared_anew(states[i]);
		cr_expect_str_eq(answer, first, "%s", states[i]);
	}
	cr_expect_null(strstr(first, "reject"), "%s", first);
	/* After a rejection with a disclosed reason the owner may be declared again. */
	group_open(&c);
	company_fill(c.kyc_link);
	NEED(200, "POST", NULL, "%s/complete", c.kyc_link);
	DONE("reject", c.kyc, "--reason", "invalid_document", "--note", "explained in full", "--grace", "0", "--as",
	     "rita");
	ASK(201, "POST", INES, "/kyc/sessions/%s/subsessions", c.id);
}

/* The party id of the owner Ines in the case. */
static const char *ines(void)
{
	DONE_JSON("show", c.id);
	return json_path_text(api.box.json, "parties[0].id");
}

Test(api_attack, owner_removed_or_lowered_after_rejection)
{
	group_open(&c);
	company_hand_in(&c, true);
	reject_the_kyc();
	ASK(409, "DELETE", NULL, "/kyc/sessions/%s/subsessions/%s", c.id, c.kyc);
	ASK(409, "DELETE", NULL, "%s/subsessions/%s", c.link, ines());
	attack_no_approval(c.id, (struct refusal){ "party_not_verified", "Ines Duarte" });
	/* A DELETE hides the owner's KYC from the merchant; the rejection remains effective. */
	ASK(200, "DELETE", NULL, "/kyc/sessions/%s", c.kyc);
	ASK(409, "POST", INES, "/kyc/sessions/%s/subsessions", c.id);
	attack_no_approval(c.id, (struct refusal){ "party_not_verified", "Ines Duarte" });
}

/* The link of an unsubmitted case cannot remove an owner after the submission of the owner's KYC. */
Test(api_attack, owner_taken_back_once_somebody_looked)
{
	group_open(&c);
	company_fill(c.kyc_link);
	NEED(200, "POST", NULL, "%s/complete", c.kyc_link);
	ASK(409, "DELETE", NULL, "%s/subsessions/%s", c.link, ines());
	DONE("corrections", c.kyc, "--step", "address", "--message", "Which flat is it?", "--grace", "0", "--as",
	     "rita");
	ASK(409, "DELETE", NULL, "%s/subsessions/%s", c.link, ines());
	DONE("reject", c.kyc, "--reason", "invalid_document", "--note", "explained in full", "--grace", "0", "--as",
	     "rita");
	ASK(409, "DELETE", NULL, "%s/subsessions/%s", c.link, ines());
}

Test(api_attack, a_company_as_ceo)
{
	company_open(&c);
	company_declare(&c);
	ASK(403, "POST", PARTY("Lane Holdings BV", "company", ",\"roles\":[\"director\"],\"control_role\":\"CEO\""),
	    "/kyc/sessions/%s/subsessions", c.id);
	DONE("party", "edit", c.id, "Ines Duarte", "--control-role", "", "--as", "rita");
	company_hand_in(&c, true);
	company_review(&c);
	attack_no_approval(c.id, (struct refusal){ "party_missing", NULL });
}

/* --- checks and hits --- */

Test(api_attack, confirmed_match_revised)
{
	group_ready(&c);
	report(CHECK("watchlist", "hit", HIT("Ines Duarte", "pep", "")));
	char *hit = id_of("check", c.id, "data[0].hits[0].id");
	DONE("check", "resolve", c.id, hit, "--as-match", "--reason", "same_person", "--as", "rita");
	/* If a provider reports another state of a hit, or no hit, this does not replace a reviewer's verdict. */
	char *again = test_text(
		CHECK("watchlist", "hit", HIT("Ines Duarte", "pep", ",\"id\":\"%s\",\"state\":\"false_positive\"")),
		hit);
	report(again);
	attack_no_approval(c.id, (struct refusal){ "hit_open", NULL });
	report(CHECK("watchlist", "passed", ""));
	attack_no_approval(c.id, (struct refusal){ "hit_open", NULL });
}

Test(api_attack, new_hit_at_an_old_place_or_id)
{
	group_ready(&c);
	report(CHECK("watchlist", "hit", HIT("Ines Duarte", "pep", "")));
	char *hit = id_of("check", c.id, "data[0].hits[0].id");
	DONE("check", "resolve", c.id, hit, "--as-false-positive", "--reason", "different_birth_date", "--note",
	     "compared with the register", "--as", "rita");
	char *again = test_text(CHECK("watchlist", "hit",
				      HIT("Harbour Lane", "sanctions", ",\"id\":\"%s\",\"state\":\"false_positive\"")),
				hit);
	report(again);
	attack_no_approval(c.id, (struct refusal){ "hit_open", NULL });
}

Test(api_attack, waiver_over_another_result)
{
	group_ready(&c);
	report(CHECK("crypto", "error", ""));
	DONE("check", "waive", c.id, "crypto", "--reason", "the provider is down today", "--as", "lea");
	report(CHECK("crypto", "failed", ""));
	attack_no_approval(c.id, (struct refusal){ "check_failed", NULL });
	report_refused(400, CHECK("crypto", "waived", ""));
	attack_no_approval(c.id, (struct refusal){ "check_failed", NULL });
}

/* --- answers to corrections --- */

Test(api_attack, correction_answered_by_handing_in)
{
	group_ready(&c);
	DONE("corrections", c.id, "--step", "address", "--message", "Which flat is it?", "--grace", "0", "--as",
	     "rita");
	ASK(409, "POST", NULL, "%s/complete", c.link);
	attack_no_approval(c.id, (struct refusal){ "correction_open", NULL });
	ASK(200, "GET", NULL, "%s", c.link);
	ASK(200, "POST", "{\"words\":\"None of your business\"}", "%s/corrections/%s", c.link,
	    api_keep(&api, "corrections[0].id"));
	ASK(200, "POST", NULL, "%s/complete", c.link);
	attack_no_approval(c.id, (struct refusal){ "correction_open", NULL });
}

Test(api_attack, retryable_rejection_overturned)
{
	group_ready(&c);
	DONE("reject", c.id, "--reason", "data_mismatch", "--note", "explained in full", "--retryable", "--grace", "0",
	     "--as", "rita");
	report_refused(409, CHECK("crypto", "passed", ""));
	report_refused(409, "{\"results\":{\"final_decision\":\"approved\"}}");
	ASK(409, "POST", NULL, "/kyc/sessions/%s/process", c.id);
	PATCHED(409, c.id, "{\"status\":\"manual_review\"}");
	PATCHED(409, c.id, "{\"status\":\"processing\"}");
	attack_no_approval(c.id, (struct refusal){ "status", NULL });
}
