/* The one writer of a server: requests that change something wait in a queue, and one thread runs all waiting
 * requests in one transaction, each request in a savepoint that can be rolled back alone. Their responses are sent
 * after the commit. Many requests thus share the cost of one commit and one sync, and no request blocks a thread
 * while it waits for the lock (docs/decisions/0050).
 *
 * Requests with files do not use the writer: they store their bytes before they need the lock. */
#ifndef KYBDESK_SRC_API_WRITER_H
#define KYBDESK_SRC_API_WRITER_H

#include "kybdesk/base/error.h"

#include <pthread.h>
#include <stdbool.h>

struct exchange;
struct server;

struct writer {
	pthread_t thread;
	bool is_started;
	pthread_mutex_t lock; /* protects the members below */
	pthread_cond_t wakeup;
	struct exchange *first, **end;
	bool is_stopping;
};

/* ERR_INTERNAL: no thread could be started. */
enum err writer_start(struct server *server, struct error *error);
/* Runs the waiting requests, then ends the thread; does nothing if the thread was not started. */
void writer_stop(struct server *server);
/* Queues a request with a complete body, and suspends its connection until the request has run. False: the writer
 * is stopping, or does not run requests of this route. */
bool writer_add(struct exchange *x);

#endif
