/* Writes events into the outbox. No effect if the profile has no name for the event. */
#ifndef KYBDESK_SRC_DESK_USE_EVENTS_H
#define KYBDESK_SRC_DESK_USE_EVENTS_H

#include "desk_private.h"
#include "kybdesk/domain/event.h"

struct event_input {
	enum event_kind kind;
	const char *previous_level, *level; /* "" unless it changed */
	const char *reason_code;	    /* the public one; "" none */
	bool retryable, has_retryable;
	const char *const *step_ids;
	size_t step_count;
	/* as in struct event: omitted if NULL, "" or 0 */
	const char *reason_text, *error_code, *description;
	const struct event_document *documents;
	size_t document_count;
	const char *link_mark; /* for the placeholders in the documents' links; NULL: none */
	const struct event_attempt *attempt;
	const char *document_id, *document_type;
	bool document_double_sided;
	const char *account_id, *currency;
	int64_t decision_row; /* 0: without a decision */
	int64_t due_at;
};
/* event_names.c: the profile with the event names of this session: a subsession has its own name for a changed status,
 * and the names of the parent's workflow for sessions of parties (seed ralio-sandbox, "KYC / KYB"). Within a
 * transaction; returns profile itself for a session without parent. */
enum err desk_event_profile(struct desk *desk, struct arena *arena, const struct session *session,
			    const struct profile *profile, const struct profile **out,
			    struct error *error) KYB_MUST_USE;
/* Adds to *deliveries and, for the first event, sets *type (both may be NULL). */
enum err desk_event_write(struct desk *desk, struct arena *arena, const struct session *session,
			  const struct profile *profile, const struct event_input *input, const char **type,
			  int64_t *deliveries, struct error *error) KYB_MUST_USE;

/* The present attempt at the profile's level; NULL if the profile names none. */
const struct event_attempt *event_attempt_of(struct desk *desk, struct arena *arena, const struct session *session,
					     const struct profile *profile, const struct decision *decision,
					     int64_t now);

#endif
