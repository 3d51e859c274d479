/* A user's input on a party: which input is refused, and for which field. */
#include <criterion/criterion.h>
#include <string.h>

#include "case_builder.h"
#include "kybdesk/domain/limits.h"
#include "kybdesk/domain/party_input.h"

static const struct countries no_countries;

TestSuite(party_input, .init = builder_set_up, .fini = builder_tear_down);

/* "field: message" of the first error (not a warning); "" if the input is accepted. */
static const char *refused(const struct party *self, const struct party_input *input)
{
	struct party_problems problems = { 0 };

	party_input_check(&built.arena, &built.file, &built.profile, &no_countries, "2026-11-02", self, input,
			  &problems);
	for (size_t i = 0; i < problems.count; i++) {
		if (!problems.items[i].is_warning)
			return arena_printf(&built.arena, "%s: %s", problems.items[i].field, problems.items[i].message);
	}
	return "";
}

static struct party_input person(void)
{
	return (struct party_input){ .name = "Rui Costa", .kind = PARTY_INDIVIDUAL, .roles = 1u << ROLE_UBO };
}

Test(party_input, a_percentage_has_few_digits)
{
	struct party_input input = person();

	input.percent = "0.12345678901234567890";
	cr_expect_str_empty(refused(NULL, &input));
	input.percent = "0.123456789012345678901";
	cr_expect_str_eq(refused(NULL, &input),
			 "percent: The percentage has 21 digits after the point; at most 20 are allowed");
	input.percent = "12,5";
	cr_expect(strstr(refused(NULL, &input), "\"12,5\" is not a percentage"));
}

Test(party_input, a_share_is_a_range_where_nothing_needs_a_number)
{
	static const char *sources[] = { "party.ownership_percent" };
	static struct field_spec number = { .id = "percentageOfOwnership", .sources = sources, .source_count = 1 };
	static const char sentence[] =
		"percent: \">25-50\" is not a percentage; write a number from 0 to 100, like 25 or 33.34";
	struct party_input input = person();

	input.percent = ">25-50";
	cr_expect_str_empty(refused(NULL, &input));
	input.percent = "50-25";
	cr_expect_str_eq(refused(NULL, &input),
			 "percent: \"50-25\" is not a range of percentages; write it like 25-50, >25-50 (more than 25) "
			 "or 50-<75 (less than 75)");
	input.percent = ">25-50";
	input.is_exact = true;
	cr_expect_str_eq(refused(NULL, &input), sentence, "of a client");
	input.is_exact = false;
	built.profile.parties.fields = &number;
	built.profile.parties.field_count = 1;
	cr_expect_str_eq(refused(NULL, &input),
			 arena_printf(&built.arena,
				      "percent: \">25-50\" is a range, and the workflow %s has numbers only; "
				      "write the share as a number",
				      built.profile.name),
			 "of a workflow with a field for the number");
}

Test(party_input, nobody_was_born_more_than_120_years_ago)
{
	static const char *const too_old[] = { "1906-11-01", "1906-10", "1905", "0001" };
	static const char *const possible[] = { "1906-11-02", "1906-11", "1906", "2026" };
	struct party_input input = person();

	for (size_t i = 0; i < 4; i++) {
		input.date_of_birth = too_old[i];
		cr_expect_str_eq(refused(NULL, &input), "birth: The date of birth is more than 120 years ago");
		input.date_of_birth = possible[i];
		cr_expect_str_empty(refused(NULL, &input), "%s", possible[i]);
	}
}

Test(party_input, a_company_has_no_control_role)
{
	struct party_input input = person();

	input.control_role = "CEO";
	cr_expect_str_empty(refused(NULL, &input));
	input.kind = PARTY_COMPANY;
	cr_expect_str_eq(refused(NULL, &input), "control_role: A company cannot have a control role; assign the "
						"role to the natural person who acts for the company");
	input = (struct party_input){ .control_role = "CEO" };
	cr_expect(strstr(refused(&built.parties[1], &input), "A company cannot have a control role"));
	input.control_role = "";
	cr_expect_str_empty(refused(&built.parties[1], &input));
}

Test(party_input, companies_between_do_not_count_among_the_persons)
{
	struct party_input input = person();

	built.profile.parties.max_parties = 1;
	cr_expect(strstr(refused(NULL, &input), "allows 1 persons among the parties"));
	input.kind = PARTY_COMPANY;
	cr_expect_str_empty(refused(NULL, &input));
	built.profile.parties.max_parties = 2;
	input.kind = PARTY_INDIVIDUAL;
	cr_expect_str_empty(refused(NULL, &input), "of two parties one is a company");
}

/* OWNERSHIP_CHAIN_MAX companies, each the owner of the company before. */
static void chain(void)
{
	struct party *parties = arena_alloc_array(&built.arena, OWNERSHIP_CHAIN_MAX, sizeof *parties);
	struct party_share *shares = arena_alloc_array(&built.arena, OWNERSHIP_CHAIN_MAX, sizeof *shares);

	for (size_t i = 0; i < OWNERSHIP_CHAIN_MAX; i++) {
		party_init(&parties[i]);
		parties[i].id = arena_printf(&built.arena, "company-%zu", i);
		parties[i].name = parties[i].id;
		parties[i].kind = PARTY_COMPANY;
		shares[i] = (struct party_share){ .owned_party_id = i ? parties[i - 1].id : "", .percent = "100" };
		parties[i].shares = &shares[i];
		parties[i].share_count = 1;
	}
	built.file.parties = parties;
	built.file.party_count = OWNERSHIP_CHAIN_MAX;
}

Test(party_input, a_chain_grows_only_so_far)
{
	struct party_input input = person();

	chain();
	input.percent = "100";
	input.owned_party = "company-28";
	cr_expect_str_empty(refused(NULL, &input));
	input.owned_party = "company-29";
	cr_expect_str_eq(refused(NULL, &input),
			 "owner_of: With this share the party owns through a chain of 31 "
			 "companies; at most 30 are allowed, leave out companies that own nothing else");
}

Test(party_input, a_share_below_lifts_those_above)
{
	struct party *parties;
	struct party_input input = { .owned_party = "company-5", .percent = "100" };

	chain();
	parties = built.file.parties;
	/* Moves the last company to the other end of the chain: it owns nothing now, and the first company owns it. */
	parties[OWNERSHIP_CHAIN_MAX - 1].shares[0].owned_party_id = "";
	parties[0].shares[0].owned_party_id = parties[OWNERSHIP_CHAIN_MAX - 1].id;
	parties[OWNERSHIP_CHAIN_MAX - 1].share_count = 0;
	cr_expect_str_empty(refused(NULL, &(struct party_input){ .name = "R", .roles = 1u << ROLE_UBO }));
	cr_expect(strstr(refused(&parties[OWNERSHIP_CHAIN_MAX - 1], &input), "ownership cannot be circular"));
}

Test(party_input, no_party_beyond_the_last)
{
	struct party *parties = arena_alloc_array(&built.arena, CASE_PARTIES_MAX, sizeof *parties);
	struct party_input input = person();

	for (size_t i = 0; i < CASE_PARTIES_MAX; i++) {
		party_init(&parties[i]);
		parties[i].id = arena_printf(&built.arena, "party-%zu", i);
	}
	built.file.parties = parties;
	built.file.party_count = CASE_PARTIES_MAX - 1;
	cr_expect_str_empty(refused(NULL, &input));
	built.file.party_count = CASE_PARTIES_MAX;
	cr_expect_str_eq(refused(NULL, &input), ": The case has 251 parties; at most 250 are allowed");
}
