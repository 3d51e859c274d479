/* The checks before every change of a case: role, gate, grace time, and the facts of the gate from the store. */
#ifndef KYBDESK_SRC_DESK_USE_GATEKEEPING_H
#define KYBDESK_SRC_DESK_USE_GATEKEEPING_H

#include "use/use.h"

struct gate_context desk_gate_context(const struct desk *desk, const struct case_file *file,
				      const struct profile *profile, int64_t seen_version);
/* Within a write transaction of a production store: ERR_STORE if a row of the session or the subject was changed
 * outside the desk since it was committed (store/commitment.h); both 0: a row of the desk itself. desk_case_load()
 * calls it. */
enum err desk_rows_check(const struct desk *desk, int64_t session, int64_t subject,
			 struct error *error) KYB_MUST_USE;
/* The worst state of the document's sides; BYTES_WHOLE if it has no bytes. */
enum err document_bytes_state(struct desk *desk, const struct document *document, enum bytes_state *out,
			      struct error *error) KYB_MUST_USE;
/* Fills context->bytes with the state of each document. */
enum err desk_gate_bytes(struct desk *desk, struct arena *arena, const struct case_file *file,
			 struct gate_context *context, struct error *error) KYB_MUST_USE;
/* The possible duplicates of a session that the actor may see. Call within a transaction. */
enum err desk_duplicates_shown(struct desk *desk, struct arena *arena, int64_t session, struct duplicates *out,
			       struct error *error) KYB_MUST_USE;
/* Whether the case is shown as "held" to everyone except leads: because of a duplicate that only leads may see,
 * or of a suspicion. Call within a transaction. */
enum err desk_is_held(struct desk *desk, struct arena *arena, const struct case_file *file, bool *held,
		      struct error *error) KYB_MUST_USE;
/* Loads what the gate needs besides the case: duplicates, suspicions, and the first of two approvals. Within a
 * transaction. */
enum err desk_gate_facts(struct desk *desk, struct arena *arena, const struct case_file *file,
			 struct gate_context *context, struct error *error) KYB_MUST_USE;
/* As desk_gate_facts(), without the first approval. */
enum err desk_gate_related(struct desk *desk, struct arena *arena, const struct case_file *file,
			   struct gate_context *context, struct error *error) KYB_MUST_USE;
/* The blockers that name a person: holder of the claim, author of changes since seen_version. Within a transaction. */
enum err desk_gate_conflicts(const struct use *use, const struct gate_context *context, struct blockers *out,
			     struct error *error) KYB_MUST_USE;
/* Evaluates the gate for use->action in use->context. `whole` for an approval: the whole gate; else status, claim and
 * version. Names the author of a change in between. Within a transaction. */
enum err desk_gate(const struct use *use, bool whole, struct blockers *out, struct error *error) KYB_MUST_USE;
/* ERR_FORBIDDEN if the role may not do use->action from this status. Sets use->to: the new status, or the present one
 * if the action is not allowed. */
enum err action_permit(struct use *use, struct error *error) KYB_MUST_USE;
const struct decision *case_last_decision(const struct case_file *file); /* no undo, not undone; NULL: none */
/* The first of two approvals, if nothing was decided or undone since; it may be out of date. NULL: none. */
const struct decision *case_first_approval(const struct case_file *file);
const struct decision *case_last_approval(const struct case_file *file);
/* Whether a person undid the last decision or reopened the case, and the case was neither approved nor rejected
 * since: then the sandbox simulates no outcome. */
bool case_is_manual(const struct case_file *file);
/* Whether the decision's grace time still runs. False if more time is left than the longest grace time (the clock was
 * set back). */
bool decision_is_held(const struct decision *decision, int64_t now);
enum err grace_find(const struct desk *desk, const struct use_in *in, int64_t *grace_ms,
		    struct error *error) KYB_MUST_USE;

/* first.c: the evidence of a decision, and the first of two approvals, which counts while the evidence stays the same. */
struct evidence {
	const char *json, *sha256;
};
/* Makes the evidence of a decision; the ownership of the case must be computed. `first`: the first approval that this
 * decision confirms; NULL none. */
void evidence_make(const struct desk *desk, struct arena *arena, const struct case_file *file,
		   const struct gate_context *context, const struct first_approval *first, struct evidence *out);
/* Sets context->first; first->changed is the reason if it no longer counts. Reads the case again from the store, so
 * that changes in memory (masks) have no effect. Within a transaction. */
enum err first_approval_find(struct desk *desk, struct arena *arena, const struct case_file *file,
			     struct gate_context *context, struct error *error) KYB_MUST_USE;
/* Sets first->supervised, and first->changed if its author may no longer approve. Within a transaction. */
enum err first_approval_author(struct desk *desk, struct arena *arena, int64_t session,
			       struct first_approval *first, struct error *error) KYB_MUST_USE;
/* ERR_STORE unless the decision's evidence matches its hashes in the decision and in the audit log.
 * Within the caller's read transaction. */
enum err decision_check_recorded(struct desk *desk, struct arena *arena, const struct session *session,
				 const struct decision *decision, struct error *error) KYB_MUST_USE;

#endif
