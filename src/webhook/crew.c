#include "crew.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

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

enum err crew_open(struct crew *crew, struct error *error)
{
	if (crew->multi)
		return ERR_OK;
	enum err err = curl_load(&crew->api, error);
	if (err)
		return err;
	crew->multi = crew->api.multi_init();
	if (!crew->multi)
		return error_set(error, ERR_INTERNAL,
				 "webhooks cannot be delivered: libcurl gives no multi handle");
	(void)crew->api.multi_setopt(crew->multi, CURLMOPT_MAXCONNECTS, IDLE_CONNECTIONS);
	return ERR_OK;
}

void crew_release(struct crew *crew)
{
	for (size_t i = 0; i < crew->active.count; i++)
		(void)crew->api.multi_remove_handle(crew->multi, crew->active.items[i]->easy);
	list_release(&crew->active);
	list_release(&crew->queue);
	list_release(&crew->idle);
	if (crew->multi)
		(void)crew->api.multi_cleanup(crew->multi);
	crew->multi = NULL;
}

void crew_queue(struct crew *crew, const struct delivery_job *job, bool sandbox, int64_t now_ms)
{
	struct transfer *transfer =
		crew->idle.count ? crew->idle.items[--crew->idle.count] : transfer_new(&crew->api);
	transfer_load(transfer, job, sandbox, now_ms);
	push(&crew->queue, transfer);
}

struct transfer *crew_next(struct crew *crew)
{
	if (!crew->queue.count)
		return NULL;
	struct transfer *first = crew->queue.items[0];
	crew->queue.count--;
	memmove(crew->queue.items, crew->queue.items + 1, crew->queue.count * sizeof(struct transfer *));
	return first;
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
	return ERR_OK;
}

void crew_rest(struct crew *crew, struct transfer *transfer)
{
	transfer_clear(transfer);
	push(&crew->idle, transfer);
}

size_t crew_busy(const struct crew *crew, int64_t now_ms, int64_t slow_ms)
{
	size_t busy = crew->queue.count;
	for (size_t i = 0; i < crew->active.count; i++)
		busy += now_ms - crew->active.items[i]->started_ms < slow_ms;
	return busy;
}

enum err crew_perform(struct crew *crew, struct error *error)
{
	int running;
	CURLMcode code = crew->active.count ? crew->api.multi_perform(crew->multi, &running) : CURLM_OK;
	if (code != CURLM_OK)
		return error_set(error, ERR_INTERNAL, "libcurl stopped: %s", crew->api.multi_strerror(code));
	return ERR_OK;
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
		(void)crew->api.multi_remove_handle(crew->multi, easy);
		struct transfer *last = crew->active.items[--crew->active.count];
		crew->active.items[transfer->place] = last;
		last->place = transfer->place;
		return transfer;
	}
	return NULL;
}

enum err crew_wait(struct crew *crew, int wake_fd, int timeout_ms, struct error *error)
{
	if (!crew->active.count) {
		struct pollfd wake = { .fd = wake_fd, .events = POLLIN };
		(void)poll(&wake, 1, timeout_ms);
		return ERR_OK;
	}
	struct curl_waitfd wake = { .fd = wake_fd, .events = CURL_WAIT_POLLIN };
	int ready;
	CURLMcode code = crew->api.multi_poll(crew->multi, &wake, 1, timeout_ms, &ready);
	if (code != CURLM_OK)
		return error_set(error, ERR_INTERNAL, "libcurl stopped: %s", crew->api.multi_strerror(code));
	return ERR_OK;
}
