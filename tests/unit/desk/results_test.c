/* Results of checks in a production store: each has a person and a source; an adverse screening counts until a person
 * judges it, an attempt until its source tries again. */
#include "fixture.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/domain/bad_news.h"
#include "kybdesk/desk/retention.h"
#include "kybdesk/domain/results.h"

FIXTURE(results);

#define WHY "another person, who was born in 1961"

static const enum check_kind screenings[] = { CHECK_WATCHLIST, CHECK_OFAC, CHECK_ADVERSE_MEDIA, CHECK_CRYPTO,
					      CHECK_REGISTER },
			     attempts[] = { CHECK_BUREAU,	    CHECK_EMAIL,      CHECK_IP,
					    CHECK_MOBILE,	    CHECK_FACE_MATCH, CHECK_EXTRACTION,
					    CHECK_CROSS_VALIDATION, CHECK_WEB };

#define EACH(kind, kinds) (size_t kind##_at = 0; kind##_at < sizeof(kinds) / sizeof *(kinds); kind##_at++)

static const char *owner(void)
{
	return arena_strdup(&f.arena, fixture_case(&f, "RAL-1").file.parties[0].id);
}

static void ready(void)
{
	fixture_ready(&f, "RAL-1");
	fixture_in_production(&f);
}

/* party: "", a party's id, or the id of nobody, in the result's `about` */
static enum err report(struct desk *by, enum check_kind kind, enum check_status status, const char *party,
		       const char *source)
{
	struct check check;

	check_init(&check);
	check.kind = kind;
	check.status = status;
	check.source = source;
	if (*party)
		check.checked_subject_json = arena_printf(&f.arena, "{\"party\":\"%s\"}", party);
	return USE(by, CHECK_REPORT, "RAL-1", .capacity = CAPACITY_INTAKE, .result = &check);
}

static enum err judge(struct desk *by, const char *result, enum result_verdict verdict)
{
	return USE(by, RESULT_JUDGE, "RAL-1", .part = result, .verdict = verdict, .reason = WHY);
}

static const char *first_of(enum check_kind kind)
{
	return result_id(&f.arena, kind, 1);
}

static const char *alerts(void)
{
	return sql_text(&f, "SELECT coalesce(group_concat(kind), '') FROM alert WHERE closed_at IS NULL");
}

static void expect_news(bool found)
{
	const struct case_view view = fixture_case(&f, "RAL-1");

	cr_expect_eq(case_has_bad_news(&view.file), found);
	cr_expect_eq(view.counts.hit_open, found);
}

/* A kind and a status of a screening, about a person: later passed results of anybody about anybody do not end it. */
static void no_later_result_ends(enum check_kind kind, enum check_status status, const char *about)
{
	const char *before = sql_text(&f, "SELECT count(*) FROM result");

	must(report(f.ada, kind, status, about, "northwind"));
	must(report(f.ada, kind, CHECK_PASSED, "", "northwind"));
	must(report(f.ada, kind, CHECK_PASSED, owner(), "northwind"));
	must(report(f.ada, kind, CHECK_PASSED, about, "northwind"));
	must(report(f.bo, kind, CHECK_PASSED, about, "northwind"));
	expect_news(true);
	expect_blocked(approve_at_once(&f, f.rita, "RAL-1"), "check_failed");
	expect_error(judge(f.ada, first_of(kind), RESULT_CLEARED), ERR_BLOCKED, "ada reported");
	must(judge(f.lea, first_of(kind), RESULT_CLEARED));
	expect_news(false);
	must(approve_at_once(&f, f.rita, "RAL-1"));
	cr_expect_str_neq(before, sql_text(&f, "SELECT count(*) FROM result"));
}

#define SCREENING_TEST(name, status, about)                                                                            \
	Test(results, name)                                                                                            \
	{                                                                                                              \
		for (size_t i = 0; i < sizeof screenings / sizeof *screenings; i++) {                                  \
			if (i) {                                                                                       \
				tear_down();                                                                           \
				set_up();                                                                              \
			}                                                                                              \
			ready();                                                                                       \
			no_later_result_ends(screenings[i], status, about);                                            \
		}                                                                                                      \
	}

SCREENING_TEST(no_later_result_ends_a_failed_screening_of_an_owner, CHECK_FAILED, owner())
SCREENING_TEST(no_later_result_ends_a_failed_screening_of_the_subject, CHECK_FAILED, "")
SCREENING_TEST(no_later_result_ends_a_failed_screening_of_an_unknown_person, CHECK_FAILED, "nobody")
SCREENING_TEST(no_later_result_ends_a_hit_without_entries, CHECK_HIT, owner())

Test(results, an_attempt_is_made_again_by_its_source_only)
{
	for
		EACH(kind, attempts)
		{
			const enum check_kind kind = attempts[kind_at];

			if (kind_at) {
				tear_down();
				set_up();
			}
			ready();
			must(report(f.ada, kind, CHECK_FAILED, "", "northwind"));
			expect_blocked(approve_at_once(&f, f.rita, "RAL-1"), "check_failed");
			/* Another source, another reporter that names this source, another person. */
			must(report(f.ada, kind, CHECK_PASSED, "", "easy"));
			must(report(f.bo, kind, CHECK_PASSED, "", "northwind"));
			must(report(f.ada, kind, CHECK_PASSED, owner(), "northwind"));
			expect_blocked(approve_at_once(&f, f.rita, "RAL-1"), "check_failed");
			expect_err(judge(f.lea, first_of(kind), RESULT_CLEARED), ERR_BLOCKED);
			must(report(f.ada, kind, CHECK_PASSED, "", "northwind"));
			must(approve_at_once(&f, f.rita, "RAL-1"));
			cr_expect_eq(
				sql_int(&f,
					arena_printf(&f.arena,
						     "SELECT count(*) FROM result WHERE status = 'failed' AND check_id "
						     "IN (SELECT id FROM check_result WHERE kind = '%s')",
						     check_kind_text(kind))),
				1);
		}
}

/* Whether the result is of a screening or an attempt. */
Test(results, failed_in_the_grace_time_takes_the_approval_back)
{
	static const enum check_kind kinds[] = { CHECK_WATCHLIST, CHECK_FACE_MATCH };

	for
		EACH(kind, kinds)
		{
			if (kind_at) {
				tear_down();
				set_up();
			}
			ready();
			must(USE(f.rita, APPROVE, "RAL-1"));
			must(report(f.bo, kinds[kind_at], CHECK_PASSED, owner(), ""));
			expect_text(fixture_status(&f, "RAL-1"), "approved");
			must(report(f.bo, kinds[kind_at], CHECK_FAILED, owner(), ""));
			expect_text(fixture_status(&f, "RAL-1"), "manual_review");
			expect_text(alerts(), "");
		}
}

static enum err close_alert(struct desk *desk)
{
	return USE(desk, ALERT_CLOSE, "RAL-1", .reason = "looked at it with legal");
}

Test(results, failed_after_the_grace_time_raises_an_alert)
{
	struct doctor_finding *findings;
	size_t count;
	bool said = false;

	ready();
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(report(f.bo, CHECK_CRYPTO, CHECK_FAILED, "", ""));
	expect_text(fixture_status(&f, "RAL-1"), "approved");
	expect_text(alerts(), "approval_in_doubt");
	/* The alert ends by a verdict on the result, never by a sentence. */
	expect_error(close_alert(f.lea), ERR_BLOCKED, "judge the crypto check first");
	must(judge(f.lea, "crypto.1", RESULT_CLEARED));
	/* Its judge cannot close it while there is another lead; rita approved, ada imported the case. */
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "amy", .role = ROLE_LEAD));
	expect_error(close_alert(f.lea), ERR_BLOCKED, "lea took part in it; amy can");
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "amy"));
	expect_error(close_alert(f.lea), ERR_BLOCKED, "a second lead, whom an admin adds first, can");
	must(desk_run_doctor(f.rita, &f.arena, &findings, &count, &f.error));
	for (size_t i = 0; i < count; i++)
		said = said || strstr(findings[i].message, "nobody can close the alert of RAL-1: ");
	cr_expect(said);
	forward(&f, 7 * 24 * 60 * (int64_t)MINUTE_MS);
	must(close_alert(f.lea));
	expect_sql("SELECT json_extract(detail, '$.without_second') FROM audit_event ORDER BY seq DESC LIMIT 1", "1");
	expect_text(alerts(), "");
	/* The next one raises an alert again; it can be judged after the decision, too. */
	must(report(f.bo, CHECK_CRYPTO, CHECK_FAILED, owner(), ""));
	expect_text(alerts(), "approval_in_doubt");
	expect_news(true);
	must(judge(f.lea, "crypto.2", RESULT_CLEARED));
	expect_news(false);
}

/* An attempt has no verdict: its alert ends after it was made again and passed. */
Test(results, of_a_failed_attempt_keeps_the_alert_until_the_next_attempt)
{
	ready();
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(report(f.bo, CHECK_FACE_MATCH, CHECK_FAILED, "", ""));
	expect_text(alerts(), "approval_in_doubt");
	expect_error(close_alert(f.lea), ERR_BLOCKED, "the face_match check failed; run it again, or reopen the case");
	must(report(f.bo, CHECK_FACE_MATCH, CHECK_PASSED, "", ""));
	must(close_alert(f.lea));
	expect_text(alerts(), "");
}

#define UNFINISHED                                                                                                     \
	"{\"external_ref\": \"DRA-1\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", \"merchant\": "                 \
	"\"northwind-pay\", \"status\": \"active\", \"subject\": {\"uid\": \"quay\", \"kind\": \"business\", "         \
	"\"name\": "                                                                                                   \
	"\"Quay Ltd\", \"country\": \"PRT\"}}\n"

/* The desk neither deletes, hides nor purges what nobody judged. */
Test(results, that_nobody_judged_keep_the_case)
{
	struct purge_plan plan = { .before = TIME_NONE };
	struct check check;

	fixture_import(&f, UNFINISHED);
	ready();
	check_init(&check);
	check.kind = CHECK_WATCHLIST;
	check.status = CHECK_FAILED;
	must(USE(f.bo, CHECK_REPORT, "DRA-1", .capacity = CAPACITY_INTAKE, .result = &check));
	expect_blocked(USE(f.lea, DELETE, "DRA-1", .reason = WHY), "held");
	expect_error(USE(f.lea, SUBJECT_DELETE, NULL, .part = "quay"), ERR_BLOCKED, "that nobody judged");
	must(USE(f.lea, RESULT_JUDGE, "DRA-1", .part = first_of(CHECK_WATCHLIST), .verdict = RESULT_CLEARED,
		 .reason = WHY));
	must(USE(f.lea, SUBJECT_DELETE, NULL, .part = "quay", .reason = WHY));
	must(USE(f.lea, DELETE, "DRA-1", .reason = WHY));
	/* Past its retention, a case waits for the verdict, too. */
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other", .note = "explained in full"));
	forward(&f, 24 * 60 * (int64_t)MINUTE_MS);
	must(report(f.bo, CHECK_WATCHLIST, CHECK_FAILED, "", ""));
	forward(&f, 4000 * 24 * 60 * (int64_t)MINUTE_MS);
	must(desk_purge_plan(f.ada, &f.arena, &plan, &f.error));
	cr_assert_eq(plan.count, 1);
	expect_text(plan.items[0].keep_reason, "a hit or result that nobody judged");
	must(judge(f.lea, first_of(CHECK_WATCHLIST), RESULT_CLEARED));
	plan = (struct purge_plan){ .before = TIME_NONE };
	must(desk_purge_plan(f.ada, &f.arena, &plan, &f.error));
	cr_assert_eq(plan.count, 1);
	expect_text(plan.items[0].keep_reason, "");
}

Test(results, of_a_removed_party_is_kept_and_holds)
{
	const char *id;

	ready();
	id = owner();
	must(report(f.bo, CHECK_OFAC, CHECK_FAILED, id, ""));
	must(USE(f.lea, PARTY_REMOVE, "RAL-1", .part = id, .reason = WHY));
	expect_news(true);
	expect_blocked(approve_at_once(&f, f.rita, "RAL-1"), "check_failed");
	must(USE(f.bo, CHECK_REPORT, "RAL-1", .capacity = CAPACITY_INTAKE, .part = id,
		 .result = &(const struct check){ .kind = CHECK_CRYPTO,
						  .status = CHECK_FAILED,
						  .score = -1,
						  .detail_json = "{}",
						  .checked_subject_json = "{}",
						  .source = "",
						  .source_version = "",
						  .checked_at = TIME_NONE }));
	expect_sql("SELECT group_concat(person) FROM result WHERE status = 'failed'",
		   arena_printf(&f.arena, "%s,%s", id, id));
}

/* The last one, so that the check stood as it says. */
Test(results, of_a_removed_party_that_passed_hold_nothing)
{
	static const enum check_status statuses[] = { CHECK_PASSED, CHECK_PENDING, CHECK_ERROR, CHECK_TIMEOUT };

	for
		EACH(status, statuses)
		{
			const char *id;

			if (status_at) {
				tear_down();
				set_up();
			}
			ready();
			id = owner();
			must(report(f.bo, CHECK_OFAC, CHECK_PASSED, "", ""));
			must(report(f.bo, CHECK_OFAC, statuses[status_at], id, ""));
			must(USE(f.lea, PARTY_REMOVE, "RAL-1", .part = id, .reason = WHY));
			expect_err(approve_at_once(&f, f.rita, "RAL-1"), ERR_BLOCKED);
			cr_expect_eq(error_has_blocker(&f.error, "check_failed"), statuses[status_at] != CHECK_PASSED,
				     "%s: %s", check_status_text(statuses[status_at]), f.error.message);
		}
}

Test(results, are_judged_by_a_lead_where_hits_are_and_by_nobody_else_for_good)
{
	ready();
	must(report(f.bo, CHECK_WATCHLIST, CHECK_FAILED, "", ""));
	expect_err(judge(f.rita, "watchlist.1", RESULT_CLEARED), ERR_FORBIDDEN);
	expect_error(USE(f.lea, RESULT_JUDGE, "RAL-1", .part = "watchlist.9", .verdict = RESULT_CLEARED, .reason = WHY),
		     ERR_NOT_FOUND, "watchlist.9");
	expect_err(USE(f.lea, RESULT_JUDGE, "RAL-1", .part = "watchlist.1", .verdict = RESULT_CLEARED, .reason = ""),
		   ERR_INVALID);
	must(judge(f.rita, "watchlist.1", RESULT_UNDETERMINED));
	expect_news(true);
	expect_blocked(approve_at_once(&f, f.rita, "RAL-1"), "check_failed");
	must(judge(f.rita, "watchlist.1", RESULT_CONFIRMED));
	expect_news(false);
	expect_error(approve_at_once(&f, f.bo, "RAL-1"), ERR_BLOCKED, "can only be rejected");
	expect_err(judge(f.rita, "watchlist.1", RESULT_UNDETERMINED), ERR_FORBIDDEN);
	must(judge(f.lea, "watchlist.1", RESULT_CLEARED));
	expect_sql("SELECT group_concat(json_extract(detail, '$.to')) FROM (SELECT detail FROM audit_event WHERE "
		   "action = 'result.judge' ORDER BY seq) AS d",
		   "undetermined,confirmed,cleared");
}

static void expect_held(bool held)
{
	const struct case_view view = fixture_case(&f, "RAL-1");

	cr_expect_eq(case_has_bad_news(&view.file), held);
}

/* A verdict says that the person of that time is another one. */
Test(results, are_judged_again_when_the_person_changes)
{
	ready();
	must(report(f.bo, CHECK_CRYPTO, CHECK_FAILED, "", ""));
	must(judge(f.lea, "crypto.1", RESULT_CLEARED));
	must(report(f.bo, CHECK_CRYPTO, CHECK_PASSED, "", ""));
	expect_news(false);
	sql_change(&f, "UPDATE session SET subject_name = 'Harbour Lane Ltd' WHERE external_ref = 'RAL-1'");
	expect_held(true);
	must(judge(f.lea, "crypto.1", RESULT_CLEARED));
	expect_held(false);
}

/* --- rules that ask each person: the subject and each owner --- */

static void refused(const char *code, const char *says)
{
	expect_blocked(approve_at_once(&f, f.rita, "RAL-1"), code);
	expect_says(says);
}

/* A result about nobody, or about the subject, is none of the owner's; a result about the owner is none after her name
 * changed. */
static void asks_each_person(const char *code, const char *nobody, const char *owners)
{
	refused(code, nobody);
	must(report(f.bo, CHECK_WATCHLIST, CHECK_PASSED, "", "northwind"));
	must(report(f.bo, CHECK_WATCHLIST, CHECK_PASSED, "nobody", "northwind"));
	refused(code, owners);
	must(report(f.bo, CHECK_WATCHLIST, CHECK_PASSED, owner(), "northwind"));
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(USE(f.lea, REOPEN, "RAL-1", .reason = "the owner has another date of birth"));
	sql_change(&f,
		   arena_printf(&f.arena, "UPDATE party SET date_of_birth = '1985-02-11' WHERE uuid = '%s'", owner()));
	expect_blocked(approve_at_once(&f, f.bo, "RAL-1"), code);
}

static void in_production_with(const char *required, const char *days)
{
	fixture_install(&f, "ralio-kyb", 2, "\"required\": []", required);
	if (*days)
		must(USE(f.ada, STORE_SET, NULL, .part = "screening_days", .text = days));
	ready();
}

#define REQUIRES "\"required\": [\"watchlist\"], \"max_age_days\": 20"

Test(results, a_required_screening_is_asked_of_each_person)
{
	in_production_with(REQUIRES, "");
	asks_each_person("check_failed", "The watchlist check is missing",
			 "The watchlist check has no result about Ines Duarte, as the data are now; run it for each of "
			 "them");
}

Test(results, a_recent_screening_is_asked_of_each_person)
{
	in_production_with("\"required\": []", "30");
	asks_each_person("check_stale", "No sanctions screening is completed",
			 "No sanctions screening of Ines Duarte is completed; this desk needs a screening that is at "
			 "most 30 days old");
}

/* Both rules name the owner with the old screening, though the subject's is new. */
Test(results, an_old_screening_of_an_owner_is_named)
{
	struct check old;

	in_production_with(REQUIRES, "10");
	check_init(&old);
	old.kind = CHECK_WATCHLIST;
	old.status = CHECK_PASSED;
	old.checked_at = f.world.wall_ms - 21 * (int64_t)86400000;
	old.checked_subject_json = arena_printf(&f.arena, "{\"party\":\"%s\"}", owner());
	must(USE(f.bo, CHECK_REPORT, "RAL-1", .capacity = CAPACITY_INTAKE, .result = &old));
	must(report(f.bo, CHECK_WATCHLIST, CHECK_PASSED, "", "northwind"));
	refused("check_stale", "The watchlist check of Ines Duarte dates from");
	cr_expect(error_has_blocker(&f.error, "check_stale"));
	must(report(f.ada, CHECK_WATCHLIST, CHECK_PASSED, owner(), "other"));
	must(approve_at_once(&f, f.rita, "RAL-1"));
}

/* The owner's own approved KYC has a screening of that person. */
Test(results, a_screening_of_the_owner_s_own_case_counts)
{
	struct check own;

	in_production_with(REQUIRES, "30");
	must(report(f.bo, CHECK_WATCHLIST, CHECK_PASSED, "", "northwind"));
	refused("check_failed", "has no result about Ines Duarte");
	check_init(&own);
	own.kind = CHECK_WATCHLIST;
	own.status = CHECK_PASSED;
	must(USE(f.bo, CHECK_REPORT, fixture_kyc_id(&f), .capacity = CAPACITY_INTAKE, .result = &own));
	must(approve_at_once(&f, f.rita, "RAL-1"));
}

/* A waiver covers each person; a failed result that was cleared is a screening. */
Test(results, a_cleared_screening_counts_for_its_person)
{
	in_production_with(REQUIRES, "30");
	must(report(f.bo, CHECK_WATCHLIST, CHECK_PASSED, "", "northwind"));
	must(report(f.bo, CHECK_WATCHLIST, CHECK_FAILED, owner(), "northwind"));
	refused("check_failed", "failed for Ines Duarte");
	must(judge(f.lea, "watchlist.2", RESULT_CLEARED));
	must(approve_at_once(&f, f.rita, "RAL-1"));
}
