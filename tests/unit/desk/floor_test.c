/* The conditions that an admin sets for all approvals in the store (command store set). */
#include "fixture.h"

FIXTURE(floor);

static void set(const char *name, const char *value)
{
	must(USE(f.ada, STORE_SET, NULL, .part = name, .text = value));
}

static void screened(const char *ref, const char *at)
{
	fixture_kyc(&f, ref, "manual_review",
		    arena_printf(
			    &f.arena,
			    ", \"checks\": [{\"kind\": \"watchlist\", \"status\": \"passed\", \"checked_at\": \"%s\"}, "
			    "{\"kind\": \"face_match\", \"status\": \"passed\"}]",
			    at));
}

static void refused(const char *ref, const char *sentence)
{
	expect_blocked(USE(f.rita, APPROVE, ref), "check_stale");
	expect_says(sentence);
}

Test(floor, no_approval_without_a_recent_screening)
{
	set("screening_days", "30");
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	refused("KYC-1",
		"No sanctions screening is completed; this desk needs a screening that is at most 30 days old");
	screened("KYC-2", "2026-10-01T12:00:00Z");
	refused("KYC-2", "this desk needs a screening that is at most 30 days old");
	screened("KYC-3", "2026-10-21T12:00:00Z");
	must(USE(f.rita, APPROVE, "KYC-3"));
	set("screening_days", "");
	must(USE(f.rita, APPROVE, "KYC-1"));
}

Test(floor, the_machine_obeys_it)
{
	set("screening_days", "30");
	fixture_kyc(&f, "KYC-1", "completed", ", \"processing_results\": {\"final_decision\": \"approved\"}");
	must(USE(f.rita, PROCESS, "KYC-1"));
	expect_text(fixture_status(&f, "KYC-1"), "manual_review");
}

Test(floor, nobody_of_a_prohibited_country)
{
	set("prohibited_countries", " Iran, PRT");
	expect_sql("SELECT value FROM store_info WHERE key = 'prohibited_countries'", "IRN,PRT");
	fixture_ready(&f, "RAL-1");
	expect_blocked(USE(f.lea, APPROVE, "RAL-1"), "desk_rule");
	expect_says("Ines Duarte is from PRT, a country that this desk does not approve");
	set("prohibited_countries", "GBR");
	expect_error(USE(f.lea, APPROVE, "RAL-1"), ERR_BLOCKED, "Harbour Lane Trading Ltd is from GBR");
	set("prohibited_countries", "IRN");
	must(USE(f.lea, APPROVE, "RAL-1"));
}

Test(floor, no_higher_risk)
{
	set("highest_risk", "40");
	fixture_kyc(&f, "KYC-1", "manual_review", ", \"risk_score\": 41");
	fixture_kyc(&f, "KYC-2", "manual_review", ", \"risk_score\": 40");
	fixture_kyc(&f, "KYC-3", "manual_review", NULL);
	expect_error(USE(f.rita, APPROVE, "KYC-1"), ERR_BLOCKED, "The risk score is 41; this desk approves up to 40");
	expect_error(USE(f.rita, APPROVE, "KYC-3"), ERR_BLOCKED, "no risk score");
	must(USE(f.rita, APPROVE, "KYC-2"));
}

Test(floor, a_high_risk_needs_words)
{
	struct decision_preview preview;

	set("rationale_words", "4");
	fixture_kyc(&f, "KYC-1", "manual_review", ", \"risk_score\": 69");
	fixture_kyc(&f, "KYC-2", "manual_review", ", \"risk_score\": 70");
	must(USE(f.rita, APPROVE, "KYC-1"));
	must(desk_preview(f.rita, &f.arena, &(const struct use_in){ .verb = VERB_APPROVE, .session = "KYC-2" },
			  &preview, &f.error));
	cr_expect_eq(preview.rationale_min_words, 4);
	expect_err(USE(f.rita, APPROVE, "KYC-2", .note = "Seen: payslips"), ERR_INVALID);
	expect_text(f.error.field, "note");
	expect_says("at least 4 different words with the grounds of the decision; this note has 2");
	must(USE(f.rita, APPROVE, "KYC-2", .note = "Payslips of a year seen"));
	/* The system cannot approve KYC-3, because it writes no rationale. */
	fixture_kyc(&f, "KYC-3", "completed",
		    ", \"risk_score\": 90, \"processing_results\": {\"final_decision\": \"approved\"}");
	must(USE(f.rita, PROCESS, "KYC-3"));
	expect_text(fixture_status(&f, "KYC-3"), "manual_review");
	set("high_risk", "95");
	must(USE(f.rita, APPROVE, "KYC-3"));
}

Test(floor, takes_usable_values)
{
	static const char *const wrong[][2] = {
		{ "screening_days", "0" },
		{ "screening_days", "x" },
		{ "screening_days", "-1" },
		{ "screening_days", "3651" },
		{ "screening_days", "30d" },
		{ "screening_days", "1 0" },
		{ "screening_days", "99999" },
		{ "highest_risk", "101" },
		{ "rationale_words", "0" },
		{ "rationale_words", "201" },
		{ "high_risk", "0" },
		{ "prohibited_countries", "Narnia" },
		{ "prohibited_countries", "IRN,,PRK" },
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		expect_err(USE(f.ada, STORE_SET, NULL, .part = wrong[i][0], .text = wrong[i][1]), ERR_INVALID);
		expect_text(f.error.field, wrong[i][0]);
	}
}
