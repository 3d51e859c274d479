/* The decisions and transitions of reviewers, except requests for corrections and undo. */
#include "decide/decide.h"
#include "kybdesk/domain/message.h"
#include "link/link.h"

/* Records the first of two decisions with its evidence and reason; the status does not change until a colleague
 * decides. */
static enum err mark_first_decision(struct use *use, const char *word)
{
	use->decision.is_first_decision = true;
	use->audit_action = word;
	use->approval_stage = APPROVAL_FIRST;
	use->to = use->from;
	return ERR_OK;
}

/* Approves the case if the gate has no blocker; may raise the subject's level. Reads in->note, in->has_grace,
 * in->grace_s, in->seen_version. */
enum err use_approve(struct use *use, struct error *error)
{
	(void)error;
	use->decision.kind = DECISION_APPROVE;
	if (use->approval_stage == APPROVAL_FIRST)
		return mark_first_decision(use, FIRST_APPROVAL_ACTION);
	if (use->approval_stage == APPROVAL_SECOND) {
		JSON_ADD(use->detail, { "first", AS_INT(use->context.first_approval->number) },
			 { "first_by", AS_TEXT(use->context.first_approval->by) });
	}
	use->level = approval_level_change(&use->file.session, use->profile);
	decision_set_final(use, FINAL_APPROVED);
	return ERR_OK;
}

/* --- rejection: the client learns only as much of the reason as its disclosure allows --- */

/* Checks that a rejection for a restricted reason has no message to the client and is not retryable. */
static enum err check_disclosure(const struct reason *reason, const char *message, enum choice retryable,
				 struct error *error)
{
	if (reason->disclosure == DISCLOSURE_OPEN)
		return ERR_OK;
	if (*message)
		return error_invalid(error, "message",
				     "The reason %s allows no message to the client, who sees only \"%s\"; leave "
				     "the message out",
				     reason->code, reason_public_code(reason));
	if (retryable == CHOICE_YES)
		return error_invalid(error, "retryable", "A rejection for %s cannot be retryable; leave out retryable",
				     reason->code);
	return ERR_OK;
}

/* Reads in->reason, in->text (to the client), in->retryable, in->note, in->has_grace, in->grace_s, in->seen_version. */
enum err use_reject_prepare(struct use *use, struct error *error)
{
	const struct reason *reason = NULL;
	enum err err =
		reason_require(&use->desk->reasons, REASONS_SESSION, use->in->reason, use->profile->session_reasons,
			       use->profile->session_reason_count, &reason, error);

	if (!err)
		err = text_check("message", "The message to the client", use->in->text, false, error);
	if (!err)
		err = message_check_filled(use->in->text, error);
	if (!err)
		err = check_disclosure(reason, use->in->text, use->in->retryable, error);
	if (err)
		return err;
	use->decision.kind = DECISION_REJECT;
	use->decision.reason = reason->code;
	use->decision.message = use->in->text;
	use->decision.retryable =
		reason->disclosure == DISCLOSURE_OPEN &&
		(use->in->retryable == CHOICE_DEFAULT ? reason->retryable : use->in->retryable == CHOICE_YES);
	use->public_event_data.reason_code = reason_public_code(reason);
	return ERR_OK;
}

/* Checks the grounds of the reason under the lock: a match may have been confirmed since the first phase, in this
 * session or in a party's session. The client never learns of the match. */
static enum err check_grounds(struct use *use, struct error *error)
{
	struct match_list matches;
	struct grounds grounds;
	enum err err = grounds_of_rejection(use, &matches, &grounds, error);

	if (!err && matches.count && caller_is_external(use->desk) && use->desk->caller->capacity != CAPACITY_SIMULATOR)
		err = REFUSE(BLOCKER_HIT_OPEN, matches.items[0].hit, error, "Cannot reject with this key: %s",
			     match_text(use->arena, &matches.items[0]));
	if (!err)
		err = grounds_require_reason(&grounds, VERDICT_REJECT, use->decision.reason, use->decision.note, error);
	if (!err && !grounds.may_allow_retry && use->in->retryable == CHOICE_YES)
		err = error_invalid(error, "retryable", "A rejection cannot be retryable: %s; leave out retryable",
				    match_text(use->arena, &matches.items[0]));
	if (err)
		return err;
	use->decision.retryable &= grounds.may_allow_retry;
	if (grounds.preset && strcmp(grounds.preset->code, use->decision.reason))
		json_set_text(use->detail, "instead_of", grounds.preset->code);
	return ERR_OK;
}

enum err use_reject(struct use *use, struct error *error)
{
	const struct decision *first = gate_first_rejection(&use->file);
	enum err err = outgoing_check(use, "message", use->decision.message, error);

	if (!err)
		err = check_grounds(use, error);
	if (!err && reason_opens_suspicion(REASONS_SESSION, use->decision.reason))
		err = suspicion_raise(use, CAUSE_REJECTION, use->decision.reason, error);
	if (err)
		return err;
	if (use->context.supervised)
		return mark_first_decision(use, FIRST_REJECTION_ACTION);
	if (first) {
		JSON_ADD(use->detail, { "confirms", AS_INT(first->number) }, { "confirms_by", AS_TEXT(first->by) });
	}
	decision_set_final(use, FINAL_REJECTED);
	return ERR_OK;
}

/* A lead returns an approved or rejected case to review; a level that the approval had raised is lowered again. */
enum err use_reopen(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err = level_prepare_withdrawal(use, error);

	decision_set_materiality(use, session->decision_reason);
	use->decision.kind = DECISION_REOPEN;
	use->decision.reason = use->in->reason;
	decision_clear(session);
	return err;
}

/* --- transitions without a decision, so nothing can be undone --- */

enum err use_escalate(struct use *use, struct error *error)
{
	(void)error;
	due_set_deadline(&use->file.session, use->profile);
	return ERR_OK;
}

/* Reads in->days: how long the access lasts from now; 0: as long as the profile's links last. */
enum err use_reactivate(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	int64_t lifetime_ms = use->profile->link_life_ms > 0 ? use->profile->link_life_ms : LINK_LIFETIME_DEFAULT_MS;
	int64_t days = use->in->days;

	if (days < 0 || days > EXTEND_DAYS_MAX)
		return error_invalid(error, "extend", "A link can be extended by 1 to %d days, not by %lld",
				     EXTEND_DAYS_MAX, (long long)days);
	session->expires_at = use->now + (days ? days * DAY_MS : lifetime_ms);
	json_set_time(use->detail, "expires_at", session->expires_at);
	return ERR_OK;
}
