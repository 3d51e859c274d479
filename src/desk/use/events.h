/* Writes events into the outbox. No effect if the profile has no name for the event. */
#ifndef KYBDESK_SRC_DESK_USE_EVENTS_H
#define KYBDESK_SRC_DESK_USE_EVENTS_H

#include "use/use.h"

struct event_input {
	enum event_kind kind;
	const char *previous_level, *level; /* "" unless it changed */
	const char *reason_code;	    /* the public one; "" none */
	bool retryable, has_retryable;
	const char *const *step_ids;
	size_t step_count;
	/* as in struct event: left out if NULL, "" or 0 */
	const char *reason_text, *error_code, *description;
	const struct event_document *documents;
	size_t document_count;
	const char *link_mark; /* for the placeholders in the documents' links; NULL: none */
	const struct event_attempt *attempt;
	const char *document_id, *document_type;
	bool document_double_sided;
	const char *account_id, *currency;
	const struct event_order *order;
	int64_t order_row;    /* 0: without an order */
	int64_t decision_row; /* 0: without a decision */
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
