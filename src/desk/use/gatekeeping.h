/* The checks before every change of a case: role, gate, grace time, and the facts of the gate from the store. */
#ifndef KYBDESK_SRC_DESK_USE_GATEKEEPING_H
#define KYBDESK_SRC_DESK_USE_GATEKEEPING_H

#include "use/use.h"

struct gate_context desk_gate_context(const struct desk *desk, const struct case_file *file,
				      const struct profile *profile, int64_t seen_version);
/* Within a write transaction of a production store: ERR_STORE if another program changed a row of the session or
 * the subject, so that the row no longer has its recorded hash (store/commitment.h). If session and subject are 0,
 * checks the rows of the desk itself. desk_case_load() calls this function. */
enum err desk_check_row_hashes(const struct desk *desk, int64_t session, int64_t subject, struct error *error);
/* The state of the first side that is not intact; BYTES_INTACT if each side is intact or has no bytes. */
enum err document_bytes_state(struct desk *desk, const struct document *document, enum bytes_state *out,
			      struct error *error);
/* Fills context->document_bytes_states with the state of the bytes of each document. */
enum err desk_gate_find_bytes_states(struct desk *desk, struct arena *arena, const struct case_file *file,
				     struct gate_context *context, struct error *error);
/* Lists the possible duplicates of a session that the actor may see. Call within a transaction. */
enum err desk_visible_duplicates(struct desk *desk, struct arena *arena, int64_t session, struct duplicates *out,
				 struct error *error);
/* Whether everyone except leads sees the case as "held", because of a suspicion or of a duplicate that only leads
 * may see. Call within a transaction. */
enum err desk_case_has_lead_hold(struct desk *desk, struct arena *arena, const struct case_file *file, bool *held,
				 struct error *error);
/* Loads the data that the gate needs besides the case: duplicates, suspicions, and the first of two approvals.
 * Within a transaction. */
enum err desk_gate_load_facts(struct desk *desk, struct arena *arena, const struct case_file *file,
			      struct gate_context *context, struct error *error);
/* As desk_gate_load_facts(), without the first approval. */
enum err desk_gate_load_related_facts(struct desk *desk, struct arena *arena, const struct case_file *file,
				      struct gate_context *context, struct error *error);
/* Finds the blockers that name a person: the holder of the claim, and the author of changes since seen_version.
 * Within a transaction. */
enum err desk_gate_find_conflicts(const struct use *use, const struct gate_context *context, struct blockers *out,
				  struct error *error);
/* Evaluates the gate for use->action in use->context: with `whole` (an approval) all conditions, else status, claim
 * and version. Names the author of a change after the seen version. Within a transaction. */
enum err desk_find_blockers(const struct use *use, bool whole, struct blockers *out, struct error *error);
/* ERR_FORBIDDEN if the role may not do use->action in the present status. Sets use->to to the new status, or to the
 * present status if the action is not allowed. */
enum err use_check_action(struct use *use, struct error *error);
/* The last decision, without undos, undone decisions and first approvals; NULL: none. */
const struct decision *case_last_decision(const struct case_file *file);
/* The first of two approvals, if no decision or undo followed; the case may have changed since. NULL: none. */
const struct decision *case_first_approval(const struct case_file *file);
const struct decision *case_last_approval(const struct case_file *file);
/* Whether a person undid the last decision or reopened the case, without an approval or a rejection since. The
 * sandbox simulates no outcome for such a case. */
bool case_was_reopened(const struct case_file *file);
/* Whether the grace time of the decision has not ended yet. False if the rest of the time exceeds the longest
 * possible grace time, because the clock was set back. */
bool decision_is_held(const struct decision *decision, int64_t now);
enum err grace_time_find(const struct desk *desk, const struct use_in *in, int64_t *grace_ms, struct error *error);

/* first.c: the evidence of a decision. The first of two approvals counts while the evidence stays the same. */
struct evidence {
	const char *json, *sha256;
};
/* Makes the evidence of a decision, after the ownership of the case was computed. `first`: the first approval, if
 * this decision is the second; NULL: none. */
void evidence_make(const struct desk *desk, struct arena *arena, const struct case_file *file,
		   const struct gate_context *context, const struct first_approval *first, struct evidence *out);
/* Sets context->first_approval. If the first approval no longer counts, sets first->invalid_reason to the reason. Reads
 * the case again from the store, so that changes in memory (masks) have no effect. Within a transaction. */
enum err first_approval_find(struct desk *desk, struct arena *arena, const struct case_file *file,
			     struct gate_context *context, struct error *error);
/* Sets first->supervised. If the author of the first approval may no longer approve, sets first->invalid_reason to the
 * reason. Within a transaction. */
enum err first_approval_load_author(struct desk *desk, struct arena *arena, int64_t session,
				    struct first_approval *first, struct error *error);
/* ERR_STORE if the decision's evidence does not match its hash in the decision or its hash in the audit log. Within
 * the caller's read transaction. */
enum err decision_check_audit_hash(struct desk *desk, struct arena *arena, const struct session *session,
				   const struct decision *decision, struct error *error);

#endif
