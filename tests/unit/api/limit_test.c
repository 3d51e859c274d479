/* The token buckets of the server, with a clock that the test sets. */
#include "limit.h"
#include "support/test_world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct test_world clock_of_test, *now = &clock_of_test;
static struct limiter *limiter;

static void set_up(void)
{
	test_world_init(now, 1700000000000);
	limiter = calloc(1, sizeof *limiter);
	limiter_init(limiter, &now->world);
}

static void tear_down(void)
{
	free(limiter);
}
TestSuite(limit, .init = set_up, .fini = tear_down);

static bool take(const char *client, unsigned most, unsigned remaining_tries, int reset_s)
{
	struct limit_state state = { .tries_max = most };
	bool allowed = limiter_count_request(limiter, &now->world, client, &state);

	cr_expect_eq(state.remaining_tries, remaining_tries, "%s: %u remain, not %u", client, state.remaining_tries,
		     remaining_tries);
	cr_expect_eq(state.reset_s, reset_s, "%s: %d s, not %d", client, state.reset_s, reset_s);
	return allowed;
}

Test(limit, a_bucket_is_emptied_at_once_and_refilled_evenly)
{
	cr_expect(take("a", 3, 2, 20));
	cr_expect(take("a", 3, 1, 40));
	cr_expect(take("a", 3, 0, 20));
	cr_expect_not(take("a", 3, 0, 20));
	now->wall_ms += 19999;
	cr_expect_not(take("a", 3, 0, 1));
	now->wall_ms += 1;
	cr_expect(take("a", 3, 0, 20), "one request after a third of a minute");
	cr_expect_not(take("a", 3, 0, 20));
	now->wall_ms += 60000;
	cr_expect(take("a", 3, 2, 20), "all of them after a minute");
}

Test(limit, refused_tries_cost_nothing)
{
	cr_expect(take("a", 1, 0, 60));
	for (int i = 1; i < 60; i++) {
		now->wall_ms += 1000;
		cr_expect_not(take("a", 1, 0, 60 - i));
	}
	now->wall_ms += 1000;
	cr_expect(take("a", 1, 0, 60));
}

Test(limit, each_client_has_its_own)
{
	cr_expect(take("a", 1, 0, 60));
	cr_expect(take("b", 1, 0, 60));
	cr_expect_not(take("a", 1, 0, 60));
}

/* If a limit is lowered from a thousand million to two, a caller waits at most a minute. */
Test(limit, a_lowered_limit_holds_at_once)
{
	struct limit_state state = { .tries_max = 1000000000 };

	for (int i = 0; i < 50; i++)
		cr_expect(limiter_count_request(limiter, &now->world, "a", &state));
	cr_expect_eq(state.remaining_tries, 999999950u);
	cr_expect_not(take("a", 2, 0, 30));
	now->wall_ms += 30000;
	cr_expect(take("a", 2, 0, 30));
	cr_expect(take("a", 1000, 997, 1), "a raised one, too");
}

/* A hundred thousand other names neither grow the table nor reset a caller that is over its limit. */
Test(limit, many_names_do_not_free_an_empty_bucket)
{
	struct limit_state state = { .tries_max = 50 };
	char name[32];

	for (int i = 0; i < 50; i++)
		cr_expect(limiter_count_request(limiter, &now->world, "a", &state));
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "n%d", i);
		state.tries_max = 50;
		cr_expect(limiter_count_request(limiter, &now->world, name, &state), "%s is new", name);
	}
	cr_expect_not(take("a", 50, 0, 2));
}
