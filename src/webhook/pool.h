/*
 * The transfers of one worker: idle ones, a queue of leased ones, and those
 * under way in libcurl's multi handle. Knows nothing of the store. libcurl is told which sockets are ready, so
 * that hundreds which wait cost those that go nothing.
 */
#ifndef KYBDESK_WEBHOOK_POOL_H
#define KYBDESK_WEBHOOK_POOL_H

#include "transfer.h"

#include <sys/epoll.h>

struct transfer_list {
	struct transfer **items;
	size_t count, capacity;
};

/* How many of an endpoint are under way, and how many wait. */
struct pool_share {
	int64_t endpoint;
	size_t active, queued;
};

#define POOL_READY_MAX 64

/* What epoll found: sockets of libcurl that are ready. */
struct pool_ready_sockets {
	struct epoll_event items[POOL_READY_MAX];
	size_t count;
};

struct pool {
	struct curl_api api;
	CURLM *multi; /* NULL until pool_open */
	int epoll;    /* libcurl's sockets and wake_fd */
	int wake_fd;
	int64_t timer_at_ms; /* monotonic: when libcurl wants to be called whatever happens; INT64_MAX: not */
	const struct world *world;
	struct pool_ready_sockets ready;
	struct transfer_limits limits;
	struct transfer_list idle, queue, active;
	struct pool_share *shares;
	size_t share_count, share_capacity;
};

/* Loads libcurl; once. wake_fd, limits and world are set by then. */
enum err pool_open(struct pool *pool, struct error *error) KYB_MUST_USE;
void pool_release(struct pool *pool); /* breaks off what is under way */

/* One that has this to send; the caller queues it or lets it rest. */
struct transfer *pool_load(struct pool *pool, const struct delivery_job *job, int64_t leased_ms);
void pool_queue(struct pool *pool, struct transfer *transfer);
/* The oldest queued one whose endpoint has fewer than per_endpoint under way, or NULL. The caller adds it or lets it
 * rest. */
struct transfer *pool_next(struct pool *pool, size_t per_endpoint);
/* How many pool_next could give, were there no end of slots. */
size_t pool_ready(const struct pool *pool, size_t per_endpoint);
enum err pool_add(struct pool *pool, struct transfer *transfer, struct error *error) KYB_MUST_USE;
void pool_rest(struct pool *pool, struct transfer *transfer);
/* Takes the next of those under way off the network, whatever came of it; NULL when there is none. It is the caller's to let
 * rest. */
struct transfer *pool_break_off(struct pool *pool);
/* Forgets what is queued. */
void pool_drop_queue(struct pool *pool);
/* Those under way for less than slow_ms: the ones that count against the worker's limit, so that endpoints which keep
 * us waiting take nobody else's turn. */
size_t pool_busy(const struct pool *pool, int64_t now_ms, int64_t slow_ms);

/* Moves the network on; then pool_done gives each ended transfer once, taken off the list. */
enum err pool_perform(struct pool *pool, struct error *error) KYB_MUST_USE;
struct transfer *pool_done(struct pool *pool, CURLcode *code);
/* Until something happens on the network, wake_fd is readable, or the time is over. Works without libcurl too. */
void pool_wait(struct pool *pool, int64_t timeout_ms);

#endif
