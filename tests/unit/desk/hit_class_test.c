/* A hit on a known list has the list's class, also if it is stored already or the provider gave another class. */
#include "lines.h"

FIXTURE(hit_class);

#define SAID_PEP(list)                                                                                                 \
	WATCHLIST("{\"name\":\"J. Reyes\",\"list\":\"" list "\",\"class\":\"pep\",\"score\":0.8,\"state\":\"open\"}")

static const char *hit_id(void)
{
	return arena_strdup(&f.arena, fixture_case(&f, "KYC-9").file.checks[0].hits[0].id);
}

static enum hit_class class_of_first(void)
{
	return fixture_case(&f, "KYC-9").file.checks[0].hits[0].class_;
}

Test(hit_class, of_a_new_case_follows_from_its_list)
{
	cr_assert(taken(f.ada, PERSON("manual_review", SAID_PEP("OFAC SDN"))), "%s", refusal);
	expect_sql("SELECT class FROM hit", "sanctions");
	must(USE(f.rita, HIT_RESOLVE, "KYC-9", .part = hit_id(), .is_match = true, .reason = "same_person",
		 .note = "The same person"));
	expect_err(USE(f.lea, HIT_ACCEPT, "KYC-9", .part = hit_id(), .reason = "We know this politician well"),
		   ERR_BLOCKED);
}

Test(hit_class, of_a_report_follows_from_its_list)
{
	struct check check;
	struct hit hit;

	cr_assert(taken(f.ada, PERSON("manual_review", "")), "%s", refusal);
	hit_init(&hit);
	hit.name = "J. Reyes";
	hit.list = "EU Financial Sanctions";
	hit.class_ = HIT_PEP;
	check_init(&check);
	check.kind = CHECK_WATCHLIST;
	check.status = CHECK_HIT;
	check.hits = &hit;
	check.hit_count = 1;
	for (int i = 0; i < 2; i++) {
		must(USE(f.bo, CHECK_REPORT, "KYC-9", .capacity = CAPACITY_INTAKE, .result = &check));
		expect_rows(1, "hit WHERE class = 'sanctions'");
		expect_rows(1, "hit");
	}
}

/* As in an older store: a lead accepted the hit as a PEP match, although its list is a sanctions list. */
Test(hit_class, of_a_stored_hit_follows_from_its_list_and_its_verdict_is_asked_for_again)
{
	cr_assert(taken(f.ada, PERSON("manual_review", SAID_PEP("Ministry register"))), "%s", refusal);
	must(USE(f.rita, HIT_RESOLVE, "KYC-9", .part = hit_id(), .is_match = true, .reason = "same_person",
		 .note = "The same person"));
	must(USE(f.lea, HIT_ACCEPT, "KYC-9", .part = hit_id(), .reason = "We know this politician well"));
	cr_expect_eq(class_of_first(), HIT_PEP);
	sql_run(&f, "UPDATE hit SET list = 'OFAC SDN'");
	cr_expect_eq(class_of_first(), HIT_SANCTIONS);
	cr_assert_eq(USE(f.rita, APPROVE, "KYC-9"), ERR_BLOCKED);
	expect_blocker("hit_open");
}

Test(hit_class, of_a_stored_false_positive_is_looked_at_again)
{
	cr_assert(taken(f.ada, PERSON("manual_review", SAID_PEP("OFAC SDN"))), "%s", refusal);
	sql_run(&f, "UPDATE hit SET class = 'pep'");
	must(USE(f.rita, HIT_RESOLVE, "KYC-9", .part = hit_id(), .reason = "different_name", .note = "Another name"));
	expect_sql("SELECT class FROM hit", "sanctions");
	/* If a later import line repeats the hit, no second hit is stored. */
	cr_expect(taken(f.bo, PERSON("manual_review", SAID_PEP("OFAC SDN") ",\"risk_score\":3")), "%s", refusal);
	expect_rows(1, "hit");
}
