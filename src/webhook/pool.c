#include "pool.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define IDLE_CONNECTIONS 256L

static void push_transfer(struct pool *pool, struct transfer_list *list, struct transfer *transfer)
{
	*ARENA_PUSH(&pool->lists, list->items, list->count, list->capacity) = transfer;
}

static void transfers_release(struct transfer_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		transfer_free(list->items[i]);
	*list = (struct transfer_list){ 0 };
}

/* Called by libcurl for each socket to watch, and at every change. libcurl removes a socket from the pool before it
 * closes the socket. */
static int watch_curl_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket_user)
{
	const struct pool *pool = user;
	struct epoll_event wanted = { .data.fd = fd };

	(void)easy;
	(void)socket_user;
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(pool->epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		wanted.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		wanted.events |= EPOLLOUT;
	if (!epoll_ctl(pool->epoll, EPOLL_CTL_ADD, fd, &wanted))
		return 0;
	return errno == EEXIST ? epoll_ctl(pool->epoll, EPOLL_CTL_MOD, fd, &wanted) : -1;
}

static int set_curl_timer(CURLM *multi, long timeout_ms, void *user)
{
	struct pool *pool = user;

	(void)multi;
	/* Adds a millisecond, since milliseconds are truncated and libcurl does not repeat a timeout that comes too
	 * early. */
	pool->timer_at_ms = timeout_ms < 0 ? INT64_MAX
			    : !timeout_ms  ? 0
					   : world_monotonic_ms(pool->world) + timeout_ms + 1;
	return 0;
}

enum err pool_open(struct pool *pool, struct error *error)
{
	struct epoll_event wake = { .events = EPOLLIN, .data.fd = pool->wake_fd };

	if (pool->multi)
		return ERR_OK;
	enum err err = curl_load(&pool->api, error);
	if (err)
		return err;
	pool->timer_at_ms = INT64_MAX;
	pool->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (pool->epoll < 0 || epoll_ctl(pool->epoll, EPOLL_CTL_ADD, pool->wake_fd, &wake)) {
		err = error_set(error, ERR_INTERNAL, "webhooks cannot be delivered: %s", strerror(errno));
		if (pool->epoll >= 0)
			(void)close(pool->epoll);
		return err;
	}
	pool->multi = pool->api.multi_init();
	if (!pool->multi) {
		(void)close(pool->epoll);
		return error_set(error, ERR_INTERNAL,
				 "webhooks cannot be delivered: libcurl cannot create a multi handle");
	}
	(void)pool->api.multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, IDLE_CONNECTIONS);
	(void)pool->api.multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, watch_curl_socket);
	(void)pool->api.multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, (void *)pool);
	(void)pool->api.multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, set_curl_timer);
	(void)pool->api.multi_setopt(pool->multi, CURLMOPT_TIMERDATA, (void *)pool);
	return ERR_OK;
}

void pool_release(struct pool *pool)
{
	for (size_t i = 0; i < pool->active.count; i++)
		(void)pool->api.multi_remove_handle(pool->multi, pool->active.items[i]->easy);
	transfers_release(&pool->active);
	transfers_release(&pool->queue);
	transfers_release(&pool->idle);
	arena_release(&pool->lists);
	pool->endpoints = NULL;
	pool->endpoint_count = pool->endpoint_capacity = 0;
	if (pool->multi) {
		(void)pool->api.multi_cleanup(pool->multi);
		(void)close(pool->epoll);
	}
	pool->multi = NULL;
	pool->ready.count = 0;
}

struct transfer *pool_load_transfer(struct pool *pool, const struct delivery_job *job, int64_t leased_at_ms)
{
	struct transfer *transfer = pool->idle.count ? pool->idle.items[--pool->idle.count] : transfer_new(&pool->api);
	transfer->limits = &pool->limits;
	transfer_load(transfer, job, leased_at_ms);
	return transfer;
}

static struct pool_endpoint *find_pool_endpoint(const struct pool *pool, int64_t endpoint)
{
	return ITEM_WITH_NUMBER(pool->endpoints, pool->endpoint_count, endpoint, endpoint);
}

static struct pool_endpoint *find_or_add_pool_endpoint(struct pool *pool, int64_t endpoint)
{
	struct pool_endpoint *share = find_pool_endpoint(pool, endpoint);
	if (share)
		return share;
	share = ARENA_PUSH(&pool->lists, pool->endpoints, pool->endpoint_count, pool->endpoint_capacity);
	share->endpoint = endpoint;
	return share;
}

/* Drops the entry of an endpoint if the endpoint has neither queued nor active transfers. */
static void drop_idle_endpoint(struct pool *pool, struct pool_endpoint *share)
{
	if (!share->active && !share->queued)
		*share = pool->endpoints[--pool->endpoint_count];
}

void pool_queue_transfer(struct pool *pool, struct transfer *transfer)
{
	push_transfer(pool, &pool->queue, transfer);
	find_or_add_pool_endpoint(pool, transfer->endpoint)->queued++;
}

struct transfer *pool_take_queued_transfer(struct pool *pool, size_t per_endpoint)
{
	struct transfer_list *queue = &pool->queue;
	for (size_t i = 0; i < queue->count; i++) {
		struct transfer *transfer = queue->items[i];
		struct pool_endpoint *share = find_pool_endpoint(pool, transfer->endpoint);
		if (share->active >= per_endpoint)
			continue;
		queue->count--;
		memmove(queue->items + i, queue->items + i + 1, (queue->count - i) * sizeof(struct transfer *));
		share->queued--;
		drop_idle_endpoint(pool, share);
		return transfer;
	}
	return NULL;
}

size_t pool_ready_transfer_count(const struct pool *pool, size_t per_endpoint)
{
	size_t ready = 0;
	for (size_t i = 0; i < pool->endpoint_count; i++)
		if (pool->endpoints[i].active < per_endpoint)
			ready += pool->endpoints[i].queued;
	return ready;
}

enum err pool_start_transfer(struct pool *pool, struct transfer *transfer, struct error *error)
{
	CURLMcode code = pool->api.multi_add_handle(pool->multi, transfer->easy);
	if (code != CURLM_OK) {
		pool_recycle_transfer(pool, transfer);
		return error_set(error, ERR_INTERNAL, "libcurl does not accept a delivery: %s",
				 pool->api.multi_strerror(code));
	}
	transfer->active_index = pool->active.count;
	push_transfer(pool, &pool->active, transfer);
	find_or_add_pool_endpoint(pool, transfer->endpoint)->active++;
	return ERR_OK;
}

void pool_recycle_transfer(struct pool *pool, struct transfer *transfer)
{
	transfer_clear(transfer);
	push_transfer(pool, &pool->idle, transfer);
}

size_t pool_busy_transfer_count(const struct pool *pool, int64_t now_ms, int64_t slow_ms)
{
	size_t busy = 0;
	for (size_t i = 0; i < pool->active.count; i++)
		busy += now_ms - pool->active.items[i]->started_ms < slow_ms;
	return busy;
}

static CURLMcode report_socket_event(struct pool *pool, const struct epoll_event *event)
{
	int running, what = 0;

	if (event->data.fd == pool->wake_fd)
		return CURLM_OK;
	if (event->events & EPOLLIN)
		what |= CURL_CSELECT_IN;
	if (event->events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (event->events & (EPOLLERR | EPOLLHUP))
		what |= CURL_CSELECT_ERR;
	return pool->api.multi_socket_action(pool->multi, event->data.fd, what, &running);
}

static void wait_for_sockets(struct pool *pool, int timeout_ms)
{
	int count = epoll_wait(pool->epoll, pool->ready.items, POOL_READY_MAX, timeout_ms);

	pool->ready.count = count > 0 ? (size_t)count : 0;
}

enum err pool_perform(struct pool *pool, struct error *error)
{
	CURLMcode code = CURLM_OK;
	int running;

	if (!pool->multi)
		return ERR_OK;
	/* Also reads the events since the last wait: if the worker was paused, a response that has arrived must
	 * count before a timeout. */
	if (!pool->ready.count)
		wait_for_sockets(pool, 0);
	while (code == CURLM_OK && pool->ready.count) {
		size_t count = pool->ready.count;

		for (size_t i = 0; code == CURLM_OK && i < count; i++)
			code = report_socket_event(pool, &pool->ready.items[i]);
		pool->ready.count = 0;
		if (count == POOL_READY_MAX)
			wait_for_sockets(pool, 0);
	}
	if (code == CURLM_OK && pool->timer_at_ms <= world_monotonic_ms(pool->world)) {
		pool->timer_at_ms = INT64_MAX;
		code = pool->api.multi_socket_action(pool->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	if (code != CURLM_OK)
		return error_set(error, ERR_INTERNAL, "libcurl stopped: %s", pool->api.multi_strerror(code));
	return ERR_OK;
}

static void remove_active_transfer(struct pool *pool, struct transfer *transfer)
{
	struct transfer *last = pool->active.items[--pool->active.count];
	(void)pool->api.multi_remove_handle(pool->multi, transfer->easy);
	pool->active.items[transfer->active_index] = last;
	last->active_index = transfer->active_index;
	struct pool_endpoint *share = find_or_add_pool_endpoint(pool, transfer->endpoint);
	share->active--;
	drop_idle_endpoint(pool, share);
}

struct transfer *pool_take_finished_transfer(struct pool *pool, CURLcode *code)
{
	int left;
	const CURLMsg *message;
	while (pool->active.count && (message = pool->api.multi_info_read(pool->multi, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		char *owner = NULL;
		*code = message->data.result;
		CURL *easy = message->easy_handle;
		if (pool->api.easy_getinfo(easy, CURLINFO_PRIVATE, &owner) != CURLE_OK || !owner)
			BUG("libcurl lost a transfer");
		struct transfer *transfer = (struct transfer *)(void *)owner;
		remove_active_transfer(pool, transfer);
		return transfer;
	}
	return NULL;
}

struct transfer *pool_interrupt_transfer(struct pool *pool)
{
	if (!pool->active.count)
		return NULL;
	struct transfer *transfer = pool->active.items[pool->active.count - 1];
	remove_active_transfer(pool, transfer);
	return transfer;
}

void pool_drop_queue(struct pool *pool)
{
	while (pool->queue.count)
		pool_recycle_transfer(pool, pool->queue.items[--pool->queue.count]);
	for (size_t i = pool->endpoint_count; i-- > 0;) {
		pool->endpoints[i].queued = 0;
		drop_idle_endpoint(pool, &pool->endpoints[i]);
	}
}

void pool_wait(struct pool *pool, int64_t timeout_ms)
{
	if (!pool->multi) {
		struct pollfd wake = { .fd = pool->wake_fd, .events = POLLIN };
		(void)poll(&wake, 1, (int)timeout_ms);
		return;
	}
	if (pool->timer_at_ms != INT64_MAX) {
		int64_t timer_ms = pool->timer_at_ms - world_monotonic_ms(pool->world);
		timeout_ms = timer_ms < timeout_ms ? timer_ms : timeout_ms;
	}
	wait_for_sockets(pool, timeout_ms > 0 ? (int)timeout_ms : 0);
}
