/*
 * With KYBDESK_TEST_LONG=1 (./dev test --long) every suite of the desk runs on a server; otherwise only suites in which
 * engines may differ: large writes, rollbacks, races, and features that only a server has. Of these, the slow ones are
 * `drawn` and story_*: the number KYBDESK_TEST_DRAW selects about half of them; if it is not set, all run.
 */
#include "support/tried.h"

#include <criterion/criterion.h>
#include <criterion/hooks.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const chosen[] = { "commitment", "rows_check", "outage",	  "approve", "undo",	      "race",
				      "import",	    "facts",	  "sides",	  "link",    "rules",	      "claim",
				      "writer",	    "purge",	  "money_random", "serve",   "serve_refused", "frozen",
				      "engines",    "cut",	  "probe" };
static const char *const drawn[] = { "commitment_draw", "command", "hosts", "whole", "honest", "forged" };
#define COUNT_OF(names) (sizeof(names) / sizeof *(names))

static bool is_among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static bool is_chosen(const char *name)
{
	const char *draw = getenv("KYBDESK_TEST_DRAW");
	uint64_t sum = draw ? strtoull(draw, NULL, 10) : 0;

	/* The suites story_* process the five profiles from beginning to end by commands. */
	if (strncmp(name, "story_", 6) != 0 && !is_among(drawn, COUNT_OF(drawn), name))
		return is_among(chosen, COUNT_OF(chosen), name);
	for (const char *at = name; *at; at++) /* FNV-1a */
		sum = (sum ^ (unsigned char)*at) * UINT64_C(1099511628211);
	return !draw || (sum >> 32 & 1);
}

ReportHook(PRE_ALL)(struct criterion_test_set *tests)
{
	size_t left = 0;

	if (test_is_long())
		return;
	FOREACH_SET(struct criterion_suite_set * set, tests->suites)
	{
		if (is_chosen(set->suite.name))
			continue;
		FOREACH_SET(struct criterion_test * test, set->tests)
		{
			test->data->disabled = true;
			left++;
		}
	}
	fprintf(stderr, "%zu tests of the desk run on a server with --long only, or in another draw\n", left);
}
