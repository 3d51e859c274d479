/*
 * Clients that were written from the seed documents alone (tests/stranger, in Python) go through each system from end
 * to end, against the real server; a reviewer's keys are typed in a real terminal. Needs python3 and tmux, which ./dev
 * installs.
 */
#include "client.h"

#include <stdio.h>
#include <sys/wait.h>

static void walk(const char *script, const char *system)
{
	char line[600], words[900];
	FILE *out;
	int status;

	(void)snprintf(words, sizeof words, "PYTHONDONTWRITEBYTECODE=1 python3 '%s/tests/stranger/%s.py' '%s' %s 2>&1",
		       KYB_SOURCE_DIR, script, KYB_PROGRAM, system);
	out = popen(words, "r");
	cr_assert(out);
	while (fgets(line, sizeof line, out))
		fprintf(stderr, "stranger: %s", line);
	status = pclose(out);
	cr_expect(WIFEXITED(status) && !WEXITSTATUS(status), "%s: %d", system, status);
}

Test(stranger, is_verified_as_a_company_at_ralio_and_opens_an_account)
{
	walk("walk", "ralio");
}

Test(stranger, passes_kyb_level_1_at_avenia)
{
	walk("walk", "avenia");
}

Test(stranger, verifies_a_foreign_owner_at_atelio)
{
	walk("walk", "atelio");
}

Test(stranger, goes_through_a_workflow_with_corrections)
{
	walk("walk", "generic");
}

Test(stranger, corrects_is_rejected_and_tries_again_at_ralio)
{
	walk("circle", "ralio");
}

Test(stranger, corrects_is_rejected_and_tries_again_at_avenia)
{
	walk("circle", "avenia");
}

Test(stranger, corrects_is_rejected_and_tries_again_at_atelio)
{
	walk("circle", "atelio");
}

Test(stranger, corrects_is_rejected_and_tries_again_by_its_own_link)
{
	walk("circle", "generic");
}

Test(stranger, fills_in_every_workflow_from_the_answers_of_its_link_alone)
{
	walk("form", "every");
}

Test(stranger, answers_as_the_examples_of_the_reference)
{
	walk("examples", "every");
}

/* Reaches each row of docs/sandbox-events.md by API calls alone, verifies each webhook, and prints the list. */
Test(stranger, reaches_every_event_and_outcome_of_the_seeds_alone)
{
	walk("reach", "every");
}

/* Tests each promise of the seeds and prints the list of results; its last lines count them. */
Test(stranger, finds_every_promise_of_the_seeds_kept)
{
	walk("promises", "every");
}
