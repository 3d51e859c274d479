/* The evidence of a decision, and the first of two approvals, which counts while the evidence stays the same. */
#ifndef KYBDESK_SRC_DESK_USE_FIRST_H
#define KYBDESK_SRC_DESK_USE_FIRST_H

#include "use/gatekeeping.h"

struct evidence {
	const char *json, *sha256;
};
/* Makes the evidence of a decision; the ownership of the case must be computed. `first`: the first approval that this
 * decision confirms; NULL none. */
void evidence_take(const struct desk *desk, struct arena *arena, const struct case_file *file,
		   const struct gate_context *context, const struct first_approval *first, struct evidence *out);
/* Sets context->first; first->changed is the reason if it no longer counts. Reads the case again from the store, so
 * that changes in memory (masks) have no effect. Within a transaction. */
enum err first_approval_find(struct desk *desk, struct arena *arena, const struct case_file *file,
			     struct gate_context *context, struct error *error) KYB_MUST_USE;
/* Sets first->supervised, and first->changed if its author may no longer approve. Within a transaction. */
enum err first_approval_author(struct desk *desk, struct arena *arena, int64_t session,
			       struct first_approval *first, struct error *error) KYB_MUST_USE;

/* recorded.c: ERR_STORE unless the decision's evidence matches its hashes in the decision and in the audit log.
 * Within the caller's read transaction. */
enum err decision_check_recorded(struct desk *desk, struct arena *arena, const struct session *session,
				 const struct decision *decision, struct error *error) KYB_MUST_USE;

#endif
