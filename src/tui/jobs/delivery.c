#include "delivery.h"

#include <pthread.h>
#include "kybdesk/base/arena.h"

#include <stdlib.h>
#include <string.h>

struct delivery {
	struct deliver_worker *worker;
	pthread_t thread;
};

static void *delivery_main(void *context)
{
	struct delivery *delivery = context;
	struct deliver_totals totals = { 0 };
	struct error error = { 0 };
	/* A failed worker ends: due webhooks stay in the store, and the header shows them. */
	if (deliver_worker_run(delivery->worker, &totals, &error))
		error_release(&error);
	return NULL;
}

enum err delivery_start(const char *store_path, const struct world *world, struct delivery **out,
			struct error *error)
{
	struct delivery *delivery = xcalloc(1, sizeof *delivery);
	struct deliver_options options = {
		.store_path = store_path, .world = world, .log = { LOG_QUIET, -1 }, .is_workbench = true
	};
	enum err err = deliver_worker_new(&options, &delivery->worker, error);
	int failed = err ? 0 : pthread_create(&delivery->thread, NULL, delivery_main, delivery);
	if (failed) {
		deliver_worker_free(delivery->worker);
		err = error_set(error, ERR_INTERNAL, "webhook delivery can't be started: %s", strerror(failed));
	}
	if (err)
		free(delivery);
	else
		*out = delivery;
	return err;
}

void delivery_stop(struct delivery *delivery)
{
	if (!delivery)
		return;
	deliver_worker_stop(delivery->worker);
	pthread_join(delivery->thread, NULL);
	deliver_worker_free(delivery->worker);
	free(delivery);
}

void delivery_wake(void *delivery)
{
	deliver_worker_wake(((struct delivery *)delivery)->worker);
}
