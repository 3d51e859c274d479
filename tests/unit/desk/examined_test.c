/* A KYC verifies an owner only while its documents are valid. */
#include "lines.h"

FIXTURE(examined);

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)
#define PASSPORT_OF(file, day)                                                                                     \
	"{\"category\":\"IDENTITY\",\"type\":\"PASSPORT\",\"file_name\":\"" file "\",\"file\":\"files/" file       \
	"\",\"upload\":\"ready\",\"review\":\"accepted\",\"expires_on\":\"" day "\"}"
#define PASSPORT(day) PASSPORT_OF("identity.png", day)
#define OWNER_WITH(documents)                                                                                      \
	OWNER("Ines Duarte", "1984-02-11",                                                                         \
	      ",\"session\":{\"workflow\":\"generic-kyc\",\"status\":\"manual_review\",\"documents\":[" documents  \
	      "]}")
#define REVIEWED(type, file) PAPER(type, file, ",\"review\":\"accepted\"")
#define ACCEPTED                                                                                                   \
	REVIEWED("MEMORANDUM_ARTICLES", "articles.pdf")                                                            \
	"," REVIEWED("BUSINESS_NUMBER", "number.pdf") "," REVIEWED(                                                \
		"PROOF_OF_ADDRESS", "address.pdf") "," REVIEWED("DIRECTORS_SHAREHOLDERS_REG", "register.pdf")

static void company_of(const char *owner)
{
	came(&(struct company){ .documents = ACCEPTED, .parties = owner });
	must(approve_at_once(&f, f.rita, fixture_case(&f, "RAL-9").file.parties[0].session_id));
}

/* NOON is 2026-11-20. */
Test(examined, an_owner_whose_passport_expired_since_is_verified_no_longer)
{
	company_of(OWNER_WITH(PASSPORT("2026-11-21")));
	forward(&f, DAY_MS);
	cr_expect(fixture_case(&f, "RAL-9").verified[0], "on its last day it is valid");
	forward(&f, DAY_MS);
	expect_err(approve(&f, f.rita, "RAL-9", NULL), ERR_BLOCKED);
	cr_expect(error_has_blocker(&f.error, "party_not_verified"));
	expect_says("a document of the KYC expired on 2026-11-21");
	error_release(&f.error);
	cr_expect_not(fixture_case(&f, "RAL-9").verified[0]);
	f.written = true; /* the clock alone changed what lists would count */
}

Test(examined, an_owner_with_another_valid_passport_stays_verified)
{
	company_of(OWNER_WITH(PASSPORT("2026-11-21") "," PASSPORT_OF("passport.jpg", "2030-01-01")));
	forward(&f, 3 * DAY_MS);
	must(approve(&f, f.rita, "RAL-9", NULL));
}

Test(examined, a_company_that_was_approved_before_keeps_its_owners)
{
	company_of(OWNER_WITH(PASSPORT("2026-11-21")));
	must(approve_at_once(&f, f.rita, "RAL-9"));
	forward(&f, 3 * DAY_MS);
	cr_expect(fixture_case(&f, "RAL-9").verified[0]);
	must(desk_do(f.lea, &f.arena,
		     &(const struct use_in){ .verb = VERB_NOTE, .session = "RAL-9", .text = "looked at it again" },
		     &(struct use_out){ 0 }, &f.error));
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM alert"), 0);
}
