/* The outbox: events written in the transaction of the change, their deliveries, endpoints and leases (docs/webhooks.md
 * "When something fails"). The worker in src/webhook/ reads and settles deliveries only through this header. */
#ifndef KYBDESK_STORE_OUTBOX_H
#define KYBDESK_STORE_OUTBOX_H

#include "kybdesk/domain/event.h"
#include "kybdesk/store/store.h"

#define EVENT_ID_SIZE (sizeof "evt_" + 32) /* "evt_" and 32 hex digits */
struct new_event {
	int64_t session_row, merchant_row, decision_row, order_row; /* rows; 0: none */
	const char *type;
	int64_t sequence;
	const void *body;
	size_t length;
	const char *link_mark;	 /* mark in the body's placeholders for links (link_token.h); NULL or "": none */
	const char *traceparent; /* traceparent of the request; NULL or "": none */
	int64_t now, due_at;	 /* due_at: now, or the end of the grace time */
	int64_t endpoint_row; /* row: only this endpoint gets the event, subscribed or not; 0: all subscribed endpoints */
	/* result */
	char id[EVENT_ID_SIZE];
	int64_t deliveries; /* number of deliveries to enabled endpoints; only set if `endpoint_row` is 0 */
};
/* Writes the event and one delivery per endpoint of the merchant that is subscribed now: `unsent` if the endpoint
 * is disabled. Without a subscribed endpoint, writes one `unsent` delivery with the reason. */
enum err store_event_insert(struct store *store, struct new_event *event, struct error *error);
/* Cancels the events of a decision. ERR_CONFLICT: a delivery of these events is already leased or sent. */
enum err store_event_cancel(struct store *store, int64_t decision, const char *note, int64_t now, struct error *error);

/* Writes an endpoint. row 0: inserts the endpoint with its secret; endpoint->merchant names the merchant
 * (ERR_NOT_FOUND: unknown). Otherwise, if secret is NULL: writes url, events, max_concurrency and
 * deliveries_per_minute; a new URL resets the endpoint's failures. If secret is not NULL: only sets the new secret;
 * until old_secret_until, messages are also signed with the old secret; TIME_NONE: only with the new secret. */
enum err store_endpoint_write(struct store *store, struct endpoint *endpoint, const char *secret, struct error *error);
/* Finds an endpoint by its UUID, a unique prefix of its UUID, or its url if that is unique. */
enum err store_endpoint_find(struct store *store, struct arena *arena, const char *reference, struct endpoint *out,
			     struct error *error);
/* ENDPOINT_ENABLE: sends new events to the endpoint again. ENDPOINT_DISABLE: its pending deliveries become unsent.
 * ENDPOINT_REMOVE: as ENDPOINT_DISABLE, and removes the endpoint from lists and searches. */
struct endpoint_switch {
	enum endpoint_move { ENDPOINT_ENABLE, ENDPOINT_DISABLE, ENDPOINT_REMOVE } to;
	int64_t row;
	const char *reason; /* reason to disable or remove the endpoint */
	int64_t now;
	/* result of ENDPOINT_ENABLE: number of deliveries to the endpoint that need a manual replay */
	int64_t unsent_count;
};
enum err store_endpoint_set_state(struct store *store, struct endpoint_switch *how, struct error *error);

/* Selects deliveries to send again. A member that is "" or 0 selects all. Deliveries in states other than
 * delivered, dead and unsent are never selected. */
struct replay_filter {
	const char *event_id; /* id of the only event to select */
	const char *merchant, *type;
	int64_t session, endpoint; /* rows */
	int64_t from, until;	   /* creation time of the event; until TIME_NONE: no end */
	unsigned states;	   /* bits of enum delivery_state */
	int64_t now;
	bool count_only; /* dry run: only counts */
	/* The merchant asks: without the events of hidden sessions; with an endpoint also events that had none, or a
	 * removed one, if this endpoint is subscribed to them */
	bool by_merchant;
};
/* Makes a new delivery of each event, due now, to the event's original endpoint. If the event had no endpoint, or
 * the endpoint was removed, makes deliveries to the endpoints that are subscribed now. Oldest events first.
 * Cancelled deliveries stay cancelled. */
enum err store_delivery_replay(struct store *store, struct arena *arena, const struct replay_filter *filter,
			       struct replay_counts *out, struct error *error);
struct endpoint_list {
	struct endpoint *items;
	size_t count;
};
enum err store_endpoint_list(struct store *store, struct arena *arena, const char *merchant, struct endpoint_list *out,
			     struct error *error); /* merchant "": all */
/* Number of enabled endpoints of a merchant that are subscribed to `type`; decision dialogs show this number. */
enum err store_endpoint_count(struct store *store, int64_t merchant, const char *type, int64_t *count,
			      struct error *error);

struct delivery_filter {
	const char *session_id; /* "": all */
	const char *merchant;	/* "": all */
	unsigned states;	/* bits of enum delivery_state; 0: all */
	int64_t after_row;	/* only deliveries with a smaller row; 0: first page */
	size_t limit;
	int64_t now;
	/* Not 0: row of a sandbox order; lists all deliveries of its events, oldest first, and ignores the other
	 * members. 0: lists the deliveries that match the other members, newest first. */
	int64_t order_row;
};
struct delivery_list {
	struct delivery_item *items;
	size_t count;
};
enum err store_delivery_list(struct store *store, struct arena *arena, const struct delivery_filter *filter,
			     struct delivery_list *out, struct error *error);
struct delivery_attempts {
	struct delivery_attempt *items;
	size_t count;
};
enum err store_delivery_attempt_list(struct store *store, struct arena *arena, int64_t row,
				     struct delivery_attempts *out, struct error *error);
struct stored_event {
	struct delivery_item *items; /* all deliveries of the event */
	size_t count;
	const char *body; /* as stored: with placeholders for links */
	size_t body_length;
	const char *link_mark;
};
/* Finds an event by its id, the id of one of its deliveries, or a unique prefix of one of these ids. ERR_NOT_FOUND. */
enum err store_event_find(struct store *store, struct arena *arena, const char *reference, int64_t now,
			  struct stored_event *out, struct error *error);
/* The events of one merchant as the merchant may see them: without events of a decision that is within its grace
 * time or was undone, and without events of sessions that are hidden from the merchant. */
struct event_filter {
	int64_t merchant;	       /* row */
	const char *id;		       /* id of the only event to list; "": any */
	const char *session_id, *type; /* "": any */
	int64_t from, until;	       /* creation time; 0: no limit; until is exclusive */
	const char *delivered;	       /* "false": an endpoint never received the event; "true": others; "": any */
	const char *after;	       /* id of the last event of the previous page; "": first page */
	size_t limit;
	int64_t now;
};
struct event_list {
	struct event_item *items;
	size_t count;
};
/* Lists the events, newest first. ERR_INVALID, field "cursor": `after` is not an event of the merchant. */
enum err store_event_list(struct store *store, struct arena *arena, const struct event_filter *filter,
			  struct event_list *out, struct error *error);
/* Cheap: counts at most 1,000 due and 1,000 dead deliveries, in partial indexes; reads all endpoints. */
enum err store_webhook_counts(struct store *store, int64_t now, struct webhook_counts *out, struct error *error);

/* Setting in store_info: which programs send deliveries (DELIVER_TO_…). */
#define STORE_SETTING_DELIVERY "deliver"
#define DELIVER_TO_WORKERS "workers"
#define DELIVER_TO_ALL "all"
#define DELIVER_TO_NOBODY "nobody" /* set in a copy until an admin changes it */

/* From here on: for the delivery worker. Each function runs one short transaction. This struct: a delivery to send. */
struct delivery_job {
	int64_t row, endpoint, session, attempts; /* attempts: number of earlier attempts */
	char event_id[64];
	const char *url, *secret, *old_secret; /* old_secret "" outside a rotation */
	const void *body;		       /* contains placeholders for links if link_mark is set */
	size_t body_length;
	const char *link_mark, *session_id; /* the session's UUID */
	const char *traceparent;	    /* "": none */
	bool no_retry;			    /* a test message: no retry */
	int64_t created_at;
};
/* Position of a worker's scan for due deliveries, per endpoint; kept between calls. */
struct delivery_scan_position {
	int64_t endpoint;
	int64_t next_at, row; /* due time and id of the last delivery scanned */
	uint64_t generation;  /* delivery_scan.generation at the last restart of the scan of this endpoint */
	bool must_restart;    /* the next scan of this endpoint restarts */
};
struct delivery_scan {
	struct delivery_scan_position *positions;
	size_t count, capacity;
	/* Incremented if a delivery that was scanned already may be due, or can be leased again; the next scan
	 * restarts. */
	uint64_t generation;
	int64_t last_reclaim_ms; /* boot time of the last search for ended leases */
};
void delivery_scan_release(struct delivery_scan *scan);
struct delivery_lease {
	const char *owner;	    /* unique to this worker */
	struct delivery_scan *scan; /* NULL: leases nothing */
	int64_t now;		    /* wall clock, for due times; read before the wait for the lock */
	int64_t lease_ms;
	size_t limit, per_endpoint_max; /* per_endpoint_max: maximum number of leases for one endpoint */
	/* the owner counts as dead if it sends no heartbeat for this time; 0: lease_ms */
	int64_t alive_timeout_ms;
	bool has_leases; /* the owner still holds earlier leases */
	/* result */
	struct delivery_job *jobs;
	size_t count;
	int64_t leased_at_ms; /* world_boottime_ms() when the leases began */
	bool may_have_more;   /* more deliveries may be due, since a call scans a bounded number of rows */
	/* nothing was leased, since the owner counted as dead; another worker may now hold the owner's former leases */
	bool is_lease_lost;
};
/* Publishes that the owner counts as alive for the next alive_timeout_ms. *alive false: the owner already counted
 * as dead. Does not wait for other writers. A worker calls it on a connection that is used only for heartbeats. */
enum err store_delivery_heartbeat(struct store *store, const char *owner, int64_t alive_timeout_ms, bool *alive,
				  struct error *error);
/* Removes the owner, so that other workers can lease its unsent deliveries at once. */
enum err store_delivery_release(struct store *store, const char *owner, struct error *error);
/* OUTCOME_BROKEN_OFF: the worker aborted the attempt before a response; the delivery is retried at once, and the
 * attempt is not counted as a failure of the endpoint. */
enum delivery_outcome { OUTCOME_DELIVERED, OUTCOME_RETRY, OUTCOME_DEAD, OUTCOME_ENDPOINT_GONE, OUTCOME_BROKEN_OFF };
struct delivery_result {
	int64_t row, endpoint, session; /* session 0: none */
	enum delivery_outcome outcome;
	int64_t wait_ms; /* OUTCOME_RETRY: delay, from the time of settling */
	const char *note;
	struct delivery_attempt attempt;
};
/* Settles results, and in the same transaction leases the deliveries that are due afterwards, which may include the
 * next deliveries of the same sessions. lease.scan NULL: only settles, with lease.owner and lease.now. On failure
 * nothing is settled or leased; if lease.is_lease_lost is set, the results are recorded, but nothing is leased.
 *
 * A result counts even if its lease has ended. But if another worker has leased or settled the delivery, only the
 * attempt is recorded.
 *
 * Leases up to `limit` due deliveries, in order per session and endpoint: a delivery waits for each earlier delivery
 * that is neither finished nor cancelled. A lease is taken by compare-and-set, so that no delivery has two holders.
 * A lease ends after lease_ms (at most ten minutes) of CLOCK_BOOTTIME, independent of the wall clock, or when the
 * owner's machine restarts. If the wall clock was set back, a retry still waits only as long as intended. */
struct settlement_and_lease {
	const struct delivery_result *results;
	size_t count;
	struct delivery_lease lease;
};
enum err store_delivery_settle_and_lease(struct store *store, struct arena *arena, struct settlement_and_lease *trade,
					 struct error *error);
/* *at: the next time when a delivery becomes due, or is permitted by the limits of its endpoint, or when a lease
 * ends; TIME_NONE: nothing is pending. scanned: deliveries due by this time were scanned already, and stay
 * unavailable until the store changes; TIME_NONE: none. */
enum err store_delivery_next_due(struct store *store, int64_t now, int64_t scanned, int64_t *at, struct error *error);
/* Removes workers that count as dead, and frees their leases; store_delivery_settle_and_lease() does so, too. */
enum err store_delivery_remove_dead_workers(struct store *store, struct error *error);
/* Numbers of pending deliveries (due now or later) and of dead deliveries; deliver --drain prints both numbers at
 * its end. */
enum err store_delivery_totals(struct store *store, int64_t *pending, int64_t *dead, struct error *error);

#endif
