#ifndef KYB_TESTS_SUPPORT_TEST_WORLD_H
#define KYB_TESTS_SUPPORT_TEST_WORLD_H

#include "kybdesk/base/world.h"

/* A world for tests: a clock set by the test, seeded random numbers, a fixed environment. */
struct test_world {
	struct world world;
	int64_t wall_ms; /* used for the wall clock and the monotonic clock */
	int64_t boot_ms; /* independent of wall_ms */
	char boot_id[WORLD_BOOT_ID_SIZE];
	int64_t tick_ms; /* added after each now_ms() call */
	uint64_t seed;
	const char *const *environment; /* "NAME=value", NULL-terminated, or NULL */
};
void test_world_init(struct test_world *test, int64_t wall_ms);

#endif
