/* An outdated judgement counts for nothing, even a lead's. facts.h decides whether it is outdated. */
#include <criterion/criterion.h>

#include "case_builder.h"

static void set_up(void)
{
	builder_init(&built);
	builder_judge(&built);
}
TestSuite(gate_standing, .init = set_up, .fini = builder_tear_down);

Test(gate_standing, a_document_that_was_accepted_as_another)
{
	cr_assert(document_is_valid(&built.documents[0]));
	built.documents[0].standing.valid = false;
	cr_expect_not(document_is_valid(&built.documents[0]));
}

Test(gate_standing, a_hit_that_was_resolved_as_another)
{
	struct hit *hit = &built.hits[0];

	cr_assert_eq(hit->state, HIT_FALSE_POSITIVE);
	cr_assert(hit_is_resolved(hit));
	cr_expect_not(hit_is_blocking(hit));
	hit->standing.valid = false;
	cr_expect_not(hit_is_resolved(hit));
	cr_expect(hit_is_blocking(hit));
}

Test(gate_standing, a_match_that_was_found_or_accepted_as_another)
{
	struct hit *hit = &built.hits[0];

	hit->class_ = HIT_PEP;
	hit->state = HIT_ACCEPTED;
	hit->accepted_by = "lea";
	for (int found = 0; found < 2; found++)
		for (int accepted = 0; accepted < 2; accepted++) {
			hit->standing.valid = found;
			hit->accept_standing.valid = accepted;
			cr_expect_eq(hit_is_resolved(hit), found && accepted);
			cr_expect_eq(hit_is_blocking(hit), !(found && accepted));
		}
}

Test(gate_standing, an_open_hit_stands_for_nothing)
{
	built.hits[0].state = HIT_OPEN;
	built.hits[0].standing.valid = true;
	cr_expect_not(hit_is_resolved(&built.hits[0]));
}

Test(gate_standing, a_check_of_somebody_else)
{
	static const enum check_status good[] = { CHECK_PASSED, CHECK_HIT };

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct check *check = &built.checks[0];

		check->status = good[i];
		check->subject_standing.valid = true;
		cr_expect_not(check_is_blocking(check, &built.profile));
		check->subject_standing.valid = false;
		cr_expect(check_is_blocking(check, &built.profile));
	}
}

Test(gate_standing, a_waiver_of_something_else)
{
	struct check *check = &built.checks[1];

	check->status = CHECK_WAIVED;
	check->waived_by = "lea";
	check->waive_standing.valid = true;
	cr_expect_not(check_is_blocking(check, &built.profile));
	check->waive_standing.valid = false;
	cr_expect(check_is_blocking(check, &built.profile));
}

Test(gate_standing, a_party_that_was_verified_as_another)
{
	struct party *party = &built.parties[0];

	cr_assert(party_is_verified(party, &built.file, &built.profile));
	party->kyc_standing.valid = false;
	cr_expect_not(party_is_verified(party, &built.file, &built.profile));
	party->verified_elsewhere_by = "lea";
	party->elsewhere_standing.valid = true;
	cr_expect(party_is_verified(party, &built.file, &built.profile));
	party->elsewhere_standing.valid = false;
	cr_expect_not(party_is_verified(party, &built.file, &built.profile));
}

Test(gate_standing, no_action_goes_on_what_was_not_seen_or_what_another_holds)
{
	struct blockers found;

	built.file.session.assignee = "bo";
	built.file.session.claimed_at = BUILDER_NOW - 60000;
	for (int action = 0; action < ACTION_COUNT; action++) {
		bool changed = false, held = false;

		built.file.session.version = built.context.seen_version + 1;
		built.context.action = (enum action)action;
		gate_check(&built.arena, &built.file, &built.context, GATE_ACTION, &found);
		for (size_t i = 0; i < found.count; i++) {
			changed = changed || found.items[i].code == BLOCKER_CHANGED;
			held = held || found.items[i].code == BLOCKER_CLAIMED_BY_OTHER;
		}
		cr_expect(changed, "%s", action_verb((enum action)action));
		cr_expect(held, "%s", action_verb((enum action)action));
	}
}

/* The blocker also names the reviewer of an imported decision, of which the store has only this name and the time. */
Test(gate_standing, a_change_that_was_a_decision_says_whose)
{
	struct blockers found;

	built.file.session.version = built.context.seen_version + 1;
	built.context.last_decision_by = "";
	built.file.session.status = SESSION_REJECTED;
	built.file.session.decided_by = "bo";
	built.file.session.decided_at = built.context.now;
	gate_check(&built.arena, &built.file, &built.context, GATE_CONFLICTS, &found);
	cr_assert_eq(found.count, 1);
	cr_expect_eq(found.items[0].code, BLOCKER_CHANGED);
	cr_expect(strstr(found.items[0].message, "(bo rejected it at "), "%s", found.items[0].message);
}
