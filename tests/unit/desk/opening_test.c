/* Opening a session, and the valid values of each member of the input. */
#include "fixture.h"
#include "kybdesk/domain/column.h"

FIXTURE(opening);

static struct subject subject;
static struct session_input input;

/* Sets a valid input for a session of a company; a test then changes a member of this input. */
static void begin(void)
{
	columns_init(&subject_columns, &subject);
	subject.uid = "biz-7";
	subject.kind = SUBJECT_BUSINESS;
	subject.name = "Quay Street Foods Ltd";
	subject.country = "GB";
	input = (struct session_input){ .workflow = "ralio-kyb",
					.merchant = "northwind-pay",
					.external_ref = "RAL-7",
					.subject = &subject,
					.risk_score = RISK_NONE };
}

static void is_refused(enum err code, const char *field, const char *sentence)
{
	expect_err(USE(f.rita, SESSION_OPEN, NULL, .capacity = CAPACITY_MERCHANT, .open_input = &input), code);
	cr_expect_str_eq(f.error.field ? f.error.field : "", field);
	expect_says(sentence);
	expect_rows(0, "session");
	begin();
}

Test(opening, names_the_member_that_is_wrong_and_leaves_nothing)
{
	begin();
	input.subject = NULL;
	is_refused(ERR_INVALID, "subject", "The subject is missing");
	subject.name = "";
	is_refused(ERR_INVALID, "subject.name", "The subject is missing");
	input.kind = "kyx";
	is_refused(ERR_INVALID, "kind", "\"kyx\" is not a kind of session; use kyb or kyc");
	input.kind = "kyc";
	is_refused(ERR_INVALID, "kind", "The workflow ralio-kyb has no kyc sessions");
	subject.kind = SUBJECT_INDIVIDUAL;
	is_refused(ERR_INVALID, "subject.kind", "The workflow ralio-kyb does not accept an individual as its subject");
	input.workflow = "atelio-beneficial-owner";
	is_refused(ERR_INVALID, "subject.kind",
		   "The workflow atelio-beneficial-owner does not accept a business as its subject");
	subject.country = "Atlantis";
	is_refused(ERR_INVALID, "subject.country", "\"Atlantis\" is not a country");
	subject.date_of_birth = "1990-02-30";
	is_refused(ERR_INVALID, "subject.date_of_birth", "\"1990-02-30\" is not a date; write YYYY-MM-DD");
	input.lifetime_hours = -1;
	is_refused(ERR_INVALID, "expires_in_hours", "not -1");
	input.lifetime_hours = 1000000;
	is_refused(ERR_INVALID, "expires_in_hours", "not 1000000");
	input.risk_score = 101;
	is_refused(ERR_INVALID, "risk_score", "A risk score must be 0 to 100, not 101");
	input.custom_tags_json = "[]";
	is_refused(ERR_INVALID, "custom_tags", "The value is not a JSON object");
	input.metadata_json = "7";
	is_refused(ERR_INVALID, "metadata", "The value is not a JSON object");
	input.risk_factors_json = "{}";
	is_refused(ERR_INVALID, "risk_factors", "The value is not a JSON list");
}

Test(opening, takes_each_bound_of_what_it_takes)
{
	begin();
	input.risk_score = 0;
	input.lifetime_hours = 1;
	input.risk_factors_json = "[]";
	input.metadata_json = "{\"shop\":1}";
	must(USE(f.rita, SESSION_OPEN, NULL, .capacity = CAPACITY_MERCHANT, .open_input = &input));
	cr_expect_eq(fixture_case(&f, "RAL-7").file.session.expires_at, NOON + 60 * MINUTE_MS);
	cr_expect_eq(fixture_case(&f, "RAL-7").file.session.risk_score, 0);
	expect_text(fixture_case(&f, "RAL-7").file.session.subject.country, "GBR");
	begin();
	input.external_ref = "RAL-8";
	input.risk_score = 100;
	must(USE(f.rita, SESSION_OPEN, NULL, .capacity = CAPACITY_MERCHANT, .open_input = &input));
}

Test(opening, a_known_user_stays_what_they_are)
{
	begin();
	must(USE(f.rita, SESSION_OPEN, NULL, .capacity = CAPACITY_MERCHANT, .open_input = &input));
	begin();
	input.external_ref = "RAL-8";
	input.workflow = "generic-kyc";
	subject.kind = SUBJECT_INDIVIDUAL;
	expect_error(USE(f.rita, SESSION_OPEN, NULL, .capacity = CAPACITY_MERCHANT, .open_input = &input), ERR_CONFLICT,
		     "The kind of the user biz-7 is already business");
	begin();
	input.external_ref = "RAL-8";
	subject.name = "";
	must(USE(f.rita, SESSION_OPEN, NULL, .capacity = CAPACITY_MERCHANT, .open_input = &input));
	expect_text(fixture_case(&f, "RAL-8").file.session.subject.name, "Quay Street Foods Ltd");
}

/* --- a party's form --- */

static struct party_input ana = { .name = "Ana Sousa",
				  .kind = PARTY_INDIVIDUAL,
				  .roles = 1u << ROLE_UBO,
				  .percent = "20",
				  .country = "PT",
				  .date_of_birth = "1990-05-01",
				  .owned_party = "" };

Test(opening, of_a_party_takes_addresses_as_a_list_and_fields_as_an_object)
{
	fixture_ready(&f, "RAL-1");
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &ana, .addresses_json = "{\"city\":\"Porto\"}"),
		   ERR_INVALID);
	cr_expect_str_eq(f.error.field, "addresses");
	expect_says("The addresses are not a JSON list");
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &ana, .addresses_json = "[\"Porto\""), ERR_INVALID);
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &ana, .fields_json = "[]"), ERR_INVALID);
	cr_expect_str_eq(f.error.field, "fields");
	cr_expect_eq(fixture_case(&f, "RAL-1").file.party_count, 1);
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &ana,
		 .addresses_json = "[{\"city\":\"Porto\",\"street\":\"Rua Nova 4\"}]"));
	expect_rows(1, "party WHERE addresses LIKE '%Rua Nova 4%'");
}
