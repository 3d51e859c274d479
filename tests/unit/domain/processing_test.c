#include <criterion/criterion.h>

#include "kybdesk/domain/processing.h"
#include "support/leak.h"

static struct arena arena;
static struct check checks[3];
static struct hit hit;
static struct case_file file;
static struct profile profile;
static struct processing_input input;
static struct processing_outcome outcome;

/* Three checks that have passed, of which the profile needs the first two. */
static void set_up(void)
{
	static const enum check_kind kinds[] = { CHECK_OFAC, CHECK_BUREAU, CHECK_WEB };

	case_file_init(&file);
	for (size_t i = 0; i < 3; i++) {
		check_init(&checks[i]);
		checks[i].kind = kinds[i];
		checks[i].status = CHECK_PASSED;
	}
	file.checks = checks;
	file.check_count = 3;
	hit_init(&hit);
	profile = (struct profile){ .checks = { .required_kind_bits = 1u << CHECK_OFAC | 1u << CHECK_BUREAU },
				    .foreign = { .reason = "Foreign Beneficial Owner" } };
	input = (struct processing_input){ .file = &file, .profile = &profile };
}
static void tear_down(void)
{
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(processing, .init = set_up, .fini = tear_down);

static const struct processing_outcome *evaluate(void)
{
	processing_evaluate(&arena, &input, &outcome);
	return &outcome;
}

static void expect_decision(enum final_decision decision)
{
	cr_expect(evaluate()->done);
	cr_expect_eq(outcome.decision, decision, "%s instead of %s", final_decision_text(outcome.decision),
		     final_decision_text(decision));
}

Test(processing, every_required_check_passed_approves)
{
	expect_decision(FINAL_APPROVED);
}

Test(processing, without_required_checks_nobody_has_said_yes)
{
	profile.checks.required_kind_bits = 0;
	expect_decision(FINAL_NONE);
	cr_expect_not(outcome.can_retry_checks);
}

Test(processing, nothing_at_all_is_waited_for)
{
	profile.checks.required_kind_bits = 0;
	file.check_count = 0;
	cr_expect_not(evaluate()->done);
	cr_expect_str_eq(outcome.missing_checks, "");
	input.has_results = true;
	expect_decision(FINAL_NONE);
}

Test(processing, what_is_pending_or_missing_is_waited_for_by_name)
{
	checks[2].status = CHECK_PENDING;
	profile.checks.required_kind_bits |= 1u << CHECK_EMAIL;
	cr_expect_not(evaluate()->done);
	cr_expect_str_eq(outcome.missing_checks, "web, email");
}

Test(processing, the_providers_decision_counts_whatever_is_still_to_come)
{
	static const enum final_decision decisions[] = { FINAL_APPROVED, FINAL_FLAGGED, FINAL_MANUAL_REVIEW };

	checks[0].status = CHECK_PENDING;
	for (size_t i = 0; i < 3; i++) {
		input.results_decision = decisions[i];
		expect_decision(decisions[i]);
	}
}

Test(processing, a_required_check_that_failed_rejects)
{
	checks[1].status = CHECK_FAILED;
	expect_decision(FINAL_REJECTED);
	cr_expect_str_eq(outcome.reason, "data_mismatch");
}

Test(processing, a_failed_screening_is_not_named)
{
	checks[0].status = CHECK_FAILED;
	expect_decision(FINAL_REJECTED);
	cr_expect_str_eq(outcome.reason, "other");
}

Test(processing, a_check_that_the_profile_does_not_need_never_rejects)
{
	checks[2].status = CHECK_FAILED;
	expect_decision(FINAL_MANUAL_REVIEW);
}

Test(processing, a_foreign_one_is_reviewed_instead_of_failing)
{
	input.foreign = true;
	checks[1].status = CHECK_FAILED;
	expect_decision(FINAL_MANUAL_REVIEW);
	cr_expect_str_eq(outcome.review_reason, "Foreign Beneficial Owner");
	input.results_decision = FINAL_REJECTED;
	expect_decision(FINAL_MANUAL_REVIEW);
	cr_expect_str_eq(outcome.review_reason, "Foreign Beneficial Owner");
	checks[1].status = CHECK_PASSED;
	input.results_decision = FINAL_NONE;
	expect_decision(FINAL_APPROVED);
	cr_expect_str_eq(outcome.review_reason, "");
}

Test(processing, a_po_box_fails_whatever_the_checks_say)
{
	input.has_po_box = true;
	expect_decision(FINAL_REJECTED);
	cr_expect_str_eq(outcome.reason, "data_mismatch");
}

Test(processing, a_hit_goes_to_a_person)
{
	checks[0].status = CHECK_HIT;
	expect_decision(FINAL_MANUAL_REVIEW);
	checks[1].status = CHECK_FAILED;
	expect_decision(FINAL_MANUAL_REVIEW);
}

Test(processing, open_hits_are_told_to_the_transition)
{
	checks[0].hits = &hit;
	checks[0].hit_count = 1;
	hit.state = HIT_OPEN;
	input.results_decision = FINAL_REJECTED;
	expect_decision(FINAL_REJECTED);
	cr_expect(outcome.has_open_hits);
	hit.state = HIT_FALSE_POSITIVE;
	cr_expect_not(evaluate()->has_open_hits);
}

Test(processing, an_error_is_retried_where_the_profile_lets_the_client)
{
	checks[1].status = CHECK_TIMEOUT;
	expect_decision(FINAL_MANUAL_REVIEW);
	profile.attempts.retry_checks = true;
	expect_decision(FINAL_NONE);
	cr_expect(outcome.can_retry_checks);
	cr_expect_eq(outcome.failure_status, CHECK_TIMEOUT);
	checks[0].status = CHECK_ERROR;
	cr_expect_eq(evaluate()->failure_status, CHECK_ERROR, "an error is worse than a time-out");
}

Test(processing, a_waiver_stands_for_a_result)
{
	checks[1].status = CHECK_WAIVED;
	expect_decision(FINAL_APPROVED);
}
