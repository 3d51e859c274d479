/* A new hit is imported even if other parts of its line are refused; it takes back an approval not yet notified. */
#include "lines.h"

#include "kybdesk/base/world.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/subject.h"
#include "kybdesk/store/outbox.h"

#include <string.h>

FIXTURE(new_hit);

#define INES_KYC(status, more)                                                                                         \
	OWNER("Ines Duarte", "1984-02-11",                                                                             \
	      ",\"session\":{\"workflow\":\"generic-kyc\",\"status\":\"" status                                        \
	      "\",\"steps\":[{\"id\":\"identity\",\"status\":\"completed\",\"fields\":{\"city\":\"Porto\"}}]" more     \
	      "}")
#define CLEAR ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\"}]"
#define SANCTIONED WATCHLIST(HIT("", "Inez Duarte", "open"))

static const char *owner_kyc(void)
{
	return arena_strdup(&f.arena, fixture_case(&f, "RAL-9").file.parties[0].session_id);
}

static int64_t open_hits(void)
{
	return sql_int(&f, "SELECT count(*) FROM hit WHERE state = 'open'");
}

static int64_t hits(void)
{
	return sql_int(&f, "SELECT count(*) FROM hit");
}

static const char *alerts(void)
{
	return sql_text(&f, "SELECT coalesce(group_concat(kind), '') FROM alert WHERE closed_at IS NULL");
}

static const char *refused_parts(void)
{
	return sql_text(&f, "SELECT coalesce(group_concat(detail, ';'), '') FROM (SELECT detail FROM audit_event "
			    "WHERE action = 'import.refuse' ORDER BY seq) AS d");
}

static bool blocks(struct desk *desk, const char *ref, const char *code)
{
	bool found;

	cr_assert_eq(USE(desk, APPROVE, ref), ERR_BLOCKED);
	found = error_has_blocker(&f.error, code);
	return found;
}

/* --- a line that repeats a decision of this desk --- */

Test(new_hit, of_the_company_comes_with_an_owners_kyc_that_was_decided_here)
{
	must_import(&(struct company){ .parties = INES_KYC("manual_review", CLEAR) });
	must(approve_at_once(&f, f.rita, owner_kyc()));
	fixture_accept_all(&f, "RAL-9");
	/* The line repeats the data of the owner, and has a new hit on the company. */
	cr_assert(taken(f.bo,
			"{\"external_ref\":\"RAL-9\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"m\","
			"\"status\":\"manual_review\",\"subject\":{\"uid\":\"biz-9\",\"kind\":\"business\",\"name\":"
			"\"Harbour Lane Trading Ltd\",\"country\":\"GBR\"},\"parties\":[" INES_KYC(
				"manual_review", CLEAR) "]" WATCHLIST(HIT("", "Harbour Lane", "open")) "}\n"),
		  "%s", refusal);
	cr_expect_eq(open_hits(), 1);
	cr_expect(blocks(f.rita, "RAL-9", "hit_open"));
	expect_text(refused_parts(), "");
}

Test(new_hit, of_an_owner_whose_kyc_was_approved_keeps_the_company_from_approval)
{
	must_import(&(struct company){ .parties = INES_KYC("manual_review", CLEAR) });
	must(approve_at_once(&f, f.rita, owner_kyc()));
	fixture_accept_all(&f, "RAL-9");
	must_import(&(struct company){ .parties = INES_KYC("manual_review", SANCTIONED) });
	cr_expect_eq(open_hits(), 1);
	expect_text(fixture_status(&f, owner_kyc()), "approved");
	expect_text(alerts(), "approval_in_doubt");
	cr_expect(blocks(f.rita, "RAL-9", "basis_changed"));
	/* A confirmation does not remove the blocker: a lead must reopen the KYC. */
	expect_err(confirm_all(&f, f.rita, "RAL-9"), ERR_BLOCKED);
	cr_expect(blocks(f.rita, "RAL-9", "basis_changed"));
}

/* Even if the line repeats the status "approved" of the KYC, its hits are imported. */
Test(new_hit, of_an_owner_whose_kyc_is_repeated_as_approved_comes_in)
{
	must_import(&(struct company){ .parties = INES_KYC("manual_review", CLEAR) });
	must(approve_at_once(&f, f.rita, owner_kyc()));
	must_import(&(struct company){ .parties = INES_KYC("approved", SANCTIONED) });
	cr_expect_eq(open_hits(), 1);
}

Test(new_hit, on_an_approved_case_raises_an_alert_and_refuses_nothing)
{
	cr_assert(taken(f.ada, PERSON("manual_review", CLEAR)), "%s", refusal);
	must(approve_at_once(&f, f.rita, "KYC-9"));
	cr_expect(taken(f.bo, PERSON("manual_review", SANCTIONED)), "%s", refusal);
	expect_text(fixture_status(&f, "KYC-9"), "approved");
	expect_text(alerts(), "approval_in_doubt");
	cr_expect_eq(open_hits(), 1);
	/* After a lead closed the alert, the next hit raises an alert again, though the first hit is still open. */
	must(USE(f.lea, ALERT_CLOSE, "KYC-9", .reason = "looked at it with legal"));
	expect_text(alerts(), "");
	cr_expect(taken(f.bo, PERSON("manual_review",
				     WATCHLIST(HIT("", "Inez Duarte", "open") "," HIT("", "I. Duarte", "open")))),
		  "%s", refusal);
	expect_text(alerts(), "approval_in_doubt");
	cr_expect_eq(open_hits(), 2);
}

Test(new_hit, a_decided_case_whose_line_says_nothing_new_stays_as_it_is)
{
	int64_t version, records;

	cr_assert(taken(f.ada, PERSON("manual_review", CLEAR)), "%s", refusal);
	must(approve_at_once(&f, f.rita, "KYC-9"));
	version = fixture_case(&f, "KYC-9").file.session.version;
	records = sql_int(&f, "SELECT count(*) FROM audit_event");
	/* The line differs from the first line only in a note. */
	cr_expect(taken(f.bo, PERSON("manual_review", CLEAR ",\"notes\":[{\"text\":\"seen\",\"by\":\"x\"}]")), "%s",
		  refusal);
	cr_expect_eq(fixture_case(&f, "KYC-9").file.session.version, version);
	expect_rows(records, "audit_event");
}

/* --- a line of which other parts are refused --- */

Test(new_hit, is_taken_from_a_line_with_five_refused_parts_which_are_all_recorded)
{
	static const char bad[] = DOCUMENT("MEMORANDUM_ARTICLES", "articles.pdf", "") "," DOCUMENT(
		"BUSINESS_NUMBER", "number.pdf",
		",\"expires_on\":\"2027-01-01\"") "," DOCUMENT("PROOF_OF_ADDRESS", "address.pdf",
							       "") "," DOCUMENT("DIRECTORS_SHAREHOLDERS_REG",
										"register.pdf",
										"") "," DOCUMENT("OTHER", "bill.jpeg",
												 "");
	const char *line, *parts;

	must_import(&(struct company){ 0 });
	line = arena_printf(
		&f.arena,
		"{\"external_ref\":\"RAL-9\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"m\","
		"\"status\":\"active\",\"subject\":{\"uid\":\"biz-9\",\"kind\":\"business\",\"name\":\"Other "
		"Ltd\"},\"steps\":[{"
		"\"id\":\"company_info\",\"status\":\"completed\",\"fields\":{\"a\":\"b\"}}],\"documents\":[%s],"
		"\"parties\":[%s,%s]" WATCHLIST(HIT("", "Harbour Lane", "open")) "}\n",
		bad, INES, OWNER("Ivo Duarte", "1990-01-01", ""));
	refused(f.bo, line, "subject.name");
	cr_expect(strstr(refusal, "1 new check result of this session was imported anyway"), "%s", refusal);
	cr_expect_eq(open_hits(), 1);
	expect_text(fixture_case(&f, "RAL-9").file.session.subject.name, "Harbour Lane Trading Ltd");
	cr_expect_eq(fixture_case(&f, "RAL-9").file.party_count, 1);
	parts = arena_strdup(&f.arena, refused_parts());
	cr_expect(strstr(parts, "[\"subject.name\",\"steps[0]\",\"documents[4].type\",\"parties[1]\",\"status\"]"),
		  "%s", parts);
	/* The same line again adds neither a hit nor an audit record. */
	refused(f.bo, line, "subject.name");
	cr_expect_eq(hits(), 1);
	expect_text(refused_parts(), parts);
}

Test(new_hit, is_taken_from_a_line_that_cannot_be_read)
{
	cr_assert(taken(f.ada, PERSON("manual_review", CLEAR)), "%s", refusal);
	refused(f.bo, PERSON("manual_review", SANCTIONED ",\"colour\":\"red\""), "colour");
	cr_expect_eq(open_hits(), 1);
	refused(f.bo, PERSON("no_such_status", WATCHLIST(HIT("", "J. Reyes", "open"))), "status");
	cr_expect_eq(open_hits(), 2);
	/* The check has one valid hit and one invalid hit. */
	refused(f.bo, PERSON("manual_review", WATCHLIST(HIT("", "Jo Reyes", "open") ",{\"score\":7}")), "checks[0]");
	cr_expect_eq(open_hits(), 3);
	expect_rows(1, "check_result");
}

Test(new_hit, of_a_file_that_is_missing_is_taken)
{
	must_import(&(struct company){ 0 });
	refused(f.bo,
		arena_printf(&f.arena,
			     "{\"external_ref\":\"RAL-9\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":"
			     "\"m\","
			     "\"status\":\"manual_review\",\"subject\":{\"uid\":\"biz-9\",\"kind\":\"business\","
			     "\"name\":\"Harbour Lane Trading Ltd\"},\"documents\":[%s],\"parties\":[%s]}\n",
			     DOCUMENT("OTHER", "no-such-file.pdf", ""), INES_KYC("active", SANCTIONED)),
		"no-such-file.pdf");
	cr_expect_eq(open_hits(), 1);
	expect_rows(1, "hit h JOIN check_result c ON c.id = h.check_id JOIN session s "
		       "ON s.id = c.session_id WHERE s.parent_id IS NOT NULL");
	cr_expect_eq(sql_int(&f, "SELECT hit_open FROM session WHERE parent_id IS NOT NULL"), 1);
}

Test(new_hit, never_reaches_a_case_of_another_merchant)
{
	const char *line;

	cr_assert(taken(f.ada, PERSON("manual_review", CLEAR)), "%s", refusal);
	line = arena_printf(
		&f.arena,
		"{\"id\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"other\",\"status\":"
		"\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Jo Reyes\"}%s}\n",
		fixture_case(&f, "KYC-9").file.session.id, SANCTIONED);
	refused(f.bo, line, "merchant");
	cr_expect_eq(hits(), 0);
	expect_text(refused_parts(), "");
}

Test(new_hit, on_a_rejected_case_is_there_when_it_comes_back)
{
	cr_assert(taken(f.ada, PERSON("manual_review", CLEAR)), "%s", refusal);
	must(USE(f.rita, REJECT, "KYC-9", .reason = "missing_document", .note = "explained in full"));
	(void)taken(f.bo, PERSON("manual_review", SANCTIONED));
	cr_expect_eq(open_hits(), 1);
	expect_text(fixture_status(&f, "KYC-9"), "rejected");
	cr_expect(taken(f.bo, PERSON("rejected", WATCHLIST(HIT("", "J. Reyes", "open")))), "%s", refusal);
	cr_expect_eq(open_hits(), 2);
}

Test(new_hit, while_the_client_is_asked_comes_in)
{
	cr_assert(taken(f.ada, PERSON("manual_review", CLEAR)), "%s", refusal);
	must(ask(&f, f.rita, "KYC-9", "identity", NULL, NULL));
	refused(f.bo, PERSON("manual_review", SANCTIONED), "status");
	cr_expect_eq(open_hits(), 1);
	expect_text(fixture_status(&f, "KYC-9"), "awaiting_client_correction");
}

Test(new_hit, twice_in_a_line_or_after_its_verdict_is_one)
{
	cr_assert(taken(f.ada, PERSON("manual_review", CLEAR)), "%s", refusal);
	cr_assert(taken(f.bo, PERSON("manual_review",
				     WATCHLIST(HIT("", "J. Reyes", "open") "," HIT("", "J. Reyes", "open")))),
		  "%s", refusal);
	cr_expect_eq(hits(), 1);
	fixture_reveal(&f, f.rita, "KYC-9");
	must(USE(f.rita, HIT_RESOLVE, "KYC-9", .part = fixture_case(&f, "KYC-9").file.checks[0].hits[0].id,
		 .reason = "different_name", .note = "compared with the register"));
	must(approve_at_once(&f, f.rita, "KYC-9"));
	cr_expect(taken(f.bo, PERSON("manual_review", WATCHLIST(HIT("", "J. Reyes", "open")))), "%s", refusal);
	cr_expect_eq(open_hits(), 0);
	expect_text(alerts(), "");
	/* The provider withdraws the hit: the verdict stays, and no alert is raised. */
	cr_expect(taken(f.bo, PERSON("manual_review", CLEAR)), "%s", refusal);
	cr_expect_eq(hits(), 1);
	expect_text(alerts(), "");
}

Test(new_hit, that_its_provider_withdraws_is_still_for_a_reviewer_to_say)
{
	cr_assert(taken(f.ada, PERSON("manual_review", CLEAR)), "%s", refusal);
	must(USE(f.rita, APPROVE, "KYC-9"));
	cr_assert(taken(f.bo, PERSON("manual_review", SANCTIONED)), "%s", refusal);
	cr_assert(taken(f.bo, PERSON("manual_review", CLEAR)), "%s", refusal);
	cr_expect_eq(open_hits(), 1);
	cr_expect(blocks(f.rita, "KYC-9", "hit_open"));
}

/* --- within the grace time --- */

static enum err report_hit(struct desk *desk, enum capacity as, const char *ref, const char *name)
{
	struct check check;
	struct hit hit;

	hit_init(&hit);
	hit.name = name;
	hit.list = "OFAC SDN";
	hit.class_ = HIT_SANCTIONS;
	hit.score = 0.9;
	check_init(&check);
	check.kind = CHECK_WATCHLIST;
	check.status = CHECK_HIT;
	check.hits = &hit;
	check.hit_count = 1;
	return USE(desk, CHECK_REPORT, ref, .capacity = as, .result = &check);
}

static void expect_held(const char *ref)
{
	struct case_view view = fixture_case(&f, ref);

	expect_text(session_status_text(view.file.session.status), "manual_review");
	cr_expect_eq(view.file.session.final_decision, FINAL_NONE);
	expect_text(view.file.session.decided_by, "");
	cr_expect_neq(view.file.session.submitted_at, TIME_NONE);
	expect_rows(0, "delivery WHERE state <> 'cancelled'");
	expect_text(alerts(), "");
}

Test(new_hit, within_the_grace_time_takes_the_approval_back)
{
	fixture_ready(&f, "RAL-1");
	fixture_endpoint(&f);
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_text(fixture_case(&f, "RAL-1").file.session.subject.level, "REGULAR");
	cr_assert_eq(sql_int(&f, "SELECT count(*) FROM delivery"), 1);
	forward(&f, 5 * SECOND_MS);
	must(report_hit(f.bo, CAPACITY_INTAKE, "RAL-1", "Harbour Lane"));
	expect_held("RAL-1");
	expect_text(fixture_case(&f, "RAL-1").file.session.subject.level, "LIGHT");
	expect_sql("SELECT group_concat(kind || ':' || undone || ':' || decided_by) FROM (SELECT * FROM "
		   "decision WHERE imported = 0 ORDER BY id) AS d",
		   "approve:1:rita,undo:0:system");
	expect_sql("SELECT actor || ' ' || json_extract(detail, '$.by') || ' ' || json_extract(detail, "
		   "'$.cause') || ' ' || json_extract(detail, '$.level_to') FROM audit_event WHERE "
		   "action = 'session.hold'",
		   "system rita hit LIGHT");
	expect_err(USE(f.rita, UNDO, "RAL-1"), ERR_BLOCKED);
	cr_expect(blocks(f.rita, "RAL-1", "hit_open"));
	forward(&f, MINUTE_MS);
	expect_rows(0, "delivery WHERE state <> 'cancelled'");
}

Test(new_hit, by_import_within_the_grace_time_takes_the_approval_back)
{
	cr_assert(taken(f.ada, PERSON("manual_review", CLEAR)), "%s", refusal);
	must(USE(f.rita, APPROVE, "KYC-9"));
	cr_expect(taken(f.bo, PERSON("manual_review", SANCTIONED)), "%s", refusal);
	expect_held("KYC-9");
}

Test(new_hit, in_a_refused_line_within_the_grace_time_takes_the_approval_back)
{
	cr_assert(taken(f.ada, PERSON("manual_review", CLEAR)), "%s", refusal);
	must(USE(f.rita, APPROVE, "KYC-9"));
	refused(f.bo, PERSON("manual_review", SANCTIONED ",\"risk_score\":99"), "decided here by rita");
	expect_held("KYC-9");
}

/* The approval of the company rests on the owner's KYC, and is still within its grace time. */
Test(new_hit, of_an_owner_takes_back_the_approval_of_the_company)
{
	const char *owner;

	must_import(&(struct company){ .parties = INES_KYC("manual_review", CLEAR) });
	owner = owner_kyc();
	must(approve_at_once(&f, f.rita, owner));
	fixture_accept_all(&f, "RAL-9");
	must(USE(f.rita, APPROVE, "RAL-9"));
	must(report_hit(f.bo, CAPACITY_INTAKE, owner, "Inez Duarte"));
	expect_text(fixture_status(&f, owner), "approved");
	expect_text(fixture_status(&f, "RAL-9"), "manual_review");
	expect_sql("SELECT json_extract(detail, '$.cause') FROM audit_event WHERE action = "
		   "'session.hold'",
		   "party_hit");
	expect_text(alerts(), "approval_in_doubt");
}

Test(new_hit, of_an_owner_and_a_company_both_within_their_grace_time_takes_both_back)
{
	const char *owner;

	must_import(&(struct company){ .parties = INES_KYC("manual_review", CLEAR) });
	owner = owner_kyc();
	must(USE(f.rita, APPROVE, owner));
	fixture_accept_all(&f, "RAL-9");
	must(USE(f.rita, APPROVE, "RAL-9"));
	must(report_hit(f.bo, CAPACITY_INTAKE, owner, "Inez Duarte"));
	expect_held(owner);
	expect_held("RAL-9");
}

Test(new_hit, after_the_webhook_was_leased_leaves_the_approval_and_tells_a_lead)
{
	fixture_ready(&f, "RAL-1");
	fixture_endpoint(&f);
	must(USE(f.rita, APPROVE, "RAL-1"));
	sql_run(&f, "UPDATE delivery SET state = 'leased'");
	must(report_hit(f.bo, CAPACITY_INTAKE, "RAL-1", "Harbour Lane"));
	expect_text(fixture_status(&f, "RAL-1"), "approved");
	expect_text(alerts(), "approval_in_doubt");
	cr_expect_eq(open_hits(), 1);
}

Test(new_hit, after_the_grace_time_leaves_the_approval_and_tells_a_lead)
{
	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, APPROVE, "RAL-1"));
	forward(&f, 10 * SECOND_MS);
	must(report_hit(f.bo, CAPACITY_INTAKE, "RAL-1", "Harbour Lane"));
	expect_text(fixture_status(&f, "RAL-1"), "approved");
	expect_text(alerts(), "approval_in_doubt");
}

Test(new_hit, does_not_soften_a_rejection_within_its_grace_time)
{
	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, REJECT, "RAL-1", .reason = "suspected_fraud"));
	must(report_hit(f.bo, CAPACITY_INTAKE, "RAL-1", "Harbour Lane"));
	expect_text(fixture_status(&f, "RAL-1"), "rejected");
	cr_expect_eq(open_hits(), 1);
}

/* --- a hit that a merchant's key reports as a provider --- */

Test(new_hit, of_a_providers_key_is_not_told_to_wait)
{
	struct caller key = { .capacity = CAPACITY_MERCHANT,
			      .actor = "api:northwind-pay",
			      .merchant = "northwind-pay",
			      .document_type = "",
			      .request_id = "" };
	const char *id;
	enum err err;

	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, APPROVE, "RAL-1"));
	key.merchant_row = sql_int(&f, "SELECT merchant_id FROM session WHERE external_ref = 'RAL-1'");
	id = arena_strdup(&f.arena, fixture_case(&f, "RAL-1").file.session.id);
	desk_set_caller(f.ada, &key);
	err = report_hit(f.ada, CAPACITY_PROVIDER, id, "Harbour Lane");
	desk_set_caller(f.ada, NULL);
	cr_expect_eq(err, ERR_OK, "%s", f.error.message ? f.error.message : "");
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
}
