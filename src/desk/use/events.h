/* Writes events into the outbox. No effect if the profile has no name for the event. */
#ifndef KYBDESK_SRC_DESK_USE_EVENTS_H
#define KYBDESK_SRC_DESK_USE_EVENTS_H

#include "use/use.h"

struct event_input {
	/* What is particular to this event. desk_event_write() sets the name, the time, and what is known of the session. */
	struct event event;
	const char *link_mark; /* for the placeholders in the documents' links; NULL: none */
	int64_t order_row;     /* 0: without an order */
	int64_t decision_row;  /* 0: without a decision */
	int64_t due_at;
	bool reported; /* adds to out->deliveries and, for the first event, sets out->event */
};
/* The profile with the event names of this session: a subsession has its own name for a changed status,
 * and the names of the parent's workflow for sessions of parties (seed ralio-sandbox, "KYC / KYB"). Within a
 * transaction; returns profile itself for a session without parent. */
enum err desk_event_profile(const struct use *use, const struct session *session, const struct profile *profile,
			    const struct profile **out, struct error *error) KYB_MUST_USE;
enum err desk_event_write(struct use *use, const struct session *session, const struct profile *profile,
			  const struct event_input *input, struct error *error) KYB_MUST_USE;

/* The present attempt at the profile's level, with the decision; NULL if the profile names none. */
const struct event_attempt *event_attempt_of(const struct use *use);

#endif
