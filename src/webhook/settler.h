/* Settles results and leases new deliveries, in a separate thread while transfers continue. Only that thread uses
 * the store from settler_start() to settler_wait(). */
#ifndef KYBDESK_WEBHOOK_SETTLER_H
#define KYBDESK_WEBHOOK_SETTLER_H

#include "kybdesk/store/outbox.h"

#include <pthread.h>
#include <semaphore.h>

struct settler {
	struct store *store;
	int wake_fd;  /* file descriptor, written when `request` is complete */
	bool is_busy; /* from settler_start to settler_wait; used only by the worker's thread */
	bool has_thread;
	bool must_end; /* the thread must end; set before the thread is woken for the last time */
	pthread_t thread;
	sem_t request_ready, request_done;
	struct arena jobs; /* memory of the leased jobs */
	struct settlement_and_lease request;
	enum err err;
	struct error error;
};

void settler_init(struct settler *settler, struct store *store, int wake_fd);
/* Starts to settle and lease as `order` says; the results in `order` must live until settler_wait(). in_thread:
 * uses the settle thread if it can be started; otherwise the order is complete when the function returns. */
void settler_start(struct settler *settler, const struct settlement_and_lease *order, bool in_thread);
bool settler_is_done(struct settler *settler);
/* Blocks until the started request is complete. settler->request has the result; the leased jobs are valid until
 * settler_wipe_jobs(). */
enum err settler_wait(struct settler *settler, struct error *error);
/* Wipes the secrets of the leased jobs. */
void settler_wipe_jobs(struct settler *settler);
void settler_release(struct settler *settler);

#endif
