/* Inside the desk: how long cases are kept (domain/retention.h). Call these functions within a transaction. */
#ifndef KYBDESK_SRC_DESK_KEEP_KEEP_H
#define KYBDESK_SRC_DESK_KEEP_KEEP_H

#include "use/use.h"
#include "kybdesk/desk/retention.h"

#define RETENTION_DEFAULT_MS (1826 * DAY_MS) /* retention of a workflow that is unknown or sets none: five years */

/* All cases of one user, which are kept and purged together: its top sessions with their subsessions. */
struct retention_unit {
	int64_t subject;
	int64_t *sessions; /* a case precedes its subsessions */
	size_t count, capacity;
	struct retention retention; /* visible to every reviewer */
	bool has_bad_news;	    /* in production, a hit or result that nobody judged */
	bool has_suspicion;	    /* a suspicion is open, or was closed within the retention time; confidential */
};
/* Loads the unit that contains this session. */
enum err retention_unit_load(struct desk *desk, struct arena *arena, int64_t session, struct retention_unit *out,
			     struct error *error);

/* Lists, in order, the users with a retention that ends before plan->before. Fills `plan` except
 * unfinished_user_count. shared: every reviewer may see the count, so users kept only by a confidential suspicion
 * also count as due. */
enum err plan_purge(struct desk *desk, struct arena *arena, size_t due_max, bool shared, struct purge_plan *plan,
		    struct error *error);
/* Sets *out to `before`, or to the start of today if `before` is not set. ERR_INVALID if `before` is in the future. */
enum err purge_find_cutoff(struct desk *desk, int64_t before, int64_t *out, struct error *error);

#endif
