/* Inside the desk: decisions, transitions, processing. */
#ifndef KYBDESK_SRC_DESK_DECIDE_DECIDE_H
#define KYBDESK_SRC_DESK_DECIDE_DECIDE_H

#include "use/gatekeeping.h"
#include "kybdesk/domain/processing.h"

/* level.c: the change of the user's level that an approval of this session makes. */
struct level_change approval_level_change(const struct session *session, const struct profile *profile);
/* Sets use->level for the withdrawal of the present approval: to the level that the user's other approvals grant,
 * else to the level that the user arrived with, else to the workflow's first level. Call within a transaction,
 * while the session is still approved. */
enum err level_prepare_withdrawal(struct use *use, struct error *error);
/* Writes the change in use->level to the store and the case. Without a change, has no effect. */
enum err subject_level_write(struct use *use, struct error *error);
/* Finds or makes the subject of a new session, before the session's row is written. A subject without a level gets
 * the workflow's first level; the subject of an approved session gets the level of the approval. */
enum err level_init_session(struct desk *desk, struct session *session, const struct profile *profile,
			    struct error *error);

/* Raises an alert, and sets the due time of the decided session. Call within the write transaction of the change. No
 * effect if an alert of this kind is open. */
enum err alert_raise(struct desk *desk, struct session *session, const struct profile *profile, enum alert_kind kind,
		     struct error *error);
/* Raises an alert after a rejection for a restricted reason, if the user keeps another approval or a level. */
enum err raise_decision_alert(struct use *use, struct error *error);
enum err alert_withdraw(struct use *use, enum alert_kind kind, struct error *error);

/* undo.c: whether this decision set the present status of the case. */
bool decision_explains_status(const struct decision *decision, enum session_status status);
/* A new hit puts the approval of this case in doubt; cause: "hit", or "party_hit" for a hit in a party's KYC. Within
 * the grace time, and if no webhook of the approval is already on its way, the system takes the approval back: the
 * session returns to review, its level is restored, and the record "session.hold" names the reviewer. Otherwise raises
 * an alert. Updates the session and its decision in `file` and in the store; the caller settles the case. */
enum err reconsider_approval_on_hit(struct desk *desk, struct case_file *file, const struct profile *profile,
				    const char *cause, struct error *error);
/* Takes back the approval of this session, and of each case with a party that this session verifies, if the
 * approval is within its grace time and nothing was sent. The record "session.hold" contains only the word "held",
 * since everyone can read it. All other approvals stand, without an alert. Settles the cases. */
enum err approval_hold_parents(struct desk *desk, struct arena *arena, int64_t session, struct error *error);

/* decision.c: checks the whole case without a lock: status, claim, version; for an approval the whole gate. Fills
 * the evidence, and signs the decision if the store requires it. */
enum err decide_prepare(struct use *use, struct error *error);
/* Under the lock: ERR_CONFLICT if the case has changed since decide_prepare(). Fills the previous state. */
enum err decide_begin(struct use *use, struct error *error);
/* Writes session, decision, level, counters, parent case, events and the audit row. */
enum err decide_write(struct use *use, struct error *error);
/* As decide_begin(), for a transition without a decision: no change of the level, no release of the claim. */
enum err status_change_begin(struct use *use, struct error *error);
enum err status_change_write(struct use *use, struct error *error);
/* Adds a change of the level to the detail of an audit record. */
void decision_record_level(const struct use *use, struct json_value *detail);
/* Marks the contribution of the actor as immaterial, because the actor reverses a decision. No effect if `reason`,
 * the reason of that decision, is restricted. */
void decision_set_materiality(struct use *use, const char *reason);
/* Settles the case and its parents after a change of its status. */
enum err decision_refresh_case(struct use *use, struct error *error);
/* Records in the session that the actor makes the decision `final` now, with the reason of use->decision. */
void decision_set_final(struct use *use, enum final_decision final);
void decision_clear(struct session *session);
void claim_release(struct session *session); /* in memory */
/* Prepares a decision or transition by the system, without a grace time, on the case of `outer`, loaded in the open
 * write transaction. The caller has checked the gate in this context. */
void init_system_use(struct use *use, const struct use *outer, const struct gate_context *context, enum action action,
		     enum session_status to);

/* select_event.c: writes the event into the outbox, under the most specific event name that the profile defines. */
enum err announce_decision(struct use *use, struct error *error);
/* The name of the first event that announce_decision() would write for this action; "": none. profile: from
 * desk_event_profile(). */
const char *announced_event_name(const struct session *session, const struct profile *profile, enum action action,
				 bool level_changes);

/* correction_values.c: the present values that a correction covers, as JSON in the arena:
 * {"fields":{…},"documents":[…],"parties":[id …]}. */
const char *correction_values(struct arena *arena, const struct case_file *file, const struct profile *profile,
			      const struct correction *correction);
/* corrections.c: restores steps and files to their state before `request` (with its evidence; NULL: unknown) and
 * withdraws the items of that request; with `all`, withdraws every unclosed item. */
enum err corrections_withdraw(struct use *use, const struct decision *request, bool all, struct error *error);
/* Like corrections_withdraw(), but only in memory, for a view of the case before its last request of corrections.
 * Removes the items of `request`, and reads the former states from the evidence of `request`. */
void corrections_reset_items(struct case_file *file, const struct decision *request);
/* Restores a closed correction to its former state: answered, or open. */
void correction_reopen(struct correction *correction);
int64_t corrections_last_round(const struct case_file *file); /* round of the last request; 0: none */

/* process.c: function for use->run_after_commit: processes a submission or results at once, not at the next tick. Never fails. */
enum err use_process_immediately(struct use *use, struct error *error);

/* processing.c: how the system evaluates results. */
/* The sentence of the profile's rule if an address of the case is a PO box, else NULL. */
const char *case_find_po_box(struct use *use);
/* Sets processing_since and process_at, which say whether and when the system has to process the case in its
 * present status. Returns true if one of them has changed. */
bool processing_is_due(const struct desk *desk, struct arena *arena, struct case_file *file,
		       const struct profile *profile, int64_t now);

/* One session in automatic processing, within an open write transaction: the case of `use`, and the outcome of its
 * results. */
struct processing_job {
	struct use *use;
	struct processing_outcome outcome;
	struct gate_context context;	  /* gate context of the next decision or transition */
	const char *results_submitted_by; /* submitter of the results, not allowed to decide alone; "": none */
};

/* Outcome of results that were not evaluated yet. */
#define OUTCOME_UNKNOWN                                                                                                \
	(struct processing_outcome)                                                                                    \
	{                                                                                                              \
		.missing_checks = "", .reason = "", .review_reason = "", .failure_status = CHECK_PASSED                \
	}

/* Evaluates a session in processing, under the system's name. *done false: results are missing; the session is
 * evaluated again when the time that the profile allows for results is over. */
enum err processing_advance(struct processing_job *processing_job, bool *done, struct error *error);
/* Approves the case of the job, or rejects it with a reason of session.json, as the actor of
 * processing_job->context. */
enum err processing_decide(struct processing_job *processing_job, enum action action, const char *reason_code,
			   const char *message, enum choice retryable, struct error *error);
/* Detail of the audit row of an automatic step. */
struct json_value *processing_detail(const struct processing_job *processing_job);
/* Sets the time of the next evaluation; TIME_NONE: none. */
enum err processing_reschedule(struct processing_job *processing_job, int64_t at, struct error *error);

#endif
