/*
 * Outbox: events written in the transaction of the change, their deliveries,
 * endpoints, leases (webhooks.md "Getting there"). The worker in src/webhook/
 * reads and settles deliveries only through this.
 */
#ifndef KYBDESK_STORE_OUTBOX_H
#define KYBDESK_STORE_OUTBOX_H

#include "kybdesk/domain/event.h"
#include "kybdesk/store/store.h"

struct new_event {
	int64_t session, merchant, decision; /* 0: of none */
	const char *type;
	int64_t sequence;
	const void *body;
	size_t length;
	const char *link_mark; /* of the placeholders in the body; NULL or "": there are none */
	int64_t now, due_at;   /* due: now, or the end of the grace time */
};
/* Writes the event and one delivery for each endpoint of the merchant that is enabled and subscribed at this moment;
 * none: one `unsent` row with the reason. deliveries may be NULL. uuid: "evt_" + 32 hex. */
enum err store_event_insert(struct store *store, const struct new_event *event, int64_t *deliveries,
			    struct error *error) KYB_MUST_USE;
/* Cancels what a decision caused. ERR_CONFLICT when a delivery of it is already leased or sent. */
enum err store_event_cancel(struct store *store, int64_t decision, const char *note, int64_t now,
			    struct error *error) KYB_MUST_USE;

enum err store_endpoint_insert(struct store *store, struct endpoint *endpoint, const char *secret, int64_t now,
			       struct error *error) KYB_MUST_USE; /* endpoint->merchant names it; ERR_NOT_FOUND */
enum err store_endpoint_find(struct store *store, struct arena *arena, const char *reference, struct endpoint *out,
			     struct error *error) KYB_MUST_USE; /* UUID, unique prefix, or url when unique */
enum err store_endpoint_disable(struct store *store, int64_t row, const char *reason, int64_t now,
				struct error *error) KYB_MUST_USE; /* its pending deliveries become unsent */
struct endpoint_list {
	struct endpoint *items;
	size_t count;
};
enum err store_endpoint_list(struct store *store, struct arena *arena, const char *merchant,
			     struct endpoint_list *out, struct error *error) KYB_MUST_USE; /* merchant "": all */
/* Enabled endpoints of a merchant subscribed to type: what a decision dialog announces. */
enum err store_endpoint_count(struct store *store, int64_t merchant, const char *type, int64_t *count,
			      struct error *error) KYB_MUST_USE;

struct delivery_filter {
	const char *session_id; /* "" all */
	const char *merchant;	/* "" all */
	unsigned states;	/* bits of enum delivery_state; 0 all */
	int64_t after;		/* row to continue below; 0 first page */
	size_t limit;
	int64_t now;
};
struct delivery_list {
	struct delivery_item *items;
	size_t count;
};
enum err store_delivery_list(struct store *store, struct arena *arena, const struct delivery_filter *filter,
			     struct delivery_list *out, struct error *error) KYB_MUST_USE; /* newest first */
struct delivery_attempts {
	struct delivery_attempt *items;
	size_t count;
};
enum err store_delivery_attempts(struct store *store, struct arena *arena, int64_t row,
				 struct delivery_attempts *out, struct error *error) KYB_MUST_USE;
struct stored_event {
	struct delivery_item *items; /* all deliveries of it */
	size_t count;
	const char *body; /* as stored: with placeholders where links go */
	size_t body_length;
	const char *link_mark;
};
/* By event id or delivery id or unique prefix. ERR_NOT_FOUND. */
enum err store_event_find(struct store *store, struct arena *arena, const char *reference, int64_t now,
			  struct stored_event *out, struct error *error) KYB_MUST_USE;
/* For the workbench's bar: deliveries due (or waiting) and dead. Cheap: partial indexes, counting stops at 1,000. */
enum err store_delivery_counts(struct store *store, int64_t now, int64_t *due, int64_t *dead,
			       struct error *error) KYB_MUST_USE;

/* The worker's side. Each call is its own short transaction. */
struct delivery_job {
	int64_t row, endpoint, session, attempts; /* attempts made before this one */
	char event_id[64];
	const char *url, *secret, *old_secret; /* old_secret "" outside a rotation */
	const void *body;		       /* with placeholders, when there is a link_mark */
	size_t body_length;
	const char *link_mark, *session_id; /* the session's UUID */
	int64_t created_at;
};
struct delivery_lease {
	const char *owner; /* of this worker alone */
	int64_t now;	   /* wall clock: what is due; may be as old as the wait for the lock */
	int64_t lease_ms;
	size_t limit, per_endpoint; /* no more than so many of one endpoint on their way at a time */
	/* out */
	struct delivery_job *jobs;
	size_t count;
	int64_t leased_ms; /* world_boottime_ms() at which they were leased */
};
/* Leases up to `limit` deliveries that are due, in order per session and endpoint (a later one waits for an earlier one
 * that is neither finished nor cancelled), by compare-and-set: no delivery has two holders. A lease ends by itself after
 * lease_ms (at most ten minutes) of CLOCK_BOOTTIME, whatever is done to the wall clock, and with the start of the machine
 * that it was made in. What was put off by a clock that has been stepped back since waits as long as was meant. */
enum err store_delivery_lease(struct store *store, struct arena *arena, struct delivery_lease *lease,
			      struct error *error) KYB_MUST_USE;
enum delivery_outcome { OUTCOME_DELIVERED, OUTCOME_RETRY, OUTCOME_DEAD, OUTCOME_ENDPOINT_GONE };
struct delivery_result {
	int64_t row, endpoint;
	enum delivery_outcome outcome;
	int64_t wait_ms; /* OUTCOME_RETRY: from when it is settled */
	const char *note;
	struct delivery_attempt attempt;
};
/* Settles a group of results in one transaction. A lease that has ended meanwhile changes nothing; only where somebody else
 * holds it or has settled it, the result records no more than its attempt. */
enum err store_delivery_settle(struct store *store, const char *owner, const struct delivery_result *results,
			       size_t count, int64_t now, struct error *error) KYB_MUST_USE;
/* When the next delivery becomes due or a lease ends; TIME_NONE when nothing is pending. */
enum err store_delivery_next_at(struct store *store, int64_t now, int64_t *at, struct error *error) KYB_MUST_USE;
/* Deliveries that are due or waiting at any time later, and dead ones: what deliver --drain prints at its end. */
enum err store_delivery_totals(struct store *store, int64_t *pending, int64_t *dead,
			       struct error *error) KYB_MUST_USE;

#endif
