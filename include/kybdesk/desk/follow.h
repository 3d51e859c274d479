/*
 * The system's work that becomes due only by time: expiry, reminders, processing (docs/webhooks.md, link.expiring).
 * desk_maintain() and commands with COMMAND_RUNS_DUE call desk_tick(); a failed step is retried by the next call.
 */
#ifndef KYBDESK_DESK_FOLLOW_H
#define KYBDESK_DESK_FOLLOW_H

#include "kybdesk/desk/use.h"

#define EXTEND_DAYS_MAX 366 /* longest total extension, by any actor */
#define SNOOZE_MAX_MS (366 * 24 * 60 * 60 * (int64_t)1000)

/* Runs the system's due work: processing (decide.h), expiry of sessions, reminders to idle clients on the
 * profile's days; after the last reminder the case returns to the queue as unresponsive. One transaction per
 * session. Cheap if nothing is due; does nothing in a read-only store. */
struct tick_report {
	int64_t expired, reminded, unresponsive;
	bool more; /* stopped early: call again */
};
enum err desk_tick(struct desk *desk, struct tick_report *out, struct error *error) KYB_MUST_USE;

#endif
