/*
 * Attacks by commands: an allowed or a forbidden actor changes a case that is ready to be approved, and the desk must
 * not approve anything unreviewed. (Attacks at the desk and by import: facts_test.c, intake_test.c and care_test.c in
 * tests/unit/desk; attacks with custom rules: custody_test.c.)
 */
#include "expect.h"
#include "attack_cases.h"

#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	attack_open(&box);
}
TestSuite(attack, .init = set_up, .fini = box_tear_down);

static void no_approval(const char *code)
{
	BLOCKS(("approve", "RAL-1", "--grace", "0"), code);
	DONE_JSON("show", "RAL-1");
	cr_expect_str_neq(json_path_text(box.json, "status"), "approved");
}

/* --- identity --- */

Test(attack, identity_swapped_by_import)
{
	attack_ready(&box);
	attack_import_is_refused(&box, "Ines Duarte", "Rui Falso");
	attack_import_is_refused(&box, "1984-02-11", "1990-09-09");
	ENDS(4, "party", "edit", "RAL-1", "Ines Duarte", "--name", "Rui Falso", "--reason", "as the client told us",
	     AS("rita"));
	ENDS(4, "party", "edit", "RAL-1", "Ines Duarte", "--birth", "1990-09-09", "--reason", "as the client told us",
	     AS("lea"));
}

Test(attack, owner_left_out_and_replaced)
{
	attack_ready(&box);
	attack_replace_owner(&box, "rita");
	no_approval("party_not_verified");
}

Test(attack, company_renamed_after_acceptance)
{
	attack_ready(&box);
	attack_import_is_refused(&box, "Harbour Lane Trading Ltd", "Harbor Holdings SA");
	DONE("subject", "edit", "biz-RAL-1", "--name", "Harbor Holdings SA", AS("rita"));
	no_approval("field_invalid");
}

/* --- documents --- */

Test(attack, document_re_dated)
{
	attack_ready(&box);
	attack_import_is_refused(&box, "\"file_name\":\"m.pdf\"",
				 "\"file_name\":\"m.pdf\",\"expires_on\":\"2031-05-05\"");
}

Test(attack, second_and_third_file_of_a_type)
{
	attack_ready_with(&box, LAST_DOCUMENT,
			  ONE_MORE("OTHER", "second.pdf") ONE_MORE("OTHER", "third.pdf") LAST_DOCUMENT);
	no_approval("document_not_accepted");
	char *other = attack_id_of(&box, "document", "data[3].id");
	DONE("document", "accept", "RAL-1", other, AS("rita"));
	no_approval("document_not_accepted");
	ENDS(4, "document", "add", "RAL-1", "OTHER", "a.pdf", AS("rita"));
}

Test(attack, optional_document_rejected_or_unseen)
{
	attack_ready_with(&box, LAST_DOCUMENT, ONE_MORE("FINANCIAL_STATEMENTS", "balance.pdf") LAST_DOCUMENT);
	no_approval("document_not_accepted");
	DONE("document", "reject", "RAL-1", "FINANCIAL_STATEMENTS", "--reason", "blurry", AS("rita"));
	no_approval("document_not_accepted");
}

/* --- parties and their KYC --- */

Test(attack, empty_kyc)
{
	attack_import(&box, KYC_STEPS, "}}]}");
	char *kyc = attack_id_of(&box, "subsession", "data[0].id");
	BLOCKS(("approve", kyc, "--grace", "0"), "nothing_examined");
	no_approval("party_not_verified");
}

Test(attack, new_kyc_after_a_restricted_rejection)
{
	attack_import_kyc_rejected(&box);
	ENDS(7, "subsession", "add", "RAL-1", "Ines Duarte", "--reason", "the first one was a mistake", AS("rita"));
	no_approval("party_not_verified");
}

Test(attack, owner_removed_or_lowered_after_rejection)
{
	attack_import_kyc_rejected(&box);
	ENDS(7, "party", "remove", "RAL-1", "Ines Duarte", "--reason", "sold the shares last month", AS("rita"));
	ENDS(7, "party", "edit", "RAL-1", "Ines Duarte", "--percent", "10", "--role", "shareholder", "--control-role",
	     "", "--reason", "sold the shares last month", AS("rita"));
	attack_import_is_refused(&box, "\"ownership_percent\":\"100\"", "\"ownership_percent\":\"10\"");
	no_approval("party_not_verified");
}

Test(attack, verified_elsewhere_over_a_rejection)
{
	attack_import_kyc_rejected(&box);
	(void)RUN("party", "verify", "RAL-1", "Ines Duarte", "--elsewhere", "--reason", "seen at the branch today",
		  AS("lea"));
	no_approval("party_not_verified");
}

Test(attack, a_company_as_ceo)
{
	attack_ready_with(&box, CEO, "");
	no_approval("party_missing");
	(void)RUN("party", "add", "RAL-1", "--kind", "company", "--name", "Lane Holdings BV", "--role", "director",
		  "--control-role", "CEO", "--country", "NL", AS("rita"));
	no_approval("party_missing");
}

/* --- identifications (Avenia) --- */

static void not_verified(const char *name)
{
	no_approval("party_not_verified");
	ENDS(4, "approve", "RAL-1");
	SAYS(name);
}

Test(attack, one_identification_for_two)
{
	attack_two_owners(&box, NAMES_DOCUMENT, NAMES_DOCUMENT, "");
	not_verified("Ana Luz is not verified");
	not_verified("Rui Sol is not verified");
}

Test(attack, half_an_identification)
{
	attack_two_owners(&box, NAMES_DOCUMENT, "", "front");
	not_verified("Ana Luz is not verified");
}

Test(attack, id_in_a_free_text)
{
	attack_two_owners(&box, "\"note\":\"see " ID_DOCUMENT "\"", "", "");
	not_verified("Ana Luz is not verified");
}

/* --- checks and hits --- */

Test(attack, confirmed_match_revised_by_a_reviewer)
{
	attack_ready_with(&box, WITHOUT_MORE, WITH_HIT);
	char *hit = attack_id_of(&box, "check", "data[0].hits[0].id");
	DONE("check", "resolve", "RAL-1", hit, "--as-match", "--reason", "same_person", AS("rita"));
	ENDS(7, "check", "resolve", "RAL-1", hit, "--as-false-positive", "--reason", "different_birth_date", "--note",
	     "compared once more", AS("rita"));
	no_approval("hit_open");
}

#define SANCTIONS                                                                                                      \
	"\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"Ines Duarte\",\"list\":"         \
	"\"OFAC "                                                                                                      \
	"SDN\",\"class\":\"sanctions\",\"detail\":{\"date_of_birth\":\"1984-02-11\",\"nationality\":\"PRT\"}}]}],"     \
	"\"risk_score\":42"
#define WHY "compared with the passport, page 2"

/* Tries to reject a sanctions match as "document missing", so that the client can retry: at once and after an undo. */
Test(attack, confirmed_sanctions_match_rejected_as_a_missing_document)
{
	attack_ready_with(&box, WITHOUT_MORE, SANCTIONS);
	char *hit = attack_id_of(&box, "check", "data[0].hits[0].id");
	DONE("claim", "RAL-1", AS("rita"));
	DONE("show", "RAL-1", "--reveal", AS("rita"));
	DONE("check", "resolve", "RAL-1", hit, "--as-match", "--reason", "same_person", "--note", WHY, AS("rita"));
	for (int again = 0; again < 2; again++) {
		ENDS(9, "reject", "RAL-1", "--reason", "missing_document", AS("rita"));
		SAYS("Ines Duarte (OFAC SDN), a confirmed sanctions match");
		ENDS(9, "reject", "RAL-1", "--reason", "missing_document", "--note", WHY, "--retryable", AS("rita"));
		DONE("reject", "RAL-1", "--reason", "sanctions_match", "--grace", "60", AS("rita"));
		DONE("undo", "RAL-1", AS("rita"));
	}
	DONE("reject", "RAL-1", "--reason", "missing_document", "--note", WHY, AS("rita"));
	DONE_JSON("show", "RAL-1");
	cr_expect_not(json_is_true(json_path(box.json, "retryable")), "%s", box.last.out);
}

/* Tries to clear a sanctions hit as a different person, to get the case approved. */
Test(attack, sanctions_hit_cleared_against_its_card)
{
	attack_ready_with(&box, WITHOUT_MORE, SANCTIONS);
	char *hit = attack_id_of(&box, "check", "data[0].hits[0].id");
	ENDS(9, "check", "resolve", "RAL-1", hit, "--as-false-positive", "--reason", "different_country", AS("rita"));
	SAYS("the country of the list's entry and of Ines Duarte agree (PRT)");
	ENDS(9, "check", "resolve", "RAL-1", hit, "--as-false-positive", "--reason", "different_birth_date",
	     AS("rita"));
	ENDS(4, "check", "resolve", "RAL-1", hit, "--as-false-positive", "--reason", "other", "--note", WHY,
	     AS("rita"));
	SAYS("reveal the case first");
	ENDS(9, "check", "resolve", "RAL-1", hit, "--as-false-positive", "--reason", "other", AS("rita"));
	no_approval("hit_open");
}

Test(attack, new_hit_at_an_old_place_or_id)
{
	attack_ready_with(&box, WITHOUT_MORE, WITH_HIT);
	char *hit = attack_id_of(&box, "check", "data[0].hits[0].id");
	DONE("check", "resolve", "RAL-1", hit, "--as-false-positive", "--reason", "different_birth_date", "--note",
	     "compared with the register", AS("rita"));
	box_write(&box, "hits.json", HIT("Harbour Lane", "sanctions"));
	DONE("check", "report", "RAL-1", "watchlist", "--status", "hit", "--hits", "hits.json");
	no_approval("hit_open");
}

Test(attack, waiver_over_another_result)
{
	attack_ready_with(&box, WITHOUT_MORE, WITH_CHECK_IN_ERROR);
	DONE("check", "waive", "RAL-1", "crypto", "--reason", "the provider is down today", AS("lea"));
	DONE("check", "report", "RAL-1", "crypto", "--status", "failed", "--score", "0.9");
	no_approval("check_failed");
}

/* --- answers and deciders --- */

Test(attack, correction_answered_by_handing_in)
{
	attack_ready(&box);
	DONE("corrections", "RAL-1", "--step", "company_info", "--document", "PROOF_OF_ADDRESS", "--message",
	     "Not older than three months, please.", "--grace", "0", AS("rita"));
	ENDS(4, "correction", "hand-in", "RAL-1");
	ENDS(4, "correction", "hand-in", "RAL-1", "--for", "client");
	no_approval("correction_open");
}

Test(attack, retryable_rejection_overturned_by_an_import)
{
	attack_ready(&box);
	DONE("reject", "RAL-1", "--reason", "data_mismatch", "--note", "explained in full", "--retryable", "--grace",
	     "0", AS("rita"));
	attack_import_is_refused(&box, "\"risk_score\":42", "\"risk_score\":43");
	GIVES(("show", "RAL-1"), "status: rejected");
}

Test(attack, own_check_result)
{
	attack_in_production(&box);
	box_import_person_by_colleague(&box, "RAL-1");
	DONE("check", "report", "RAL-1", "ofac", "--status", "passed");
	no_approval("second_reviewer");
	ENDS(7, "check", "report", "RAL-1", "ofac", "--status", "passed", "--for", "provider");
}

Test(attack, final_decision_imported_by_who_then_decides)
{
	attack_in_production(&box);
	char *done = attack_decided_line();
	box_import(&box, done);
	DONE("process", "RAL-1");
	no_approval("second_reviewer");
	SHOWS("status: manual_review");
}
