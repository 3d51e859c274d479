/* The level of a merchant's user follows from all its valid approvals; if a level in doubt stays, a lead is alerted. */
#include "fixture.h"
#include "kybdesk/desk/decide.h"
#include "kybdesk/desk/subject.h"

FIXTURE(level);

/* The second session of the same user: the user has a tax number, the session has none. */
static void second(const char *status)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .uid = "biz", .status = status });
	sql_run(&f, "UPDATE session SET tax_id = '', tax_key = '' WHERE external_ref = 'RAL-2'");
	sql_run(&f, "UPDATE subject SET tax_id = 'GB123456789' WHERE uid = 'biz'");
	must(status ? ERR_OK : confirm_all(&f, f.rita, "RAL-2"));
	/* Two cases of one user are possible duplicates, which a reviewer must dismiss. */
	must(USE(f.rita, DUPLICATE_DISMISS, "RAL-1", .part = "RAL-2", .reason = "the user applies for two branches"));
}

static void two_cases(void)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .uid = "biz" });
	second(NULL);
}

static const char *level(void)
{
	return sql_text(&f, "SELECT level FROM subject WHERE uid = 'biz'");
}

static enum err reopen(const char *ref)
{
	return USE(f.lea, REOPEN, ref, .reason = "new facts from the registry");
}

/* The level after the verb, as its dialog shows it; "": unchanged. */
static const char *level_in_preview(enum verb verb, const char *ref)
{
	struct decision_preview preview;

	must(desk_preview(f.lea, &f.arena, &(struct use_in){ .verb = verb, .session = ref }, &preview, &f.error));
	return preview.level_to;
}

static const char *alerts(void)
{
	struct strbuf text = STRBUF_INIT;
	struct alert_page page;

	must(desk_alerts(f.vic, &f.arena, "", 10, &page, &f.error));
	for (size_t i = 0; i < page.count; i++)
		strbuf_addf(&text, "%s %s;",
			    *page.items[i].external_ref ? page.items[i].external_ref : page.items[i].session_id,
			    alert_kind_text(page.items[i].kind));
	return strbuf_finish(&text, &f.arena);
}

Test(level, stays_while_another_approval_stands)
{
	two_cases();
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(approve_at_once(&f, f.rita, "RAL-2"));
	expect_text(level_in_preview(VERB_REOPEN, "RAL-1"), "");
	must(reopen("RAL-1"));
	expect_text(f.out.level_to, "");
	expect_text(level(), "REGULAR");
	expect_text(level_in_preview(VERB_REOPEN, "RAL-2"), "LIGHT");
	expect_text(level_in_preview(VERB_CORRECTIONS, "RAL-2"), "LIGHT");
	must(reopen("RAL-2"));
	expect_text(f.out.level_from, "REGULAR");
	expect_text(f.out.level_to, "LIGHT");
	expect_text(level(), "LIGHT");
}

Test(level, falls_by_corrections_only_with_the_last_approval)
{
	two_cases();
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(approve_at_once(&f, f.rita, "RAL-2"));
	must(ask(&f, f.lea, "RAL-2", "company_info", NULL, NULL));
	expect_text(level(), "REGULAR");
	must(USE(f.lea, UNDO, "RAL-2"));
	must(ask(&f, f.lea, "RAL-1", "company_info", NULL, NULL));
	expect_text(level(), "REGULAR");
	must(reopen("RAL-2"));
	expect_text(level(), "LIGHT");
}

Test(level, is_what_stands_after_an_undo_whoever_raised_it)
{
	two_cases();
	/* RAL-1's approval raises the level. After its undo the level stays: RAL-2's approval grants it, too. */
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(USE(f.bo, APPROVE, "RAL-2"));
	must(USE(f.rita, UNDO, "RAL-1"));
	expect_text(level(), "REGULAR");
	must(USE(f.bo, UNDO, "RAL-2"));
	expect_text(level(), "LIGHT");
}

Test(level, comes_back_with_an_undone_withdrawal_whatever_fell_meanwhile)
{
	two_cases();
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(approve_at_once(&f, f.rita, "RAL-2"));
	must(ask(&f, f.lea, "RAL-1", "company_info", NULL, NULL));
	must(reopen("RAL-2"));
	expect_text(level(), "LIGHT");
	must(USE(f.lea, UNDO, "RAL-1"));
	expect_text(level(), "REGULAR");
}

Test(level, of_a_known_user_rises_when_an_approved_session_arrives)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .uid = "biz" });
	expect_text(level(), "LIGHT");
	second("approved");
	expect_text(level(), "REGULAR");
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM outbox_event"), 0, "an import sends nothing");
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(reopen("RAL-2"));
	expect_text(level(), "REGULAR");
	must(reopen("RAL-1"));
	expect_text(level(), "LIGHT");
}

Test(level, that_a_user_came_with_is_where_it_falls_back_to)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .uid = "biz", .level = "REGULAR" });
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(reopen("RAL-1"));
	expect_text(level(), "REGULAR");
}

Test(level, stays_at_a_restricted_rejection_and_a_lead_is_told)
{
	two_cases();
	must(approve_at_once(&f, f.rita, "RAL-1"));
	expect_text(alerts(), "");
	must(USE(f.bo, REJECT, "RAL-2", .reason = "sanctions_match", .note = "explained in full"));
	expect_text(level(), "REGULAR");
	expect_text(alerts(), "RAL-2 restricted_rejection;");
	cr_expect_eq(fixture_case(&f, "RAL-2").alert_count, 1);
	cr_expect_eq(fixture_case(&f, "RAL-1").alert_count, 0);
	expect_rows(1, "audit_event WHERE action = 'alert.raise'");
	must(USE(f.bo, UNDO, "RAL-2"));
	expect_text(alerts(), "");
	must(USE(f.bo, REJECT, "RAL-2", .reason = "other"));
	expect_text(alerts(), "");
}

Test(level, of_nobody_else_is_in_question_when_a_user_without_one_is_rejected)
{
	two_cases();
	must(USE(f.bo, REJECT, "RAL-2", .reason = "sanctions_match", .note = "explained in full"));
	expect_text(alerts(), "");
}

static enum err close_alert(struct desk *desk, const char *ref, const char *reason)
{
	return USE(desk, ALERT_CLOSE, ref, .reason = reason);
}

Test(level, stays_when_an_owner_is_reopened_and_a_lead_is_told_once)
{
	const char *party;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .uid = "biz" });
	must(approve_at_once(&f, f.rita, "RAL-1"));
	party = fixture_case(&f, "RAL-1").file.parties[0].session_id;
	must(reopen(party));
	expect_text(level(), "REGULAR");
	expect_text(fixture_status(&f, "RAL-1"), "approved");
	expect_text(alerts(), "RAL-1 approval_in_doubt;");
	must(ask(&f, f.rita, party, "identity", NULL, NULL));
	expect_text(alerts(), "RAL-1 approval_in_doubt;");
	expect_err(close_alert(f.rita, "RAL-1", "looked at it with legal"), ERR_FORBIDDEN);
	expect_err(close_alert(f.lea, "RAL-1", "ok"), ERR_INVALID);
	must(close_alert(f.lea, "RAL-1", "looked at it with legal"));
	expect_text(alerts(), "");
	expect_err(close_alert(f.lea, "RAL-1", "looked at it with legal"), ERR_NOT_FOUND);
	expect_sql("SELECT closed_by || ': ' || reason FROM alert", "lea: looked at it with legal");
	expect_sql("SELECT json_extract(detail, '$.kinds[0]') FROM audit_event WHERE action = "
		   "'alert.close'",
		   "approval_in_doubt");
	/* The party is verified again and reopened again: a new alert. */
	must(USE(f.rita, WITHDRAW, party));
	must(approve_at_once(&f, f.rita, party));
	must(reopen(party));
	expect_text(alerts(), "RAL-1 approval_in_doubt;");
}

Test(level, stays_when_a_new_hit_comes_and_a_lead_is_told)
{
	struct hit hit;
	struct check check;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .uid = "biz", .status = "approved" });
	expect_text(alerts(), "");
	hit_init(&hit);
	hit.name = "Harbour Lane";
	hit.list = "OFAC SDN";
	hit.score = 0.9;
	hit.class_ = HIT_SANCTIONS;
	check_init(&check);
	check.kind = CHECK_WATCHLIST;
	check.status = CHECK_HIT;
	check.hits = &hit;
	check.hit_count = 1;
	must(USE(f.rita, CHECK_REPORT, "RAL-1", .capacity = CAPACITY_PROVIDER, .result = &check));
	cr_assert_eq(sql_int(&f, "SELECT count(*) FROM hit"), 1);
	expect_text(level(), "REGULAR");
	expect_text(alerts(), "RAL-1 approval_in_doubt;");
}

Test(level, alerts_come_in_pages)
{
	struct alert_page page;

	for (int i = 1; i <= 3; i++) {
		const char *ref = arena_printf(&f.arena, "RAL-%d", i);

		fixture_kyb(&f, &(struct kyb){ .ref = ref });
		must(approve_at_once(&f, f.rita, ref));
		must(reopen(fixture_case(&f, ref).file.parties[0].session_id));
	}
	must(desk_alerts(f.vic, &f.arena, "", 2, &page, &f.error));
	cr_assert_eq(page.count, 2);
	must(desk_alerts(f.vic, &f.arena, page.next, 2, &page, &f.error));
	cr_assert_eq(page.count, 1);
	expect_text(page.items[0].external_ref, "RAL-3");
	expect_text(page.next, "");
	const char *malformed[] = { "x", "0", "-3", "2x" };
	for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
		expect_err(desk_alerts(f.vic, &f.arena, malformed[i], 2, &page, &f.error), ERR_INVALID);
}
