/* The transitions between statuses and the roles that may make them. All other transitions are refused. */
#include "kybdesk/base/text.h"
#include "kybdesk/domain/transition.h"

#define BIT(role) (1u << (role))
#define REVIEWER_ROLES (BIT(ROLE_REVIEWER) | BIT(ROLE_LEAD) | BIT(ROLE_ADMIN))
#define LEAD_ROLES (BIT(ROLE_LEAD) | BIT(ROLE_ADMIN))
#define CLIENT_ROLE BIT(ROLE_CLIENT)
#define SYSTEM_ROLE BIT(ROLE_SYSTEM)

static const char to_submitted[] = "manual_review if the profile has manual review, otherwise processing";
static const char to_outcome[] = "with final_decision: approved if the gate has no blocker, rejected if no hit is "
				 "open, otherwise manual_review; without final_decision: completed if checks "
				 "can run again, otherwise processed";
static const char to_expired_from[] = "the status before the expiry";
static const char to_before[] = "the status before the decision";
static const char to_sandbox[] = "approved (in a sandbox store only)";

const struct transition_row transition_rows[] = {
	{ SESSION_DRAFT, ACTION_START, CLIENT_ROLE, "active" },
	{ SESSION_ACTIVE, ACTION_COMPLETE, CLIENT_ROLE, "completed" },
	{ SESSION_DRAFT, ACTION_SUBMIT, CLIENT_ROLE, to_submitted },
	{ SESSION_ACTIVE, ACTION_SUBMIT, CLIENT_ROLE, to_submitted },
	{ SESSION_COMPLETED, ACTION_SUBMIT, CLIENT_ROLE, to_submitted },
	{ SESSION_COMPLETED, ACTION_PROCESS, SYSTEM_ROLE | REVIEWER_ROLES, "processing" },
	{ SESSION_PROCESSED, ACTION_PROCESS, SYSTEM_ROLE | REVIEWER_ROLES, "processing" },
	{ SESSION_MANUAL_REVIEW, ACTION_PROCESS, SYSTEM_ROLE | REVIEWER_ROLES, "processing" },
	{ SESSION_PROCESSING, ACTION_FINISH_PROCESSING, SYSTEM_ROLE, to_outcome },
	{ SESSION_PROCESSING, ACTION_FAIL_PROCESSING, SYSTEM_ROLE, "manual_review" },
	{ SESSION_DRAFT, ACTION_EXPIRE, SYSTEM_ROLE, "expired" },
	{ SESSION_ACTIVE, ACTION_EXPIRE, SYSTEM_ROLE, "expired" },
	{ SESSION_AWAITING_CLIENT_CORRECTION, ACTION_EXPIRE, SYSTEM_ROLE, "expired" },
	{ SESSION_EXPIRED, ACTION_REACTIVATE, REVIEWER_ROLES, to_expired_from },
	{ SESSION_COMPLETED, ACTION_ESCALATE, REVIEWER_ROLES, "manual_review" },
	{ SESSION_PROCESSED, ACTION_ESCALATE, REVIEWER_ROLES, "manual_review" },
	{ SESSION_DRAFT, ACTION_APPROVE, REVIEWER_ROLES, to_sandbox },
	{ SESSION_ACTIVE, ACTION_APPROVE, REVIEWER_ROLES, to_sandbox },
	{ SESSION_MANUAL_REVIEW, ACTION_APPROVE, REVIEWER_ROLES, "approved" },
	{ SESSION_COMPLETED, ACTION_APPROVE, REVIEWER_ROLES, "approved" },
	{ SESSION_PROCESSED, ACTION_APPROVE, REVIEWER_ROLES, "approved" },
	{ SESSION_DRAFT, ACTION_REJECT, REVIEWER_ROLES, "rejected" },
	{ SESSION_ACTIVE, ACTION_REJECT, REVIEWER_ROLES, "rejected" },
	{ SESSION_EXPIRED, ACTION_REJECT, REVIEWER_ROLES, "rejected" },
	{ SESSION_MANUAL_REVIEW, ACTION_REJECT, REVIEWER_ROLES, "rejected" },
	{ SESSION_COMPLETED, ACTION_REJECT, REVIEWER_ROLES, "rejected" },
	{ SESSION_PROCESSED, ACTION_REJECT, REVIEWER_ROLES, "rejected" },
	{ SESSION_AWAITING_CLIENT_CORRECTION, ACTION_REJECT, REVIEWER_ROLES, "rejected" },
	{ SESSION_MANUAL_REVIEW, ACTION_REQUEST_CORRECTIONS, REVIEWER_ROLES, "awaiting_client_correction" },
	{ SESSION_COMPLETED, ACTION_REQUEST_CORRECTIONS, REVIEWER_ROLES, "awaiting_client_correction" },
	{ SESSION_PROCESSED, ACTION_REQUEST_CORRECTIONS, REVIEWER_ROLES, "awaiting_client_correction" },
	{ SESSION_APPROVED, ACTION_REQUEST_CORRECTIONS, LEAD_ROLES, "awaiting_client_correction" },
	{ SESSION_REJECTED, ACTION_REQUEST_CORRECTIONS, LEAD_ROLES, "awaiting_client_correction" },
	{ SESSION_AWAITING_CLIENT_CORRECTION, ACTION_WITHDRAW_CORRECTIONS, REVIEWER_ROLES, "manual_review" },
	{ SESSION_AWAITING_CLIENT_CORRECTION, ACTION_RESOLVE_CORRECTIONS, CLIENT_ROLE, "manual_review" },
	{ SESSION_REJECTED, ACTION_RESUBMIT, CLIENT_ROLE, "manual_review" },
	{ SESSION_APPROVED, ACTION_UNDO, REVIEWER_ROLES, to_before },
	{ SESSION_REJECTED, ACTION_UNDO, REVIEWER_ROLES, to_before },
	{ SESSION_AWAITING_CLIENT_CORRECTION, ACTION_UNDO, REVIEWER_ROLES, to_before },
	{ SESSION_APPROVED, ACTION_REOPEN, LEAD_ROLES, "manual_review" },
	{ SESSION_REJECTED, ACTION_REOPEN, LEAD_ROLES, "manual_review" },
	{ 0 },
};
#define ROW_COUNT (sizeof transition_rows / sizeof *transition_rows - 1)

const char *action_verb(enum action action)
{
	static const char *const verbs[] = {
		[ACTION_START] = "start",
		[ACTION_COMPLETE] = "complete",
		[ACTION_SUBMIT] = "submit",
		[ACTION_PROCESS] = "process",
		[ACTION_FINISH_PROCESSING] = "finish processing",
		[ACTION_FAIL_PROCESSING] = "give up processing",
		[ACTION_EXPIRE] = "expire",
		[ACTION_REACTIVATE] = "reactivate",
		[ACTION_ESCALATE] = "escalate",
		[ACTION_APPROVE] = "approve",
		[ACTION_REJECT] = "reject",
		[ACTION_REQUEST_CORRECTIONS] = "ask for corrections",
		[ACTION_WITHDRAW_CORRECTIONS] = "withdraw the corrections",
		[ACTION_RESOLVE_CORRECTIONS] = "submit corrections",
		[ACTION_RESUBMIT] = "submit again",
		[ACTION_UNDO] = "undo",
		[ACTION_REOPEN] = "reopen",
	};
	WORDS_CHECK_TABLE(verbs, ACTION_WORDS);

	return words_get(verbs, ACTION_COUNT, action, "action");
}

static const struct transition_row *find_transition(enum session_status from, enum action action)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (transition_rows[i].from == from && transition_rows[i].action == action)
			return &transition_rows[i];
	}
	return NULL;
}

/* All roles that may do the action from some status. */
static unsigned action_role_bits(enum action action)
{
	unsigned roles = 0;

	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (transition_rows[i].action == action)
			roles |= transition_rows[i].roles;
	}
	return roles;
}

/* Conditions of a row other than status and role. */
static bool condition_holds(enum session_status from, enum action action, const struct transition_context *context)
{
	if (action == ACTION_APPROVE)
		return context->sandbox || (from != SESSION_DRAFT && from != SESSION_ACTIVE);
	if (action == ACTION_RESUBMIT)
		return context->retryable;
	/* Reactivation leads only to a status that can expire, never to a decided status. */
	return action != ACTION_REACTIVATE || find_transition(context->status_before, ACTION_EXPIRE);
}

static enum session_status outcome_status(const struct transition_context *context)
{
	if (context->outcome == FINAL_NONE)
		return context->can_retry_checks ? SESSION_COMPLETED : SESSION_PROCESSED;
	if (context->outcome == FINAL_APPROVED && context->is_gate_clear)
		return SESSION_APPROVED;
	return context->outcome == FINAL_REJECTED && !context->has_open_hits ? SESSION_REJECTED : SESSION_MANUAL_REVIEW;
}

static enum session_status target_status(enum action action, const struct transition_context *context)
{
	static const enum session_status fixed[] = {
		[ACTION_START] = SESSION_ACTIVE,
		[ACTION_COMPLETE] = SESSION_COMPLETED,
		[ACTION_PROCESS] = SESSION_PROCESSING,
		[ACTION_FAIL_PROCESSING] = SESSION_MANUAL_REVIEW,
		[ACTION_EXPIRE] = SESSION_EXPIRED,
		[ACTION_ESCALATE] = SESSION_MANUAL_REVIEW,
		[ACTION_APPROVE] = SESSION_APPROVED,
		[ACTION_REJECT] = SESSION_REJECTED,
		[ACTION_REQUEST_CORRECTIONS] = SESSION_AWAITING_CLIENT_CORRECTION,
		[ACTION_WITHDRAW_CORRECTIONS] = SESSION_MANUAL_REVIEW,
		[ACTION_RESOLVE_CORRECTIONS] = SESSION_MANUAL_REVIEW,
		[ACTION_RESUBMIT] = SESSION_MANUAL_REVIEW,
		[ACTION_REOPEN] = SESSION_MANUAL_REVIEW,
	};

	if (action == ACTION_SUBMIT)
		return !context->profile || context->profile->manual_review ? SESSION_MANUAL_REVIEW
									    : SESSION_PROCESSING;
	if (action == ACTION_FINISH_PROCESSING)
		return outcome_status(context);
	return action == ACTION_REACTIVATE || action == ACTION_UNDO ? context->status_before : fixed[action];
}

enum transition_refusal transition_find(enum session_status from, enum action action, enum role role,
					const struct transition_context *context, enum session_status *to)
{
	const struct transition_row *row = find_transition(from, action);

	/* If the role can never do the action, the refusal is TRANSITION_WRONG_ROLE in every status: waiting would
	 * not help. */
	if (!(action_role_bits(action) & BIT(role)))
		return TRANSITION_WRONG_ROLE;
	if (!row || !condition_holds(from, action, context))
		return TRANSITION_WRONG_STATUS;
	if (!(row->roles & BIT(role)))
		return TRANSITION_WRONG_ROLE;
	*to = target_status(action, context);
	return TRANSITION_ALLOWED;
}

/* How to resolve a status that blocks further work on the case. */
static const char *next_step_text(enum session_status from)
{
	static const char decide[] = "approve it, reject it or ask for corrections";
	static const char *const steps[] = {
		[SESSION_DRAFT] = "the client has to start and submit it first",
		[SESSION_ACTIVE] = "the client has to submit it first",
		[SESSION_COMPLETED] = decide,
		[SESSION_PROCESSING] = "wait until processing has finished",
		[SESSION_PROCESSED] = decide,
		[SESSION_EXPIRED] = "reactivate it first",
		[SESSION_APPROVED] = "a lead can reopen it first",
		[SESSION_REJECTED] = "a lead can reopen it first",
		[SESSION_MANUAL_REVIEW] = decide,
		[SESSION_AWAITING_CLIENT_CORRECTION] = "wait for the client, or withdraw the corrections first",
	};
	WORDS_CHECK_TABLE(steps, SESSION_STATUS_WORDS);

	return words_get(steps, SESSION_STATUS_COUNT, from, "status");
}

static const char *hint(enum session_status from, enum action action)
{
	switch (action) {
	case ACTION_START:
	case ACTION_COMPLETE:
	case ACTION_SUBMIT:
		if (from == SESSION_DRAFT || from == SESSION_EXPIRED)
			return next_step_text(from);
		/* A client reads this message, so it is not next_step_text(), which names a lead. */
		if (session_status_is_decided(from))
			return from == SESSION_APPROVED ? "it needs nothing more" : "only the desk can reopen it";
		return "this action is no longer possible";
	case ACTION_PROCESS:
	case ACTION_APPROVE:
	case ACTION_REJECT:
	case ACTION_REQUEST_CORRECTIONS:
		return next_step_text(from);
	case ACTION_ESCALATE:
		return from == SESSION_MANUAL_REVIEW ? "it is already in review; decide it" : next_step_text(from);
	case ACTION_FINISH_PROCESSING:
	case ACTION_FAIL_PROCESSING:
		return "it is not being processed, start processing first";
	case ACTION_EXPIRE:
		return "only cases that wait for the client expire";
	case ACTION_REACTIVATE:
		return from == SESSION_EXPIRED ? "its status before the expiry cannot be restored, reject it"
					       : "only an expired case can be reactivated";
	case ACTION_WITHDRAW_CORRECTIONS:
	case ACTION_RESOLVE_CORRECTIONS:
		return "no corrections are requested, request them first";
	case ACTION_RESUBMIT:
		return from == SESSION_REJECTED ? "the rejection allows no further attempt, a lead can reopen it"
						: "only a rejected case can be submitted again";
	case ACTION_UNDO:
		return "no decision can be undone";
	case ACTION_REOPEN:
		return from == SESSION_EXPIRED ? "it is not decided, reactivate it instead"
					       : "it is not decided, so it is still open";
	}
	BUG("%u is not an action", (unsigned)action);
}

static const char *needed_role_text(unsigned roles)
{
	static const enum role order[] = { ROLE_VIEWER, ROLE_REVIEWER, ROLE_LEAD,   ROLE_ADMIN,
					   ROLE_CLIENT, ROLE_SYSTEM,   ROLE_SANDBOX };

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		if (roles & BIT(order[i]))
			return role_text(order[i]);
	}
	return role_text(ROLE_ADMIN);
}

const char *transition_sentence(struct arena *arena, enum session_status from, enum action action, enum role role,
				enum transition_refusal refusal)
{
	const struct transition_row *row = find_transition(from, action);
	const char *needed;

	switch (refusal) {
	case TRANSITION_ALLOWED:
		return "";
	case TRANSITION_WRONG_STATUS:
		return arena_printf(arena, "The case is %s; %s", session_status_title(from), hint(from, action));
	case TRANSITION_WRONG_ROLE:
		break;
	}
	needed = needed_role_text(row ? row->roles : action_role_bits(action));
	if (row)
		return arena_printf(arena, "%s cannot %s when the case is %s; ask %s %s", role_noun(role),
				    action_verb(action), session_status_title(from), indefinite_article(needed),
				    needed);
	return arena_printf(arena, "%s cannot %s; ask %s %s", role_noun(role), action_verb(action),
			    indefinite_article(needed), needed);
}

bool transition_import_is_allowed(enum session_status from, enum session_status to, const struct profile *profile)
{
	bool reached[SESSION_STATUS_COUNT] = { false };

	if (from == to)
		return true;
	if (session_status_is_decided(to))
		return false;
	reached[from] = true;
	/* Each useful round reaches another status, so as many rounds as statuses are enough. */
	for (size_t round = 0; round < SESSION_STATUS_COUNT; round++) {
		for (size_t i = 0; i < ROW_COUNT; i++) {
			const struct transition_context context = { .profile = profile };

			if (!reached[transition_rows[i].from] ||
			    !(transition_rows[i].roles & (CLIENT_ROLE | SYSTEM_ROLE)))
				continue;
			/* The context has no outcome of processing, because an import never makes a decision. */
			reached[target_status(transition_rows[i].action, &context)] = true;
			if (transition_rows[i].action == ACTION_FINISH_PROCESSING)
				reached[SESSION_MANUAL_REVIEW] = true;
		}
	}
	return reached[to];
}
