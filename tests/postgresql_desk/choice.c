/*
 * With KYBDESK_TEST_LONG=1 (./dev test --long) every suite of the desk runs on a server; otherwise only suites in which
 * engines may differ: large writes, rollbacks, races, and features of a server alone.
 */
#include <criterion/criterion.h>
#include <criterion/hooks.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const chosen[] = {
	"commitment", "commitment_draw", "rows_check", "outage",       "command",
	"hosts",      "whole",		 "approve",    "undo",	       "race",
	"import",     "facts",		 "sides",      "link",	       "rules",
	"claim",      "writer",		 "purge",      "money_random", "front_ends_matrix",
	"honest",     "forged"
};

static bool is_chosen(const char *name)
{
	/* The five profiles, from beginning to end, by commands. */
	if (!strncmp(name, "story_", 6))
		return true;
	for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) {
		if (!strcmp(chosen[i], name))
			return true;
	}
	return false;
}

ReportHook(PRE_ALL)(struct criterion_test_set *tests)
{
	size_t left = 0;

	if (getenv("KYBDESK_TEST_LONG"))
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
	fprintf(stderr, "%zu tests of the desk run on a server with --long only\n", left);
}
