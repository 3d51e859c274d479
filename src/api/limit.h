/* A token bucket for each caller: `tries_max` tries at once, refilled evenly within a minute. The buckets are in the
 * memory of this process, and their number is fixed. Thread-safe. The name of a new caller hashes to PROBES
 * buckets: the caller gets a full bucket or, if none is full, the bucket with the fewest used tries. */
#ifndef KYBDESK_SRC_API_LIMIT_H
#define KYBDESK_SRC_API_LIMIT_H

#include "kybdesk/base/world.h"

#include <pthread.h>

#define LIMIT_SLOTS 4096
#define LIMIT_WINDOW_MS 60000

struct limit_slot {
	int64_t updated_ms; /* monotonic ms */
	int64_t used_units; /* used tries at `updated_ms`, times LIMIT_WINDOW_MS; each ms refills `tries_max` of these units */
	uint64_t client_hash; /* hash of the counted caller */
	unsigned tries_max;   /* maximum number of tries; 0: the slot is free */
};
/* The state of a limit, for the response headers. */
struct limit_state {
	unsigned tries_max; /* maximum number of tries; 0: no limit to report */
	unsigned remaining_tries;
	int reset_s; /* seconds until the bucket is full; if no try remains: until the next try */
};
struct limiter {
	pthread_mutex_t lock;
	uint8_t seed[16]; /* random, so that callers cannot find keys that share a slot */
	struct limit_slot slots[LIMIT_SLOTS];
};

void limiter_init(struct limiter *limiter, const struct world *world);
/* Uses one of the client's tries if one remains; false: none remains. Input: state->tries_max; sets the rest
 * of `state`. */
bool limiter_count_request(struct limiter *limiter, const struct world *world, const char *client,
			   struct limit_state *state);

#endif
