#include <criterion/criterion.h>

#include "kybdesk/domain/due.h"

#define HOUR INT64_C(3600000)
static const int64_t noon = INT64_C(1793620800000);
static const struct profile two_days = { .review_ms = 48 * HOUR };

static struct session submitted(void)
{
	struct case_file file;

	case_file_init(&file);
	file.session.submitted_at = noon;
	return file.session;
}

Test(due, is_the_submission_plus_the_hours_of_the_profile)
{
	struct session session = submitted();

	due_set_deadline(&session, &two_days);
	cr_expect_eq(session.due_at, noon + 48 * HOUR);
}

Test(due, does_not_begin_before_the_submission)
{
	struct session session = submitted();

	session.submitted_at = TIME_NONE;
	due_set_deadline(&session, &two_days);
	cr_expect_eq(session.due_at, TIME_NONE);
}

Test(due, once_begun_is_kept)
{
	struct session session = submitted();

	session.due_at = noon + HOUR;
	due_set_deadline(&session, &two_days);
	cr_expect_eq(session.due_at, noon + HOUR);
}

Test(due, stands_still_while_the_client_is_asked)
{
	struct session session = submitted();

	due_set_deadline(&session, &two_days);
	due_set_paused(&session, true, noon + 10 * HOUR);
	cr_expect_eq(session.due_paused_at, noon + 10 * HOUR);
	due_set_paused(&session, false, noon + 17 * HOUR);
	cr_expect_eq(session.due_at, noon + (48 + 7) * HOUR);
	cr_expect_eq(session.due_paused_at, TIME_NONE);
}

Test(due, a_second_pause_keeps_the_first_ones_beginning)
{
	struct session session = submitted();

	due_set_deadline(&session, &two_days);
	due_set_paused(&session, true, noon + HOUR);
	due_set_paused(&session, true, noon + 5 * HOUR);
	cr_expect_eq(session.due_paused_at, noon + HOUR);
}

Test(due, resuming_what_never_stood_changes_nothing)
{
	struct session session = submitted();

	due_set_deadline(&session, &two_days);
	due_set_paused(&session, false, noon + 30 * HOUR);
	cr_expect_eq(session.due_at, noon + 48 * HOUR);
}

Test(due, a_clock_that_went_back_takes_no_time_away)
{
	struct session session = submitted();

	due_set_deadline(&session, &two_days);
	due_set_paused(&session, true, noon + 10 * HOUR);
	due_set_paused(&session, false, noon + 9 * HOUR);
	cr_expect_eq(session.due_at, noon + 48 * HOUR);
	cr_expect_eq(session.due_paused_at, TIME_NONE);
}

Test(due, a_pause_before_the_submission_ends_without_a_due_time)
{
	struct session session = submitted();

	due_set_paused(&session, true, noon);
	due_set_paused(&session, false, noon + HOUR);
	cr_expect_eq(session.due_at, TIME_NONE);
}

Test(due, times_at_the_end_of_the_calendar_do_not_overflow)
{
	struct session session = submitted();

	session.submitted_at = INT64_MAX - 1;
	due_set_deadline(&session, &two_days);
	cr_expect_eq(session.due_at, INT64_MAX);
	due_set_paused(&session, true, -INT64_MAX);
	due_set_paused(&session, false, INT64_MAX);
	cr_expect_eq(session.due_at, INT64_MAX);
}

static bool is_over(enum session_status status, int64_t due_at, bool paused, int64_t now)
{
	return case_is_overdue(&(const struct session_item){ .status = status, .due_at = due_at, .due_paused = paused },
			       now);
}

Test(due, is_over_after_its_time_and_not_at_it)
{
	cr_expect_not(is_over(SESSION_MANUAL_REVIEW, noon, false, noon - 1));
	cr_expect_not(is_over(SESSION_MANUAL_REVIEW, noon, false, noon));
	cr_expect(is_over(SESSION_MANUAL_REVIEW, noon, false, noon + 1));
}

Test(due, is_never_over_when_decided_paused_or_not_submitted)
{
	for (int status = 0; status < SESSION_STATUS_COUNT; status++) {
		bool decided = status == SESSION_APPROVED || status == SESSION_REJECTED;

		cr_expect_eq(is_over((enum session_status)status, noon, false, noon + HOUR), !decided);
		cr_expect_not(is_over((enum session_status)status, noon, true, noon + HOUR));
		cr_expect_not(is_over((enum session_status)status, TIME_NONE, false, noon + HOUR));
	}
}

Test(due, of_a_decided_case_is_that_of_its_alert)
{
	struct session_item item = { .status = SESSION_APPROVED, .due_at = noon, .has_alert = true };
	struct session session = submitted();

	cr_expect(case_is_overdue(&item, noon + 1));
	due_set_alert(&session, &(const struct profile){ .alert_ms = 2 * HOUR }, noon);
	cr_expect_eq(session.due_at, noon + 2 * HOUR);
	cr_expect_eq(session.due_paused_at, TIME_NONE);
}

Test(holder, holds_until_the_claim_runs_out)
{
	struct session session = submitted();

	session.assignee = "ana";
	session.claimed_at = noon;
	session.claim_expires_at = noon + CLAIM_IDLE_MS;
	cr_expect_str_eq(session_holder(&session, noon), "ana");
	cr_expect_str_eq(session_holder(&session, noon + CLAIM_IDLE_MS - 1), "ana");
	cr_expect_str_empty(session_holder(&session, noon + CLAIM_IDLE_MS));
}

Test(holder, is_nobody_when_the_clock_jumped_back_history_the_claim)
{
	struct session session = submitted();

	session.assignee = "ana";
	session.claimed_at = noon;
	session.claim_expires_at = noon + CLAIM_IDLE_MS;
	cr_expect_str_empty(session_holder(&session, noon - 1));
}

Test(holder, an_assignment_does_not_end_by_itself)
{
	struct session session = submitted();

	session.assignee = "ana";
	session.claimed_at = noon;
	cr_expect_str_eq(session_holder(&session, noon + 1000 * HOUR), "ana");
}

Test(holder, is_nobody_when_nobody_claimed)
{
	struct session session = submitted();

	cr_expect_str_empty(session_holder(&session, noon));
}
