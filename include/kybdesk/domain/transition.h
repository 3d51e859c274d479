/* The transition table: from, action, role, to. A transition that is not in the table is refused with a sentence.
 * Pure. */
#ifndef KYBDESK_DOMAIN_TRANSITION_H
#define KYBDESK_DOMAIN_TRANSITION_H

#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

#define ACTION_WORDS(X)                                                                                                \
	X(ACTION_START, "start")                                                                                       \
	X(ACTION_COMPLETE, "complete")                                                                                 \
	X(ACTION_SUBMIT, "submit")                                                                                     \
	X(ACTION_PROCESS, "process")                                                                                   \
	X(ACTION_FINISH_PROCESSING, "finish_processing")                                                               \
	X(ACTION_FAIL_PROCESSING, "fail_processing")                                                                   \
	X(ACTION_EXPIRE, "expire")                                                                                     \
	X(ACTION_REACTIVATE, "reactivate")                                                                             \
	X(ACTION_ESCALATE, "escalate")                                                                                 \
	X(ACTION_APPROVE, "approve")                                                                                   \
	X(ACTION_REJECT, "reject")                                                                                     \
	X(ACTION_REQUEST_CORRECTIONS, "request_corrections")                                                           \
	X(ACTION_WITHDRAW_CORRECTIONS, "withdraw_corrections")                                                         \
	X(ACTION_RESOLVE_CORRECTIONS, "resolve_corrections")                                                           \
	X(ACTION_RESUBMIT, "resubmit")                                                                                 \
	X(ACTION_UNDO, "undo")                                                                                         \
	X(ACTION_REOPEN, "reopen")
#define ACTION_COUNT WORDS_COUNT(ACTION_WORDS)
WORDS_DECLARE(action, ACTION_WORDS);
const char *action_verb(enum action action); /* the verb for sentences, such as "request corrections" */

struct transition_context {
	const struct profile *profile;	   /* NULL: treated as a profile with manual review */
	bool sandbox;			   /* allows approve and reject also from draft and active */
	bool retryable;			   /* whether the last rejection is retryable, for resubmit */
	enum session_status status_before; /* the status to which undo and reactivate return */
	enum final_decision outcome;	   /* finish_processing: the final decision */
	bool is_gate_clear;		   /* finish_processing: the gate has no blocker */
	bool has_open_hits;		   /* finish_processing: a hit is open */
	bool can_retry_checks;		   /* finish_processing, no outcome: the client may rerun failed checks */
};

enum transition_refusal { TRANSITION_ALLOWED, TRANSITION_WRONG_STATUS, TRANSITION_WRONG_ROLE };

/* Whether `role` may perform `action` in the status `from`. *to is the new status, unchanged if refused.
 * request_corrections from approved or rejected needs a lead. */
enum transition_refusal transition_find(enum session_status from, enum action action, enum role role,
					const struct transition_context *context, enum session_status *to);
/* A refusal as a sentence, in the arena, such as "The case is rejected; a lead can reopen it first". */
const char *transition_sentence(struct arena *arena, enum session_status from, enum action action, enum role role,
				enum transition_refusal refusal);
/* Whether transitions of the client and the system alone lead from one status to another; for imports of existing
 * sessions. An import cannot decide a case: false if `to` is approved or rejected. If `from` is rejected, the
 * import is a resubmission, and the caller must check that the rejection was retryable. */
bool transition_import_is_allowed(enum session_status from, enum session_status to, const struct profile *profile);
/* All rows, for docs and the exhaustive test; a row without `to` ends the array. */
extern const struct transition_row {
	enum session_status from;
	enum action action;
	unsigned roles; /* bits of enum role */
	const char *to; /* a status, or the name of the rule that selects the status */
} transition_rows[];

#endif
