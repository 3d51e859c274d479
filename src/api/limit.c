#include "limit.h"
#include "kybdesk/base/digest.h"

#include <string.h>

#define PROBES 8

void limiter_init(struct limiter *limiter, const struct world *world)
{
	memset(limiter, 0, sizeof *limiter);
	(void)pthread_mutex_init(&limiter->lock, NULL);
	world_random(world, limiter->seed, sizeof limiter->seed);
}

void limiter_release(struct limiter *limiter)
{
	(void)pthread_mutex_destroy(&limiter->lock);
}

/* Returns one of the slots that `who` hashes to: its own, else a free one, else the slot with the fewest tries. */
static struct limit_slot *slot_of(struct limiter *limiter, const struct world *world, const char *client)
{
	int64_t now = world_monotonic_ms(world);
	uint8_t hash[SHA256_SIZE];
	struct limit_slot *best = NULL;
	uint64_t tag;
	size_t first;

	hmac_sha256(limiter->seed, sizeof limiter->seed, client, strlen(client), hash);
	memcpy(&tag, hash + 8, sizeof tag);
	first = (size_t)(hash[0] << 8 | hash[1]);
	for (size_t i = 0; i < PROBES; i++) {
		struct limit_slot *slot = &limiter->slots[(first + i) % LIMIT_SLOTS];

		if (slot->tries && now - slot->since >= LIMIT_WINDOW_MS)
			*slot = (struct limit_slot){ .tries = 0 };
		if (slot->tries && slot->tag == tag)
			return slot;
		if (!best || slot->tries < best->tries)
			best = slot;
	}
	*best = (struct limit_slot){ .since = now, .tag = tag };
	return best;
}

static int wait_of(const struct limit_slot *slot, const struct world *world)
{
	return (int)((LIMIT_WINDOW_MS - (world_monotonic_ms(world) - slot->since)) / 1000) + 1;
}

bool limiter_allows(struct limiter *limiter, const struct world *world, const char *client, unsigned most,
		    int *wait_s)
{
	const struct limit_slot *slot;
	bool allowed;

	(void)pthread_mutex_lock(&limiter->lock);
	slot = slot_of(limiter, world, client);
	allowed = slot->tries < most;
	*wait_s = wait_of(slot, world);
	(void)pthread_mutex_unlock(&limiter->lock);
	return allowed;
}

void limiter_count(struct limiter *limiter, const struct world *world, const char *client)
{
	(void)pthread_mutex_lock(&limiter->lock);
	slot_of(limiter, world, client)->tries++;
	(void)pthread_mutex_unlock(&limiter->lock);
}

bool limiter_take(struct limiter *limiter, const struct world *world, const char *client, struct limit_state *state)
{
	struct limit_slot *slot;
	bool allowed;

	(void)pthread_mutex_lock(&limiter->lock);
	slot = slot_of(limiter, world, client);
	allowed = slot->tries < state->most;
	slot->tries += allowed;
	state->remaining = state->most - slot->tries;
	state->reset_s = wait_of(slot, world);
	(void)pthread_mutex_unlock(&limiter->lock);
	return allowed;
}
