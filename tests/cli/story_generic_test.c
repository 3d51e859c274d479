/* seed kyc-workflows-sessions: the plain session, its processing, remediation and subsessions. */
#include "expect.h"
#include "merchant.h"

#include <stdlib.h>
#include <string.h>

TestSuite(story_generic, .init = shop_set_up, .fini = shop_tear_down);

#define MERCHANT_SAYS(...) cr_assert_eq(box_run(&box, __VA_ARGS__, "--for", "merchant", NULL), 0, "%s", box.last.err)
#define CLIENT_SAYS(...) cr_assert_eq(box_run(&box, __VA_ARGS__, "--for", "client", NULL), 0, "%s", box.last.err)
#define PROVIDER_SAYS(...) cr_assert_eq(box_run(&box, __VA_ARGS__, "--for", "provider", NULL), 0, "%s", box.last.err)

static char *changed(const char *reference, const char *sequence, const char *status, const char *inbox);

/* Opens a session, fills it in and completes it; each command runs as its actor (merchant, client, reviewer). */
static void complete(const char *reference)
{
	static const char *const steps[] = { "identity", "address", "documents", "selfie", "source_of_funds" };
	char *uid = filled("user-$1", reference, NULL);

	MERCHANT_SAYS("session", "open", "generic-kyc", "--merchant", "shop", "--ref", reference, "--subject-kind",
		      "individual", "--uid", uid, "--name", "Ines Duarte", "--country", "PRT", "--tags",
		      "{\"campaign\":\"spring\",\"tier\":2}");
	CLIENT_SAYS("session", "start", reference);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		CLIENT_SAYS("step", "save", reference, steps[i], "--field", "name=Ines", "--done");
	REFUSED(4, "Any of these will do: Passport, Identity card or Driving licence", "session", "complete", reference,
		"--for", "client");
	box_write(&box, "passport.pdf", "%PDF-1.4\n% the passport\n%%EOF\n");
	CLIENT_SAYS("document", "add", reference, "PASSPORT", "passport.pdf");
	CLIENT_SAYS("session", "complete", reference);
	DONE("document", "accept", reference, "PASSPORT");
	SHOP_HEARS(changed(reference, "1", "active", "pending"), changed(reference, "2", "completed", "completed"));
}

/* Completes a session and reports the provider's findings; results: a JSON object or NULL. */
static void bring(const char *reference, const char *watchlist, const char *results)
{
	complete(reference);
	PROVIDER_SAYS("check", "report", reference, "watchlist", "--status", watchlist);
	PROVIDER_SAYS("check", "report", reference, "crypto", "--status", "passed");
	if (results) {
		box_write(&box, "results.json", results);
		PROVIDER_SAYS("results", reference, "results.json");
	}
	merchant_expect_nothing(&shop);
}

/* Brings a session to manual review by a flagged result. */
static void bring_to_review(const char *reference)
{
	bring(reference, "passed", "{\"final_decision\":\"flagged\"}");
	DONE_JSON("process", reference);
	SHOP_HEARS(changed(reference, "3", "processing", "pending"),
		   changed(reference, "4", "manual_review", "manual_review"));
}

/* Body of the event for a changed status, with the session's tags. */
static char *changed(const char *reference, const char *sequence, const char *status, const char *inbox)
{
	return filled(NEWS("session.status_changed", "kyc", "user-$1", "'external_ref':'$1','sequence':$2", "$3", "$4",
			   "'custom_tags':{'campaign':'spring','tier':2}"),
		      reference, sequence, status, inbox, NULL);
}

static const char *status_of(const char *reference)
{
	DONE_JSON("show", reference);
	return json_path_text(box.json, "status");
}

Test(story_generic, a_session_is_opened_started_filled_in_and_completed)
{
	complete("10");
	cr_expect_str_eq(status_of("10"), "completed");
	GIVES(("show", "10", "--reveal"), "steps[0].fields.name: Ines");
}

Test(story_generic, a_completed_session_is_processed_and_approved_by_its_final_decision)
{
	bring("1", "passed",
	      "{\"extraction_results\":[],\"cross_validation\":{\"consistent\":true},"
	      "\"final_decision\":\"approved\"}");
	cr_expect_str_eq(status_of("1"), "completed", "this workflow processes when it is told to");
	GIVES(("process", "1"), "status: approved", "decisions[0].by: system");
	SHOP_HEARS(changed("1", "3", "processing", "pending"), changed("1", "4", "approved", "approved"));
}

Test(story_generic, an_approved_outcome_does_not_pass_what_the_gate_stops)
{
	bring("2", "error", "{\"final_decision\":\"approved\"}");
	GIVES(("process", "2"), "status: manual_review");
	SHOP_HEARS(changed("2", "3", "processing", "pending"), changed("2", "4", "manual_review", "manual_review"));
}

Test(story_generic, a_flagged_outcome_is_told_to_nobody_outside)
{
	bring("3", "passed", "{\"final_decision\":\"flagged\"}");
	GIVES(("process", "3"), "status: manual_review");
	SHOP_HEARS(changed("3", "3", "processing", "pending"), changed("3", "4", "manual_review", "manual_review"));
}

Test(story_generic, results_without_a_decision_leave_it_processed)
{
	bring("4", "passed", "{\"extraction_results\":[]}");
	GIVES(("process", "4"), "status: processed", "compliance_status: completed");
	DONE("escalate", "4");
	SHOP_HEARS(changed("4", "3", "processing", "pending"), changed("4", "4", "processed", "completed"),
		   changed("4", "5", "manual_review", "manual_review"));
}

Test(story_generic, a_rejected_outcome_rejects_unless_a_hit_is_open)
{
	bring("5", "passed", "{\"final_decision\":\"rejected\"}");
	GIVES(("process", "5"), "status: rejected", "decisions[0].by: system");
	char *second = filled(NEWS("session.status_changed", "kyc", "user-5", "'external_ref':'5','sequence':4",
				   "rejected", "rejected",
				   "'reason':'other','retryable':false,'custom_tags':{'campaign':'spring','tier':2}"),
			      NULL);
	SHOP_HEARS(changed("5", "3", "processing", "pending"), second);
	complete("6");
	box_write(&box, "hits.json",
		  "[{\"name\":\"I. Duarte\",\"list\":\"OFAC SDN\",\"class\":\"sanctions\",\"score\":0.8}]");
	PROVIDER_SAYS("check", "report", "6", "watchlist", "--status", "hit", "--hits", "hits.json");
	box_write(&box, "results.json", "{\"final_decision\":\"rejected\"}");
	PROVIDER_SAYS("results", "6", "results.json");
	GIVES(("process", "6"), "status: manual_review");
}

Test(story_generic, corrections_are_asked_for_and_come_back)
{
	bring_to_review("7");
	DONE("corrections", "7", "--step", "identity", "--field", "name", "--message", "As in the passport", "--grace",
	     "0");
	SHOP_HEARS(NEWS("session.corrections_requested", "kyc", "user-7", "'external_ref':'7','sequence':5",
			"awaiting_client_correction", "remediation",
			"'step_ids':['identity'],'custom_tags':{'campaign':'spring','tier':2}"));
	ENDS_JSON(4, "correction", "hand-in", "7", "--for", "client"); /* nothing has changed */
	ENDS_JSON(4, "step", "save", "7", "identity", "--field", "nickname=Nes", "--for",
		  "client"); /* the corrections do not include this field */
	DONE("step", "save", "7", "identity", "--field", "name=Inês", "--for", "client");
	DONE("correction", "hand-in", "7", "--for", "client");
	SHOP_HEARS(changed("7", "6", "manual_review", "manual_review"));
	cr_expect_str_eq(status_of("7"), "manual_review");
	char *correction = kept(&box, "corrections[0].id");
	GIVES(("show", "7", "--reveal"), "corrections[0].before.fields.name: Ines",
	      "corrections[0].after.fields.name: Inês");
	DONE("corrections", "7", "--accept", correction);
	DONE("approve", "7", "--grace", "0");
	SHOP_HEARS(changed("7", "7", "approved", "approved"));
}

Test(story_generic, a_related_party_is_a_session_of_its_own)
{
	bring_to_review("8");
	DONE_JSON("party", "add", "8", "--name", "Tomas Reis", "--kind", "individual", "--role", "representative");
	char *subsession = kept(&box, "session.id");
	BLOCKS(("approve", "8"), "party_not_verified");
	DONE("approve", subsession, "--grace", "0");
	SHOP_HEARS(NEWS("party.kyc_requested", "kyc", "ID", "'parent_id':'ID','sequence':1", "draft", "incomplete",
			"'custom_tags':{},'parent_custom_tags':{'campaign':'spring','tier':2}"),
		   NEWS("subsession.status_changed", "kyc", "ID", "'parent_id':'ID','sequence':2", "approved",
			"approved", "'custom_tags':{},'parent_custom_tags':{'campaign':'spring','tier':2}"));
	DONE("approve", "8", "--grace", "0");
	SHOP_HEARS(changed("8", "5", "approved", "approved"));
}

Test(story_generic, a_document_that_expired_does_not_carry_an_approval)
{
	/* Data that was extracted from a document is imported together with the document. */
	box_import(&box,
		   "{\"external_ref\":\"9\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		   "\"status\":\"manual_review\",\"subject\":{\"uid\":\"user-9\",\"kind\":\"individual\",\"name\":"
		   "\"Ines "
		   "Duarte\",\"country\":\"PRT\"},\"documents\":[{\"type\":\"PASSPORT\",\"file_name\":\"p.pdf\","
		   "\"file\":\"a.pdf\",\"upload\":\"ready\",\"expires_on\":\"2020-01-31\",\"extracted\":{\"country\":"
		   "\"PRT\"}}]}\n");
	DONE("document", "accept", "9", "PASSPORT");
	BLOCKS(("approve", "9"), "document_not_accepted");
	PRINTS("expired on 2020-01-31");
	DONE("show", "9");
	cr_expect(strstr(box.last.out, "country: PRT"), "what was read from it is shown: %s", box.last.out);
}
