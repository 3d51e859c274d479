/* What time alone brings about (domain.md "The approval gate"; webhooks.md, link.expiring). */
#ifndef KYBDESK_DESK_FOLLOW_H
#define KYBDESK_DESK_FOLLOW_H

#include "kybdesk/desk/use.h"

#define EXTEND_DAYS_MAX 366 /* a link lasts so much longer at most, whoever extends it, and by whatever front end */
#define SNOOZE_MAX_MS (366 * 24 * 60 * 60 * (int64_t)1000)

/* By the system: processing that is due (decide.h), sessions whose access ran out expire, idle clients are reminded at
 * the profile's days, and after the last reminder the case comes back to the queue as unresponsive. Each session is one
 * transaction of its own. Cheap when there is nothing; nothing at all in a store that is open for reading. */
struct tick_report {
	int64_t expired, reminded, unresponsive;
	bool more; /* it stopped early: call again */
};
enum err desk_tick(struct desk *desk, struct tick_report *out, struct error *error) KYB_MUST_USE;

#endif
