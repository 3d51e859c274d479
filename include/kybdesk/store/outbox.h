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
/* From now on it is told again of what happens. unsent: how many of its deliveries wait to be sent again by somebody. */
enum err store_endpoint_enable(struct store *store, int64_t row, int64_t *unsent, struct error *error) KYB_MUST_USE;
/* Writes url, events, at_once and per_minute. A new URL is looked at afresh: its failures are none. */
enum err store_endpoint_update(struct store *store, const struct endpoint *endpoint,
			       struct error *error) KYB_MUST_USE;
/* The secret of before signs, too, until then; TIME_NONE: no more from now on. */
enum err store_endpoint_rotate(struct store *store, int64_t row, const char *secret, int64_t old_until,
			       struct error *error) KYB_MUST_USE;
/* Endpoints that were disabled by their own answers: what the workbench's bar says. */
enum err store_endpoint_disabled_count(struct store *store, int64_t *count, struct error *error) KYB_MUST_USE;
/* One event to one endpoint, whatever it is subscribed to; event->session is none. id: of the event, in the arena. */
enum err store_event_insert_to(struct store *store, struct arena *arena, const struct new_event *event,
			       int64_t endpoint, const char **id, struct error *error) KYB_MUST_USE;

/* Which deliveries are sent again. "" and 0: all; of states delivered, dead and unsent count. */
struct replay_filter {
	const char *event_id; /* of this event alone */
	const char *merchant, *type;
	int64_t session, endpoint; /* rows */
	int64_t from, until;	   /* when the event was made; until TIME_NONE: no end */
	unsigned states;	   /* bits of enum delivery_state */
	int64_t now;
	bool look; /* counts alone */
};
struct replay_counts {
	int64_t events, deliveries; /* that were made */
	int64_t under_way;	    /* left out: the same event is on its way to the same endpoint */
	int64_t disabled, nobody;   /* left out: the endpoint is disabled; nobody is subscribed today */
};
/* Makes a new delivery, due now, of each event to the endpoint that it was for, or to those that are subscribed today when it
 * was for none. Old events first. What was cancelled stays cancelled. */
enum err store_delivery_replay(struct store *store, struct arena *arena, const struct replay_filter *filter,
			       struct replay_counts *out, struct error *error) KYB_MUST_USE;
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

/* The store's setting (store_info) that says which programs send: all, or workers alone. */
#define STORE_DELIVER "deliver"
#define DELIVER_TO_WORKERS "workers"
#define DELIVER_TO_ALL "all"
#define DELIVER_TO_NOBODY "nobody" /* of a copy, until an admin says otherwise */

/* The worker's side. Each call is its own short transaction. */
struct delivery_job {
	int64_t row, endpoint, session, attempts; /* attempts made before this one */
	char event_id[64];
	const char *url, *secret, *old_secret; /* old_secret "" outside a rotation */
	const void *body;		       /* with placeholders, when there is a link_mark */
	size_t body_length;
	const char *link_mark, *session_id; /* the session's UUID */
	bool once;			    /* a test message: it is not tried again */
	int64_t created_at;
};
/* Where a worker's look for what may go has come to, endpoint by endpoint: kept from call to call. */
struct delivery_place {
	int64_t endpoint;
	int64_t next_at, row; /* the last that was looked at */
	uint64_t turn;	      /* in which it set out from the beginning */
	bool again;	      /* of this endpoint alone: as `turn` of the walk */
};
struct delivery_scan {
	struct delivery_place *places;
	size_t count, capacity;
	/* Raised when something may have become free that was looked at before: the walk begins anew after this one. */
	uint64_t turn;
	int64_t reclaimed_ms; /* boottime: when leases that are over were looked for */
};
void delivery_scan_release(struct delivery_scan *scan);
struct delivery_lease {
	const char *owner; /* of this worker alone */
	struct delivery_scan *scan;
	int64_t now; /* wall clock: what is due; may be as old as the wait for the lock */
	int64_t lease_ms;
	size_t limit, per_endpoint; /* no more than so many of one endpoint on their way at a time */
	int64_t beat_ms; /* the owner is taken for dead when it has not said for so long that it lives; 0: lease_ms */
	bool holding;	 /* it still holds what it leased before */
	/* out */
	struct delivery_job *jobs;
	size_t count;
	int64_t leased_ms; /* world_boottime_ms() at which they were leased */
	bool unfinished;   /* one call looks at a bounded number of rows: there may be more to lease at once */
	bool lapsed; /* nothing was leased: the owner was taken for dead, and what it holds may be another's by now */
};
/* Leases up to `limit` deliveries that are due, in order per session and endpoint (a later one waits for an earlier one
 * that is neither finished nor cancelled), by compare-and-set: no delivery has two holders. A lease ends by itself after
 * lease_ms (at most ten minutes) of CLOCK_BOOTTIME, whatever is done to the wall clock, and with the start of the machine
 * that it was made in. What was put off by a clock that has been stepped back since waits as long as was meant. */
enum err store_delivery_lease(struct store *store, struct arena *arena, struct delivery_lease *lease,
			      struct error *error) KYB_MUST_USE;
/* The owner lives, for so long more. alive false: it was taken for dead before. Waits for no other writer; a worker calls it
 * on a connection of its own, which keeps the sign of life. */
enum err store_delivery_beat(struct store *store, const char *owner, int64_t beat_ms, bool *alive,
			     struct error *error) KYB_MUST_USE;
/* The owner ends: what it has leased and not sent is anybody's at once. */
enum err store_delivery_give_back(struct store *store, const char *owner, struct error *error) KYB_MUST_USE;
/* Broken off: by this side, before there was an answer. It is tried again at once and says nothing of the endpoint. */
enum delivery_outcome { OUTCOME_DELIVERED, OUTCOME_RETRY, OUTCOME_DEAD, OUTCOME_ENDPOINT_GONE, OUTCOME_BROKEN_OFF };
struct delivery_result {
	int64_t row, endpoint, session; /* session 0: of none */
	enum delivery_outcome outcome;
	int64_t wait_ms; /* OUTCOME_RETRY: from when it is settled */
	const char *note;
	struct delivery_attempt attempt;
};
/* Settles a group of results in one transaction. A lease that has ended meanwhile changes nothing; only where somebody else
 * holds it or has settled it, the result records no more than its attempt. */
enum err store_delivery_settle(struct store *store, const char *owner, const struct delivery_result *results,
			       size_t count, int64_t now, struct error *error) KYB_MUST_USE;
/* Both in one transaction: what was answered, and then what may go now, which may be the next of the same sessions. On failure
 * neither has happened; of an owner that has `lapsed`, the results are written down all the same. */
struct delivery_trade {
	const struct delivery_result *results;
	size_t count;
	struct delivery_lease lease;
};
enum err store_delivery_trade(struct store *store, struct arena *arena, struct delivery_trade *trade,
			      struct error *error) KYB_MUST_USE;
/* When the next delivery becomes due, or may go by its endpoint's limits, or a lease ends; TIME_NONE when nothing is pending. looked:
 * what was due by then has been asked for and is not to be had until somebody changes the store; TIME_NONE: nothing was. */
enum err store_delivery_next_at(struct store *store, int64_t now, int64_t scanned, int64_t *at,
				struct error *error) KYB_MUST_USE;
/* Takes off the list who says no more that they live, and gives back what they hold; who leases does it, too. */
enum err store_delivery_bury(struct store *store, struct error *error) KYB_MUST_USE;
/* Deliveries that are due or waiting at any time later, and dead ones: what deliver --drain prints at its end. */
enum err store_delivery_totals(struct store *store, int64_t *pending, int64_t *dead,
			       struct error *error) KYB_MUST_USE;

#endif
