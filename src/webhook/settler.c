#include "settler.h"
#include "kybdesk/base/digest.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static void lock(struct settler *settler)
{
	(void)pthread_mutex_lock(&settler->lock);
}

static void unlock(struct settler *settler)
{
	(void)pthread_mutex_unlock(&settler->lock);
}

void settler_init(struct settler *settler, struct store *store, int wake_fd)
{
	*settler = (struct settler){ .store = store, .wake_fd = wake_fd };
	(void)pthread_mutex_init(&settler->lock, NULL);
	(void)pthread_cond_init(&settler->changed, NULL);
}

static void carry_out(struct settler *settler)
{
	struct delivery_trade *order = &settler->order;

	settler->err =
		order->count ? store_delivery_trade(settler->store, &settler->jobs, order, &settler->error)
			     : store_delivery_lease(settler->store, &settler->jobs, &order->lease, &settler->error);
	if (!settler->err && order->count)
		store_maintain(settler->store);
}

static void *work(void *context)
{
	struct settler *settler = context;
	const uint64_t one = 1;

	lock(settler);
	for (;;) {
		while (settler->state != SETTLER_ORDERED && settler->state != SETTLER_LEAVES)
			(void)pthread_cond_wait(&settler->changed, &settler->lock);
		if (settler->state == SETTLER_LEAVES)
			break;
		unlock(settler);
		carry_out(settler);
		lock(settler);
		settler->state = SETTLER_DONE;
		(void)pthread_cond_broadcast(&settler->changed);
		ssize_t ignored = write(settler->wake_fd, &one, sizeof one);
		(void)ignored;
	}
	unlock(settler);
	return NULL;
}

/* Signals are handled by the threads that already run. */
static void begin_thread(struct settler *settler)
{
	sigset_t all, before;

	if (settler->has_thread)
		return;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	settler->has_thread = !pthread_create(&settler->thread, NULL, work, settler);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void set_state(struct settler *settler, enum settler_state state)
{
	lock(settler);
	settler->state = state;
	(void)pthread_cond_broadcast(&settler->changed);
	unlock(settler);
}

void settler_order(struct settler *settler, const struct delivery_trade *order, bool apart)
{
	if (settler->is_busy)
		BUG("an order is under way");
	settler->order = *order;
	settler->is_busy = true;
	if (apart)
		begin_thread(settler);
	if (apart && settler->has_thread) {
		set_state(settler, SETTLER_ORDERED);
		return;
	}
	carry_out(settler);
	set_state(settler, SETTLER_DONE);
}

bool settler_is_done(struct settler *settler)
{
	lock(settler);
	bool done = settler->state == SETTLER_DONE;
	unlock(settler);
	return done;
}

enum err settler_end(struct settler *settler, struct error *error)
{
	lock(settler);
	while (settler->state != SETTLER_DONE)
		(void)pthread_cond_wait(&settler->changed, &settler->lock);
	settler->state = SETTLER_FREE;
	unlock(settler);
	settler->is_busy = false;
	if (settler->err)
		error_move(error, &settler->error);
	return settler->err;
}

/* The next order uses the arena again: wipe the secrets. */
void settler_forget(struct settler *settler)
{
	const struct delivery_lease *taken = &settler->order.lease;

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
	settler->order = (struct delivery_trade){ 0 };
	arena_reset(&settler->jobs);
}

void settler_release(struct settler *settler)
{
	if (settler->is_busy)
		BUG("a clerk is let go with an order under way");
	if (settler->has_thread) {
		set_state(settler, SETTLER_LEAVES);
		(void)pthread_join(settler->thread, NULL);
	}
	arena_release(&settler->jobs);
	(void)pthread_mutex_destroy(&settler->lock);
	(void)pthread_cond_destroy(&settler->changed);
}
