/* People and companies known to the desk from another case: by a sanctions hit, a suspicion, or a rejection for a
 * restricted reason. Each test first approves the case without the other one. */
#include "fixture.h"
#include "kybdesk/domain/duplicate.h"

FIXTURE(recognised);

#define NOTE "compared with the passport, page 2"
#define OWNER "Ines Duarte"
#define BORN "1984-02-11"

enum against { HIT_STANDS_OPEN, HIT_IS_UNDETERMINED, HIT_IS_CONFIRMED, HIT_OF_HER_COMPANY, SUSPECTED, REJECTED, FACTS };

static const char *hit_id(void)
{
	return sql_text(&f, "SELECT uuid FROM hit ORDER BY id DESC LIMIT 1");
}

static void add_hit(const char *session, const char *name)
{
	struct hit hit = { .id = "", .name = name, .list = "OFAC SDN", .class_ = HIT_SANCTIONS, .score = -1 };
	struct check check;

	check_init(&check);
	hit.detail_json = "{}";
	check.kind = CHECK_WATCHLIST;
	check.status = CHECK_HIT;
	check.hits = &hit;
	check.hit_count = 1;
	must(USE(f.ada, CHECK_REPORT, session, .capacity = CAPACITY_INTAKE, .result = &check));
}

static void judge(const char *session, bool match)
{
	fixture_reveal(&f, f.bo, session);
	must(USE(f.bo, HIT_RESOLVE, session, .part = hit_id(), .is_match = match,
		 .verdict = match ? RESULT_UNJUDGED : RESULT_UNDETERMINED, .reason = match ? "same_person" : "other",
		 .note = NOTE));
	must(USE(f.bo, RELEASE, session));
}

/* A client of another merchant: a person, or a company with a registration number. */
static void import_client(const char *name, const char *kind, const char *values, bool production)
{
	fixture_import(&f,
		       arena_printf(&f.arena,
				    "{\"external_ref\":\"P-1\",\"workflow\":\"%s\",\"kind\":\"%s\",\"merchant\":"
				    "\"other-pay\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"u1\",\"kind\":"
				    "\"%s\",\"name\":\"%s\",%s}}\n",
				    strcmp(kind, "business") ? "generic-kyc" : "ralio-kyb",
				    strcmp(kind, "business") ? "kyc" : "kyb", kind, name, values));
	if (production)
		fixture_in_production(&f);
}

/* Another company of the owner, with an approved KYC of hers. */
static void give_other_company(void)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "CARD-1" });
	sql_change(&f, "UPDATE session SET subject_name = 'Vintage Tools SA', likeness_key = 'PRT vintage' WHERE "
		       "external_ref = 'CARD-1'");
}

static void give_fact(enum against fact, const char *name)
{
	switch (fact) {
	case HIT_STANDS_OPEN:
	case HIT_IS_UNDETERMINED:
	case HIT_IS_CONFIRMED:
		add_hit("P-1", name);
		if (fact != HIT_STANDS_OPEN)
			judge("P-1", fact == HIT_IS_CONFIRMED);
		break;
	case HIT_OF_HER_COMPANY:
		give_other_company();
		add_hit("CARD-1", OWNER);
		break;
	case SUSPECTED:
		must(USE(f.lea, SUSPICION_OPEN, "P-1", .reason = NOTE));
		break;
	case REJECTED:
		must(USE(f.lea, REJECT, "P-1", .reason = "suspected_fraud", .has_grace = true));
		break;
	case FACTS:
		break;
	}
}

/* One blocker, which tells a reviewer nothing; a lead sees and answers it. */
static void expect_held(const char *ref)
{
	struct case_view view;

	must(desk_case(f.rita, &f.arena, ref, false, &view, &f.error));
	cr_expect_eq(view.duplicate_count, 0);
	expect_blocked(USE(f.rita, APPROVE, ref, .has_grace = true), "held");
	cr_expect_eq(f.error.blocker_count, 1, "%s", f.error.message);
	must(desk_case(f.lea, &f.arena, ref, false, &view, &f.error));
	cr_assert_eq(view.blockers.count, 1, "%zu: %s", view.blockers.count,
		     view.blockers.count ? view.blockers.items[view.blockers.count - 1].message : "");
	cr_expect_eq(view.blockers.items[0].code, BLOCKER_DUPLICATE_OPEN);
}

static void answered_by_a_lead(const char *ref)
{
	struct case_view view;

	expect_held(ref);
	must(desk_case(f.lea, &f.arena, ref, false, &view, &f.error));
	must(USE(f.lea, DUPLICATE_DISMISS, ref, .part = view.duplicates[0].id,
		 .reason = "two persons, their passports differ"));
	must(USE(f.rita, APPROVE, ref, .has_grace = true));
}

/* RAL-1 with a signatory, verified elsewhere, and a shareholder. */
static void open_first_case(void)
{
	static const struct party_input signatory = { .kind = PARTY_INDIVIDUAL,
						      .name = "Tomas Reis",
						      .roles = 1u << ROLE_AUTHORISED_SIGNATORY,
						      .country = "PRT",
						      .date_of_birth = "1979-05-02" };
	static const struct party_input holding = { .kind = PARTY_COMPANY,
						    .name = "Vela Holding BV",
						    .roles = 1u << ROLE_SHAREHOLDER,
						    .percent = "10",
						    .country = "NLD",
						    .registration_number = "65835255" };

	fixture_ready(&f, "RAL-1");
	must(USE(f.ada, PARTY_ADD, "RAL-1", .party = &signatory));
	must(USE(f.ada, PARTY_ADD, "RAL-1", .party = &holding));
	f.written = true; /* a draft can be approved in a sandbox only */
	must(USE(f.ada, PARTY_VERIFY, "RAL-1", .part = "Tomas Reis", .reason = NOTE));
}

static void again(void)
{
	tear_down();
	set_up();
}

static void approved_alone(void)
{
	open_first_case();
	fixture_in_production(&f);
	must(USE(f.rita, APPROVE, "RAL-1", .has_grace = true));
	again();
}

Test(recognised, an_owner_whose_own_kyc_is_approved_is_held_for_each_fact)
{
	approved_alone();
	for (int fact = 0; fact < FACTS; fact++) {
		open_first_case();
		import_client(OWNER, "individual", "\"date_of_birth\":\"" BORN "\"", true);
		give_fact((enum against)fact, OWNER);
		answered_by_a_lead("RAL-1");
		again();
	}
}

Test(recognised, a_signatory_and_a_company_of_the_chain_are_held)
{
	approved_alone();
	open_first_case();
	import_client("REIS, Tomás", "individual", "\"date_of_birth\":\"1979-05-02\"", true);
	give_fact(SUSPECTED, "");
	answered_by_a_lead("RAL-1");
	again();
	open_first_case();
	import_client("Vela Holding B.V.", "business", "\"country\":\"NLD\",\"registration_number\":\"6583-5255\"",
		      true);
	give_fact(HIT_STANDS_OPEN, "Vela Holding");
	answered_by_a_lead("RAL-1");
}

/* Of a cleared hit, in a sandbox, and of another person. */
Test(recognised, nobody_else_is_held)
{
	open_first_case();
	import_client(OWNER, "individual", "\"date_of_birth\":\"" BORN "\"", true);
	add_hit("P-1", OWNER);
	fixture_reveal(&f, f.bo, "P-1");
	must(USE(f.bo, HIT_RESOLVE, "P-1", .part = hit_id(), .reason = "other", .note = NOTE));
	must(USE(f.rita, APPROVE, "RAL-1", .has_grace = true));
	again();
	open_first_case();
	import_client(OWNER, "individual", "\"date_of_birth\":\"1961-02-11\"", true);
	give_fact(REJECTED, "");
	must(USE(f.rita, APPROVE, "RAL-1", .has_grace = true));
	again();
	/* The hit of another company names another of its people. */
	open_first_case();
	fixture_in_production(&f);
	give_other_company();
	add_hit("CARD-1", "Vintage Tools SA");
	must(USE(f.rita, APPROVE, "RAL-1", .has_grace = true));
	again();
	open_first_case();
	import_client(OWNER, "individual", "\"date_of_birth\":\"" BORN "\"", false);
	give_fact(REJECTED, "");
	must(USE(f.rita, APPROVE, "RAL-1", .has_grace = true));
}

/* Spellings of the owner, and of a holding with its number: each holds the case by one blocker. */
Test(recognised, thirteen_spellings_of_a_person_and_thirteen_of_a_company_are_held)
{
	static const char *const persons[] = { "INÊS DUARTE",
					       "Duarte, Ines",
					       "Inés Duarte",
					       "Инес Дуарте",
					       "ines  duarte",
					       "Ines-Duarte",
					       "Inez Duarte",
					       "Ynes Duarte",
					       "Ιnes Duarte",
					       "Ines Duarté",
					       "Ines Du Arte",
					       "İnes Duarte",
					       "I\xc3\xb1"
					       "es Duarte" };
	static const char *const companies[] = { "VELA HOLDING BV",
						 "Vela Holding B.V.",
						 "Vela Holding Besloten Vennootschap",
						 "Véla Holding BV",
						 "Vela-Holding BV",
						 "Vela  Holding  B V",
						 "BV Vela Holding",
						 "VELA H0LDING BV",
						 "Vеla Holding BV",
						 "Vela Holdings BV",
						 "Vela Hldg BV",
						 "Wela Holding BV",
						 "Vela" };

	cr_assert_eq(sizeof persons / sizeof *persons, 13);
	cr_assert_eq(sizeof companies / sizeof *companies, 13);
	approved_alone();
	for (size_t i = 0; i < 26; i++) {
		const char *name = i < 13 ? persons[i] : companies[i - 13];

		open_first_case();
		import_client(name, i < 13 ? "individual" : "business",
			      i < 13 ? "\"date_of_birth\":\"" BORN "\""
				     : "\"country\":\"NLD\",\"registration_number\":\"0065 835-255\"",
			      true);
		give_fact(HIT_STANDS_OPEN, name);
		expect_blocked(USE(f.rita, APPROVE, "RAL-1", .has_grace = true), "held");
		cr_expect(f.error.blocker_count == 1, "%s: %s", name, f.error.message);
		again();
	}
}

/* A suspicion about a lead: the lead is told of the twin no more than of the suspicion. */
Test(recognised, a_twin_with_a_suspicion_about_a_lead_is_not_shown_to_the_lead)
{
	struct case_view view;

	open_first_case();
	import_client(OWNER, "individual", "\"date_of_birth\":\"" BORN "\"", true);
	must(USE(f.ada, SUSPICION_OPEN, "P-1", .reason = NOTE, .part = "lea"));
	must(desk_case(f.lea, &f.arena, "RAL-1", false, &view, &f.error));
	cr_expect_eq(view.duplicate_count, 0);
	cr_assert_eq(view.blockers.count, 1);
	cr_expect_eq(view.blockers.items[0].code, BLOCKER_HELD);
	expect_err(USE(f.lea, DUPLICATE_DISMISS, "RAL-1", .part = "P-1", .reason = NOTE), ERR_NOT_FOUND);
	must(desk_case(f.ada, &f.arena, "RAL-1", false, &view, &f.error));
	cr_assert_eq(view.duplicate_count, 1);
	must(USE(f.ada, DUPLICATE_DISMISS, "RAL-1", .part = view.duplicates[0].id, .reason = NOTE));
	must(USE(f.rita, APPROVE, "RAL-1", .has_grace = true));
}
