/* Idempotency-Key (docs/api.md "Repeated requests"): a repeated POST or PATCH is executed only once, and gets the
 * stored response. A key is valid for its merchant, or its link, for a day. */
#ifndef KYBDESK_SRC_API_ONCE_H
#define KYBDESK_SRC_API_ONCE_H

#include "route.h"

#include <pthread.h>

#define IDEMPOTENCY_KEY_LENGTH_MAX 255

/* An Idempotency-Key while its first request is in progress. */
struct idempotent_request;
struct idempotent_requests {
	pthread_mutex_t lock;
	struct idempotent_request *first;
};

/* Runs the handler of r->route, or replays the stored response. */
enum err once_answer(struct idempotent_requests *runs, struct request *r, struct error *error);

#endif
