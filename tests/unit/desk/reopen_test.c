#include "fixture.h"

FIXTURE_READY(reopen);

Test(reopen, lowers_the_level_that_the_approval_raised)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(USE(f.lea, REOPEN, "RAL-1", .reason = "new facts from the registry"));
	expect_text(session_status_text(f.out.to), "manual_review");
	expect_text(f.out.level_from, "REGULAR");
	expect_text(f.out.level_to, "LIGHT");
	expect_text(f.out.event, "kyc.state_updated");
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "LIGHT");
	cr_expect(strstr(
		sql_text(&f, "SELECT body FROM outbox_event ORDER BY id DESC"),
		"\"sequence\":2,\"previous_level\":\"REGULAR\",\"level\":\"LIGHT\",\"status\":\"manual_review\""));
}

Test(reopen, clears_the_decision_on_the_session_and_keeps_it_in_the_history)
{
	struct case_view view;

	must(USE(f.rita, APPROVE, "RAL-1"));
	must(USE(f.lea, REOPEN, "RAL-1", .reason = "new facts from the registry"));
	view = fixture_case(&f, "RAL-1");
	cr_expect_eq(view.file.session.final_decision, FINAL_NONE);
	expect_text(view.file.session.decided_by, "");
	cr_expect_eq(view.file.session.decided_at, TIME_NONE);
	cr_expect_eq(view.file.decision_count, 2);
	cr_expect_eq(view.file.decisions[0].kind, DECISION_APPROVE);
	cr_expect(!view.file.decisions[0].undone);
}

Test(reopen, of_a_rejection_changes_no_level)
{
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
	must(USE(f.lea, REOPEN, "RAL-1", .reason = "the client brought proof"));
	expect_text(f.out.level_to, "");
}

Test(reopen, of_an_imported_approval_brings_the_user_back_to_the_first_level)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .status = "approved", .level = "REGULAR" });
	must(USE(f.lea, REOPEN, "RAL-2", .reason = "checked again this year"));
	expect_text(f.out.level_to, "LIGHT");
}

Test(reopen, is_for_leads)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_error(USE(f.rita, REOPEN, "RAL-1", .reason = "I changed my mind"), ERR_FORBIDDEN, "lead");
}

Test(reopen, needs_ten_characters_of_reason)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_err(USE(f.lea, REOPEN, "RAL-1", .reason = "because"), ERR_INVALID);
}

Test(reopen, of_an_open_case_is_blocked)
{
	expect_err(USE(f.lea, REOPEN, "RAL-1", .reason = "no reason at all"), ERR_BLOCKED);
}

Test(reopen, cannot_be_undone)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(USE(f.lea, REOPEN, "RAL-1", .reason = "new facts from the registry"));
	expect_err(USE(f.lea, UNDO, "RAL-1"), ERR_BLOCKED);
	expect_err(USE(f.rita, UNDO, "RAL-1"), ERR_BLOCKED);
}

Test(reopen, lets_the_case_be_approved_again_with_the_same_level_change)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(USE(f.lea, REOPEN, "RAL-1", .reason = "new facts from the registry"));
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_text(f.out.level_to, "REGULAR");
}

Test(reopen, escalation_brings_a_completed_case_into_review)
{
	fixture_kyc(&f, "KYC-1", "completed", NULL);
	must(USE(f.rita, ESCALATE, "KYC-1"));
	expect_text(fixture_status(&f, "KYC-1"), "manual_review");
	expect_text(f.out.event, "session.status_changed");
	expect_err(USE(f.rita, ESCALATE, "KYC-1"), ERR_BLOCKED);
}

Test(reopen, reactivation_goes_back_to_where_it_expired_with_a_new_link_end)
{
	fixture_kyc(&f, "KYC-1", "expired", ", \"expires_at\": \"2026-11-20T11:00:00Z\"");
	sql_run(&f, "UPDATE session SET expired_from = 'active' WHERE external_ref = 'KYC-1'");
	must(USE(f.rita, REACTIVATE, "KYC-1", .days = 7));
	expect_text(fixture_status(&f, "KYC-1"), "active");
	cr_expect_eq(fixture_case(&f, "KYC-1").file.session.expires_at, NOON + 7 * 86400000ll);
}

Test(reopen, reactivation_is_only_for_expired_cases)
{
	fixture_kyc(&f, "KYC-1", "active", NULL);
	expect_err(USE(f.rita, REACTIVATE, "KYC-1"), ERR_BLOCKED);
}
