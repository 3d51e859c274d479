#include "crew.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IDLE_CONNECTIONS 256L

static void push(struct transfer_list *list, struct transfer *transfer)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : 16;
		list->items = xrealloc_array(list->items, list->capacity, sizeof(*list->items));
	}
	list->items[list->count++] = transfer;
}

static void list_release(struct transfer_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		transfer_free(list->items[i]);
	free(list->items);
	*list = (struct transfer_list){ 0 };
}

/* libcurl says which sockets it waits for, each in every change. It closes none before it has said that it waits no more. */
static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket_user)
{
	const struct crew *crew = user;
	struct epoll_event wanted = { .data.fd = fd };

	(void)easy;
	(void)socket_user;
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(crew->epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		wanted.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		wanted.events |= EPOLLOUT;
	if (!epoll_ctl(crew->epoll, EPOLL_CTL_ADD, fd, &wanted))
		return 0;
	return errno == EEXIST ? epoll_ctl(crew->epoll, EPOLL_CTL_MOD, fd, &wanted) : -1;
}

static int set_timer(CURLM *multi, long timeout_ms, void *user)
{
	struct crew *crew = user;

	(void)multi;
	/* Milliseconds are cut off, and libcurl does not say again what is asked for too early. */
	crew->timer_at_ms = timeout_ms < 0 ? INT64_MAX
			    : !timeout_ms  ? 0
					   : world_monotonic_ms(crew->world) + timeout_ms + 1;
	return 0;
}

enum err crew_open(struct crew *crew, struct error *error)
{
	struct epoll_event wake = { .events = EPOLLIN, .data.fd = crew->wake_fd };

	if (crew->multi)
		return ERR_OK;
	enum err err = curl_load(&crew->api, error);
	if (err)
		return err;
	crew->timer_at_ms = INT64_MAX;
	crew->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (crew->epoll < 0 || epoll_ctl(crew->epoll, EPOLL_CTL_ADD, crew->wake_fd, &wake)) {
		err = error_set(error, ERR_INTERNAL, "webhooks cannot be delivered: %s", strerror(errno));
		if (crew->epoll >= 0)
			(void)close(crew->epoll);
		return err;
	}
	crew->multi = crew->api.multi_init();
	if (!crew->multi) {
		(void)close(crew->epoll);
		return error_set(error, ERR_INTERNAL,
				 "webhooks cannot be delivered: libcurl gives no multi handle");
	}
	(void)crew->api.multi_setopt(crew->multi, CURLMOPT_MAXCONNECTS, IDLE_CONNECTIONS);
	(void)crew->api.multi_setopt(crew->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	(void)crew->api.multi_setopt(crew->multi, CURLMOPT_SOCKETDATA, (void *)crew);
	(void)crew->api.multi_setopt(crew->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	(void)crew->api.multi_setopt(crew->multi, CURLMOPT_TIMERDATA, (void *)crew);
	return ERR_OK;
}

void crew_release(struct crew *crew)
{
	for (size_t i = 0; i < crew->active.count; i++)
		(void)crew->api.multi_remove_handle(crew->multi, crew->active.items[i]->easy);
	list_release(&crew->active);
	list_release(&crew->queue);
	list_release(&crew->idle);
	free(crew->shares);
	crew->shares = NULL;
	crew->share_count = crew->share_capacity = 0;
	if (crew->multi) {
		(void)crew->api.multi_cleanup(crew->multi);
		(void)close(crew->epoll);
	}
	crew->multi = NULL;
	crew->ready.count = 0;
}

struct transfer *crew_load(struct crew *crew, const struct delivery_job *job, int64_t leased_ms)
{
	struct transfer *transfer =
		crew->idle.count ? crew->idle.items[--crew->idle.count] : transfer_new(&crew->api);
	transfer->limits = &crew->limits;
	transfer_load(transfer, job, leased_ms);
	return transfer;
}

static struct crew_share *share_of(struct crew *crew, int64_t endpoint)
{
	for (size_t i = 0; i < crew->share_count; i++)
		if (crew->shares[i].endpoint == endpoint)
			return &crew->shares[i];
	if (crew->share_count == crew->share_capacity) {
		crew->share_capacity = crew->share_capacity ? crew->share_capacity * 2 : 16;
		crew->shares = xrealloc_array(crew->shares, crew->share_capacity, sizeof(*crew->shares));
	}
	struct crew_share *share = &crew->shares[crew->share_count++];
	*share = (struct crew_share){ .endpoint = endpoint };
	return share;
}

/* An endpoint with nothing queued or under way needs no place in the list. */
static void share_drop(struct crew *crew, struct crew_share *share)
{
	if (!share->active && !share->queued)
		*share = crew->shares[--crew->share_count];
}

void crew_queue(struct crew *crew, struct transfer *transfer)
{
	push(&crew->queue, transfer);
	share_of(crew, transfer->endpoint)->queued++;
}

static bool is_full(const struct crew *crew, int64_t endpoint, size_t per_endpoint)
{
	for (size_t i = 0; i < crew->share_count; i++)
		if (crew->shares[i].endpoint == endpoint)
			return crew->shares[i].active >= per_endpoint;
	return false;
}

struct transfer *crew_next(struct crew *crew, size_t per_endpoint)
{
	struct transfer_list *queue = &crew->queue;
	for (size_t i = 0; i < queue->count; i++) {
		struct transfer *transfer = queue->items[i];
		if (is_full(crew, transfer->endpoint, per_endpoint))
			continue;
		queue->count--;
		memmove(queue->items + i, queue->items + i + 1, (queue->count - i) * sizeof(struct transfer *));
		struct crew_share *share = share_of(crew, transfer->endpoint);
		share->queued--;
		share_drop(crew, share);
		return transfer;
	}
	return NULL;
}

size_t crew_ready(const struct crew *crew, size_t per_endpoint)
{
	size_t ready = 0;
	for (size_t i = 0; i < crew->share_count; i++)
		if (crew->shares[i].active < per_endpoint)
			ready += crew->shares[i].queued;
	return ready;
}

enum err crew_add(struct crew *crew, struct transfer *transfer, struct error *error)
{
	CURLMcode code = crew->api.multi_add_handle(crew->multi, transfer->easy);
	if (code != CURLM_OK) {
		crew_rest(crew, transfer);
		return error_set(error, ERR_INTERNAL, "libcurl takes no delivery: %s",
				 crew->api.multi_strerror(code));
	}
	transfer->place = crew->active.count;
	push(&crew->active, transfer);
	share_of(crew, transfer->endpoint)->active++;
	return ERR_OK;
}

void crew_rest(struct crew *crew, struct transfer *transfer)
{
	transfer_clear(transfer);
	push(&crew->idle, transfer);
}

size_t crew_busy(const struct crew *crew, int64_t now_ms, int64_t slow_ms)
{
	size_t busy = 0;
	for (size_t i = 0; i < crew->active.count; i++)
		busy += now_ms - crew->active.items[i]->started_ms < slow_ms;
	return busy;
}

static CURLMcode tell(struct crew *crew, const struct epoll_event *event)
{
	int running, what = 0;

	if (event->data.fd == crew->wake_fd)
		return CURLM_OK;
	if (event->events & EPOLLIN)
		what |= CURL_CSELECT_IN;
	if (event->events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (event->events & (EPOLLERR | EPOLLHUP))
		what |= CURL_CSELECT_ERR;
	return crew->api.multi_socket_action(crew->multi, event->data.fd, what, &running);
}

static void look(struct crew *crew, int timeout_ms)
{
	int count = epoll_wait(crew->epoll, crew->ready.items, CREW_READY_MAX, timeout_ms);

	crew->ready.count = count > 0 ? (size_t)count : 0;
}

enum err crew_perform(struct crew *crew, struct error *error)
{
	CURLMcode code = CURLM_OK;
	int running;

	if (!crew->multi)
		return ERR_OK;
	/* Also what came since the last wait: whoever was stopped in between takes an answer for one. */
	if (!crew->ready.count)
		look(crew, 0);
	while (code == CURLM_OK && crew->ready.count) {
		size_t count = crew->ready.count;

		for (size_t i = 0; code == CURLM_OK && i < count; i++)
			code = tell(crew, &crew->ready.items[i]);
		crew->ready.count = 0;
		if (count == CREW_READY_MAX)
			look(crew, 0);
	}
	if (code == CURLM_OK && crew->timer_at_ms <= world_monotonic_ms(crew->world)) {
		crew->timer_at_ms = INT64_MAX;
		code = crew->api.multi_socket_action(crew->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	if (code != CURLM_OK)
		return error_set(error, ERR_INTERNAL, "libcurl stopped: %s", crew->api.multi_strerror(code));
	return ERR_OK;
}

static void leave_network(struct crew *crew, struct transfer *transfer)
{
	struct transfer *last = crew->active.items[--crew->active.count];
	(void)crew->api.multi_remove_handle(crew->multi, transfer->easy);
	crew->active.items[transfer->place] = last;
	last->place = transfer->place;
	struct crew_share *share = share_of(crew, transfer->endpoint);
	share->active--;
	share_drop(crew, share);
}

struct transfer *crew_done(struct crew *crew, CURLcode *code)
{
	int left;
	const CURLMsg *message;
	while (crew->active.count && (message = crew->api.multi_info_read(crew->multi, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		char *owner = NULL;
		*code = message->data.result;
		CURL *easy = message->easy_handle;
		if (crew->api.easy_getinfo(easy, CURLINFO_PRIVATE, &owner) != CURLE_OK || !owner)
			BUG("libcurl lost a transfer");
		struct transfer *transfer = (struct transfer *)(void *)owner;
		leave_network(crew, transfer);
		return transfer;
	}
	return NULL;
}

struct transfer *crew_break_off(struct crew *crew)
{
	if (!crew->active.count)
		return NULL;
	struct transfer *transfer = crew->active.items[crew->active.count - 1];
	leave_network(crew, transfer);
	return transfer;
}

void crew_drop_queue(struct crew *crew)
{
	while (crew->queue.count)
		crew_rest(crew, crew->queue.items[--crew->queue.count]);
	for (size_t i = crew->share_count; i-- > 0;) {
		crew->shares[i].queued = 0;
		share_drop(crew, &crew->shares[i]);
	}
}

void crew_wait(struct crew *crew, int64_t timeout_ms)
{
	if (!crew->multi) {
		struct pollfd wake = { .fd = crew->wake_fd, .events = POLLIN };
		(void)poll(&wake, 1, (int)timeout_ms);
		return;
	}
	if (crew->timer_at_ms != INT64_MAX) {
		int64_t timer_ms = crew->timer_at_ms - world_monotonic_ms(crew->world);
		timeout_ms = timer_ms < timeout_ms ? timer_ms : timeout_ms;
	}
	look(crew, timeout_ms > 0 ? (int)timeout_ms : 0);
}
