/*
 * Writes answers down and fetches what may go next, in a thread of its own while the network goes on. The store is lent to
 * it from clerk_order to clerk_end: nobody else touches it in between.
 */
#ifndef KYBDESK_WEBHOOK_CLERK_H
#define KYBDESK_WEBHOOK_CLERK_H

#include "kybdesk/store/outbox.h"

#include <pthread.h>

enum clerk_state { CLERK_FREE, CLERK_ORDERED, CLERK_DONE, CLERK_LEAVES };

struct clerk {
	struct store *store;
	int wake_fd;  /* written to when an order is done */
	bool is_busy; /* from clerk_order to clerk_end; the worker's own */
	bool has_thread;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	enum clerk_state state; /* under the lock */
	struct arena jobs;	/* of the order */
	struct delivery_trade order;
	enum err err;
	struct error error;
};

void clerk_init(struct clerk *clerk, struct store *store, int wake_fd);
/* Its results live until clerk_end. Apart: in the clerk's thread; else it is done on return. */
void clerk_order(struct clerk *clerk, const struct delivery_trade *order, bool apart);
bool clerk_is_done(struct clerk *clerk);
/* Waits for it. What came of it is clerk->order, its jobs valid until clerk_forget. */
enum err clerk_end(struct clerk *clerk, struct error *error) KYB_MUST_USE;
/* Wipes the secrets of the jobs. */
void clerk_forget(struct clerk *clerk);
void clerk_release(struct clerk *clerk);

#endif
