/* The events that a merchant may see of its own, for reading and for a replay. */
#ifndef KYBDESK_SRC_DESK_USE_OWN_EVENTS_H
#define KYBDESK_SRC_DESK_USE_OWN_EVENTS_H

#include "kybdesk/domain/event.h"
#include "use/use.h"

/* The caller's own event. ERR_NOT_FOUND: with one sentence for what never existed, is not visible yet, was taken back,
 * or is another merchant's. */
enum err own_event_find(struct desk *desk, struct arena *arena, const char *id, struct event_item *out,
			struct error *error) KYB_MUST_USE;

#endif
