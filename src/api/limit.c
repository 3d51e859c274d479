#include "limit.h"
#include "kybdesk/base/digest.h"

#include <string.h>

#define PROBES 8

void limiter_init(struct limiter *limiter, const struct world *world)
{
	memset(limiter, 0, sizeof *limiter);
	limiter->lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	world_random(world, limiter->seed, sizeof limiter->seed);
}

/* The used tries of a slot that are not refilled yet, in the unit of limit_slot.used_units. */
static int64_t current_usage(const struct limit_slot *slot, int64_t now)
{
	int64_t passed = now - slot->updated_ms;

	/* After a minute all tries are refilled. The check also prevents an overflow of the products below. */
	if (!slot->tries_max || passed >= LIMIT_WINDOW_MS)
		return 0;
	return slot->used_units > passed * slot->tries_max ? slot->used_units - passed * slot->tries_max : 0;
}

/* Returns an up-to-date slot for the client: the client's slot, else the slot with the fewest used tries. */
static struct limit_slot *obtain_slot(struct limiter *limiter, const struct world *world, const char *client,
				      unsigned most)
{
	int64_t now = world_monotonic_ms(world), fewest = 0;
	uint8_t hash[SHA256_SIZE];
	struct limit_slot *best = NULL;
	uint64_t client_hash;
	size_t first;

	hmac_sha256(limiter->seed, sizeof limiter->seed, client, strlen(client), hash);
	memcpy(&client_hash, hash + 8, sizeof client_hash);
	first = (size_t)(hash[0] << 8 | hash[1]);
	for (size_t i = 0; i < PROBES; i++) {
		struct limit_slot *slot = &limiter->slots[(first + i) % LIMIT_SLOTS];
		int64_t used = current_usage(slot, now);

		if (slot->tries_max && slot->client_hash == client_hash) {
			/* The limit may have been lowered after the tries were used. */
			if (used > (int64_t)most * LIMIT_WINDOW_MS)
				used = (int64_t)most * LIMIT_WINDOW_MS;
			*slot = (struct limit_slot){
				.updated_ms = now, .used_units = used, .client_hash = client_hash, .tries_max = most
			};
			return slot;
		}
		if (!best || used < fewest) {
			best = slot;
			fewest = used;
		}
	}
	*best = (struct limit_slot){ .updated_ms = now, .client_hash = client_hash, .tries_max = most };
	return best;
}

/* The seconds until `ahead` units of limit_slot.used_units are refilled, rounded up, at least one. */
static int refill_seconds(const struct limit_slot *slot, int64_t ahead)
{
	int64_t each_second = (int64_t)slot->tries_max * 1000;

	return ahead > each_second ? (int)((ahead + each_second - 1) / each_second) : 1;
}

static int wait_seconds(const struct limit_slot *slot)
{
	return refill_seconds(slot, slot->used_units + LIMIT_WINDOW_MS - (int64_t)slot->tries_max * LIMIT_WINDOW_MS);
}

bool limiter_count_request(struct limiter *limiter, const struct world *world, const char *client,
			   struct limit_state *state)
{
	struct limit_slot *slot;
	bool allowed;

	(void)pthread_mutex_lock(&limiter->lock);
	slot = obtain_slot(limiter, world, client, state->tries_max);
	allowed = slot->used_units + LIMIT_WINDOW_MS <= (int64_t)slot->tries_max * LIMIT_WINDOW_MS;
	slot->used_units += allowed ? LIMIT_WINDOW_MS : 0;
	state->remaining_tries =
		slot->tries_max - (unsigned)((slot->used_units + LIMIT_WINDOW_MS - 1) / LIMIT_WINDOW_MS);
	state->reset_s = state->remaining_tries ? refill_seconds(slot, slot->used_units) : wait_seconds(slot);
	(void)pthread_mutex_unlock(&limiter->lock);
	return allowed;
}
