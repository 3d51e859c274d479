#include "fixture.h"

FIXTURE_READY(reject);

/* No document of RAL-1 is missing, so a sandbox asks for a note. */
#define NOTE "the register of shareholders"

Test(reject, ends_the_case_with_its_reason_once_and_says_so_outside)
{
	must(USE(f.rita, REJECT, "RAL-1", .reason = "missing_document", .note = NOTE));
	expect_text(session_status_text(f.out.to), "rejected");
	expect_text(f.out.event, "kyc.session_failed");
	expect_sql("SELECT final_decision || ',' || decision_reason || ',' || retryable FROM session "
		   "WHERE external_ref = 'RAL-1'",
		   "rejected,missing_document,1");
	cr_expect(strstr(sql_text(&f, "SELECT body FROM outbox_event"),
			 "\"reason\":\"missing_document\",\"retryable\":true"));
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "LIGHT");
	expect_error(USE(f.rita, REJECT, "RAL-1", .reason = "other"), ERR_BLOCKED, "rita");
}

Test(reject, is_possible_while_something_blocks_approval)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .review = "unreviewed", .party = "active" });
	must(USE(f.rita, REJECT, "RAL-2", .reason = "client_unresponsive"));
}

Test(reject, refuses_other_reasons_and_hides_a_restricted_one)
{
	const char *body;

	expect_error(USE(f.rita, REJECT, "RAL-1", .reason = "mising_document"), ERR_INVALID, "missing_document");
	expect_text(f.error.field, "reason");
	expect_err(USE(f.rita, REJECT, "RAL-1", .reason = ""), ERR_INVALID);
	expect_err(USE(f.rita, REJECT, "RAL-1", .reason = "forged_document", .text = "we know what you did"),
		   ERR_INVALID);
	expect_text(f.error.field, "message");
	expect_err(USE(f.rita, REJECT, "RAL-1", .reason = "sanctions_match", .retryable = CHOICE_YES), ERR_INVALID);
	expect_text(f.error.field, "retryable");
	must(USE(f.rita, REJECT, "RAL-1", .reason = "suspected_fraud"));
	body = sql_text(&f, "SELECT body FROM outbox_event");
	cr_expect(strstr(body, "\"reason\":\"other\",\"retryable\":false"));
	cr_expect(!strstr(body, "fraud"));
	expect_sql("SELECT decision_reason FROM session WHERE external_ref = 'RAL-1'", "suspected_fraud");
}

Test(reject, keeps_message_and_retryable_as_asked)
{
	must(USE(f.rita, REJECT, "RAL-1", .reason = "missing_document", .text = "The register is missing.",
		 .note = NOTE, .retryable = CHOICE_NO));
	expect_sql("SELECT message || ',' || retryable FROM decision WHERE imported = 0", "The register is missing.,0");
}

/* The stored message keeps the line breaks of the letter; audit details and webhook bodies stay on one line. */
Test(reject, keeps_the_lines_of_a_letter_and_makes_no_line_of_another_record)
{
	static const char letter[] = "Dear Ines,\n\nthe register is missing.\n2026-11-20 ada session.approve";
	const char *body;

	must(USE(f.rita, REJECT, "RAL-1", .reason = "missing_document", .text = letter, .note = NOTE,
		 .retryable = CHOICE_NO));
	expect_sql("SELECT message FROM decision WHERE imported = 0", letter);
	expect_rows(0, "audit_event WHERE instr(detail, char(10)) > 0");
	body = sql_text(&f, "SELECT body FROM outbox_event");
	cr_expect_null(strchr(body, '\n'), "%s", body);
}

Test(reject, of_a_held_case_is_a_conflict)
{
	must(USE(f.bo, CLAIM, "RAL-1"));
	expect_error(USE(f.rita, REJECT, "RAL-1", .reason = "other"), ERR_CONFLICT, "bo");
}
