/* Undeclared ownership: gaps that could hide an owner, a lead's record of a gap, and the substitute person. */
#include <criterion/criterion.h>
#include <string.h>

#include "case_builder.h"
#include "kybdesk/domain/ownership.h"

TestSuite(gap, .init = builder_set_up, .fini = builder_tear_down);

static struct ownership_gap found(void)
{
	struct ownership_gap gap;

	ownership_gap_find(&built.arena, &built.file, &built.profile, &gap);
	return gap;
}

static const char *message(void)
{
	struct blockers blockers = builder_check(&built);

	return blockers.count ? blockers.items[0].message : "";
}

static const char *line(void)
{
	size_t count;
	struct checklist_item *items = gate_checklist(&built.arena, &built.file, &built.context, &count);

	for (size_t i = 0; i < count; i++)
		if (items[i].code == BLOCKER_OWNERSHIP_GAP)
			return items[i].message;
	return "";
}

/* Sets the percentages of p0 and of p1 (a company without owners). */
static void shares(const char *person, const char *company)
{
	built.shares[0].percent = person;
	built.shares[1].percent = company;
}

Test(gap, as_large_as_the_threshold_blocks_and_names_the_layer)
{
	shares("75", "");
	BLOCKS("ownership_gap");
	cr_expect(strstr(message(), "25 % of the ownership is not declared (25 % of Harbour Lane)"), "%s", message());
}

Test(gap, a_hair_under_the_threshold_hides_nobody)
{
	shares("75.0000000001", "");
	BLOCKS("");
}

/* What a range leaves open may be somebody else's. */
Test(gap, of_a_range_is_what_its_lowest_value_leaves)
{
	shares("75-100", "");
	BLOCKS("ownership_gap");
	cr_expect(strstr(message(), "0-25 % of the ownership is not declared (0-25 % of Harbour Lane)"), "%s",
		  message());
	shares(">75-100", "");
	BLOCKS("");
	cr_expect_str_eq(line(), "0-<25 % of the ownership is not declared, too little to hide an owner");
}

Test(gap, as_large_as_a_threshold_that_must_be_passed_hides_nobody)
{
	built.profile.parties.threshold_inclusive = false;
	shares("75", "");
	BLOCKS("");
	shares("74.9999999999", "");
	BLOCKS("ownership_gap");
}

Test(gap, a_company_without_owners_is_one_as_a_whole)
{
	shares("60", "40");
	BLOCKS("ownership_gap");
	cr_expect(strstr(message(), "100 % of Lane Holdings BV"), "%s", message());
	cr_expect_str_eq(builder_check(&built).items[0].ref, "p1");
}

Test(gap, at_a_deeper_layer_counts_by_what_it_makes_of_the_subject)
{
	struct party *owner = builder_add_party(&built, "p2", "Mara Lane");

	owner->session_id = "sub2";
	owner->session_status = SESSION_APPROVED;
	owner->shares[0] = (struct party_share){ .owned_party_id = "p1", .percent = "40" };
	owner->share_count = 1;
	shares("60", "40");
	BLOCKS(""); /* 60 % of 40 % */
	cr_expect_str_eq(found().percent, "24");
	owner->shares[0].percent = "30";
	BLOCKS("ownership_gap");
	cr_expect_str_eq(found().percent, "28");
}

Test(gap, several_too_small_alone_are_added_up_since_one_owner_may_stand_behind_them)
{
	shares("70", "15"); /* undeclared: 15 % of the subject itself, and 15 % through the company */
	cr_expect_str_eq(found().percent, "30");
	cr_expect_eq(found().layer_count, 2);
	BLOCKS("ownership_gap");
}

Test(gap, is_not_asked_about_without_a_threshold_or_of_a_person_or_while_the_shares_are_wrong)
{
	shares("10", "");
	BLOCKS("ownership_gap");
	built.profile.parties.owner_threshold_percent = "";
	BLOCKS("");
	built.profile.parties.owner_threshold_percent = "25";
	built.file.session.subject.kind = SUBJECT_INDIVIDUAL;
	BLOCKS("");
	built.file.session.subject.kind = SUBJECT_BUSINESS;
	shares("80", "30");
	BLOCKS("ownership_invalid");
}

Test(gap, explained_by_a_lead_does_not_block_and_says_who_and_why)
{
	shares("60", "");
	built.file.session.gap_reason = "listed";
	built.file.session.gap_by = "lea";
	built.file.session.gap_percent = "40";
	BLOCKS("");
	cr_expect_str_eq(line(), "40 % of the ownership is not declared: listed, recorded by lea");
}

Test(gap, that_grew_since_it_was_explained_blocks_again)
{
	built.file.session.gap_reason = "dispersed";
	built.file.session.gap_by = "lea";
	built.file.session.gap_percent = "40";
	shares("59.9", "");
	BLOCKS("ownership_gap");
	cr_expect(strstr(message(), "lea covers up to 40 %"), "%s", message());
	shares("65", "");
	BLOCKS("");
}

Test(gap, explained_by_nobody_is_not_explained)
{
	shares("60", "");
	built.file.session.gap_reason = "listed";
	built.file.session.gap_percent = "100";
	BLOCKS("ownership_gap");
}

static void spread(void)
{
	static const char *const ids[] = { "q0", "q1", "q2", "q3" };
	static const char *const names[] = { "Ana Pires", "Bo Linde", "Carl Voss", "Dora Finch" };

	built.shares[0].percent = "20";
	built.shares[1].percent = "";
	for (size_t i = 0; i < 4; i++) {
		struct party *party = builder_add_party(&built, ids[i], names[i]);

		party->session_id = ids[i];
		party->session_status = SESSION_APPROVED;
		party->shares[0] = (struct party_share){ .owned_party_id = "", .percent = "20" };
		party->share_count = 1;
	}
}

Test(gap, where_nobody_owns_enough_the_managing_official_stands_in_and_the_case_says_so)
{
	spread();
	BLOCKS("");
	cr_expect(strstr(line(), "nobody owns at least 25 %: Ines Duarte (CEO) counts"), "%s", line());
}

Test(gap, where_nobody_owns_enough_and_nobody_manages_somebody_is_missing)
{
	spread();
	built.parties[0].control_role = "";
	built.profile.parties.control_role_required = false;
	BLOCKS("ownership_gap");
	cr_expect(strstr(message(), "senior managing official"), "%s", message());
	built.profile.parties.control_role_required = true;
	BLOCKS("party_missing");
}

Test(gap, an_owner_who_was_not_declared_as_one_is_pointed_out)
{
	size_t problems;

	built.parties[0].roles = 1u << ROLE_DIRECTOR;
	ownership_compute(&built.arena, &built.file, &built.profile, &problems);
	cr_expect(built.parties[0].lacks_ubo_role);
	cr_expect_not(built.parties[1].lacks_ubo_role, "a company is not a beneficial owner");
	cr_expect(strstr(line(), "Ines Duarte owns 80 % and is not declared as a beneficial owner"), "%s", line());
	built.parties[0].roles |= 1u << ROLE_UBO;
	ownership_compute(&built.arena, &built.file, &built.profile, &problems);
	cr_expect_not(built.parties[0].lacks_ubo_role);
}

Test(gap, is_the_reviewers_work)
{
	struct case_counts counts;

	shares("60", "");
	built.parties[0].session_status = SESSION_ACTIVE;
	case_count(&built.file, &built.context, &counts);
	cr_expect_not(counts.waits_for_party);
}

TestSuite(duplicates, .init = builder_set_up, .fini = builder_tear_down);

static struct duplicate other(void)
{
	return (struct duplicate){ .id = "s9",
				   .external_ref = "RAL-9",
				   .name = "Harbour Lane",
				   .country = "",
				   .registration_number = "",
				   .tax_id = "",
				   .merchant = "",
				   .shared_parts = "",
				   .date_of_birth = "",
				   .status = SESSION_APPROVED,
				   .same_bits = SAME_REGISTRATION_NUMBER,
				   .dismissed_by = "",
				   .dismissed_reason = "" };
}

Test(duplicates, block_until_dismissed_and_again_when_more_is_the_same)
{
	struct duplicate duplicate = other();

	built.context.duplicates = &duplicate;
	built.context.duplicate_count = 1;
	BLOCKS("duplicate_open");
	cr_expect(strstr(message(), "RAL-9 (Harbour Lane, approved) has the same registration number"), "%s",
		  message());
	duplicate.dismissed_by = "rita";
	duplicate.dismissed_same_bits = SAME_REGISTRATION_NUMBER;
	duplicate.basis = "";
	BLOCKS("basis_changed");
	duplicate.basis = facts_duplicate(&built.arena, &built.file.session, &duplicate);
	BLOCKS("");
	duplicate.tax_id = "GB999";
	BLOCKS("basis_changed");
	duplicate.same_bits |= SAME_TAX_ID;
	BLOCKS("duplicate_open");
}

TestSuite(waits, .init = builder_set_up, .fini = builder_tear_down);

static bool waits_for_party(enum session_status status, bool unresponsive)
{
	struct case_counts counts;

	built.parties[0].session_status = status;
	built.parties[0].session_unresponsive = unresponsive;
	case_count(&built.file, &built.context, &counts);
	return counts.waits_for_party;
}

Test(waits, for_a_party_only_while_its_session_is_with_the_client_or_a_provider)
{
	cr_expect(waits_for_party(SESSION_DRAFT, false));
	cr_expect(waits_for_party(SESSION_ACTIVE, false));
	cr_expect(waits_for_party(SESSION_PROCESSING, false));
	cr_expect(waits_for_party(SESSION_AWAITING_CLIENT_CORRECTION, false));
	cr_expect_not(waits_for_party(SESSION_MANUAL_REVIEW, false), "that is work of this desk");
	cr_expect_not(waits_for_party(SESSION_EXPIRED, false));
	cr_expect_not(waits_for_party(SESSION_REJECTED, false));
}

Test(waits, no_longer_for_a_client_who_reacts_to_no_reminder)
{
	struct case_counts counts;

	cr_expect_not(waits_for_party(SESSION_ACTIVE, true));
	built.file.session.status = SESSION_AWAITING_CLIENT_CORRECTION;
	case_count(&built.file, &built.context, &counts);
	cr_expect(counts.waits_for_client);
	built.file.session.unresponsive = true;
	case_count(&built.file, &built.context, &counts);
	cr_expect_not(counts.waits_for_client);
}

TestSuite(stale, .init = builder_set_up, .fini = builder_tear_down);

Test(stale, a_check_without_a_time_is_as_old_as_what_was_submitted_by_actor)
{
	built.profile.checks.max_age_ms = 86400000;
	built.file.session.submitted_at = BUILDER_NOW - 86400000;
	BLOCKS("");
	built.file.session.submitted_at--;
	BLOCKS("check_stale check_stale");
}

Test(stale, a_waived_or_missing_result_cannot_be)
{
	built.profile.checks.max_age_ms = 1;
	built.profile.checks.waivable_kind_bits = 1u << CHECK_WATCHLIST | 1u << CHECK_WEB;
	for (size_t i = 0; i < 2; i++) {
		built.checks[i].checked_at = BUILDER_NOW - 5;
		built.checks[i].status = CHECK_WAIVED;
		built.checks[i].waived_by = "lea";
	}
	BLOCKS("");
}
