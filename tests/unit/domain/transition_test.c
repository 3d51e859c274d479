#include <criterion/criterion.h>
#include <string.h>

#include "kybdesk/domain/transition.h"

/* The expected transitions, written independently of the code's table. */
#define S(name) (1u << SESSION_##name)
#define CLIENT (1u << ROLE_CLIENT)
#define SYSTEM (1u << ROLE_SYSTEM)
#define LEAD (1u << ROLE_LEAD | 1u << ROLE_ADMIN)
#define REVIEWER (LEAD | 1u << ROLE_REVIEWER)
#define SPECIAL (-1)

static const struct law {
	enum action action;
	unsigned who, from;
	int to;
	bool sandbox_only;
} laws[] = {
	{ ACTION_START, CLIENT, S(DRAFT), SESSION_ACTIVE, false },
	{ ACTION_COMPLETE, CLIENT, S(ACTIVE), SESSION_COMPLETED, false },
	{ ACTION_SUBMIT, CLIENT, S(DRAFT) | S(ACTIVE) | S(COMPLETED), SPECIAL, false },
	{ ACTION_PROCESS, SYSTEM | REVIEWER, S(COMPLETED) | S(PROCESSED) | S(MANUAL_REVIEW), SESSION_PROCESSING,
	  false },
	{ ACTION_FINISH_PROCESSING, SYSTEM, S(PROCESSING), SPECIAL, false },
	{ ACTION_FAIL_PROCESSING, SYSTEM, S(PROCESSING), SESSION_MANUAL_REVIEW, false },
	{ ACTION_EXPIRE, SYSTEM, S(DRAFT) | S(ACTIVE) | S(AWAITING_CLIENT_CORRECTION), SESSION_EXPIRED, false },
	{ ACTION_REACTIVATE, REVIEWER, S(EXPIRED), SPECIAL, false },
	{ ACTION_ESCALATE, REVIEWER, S(COMPLETED) | S(PROCESSED), SESSION_MANUAL_REVIEW, false },
	{ ACTION_APPROVE, REVIEWER, S(MANUAL_REVIEW) | S(COMPLETED) | S(PROCESSED), SESSION_APPROVED, false },
	{ ACTION_APPROVE, REVIEWER, S(DRAFT) | S(ACTIVE), SESSION_APPROVED, true },
	{ ACTION_REJECT, REVIEWER,
	  S(DRAFT) | S(ACTIVE) | S(EXPIRED) | S(MANUAL_REVIEW) | S(COMPLETED) | S(PROCESSED) |
		  S(AWAITING_CLIENT_CORRECTION),
	  SESSION_REJECTED, false },
	{ ACTION_REQUEST_CORRECTIONS, REVIEWER, S(MANUAL_REVIEW) | S(COMPLETED) | S(PROCESSED),
	  SESSION_AWAITING_CLIENT_CORRECTION, false },
	{ ACTION_REQUEST_CORRECTIONS, LEAD, S(APPROVED) | S(REJECTED), SESSION_AWAITING_CLIENT_CORRECTION, false },
	{ ACTION_WITHDRAW_CORRECTIONS, REVIEWER, S(AWAITING_CLIENT_CORRECTION), SESSION_MANUAL_REVIEW, false },
	{ ACTION_RESOLVE_CORRECTIONS, CLIENT, S(AWAITING_CLIENT_CORRECTION), SESSION_MANUAL_REVIEW, false },
	{ ACTION_RESUBMIT, CLIENT, S(REJECTED), SESSION_MANUAL_REVIEW, false },
	{ ACTION_UNDO, REVIEWER, S(APPROVED) | S(REJECTED) | S(AWAITING_CLIENT_CORRECTION), SPECIAL, false },
	{ ACTION_REOPEN, LEAD, S(APPROVED) | S(REJECTED), SESSION_MANUAL_REVIEW, false },
};

static unsigned who_ever(enum action action)
{
	unsigned who = 0;

	for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++)
		who |= laws[i].action == action ? laws[i].who : 0;
	return who;
}

static enum transition_refusal expected(enum session_status from, enum action action, enum role role, bool sandbox,
					int *to)
{
	if (!(who_ever(action) & 1u << role))
		return TRANSITION_WRONG_ROLE;
	for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
		if (laws[i].action != action || !(laws[i].from & 1u << from) || (laws[i].sandbox_only && !sandbox))
			continue;
		*to = laws[i].to;
		return laws[i].who & 1u << role ? TRANSITION_ALLOWED : TRANSITION_WRONG_ROLE;
	}
	return TRANSITION_WRONG_STATUS;
}

static void compare_everything(bool sandbox)
{
	static const struct profile reviewed = { .manual_review = true };
	const struct transition_context context = { .profile = &reviewed,
						    .sandbox = sandbox,
						    .retryable = true,
						    .status_before = SESSION_ACTIVE,
						    .outcome = FINAL_NONE };
	size_t compared = 0;

	for (int from = 0; from < SESSION_STATUS_COUNT; from++) {
		for (int action = 0; action < ACTION_COUNT; action++) {
			for (int role = ROLE_VIEWER; role <= ROLE_SANDBOX; role++) {
				enum session_status to = (enum session_status)SESSION_STATUS_COUNT;
				int law = SESSION_STATUS_COUNT;
				enum transition_refusal wanted = expected(
					(enum session_status)from, (enum action)action, (enum role)role, sandbox, &law);
				enum transition_refusal got = transition_find(
					(enum session_status)from, (enum action)action, (enum role)role, &context, &to);

				compared++;
				cr_expect_eq(got, wanted, "%s %s %s", session_status_text((enum session_status)from),
					     action_text((enum action)action), role_text((enum role)role));
				if (got != TRANSITION_ALLOWED)
					cr_expect_eq((int)to, SESSION_STATUS_COUNT, "a refusal leads nowhere");
				else if (law != SPECIAL)
					cr_expect_eq((int)to, law, "%s %s",
						     session_status_text((enum session_status)from),
						     action_text((enum action)action));
			}
		}
	}
	cr_expect_eq(compared, 10 * 17 * 7);
}

Test(transition, every_status_action_and_role_is_as_the_domain_says_in_production)
{
	compare_everything(false);
}

Test(transition, every_status_action_and_role_is_as_the_domain_says_in_a_sandbox)
{
	compare_everything(true);
}

static enum session_status lead_to(enum session_status from, enum action action, enum role role,
				   const struct transition_context *context)
{
	enum session_status to = (enum session_status)SESSION_STATUS_COUNT;

	cr_assert_eq(transition_find(from, action, role, context, &to), TRANSITION_ALLOWED);
	return to;
}

Test(transition, submit_goes_to_review_or_processing_as_the_profile_says)
{
	static const struct profile reviewed = { .manual_review = true }, automatic = { .manual_review = false };
	static const enum session_status from[] = { SESSION_DRAFT, SESSION_ACTIVE, SESSION_COMPLETED };

	for (size_t i = 0; i < 3; i++) {
		cr_expect_eq(lead_to(from[i], ACTION_SUBMIT, ROLE_CLIENT,
				     &(struct transition_context){ .profile = &reviewed }),
			     SESSION_MANUAL_REVIEW);
		cr_expect_eq(lead_to(from[i], ACTION_SUBMIT, ROLE_CLIENT,
				     &(struct transition_context){ .profile = &automatic }),
			     SESSION_PROCESSING);
		cr_expect_eq(lead_to(from[i], ACTION_SUBMIT, ROLE_CLIENT, &(struct transition_context){ 0 }),
			     SESSION_MANUAL_REVIEW);
	}
}

Test(transition, processing_ends_by_its_outcome_but_never_history_the_gate_or_an_open_hit)
{
	for (int clear = 0; clear < 2; clear++) {
		for (int hits = 0; hits < 2; hits++) {
			struct transition_context context = { .is_gate_clear = clear, .has_open_hits = hits };
			static const enum final_decision outcomes[] = { FINAL_NONE, FINAL_APPROVED, FINAL_REJECTED,
									FINAL_FLAGGED, FINAL_MANUAL_REVIEW };
			const enum session_status wanted[] = {
				SESSION_PROCESSED,
				clear ? SESSION_APPROVED : SESSION_MANUAL_REVIEW,
				hits ? SESSION_MANUAL_REVIEW : SESSION_REJECTED,
				SESSION_MANUAL_REVIEW,
				SESSION_MANUAL_REVIEW,
			};

			for (size_t i = 0; i < 5; i++) {
				context.outcome = outcomes[i];
				cr_expect_eq(
					lead_to(SESSION_PROCESSING, ACTION_FINISH_PROCESSING, ROLE_SYSTEM, &context),
					wanted[i], "%s clear %d hits %d", final_decision_text(outcomes[i]), clear,
					hits);
			}
		}
	}
}

Test(transition, undo_goes_back_to_any_status_that_stood_before)
{
	for (int before = 0; before < SESSION_STATUS_COUNT; before++)
		cr_expect_eq(lead_to(SESSION_APPROVED, ACTION_UNDO, ROLE_REVIEWER,
				     &(struct transition_context){ .status_before = (enum session_status)before }),
			     (enum session_status)before);
}

Test(transition, reactivate_goes_back_only_to_what_can_expire)
{
	const unsigned expires = S(DRAFT) | S(ACTIVE) | S(AWAITING_CLIENT_CORRECTION);

	for (int before = 0; before < SESSION_STATUS_COUNT; before++) {
		const struct transition_context context = { .status_before = (enum session_status)before };
		enum session_status to = SESSION_EXPIRED;

		cr_expect_eq(transition_find(SESSION_EXPIRED, ACTION_REACTIVATE, ROLE_REVIEWER, &context, &to),
			     expires & 1u << before ? TRANSITION_ALLOWED : TRANSITION_WRONG_STATUS);
		cr_expect_eq((int)to, expires & 1u << before ? before : SESSION_EXPIRED);
	}
}

Test(transition, a_final_rejection_is_not_submitted_again)
{
	const struct transition_context context = { .retryable = false };
	enum session_status to;

	cr_expect_eq(transition_find(SESSION_REJECTED, ACTION_RESUBMIT, ROLE_CLIENT, &context, &to),
		     TRANSITION_WRONG_STATUS);
}

Test(transition, every_refusal_has_a_sentence_of_its_own_status_or_role)
{
	struct arena arena = ARENA_INIT;

	for (int from = 0; from < SESSION_STATUS_COUNT; from++) {
		for (int action = 0; action < ACTION_COUNT; action++) {
			const char *status = transition_sentence(&arena, (enum session_status)from, (enum action)action,
								 ROLE_LEAD, TRANSITION_WRONG_STATUS);
			const char *role = transition_sentence(&arena, (enum session_status)from, (enum action)action,
							       ROLE_VIEWER, TRANSITION_WRONG_ROLE);

			cr_expect(strstr(status, session_status_title((enum session_status)from)), "%s", status);
			cr_expect(strstr(status, "; "), "a next step follows: %s", status);
			cr_expect(strstr(role, "viewer") && strstr(role, "ask a"), "%s", role);
			cr_expect(!strstr(role, "ask a admin"), "%s", role);
		}
	}
	arena_release(&arena);
}

Test(transition, the_sentence_names_the_next_step)
{
	struct arena arena = ARENA_INIT;

	cr_expect_str_eq(
		transition_sentence(&arena, SESSION_APPROVED, ACTION_APPROVE, ROLE_REVIEWER, TRANSITION_WRONG_STATUS),
		"The case is approved; a lead can reopen it first");
	cr_expect_str_eq(
		transition_sentence(&arena, SESSION_APPROVED, ACTION_REOPEN, ROLE_REVIEWER, TRANSITION_WRONG_ROLE),
		"A reviewer cannot reopen when the case is approved; ask a lead");
	cr_expect_str_eq(
		transition_sentence(&arena, SESSION_MANUAL_REVIEW, ACTION_REOPEN, ROLE_VIEWER, TRANSITION_WRONG_ROLE),
		"A viewer cannot reopen; ask a lead");
	cr_expect_str_eq(
		transition_sentence(&arena, SESSION_EXPIRED, ACTION_APPROVE, ROLE_LEAD, TRANSITION_WRONG_STATUS),
		"The case is expired; reactivate it first");
	cr_expect_str_empty(
		transition_sentence(&arena, SESSION_MANUAL_REVIEW, ACTION_APPROVE, ROLE_LEAD, TRANSITION_ALLOWED));
	arena_release(&arena);
}

/* Sets way[from][to] if client and system can move a case there in any number of steps (closure by Warshall). */
static void close_over(bool way[SESSION_STATUS_COUNT][SESSION_STATUS_COUNT], bool manual_review)
{
	for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
		if (!(laws[i].who & (CLIENT | SYSTEM)))
			continue;
		for (int from = 0; from < SESSION_STATUS_COUNT; from++) {
			if (!(laws[i].from & 1u << from))
				continue;
			if (laws[i].to != SPECIAL)
				way[from][laws[i].to] = true;
			else if (laws[i].action == ACTION_SUBMIT)
				way[from][manual_review ? SESSION_MANUAL_REVIEW : SESSION_PROCESSING] = true;
			else
				way[from][SESSION_PROCESSED] = way[from][SESSION_MANUAL_REVIEW] = true;
		}
	}
	for (int over = 0; over < SESSION_STATUS_COUNT; over++)
		for (int from = 0; from < SESSION_STATUS_COUNT; from++)
			for (int to = 0; to < SESSION_STATUS_COUNT; to++)
				way[from][to] = way[from][to] || (way[from][over] && way[over][to]);
}

Test(transition, an_import_moves_a_case_as_client_and_system_could_and_decides_nothing)
{
	for (int manual = 0; manual < 2; manual++) {
		const struct profile profile = { .manual_review = manual };
		bool way[SESSION_STATUS_COUNT][SESSION_STATUS_COUNT] = { { false } };

		close_over(way, manual);
		for (int from = 0; from < SESSION_STATUS_COUNT; from++) {
			for (int to = 0; to < SESSION_STATUS_COUNT; to++) {
				bool decides = to == SESSION_APPROVED || to == SESSION_REJECTED;

				cr_expect_eq(transition_import_is_allowed((enum session_status)from,
									  (enum session_status)to, &profile),
					     from == to || (!decides && way[from][to]), "%s to %s",
					     session_status_text((enum session_status)from),
					     session_status_text((enum session_status)to));
			}
		}
	}
}

Test(transition, an_import_never_leaves_an_approval_or_an_expiry)
{
	for (int to = 0; to < SESSION_STATUS_COUNT; to++) {
		cr_expect_eq(transition_import_is_allowed(SESSION_APPROVED, (enum session_status)to, NULL),
			     to == SESSION_APPROVED);
		cr_expect_eq(transition_import_is_allowed(SESSION_EXPIRED, (enum session_status)to, NULL),
			     to == SESSION_EXPIRED);
	}
}

Test(transition, the_rows_for_the_docs_hold_each_status_and_action_once)
{
	cr_expect(transition_rows->to);
	for (const struct transition_row *a = transition_rows; a->to; a++) {
		cr_expect_not(!*a->to);
		for (const struct transition_row *b = transition_rows; b < a; b++)
			cr_expect_not(a->from == b->from && a->action == b->action);
	}
}
