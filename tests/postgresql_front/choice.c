/*
 * The suites of the command line and of the API on a server: all with KYBDESK_TEST_LONG=1 (./dev test --long), otherwise
 * one in sixteen, drawn by KYBDESK_TEST_DRAW; all, if it is not set.
 */
#include "support/tried.h"

#include <criterion/criterion.h>
#include <criterion/hooks.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_drawn(const char *name)
{
	const char *draw = getenv("KYBDESK_TEST_DRAW");
	uint64_t sum = draw ? strtoull(draw, NULL, 10) : 0;

	for (const char *at = name; *at; at++) /* FNV-1a */
		sum = (sum ^ (unsigned char)*at) * UINT64_C(1099511628211);
	return !draw || (sum >> 32 & 15) == 0;
}

ReportHook(PRE_ALL)(struct criterion_test_set *tests)
{
	size_t left = 0;

	if (test_is_long())
		return;
	FOREACH_SET(struct criterion_suite_set * set, tests->suites)
	{
		if (is_drawn(set->suite.name))
			continue;
		FOREACH_SET(struct criterion_test * test, set->tests)
		{
			test->data->disabled = true;
			left++;
		}
	}
	fprintf(stderr, "%zu tests of commands and of the API run on a server with --long only, or in another draw\n",
		left);
}
