/* One company from import to decision to webhook, by command alone. */
#include "box.h"
#include "support/http_receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(story, .init = box_set_up_company, .fini = box_tear_down);

Test(story, a_cleared_company_is_approved_undone_and_approved_again)
{
	cr_assert_eq(box_run(&box, "approve", "RAL-1", NULL), 4);
	box_clear(&box, "RAL-1");

	cr_assert_eq(box_json(&box, "approve", "RAL-1", "--note", "all there", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "approved");
	cr_expect_str_eq(json_path_text(box.json, "compliance_status"), "approved");
	cr_expect_str_eq(json_path_text(box.json, "subject.level"), "REGULAR");

	cr_assert_eq(box_json(&box, "undo", "RAL-1", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
	cr_expect_str_eq(json_path_text(box.json, "subject.level"), "LIGHT");
	cr_expect(json_is_true(json_path(box.json, "decisions[0].undone")));

	cr_assert_eq(box_run(&box, "approve", "RAL-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "LIGHT → REGULAR"), "%s", box.last.out);
	cr_expect_neq(box_run(&box, "undo", "RAL-1", NULL), 0);
	cr_assert_eq(box_run(&box, "audit", "verify", NULL), 0, "%s", box.last.err);
}

Test(story, the_announcement_says_how_to_take_it_back)
{
	box_clear(&box, "RAL-1");
	cr_assert_eq(box_run(&box, "approve", "RAL-1", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "kybdesk undo RAL-1"), "%s", box.last.out);
}

Test(story, the_level_change_reaches_a_receiver)
{
	struct receiver *receiver = receiver_start();
	const char *url = receiver_url(receiver, "/hook");
	cr_assert_eq(box_json(&box, "endpoint", "add", "--merchant", "shop", "--url", url, "--event", "*", NULL), 0,
		     "%s", box.last.out);
	char *secret = test_keep(strdup(json_path_text(box.json, "secret")));
	box_clear(&box, "RAL-1");
	cr_assert_eq(box_run(&box, "approve", "RAL-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "kyc.state_updated to 1 endpoint"), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "webhook", "deliver", "--drain", NULL), 0, "%s", box.last.err);
	cr_expect_geq(json_path_int(box.json, "delivered"), 1);
	cr_expect_eq(json_path_int(box.json, "failed"), 0);
	cr_expect_eq(json_path_int(box.json, "waiting"), 0);
	cr_expect_eq(json_path_int(box.json, "dead"), 0);
	cr_assert_eq(box_json(&box, "webhook", "list", "--session", "RAL-1", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "data[0].type"), "kyc.state_updated");
	cr_expect_str_eq(json_path_text(box.json, "data[0].state"), "delivered");
	cr_assert_eq(
		box_json(&box, "webhook", "show", test_keep(strdup(json_path_text(box.json, "data[0].id"))), NULL),
		0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "body.data.level"), "REGULAR");
	cr_expect_eq(json_path_int(box.json, "deliveries[0].attempts[0].status"), 204);
	cr_assert(receiver_wait(receiver, 1, 5000));
	cr_expect(request_is_signed(receiver_request(receiver, receiver_count(receiver) - 1), secret));
	receiver_stop(receiver);
}

Test(story, an_event_without_an_endpoint_is_one_unsent_row)
{
	box_clear(&box, "RAL-1");
	cr_assert_eq(box_run(&box, "approve", "RAL-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "webhook", "list", "--session", "RAL-1", "--state", "unsent", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 1);
}

Test(story, corrections_are_asked_for_item_by_item_and_withdrawn)
{
	cr_assert_eq(box_json(&box, "corrections", "RAL-1", "--step", "company_info", "--document",
			      "BUSINESS_NUMBER", "--message", "Scan it again", "--step", "related_parties",
			      "--message", "Who is the chair?", NULL),
		     0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "awaiting_client_correction");
	cr_expect_eq(json_array_size(json_path(box.json, "corrections")), 2);
	cr_assert_eq(box_json(&box, "corrections", "RAL-1", "--withdraw", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
}

Test(story, corrections_without_a_message_are_wrong_usage)
{
	cr_assert_eq(box_run(&box, "corrections", "RAL-1", "--step", "company_info", NULL), 2);
	cr_assert(strstr(box.last.err, "--message"), "%s", box.last.err);
}

Test(story, a_rejected_case_is_reopened_by_a_lead)
{
	cr_assert_eq(
		box_json(&box, "reject", "RAL-1", "--reason", "company_not_active", "--message", "Dissolved", NULL),
		0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "rejected");
	cr_expect_str_eq(json_path_text(box.json, "decisions[0].reason"), "company_not_active");
	cr_assert_eq(box_json(&box, "--as", "lea", "reopen", "RAL-1", "--reason", "the register was wrong", NULL),
		     0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
}

Test(story, the_evidence_of_a_decision_is_kept)
{
	box_clear(&box, "RAL-1");
	cr_assert_eq(box_run(&box, "approve", "RAL-1", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "show", "RAL-1", "--decision", "1", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "decision"), "approve");
	cr_expect_eq(strlen(json_path_text(box.json, "evidence_sha256")), 64);
	cr_expect(json_is_object(json_path(box.json, "evidence")));
	cr_expect_null(strstr(box.last.out, "1984-02-11"), "a birth date in the evidence is not masked");
	cr_expect_eq(box_run(&box, "show", "RAL-1", "--decision", "9", NULL), 6);
}

static void expect_altered(const char *sql, const char *how)
{
	box_sql(&box, sql);
	cr_expect_eq(box_run(&box, "show", "RAL-1", "--decision", "1", NULL), 8, "%s: %s", how, box.last.out);
	cr_expect_str_empty(box.last.out, "%s", how);
	cr_expect(strstr(box.last.err, "The evidence of decision ") && strstr(box.last.err, " was altered: ") &&
			  strstr(box.last.err, how),
		  "%s: %s", how, box.last.err);
	cr_expect_eq(box_json(&box, "--as", "lea", "show", "RAL-1", "--decision", "1", "--reveal", NULL), 8);
	cr_expect_str_eq(json_path_text(box.json, "error.code"), "store");
	cr_expect_null(json_path(box.json, "evidence"));
}

Test(story, altered_evidence_is_not_shown_as_evidence)
{
	box_clear(&box, "RAL-1");
	cr_assert_eq(box_run(&box, "approve", "RAL-1", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "show", "RAL-1", "--decision", "1", NULL), 0, "%s", box.last.err);
	expect_altered("UPDATE decision SET evidence = replace(evidence, 'RAL-1', 'RAL-2')",
		       "its hash differs from the stored one");
	/* With a matching hash: an empty text, and the hash of that. */
	expect_altered("UPDATE decision SET evidence = '', evidence_sha256 = "
		       "'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
		       "the audit log recorded another hash");
	expect_altered("UPDATE decision SET number = 7", "the audit log has no record of it");
	expect_altered("UPDATE decision SET evidence_sha256 = ''", "its hash differs from the stored one");
	box_sql(&box, "UPDATE decision SET evidence = '{'");
	cr_expect_eq(box_run(&box, "show", "RAL-1", "--decision", "1", NULL), 8, "%s", box.last.err);
	cr_expect_str_empty(box.last.out);
}

Test(story, who_holds_a_case_is_seen_and_changed)
{
	cr_assert_eq(box_json(&box, "--as", "ana", "claim", "RAL-1", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "assignee"), "ana");
	cr_expect_eq(box_run(&box, "--as", "bo", "claim", "RAL-1", NULL), 5);
	cr_assert_eq(box_json(&box, "--as", "bo", "claim", "RAL-1", "--take-over", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "assignee"), "bo");
	cr_assert_eq(box_json(&box, "--as", "bo", "release", "RAL-1", NULL), 0, "%s", box.last.out);
	cr_expect(json_is_null(json_path(box.json, "assignee")));
	cr_assert_eq(box_json(&box, "assign", "RAL-1", "ana", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "assignee"), "ana");
}

Test(story, next_claims_the_most_urgent_case)
{
	cr_assert_eq(box_json(&box, "--as", "ana", "next", "--filter", "workflow:generic-kyc", NULL), 6);
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_json(&box, "--as", "ana", "next", "--filter", "workflow:generic-kyc", NULL), 0, "%s",
		     box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "external_ref"), "IND-1");
	cr_expect_str_eq(json_path_text(box.json, "assignee"), "ana");
}

Test(story, a_document_is_rejected_replaced_and_saved)
{
	cr_assert_eq(box_json(&box, "document", "reject", "RAL-1", "BUSINESS_NUMBER", "--reason", "blurry", NULL),
		     0, "%s", box.last.out);
	box_write(&box, "again.pdf", "%PDF-1.4\nagain\n%%EOF\n");
	cr_assert_eq(box_json(&box, "document", "add", "RAL-1", "BUSINESS_NUMBER", "again.pdf", NULL), 0, "%s",
		     box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "upload"), "ready");
	char *id = test_keep(strdup(json_path_text(box.json, "id")));
	cr_assert_eq(box_run(&box, "document", "save", "RAL-1", id, "-o", "saved.pdf", NULL), 0, "%s",
		     box.last.err);
	cr_expect_eq(box_run(&box, "document", "save", "RAL-1", id, "-o", "saved.pdf", NULL), 9);
	cr_expect_eq(box_run(&box, "document", "save", "RAL-1", id, "-o", "saved.pdf", "--force", NULL), 0);
	cr_assert_eq(box_run(&box, "document", "save", "RAL-1", id, "-o", "-", NULL), 0);
	cr_expect_str_eq(box.last.out, "%PDF-1.4\nagain\n%%EOF\n");
}

Test(story, a_party_brings_its_subsession)
{
	cr_assert_eq(box_json(&box, "party", "add", "RAL-1", "--name", "Tomas Reis", "--kind", "individual",
			      "--role", "director", "--country", "Portugal", "--birth", "1980-01-02", NULL),
		     0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "country"), "PRT");
	cr_expect_str_neq(json_path_text(box.json, "session.id"), "");
	cr_assert_eq(box_run(&box, "party", "tree", "RAL-1", NULL), 0);
	cr_expect(strstr(box.last.out, "Tomas Reis"), "%s", box.last.out);
	cr_expect_eq(
		box_run(&box, "party", "add", "RAL-1", "--name", "X", "--kind", "person", "--role", "ubo", NULL),
		9);
}

Test(story, a_note_is_kept)
{
	cr_assert_eq(box_json(&box, "note", "RAL-1", "called the registrar", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "notes[0].text"), "called the registrar");
}

Test(story, two_deciders_at_once_have_one_winner)
{
	for (int round = 0; round < 4; round++) {
		char reference[32], line[512];
		(void)snprintf(reference, sizeof reference, "RACE-%d", round);
		box_import_person(&box, reference);
		(void)snprintf(line, sizeof line,
			       "(\"$K\" --as ana approve %s >a.out 2>a.err; echo $? >a.rc) & "
			       "(\"$K\" --as bob reject %s --reason other >b.out 2>b.err; echo $? >b.rc) & wait; "
			       "cat a.rc b.rc; cat a.err b.err >&2",
			       reference, reference);
		cr_assert_eq(box_shell(&box, line), 0);
		int first = -1, second = -1;
		cr_assert_eq(sscanf(box.last.out, "%d %d", &first, &second), 2, "%s", box.last.out);
		int loser = first == 0 ? second : first;
		cr_expect(first == 0 || second == 0, "nobody won: %s", box.last.err);
		cr_expect(loser == 5 || loser == 4, "%d and %d: %s", first, second, box.last.err);
		cr_expect(strstr(box.last.err, first == 0 ? "ana" : "bob"), "the winner is not named: %s",
			  box.last.err);
	}
}
