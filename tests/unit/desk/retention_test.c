/* Retention: the time until which a case is kept, and legal holds. */
#include "fixture.h"
#include "kybdesk/desk/retention.h"
#include "support/process.h"

FIXTURE(retention);

#define WHY "the prosecutor of Porto asked for it"
#define DAY ((int64_t)24 * 60 * MINUTE_MS)

static struct retention kept(const char *ref)
{
	struct case_view view = fixture_case(&f, ref);

	cr_assert_not_null(view.retention, "%s is not closed", ref);
	return *view.retention;
}

static const char *kept_text(const char *ref)
{
	struct retention retention = kept(ref);

	return retention_text(&f.arena, &retention);
}

static void end_relationship(const char *ref)
{
	const char *uid = sql_text(&f, arena_printf(&f.arena,
						    "SELECT u.uid FROM session s JOIN subject u ON u.id = "
						    "s.subject_id WHERE s.external_ref = '%s'",
						    ref));

	must(USE(f.lea, SUBJECT_DELETE, NULL, .part = uid, .reason = WHY));
}

Test(retention, a_rejected_case_is_kept_from_its_decision_on)
{
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	cr_expect_null(fixture_case(&f, "KYC-1").retention, "an open case has no date yet");
	must(USE(f.rita, REJECT, "KYC-1", .reason = "other"));
	cr_expect_eq(kept("KYC-1").days, 1826);
	cr_expect_eq(kept("KYC-1").until, NOON + 1826 * DAY);
	expect_text(kept_text("KYC-1"), "until 2031-11-20");
}

Test(retention, an_approved_case_is_kept_while_the_relationship_lasts)
{
	fixture_ready(&f, "RAL-1");
	must(approve_at_once(&f, f.rita, "RAL-1"));
	expect_text(kept_text("RAL-1"), "while the relationship with the user lasts, and 1826 days afterwards");
	cr_expect_eq(kept("RAL-1").until, TIME_NONE);
	forward(&f, 10 * DAY);
	end_relationship("RAL-1");
	cr_expect_eq(kept("RAL-1").until, NOON + 1836 * DAY, "from the end of the relationship on");
	/* The KYC of the owner is kept as long as the company's case. */
	cr_expect_eq(kept(sql_text(&f, "SELECT uuid FROM session WHERE parent_id IS NOT NULL")).until,
		     NOON + 1836 * DAY);
}

Test(retention, all_cases_of_a_user_are_kept_together)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1" });
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
	cr_expect_eq(kept("RAL-1").state, RETENTION_TIMED);
	forward(&f, 20 * DAY);
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .uid = "biz-RAL-1" });
	expect_text(kept_text("RAL-1"), "while another case of the user is open, and 1826 days afterwards");
	must(USE(f.rita, REJECT, "RAL-2", .reason = "other"));
	cr_expect_eq(kept("RAL-1").until, NOON + 1846 * DAY);
	cr_expect_eq(kept("RAL-2").until, NOON + 1846 * DAY);
}

Test(retention, the_longer_one_of_both_texts_counts)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "rejected" });
	must(USE(f.rita, REJECT, "RAL-1", .reason = "other"));
	fixture_install(&f, "ralio-kyb", 2, "\"days\": 1826", "\"days\": 1");
	cr_expect_eq(kept("RAL-1").days, 1826, "a shorter text shortens no case that exists");
	fixture_install(&f, "ralio-kyb", 3, "\"days\": 1826", "\"days\": 3000");
	cr_expect_eq(kept("RAL-1").days, 3000);
}

Test(retention, a_sanctions_match_is_kept_longer)
{
	fixture_kyc(&f, "KYC-1", "manual_review",
		    ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"hit\", \"hits\": [{\"name\": \"Ana S.\", "
		    "\"list\": \"OFAC SDN\", \"class\": \"sanctions\", \"state\": \"true_match\"}]}]");
	must(USE(f.rita, REJECT, "KYC-1", .reason = "sanctions_match"));
	cr_expect(kept("KYC-1").is_sanctions_retention);
	cr_expect_eq(kept("KYC-1").days, 3653);
}

/* A failed screening counts as a hit does. What nobody judged yet is not erased at all. */
Test(retention, a_confirmed_result_of_a_sanctions_screening_is_kept_longer)
{
	static const struct {
		const char *kind, *verdict;
		bool is_sanctions;
	} rows[] = {
		{ "watchlist", "confirmed", true },
		{ "ofac", "undetermined", true },
		{ "ofac", "cleared", false },
		{ "ofac", "", false },
		{ "adverse_media", "confirmed", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *ref = arena_printf(&f.arena, "KYC-%zu", i);

		fixture_kyc(&f, ref, "manual_review",
			    arena_printf(&f.arena, ", \"checks\": [{\"kind\": \"%s\", \"status\": \"failed\"}]",
					 rows[i].kind));
		sql_run(&f, "UPDATE session SET status = 'rejected', decided_at = created_at");
		sql_run(&f, arena_printf(&f.arena,
					 "UPDATE result SET verdict = '%s' WHERE id = (SELECT max(id) FROM result)",
					 rows[i].verdict));
		cr_expect_eq(kept(ref).is_sanctions_retention, rows[i].is_sanctions, "%s %s", rows[i].kind,
			     rows[i].verdict);
	}
}

Test(retention, a_delete_says_until_when_it_is_kept)
{
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	must(USE(f.rita, REJECT, "KYC-1", .reason = "other"));
	expect_error(USE(f.lea, DELETE, "KYC-1", .reason = WHY), ERR_BLOCKED, "so it is kept until 2031-11-20");
	forward(&f, 1827 * DAY);
	expect_error(USE(f.lea, DELETE, "KYC-1", .reason = WHY), ERR_BLOCKED,
		     "was kept until 2031-11-20; kybdesk purge erases it");
}

static size_t in_force(void)
{
	struct legal_hold_list list;

	must(desk_legal_holds(f.vic, &f.arena, NULL, &list, &f.error));
	return list.count;
}

Test(retention, a_hold_is_set_and_released_with_reasons)
{
	struct legal_hold_list list;

	fixture_ready(&f, "RAL-1");
	expect_err(USE(f.lea, LEGAL_HOLD_RELEASE, "RAL-1", .reason = WHY), ERR_NOT_FOUND);
	must(USE(f.lea, LEGAL_HOLD_SET, "RAL-1", .reason = WHY));
	expect_err(USE(f.ada, LEGAL_HOLD_SET, "RAL-1", .reason = WHY), ERR_CONFLICT);
	cr_expect_eq(in_force(), 1);
	cr_expect_eq(fixture_case(&f, "RAL-1").legal_holds.count, 1);
	must(USE(f.ada, LEGAL_HOLD_RELEASE, "RAL-1", .reason = "the case in court is over"));
	cr_expect_eq(in_force(), 0);
	must(desk_legal_holds(f.vic, &f.arena, "RAL-1", &list, &f.error));
	cr_assert_eq(list.count, 1);
	expect_text(list.items[0].set_by, "lea");
	expect_text(list.items[0].reason, WHY);
	expect_text(list.items[0].released_by, "ada");
	expect_text(list.items[0].release_reason, "the case in court is over");
	/* The reason may name a person, so the audit log has only the number of the hold. */
	cr_expect_null(
		strstr(sql_text(&f, "SELECT group_concat(detail) FROM audit_event WHERE action LIKE 'legal_hold.%'"),
		       "Porto"));
	expect_rows(2, "audit_event WHERE action LIKE 'legal_hold.%'");
	/* The hold did not change the case: it can still be approved. */
	must(USE(f.rita, APPROVE, "RAL-1"));
}

#define DRAFT                                                                                                          \
	"{\"external_ref\": \"DRA-1\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", \"merchant\": "                 \
	"\"northwind-pay\", \"status\": \"active\", \"subject\": {\"kind\": \"business\", \"name\": \"Quay "           \
	"Ltd\", \"country\": \"PRT\"}}\n"

Test(retention, a_held_draft_is_not_deleted)
{
	fixture_import(&f, DRAFT);
	must(USE(f.lea, LEGAL_HOLD_SET, "DRA-1", .reason = WHY));
	expect_error(USE(f.lea, DELETE, "DRA-1", .reason = WHY), ERR_BLOCKED, "a legal hold keeps session");
	must(USE(f.lea, LEGAL_HOLD_RELEASE, "DRA-1", .reason = WHY));
	must(USE(f.lea, DELETE, "DRA-1", .reason = WHY));
	expect_rows(0, "legal_hold");
}

Test(retention, a_held_case_keeps_the_kyc_of_its_parties)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "active" });
	sql_change(&f, "UPDATE session SET submitted_at = NULL WHERE parent_id IS NOT NULL");
	must(USE(f.lea, LEGAL_HOLD_SET, "RAL-1", .reason = WHY));
	expect_error(USE(f.rita, SUBSESSION_REMOVE, "RAL-1", .part = "Ines Duarte"), ERR_BLOCKED,
		     "a legal hold keeps session");
}
