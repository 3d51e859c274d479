#include "writer.h"
#include "exchange.h"
#include "kybdesk/desk/once.h"

#include <string.h>

/* A batch takes further requests until it has held the store's lock for LOCK_MS, or for LOCK_NO_WAITER_MS if no other
 * process waits for the lock. */
#define LOCK_MS 10
#define LOCK_NO_WAITER_MS 40
/* A larger batch saves little time, and every request waits for the end of its batch. */
#define BATCH_MAX 64
/* The first BATCH_FIRST_REQUESTS requests of a batch may take LOCK_FIRST_REQUESTS_MS, even if another process waits for
 * the lock: on a database server each request takes milliseconds. */
#define BATCH_FIRST_REQUESTS 16
#define LOCK_FIRST_REQUESTS_MS 60

static bool is_batchable(const struct route *route)
{
	/* A DELETE may erase stored bytes after its commit, so a DELETE does not use the writer. */
	return route && route->verb != READ_ONLY && (route->body == BODY_NONE || route->body == BODY_JSON) &&
	       strcmp(route->method, "DELETE") != 0;
}

bool writer_add(struct exchange *x)
{
	struct writer *writer = &x->server->writer;
	bool added;

	if (!is_batchable(x->request.route))
		return false;
	x->next_writing = NULL;
	(void)pthread_mutex_lock(&writer->lock);
	added = !writer->is_stopping;
	if (added) {
		microhttpd.suspend_connection(x->mhd);
		*writer->end = x;
		writer->end = &x->next_writing;
		(void)pthread_cond_signal(&writer->wakeup);
	}
	(void)pthread_mutex_unlock(&writer->lock);
	return added;
}

/* Takes the next request from the queue. wait: waits for a request; NULL then means that the writer stops. Without
 * `wait`, NULL means that the queue is empty. */
static struct exchange *take_request(struct writer *writer, bool wait)
{
	struct exchange *x;

	(void)pthread_mutex_lock(&writer->lock);
	while (wait && !writer->first && !writer->is_stopping)
		(void)pthread_cond_wait(&writer->wakeup, &writer->lock);
	x = writer->first;
	if (x) {
		writer->first = x->next_writing;
		if (!writer->first)
			writer->end = &writer->first;
	}
	(void)pthread_mutex_unlock(&writer->lock);
	return x;
}

static bool has_waiting_request(struct writer *writer)
{
	bool waits;

	(void)pthread_mutex_lock(&writer->lock);
	waits = writer->first != NULL;
	(void)pthread_mutex_unlock(&writer->lock);
	return waits;
}

static bool may_extend_batch(struct desk *desk, size_t count, int64_t held_ms)
{
	if (count < BATCH_FIRST_REQUESTS)
		return held_ms < LOCK_FIRST_REQUESTS_MS;
	return count < BATCH_MAX && (held_ms < LOCK_MS || (held_ms < LOCK_NO_WAITER_MS && !desk_has_lock_waiter(desk)));
}

/* Discards the handler's response, because its changes were rolled back. */
static void discard_answer(struct exchange *x)
{
	json_free(x->request.answer.json);
	x->request.answer = (struct answer){ .limit = x->request.answer.limit };
	strbuf_wipe(&x->request.out);
	strbuf_init(&x->request.out);
}

/* Nothing was committed: `why` replaces the response of every request that had not failed. */
static void fail_batch(struct exchange *const *run, size_t count, const struct error *why)
{
	for (size_t i = 0; i < count; i++) {
		struct exchange *x = run[i];

		if (x->failed)
			continue;
		discard_answer(x);
		(void)exchange_record_error(x, error_set(&x->error, why->code, "%s", why->message));
	}
}

/* Another process has held the store's lock for seconds. Refuses all waiting requests at once, because each request
 * would wait for the same number of seconds. */
static size_t refuse_waiting_requests(struct server *server, struct exchange *first, struct exchange **run,
				      struct error *why)
{
	size_t count = 0;

	for (struct exchange *x = first; x; x = count < BATCH_MAX ? take_request(&server->writer, false) : NULL)
		run[count++] = x;
	fail_batch(run, count, why);
	error_release(why);
	return count;
}

/* Runs `first` and the requests that wait behind it in one transaction. Returns their number. */
static size_t run_batch(struct server *server, struct desk *desk, struct exchange *first, struct exchange **run)
{
	const struct world *world = server->options->world;
	struct error error = { 0 };
	struct exchange *x = first;
	size_t count = 0;
	int64_t begun;

	if (!has_waiting_request(&server->writer)) {
		exchange_run(first, desk);
		run[count++] = first;
		return count;
	}
	if (desk_begin_hold(desk, &error))
		return refuse_waiting_requests(server, first, run, &error);
	begun = world_monotonic_ms(world);
	do {
		exchange_run(x, desk);
		run[count++] = x;
	} while (may_extend_batch(desk, count, world_monotonic_ms(world) - begun) &&
		 (x = take_request(&server->writer, false)));
	if (desk_end_hold(desk, true, &error))
		fail_batch(run, count, &error);
	error_release(&error);
	return count;
}

static void *run_writer(void *context)
{
	struct server *server = context;
	struct exchange *run[BATCH_MAX], *first;

	while ((first = take_request(&server->writer, true))) {
		size_t at = server_borrow_desk(server, BORROW_ALWAYS);
		size_t count = run_batch(server, server->desks[at], first, run);

		server_return_desk(server, at);
		metrics_count_commit(&server->metrics, count);
		for (size_t i = 0; i < count; i++)
			microhttpd.resume_connection(run[i]->mhd);
	}
	return NULL;
}

enum err writer_start(struct server *server, struct error *error)
{
	int failed = pthread_create(&server->writer.thread, NULL, run_writer, server);

	server->writer.is_started = !failed;
	return failed ? error_set(error, ERR_INTERNAL, "A thread cannot be started: %s", strerror(failed)) : ERR_OK;
}

void writer_stop(struct server *server)
{
	struct writer *writer = &server->writer;

	if (!writer->is_started)
		return;
	(void)pthread_mutex_lock(&writer->lock);
	writer->is_stopping = true;
	(void)pthread_cond_signal(&writer->wakeup);
	(void)pthread_mutex_unlock(&writer->lock);
	(void)pthread_join(writer->thread, NULL);
	writer->is_started = false;
}
