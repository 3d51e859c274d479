/*
 * The world, passed in: clock, random, environment. Tests give their own.
 * A lint forbids time(), clock_gettime(), localtime_r(), getrandom() and getenv() elsewhere.
 * Environment KYBDESK_TEST_NOW moves or freezes the wall clock for tests and demos. It is
 * honoured in sandbox stores only: desk_open picks world_sandbox() for those; world_real()
 * never reads it. It moves the wall clock alone: what holds for so long since the start of the
 * machine (leases) knows nothing of it.
 */
#ifndef KYBDESK_BASE_WORLD_H
#define KYBDESK_BASE_WORLD_H

#include "kybdesk/base/error.h"
#include <stdint.h>

#define WORLD_BOOT_ID_SIZE 37

struct world {
	int64_t (*now_ms)(void *context);	/* wall clock, Unix milliseconds */
	int64_t (*monotonic_ms)(void *context); /* never steps back */
	int64_t (*boottime_ms)(
		void *context); /* since this machine started, sleep included; the same in every process */
	void (*boot_id)(void *context, char out[WORLD_BOOT_ID_SIZE]); /* another one after every start */
	void (*random)(void *context, void *bytes, size_t length);    /* cryptographic; aborts if impossible */
	const char *(*environment)(void *context, const char *name);  /* NULL when unset */
	void *context;
};

const struct world *world_real(void);
/* The real world, but with the wall clock of KYBDESK_TEST_NOW: an RFC 3339 time freezes it
 * there, "+2h" or "-3d" shifts the real one. Unset or not readable: the real clock. */
const struct world *world_sandbox(void);
/* ERR_INVALID with a sentence when KYBDESK_TEST_NOW is set but cannot be read. */
enum err world_check_sandbox(const struct world *world, struct error *error) KYB_MUST_USE;
int64_t world_now_ms(const struct world *world);
int64_t world_monotonic_ms(const struct world *world);
int64_t world_boottime_ms(const struct world *world);
/* Which start of the machine boottime counts from; "" where the system does not say. */
void world_boot_id(const struct world *world, char out[WORLD_BOOT_ID_SIZE]);
void world_random(const struct world *world, void *bytes, size_t length);
const char *world_environment(const struct world *world, const char *name);
/* The operating system's user name of the real uid, in a static-free way: written into name. */
enum err world_user_name(char *name, size_t size, struct error *error) KYB_MUST_USE;
/* Minutes to add to UTC for the machine's own zone at that time; 0 where it has none. */
int world_local_offset_minutes(int64_t now_ms);

/* A world for tests: fixed clock that the test moves, seeded random, given environment. */
struct test_world {
	struct world world;
	int64_t wall_ms; /* the monotonic clock too */
	int64_t boot_ms; /* moves by itself only: a wall clock that is stepped moves no other */
	char boot_id[WORLD_BOOT_ID_SIZE];
	int64_t tick_ms; /* added after each now_ms() call */
	uint64_t seed;
	const char *const *environment; /* "NAME=value", NULL-terminated, or NULL */
};
void test_world_init(struct test_world *test, int64_t wall_ms);

#endif
