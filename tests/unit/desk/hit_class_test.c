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

/* Lists of providers with a programme of sanctions; and PEPs with a programme of none. */
Test(hit_class, of_a_provider_s_own_list_follows_from_its_programme)
{
	static const struct {
		const char *list, *programmes;
		enum hit_class class;
	} rows[] = {
		{ "World-Check", "\"SDGT\"", HIT_SANCTIONS },
		{ "Watchlist", "[\"UKRAINE-EO13661\"]", HIT_SANCTIONS },
		{ "Watchlist", "[\"RUSSIA-EO14024\", \"GLOMAG\"]", HIT_SANCTIONS },
		{ "Dow Jones", "\"Global Magnitsky\"", HIT_SANCTIONS },
		{ "Risk", "\"EU Restrictive Measures\"", HIT_SANCTIONS },
		{ "Magnitsky Act list", "\"\"", HIT_SANCTIONS },
		{ "Heads of State", "\"Ministers\"", HIT_PEP },
		{ "World-Check", "\"Parliament of Ukraine\"", HIT_PEP },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (i) {
			tear_down();
			set_up();
		}
		cr_assert(taken(f.ada, arena_printf(&f.arena,
						    PERSON("manual_review", WATCHLIST("{\"name\":\"J. Reyes\","
										      "\"list\":\"%s\",\"class\":"
										      "\"pep\",\"detail\":{"
										      "\"programmes\":%s}}")),
						    rows[i].list, rows[i].programmes)),
			  "%s", refusal);
		expect_sql("SELECT class FROM hit", hit_class_text(rows[i].class));
		cr_expect_eq(class_of_first(), rows[i].class, "%s %s", rows[i].list, rows[i].programmes);
	}
}
