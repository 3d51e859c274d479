#include "fixture.h"

FIXTURE(reopen);

static enum err reopen(struct desk *desk, const char *ref, const char *reason, struct decide_result *result)
{
	const struct decide_options options = { .grace_s = -1 };
	struct decide_result unused;

	return desk_reopen(desk, &f.arena, ref, reason, &options, result ? result : &unused, &f.error);
}

Test(reopen, lowers_the_level_that_the_approval_raised)
{
	struct decide_result result;

	fixture_ready(&f, "RAL-1");
	must(approve(&f, f.rita, "RAL-1", NULL));
	must(reopen(f.lea, "RAL-1", "new facts from the registry", &result));
	expect_text(session_status_text(result.to), "manual_review");
	expect_text(result.level_from, "REGULAR");
	expect_text(result.level_to, "LIGHT");
	expect_text(result.event, "kyc.state_updated");
	expect_text(sql_text(&f, "SELECT level FROM subject WHERE uid = 'biz-RAL-1'"), "LIGHT");
	cr_expect(strstr(
		sql_text(&f, "SELECT body FROM outbox_event ORDER BY id DESC"),
		"\"sequence\":2,\"previous_level\":\"REGULAR\",\"level\":\"LIGHT\",\"status\":\"manual_review\""));
}

Test(reopen, clears_the_decision_on_the_session_and_keeps_it_in_the_history)
{
	struct case_view view;

	fixture_ready(&f, "RAL-1");
	must(approve(&f, f.rita, "RAL-1", NULL));
	must(reopen(f.lea, "RAL-1", "new facts from the registry", NULL));
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
	struct decide_result result;

	fixture_ready(&f, "RAL-1");
	must(reject(&f, f.rita, "RAL-1", "other", NULL));
	must(reopen(f.lea, "RAL-1", "the client brought proof", &result));
	expect_text(result.level_to, "");
}

Test(reopen, of_an_imported_approval_brings_the_user_back_to_the_first_level)
{
	struct decide_result result;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .status = "approved", .level = "REGULAR" });
	must(reopen(f.lea, "RAL-1", "checked again this year", &result));
	expect_text(result.level_to, "LIGHT");
}

Test(reopen, is_for_leads)
{
	fixture_ready(&f, "RAL-1");
	must(approve(&f, f.rita, "RAL-1", NULL));
	expect_err(reopen(f.rita, "RAL-1", "I changed my mind", NULL), ERR_FORBIDDEN);
	expect_says("lead");
}

Test(reopen, needs_ten_characters_of_reason)
{
	fixture_ready(&f, "RAL-1");
	must(approve(&f, f.rita, "RAL-1", NULL));
	expect_err(reopen(f.lea, "RAL-1", "because", NULL), ERR_INVALID);
}

Test(reopen, of_an_open_case_is_blocked)
{
	fixture_ready(&f, "RAL-1");
	expect_err(reopen(f.lea, "RAL-1", "no reason at all", NULL), ERR_BLOCKED);
}

Test(reopen, cannot_be_undone)
{
	fixture_ready(&f, "RAL-1");
	must(approve(&f, f.rita, "RAL-1", NULL));
	must(reopen(f.lea, "RAL-1", "new facts from the registry", NULL));
	expect_err(undo(&f, f.lea, "RAL-1"), ERR_BLOCKED);
	expect_err(undo(&f, f.rita, "RAL-1"), ERR_BLOCKED);
}

Test(reopen, lets_the_case_be_approved_again_with_the_same_level_change)
{
	struct decide_result result;

	fixture_ready(&f, "RAL-1");
	must(approve(&f, f.rita, "RAL-1", NULL));
	must(reopen(f.lea, "RAL-1", "new facts from the registry", NULL));
	must(approve(&f, f.rita, "RAL-1", &result));
	expect_text(result.level_to, "REGULAR");
}

Test(reopen, escalation_brings_a_completed_case_into_review)
{
	struct decide_result result;

	fixture_kyc(&f, "KYC-1", "completed", NULL);
	must(desk_escalate(f.rita, &f.arena, "KYC-1", &result, &f.error));
	expect_text(fixture_status(&f, "KYC-1"), "manual_review");
	expect_text(result.event, "session.status_changed");
	expect_err(desk_escalate(f.rita, &f.arena, "KYC-1", &result, &f.error), ERR_BLOCKED);
}

Test(reopen, reactivation_goes_back_to_where_it_expired_with_a_new_link_end)
{
	struct decide_result result;

	fixture_kyc(&f, "KYC-1", "expired", ", \"expires_at\": \"2026-11-20T11:00:00Z\"");
	sql_run(&f, "UPDATE session SET expired_from = 'active' WHERE external_ref = 'KYC-1'");
	must(desk_reactivate(f.rita, &f.arena, "KYC-1", 7, &result, &f.error));
	expect_text(fixture_status(&f, "KYC-1"), "active");
	cr_expect_eq(fixture_case(&f, "KYC-1").file.session.expires_at, NOON + 7 * 86400000ll);
}

Test(reopen, reactivation_is_only_for_expired_cases)
{
	struct decide_result result;

	fixture_kyc(&f, "KYC-1", "active", NULL);
	expect_err(desk_reactivate(f.rita, &f.arena, "KYC-1", 0, &result, &f.error), ERR_BLOCKED);
}
