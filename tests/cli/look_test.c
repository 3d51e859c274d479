/* Acceptances by commands: nobody at a command was shown the document. */
#include "attack_cases.h"
#include "expect.h"

#define UNSEEN "document", "accept", "IND-1", "PASSPORT", "--unseen"

static void set_up(void)
{
	box_open_bare(&box);
	attack_in_production(&box);
	box_import_by_colleague(
		&box,
		"{\"external_ref\":\"IND-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		"\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\","
		"\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\"},\"documents\":[{\"type\":\"PASSPORT\","
		"\"file_name\":\"p.pdf\",\"file\":\"a.pdf\",\"upload\":\"ready\"}],\"steps\":[{\"id\":\"identity\","
		"\"status\":\"completed\"}]}\n");
}
TestSuite(looks, .init = set_up, .fini = box_tear_down);

Test(looks, what_was_not_shown_is_not_accepted_in_production)
{
	BLOCKS(("document", "accept", "IND-1", "PASSPORT"), "document_not_accepted");
	REFUSED(4, "Cannot accept PASSPORT: the file was not shown", "document", "accept", "IND-1", "PASSPORT");
	DONE("document", "save", "IND-1", "PASSPORT", "-o", "saved.pdf");
	REFUSED(4, "the file was saved to a file, and not shown here", "document", "accept", "IND-1", "PASSPORT");
}

Test(looks, unseen_needs_a_reason_and_a_reason_needs_unseen)
{
	REFUSED(2, "--unseen needs --reason with ten characters or more", UNSEEN);
	REFUSED(2, "--unseen needs --reason with ten characters or more", UNSEEN, "--reason", "paper");
	REFUSED(2, "--reason belongs to --unseen", "document", "accept", "IND-1", "PASSPORT", "--reason",
		"compared on paper");
	GIVES(("show", "IND-1"), "documents[0].review: unreviewed");
}

Test(looks, an_unseen_acceptance_is_in_the_record_and_in_the_evidence_of_the_decision)
{
	DONE(UNSEEN, "--reason", "compared on paper");
	TELLS(("audit", "export"), "the file was not shown", "compared on paper");
	DONE("approve", "IND-1", "--grace", "0");
	GIVES(("show", "IND-1", "--decision", "1"), "evidence.overrides has 1",
	      "evidence.overrides[0].kind: accepted_unseen", "evidence.overrides[0].what: PASSPORT",
	      "evidence.overrides[0].why: the file was not shown", "evidence.overrides[0].by is there",
	      "evidence.acceptances_without_looks = 0", "evidence.sandbox_without_evidence is absent");
}

Test(looks_in_a_sandbox, an_approval_without_evidence_says_so, .init = box_set_up, .fini = box_tear_down)
{
	DONE("session", "open", "ralio-sandbox", "--merchant", "shop", "--ref", "IND-1", "--subject-kind", "individual",
	     "--kind", "kyc", "--uid", "user-1", "--name", "Jane Doe", "--country", "ESP", "--for", "merchant");
	DONE("approve", "IND-1", "--grace", "0");
	GIVES(("show", "IND-1", "--decision", "1"), "evidence.sandbox_without_evidence = true");
	TELLS(("audit", "export"), "approved without evidence");
}

/* A confirmed match that was accepted, and an adverse result that was cleared, stand in place of evidence, too. */
Test(looks_in_a_sandbox, an_approval_lists_accepted_matches_and_cleared_results, .init = box_set_up,
     .fini = box_tear_down)
{
	static const char id[] = "0191dac1-0000-4000-8000-000000000001";

	box_import(
		&box,
		test_text("{\"external_ref\":\"PEP-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			  "\"shop\",\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines "
			  "Duarte\",\"country\":\"PRT\"},\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}],"
			  "\"checks\":[{\"kind\":\"adverse_media\",\"status\":\"failed\"},{\"kind\":\"watchlist\","
			  "\"status\":"
			  "\"hit\",\"hits\":[{\"id\":\"%s\",\"name\":\"Ines "
			  "Duarte\",\"list\":\"Officials\",\"class\":\"pep\","
			  "\"score\":0.9,\"state\":\"open\"}]}]}\n",
			  id));
	DONE("check", "judge", "PEP-1", "adverse_media.1", "--verdict", "cleared", "--reason", "about a namesake");
	DONE("check", "resolve", "PEP-1", id, "--as-match", "--reason", "same_person", "--note", "the same person");
	DONE("check", "accept", "PEP-1", id, "--reason", "retired in 2011");
	DONE("approve", "PEP-1", "--grace", "0");
	GIVES(("show", "PEP-1", "--decision", "1"), "evidence.overrides has 2", "evidence.overrides[0].kind: cleared",
	      "evidence.overrides[0].what: adverse_media result", "evidence.overrides[0].by is there",
	      "evidence.overrides[1].kind: accepted_match", "evidence.overrides[1].what: 1 pep hit",
	      "evidence.overrides[1].by is there");
}
