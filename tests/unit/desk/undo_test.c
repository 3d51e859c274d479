#include "fixture.h"

FIXTURE_READY(undo);

Test(undo, brings_back_status_level_and_decision_fields_once)
{
	struct case_view view;

	must(USE(f.rita, APPROVE, "RAL-1"));
	forward(&f, 9 * SECOND_MS);
	must(USE(f.rita, UNDO, "RAL-1"));
	view = fixture_case(&f, "RAL-1");
	expect_text(session_status_text(view.file.session.status), "manual_review");
	cr_expect_eq(view.file.session.final_decision, FINAL_NONE);
	expect_text(view.file.session.decided_by, "");
	expect_text(view.file.session.subject.level, "LIGHT");
	expect_sql("SELECT group_concat(kind || ':' || undone) FROM (SELECT * FROM decision WHERE "
		   "imported = 0 ORDER BY id) AS d",
		   "approve:1,undo:0");
	expect_text(fixture_case(&f, "RAL-1").holder, "rita");
	expect_err(USE(f.rita, UNDO, "RAL-1"), ERR_BLOCKED);
}

Test(undo, cancels_the_event_that_has_not_been_sent)
{
	fixture_endpoint(&f);
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(USE(f.rita, UNDO, "RAL-1"));
	expect_sql("SELECT state || ',' || note FROM delivery", "cancelled,undone by rita");
	expect_rows(1, "outbox_event");
}

Test(undo, is_refused_when_the_clock_was_set_back_by_more_than_any_grace_time)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	forward(&f, -2 * GRACE_MAX_S * SECOND_MS);
	expect_err(USE(f.rita, UNDO, "RAL-1"), ERR_BLOCKED);
}

Test(undo, is_for_who_decided_and_ends_with_the_grace_time)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_error(USE(f.lea, UNDO, "RAL-1"), ERR_BLOCKED, "rita");
	forward(&f, 10 * SECOND_MS);
	expect_error(USE(f.rita, UNDO, "RAL-1"), ERR_BLOCKED, "the time to undo ended");
	expect_text(fixture_status(&f, "RAL-1"), "approved");
}

Test(undo, is_a_conflict_when_the_event_is_on_its_way)
{
	fixture_endpoint(&f);
	must(USE(f.rita, APPROVE, "RAL-1"));
	sql_run(&f, "UPDATE delivery SET state = 'leased', lease_owner = 'x', lease_until = 9000000000000");
	expect_err(USE(f.rita, UNDO, "RAL-1"), ERR_CONFLICT);
	expect_text(fixture_status(&f, "RAL-1"), "approved");
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "REGULAR");
}

Test(undo, is_a_conflict_when_the_parents_decision_rests_on_it)
{
	const char *party;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .party = "manual_review" });
	party = fixture_case(&f, "RAL-2").file.parties[0].session_id;
	must(USE(f.rita, APPROVE, party));
	must(USE(f.bo, APPROVE, "RAL-2"));
	expect_error(USE(f.rita, UNDO, party), ERR_CONFLICT, "bo");
	expect_says("RAL-2");
	must(USE(f.bo, UNDO, "RAL-2"));
	must(USE(f.rita, UNDO, party));
	expect_text(fixture_status(&f, party), "manual_review");
	cr_expect_eq(fixture_case(&f, "RAL-2").counts.parties_verified, 0);
}

Test(undo, is_a_conflict_when_another_took_the_case_meanwhile)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(USE(f.bo, CLAIM, "RAL-1"));
	expect_err(USE(f.rita, UNDO, "RAL-1"), ERR_CONFLICT);
}

Test(undo, of_a_rejection_brings_back_what_was_decided_before)
{
	must(USE(f.rita, REJECT, "RAL-1", .reason = "missing_document", .note = "explained in full"));
	must(USE(f.rita, UNDO, "RAL-1"));
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
	expect_sql("SELECT decision_reason FROM session WHERE external_ref = 'RAL-1'", "other");
	expect_rows(3, "decision WHERE imported = 0");
}

Test(undo, of_corrections_from_an_approval_raises_the_level_again)
{
	must(USE(f.rita, APPROVE, "RAL-1"));
	forward(&f, MINUTE_MS);
	must(ask(&f, f.lea, "RAL-1", "company_info", NULL, NULL));
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "LIGHT");
	must(USE(f.lea, UNDO, "RAL-1"));
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "REGULAR");
	expect_sql("SELECT status || ',' || decided_by FROM session WHERE external_ref = 'RAL-1'", "approved,rita");
}

Test(undo, is_offered_to_who_can_do_it_for_as_long)
{
	struct case_view view;

	must(USE(f.rita, APPROVE, "RAL-1"));
	must(desk_case(f.rita, &f.arena, "RAL-1", false, &view, &f.error));
	cr_expect_eq(view.undo_until, NOON + 10 * SECOND_MS);
	must(desk_case(f.bo, &f.arena, "RAL-1", false, &view, &f.error));
	cr_expect_eq(view.undo_until, TIME_NONE);
	forward(&f, 10 * SECOND_MS);
	must(desk_case(f.rita, &f.arena, "RAL-1", false, &view, &f.error));
	cr_expect_eq(view.undo_until, TIME_NONE);
}

/* The whole row except its holder, its version, its time of change and its count of events (a used number is not used
 * again). */
static const char *row_of(const char *ref)
{
	const char *values =
		sql_text(&f, arena_printf(&f.arena,
					  "%s NOT IN ('assignee_id', 'claimed_at', 'claim_expires_at', 'version', "
					  "'updated_at', 'event_sequence')",
					  place_session_values));

	return sql_text(&f,
			arena_printf(&f.arena,
				     "SELECT %s || (SELECT ' level=' || level FROM subject WHERE id = subject_id) FROM "
				     "session WHERE external_ref = '%s'",
				     values, ref));
}

static void expect_same_after_undo(struct desk *desk, const char *before)
{
	cr_assert(strstr(before, "retryable=") && strstr(before, "decision_reason="), "%s", before);
	cr_expect_str_neq(row_of("RAL-1"), before, "the decision changed nothing");
	forward(&f, 3 * SECOND_MS);
	must(USE(desk, UNDO, "RAL-1"));
	expect_text(row_of("RAL-1"), before);
}

static void snooze(void)
{
	must(USE(f.rita, SNOOZE, "RAL-1", .until = NOON + 60 * MINUTE_MS, .reason = "the registry answers later"));
}

Test(undo, leaves_the_row_as_it_was_before_each_decision)
{
	const char *before;

	snooze();
	before = row_of("RAL-1");
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_same_after_undo(f.rita, before);
	must(USE(f.rita, REJECT, "RAL-1", .reason = "missing_document", .note = "explained in full"));
	expect_same_after_undo(f.rita, before);
	must(ask(&f, f.rita, "RAL-1", "company_info", "BUSINESS_NUMBER", NULL));
	expect_same_after_undo(f.rita, before);
}

Test(undo, leaves_the_row_as_it_was_after_other_decisions)
{
	const char *before;

	must(USE(f.rita, REJECT, "RAL-1", .reason = "missing_document", .note = "explained in full"));
	forward(&f, MINUTE_MS);
	before = row_of("RAL-1");
	must(ask(&f, f.lea, "RAL-1", "company_info", NULL, NULL));
	expect_same_after_undo(f.lea, before);
	must(ask(&f, f.lea, "RAL-1", "company_info", NULL, NULL));
	forward(&f, MINUTE_MS);
	sql_run(&f, "UPDATE session SET reminders = 2, reminded_at = 1795176000000");
	before = row_of("RAL-1");
	must(USE(f.lea, REJECT, "RAL-1", .reason = "other"));
	expect_same_after_undo(f.lea, before);
}

Test(undo, leaves_what_an_expired_case_expired_from)
{
	const char *before;

	sql_run(&f, "UPDATE session SET status = 'expired', expired_from = 'active' WHERE external_ref = 'RAL-1'");
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
	must(USE(f.rita, UNDO, "RAL-1"));
	before = row_of("RAL-1");
	cr_assert(strstr(before, "expired_from='active'"), "%s", before);
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
	expect_same_after_undo(f.rita, before);
}

Test(undo, of_what_another_desk_decided_is_not_possible_here)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2",
				       .status = "rejected",
				       .more = ", \"decisions\": [{\"decision\": \"reject\", \"by\": \"rita\", "
					       "\"reason\": \"other\", \"at\": \"2026-11-20T12:00:00Z\"}]" });
	expect_error(USE(f.rita, UNDO, "RAL-2"), ERR_BLOCKED,
		     "the last decision was imported; a lead can reopen the case");
	expect_text(fixture_status(&f, "RAL-2"), "rejected");
}

/* If the client answered a correction before the reviewer undoes its request, the case stays marked as returned. */
Test(undo, of_corrections_keeps_that_the_client_answered_meanwhile)
{
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	must(USE(f.rita, UNDO, "RAL-1"));
	cr_expect_not(fixture_case(&f, "RAL-1").file.session.returned);
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	sql_run(&f, arena_printf(&f.arena,
				 "UPDATE correction SET state = 'answered', answered_at = %lld WHERE state = 'open'",
				 (long long)f.world.wall_ms));
	must(USE(f.rita, UNDO, "RAL-1"));
	cr_expect(fixture_case(&f, "RAL-1").file.session.returned);
}

/* An older program stored only a few values with a decision: the undo restores the status and ends the pause. */
Test(undo, of_a_decision_of_an_older_program_brings_back_what_it_knows)
{
	int64_t due = fixture_case(&f, "RAL-1").file.session.due_at;

	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	sql_run(&f, "UPDATE decision SET before = '{\"status\":\"manual_review\",\"level\":\"\",\"final_decision\":"
		    "\"\",\"decided_by\":\"\",\"reason\":\"\",\"decided_at\":null,\"retryable\":false}'");
	forward(&f, 5 * SECOND_MS);
	must(USE(f.rita, UNDO, "RAL-1"));
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_paused_at, TIME_NONE);
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_at, due + 5 * SECOND_MS);
}
