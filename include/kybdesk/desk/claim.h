/* Who holds a case. A claim ends by itself after 30 idle minutes (CLAIM_IDLE_MS); an assignment by a lead does not. */
#ifndef KYBDESK_DESK_CLAIM_H
#define KYBDESK_DESK_CLAIM_H

#include "kybdesk/desk/desk.h"

/* ERR_CONFLICT with claimed_by_other (who, since when) also for a lead: taking over is desk_assign to oneself. Holding it
 * already renews the claim. id (arena) is the session's full id. */
enum err desk_claim(struct desk *desk, struct arena *arena, const char *reference, const char **id,
		    struct error *error) KYB_MUST_USE;
enum err
desk_release(struct desk *desk, struct arena *arena, const char *reference, const char **id,
	     struct error *error) KYB_MUST_USE; /* by the holder or a lead; held by nobody: nothing happens */
enum err desk_assign(struct desk *desk, struct arena *arena, const char *reference, const char *reviewer,
		     const char **id, struct error *error) KYB_MUST_USE; /* lead */
/* Claims the most urgent case that nobody holds. ERR_NOT_FOUND when there is none. inboxes 0: manual_review and completed. */
enum err desk_next(struct desk *desk, struct arena *arena, struct list_query *query, const char **id,
		   struct error *error) KYB_MUST_USE;
/* The holder is still at work: renews the claim, at most once a minute, without an audit event. */
void desk_touch(struct desk *desk, const char *id);

#endif
