#include "reader.h"

#include "kybdesk/base/wait.h"
#include "kybdesk/base/world.h"
#include "jobs/convert.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define WATCH_EVERY_MS 250
/* Minimum time between two reports of changes by other processes: CHANGES_FACTOR times the duration of the last
 * reading of list and counts, so that many workbenches can share a store, but at least CHANGES_MIN_MS and at most
 * CHANGES_MAX_MS. */
#define CHANGES_MIN_MS 1000
#define CHANGES_MAX_MS 4000
#define CHANGES_FACTOR 200
/* How long a program that ends may still wait for the store: altogether, and for one answer or lock. */
#define STOP_WAIT_MS 8000
#define STOP_WAIT_ANSWER_MS 1500
/* A server that does not answer for this long is reported. */
#define SILENT_S 3

struct job_list {
	struct job *first, **end;
};
struct reader {
	struct desk *desk;
	pthread_t thread;
	pthread_mutex_t lock;
	struct job_list waiting, done;
	const struct job *running;
	bool running_cancelled, stopping;
	_Atomic bool stop_flag;	  /* like `stopping`, for code that does not hold the lock */
	_Atomic int64_t silent_s; /* reader_silent_s() */
	int fd, request_fd;
	struct converter *converter;
};

struct job *job_new(enum job_kind kind)
{
	struct job *job = xcalloc(1, sizeof *job);
	job->kind = kind;
	job->in.part = job->in.reason = job->in.text = job->in.note = "";
	job->in.party = &job->party;
	job->session_id = job->name = job->reference = job->extra_text = job->merchant = job->after = job->path = "";
	job->next_case_id = job->out.link = job->claim_failure_text = "";
	strbuf_init(&job->bytes);
	strbuf_init(&job->content.text);
	job->content.note = job->content.reader = job->content.attachments = "";
	job->total = -1;
	return job;
}

struct job *job_of_ui_action(const struct ui_action *ui_action)
{
	struct job *job = job_new(JOB_UI_ACTION);
	job_set_ui_action(job, ui_action);
	return job;
}

void job_set_ui_action(struct job *job, const struct ui_action *ui_action)
{
	job->ui_action = ui_action;
	job->in.verb = ui_action->verb;
}

/* Makes a new request for the remaining work of a partial response; NULL: the response is not partial. */
static struct job *make_remainder_job(struct job *response)
{
	if (!response->partial)
		return NULL;
	struct job *rest = job_new(JOB_LIST);
	rest->ticket = response->ticket;
	rest->first_page = response->first_page;
	rest->after = arena_strdup(&rest->arena, response->after);
	rest->counts_all_cases = response->counts_all_cases;
	rest->search = response->search;
	response->search = NULL;
	return rest;
}

void job_free(struct job *job)
{
	if (!job || (job->extra_owner_count && job->extra_owner_count--))
		return;
	error_release(&job->error);
	desk_search_end(job->search);
	strbuf_wipe(&job->bytes);
	strbuf_wipe(&job->content.text);
	picture_data_release(job->content.picture);
	arena_release(&job->arena);
	free(job);
}

static bool is_replaceable(enum job_kind kind)
{
	return kind < JOB_UI_ACTION;
}

static void wake_thread(int fd)
{
	uint64_t one = 1;
	if (write(fd, &one, sizeof one) < 0) {
		/* the eventfd counter is at its maximum: the waiting thread is awake already */
	}
}

static void append_job(struct job_list *list, struct job *job)
{
	job->next = NULL;
	*list->end = job;
	list->end = &job->next;
}

static struct job *pop_job(struct job_list *list)
{
	struct job *job = list->first;
	if (!job)
		return NULL;
	list->first = job->next;
	if (!list->first)
		list->end = &list->first;
	return job;
}

static void finish_job(struct reader *reader, struct job *job)
{
	append_job(&reader->done, job);
	wake_thread(reader->fd);
}

/* Whether the job saves what the reviewer has done or written. */
static bool saves_work(const struct job *job)
{
	return job->kind == JOB_DRAFT || (job->kind == JOB_UI_ACTION && job->in.verb != VERB_RELEASE);
}

static void set_silent(struct reader *reader, int64_t seconds)
{
	if (atomic_exchange(&reader->silent_s, seconds) != seconds)
		wake_thread(reader->fd);
}

/* The watch of the reader thread. */
static bool note_silence(void *context, enum wait_peer peer, int64_t waited_ms)
{
	struct reader *reader = context;
	int64_t seconds = waited_ms / 1000;
	if (seconds >= SILENT_S)
		set_silent(reader, peer == WAIT_FOR_STORE ? seconds : -seconds);
	if (reader->stop_flag && waited_ms >= STOP_WAIT_ANSWER_MS)
		wait_end_all(
			0); /* the later waits would be as long: what is not saved is named, and its texts are kept */
	return true;
}

/* Waits for a request, at most WATCH_EVERY_MS. poll() measures this time correctly even if the clock is changed. */
static void wait_for_job(struct reader *reader)
{
	struct pollfd request = { .fd = reader->request_fd, .events = POLLIN };
	uint64_t count;
	pthread_mutex_unlock(&reader->lock);
	if (poll(&request, 1, WATCH_EVERY_MS) > 0 && read(reader->request_fd, &count, sizeof count) < 0) {
		/* already cleared */
	}
	pthread_mutex_lock(&reader->lock);
}

/* The last change by another process that this thread has noticed: version of the store, and time. */
struct change_watch {
	int64_t version, at_ms;
	int64_t list_ms, counts_ms; /* duration of the last JOB_LIST and of the last JOB_COUNTS */
};

static void record_duration(struct change_watch *change_watch, enum job_kind kind, int64_t took_ms)
{
	if (kind == JOB_LIST)
		change_watch->list_ms = took_ms;
	else if (kind == JOB_COUNTS)
		change_watch->counts_ms = took_ms;
}

static int64_t change_interval_ms(const struct change_watch *change_watch)
{
	int64_t every = (change_watch->list_ms + change_watch->counts_ms) * CHANGES_FACTOR;

	every = every < CHANGES_MIN_MS ? CHANGES_MIN_MS : every;
	return every < CHANGES_MAX_MS ? every : CHANGES_MAX_MS;
}

/* Whether another process changed the store. True at most once in change_interval_ms(), since each change
 * makes every workbench of the store read its displayed data again. Call without the lock. */
static bool notice_store_change(struct reader *reader, struct change_watch *change_watch)
{
	int64_t now = world_monotonic_ms(world_real()), version;

	if (now - change_watch->at_ms < change_interval_ms(change_watch))
		return false;
	version = desk_data_version(reader->desk);
	if (version == change_watch->version)
		return false;
	change_watch->version = version;
	change_watch->at_ms = now;
	return true;
}

static void *reader_main(void *context)
{
	struct reader *reader = context;
	struct change_watch change_watch = { .version = desk_data_version(reader->desk) };
	unsigned idle = 0;
	struct own_changes own = { .id = "" };
	wait_set_watch(note_silence, reader);
	pthread_mutex_lock(&reader->lock);
	for (;;) {
		set_silent(reader, 0);
		struct job *job = pop_job(&reader->waiting);
		if (!job && reader->stopping)
			break;
		if (!job) {
			wait_for_job(reader);
			if (reader->waiting.first || reader->stopping)
				continue;
			pthread_mutex_unlock(&reader->lock);
			bool changed = notice_store_change(reader, &change_watch);
			if (++idle % 40 == 0)
				desk_maintain(reader->desk);
			pthread_mutex_lock(&reader->lock);
			if (changed)
				finish_job(reader, job_new(JOB_STORE_CHANGED));
			continue;
		}
		if (reader->stopping && is_replaceable(job->kind)) {
			job_free(job);
			continue;
		}
		idle = 0;
		reader->running = job;
		reader->running_cancelled = false;
		pthread_mutex_unlock(&reader->lock);
		job->stop_flag = &reader->stop_flag;
		int64_t began = world_monotonic_ms(world_real());
		job_do(reader->desk, &own, job);
		set_silent(reader, 0); /* before the result: its message must stay */
		record_duration(&change_watch, job->kind, world_monotonic_ms(world_real()) - began);
		struct job *rest = make_remainder_job(job);
		bool changed = rest && notice_store_change(reader, &change_watch);
		pthread_mutex_lock(&reader->lock);
		reader->running = NULL;
		if (changed)
			finish_job(reader, job_new(JOB_STORE_CHANGED));
		if (rest && !reader->running_cancelled)
			append_job(&reader->waiting, rest); /* newer requests run before the rest of this search */
		else
			job_free(rest);
		/* A response that claimed a case is still delivered, so that the claim can be released */
		if (reader->running_cancelled && !job->is_case_claimed)
			job_free(job);
		else if (job->kind == JOB_DOCUMENT && !job->status)
			converter_request(reader->converter, job);
		else
			finish_job(reader, job);
	}
	pthread_mutex_unlock(&reader->lock);
	return NULL;
}

/* Takes a response of the converter; called on the converter's thread. */
static void finish_converted_job(void *context, struct job *job)
{
	struct reader *reader = context;
	pthread_mutex_lock(&reader->lock);
	finish_job(reader, job);
	pthread_mutex_unlock(&reader->lock);
}

static void free_jobs(struct job_list *list)
{
	struct job *job;
	while ((job = pop_job(list)))
		job_free(job);
}

/* Frees a reader that has no running thread. */
static void reader_discard(struct reader *reader)
{
	converter_stop(reader->converter);
	free_jobs(&reader->waiting);
	free_jobs(&reader->done);
	if (reader->fd >= 0)
		close(reader->fd);
	if (reader->request_fd >= 0)
		close(reader->request_fd);
	pthread_mutex_destroy(&reader->lock);
	free(reader);
}

enum err reader_start(struct desk *desk, struct reader **out, struct error *error)
{
	struct reader *reader = xcalloc(1, sizeof *reader);
	reader->desk = desk;
	reader->waiting.end = &reader->waiting.first;
	reader->done.end = &reader->done.first;
	reader->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	reader->request_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&reader->lock, NULL);
	enum err err = converter_start(finish_converted_job, reader, &reader->converter, error);
	if (err) {
		reader_discard(reader);
		return err;
	}
	int failed = reader->fd < 0 || reader->request_fd < 0
			     ? errno
			     : pthread_create(&reader->thread, NULL, reader_main, reader);
	if (failed) {
		reader_discard(reader);
		return error_set(error, ERR_INTERNAL, "the reader cannot be started: %s", strerror(failed));
	}
	*out = reader;
	return ERR_OK;
}

/* Sets the error to what the reviewer would otherwise never hear: which of the last changes the store refused or did not
 * confirm, and why. */
static enum err unsaved_work(const struct reader *reader, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum err err = ERR_OK;
	for (const struct job *job = reader->done.first; job; job = job->next) {
		if (!job->status || !saves_work(job))
			continue;
		err = job->status;
		const char *of = job->kind == JOB_DRAFT ? "" : job->reference;
		strbuf_addf(&text, "%s%s%s%s: %s", text.len ? "; " : "", of, of[0] ? ", " : "",
			    job->kind == JOB_DRAFT ? "your text" : use_cases[job->in.verb].verb_phrase,
			    job->error.message);
	}
	if (err)
		(void)error_set(error, err, "you left before the store confirmed this: %s", text.buf);
	strbuf_release(&text);
	return err;
}

enum err reader_stop(struct reader *reader, struct error *error)
{
	if (!reader)
		return ERR_OK;
	pthread_mutex_lock(&reader->lock);
	wait_end_all(STOP_WAIT_MS); /* a store that does not answer must not keep the reviewer */
	reader->stopping = true;
	reader->stop_flag = true;
	if (reader->running && is_replaceable(reader->running->kind))
		desk_interrupt(reader->desk);
	wake_thread(reader->request_fd);
	pthread_mutex_unlock(&reader->lock);
	pthread_join(reader->thread, NULL);
	wait_end_all(STOP_WAIT_ANSWER_MS); /* of this thread, which closes the desk */
	struct desk *desk = reader->desk;
	enum err err = unsaved_work(reader, error);
	reader_discard(reader);
	desk_close(desk);
	return err;
}

/* A job that reveals personal data is not cancelled: its record may be written already. */
static void cancel_locked(struct reader *reader, enum job_kind kind)
{
	struct job **at = &reader->waiting.first;
	while (*at) {
		struct job *job = *at;
		if (job->kind == kind && !job->reveals_data) {
			*at = job->next;
			job_free(job);
		} else {
			at = &job->next;
		}
	}
	reader->waiting.end = at;
	if (kind == JOB_DOCUMENT)
		converter_request(reader->converter, NULL);
	if (reader->running && reader->running->kind == kind && !reader->running->reveals_data) {
		reader->running_cancelled = true;
		desk_interrupt(reader->desk);
	}
}

void reader_request(struct reader *reader, struct job *job)
{
	pthread_mutex_lock(&reader->lock);
	if (is_replaceable(job->kind))
		cancel_locked(reader, job->kind);
	append_job(&reader->waiting, job);
	wake_thread(reader->request_fd);
	pthread_mutex_unlock(&reader->lock);
}

void reader_cancel(struct reader *reader, enum job_kind kind)
{
	pthread_mutex_lock(&reader->lock);
	cancel_locked(reader, kind);
	pthread_mutex_unlock(&reader->lock);
}

int reader_fd(const struct reader *reader)
{
	return reader->fd;
}

int64_t reader_silent_s(const struct reader *reader)
{
	return atomic_load(&reader->silent_s);
}

struct job *reader_take_response(struct reader *reader)
{
	uint64_t count;
	pthread_mutex_lock(&reader->lock);
	struct job *job = pop_job(&reader->done);
	if (!job && read(reader->fd, &count, sizeof count) < 0) {
		/* the eventfd counter is 0 already */
	}
	pthread_mutex_unlock(&reader->lock);
	return job;
}
