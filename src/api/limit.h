/* How often somebody may try in a minute. Any thread. */
#ifndef KYBDESK_SRC_API_LIMIT_H
#define KYBDESK_SRC_API_LIMIT_H

#include "kybdesk/base/world.h"

#include <pthread.h>

#define LIMIT_SLOTS 4096
#define LIMIT_WINDOW_MS 60000

struct limit_slot {
	int64_t since; /* monotonic ms */
	uint64_t tag;  /* of the one that is counted here */
	unsigned tries;
};
/* What an answer says of a limit. */
struct limit_state {
	unsigned most; /* 0: none is said */
	unsigned remaining;
	int reset_s;
};
struct limiter {
	pthread_mutex_t lock;
	uint8_t seed[16]; /* nobody outside knows who shares a slot */
	struct limit_slot slots[LIMIT_SLOTS];
};

void limiter_init(struct limiter *limiter, const struct world *world);
void limiter_release(struct limiter *limiter);
/* Whether this one may try once more; else *wait_s says when. */
bool limiter_allows(struct limiter *limiter, const struct world *world, const char *who, unsigned most,
		    int *wait_s);
/* Counts one try if there is one left of state->most, and fills the rest of `state`. */
bool limiter_take(struct limiter *limiter, const struct world *world, const char *who, struct limit_state *state);
/* It tried, and was wrong. */
void limiter_count(struct limiter *limiter, const struct world *world, const char *who);

#endif
