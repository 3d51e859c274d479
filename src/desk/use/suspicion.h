/* Suspicions in the gate and in other verbs (domain/suspicion.h); the verbs themselves are in review/suspicion.c. */
#ifndef KYBDESK_SRC_DESK_USE_SUSPICION_H
#define KYBDESK_SRC_DESK_USE_SUSPICION_H

#include "kybdesk/domain/suspicion.h"
#include "kybdesk/store/suspicion.h"
#include "use/use.h"

/* Whether the actor may read the suspicion: a lead, or a person on its access list. Never by an API key. */
enum err suspicion_may_read(const struct desk *desk, const struct suspicion *suspicion, bool *may,
			    struct error *error) KYB_MUST_USE;
/* The suspicions that the actor may read: all suspicions of a session, with their entries; session 0: all open ones. */
enum err suspicion_list_shown(const struct desk *desk, struct arena *arena, int64_t session,
			      struct suspicion_list *out, struct error *error) KYB_MUST_USE;
/* Sets context->suspicion and context->suspicion_shown for the actor. Within a transaction. */
enum err suspicion_set_context(const struct desk *desk, struct arena *arena, int64_t session,
			       const struct suspicion_state *standing, struct gate_context *context,
			       struct error *error) KYB_MUST_USE;
/* Opens a suspicion for the system, or adds to the open one; text: the cause. The caller's settlement recounts the
 * case. */
enum err suspicion_raise(struct use *use, enum suspicion_cause cause, const char *text,
			 struct error *error) KYB_MUST_USE;
/* Whether a rejection of the case, or of a document, for this reason opens a suspicion. */
bool suspicion_follows(enum reason_set set, const char *reason);
/* Whether the session has a suspicion, open or closed: then the session is not erased. */
enum err suspicion_keeps(const struct desk *desk, int64_t session, bool *keeps, struct error *error) KYB_MUST_USE;

#endif
