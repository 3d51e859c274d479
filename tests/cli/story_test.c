/* One company from import to decision to webhook, by command alone. */
#include "expect.h"
#include "support/http_receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(story, .init = box_set_up_company, .fini = box_tear_down);

Test(story, a_cleared_company_is_approved_undone_and_approved_again)
{
	ENDS(4, "approve", "RAL-1");
	box_clear(&box, "RAL-1");

	GIVES(("approve", "RAL-1", "--note", "all there"), "status: approved", "compliance_status: approved",
	      "subject.level: REGULAR");

	GIVES(("undo", "RAL-1"), "status: manual_review", "subject.level: LIGHT", "decisions[0].undone = true");

	TELLS(("approve", "RAL-1", "--grace", "0"), "LIGHT → REGULAR");
	cr_expect_neq(box_run(&box, "undo", "RAL-1", NULL), 0);
	DONE("audit", "verify");
}

Test(story, the_announcement_says_how_to_take_it_back)
{
	box_clear(&box, "RAL-1");
	TELLS(("approve", "RAL-1"), "kybdesk undo RAL-1");
}

Test(story, the_level_change_reaches_a_receiver)
{
	struct receiver *receiver = receiver_start();
	const char *url = receiver_url(receiver, "/hook");
	DONE_JSON("endpoint", "add", "--merchant", "shop", "--url", url, "--event", "*");
	char *secret = test_keep(strdup(json_path_text(box.json, "secret")));
	box_clear(&box, "RAL-1");
	TELLS(("approve", "RAL-1", "--grace", "0"), "kyc.state_updated to 1 endpoint");
	DONE_JSON("webhook", "deliver", "--drain");
	cr_expect_geq(json_path_int(box.json, "delivered"), 1);
	SHOWS("failed = 0", "waiting = 0", "dead = 0");
	GIVES(("webhook", "list", "--session", "RAL-1"), "data[0].type: kyc.state_updated", "data[0].state: delivered");
	GIVES(("webhook", "show", test_keep(strdup(json_path_text(box.json, "data[0].id")))),
	      "body.data.level: REGULAR", "deliveries[0].attempts[0].status = 204");
	cr_assert(receiver_wait(receiver, 1, 60000));
	cr_expect(request_is_signed(receiver_request(receiver, receiver_count(receiver) - 1), secret));
	receiver_stop(receiver);
}

Test(story, an_event_without_an_endpoint_is_one_unsent_row)
{
	box_clear(&box, "RAL-1");
	DONE("approve", "RAL-1", "--grace", "0");
	GIVES(("webhook", "list", "--session", "RAL-1", "--state", "unsent"), "data has 1");
}

Test(story, corrections_are_asked_for_item_by_item_and_withdrawn)
{
	GIVES(("corrections", "RAL-1", "--step", "company_info", "--document", "BUSINESS_NUMBER", "--message",
	       "Scan it again", "--step", "related_parties", "--message", "Who is the chair?"),
	      "status: awaiting_client_correction", "corrections has 2");
	GIVES(("corrections", "RAL-1", "--withdraw"), "status: manual_review");
}

Test(story, corrections_without_a_message_are_wrong_usage)
{
	REFUSED(2, "--message", "corrections", "RAL-1", "--step", "company_info");
}

Test(story, a_rejected_case_is_reopened_by_a_lead)
{
	GIVES(("reject", "RAL-1", "--reason", "company_not_active", "--note", "explained in full", "--message",
	       "Dissolved"),
	      "status: rejected", "decisions[0].reason: company_not_active");
	GIVES(("--as", "lea", "reopen", "RAL-1", "--reason", "the register was wrong"), "status: manual_review");
}

Test(story, the_evidence_of_a_decision_is_kept)
{
	box_clear(&box, "RAL-1");
	DONE("approve", "RAL-1");
	GIVES(("show", "RAL-1", "--decision", "1"), "decision: approve");
	cr_expect_eq(strlen(json_path_text(box.json, "evidence_sha256")), 64);
	cr_expect(json_is_object(json_path(box.json, "evidence")));
	PRINTS_NOT("1984-02-11"); /* the birth date in the evidence is masked */
	ENDS(6, "show", "RAL-1", "--decision", "9");
}

static void expect_altered(const char *sql, const char *how)
{
	box_sql(&box, sql);
	ENDS(8, "show", "RAL-1", "--decision", "1");
	cr_expect_str_empty(box.last.out, "%s", how);
	SAYS("The evidence of decision ", " was altered: ", how);
	FAILS(8, ("--as", "lea", "show", "RAL-1", "--decision", "1", "--reveal"), "error.code: store",
	      "evidence is absent");
}

Test(story, altered_evidence_is_not_shown_as_evidence)
{
	box_clear(&box, "RAL-1");
	DONE("approve", "RAL-1");
	DONE("show", "RAL-1", "--decision", "1");
	expect_altered("UPDATE decision SET evidence = replace(evidence, 'RAL-1', 'RAL-2')",
		       "its hash differs from the stored one");
	/* Empty evidence with a matching hash: only the audit log shows the change. */
	expect_altered("UPDATE decision SET evidence = '', evidence_sha256 = "
		       "'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
		       "the audit log recorded another hash");
	expect_altered("UPDATE decision SET number = 7", "the audit log has no record of it");
	expect_altered("UPDATE decision SET evidence_sha256 = ''", "its hash differs from the stored one");
	box_sql(&box, "UPDATE decision SET evidence = '{'");
	ENDS(8, "show", "RAL-1", "--decision", "1");
	cr_expect_str_empty(box.last.out);
}

Test(story, who_holds_a_case_is_seen_and_changed)
{
	GIVES(("--as", "ana", "claim", "RAL-1"), "assignee: ana");
	ENDS(5, "--as", "bo", "claim", "RAL-1");
	GIVES(("--as", "bo", "claim", "RAL-1", "--take-over"), "assignee: bo");
	GIVES(("--as", "bo", "release", "RAL-1"), "assignee = null");
	GIVES(("assign", "RAL-1", "ana"), "assignee: ana");
}

Test(story, next_claims_the_most_urgent_case)
{
	ENDS_JSON(6, "--as", "ana", "next", "--filter", "workflow:generic-kyc");
	box_import_person(&box, "IND-1");
	GIVES(("--as", "ana", "next", "--filter", "workflow:generic-kyc"), "external_ref: IND-1", "assignee: ana");
}

Test(story, a_document_is_rejected_replaced_and_saved)
{
	DONE_JSON("document", "reject", "RAL-1", "BUSINESS_NUMBER", "--reason", "blurry");
	box_write(&box, "again.pdf", "%PDF-1.4\nagain\n%%EOF\n");
	GIVES(("document", "add", "RAL-1", "BUSINESS_NUMBER", "again.pdf"), "upload: ready");
	char *id = test_keep(strdup(json_path_text(box.json, "id")));
	DONE("document", "save", "RAL-1", id, "-o", "saved.pdf");
	ENDS(9, "document", "save", "RAL-1", id, "-o", "saved.pdf");
	DONE("document", "save", "RAL-1", id, "-o", "saved.pdf", "--force");
	DONE("document", "save", "RAL-1", id, "-o", "-");
	cr_expect_str_eq(box.last.out, "%PDF-1.4\nagain\n%%EOF\n");
}

Test(story, a_party_brings_its_subsession)
{
	GIVES(("party", "add", "RAL-1", "--name", "Tomas Reis", "--kind", "individual", "--role", "director",
	       "--country", "Portugal", "--birth", "1980-01-02"),
	      "country: PRT");
	cr_expect_str_neq(json_path_text(box.json, "session.id"), "");
	TELLS(("party", "tree", "RAL-1"), "Tomas Reis");
	ENDS(9, "party", "add", "RAL-1", "--name", "X", "--kind", "person", "--role", "ubo");
}

Test(story, a_note_is_kept)
{
	GIVES(("note", "RAL-1", "called the registrar"), "notes[0].text: called the registrar");
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
		DONE_SHELL(line);
		int first = -1, second = -1;
		cr_assert_eq(sscanf(box.last.out, "%d %d", &first, &second), 2, "%s", box.last.out);
		int loser = first == 0 ? second : first;
		cr_expect(first == 0 || second == 0, "nobody won: %s", box.last.err);
		cr_expect(loser == 5 || loser == 4, "%d and %d: %s", first, second, box.last.err);
		cr_expect(strstr(box.last.err, first == 0 ? "ana" : "bob"), "the winner is not named: %s",
			  box.last.err);
	}
}
