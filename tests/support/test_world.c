#include "support/test_world.h"

#include <string.h>

static int64_t test_now(void *context)
{
	struct test_world *test = context;
	int64_t now_ms = test->wall_ms;
	test->wall_ms += test->tick_ms;
	return now_ms;
}

static int64_t test_monotonic(void *context)
{
	const struct test_world *test = context;
	return test->wall_ms;
}

static int64_t test_boottime(void *context)
{
	const struct test_world *test = context;
	return test->boot_ms;
}

static void test_boot_id(void *context, char out[WORLD_BOOT_ID_SIZE])
{
	const struct test_world *test = context;
	memcpy(out, test->boot_id, WORLD_BOOT_ID_SIZE);
}

/* splitmix64: returns the same bytes in every run of a test. */
static void test_random(void *context, void *bytes, size_t length)
{
	struct test_world *test = context;
	unsigned char *at = bytes;
	while (length) {
		test->seed += UINT64_C(0x9E3779B97F4A7C15);
		uint64_t word = test->seed;
		word = (word ^ (word >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
		word = (word ^ (word >> 27)) * UINT64_C(0x94D049BB133111EB);
		word ^= word >> 31;
		size_t part = length < sizeof word ? length : sizeof word;
		memcpy(at, &word, part);
		at += part;
		length -= part;
	}
}

static const char *test_environment(void *context, const char *name)
{
	const struct test_world *test = context;
	size_t length = strlen(name);
	for (const char *const *pair = test->environment; pair && *pair; pair++)
		if (strncmp(*pair, name, length) == 0 && (*pair)[length] == '=')
			return *pair + length + 1;
	return NULL;
}

void test_world_init(struct test_world *test, int64_t wall_ms)
{
	*test = (struct test_world){
		.world = {
			.now_ms = test_now,
			.monotonic_ms = test_monotonic,
			.boottime_ms = test_boottime,
			.boot_id = test_boot_id,
			.random = test_random,
			.environment = test_environment,
			.context = test,
		},
		.wall_ms = wall_ms,
		.boot_ms = INT64_C(3600000),
		.boot_id = "b0071d00-0000-4000-8000-000000000001",
		.seed = 1,
	};
}
