/* Legal holds, and the facts that the retention of a case depends on (domain/retention.h). All functions join the
 * open transaction. */
#ifndef KYBDESK_STORE_RETENTION_H
#define KYBDESK_STORE_RETENTION_H

#include "kybdesk/domain/retention.h"
#include "kybdesk/store/store.h"

/* set true: stores a hold with reason, set_by and set_at. ERR_CONFLICT: a hold is in force already. set false:
 * releases the hold in force with released_at, released_by and release_reason. ERR_NOT_FOUND: no hold is in force.
 * Both set hold->row. */
enum err store_legal_hold_put(struct store *store, int64_t session, struct legal_hold *hold, bool set,
			      struct error *error);
/* The legal holds of a session, oldest first; session 0: all holds in force. */
enum err store_legal_hold_list(struct store *store, struct arena *arena, int64_t session, struct legal_hold_list *out,
			       struct error *error);

/* The facts of one session. */
struct retention_facts {
	bool has_legal_hold; /* a legal hold is in force */
	bool has_sanctions_news; /* a person judged an adverse hit or result of a sanctions screening, and did not clear it */
	bool has_suspicion;	     /* a suspicion is open */
	int64_t suspicion_closed_at; /* latest closing time of a suspicion; TIME_NONE: none was closed */
};
enum err store_retention_facts_read(struct store *store, int64_t session, struct retention_facts *out,
				    struct error *error);

#endif
