/* Suspicions: they hold a case, only certain users may read them, and no other user notices them. */
#include "fixture.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/read.h"

FIXTURE_READY(suspicion);

#define WHY "the invoices are from a company that does not exist"

static enum err report(struct desk *desk, const char *ref)
{
	return USE(desk, SUSPICION_OPEN, ref, .reason = WHY);
}

static enum err close_as(struct desk *desk, const char *ref, bool filed)
{
	return USE(desk, SUSPICION_CLOSE, ref, .filed = filed, .reason = WHY);
}

static size_t readable(struct desk *desk, const char *ref)
{
	struct suspicion_list list, open;

	must(desk_suspicions(desk, &f.arena, ref, &list, &f.error));
	must(desk_suspicions(desk, &f.arena, NULL, &open, &f.error));
	cr_expect_leq(open.count, list.count);
	return list.count;
}

static bool blocks(struct desk *desk, const char *ref, enum blocker_code code)
{
	struct case_view view;

	must(desk_case(desk, &f.arena, ref, false, &view, &f.error));
	for (size_t i = 0; i < view.blockers.count; i++) {
		if (view.blockers.items[i].code == code)
			return true;
	}
	return false;
}

Test(suspicion, it_holds_the_case_and_only_leads_read_it)
{
	struct suspicion_list list;

	must(report(f.rita, "RAL-1"));
	cr_expect_eq(readable(f.rita, "RAL-1"), 0, "its reporter is no reader of it");
	cr_expect_eq(readable(f.bo, "RAL-1"), 0);
	cr_expect_eq(readable(f.vic, "RAL-1"), 0);
	cr_expect_eq(readable(f.ada, "RAL-1"), 1);
	must(desk_suspicions(f.lea, &f.arena, "RAL-1", &list, &f.error));
	cr_assert_eq(list.count, 1);
	cr_expect_eq(list.items[0].cause, CAUSE_REPORTED);
	expect_text(list.items[0].opened_by, "rita");
	cr_expect_eq(list.items[0].due_at, NOON + SUSPICION_DUE_DAYS * (int64_t)86400000);
	cr_assert_eq(list.items[0].entry_count, 1);
	expect_text(list.items[0].entries[0].text, WHY);
	cr_expect(blocks(f.lea, "RAL-1", BLOCKER_SUSPICION_OPEN));
	cr_expect_not(blocks(f.lea, "RAL-1", BLOCKER_HELD));
	cr_expect(blocks(f.rita, "RAL-1", BLOCKER_HELD));
	cr_expect_not(blocks(f.rita, "RAL-1", BLOCKER_SUSPICION_OPEN));
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "held");
	expect_blocked(USE(f.lea, APPROVE, "RAL-1"), "suspicion_open");
	expect_sql("SELECT blocker FROM session WHERE external_ref = 'RAL-1'", "held");
	/* The suspicion blocks only the approval: the case can be rejected. */
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
}

Test(suspicion, within_the_grace_time_takes_the_approval_back)
{
	struct audit_differences differences;

	fixture_endpoint(&f);
	must(USE(f.rita, APPROVE, "RAL-1"));
	cr_assert_eq(sql_int(&f, "SELECT count(*) FROM delivery WHERE state <> 'cancelled'"), 1);
	must(report(f.bo, "RAL-1"));
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	expect_text(fixture_case(&f, "RAL-1").file.session.subject.level, "LIGHT");
	expect_rows(0, "delivery WHERE state <> 'cancelled'");
	cr_expect(blocks(f.rita, "RAL-1", BLOCKER_HELD));
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
	/* Every user may read this audit record: it names neither the suspicion nor its reporter. */
	expect_sql("SELECT actor || ' ' || json_extract(detail, '$.cause') || ' ' || "
		   "json_extract(detail, '$.by') FROM audit_event WHERE action = 'session.hold'",
		   "system held rita");
	expect_rows(0, "audit_event WHERE detail LIKE '%suspicion%'");
	expect_rows(0, "alert");
	must(desk_audit_compare(f.ada, &f.arena, &(struct audit_compare_options){ 0 }, &differences, &f.error));
	cr_expect_eq(differences.count, 0);
}

Test(suspicion, of_an_owner_takes_the_approval_of_the_company_back)
{
	const char *owner;
	struct audit_differences differences;

	owner = fixture_case(&f, "RAL-1").file.parties[0].session_id;
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(report(f.bo, owner));
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	expect_text(fixture_status(&f, owner), "approved");
	cr_expect(blocks(f.rita, "RAL-1", BLOCKER_HELD));
	expect_rows(0, "alert");
	must(desk_audit_compare(f.ada, &f.arena, &(struct audit_compare_options){ 0 }, &differences, &f.error));
	cr_expect_eq(differences.count, 0);
}

Test(suspicion, after_the_grace_time_leaves_the_approval)
{
	int64_t records;

	must(USE(f.rita, APPROVE, "RAL-1"));
	forward(&f, 60 * (int64_t)60000);
	records = sql_int(&f, "SELECT count(*) FROM audit_event");
	must(report(f.bo, "RAL-1"));
	expect_text(fixture_status(&f, "RAL-1"), "approved");
	expect_rows(records, "audit_event");
	expect_rows(0, "alert");
}

Test(suspicion, within_the_grace_time_of_a_rejection_leaves_the_rejection)
{
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
	must(report(f.bo, "RAL-1"));
	expect_text(fixture_status(&f, "RAL-1"), "rejected");
}

Test(suspicion, it_leaves_no_trace_that_others_read)
{
	static const char records[] = "SELECT count(*) FROM audit_event";
	static const char row[] = "SELECT version || ' ' || updated_at || ' ' || status FROM session "
				  "WHERE external_ref = 'RAL-1'";
	static const char others[] =
		"SELECT (SELECT count(*) FROM contribution) + (SELECT count(*) FROM note) + (SELECT "
		"count(*) FROM alert) + (SELECT count(*) FROM outbox_event) + (SELECT count(*) FROM delivery)";
	struct audit_differences differences;
	int64_t before, rest, rows;
	const char *version;

	before = sql_int(&f, records);
	rest = sql_int(&f, others);
	version = sql_text(&f, row);
	must(desk_audit_compare(f.ada, &f.arena, &(struct audit_compare_options){ 0 }, &differences, &f.error));
	rows = differences.rows_compared;
	must(report(f.rita, "RAL-1"));
	must(report(f.bo, "RAL-1"));
	must(USE(f.lea, SUSPICION_ACCESS, "RAL-1", .part = "bo"));
	must(USE(f.bo, SUSPICION_NOTE, "RAL-1", .text = "Look at the bank."));
	must(desk_audit_compare(f.ada, &f.arena, &(struct audit_compare_options){ 0 }, &differences, &f.error));
	cr_expect_eq(differences.rows_compared, rows, "everyone reads the number of rows");
	must(close_as(f.lea, "RAL-1", true));
	cr_expect_eq(sql_int(&f, records), before);
	cr_expect_eq(sql_int(&f, others), rest);
	expect_sql(row, version);
	/* Each row of a suspicion has a commitment, so that a changed row is found. */
	expect_rows(5, "row_commitment WHERE name = 'suspicion_entry'");
	sql_run(&f, "UPDATE suspicion SET filed = 0");
	must(desk_audit_compare(f.ada, &f.arena, &(struct audit_compare_options){ 0 }, &differences, &f.error));
	cr_expect_eq(differences.count, 1);
	sql_run(&f, "UPDATE suspicion SET filed = 1");
}

Test(suspicion, a_second_report_is_added_and_tells_nothing)
{
	struct suspicion_list list;

	must(report(f.rita, "RAL-1"));
	must(report(f.bo, "RAL-1"));
	must(desk_suspicions(f.lea, &f.arena, "RAL-1", &list, &f.error));
	cr_assert_eq(list.count, 1);
	cr_expect_eq(list.items[0].entry_count, 2);
	must(close_as(f.lea, "RAL-1", false));
	must(report(f.bo, "RAL-1"));
	cr_expect_eq(readable(f.lea, "RAL-1"), 2);
}

Test(suspicion, people_on_its_list_read_it)
{
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "kim", .role = ROLE_REVIEWER));
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "kim"));
	must(report(f.rita, "RAL-1"));
	expect_error(USE(f.lea, SUSPICION_ACCESS, "RAL-1", .part = "kim"), ERR_INVALID, "The reviewer kim is disabled");
	expect_err(USE(f.bo, SUSPICION_NOTE, "RAL-1", .text = "Is it so?"), ERR_NOT_FOUND);
	expect_err(USE(f.bo, SUSPICION_ACCESS, "RAL-1", .part = "bo"), ERR_FORBIDDEN);
	expect_err(USE(f.lea, SUSPICION_ACCESS, "RAL-1", .part = "nobody"), ERR_NOT_FOUND);
	must(USE(f.lea, SUSPICION_ACCESS, "RAL-1", .part = "bo"));
	cr_expect_eq(readable(f.bo, "RAL-1"), 1);
	cr_expect(blocks(f.bo, "RAL-1", BLOCKER_SUSPICION_OPEN));
	must(USE(f.bo, SUSPICION_NOTE, "RAL-1", .text = "It is so."));
	expect_err(close_as(f.bo, "RAL-1", true), ERR_FORBIDDEN);
	must(USE(f.lea, SUSPICION_ACCESS, "RAL-1", .part = "bo", .revoke = true));
	cr_expect_eq(readable(f.bo, "RAL-1"), 0);
	cr_expect(blocks(f.bo, "RAL-1", BLOCKER_HELD));
	/* The refusal is the same as for a case without a suspicion. */
	expect_err(USE(f.bo, SUSPICION_NOTE, "RAL-1", .text = "Still?"), ERR_NOT_FOUND);
	expect_text(f.error.message, "RAL-1 has no open suspicion that you may read");
	must(close_as(f.lea, "RAL-1", false));
	expect_err(USE(f.bo, SUSPICION_NOTE, "RAL-1", .text = "And now?"), ERR_NOT_FOUND);
	expect_text(f.error.message, "RAL-1 has no open suspicion that you may read");
}

Test(suspicion, a_rejection_for_fraud_opens_one_and_its_undo_closes_none)
{
	struct suspicion_list list;

	must(USE(f.rita, REJECT, "RAL-1", .reason = "suspected_fraud"));
	must(USE(f.rita, UNDO, "RAL-1"));
	must(USE(f.rita, RELEASE, "RAL-1"));
	must(desk_suspicions(f.lea, &f.arena, "RAL-1", &list, &f.error));
	cr_assert_eq(list.count, 1);
	cr_expect_eq(list.items[0].cause, CAUSE_REJECTION);
	expect_blocked(USE(f.bo, APPROVE, "RAL-1"), "held");
	must(close_as(f.lea, "RAL-1", false));
	must(USE(f.bo, APPROVE, "RAL-1"));
}

Test(suspicion, a_forged_document_opens_one)
{
	struct suspicion_list list;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .review = "unreviewed" });
	must(USE(f.rita, DOCUMENT_REJECT, "RAL-2", .part = "BUSINESS_NUMBER", .reason = "blurry"));
	cr_expect_eq(readable(f.lea, "RAL-2"), 0);
	must(USE(f.rita, DOCUMENT_REJECT, "RAL-2", .part = "BUSINESS_NUMBER", .reason = "suspected_forgery"));
	must(desk_suspicions(f.lea, &f.arena, "RAL-2", &list, &f.error));
	cr_assert_eq(list.count, 1);
	cr_expect_eq(list.items[0].cause, CAUSE_DOCUMENT);
}

Test(suspicion, a_confirmed_sanctions_match_opens_one)
{
	static const char hits[] =
		", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", \"hits\": [{\"name\": "
		"\"Ana Sousa\", \"list\": \"OFAC SDN\", \"class\": \"sanctions\", \"score\": 0.9}, "
		"{\"name\": \"Ana Sousa\", \"list\": \"L\", \"class\": \"pep\", \"score\": 0.9}]}]";

	fixture_kyc(&f, "KYC-1", "manual_review", hits);
	fixture_reveal(&f, f.rita, "KYC-1");
	must(USE(f.rita, HIT_RESOLVE, "KYC-1", .is_match = true, .reason = "same_person",
		 .note = "the same passport number", .part = sql_text(&f, "SELECT uuid FROM hit WHERE class = 'pep'")));
	cr_expect_eq(readable(f.lea, "KYC-1"), 0);
	must(USE(f.rita, HIT_RESOLVE, "KYC-1", .is_match = true, .reason = "same_person",
		 .note = "the same passport number",
		 .part = sql_text(&f, "SELECT uuid FROM hit WHERE class = 'sanctions'")));
	cr_expect_eq(readable(f.lea, "KYC-1"), 1);
}

Test(suspicion, on_a_partys_session_it_holds_the_case_above)
{
	const char *kyc = sql_text(&f, "SELECT s.uuid FROM session s JOIN party p ON p.subsession_id = s.id");

	must(report(f.rita, kyc));
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "held");
	expect_sql("SELECT blocker FROM session WHERE external_ref = 'RAL-1'", "held");
	must(close_as(f.lea, kyc, false));
	must(USE(f.rita, APPROVE, "RAL-1"));
}

Test(suspicion, who_closed_it_does_not_approve)
{
	fixture_in_production(&f);
	must(report(f.rita, "RAL-1"));
	must(close_as(f.lea, "RAL-1", false));
	expect_blocked(USE(f.lea, APPROVE, "RAL-1"), "second_reviewer");
	expect_says("lea cleared a hold");
	must(USE(f.bo, APPROVE, "RAL-1"));
}

Test(suspicion, a_contributor_does_not_close_it)
{
	fixture_in_production(&f);
	must(USE(f.lea, LINK, "RAL-1"));
	must(report(f.rita, "RAL-1"));
	expect_blocked(close_as(f.lea, "RAL-1", false), "second_reviewer");
	expect_err(close_as(f.rita, "RAL-1", false), ERR_FORBIDDEN);
}

/* Its reporter needs a second lead, unless the desk has none. */
Test(suspicion, who_reported_it_does_not_close_it)
{
	struct suspicion_list list;
	struct desk *amy;

	fixture_in_production(&f);
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "amy", .role = ROLE_LEAD));
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "zoe", .role = ROLE_LEAD));
	amy = fixture_production_desk(&f, "amy");
	must(report(amy, "RAL-1"));
	must(report(f.lea, "RAL-1"));
	expect_blocked(close_as(amy, "RAL-1", false), "second_reviewer");
	expect_blocked(close_as(f.lea, "RAL-1", false), "second_reviewer");
	expect_says("lea took part in it");
	expect_error(close_as(amy, "RAL-1", false), ERR_BLOCKED, "zoe can");
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "zoe"));
	forward(&f, 7 * 24 * 60 * (int64_t)MINUTE_MS);
	must(close_as(amy, "RAL-1", false));
	must(desk_suspicions(f.lea, &f.arena, "RAL-1", &list, &f.error));
	cr_expect(strstr(list.items[0].entries[2].text, "(the desk has no second lead)"));
	desk_close(amy);
}

static size_t suspicions_in_case(struct desk *desk)
{
	struct case_view view;

	must(desk_case(desk, &f.arena, "RAL-1", false, &view, &f.error));
	return view.suspicions.count;
}

static bool doctor_says(struct desk *desk, const char *what)
{
	struct doctor_finding *items;
	size_t count;

	must(desk_run_doctor(desk, &f.arena, &items, &count, &f.error));
	for (size_t i = 0; i < count; i++) {
		cr_expect_not(items[i].is_damage, "%s", items[i].message);
		if (strstr(items[i].message, what))
			return true;
	}
	return false;
}

/* A suspicion about a lead does not exist for this lead; the other leads read it and end it. */
Test(suspicion, the_lead_whom_it_is_about_notices_nothing)
{
	static const char none[] = "RAL-1 has no open suspicion that you may read";
	struct desk *amy;

	fixture_in_production(&f);
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "amy", .role = ROLE_LEAD));
	amy = fixture_production_desk(&f, "amy");
	expect_error(USE(f.rita, SUSPICION_OPEN, "RAL-1", .reason = WHY, .part = "rita"), ERR_INVALID, "yourself");
	must(USE(f.rita, SUSPICION_OPEN, "RAL-1", .reason = WHY, .part = "lea"));
	cr_expect_eq(readable(amy, "RAL-1"), 1);
	cr_expect(blocks(amy, "RAL-1", BLOCKER_SUSPICION_OPEN));
	cr_expect_eq(readable(f.lea, "RAL-1"), 0);
	cr_expect_eq(readable(f.lea, ""), 0);
	cr_expect_eq(suspicions_in_case(f.lea), 0);
	cr_expect(blocks(f.lea, "RAL-1", BLOCKER_HELD));
	cr_expect_not(blocks(f.lea, "RAL-1", BLOCKER_SUSPICION_OPEN));
	expect_blocked(USE(f.lea, APPROVE, "RAL-1"), "held");
	expect_error(close_as(f.lea, "RAL-1", false), ERR_NOT_FOUND, none);
	expect_error(USE(f.lea, SUSPICION_NOTE, "RAL-1", .text = "What is it?"), ERR_NOT_FOUND, none);
	expect_error(USE(f.lea, SUSPICION_ACCESS, "RAL-1", .part = "lea"), ERR_NOT_FOUND, none);
	/* Neither the log nor a report of the lead's own reveals it. */
	must(report(f.lea, "RAL-1"));
	cr_expect_eq(readable(f.lea, "RAL-1"), 0);
	expect_rows(0, "audit_event WHERE detail LIKE '%lea%' AND action LIKE 'suspicion%'");
	must(close_as(amy, "RAL-1", false));
	cr_expect_eq(readable(f.lea, ""), 0, "nor is it in the register once it is closed");
	cr_expect_eq(readable(amy, ""), 1);
	desk_close(amy);
}

/* A lead alone wants the hold to end and removes the others: then nobody ends it, and doctor reports it. */
Test(suspicion, a_lead_does_not_end_it_by_removing_the_others)
{
	struct desk *amy;

	fixture_in_production(&f);
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "amy", .role = ROLE_LEAD));
	amy = fixture_production_desk(&f, "amy");
	must(report(f.rita, "RAL-1"));
	cr_expect_not(doctor_says(amy, "nobody can close"));
	expect_err(USE(f.lea, SUSPICION_ACCESS, "RAL-1", .part = "lea", .revoke = true), ERR_INVALID);
	must(USE(f.lea, SUSPICION_ACCESS, "RAL-1", .part = "amy", .revoke = true));
	expect_error(close_as(amy, "RAL-1", false), ERR_NOT_FOUND, "no open suspicion");
	expect_error(close_as(f.lea, "RAL-1", false), ERR_BLOCKED, "a second lead, whom an admin adds first, can");
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "amy"));
	expect_err(close_as(f.lea, "RAL-1", false), ERR_BLOCKED);
	cr_expect(doctor_says(f.lea, "nobody can close the suspicion of RAL-1: "));
	cr_expect(doctor_says(f.ada, "nobody can close the suspicion of RAL-1: "));
	cr_expect_not(doctor_says(f.rita, "suspicion"), "who may not read it reads nothing of it");
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "zoe", .role = ROLE_LEAD));
	cr_expect_not(doctor_says(f.lea, "nobody can close"));
	expect_error(close_as(f.lea, "RAL-1", false), ERR_BLOCKED, "zoe can");
	desk_close(amy);
}

#define DRAFT                                                                                                          \
	"{\"external_ref\": \"DRA-1\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", \"merchant\": "                 \
	"\"northwind-pay\", \"status\": \"active\", \"subject\": {\"kind\": \"business\", \"name\": \"Quay "           \
	"Ltd\", "                                                                                                      \
	"\"country\": \"PRT\"}}\n"

Test(suspicion, its_session_is_not_erased)
{
	fixture_import(&f, DRAFT);
	must(report(f.rita, "DRA-1"));
	expect_err(USE(f.lea, DELETE, "DRA-1"), ERR_INVALID);
	expect_blocked(USE(f.lea, DELETE, "DRA-1", .reason = WHY), "held");
	must(close_as(f.lea, "DRA-1", true));
	expect_err(USE(f.lea, DELETE, "DRA-1", .reason = WHY), ERR_BLOCKED);
}

/* The refusal says that a lead holds the session, and does not mention the suspicion. */
Test(suspicion, a_reviewer_cannot_remove_its_session)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .party = "active" });
	sql_run(&f, "UPDATE session SET submitted_at = NULL WHERE parent_id IS NOT NULL");
	must(report(f.rita, sql_text(&f, "SELECT uuid FROM session WHERE parent_id IS NOT NULL ORDER BY id DESC")));
	expect_error(USE(f.rita, SUBSESSION_REMOVE, "RAL-2", .part = "Ines Duarte"), ERR_FORBIDDEN,
		     "is held by a lead");
	cr_expect_null(strstr(f.error.message, "suspicion"), "%s", f.error.message);
}

Test(suspicion, a_case_is_referred_to_a_lead_or_a_colleague)
{
	expect_err(USE(f.rita, REFER, "RAL-1", .part = "rita", .reason = WHY), ERR_INVALID);
	expect_err(USE(f.rita, REFER, "RAL-1", .part = "vic", .reason = WHY), ERR_INVALID);
	must(USE(f.rita, REFER, "RAL-1", .part = "lead", .reason = WHY));
	expect_text(f.out.part_id, "lea");
	expect_text(fixture_case(&f, "RAL-1").holder, "lea");
	expect_text(fixture_case(&f, "RAL-1").file.notes[0].text, "Referred to lea: " WHY);
	expect_err(USE(f.rita, REFER, "RAL-1", .part = "bo", .reason = WHY), ERR_CONFLICT);
	must(USE(f.lea, REFER, "RAL-1", .part = "bo", .reason = WHY));
	expect_text(fixture_case(&f, "RAL-1").holder, "bo");
	expect_rows(2, "audit_event WHERE action = 'session.refer'");
}
