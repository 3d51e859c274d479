/* Inside the desk: how long cases are kept (domain/retention.h). Within a transaction. */
#ifndef KYBDESK_SRC_DESK_KEEP_KEEP_H
#define KYBDESK_SRC_DESK_KEEP_KEEP_H

#include "use/use.h"
#include "kybdesk/domain/retention.h"

/* All cases of one user, which are kept and purged together: its top sessions with their subsessions. */
struct keep_unit {
	int64_t subject;
	int64_t *sessions; /* a case before its subsessions */
	size_t count, capacity;
	struct retention retention; /* what every reviewer may know */
	bool suspected;		    /* a suspicion is open, or was closed within the retention; confidential */
};
/* The unit of this session. */
enum err keep_load(struct desk *desk, struct arena *arena, int64_t session, struct keep_unit *out,
		   struct error *error) KYB_MUST_USE;

#endif
