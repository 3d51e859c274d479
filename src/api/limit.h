/* Limits the tries of each caller in a minute. Thread-safe. */
#ifndef KYBDESK_SRC_API_LIMIT_H
#define KYBDESK_SRC_API_LIMIT_H

#include "kybdesk/base/world.h"

#include <pthread.h>

#define LIMIT_SLOTS 4096
#define LIMIT_WINDOW_MS 60000

struct limit_slot {
	int64_t since; /* monotonic ms */
	uint64_t tag;  /* hash of the counted caller */
	unsigned tries;
};
/* The state of a limit, for the response headers. */
struct limit_state {
	unsigned most; /* 0: no limit to report */
	unsigned remaining;
	int reset_s;
};
struct limiter {
	pthread_mutex_t lock;
	uint8_t seed[16]; /* random, so that callers cannot find keys that share a slot */
	struct limit_slot slots[LIMIT_SLOTS];
};

void limiter_init(struct limiter *limiter, const struct world *world);
void limiter_release(struct limiter *limiter);
/* Whether `who` may try once more; if not, *wait_s is the time to wait in seconds. */
bool limiter_allows(struct limiter *limiter, const struct world *world, const char *client, unsigned most,
		    int *wait_s);
/* Counts one try if state->most is not yet reached, and fills the rest of `state`. */
bool limiter_take(struct limiter *limiter, const struct world *world, const char *client,
		  struct limit_state *state);
/* Counts a failed try. */
void limiter_count(struct limiter *limiter, const struct world *world, const char *client);

#endif
