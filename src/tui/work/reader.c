#include "reader.h"

#include "kybdesk/settings/drafts.h"
#include "kybdesk/tui/convert.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define WATCH_EVERY_MS 250

struct reader {
	struct desk *desk;
	pthread_t thread;
	pthread_mutex_t lock;
	struct work *waiting, **waiting_end;
	struct work *done, **done_end;
	const struct work *running;
	bool running_cancelled, stopping;
	_Atomic bool leaving; /* the same, for what runs without the lock */
	int fd, asked_fd;
	struct converter *converter;
};

struct work *work_new(enum work_kind kind)
{
	struct work *work = xcalloc(1, sizeof *work);
	work->kind = kind;
	work->id = work->name = work->reference = work->what = work->merchant = work->after = work->item =
		work->reason = work->text = work->note = work->path = work->fields = "";
	work->next_id = work->out.link = work->claim_message = "";
	strbuf_init(&work->bytes);
	strbuf_init(&work->paper.text);
	work->paper.note = "";
	work->retryable = -1;
	work->total = -1;
	return work;
}

struct work *work_of_draft(const char *path, const struct kept_draft *draft)
{
	struct work *work = work_new(WORK_DRAFT);
	work->path = arena_strdup(&work->arena, path);
	work->kept = kept_draft_copy(&work->arena, draft);
	return work;
}

struct work *work_of_deed(const struct deed *deed)
{
	struct work *work = work_new(WORK_ACT);
	work->deed = deed;
	work->verb = deed->verb;
	return work;
}

struct work *work_rest(struct work *answer)
{
	if (!answer->partial)
		return NULL;
	struct work *rest = work_new(WORK_LIST);
	rest->ticket = answer->ticket;
	rest->seen_version = answer->seen_version;
	rest->after = arena_strdup(&rest->arena, answer->after);
	rest->count_all = answer->count_all;
	rest->search = answer->search;
	answer->search = NULL;
	return rest;
}

void work_free(struct work *work)
{
	if (!work)
		return;
	error_release(&work->error);
	desk_search_end(work->search);
	strbuf_wipe(&work->bytes);
	strbuf_wipe(&work->paper.text);
	arena_release(&work->arena);
	free(work);
}

static bool is_replaceable(enum work_kind kind)
{
	return kind < WORK_ACT;
}

static void ring(int fd)
{
	uint64_t one = 1;
	if (write(fd, &one, sizeof one) < 0) {
		/* full: whoever waits there is awake already */
	}
}

static void put_last(struct reader *reader, struct work *work)
{
	work->next = NULL;
	*reader->waiting_end = work;
	reader->waiting_end = &work->next;
}

static void give_back(struct reader *reader, struct work *work)
{
	work->next = NULL;
	*reader->done_end = work;
	reader->done_end = &work->next;
	ring(reader->fd);
}

static struct work *take_waiting(struct reader *reader)
{
	struct work *work = reader->waiting;
	if (!work)
		return NULL;
	reader->waiting = work->next;
	if (!reader->waiting)
		reader->waiting_end = &reader->waiting;
	return work;
}

/* By a pollable counter, not by a condition variable: that would need a clock of its own. */
static void wait_for_work(struct reader *reader)
{
	struct pollfd asked = { .fd = reader->asked_fd, .events = POLLIN };
	uint64_t count;
	pthread_mutex_unlock(&reader->lock);
	if (poll(&asked, 1, WATCH_EVERY_MS) > 0 && read(reader->asked_fd, &count, sizeof count) < 0) {
		/* somebody else cleared it */
	}
	pthread_mutex_lock(&reader->lock);
}

/* Without the lock. Somebody else changed the store. */
static bool has_changed(struct reader *reader, int64_t *seen)
{
	int64_t version = desk_data_version(reader->desk);
	bool changed = version != *seen;
	*seen = version;
	return changed;
}

static void *reader_main(void *context)
{
	struct reader *reader = context;
	int64_t seen = desk_data_version(reader->desk);
	unsigned idle = 0;
	struct own_changes own = { .id = "" };
	pthread_mutex_lock(&reader->lock);
	for (;;) {
		struct work *work = take_waiting(reader);
		if (!work && reader->stopping)
			break;
		if (!work) {
			wait_for_work(reader);
			if (reader->waiting || reader->stopping)
				continue;
			pthread_mutex_unlock(&reader->lock);
			bool changed = has_changed(reader, &seen);
			if (++idle % 40 == 0)
				desk_maintain(reader->desk);
			pthread_mutex_lock(&reader->lock);
			if (changed)
				give_back(reader, work_new(WORK_CHANGED));
			continue;
		}
		if (reader->stopping && is_replaceable(work->kind)) {
			work_free(work);
			continue;
		}
		idle = 0;
		reader->running = work;
		reader->running_cancelled = false;
		pthread_mutex_unlock(&reader->lock);
		work->leaving = &reader->leaving;
		own_changes_before(&own, work);
		work_do(reader->desk, work);
		own_changes_after(&own, work);
		struct work *rest = work_rest(work);
		bool changed = rest && has_changed(reader, &seen);
		pthread_mutex_lock(&reader->lock);
		reader->running = NULL;
		if (changed)
			give_back(reader, work_new(WORK_CHANGED));
		if (rest && !reader->running_cancelled)
			put_last(reader, rest); /* what was asked for meanwhile is done first */
		else
			work_free(rest);
		if (reader->running_cancelled && !work->claimed) /* a claim that nobody waits for is released */
			work_free(work);
		else if (work->kind == WORK_PAPER && !work->status)
			converter_ask(reader->converter, work);
		else
			give_back(reader, work);
	}
	pthread_mutex_unlock(&reader->lock);
	return NULL;
}

/* On the converter's thread. */
static void give_converted(void *context, struct work *work)
{
	struct reader *reader = context;
	pthread_mutex_lock(&reader->lock);
	give_back(reader, work);
	pthread_mutex_unlock(&reader->lock);
}

/* One whose thread does not run. */
static void reader_discard(struct reader *reader)
{
	converter_stop(reader->converter);
	if (reader->fd >= 0)
		close(reader->fd);
	if (reader->asked_fd >= 0)
		close(reader->asked_fd);
	pthread_mutex_destroy(&reader->lock);
	free(reader);
}

enum err reader_start(struct desk *desk, struct reader **out, struct error *error)
{
	struct reader *reader = xcalloc(1, sizeof *reader);
	reader->desk = desk;
	reader->waiting_end = &reader->waiting;
	reader->done_end = &reader->done;
	reader->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	reader->asked_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&reader->lock, NULL);
	enum err err = converter_start(give_converted, reader, &reader->converter, error);
	if (err) {
		reader_discard(reader);
		return err;
	}
	int failed = reader->fd < 0 || reader->asked_fd < 0
			     ? errno
			     : pthread_create(&reader->thread, NULL, reader_main, reader);
	if (failed) {
		reader_discard(reader);
		return error_set(error, ERR_INTERNAL, "the reader can't be started: %s", strerror(failed));
	}
	*out = reader;
	return ERR_OK;
}

static void free_all(struct work *work)
{
	while (work) {
		struct work *next = work->next;
		work_free(work);
		work = next;
	}
}

void reader_stop(struct reader *reader)
{
	if (!reader)
		return;
	pthread_mutex_lock(&reader->lock);
	reader->stopping = true;
	reader->leaving = true;
	if (reader->running && is_replaceable(reader->running->kind))
		desk_interrupt(reader->desk);
	ring(reader->asked_fd);
	pthread_mutex_unlock(&reader->lock);
	pthread_join(reader->thread, NULL);
	converter_stop(reader->converter);
	free_all(reader->waiting);
	free_all(reader->done);
	desk_close(reader->desk);
	close(reader->fd);
	close(reader->asked_fd);
	pthread_mutex_destroy(&reader->lock);
	free(reader);
}

static void cancel_locked(struct reader *reader, enum work_kind kind)
{
	struct work **at = &reader->waiting;
	while (*at) {
		struct work *work = *at;
		if (work->kind == kind) {
			*at = work->next;
			work_free(work);
		} else {
			at = &work->next;
		}
	}
	reader->waiting_end = at;
	if (kind == WORK_PAPER)
		converter_cancel(reader->converter);
	if (reader->running && reader->running->kind == kind) {
		reader->running_cancelled = true;
		desk_interrupt(reader->desk);
	}
}

void reader_ask(struct reader *reader, struct work *work)
{
	pthread_mutex_lock(&reader->lock);
	if (is_replaceable(work->kind))
		cancel_locked(reader, work->kind);
	put_last(reader, work);
	ring(reader->asked_fd);
	pthread_mutex_unlock(&reader->lock);
}

void reader_cancel(struct reader *reader, enum work_kind kind)
{
	pthread_mutex_lock(&reader->lock);
	cancel_locked(reader, kind);
	pthread_mutex_unlock(&reader->lock);
}

int reader_fd(const struct reader *reader)
{
	return reader->fd;
}

struct work *reader_take(struct reader *reader)
{
	uint64_t count;
	pthread_mutex_lock(&reader->lock);
	struct work *work = reader->done;
	if (work) {
		reader->done = work->next;
		if (!reader->done)
			reader->done_end = &reader->done;
		work->next = NULL;
	} else if (read(reader->fd, &count, sizeof count) < 0) {
		/* nothing to clear */
	}
	pthread_mutex_unlock(&reader->lock);
	return work;
}
