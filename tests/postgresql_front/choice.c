/* The suites of the command line and of the API on a server, with KYBDESK_TEST_LONG=1 (./dev test --long) only: each run
 * has the suites of the desk on a server, and engines_test.c compares the answers of both engines to all calls. */
#include "support/tried.h"

#include <criterion/criterion.h>
#include <criterion/hooks.h>

#include <stdio.h>

ReportHook(PRE_ALL)(struct criterion_test_set *tests)
{
	size_t left = 0;

	if (test_is_long())
		return;
	FOREACH_SET(struct criterion_suite_set * set, tests->suites)
	{
		FOREACH_SET(struct criterion_test * test, set->tests)
		{
			test->data->disabled = true;
			left++;
		}
	}
	fprintf(stderr, "%zu tests of commands and of the API run on a server with --long only\n", left);
}
