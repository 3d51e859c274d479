/*
 * Idempotency-Key (docs/api.md "The same again"): a POST that comes again is answered as it was, and done once. Each key is its
 * merchant's, or its link's, for a day.
 */
#ifndef KYBDESK_SRC_API_ONCE_H
#define KYBDESK_SRC_API_ONCE_H

#include "route.h"

#include <pthread.h>

#define ONCE_KEY_MAX 255

/* Keys whose first request is being answered. */
struct once_run;
struct once_runs {
	pthread_mutex_t lock;
	struct once_run *first;
};
void once_runs_init(struct once_runs *runs);
void once_runs_release(struct once_runs *runs);

/* Lets the handler of r->route answer, or answers in its place. */
enum err once_answer(struct once_runs *runs, struct request *r, struct error *error) KYB_MUST_USE;

#endif
