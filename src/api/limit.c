#include "limit.h"
#include "kybdesk/base/digest.h"

#include <string.h>

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

static struct limit_slot *slot_of(struct limiter *limiter, const struct world *world, const char *who)
{
	int64_t now = world_monotonic_ms(world);
	uint8_t hash[SHA256_SIZE];
	struct limit_slot *slot;

	hmac_sha256(limiter->seed, sizeof limiter->seed, who, strlen(who), hash);
	slot = &limiter->slots[(hash[0] << 8 | hash[1]) % LIMIT_SLOTS];
	if (!slot->tries || now - slot->since >= LIMIT_WINDOW_MS)
		*slot = (struct limit_slot){ .since = now };
	return slot;
}

bool limiter_allows(struct limiter *limiter, const struct world *world, const char *who, unsigned most, int *wait_s)
{
	const struct limit_slot *slot;
	bool allowed;

	(void)pthread_mutex_lock(&limiter->lock);
	slot = slot_of(limiter, world, who);
	allowed = slot->tries < most;
	*wait_s = (int)((LIMIT_WINDOW_MS - (world_monotonic_ms(world) - slot->since)) / 1000) + 1;
	(void)pthread_mutex_unlock(&limiter->lock);
	return allowed;
}

void limiter_count(struct limiter *limiter, const struct world *world, const char *who)
{
	(void)pthread_mutex_lock(&limiter->lock);
	slot_of(limiter, world, who)->tries++;
	(void)pthread_mutex_unlock(&limiter->lock);
}
