/* The evidence that verifies a person: a document or a check, and only while the document is valid. */
#include "lines.h"
#include "kybdesk/desk/desk.h"

FIXTURE(examined);

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)
#define PASSPORT_OF(file, day)                                                                                         \
	"{\"category\":\"IDENTITY\",\"type\":\"PASSPORT\",\"file_name\":\"" file "\",\"file\":\"files/" file           \
	"\",\"upload\":\"ready\",\"review\":\"accepted\",\"expires_on\":\"" day "\"}"
#define PASSPORT(day) PASSPORT_OF("identity.png", day)
#define OWNER_WITH(documents)                                                                                          \
	OWNER("Ines Duarte", "1984-02-11",                                                                             \
	      ",\"session\":{\"workflow\":\"generic-kyc\",\"status\":\"manual_review\",\"documents\":[" documents      \
	      "]}")
#define REVIEWED(type, file) DOCUMENT(type, file, ",\"review\":\"accepted\"")
#define ACCEPTED                                                                                                       \
	REVIEWED("MEMORANDUM_ARTICLES", "articles.pdf")                                                                \
	"," REVIEWED("BUSINESS_NUMBER", "number.pdf") "," REVIEWED("PROOF_OF_ADDRESS", "address.pdf") "," REVIEWED(    \
		"DIRECTORS_SHAREHOLDERS_REG", "register.pdf")

static void company_of(const char *owner)
{
	must_import(&(struct company){ .documents = ACCEPTED, .parties = owner });
	must(approve_at_once(&f, f.rita, fixture_case(&f, "RAL-9").file.parties[0].session_id));
}

/* NOON is 2026-11-20. */
Test(examined, an_owner_whose_passport_expired_since_is_verified_no_longer)
{
	company_of(OWNER_WITH(PASSPORT("2026-11-21")));
	forward(&f, DAY_MS);
	cr_expect(fixture_case(&f, "RAL-9").is_party_verified[0], "on its last day it is valid");
	forward(&f, DAY_MS);
	expect_blocked(USE(f.rita, APPROVE, "RAL-9"), "party_not_verified");
	expect_says("a document of the KYC expired on 2026-11-21");
	cr_expect_not(fixture_case(&f, "RAL-9").is_party_verified[0]);
	f.written = true; /* lists are outdated: time passed without a tick */
}

Test(examined, an_owner_with_another_valid_passport_stays_verified)
{
	company_of(OWNER_WITH(PASSPORT("2026-11-21") "," PASSPORT_OF("passport.jpg", "2030-01-01")));
	forward(&f, 3 * DAY_MS);
	must(USE(f.rita, APPROVE, "RAL-9"));
}

Test(examined, a_company_that_was_approved_before_keeps_its_owners)
{
	company_of(OWNER_WITH(PASSPORT("2026-11-21")));
	must(approve_at_once(&f, f.rita, "RAL-9"));
	forward(&f, 3 * DAY_MS);
	cr_expect(fixture_case(&f, "RAL-9").is_party_verified[0]);
	must(USE(f.lea, NOTE, "RAL-9", .text = "looked at it again"));
	expect_rows(0, "alert");
}

Test(examined, typed_steps_alone_verify_nobody)
{
	cr_assert(taken(f.ada, PERSON("manual_review", "")), "%s", refusal);
	expect_blocked(USE(f.rita, APPROVE, "KYC-9"), "nothing_examined");
	cr_assert(taken(f.ada, PERSON("manual_review", FACE("passed", "0.9"))), "%s", refusal);
	must(USE(f.rita, APPROVE, "KYC-9"));
}

static enum err report(const char *ref, enum verb verb, struct use_in in)
{
	in.verb = verb;
	in.session = ref;
	return fixture_use(&f, f.bo, &in);
}

static void expect_nothing_examined(const char *ref)
{
	expect_err(USE(f.rita, APPROVE, ref), ERR_BLOCKED);
	cr_expect(error_has_blocker(&f.error, "nothing_examined"), "%s", f.error.message);
}

/* generic-kyc accepts results only from a provider, as its seed says, and only if they neither reject nor are empty. */
Test(examined, results_verify_when_a_provider_reports_them)
{
	static const char *const empty[] = { "{}", "{\"cross_validation\":{}}", "{\"final_decision\":\"rejected\"}" };

	cr_assert(taken(f.ada, PERSON("manual_review", ",\"processing_results\":{\"final_decision\":\"approved\"}")),
		  "%s", refusal);
	expect_nothing_examined("KYC-9");
	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
		must(report("KYC-9", VERB_RESULTS_REPORT,
			    (struct use_in){ .capacity = CAPACITY_PROVIDER, .results_json = empty[i] }));
		expect_nothing_examined("KYC-9");
	}
	must(report(
		"KYC-9", VERB_RESULTS_REPORT,
		(struct use_in){ .capacity = CAPACITY_PROVIDER, .results_json = "{\"final_decision\":\"flagged\"}" }));
	must(USE(f.rita, APPROVE, "KYC-9"));
}

/* An import line of KYC-9 with this status and for a person with this name. */
#define SOMEBODY(status, name)                                                                                         \
	"{\"external_ref\":\"KYC-9\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\",\"status\":"     \
	"\"" status "\",\"subject\":{\"uid\":\"ind-9\",\"kind\":\"individual\",\"name\":\"" name "\"}}\n"

Test(examined, results_about_another_person_verify_nobody)
{
	static const char results[] = "{\"final_decision\":\"approved\"}";

	cr_assert(taken(f.ada, SOMEBODY("active", "Jo Reyes")), "%s", refusal);
	must(report("KYC-9", VERB_RESULTS_REPORT,
		    (struct use_in){ .capacity = CAPACITY_PROVIDER, .results_json = results }));
	cr_assert(taken(f.ada, SOMEBODY("active", "Jo Reyes Silva")), "%s", refusal);
	cr_assert(!taken(f.ada, SOMEBODY("manual_review", "Jo Reyes Silva")));
	cr_expect(strstr(refusal, "Identity document is missing"), "%s", refusal);
	sql_run(&f, "UPDATE session SET status = 'manual_review'");
	expect_nothing_examined("KYC-9");
	must(report("KYC-9", VERB_RESULTS_REPORT,
		    (struct use_in){ .capacity = CAPACITY_PROVIDER, .results_json = results }));
	must(USE(f.rita, APPROVE, "KYC-9"));
}

Test(examined, a_check_that_did_not_pass_or_was_waived_verifies_nobody)
{
	static const char *const statuses[] = { "pending", "failed", "error", "timeout" };

	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		cr_assert(taken(f.ada, arena_printf(&f.arena,
						    PERSON("manual_review",
							   ",\"checks\":[{\"kind\":\"mobile\",\"status\":\"%s\"}]"),
						    statuses[i])),
			  "%s", refusal);
		expect_nothing_examined("KYC-9");
	}
	must(USE(f.lea, CHECK_WAIVE, "KYC-9", .check = CHECK_MOBILE, .reason = "the phone of the client is broken"));
	expect_nothing_examined("KYC-9");
}

/* On the day when the owner's verification ends, the lists show a blocker of the company. */
Test(examined, lists_say_so_when_the_passport_of_an_owner_expires)
{
	struct tick_report unused;

	company_of(OWNER_WITH(PASSPORT("2026-11-21")));
	must(desk_tick(f.vic, &unused, &f.error));
	expect_sql("SELECT blocker FROM session WHERE external_ref = 'RAL-9'", "");
	forward(&f, DAY_MS);
	must(desk_tick(f.vic, &unused, &f.error));
	expect_sql("SELECT blocker FROM session WHERE external_ref = 'RAL-9'", "");
	forward(&f, DAY_MS / 2);
	must(desk_tick(f.vic, &unused, &f.error));
	expect_sql("SELECT blocker FROM session WHERE external_ref = 'RAL-9'", "party_not_verified");
	cr_expect_eq(sql_int(&f, "SELECT parties_verified FROM session WHERE external_ref = 'RAL-9'"), 0);
}
