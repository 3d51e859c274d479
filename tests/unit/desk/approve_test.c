#include "fixture.h"

FIXTURE_READY(approve);

Test(approve, raises_the_level_and_writes_session_decision_audit_log_and_event_together)
{
	const char *all;
	const char *body;
	uint8_t hash[SHA256_SIZE];
	char hex[SHA256_HEX_SIZE];
	const char *evidence;

	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_text(session_status_text(f.out.to), "approved");
	expect_text(f.out.level_from, "LIGHT");
	expect_text(f.out.level_to, "REGULAR");
	expect_text(f.out.event, "kyc.state_updated");
	cr_expect_eq(f.out.undo_until, NOON + GRACE_DEFAULT_S * SECOND_MS);
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "REGULAR");
	expect_sql("SELECT status || ',' || final_decision || ',' || decided_by || ',' || decided_here "
		   "FROM session WHERE external_ref = 'RAL-1'",
		   "approved,approved,rita,1");
	expect_sql("SELECT kind || ',' || decided_by || ',' || role || ',' || (held_until - decided_at) "
		   "FROM decision WHERE imported = 0",
		   "approve,rita,reviewer,10000");
	expect_rows(1, "audit_event WHERE action = 'session.approve'");
	expect_rows(1, "outbox_event");
	all = sql_text(&f, "SELECT group_concat(detail) FROM audit_event");
	cr_expect(!strstr(all, "Harbour") && !strstr(all, "Ines") && !strstr(all, "GB123456789"));
	body = sql_text(&f, "SELECT body FROM outbox_event");
	cr_expect(strstr(body, "\"type\":\"kyc.state_updated\""));
	cr_expect(strstr(body, "\"uid\":\"biz-RAL-1\""));
	cr_expect(strstr(body, "\"previous_level\":\"LIGHT\",\"level\":\"REGULAR\""));
	cr_expect(strstr(body, "\"status\":\"approved\""));
	cr_expect(strstr(body, "\"custom_tags\":{\"region\":\"emea\"}"));
	cr_expect(strstr(body, "\"sequence\":1"));
	cr_expect(!strstr(body, "Harbour") && !strstr(body, "GB123456789") && !strstr(body, "rita"));
	evidence = sql_text(&f, "SELECT evidence FROM decision WHERE imported = 0");
	sha256_hash(evidence, strlen(evidence), hash);
	hex_encode(hash, sizeof hash, hex);
	expect_sql("SELECT evidence_sha256 FROM decision WHERE imported = 0", hex);
	cr_expect(strstr(evidence, "\"status\":\"manual_review\""));
	cr_expect(strstr(sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'session.approve'"), hex));
	expect_blocked(USE(f.bo, APPROVE, "RAL-1"), "status");
	expect_says("rita");
	expect_says("12:00");
}

Test(approve, is_due_for_delivery_when_the_grace_time_is_over_and_keeps_the_note)
{
	fixture_endpoint(&f);
	must(USE(f.rita, APPROVE, "RAL-1", .note = "register checked by phone"));
	cr_expect_eq(sql_int(&f, "SELECT next_at FROM delivery WHERE state = 'pending'"), NOON + 10 * SECOND_MS);
	expect_sql("SELECT note FROM decision WHERE imported = 0", "register checked by phone");
}

Test(approve, without_grace_is_due_at_once_and_cannot_be_undone)
{
	expect_err(USE(f.rita, APPROVE, "RAL-1", .has_grace = true, .grace_s = GRACE_MAX_S + 1), ERR_INVALID);
	expect_text(f.error.field, "grace");
	fixture_endpoint(&f);
	must(approve_at_once(&f, f.rita, "RAL-1"));
	cr_expect_eq(sql_int(&f, "SELECT next_at FROM delivery"), NOON);
	expect_err(USE(f.rita, UNDO, "RAL-1"), ERR_BLOCKED);
}

Test(approve, is_blocked_with_the_list_of_what_is_missing)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .review = "unreviewed", .party = "manual_review" });
	expect_blocked(USE(f.rita, APPROVE, "RAL-2"), "document_not_accepted");
	expect_blocker("party_not_verified");
	cr_expect_eq(f.error.blocker_count, 5);
	expect_text(fixture_status(&f, "RAL-2"), "manual_review");
	expect_rows(0, "outbox_event");
	expect_rows(0, "audit_event WHERE action = 'session.approve'");
}

Test(approve, of_a_version_that_is_gone_is_a_conflict_and_names_who)
{
	int64_t version = fixture_case(&f, "RAL-1").file.session.version;

	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
	expect_err(USE(f.bo, APPROVE, "RAL-1", .seen_version = version), ERR_CONFLICT);
	expect_blocker("changed");
	expect_says("rita rejected it");
	/* The message names the decision, and does not report session.reject as some other change. */
	cr_expect_null(strstr(f.error.message, "session.reject"), "%s", f.error.message);
}

Test(approve, of_a_version_changed_by_other_work_says_what_it_was)
{
	int64_t version = fixture_case(&f, "RAL-1").file.session.version;

	must(USE(f.rita, DOCUMENT_REJECT, "RAL-1", .part = "BUSINESS_NUMBER", .reason = "blurry"));
	must(USE(f.lea, NOTE, "RAL-1", .text = "this changes nothing"));
	expect_error(USE(f.bo, APPROVE, "RAL-1", .seen_version = version), ERR_CONFLICT, "rita: document.reject");
}

Test(approve, of_a_case_that_another_holds_is_a_conflict_also_for_leads_and_releases_the_claim)
{
	must(USE(f.rita, CLAIM, "RAL-1"));
	expect_err(USE(f.lea, APPROVE, "RAL-1"), ERR_CONFLICT);
	expect_blocker("claimed_by_other");
	expect_says("rita");
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_text(fixture_case(&f, "RAL-1").holder, "");
}

Test(approve, of_a_plain_session_or_at_the_level_already_changes_no_level)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .level = "REGULAR" });
	must(USE(f.rita, APPROVE, "RAL-2"));
	expect_text(f.out.level_to, "");
	expect_text(f.out.event, "");
	fixture_kyc(&f, "KYC-1", "completed", NULL);
	must(USE(f.rita, APPROVE, "KYC-1"));
	expect_text(f.out.event, "session.status_changed");
	fixture_kyc(&f, "KYC-2", "draft", NULL);
	must(USE(f.rita, APPROVE, "KYC-2"));
}

Test(approve, of_a_subsession_reports_it_under_its_own_name_and_frees_the_parent)
{
	struct case_view view;
	int64_t version;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .party = "manual_review" });
	view = fixture_case(&f, "RAL-2");
	version = view.file.session.version;
	cr_expect_eq(view.counts.parties_verified, 0);
	must(USE(f.rita, APPROVE, view.file.parties[0].session_id));
	expect_text(f.out.event, "kyc.session_verified");
	view = fixture_case(&f, "RAL-2");
	cr_expect_eq(view.counts.parties_verified, 1);
	cr_expect_gt(view.file.session.version, version);
	cr_expect_eq(sql_int(&f, "SELECT parties_verified FROM session WHERE external_ref = 'RAL-2'"), 1);
	must(USE(f.rita, APPROVE, "RAL-2"));
}

Test(approve, shows_beforehand_what_it_would_do)
{
	struct decision_preview preview;

	fixture_endpoint(&f);
	must(desk_preview(f.rita, &f.arena, &(struct use_in){ .verb = VERB_APPROVE, .session = "RAL-1" }, &preview,
			  &f.error));
	cr_expect_eq(preview.blockers.count, 0);
	expect_text(preview.level_from, "LIGHT");
	expect_text(preview.level_to, "REGULAR");
	expect_text(preview.event, "kyc.state_updated");
	expect_text(preview.merchant, "northwind-pay");
	cr_expect_eq(preview.endpoint_count, 1);
	cr_expect_gt(preview.checklist_count, 0);
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
}

/* If the last write of an approval fails, as on a full disk, none of its earlier writes may stay. */
Test(approve, is_whole_or_absent)
{
	sql_run(&f, "CREATE TRIGGER fault BEFORE INSERT ON audit_event BEGIN SELECT raise(ABORT, 'fault'); END");
	cr_expect_neq(USE(f.rita, APPROVE, "RAL-1"), ERR_OK);
	sql_run(&f, "DROP TRIGGER fault");
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "LIGHT");
	expect_rows(0, "decision WHERE imported = 0");
	expect_rows(0, "outbox_event");
	must(USE(f.rita, APPROVE, "RAL-1"));
}

/* The front end's grace time applies to the preview and the decision; a grace time in the request has precedence. */
Test(approve, the_grace_time_of_the_desk_is_previewed_and_kept)
{
	struct decision_preview preview;

	fixture_endpoint(&f);
	desk_set_grace(f.rita, 47);
	must(desk_preview(f.rita, &f.arena, &(struct use_in){ .verb = VERB_APPROVE, .session = "RAL-1" }, &preview,
			  &f.error));
	cr_expect_eq(preview.grace_s, 47);
	must(USE(f.rita, APPROVE, "RAL-1"));
	cr_expect_eq(f.out.undo_until, desk_now(f.rita) + 47000);
	must(USE(f.rita, UNDO, "RAL-1"));
	must(USE(f.rita, APPROVE, "RAL-1", .has_grace = true, .grace_s = 5));
	cr_expect_eq(f.out.undo_until, desk_now(f.rita) + 5000);
}
