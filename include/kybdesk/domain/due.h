/* Due time = submission + the profile's review hours, paused while the case waits for the client, a party, a provider
 * or a second reviewer. Pure arithmetic on a session. */
#ifndef KYBDESK_DOMAIN_DUE_H
#define KYBDESK_DOMAIN_DUE_H

#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

/* Sets due_at to submitted_at + the review hours, unless due_at is set already. */
void due_set_deadline(struct session *session, const struct profile *profile);
/* Pauses the due time, or resumes it and moves it later by the length of the pause. */
void due_set_paused(struct session *session, bool paused, int64_t now);
/* Sets the time by which the alert of a decided case must be judged. */
void due_set_alert(struct session *session, const struct profile *profile, int64_t now);
/* Whether a case is overdue, as in the filter due:over: undecided or with an open alert, submitted, not paused, past
 * its due time. */
bool case_is_overdue(const struct session_item *item, int64_t now);
/* How much of the review time is left, if the due time is not paused. */
enum due_state {
	DUE_STATE_ON_TIME,
	DUE_STATE_SOON,	  /* in the last quarter of the review time */
	DUE_STATE_URGENT, /* in the last eighth of the review time */
	DUE_STATE_OVERDUE
};
/* review_ms: the review time of the workflow in force, without pauses; 0: unknown, and the result is DUE_STATE_ON_TIME
 * or DUE_STATE_OVERDUE. */
enum due_state due_state(int64_t due_at, int64_t review_ms, int64_t now);
#define CLAIM_IDLE_MS (30 * 60 * 1000)
/* Present holder of the session: "" if the claim ended, or if the clock was set back before the claim began. */
const char *session_holder(const struct session *session, int64_t now);

#endif
