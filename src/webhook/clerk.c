#include "clerk.h"
#include "kybdesk/base/digest.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static void lock(struct clerk *clerk)
{
	(void)pthread_mutex_lock(&clerk->lock);
}

static void unlock(struct clerk *clerk)
{
	(void)pthread_mutex_unlock(&clerk->lock);
}

void clerk_init(struct clerk *clerk, struct store *store, int wake_fd)
{
	*clerk = (struct clerk){ .store = store, .wake_fd = wake_fd };
	(void)pthread_mutex_init(&clerk->lock, NULL);
	(void)pthread_cond_init(&clerk->changed, NULL);
}

static void carry_out(struct clerk *clerk)
{
	struct delivery_trade *order = &clerk->order;

	clerk->err = order->count ? store_delivery_trade(clerk->store, &clerk->jobs, order, &clerk->error)
				  : store_delivery_lease(clerk->store, &clerk->jobs, &order->lease, &clerk->error);
	if (!clerk->err && order->count)
		store_maintain(clerk->store);
}

static void *work(void *context)
{
	struct clerk *clerk = context;
	const uint64_t one = 1;

	lock(clerk);
	for (;;) {
		while (clerk->state != CLERK_ORDERED && clerk->state != CLERK_LEAVES)
			(void)pthread_cond_wait(&clerk->changed, &clerk->lock);
		if (clerk->state == CLERK_LEAVES)
			break;
		unlock(clerk);
		carry_out(clerk);
		lock(clerk);
		clerk->state = CLERK_DONE;
		(void)pthread_cond_broadcast(&clerk->changed);
		ssize_t ignored = write(clerk->wake_fd, &one, sizeof one);
		(void)ignored;
	}
	unlock(clerk);
	return NULL;
}

/* Signals are for the threads of before. */
static void begin_thread(struct clerk *clerk)
{
	sigset_t all, before;

	if (clerk->has_thread)
		return;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	clerk->has_thread = !pthread_create(&clerk->thread, NULL, work, clerk);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void set_state(struct clerk *clerk, enum clerk_state state)
{
	lock(clerk);
	clerk->state = state;
	(void)pthread_cond_broadcast(&clerk->changed);
	unlock(clerk);
}

void clerk_order(struct clerk *clerk, const struct delivery_trade *order, bool apart)
{
	if (clerk->is_busy)
		BUG("an order is under way");
	clerk->order = *order;
	clerk->is_busy = true;
	if (apart)
		begin_thread(clerk);
	if (apart && clerk->has_thread) {
		set_state(clerk, CLERK_ORDERED);
		return;
	}
	carry_out(clerk);
	set_state(clerk, CLERK_DONE);
}

bool clerk_is_done(struct clerk *clerk)
{
	lock(clerk);
	bool done = clerk->state == CLERK_DONE;
	unlock(clerk);
	return done;
}

enum err clerk_end(struct clerk *clerk, struct error *error)
{
	lock(clerk);
	while (clerk->state != CLERK_DONE)
		(void)pthread_cond_wait(&clerk->changed, &clerk->lock);
	clerk->state = CLERK_FREE;
	unlock(clerk);
	clerk->is_busy = false;
	if (clerk->err)
		error_move(error, &clerk->error);
	return clerk->err;
}

/* The arena is used again for the next order: no secret stays behind in it. */
void clerk_forget(struct clerk *clerk)
{
	const struct delivery_lease *taken = &clerk->order.lease;

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
	clerk->order = (struct delivery_trade){ 0 };
	arena_reset(&clerk->jobs);
}

void clerk_release(struct clerk *clerk)
{
	if (clerk->is_busy)
		BUG("a clerk is let go with an order under way");
	if (clerk->has_thread) {
		set_state(clerk, CLERK_LEAVES);
		(void)pthread_join(clerk->thread, NULL);
	}
	arena_release(&clerk->jobs);
	(void)pthread_mutex_destroy(&clerk->lock);
	(void)pthread_cond_destroy(&clerk->changed);
}
