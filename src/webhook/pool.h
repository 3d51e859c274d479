/* The transfers of one worker: idle, queued (leased), and active in libcurl's multi handle. Independent of the store.
 * Passes only ready sockets to libcurl, so that hundreds of waiting transfers do not slow down the active transfers. */
#ifndef KYBDESK_WEBHOOK_POOL_H
#define KYBDESK_WEBHOOK_POOL_H

#include "transfer.h"

#include <sys/epoll.h>

struct transfer_list {
	struct transfer **items;
	size_t count, capacity;
};

/* Counts of the active and queued transfers of one endpoint. */
struct pool_endpoint {
	int64_t endpoint;
	size_t active, queued;
};

#define POOL_READY_MAX 64

/* Sockets of libcurl that are ready, as epoll reported them. */
struct pool_ready_sockets {
	struct epoll_event items[POOL_READY_MAX];
	size_t count;
};

struct pool {
	struct curl_api api;
	CURLM *multi; /* NULL until pool_open */
	int epoll;    /* watches libcurl's sockets and wake_fd */
	int wake_fd;
	int64_t timer_at_ms; /* monotonic: the next timeout of libcurl; INT64_MAX: none */
	const struct world *world;
	struct pool_ready_sockets ready;
	struct transfer_limits limits;
	struct transfer_list idle, queue, active;
	struct arena lists; /* memory of the lists; released with the pool */
	struct pool_endpoint *endpoints;
	size_t endpoint_count, endpoint_capacity;
};

/* Loads libcurl; does nothing if it is already loaded. The caller sets wake_fd, limits and world first. */
enum err pool_open(struct pool *pool, struct error *error);
void pool_release(struct pool *pool); /* interrupts active transfers */

/* Loads this job into an idle transfer. The caller must pass the transfer to pool_queue_transfer() or
 * pool_recycle_transfer(). */
struct transfer *pool_load_transfer(struct pool *pool, const struct delivery_job *job, int64_t leased_at_ms);
void pool_queue_transfer(struct pool *pool, struct transfer *transfer);
/* Takes the oldest queued transfer of an endpoint with fewer than per_endpoint active transfers; NULL: none. The
 * caller must pass the transfer to pool_start_transfer(), pool_queue_transfer() or pool_recycle_transfer(). */
struct transfer *pool_take_queued_transfer(struct pool *pool, size_t per_endpoint);
/* The number of transfers that pool_take_queued_transfer() could return with unlimited slots. */
size_t pool_ready_transfer_count(const struct pool *pool, size_t per_endpoint);
enum err pool_start_transfer(struct pool *pool, struct transfer *transfer, struct error *error);
void pool_recycle_transfer(struct pool *pool, struct transfer *transfer);
/* Removes the next active transfer from libcurl's multi handle, also if it has not ended; NULL: none. The caller
 * must pass the transfer to pool_recycle_transfer(). */
struct transfer *pool_interrupt_transfer(struct pool *pool);
/* Drops the queued transfers. */
void pool_drop_queue(struct pool *pool);
/* The number of transfers active for less than slow_ms. Only these transfers count against the worker's limit, so
 * that slow endpoints take no slots from others. */
size_t pool_busy_transfer_count(const struct pool *pool, int64_t now_ms, int64_t slow_ms);

/* Lets libcurl advance the active transfers. Afterwards pool_take_finished_transfer() removes each ended transfer
 * from the list, and returns it once. */
enum err pool_perform(struct pool *pool, struct error *error);
struct transfer *pool_take_finished_transfer(struct pool *pool, CURLcode *code);
/* Waits until a socket of libcurl is ready, wake_fd is readable, or the time is over. Also works before libcurl is
 * loaded. */
void pool_wait(struct pool *pool, int64_t timeout_ms);

#endif
