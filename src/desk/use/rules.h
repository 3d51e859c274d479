/* The rules that apply: profiles of sessions, reasons. */
#ifndef KYBDESK_SRC_DESK_USE_RULES_H
#define KYBDESK_SRC_DESK_USE_RULES_H

#include "desk_private.h"
#include "kybdesk/domain/session.h"

/* The stored profile of a session, or the present one of that name. ERR_NOT_FOUND. */
enum err desk_session_profile(struct desk *desk, const struct session *session, const struct profile **out,
			      struct error *error) KYB_MUST_USE;
/* For looking: an unknown workflow gives one without rules, since what is stored can always be shown. */
const struct profile *desk_session_profile_or_bare(struct desk *desk, const struct session *session);
/* Stores the present text of a profile for a session that is created with it: *row for session->workflow_row. Within
 * the open write transaction. */
enum err desk_profile_store(struct desk *desk, const char *name, const struct profile **out, int64_t *row,
			    struct error *error) KYB_MUST_USE;
enum err reasons_load(struct arena *arena, const struct world *world, struct reasons *out,
		      struct error *error) KYB_MUST_USE;

#endif
