/*
 * Due = submitted + the profile's review hours, stopped while the client is
 * asked or the case waits (domain.md). Pure arithmetic on a session.
 */
#ifndef KYBDESK_DOMAIN_DUE_H
#define KYBDESK_DOMAIN_DUE_H

#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

void due_start(struct session *session,
	       const struct profile *profile); /* from submitted_at; keeps an existing due_at */
void due_pause(struct session *session, int64_t now);
void due_resume(struct session *session, int64_t now);
/* Overdue, as the screen and due:over mean it: undecided, submitted, not paused, past due. */
bool due_is_over(enum session_status status, int64_t due_at, bool paused, int64_t now);
#define CLAIM_IDLE_MS (30 * 60 * 1000)
/* Who holds the session now: "" when the claim ran out or the clock jumped back past it. */
const char *session_holder(const struct session *session, int64_t now);

#endif
