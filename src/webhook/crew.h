/*
 * The transfers of one worker: idle ones, a queue of leased ones, and those
 * under way in libcurl's multi handle. Knows nothing of the store. libcurl is told which sockets are ready, so
 * that hundreds which wait cost those that go nothing.
 */
#ifndef KYBDESK_WEBHOOK_CREW_H
#define KYBDESK_WEBHOOK_CREW_H

#include "transfer.h"

#include <sys/epoll.h>

struct transfer_list {
	struct transfer **items;
	size_t count, capacity;
};

/* How many of an endpoint are under way, and how many wait. */
struct crew_share {
	int64_t endpoint;
	size_t active, queued;
};

#define CREW_READY_MAX 64

/* What epoll found: sockets of libcurl that are ready. */
struct crew_ready_sockets {
	struct epoll_event items[CREW_READY_MAX];
	size_t count;
};

struct crew {
	struct curl_api api;
	CURLM *multi; /* NULL until crew_open */
	int epoll;    /* libcurl's sockets and wake_fd */
	int wake_fd;
	int64_t timer_at_ms; /* monotonic: when libcurl wants to be called whatever happens; INT64_MAX: not */
	const struct world *world;
	struct crew_ready_sockets ready;
	struct transfer_limits limits;
	struct transfer_list idle, queue, active;
	struct crew_share *shares;
	size_t share_count, share_capacity;
};

/* Loads libcurl; once. wake_fd, limits and world are set by then. */
enum err crew_open(struct crew *crew, struct error *error) KYB_MUST_USE;
void crew_release(struct crew *crew); /* breaks off what is under way */

/* One that has this to send; the caller queues it or lets it rest. */
struct transfer *crew_load(struct crew *crew, const struct delivery_job *job, int64_t leased_ms);
void crew_queue(struct crew *crew, struct transfer *transfer);
/* The oldest queued one whose endpoint has fewer than per_endpoint under way, or NULL. The caller adds it or lets it
 * rest. */
struct transfer *crew_next(struct crew *crew, size_t per_endpoint);
/* How many crew_next could give, were there no end of slots. */
size_t crew_ready(const struct crew *crew, size_t per_endpoint);
enum err crew_add(struct crew *crew, struct transfer *transfer, struct error *error) KYB_MUST_USE;
void crew_rest(struct crew *crew, struct transfer *transfer);
/* Takes the next of those under way off the network, whatever came of it; NULL when there is none. It is the caller's to let
 * rest. */
struct transfer *crew_break_off(struct crew *crew);
/* Forgets what is queued. */
void crew_drop_queue(struct crew *crew);
/* Those under way for less than slow_ms: the ones that count against the worker's limit, so that endpoints which keep
 * us waiting take nobody else's turn. */
size_t crew_busy(const struct crew *crew, int64_t now_ms, int64_t slow_ms);

/* Moves the network on; then crew_done gives each ended transfer once, taken off the list. */
enum err crew_perform(struct crew *crew, struct error *error) KYB_MUST_USE;
struct transfer *crew_done(struct crew *crew, CURLcode *code);
/* Until something happens on the network, wake_fd is readable, or the time is over. Works without libcurl too. */
void crew_wait(struct crew *crew, int64_t timeout_ms);

#endif
