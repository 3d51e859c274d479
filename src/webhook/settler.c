#include "settler.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static void wait_for_semaphore(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0)
		;
}

void settler_init(struct settler *settler, struct store *store, int wake_fd)
{
	*settler = (struct settler){ .store = store, .wake_fd = wake_fd };
	(void)sem_init(&settler->request_ready, 0, 0);
	(void)sem_init(&settler->request_done, 0, 0);
}

static void run_settle_request(struct settler *settler)
{
	struct settlement_and_lease *order = &settler->request;

	settler->err = store_delivery_settle_and_lease(settler->store, &settler->jobs, order, &settler->error);
	if (!settler->err && order->count)
		store_maintain(settler->store);
}

static void *settler_thread_main(void *context)
{
	struct settler *settler = context;
	const uint64_t one = 1;

	for (wait_for_semaphore(&settler->request_ready); !settler->must_end;
	     wait_for_semaphore(&settler->request_ready)) {
		run_settle_request(settler);
		(void)sem_post(&settler->request_done);
		ssize_t ignored = write(settler->wake_fd, &one, sizeof one);
		(void)ignored;
	}
	return NULL;
}

/* The new thread blocks all signals: other threads handle them. */
static void settler_begin_thread(struct settler *settler)
{
	sigset_t all, before;

	if (settler->has_thread)
		return;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	settler->has_thread = !pthread_create(&settler->thread, NULL, settler_thread_main, settler);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void settler_start(struct settler *settler, const struct settlement_and_lease *order, bool in_thread)
{
	if (settler->is_busy)
		BUG("a settle request is already in progress");
	settler->request = *order;
	settler->is_busy = true;
	if (in_thread)
		settler_begin_thread(settler);
	if (in_thread && settler->has_thread) {
		(void)sem_post(&settler->request_ready);
		return;
	}
	run_settle_request(settler);
	(void)sem_post(&settler->request_done);
}

bool settler_is_done(struct settler *settler)
{
	int done = 0;

	(void)sem_getvalue(&settler->request_done, &done);
	return done > 0;
}

enum err settler_wait(struct settler *settler, struct error *error)
{
	wait_for_semaphore(&settler->request_done);
	settler->is_busy = false;
	if (settler->err)
		error_move(error, &settler->error);
	return settler->err;
}

/* Wipes the secrets, because the next settler_start() reuses the arena. */
void settler_wipe_jobs(struct settler *settler)
{
	const struct delivery_lease *taken = &settler->request.lease;

	for (size_t i = 0; i < taken->count; i++) {
		union {
			const char *seen;
			char *wiped;
		} secret = { .seen = taken->jobs[i].secret }, old_secret = { .seen = taken->jobs[i].old_secret };
		if (*secret.seen)
			secret_wipe(secret.wiped, strlen(secret.seen));
		if (*old_secret.seen)
			secret_wipe(old_secret.wiped, strlen(old_secret.seen));
	}
	settler->request = (struct settlement_and_lease){ 0 };
	arena_reset(&settler->jobs);
}

void settler_release(struct settler *settler)
{
	if (settler->is_busy)
		BUG("the settle thread ends while a settle request is in progress");
	if (settler->has_thread) {
		settler->must_end = true;
		(void)sem_post(&settler->request_ready);
		(void)pthread_join(settler->thread, NULL);
	}
	arena_release(&settler->jobs);
	(void)sem_destroy(&settler->request_ready);
	(void)sem_destroy(&settler->request_done);
}
