#include "transfer.h"
#include "kybdesk/webhook/deliver.h"

#include <assert.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define RETRY_AFTER_MAX_MS (24 * HOUR)

int64_t deliver_retry_delay_ms(int64_t attempt, int64_t retry_after_s, uint32_t random)
{
	/* Each delay counts from the end of the previous attempt. */
	static const int64_t delays[] = { 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR,
					  10 * HOUR,  14 * HOUR,  20 * HOUR,   24 * HOUR };
	static_assert(sizeof delays / sizeof *delays == DELIVER_ATTEMPTS_MAX - 1,
		      "there must be one delay for each pause between two attempts");
	if (attempt < 1)
		BUG("attempts are counted from 1, not %lld", (long long)attempt);
	if ((uint64_t)attempt > sizeof delays / sizeof delays[0])
		return -1;
	int64_t delay = delays[attempt - 1];
	/* A random factor of 0.8 to 1.2, so that many deliveries after one outage are not retried all at once. */
	int64_t jittered = delay * 4 / 5 + (int64_t)((uint64_t)(delay * 2 / 5) * random / UINT32_MAX);
	if (retry_after_s <= 0)
		return jittered;
	int64_t requested = retry_after_s > RETRY_AFTER_MAX_MS / SECOND ? RETRY_AFTER_MAX_MS : retry_after_s * SECOND;
	return requested > jittered ? requested : jittered;
}
