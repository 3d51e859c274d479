/* seed kyc-workflows-sessions: the plain session, its processing, remediation and subsessions. */
#include "merchant.h"

#include <stdlib.h>
#include <string.h>

static struct box box;
static struct merchant_end shop;

static void set_up(void)
{
	box_open(&box);
	box_write_files(&box);
	merchant_open(&shop, &box, "shop");
}
static void tear_down(void)
{
	merchant_close(&shop);
	box_close(&box);
}
TestSuite(story_generic, .init = set_up, .fini = tear_down);

static const char session[] =
	"{\"external_ref\":\"$1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\",\"status\":"
	"\"$2\","
	"\"custom_tags\":{\"campaign\":\"spring\",\"tier\":2},\"subject\":{\"uid\":\"user-$1\",\"kind\":"
	"\"individual\",\"name\":\"Ines Duarte\",\"country\":\"PRT\"},\"steps\":[{\"id\":\"identity\",\"status\":"
	"\"completed\",\"fields\":{\"name\":\"$3\"}}],\"checks\":[{\"kind\":\"watchlist\",\"status\":\"$4\"},"
	"{\"kind\":\"crypto\",\"status\":\"passed\"}]$5}\n";

static void bring(const char *reference, const char *status, const char *watchlist, const char *more)
{
	char *line = filled(session, reference, status, "Ines", watchlist, more, NULL);
	box_bring(&box, line);
	free(line);
}

/* malloc'd body of a changed status, with the session's tags. */
static char *changed(const char *reference, const char *sequence, const char *status, const char *inbox)
{
	return filled(
		"{\"type\":\"session.status_changed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyc\",\"uid\":"
		"\"user-$1\",\"session_id\":\"ID\",\"external_ref\":\"$1\",\"sequence\":$2,\"status\":\"$3\","
		"\"compliance_status\":\"$4\",\"custom_tags\":{\"campaign\":\"spring\",\"tier\":2}}}",
		reference, sequence, status, inbox, NULL);
}

static const char *status_of(const char *reference)
{
	cr_assert_eq(box_json(&box, "show", reference, NULL), 0);
	return json_path_text(box.json, "status");
}

Test(story_generic, a_session_is_opened_started_filled_in_and_completed)
{
	cr_assert_eq(box_json(&box, "session", "open", "generic-kyc", "--merchant", "shop", "--ref", "10",
			      "--subject-kind", "individual", "--uid", "user-10", "--name", "Ines Duarte",
			      "--country", "PRT", "--tags", "{\"campaign\":\"spring\",\"tier\":2}", "--for",
			      "merchant", NULL),
		     0, "%s", box.last.out);
	cr_assert_eq(box_run(&box, "session", "start", "10", "--for", "client", NULL), 0, "%s", box.last.err);
	/* What a workflow without steps of its own asks for is handed in with the session. */
	cr_assert_eq(box_run(&box, "step", "save", "10", "identity", "--field", "name=Ines", "--done", NULL), 0,
		     "%s", box.last.err);
	cr_assert_eq(box_json(&box, "session", "complete", "10", "--for", "client", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "steps[0].fields.name"), "Ines");
	char *one = changed("10", "1", "active", "pending"), *two = changed("10", "2", "completed", "completed");
	merchant_expect(&shop, one, two, NULL);
	free(one);
	free(two);
}

Test(story_generic, a_completed_session_is_processed_and_approved_by_its_final_decision)
{
	bring("1", "completed", "passed",
	      ",\"processing_results\":{\"extraction_results\":[],\"cross_validation\":{\"consistent\":true},"
	      "\"final_decision\":\"approved\"}");
	cr_expect_str_eq(status_of("1"), "completed", "this workflow processes when it is told to");
	cr_assert_eq(box_json(&box, "process", "1", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "approved");
	cr_expect_str_eq(json_path_text(box.json, "decisions[0].by"), "system");
	char *first = changed("1", "1", "processing", "pending"),
	     *second = changed("1", "2", "approved", "approved");
	merchant_expect(&shop, first, second, NULL);
	free(first);
	free(second);
}

Test(story_generic, an_approved_outcome_does_not_pass_what_the_gate_stops)
{
	bring("2", "completed", "error", ",\"processing_results\":{\"final_decision\":\"approved\"}");
	cr_assert_eq(box_json(&box, "process", "2", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
	char *first = changed("2", "1", "processing", "pending");
	char *second = changed("2", "2", "manual_review", "manual_review");
	merchant_expect(&shop, first, second, NULL);
	free(first);
	free(second);
}

Test(story_generic, a_flagged_outcome_is_told_to_nobody_outside)
{
	bring("3", "completed", "passed", ",\"processing_results\":{\"final_decision\":\"flagged\"}");
	cr_assert_eq(box_json(&box, "process", "3", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
	char *first = changed("3", "1", "processing", "pending");
	char *second = changed("3", "2", "manual_review", "manual_review");
	merchant_expect(&shop, first, second, NULL);
	free(first);
	free(second);
}

Test(story_generic, results_without_a_decision_leave_it_processed)
{
	bring("4", "completed", "passed", ",\"processing_results\":{\"extraction_results\":[]}");
	cr_assert_eq(box_json(&box, "process", "4", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "processed");
	cr_expect_str_eq(json_path_text(box.json, "compliance_status"), "completed");
	cr_assert_eq(box_run(&box, "escalate", "4", NULL), 0, "%s", box.last.err);
	char *one = changed("4", "1", "processing", "pending"), *two = changed("4", "2", "processed", "completed");
	char *three = changed("4", "3", "manual_review", "manual_review");
	merchant_expect(&shop, one, two, three, NULL);
	free(one);
	free(two);
	free(three);
}

Test(story_generic, a_rejected_outcome_rejects_unless_a_hit_is_open)
{
	bring("5", "completed", "passed", ",\"processing_results\":{\"final_decision\":\"rejected\"}");
	cr_assert_eq(box_json(&box, "process", "5", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "rejected");
	char *line = filled(
		"{\"external_ref\":\"6\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		"\"status\":\"completed\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\"},"
		"\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"I. Duarte\","
		"\"list\":\"OFAC SDN\",\"score\":0.8,\"state\":\"open\"}]}],\"processing_results\":{"
		"\"final_decision\":\"rejected\"}}\n",
		NULL);
	box_bring(&box, line);
	cr_assert_eq(box_json(&box, "process", "6", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
	free(line);
}

Test(story_generic, corrections_are_asked_for_and_come_back)
{
	bring("7", "manual_review", "passed", "");
	cr_assert_eq(box_run(&box, "corrections", "7", "--step", "identity", "--field", "name", "--message",
			     "As in the passport", "--grace", "0", NULL),
		     0, "%s", box.last.err);
	merchant_expect(
		&shop,
		"{\"type\":\"session.corrections_requested\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyc\","
		"\"uid\":\"user-7\",\"session_id\":\"ID\",\"external_ref\":\"7\",\"sequence\":1,\"status\":"
		"\"awaiting_client_correction\",\"compliance_status\":\"remediation\",\"step_ids\":["
		"\"identity\"],\"custom_tags\":{\"campaign\":\"spring\",\"tier\":2}}}",
		NULL);
	cr_expect_eq(box_json(&box, "correction", "hand-in", "7", "--for", "client", NULL), 4,
		     "nothing has changed");
	cr_expect_eq(
		box_json(&box, "step", "save", "7", "identity", "--field", "nickname=Nes", "--for", "client", NULL),
		4, "nobody asked for that");
	cr_assert_eq(
		box_run(&box, "step", "save", "7", "identity", "--field", "name=Inês", "--for", "client", NULL), 0,
		"%s", box.last.err);
	cr_assert_eq(box_run(&box, "correction", "hand-in", "7", "--for", "client", NULL), 0, "%s", box.last.err);
	char *back = changed("7", "2", "manual_review", "manual_review");
	merchant_expect(&shop, back, NULL);
	free(back);
	cr_expect_str_eq(status_of("7"), "manual_review");
	char *correction = kept(&box, "corrections[0].id");
	cr_expect_str_eq(json_path_text(box.json, "corrections[0].before.fields.name"), "Ines");
	cr_expect_str_eq(json_path_text(box.json, "corrections[0].after.fields.name"), "Inês");
	cr_assert_eq(box_run(&box, "corrections", "7", "--accept", correction, NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "approve", "7", "--grace", "0", NULL), 0, "%s", box.last.err);
	char *last = changed("7", "3", "approved", "approved");
	merchant_expect(&shop, last, NULL);
	free(last);
	free(correction);
}

Test(story_generic, a_related_party_is_a_session_of_its_own)
{
	bring("8", "manual_review", "passed", "");
	cr_assert_eq(box_json(&box, "party", "add", "8", "--name", "Tomas Reis", "--kind", "individual", "--role",
			      "representative", NULL),
		     0, "%s", box.last.out);
	char *subsession = kept(&box, "session.id");
	cr_assert_eq(box_json(&box, "approve", "8", NULL), 4);
	cr_expect(has_blocker(&box, "party_not_verified"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "approve", subsession, "--grace", "0", NULL), 0, "%s", box.last.err);
	merchant_expect(
		&shop,
		"{\"type\":\"party.kyc_requested\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyc\",\"uid\":"
		"\"ID\",\"session_id\":\"ID\",\"parent_id\":\"ID\",\"sequence\":1,\"status\":\"draft\","
		"\"compliance_status\":\"incomplete\",\"custom_tags\":{}}}",
		"{\"type\":\"subsession.status_changed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyc\","
		"\"uid\":\"ID\",\"session_id\":\"ID\",\"parent_id\":\"ID\",\"sequence\":2,\"status\":"
		"\"approved\",\"compliance_status\":\"approved\",\"custom_tags\":{}}}",
		NULL);
	cr_assert_eq(box_run(&box, "approve", "8", "--grace", "0", NULL), 0, "%s", box.last.err);
	merchant_expect(
		&shop,
		"{\"type\":\"session.status_changed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyc\",\"uid\":"
		"\"user-8\",\"session_id\":\"ID\",\"external_ref\":\"8\",\"sequence\":1,\"status\":\"approved\","
		"\"compliance_status\":\"approved\",\"custom_tags\":{\"campaign\":\"spring\",\"tier\":2}}}",
		NULL);
	free(subsession);
}

Test(story_generic, a_paper_that_expired_does_not_carry_an_approval)
{
	bring("9", "manual_review", "passed",
	      ",\"documents\":[{\"type\":\"PASSPORT\",\"file_name\":\"p.pdf\",\"file\":\"a.pdf\",\"upload\":"
	      "\"ready\","
	      "\"expires_on\":\"2020-01-31\",\"extracted\":{\"country\":\"PRT\"}}]");
	cr_assert_eq(box_run(&box, "document", "accept", "9", "PASSPORT", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "approve", "9", NULL), 4);
	cr_expect(has_blocker(&box, "document_not_accepted"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "expired on 2020-01-31"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "show", "9", NULL), 0);
	cr_expect(strstr(box.last.out, "country: PRT"), "what was read from it is shown: %s", box.last.out);
}
