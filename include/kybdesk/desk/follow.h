/*
 * Following up: snoozed cases, access links, and what time alone brings about (domain.md "The approval gate";
 * webhooks.md, link.expiring).
 */
#ifndef KYBDESK_DESK_FOLLOW_H
#define KYBDESK_DESK_FOLLOW_H

#include "kybdesk/desk/desk.h"

#define SNOOZE_MAX_MS (366 * 24 * 60 * 60 * (int64_t)1000)

/* Out of the queue until then, and out of the actor's hands; back before it when what it waits for changes. reason: at
 * least ten characters. */
enum err desk_snooze(struct desk *desk, struct arena *arena, const char *reference, int64_t until,
		     const char *reason, const char **id, struct error *error) KYB_MUST_USE;
enum err desk_snooze_end(struct desk *desk, struct arena *arena, const char *reference, const char **id,
			 struct error *error) KYB_MUST_USE;

struct link_result {
	const char *id;	    /* the session's */
	const char *path;   /* absolute: PUBLIC_URL/s/TOKEN; "" when only the present link was extended */
	int64_t expires_at; /* TIME_NONE: never */
};
/* A new access link: the one before opens nothing any more. With extend_days > 0 the present link lasts longer
 * instead, and a session without one gets one. ERR_BLOCKED for a decided or expired session, and when access ran out
 * and extend_days is 0. Reminders count anew. */
enum err desk_link(struct desk *desk, struct arena *arena, const char *reference, int64_t extend_days,
		   struct link_result *out, struct error *error) KYB_MUST_USE;

/* The link that stands, as it is; the trail says who looked. ERR_NOT_FOUND when there is none. */
enum err desk_link_show(struct desk *desk, struct arena *arena, const char *reference, struct link_result *out,
			struct error *error) KYB_MUST_USE;

/* What time brings about, by the system: processing that is due (decide.h), sessions whose access ran out expire, idle clients are reminded at the
 * profile's days, and after the last reminder the case comes back to the queue as unresponsive. Each session is one
 * transaction of its own. Cheap when there is nothing; nothing at all in a store that is open for reading. */
struct tick_report {
	int64_t expired, reminded, unresponsive;
	bool more; /* it stopped early: call again */
};
enum err desk_tick(struct desk *desk, struct tick_report *out, struct error *error) KYB_MUST_USE;

#endif
