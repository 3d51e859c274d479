/* Legal holds, and the facts that the retention of a case depends on (domain/retention.h). Join the open transaction. */
#ifndef KYBDESK_STORE_RETENTION_H
#define KYBDESK_STORE_RETENTION_H

#include "kybdesk/domain/retention.h"
#include "kybdesk/store/store.h"

/* Reads reason, set_by, set_at. ERR_CONFLICT: one is in force. */
enum err store_legal_hold_set(struct store *store, int64_t session, struct legal_hold *hold,
			      struct error *error) KYB_MUST_USE;
/* Writes released_at, released_by, release_reason of the one in force. ERR_NOT_FOUND: none is. */
enum err store_legal_hold_release(struct store *store, int64_t session, struct legal_hold *hold,
				  struct error *error) KYB_MUST_USE;
/* Of a session all, oldest first; 0: every one in force. */
enum err store_legal_hold_list(struct store *store, struct arena *arena, int64_t session,
			       struct legal_hold_list *out, struct error *error) KYB_MUST_USE;

/* Of one session. */
struct retention_facts {
	bool held;		     /* a legal hold is in force */
	bool sanctions;		     /* a confirmed or accepted sanctions hit */
	bool suspected;		     /* a suspicion is open */
	int64_t suspicion_closed_at; /* the last one; TIME_NONE: none was closed */
};
enum err store_retention_facts(struct store *store, int64_t session, struct retention_facts *out,
			       struct error *error) KYB_MUST_USE;

#endif
