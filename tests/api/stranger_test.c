/*
 * A client that was written from the seed documents alone (tests/stranger, in another language), from end to end
 * through each system, against the real server; keys in a real terminal play the reviewer's part. Needs python3 and
 * tmux, which ./dev installs.
 */
#include "client.h"

#include <stdio.h>
#include <sys/wait.h>

static void walk(const char *system)
{
	char line[600], words[900];
	FILE *out;
	int status;

	(void)snprintf(words, sizeof words,
		       "PYTHONDONTWRITEBYTECODE=1 python3 '%s/tests/stranger/walk.py' '%s' %s 2>&1", KYB_SOURCE_DIR,
		       KYB_PROGRAM, system);
	out = popen(words, "r");
	cr_assert(out);
	while (fgets(line, sizeof line, out))
		fprintf(stderr, "stranger: %s", line);
	status = pclose(out);
	cr_expect(WIFEXITED(status) && !WEXITSTATUS(status), "%s: %d", system, status);
}

Test(stranger, is_verified_as_a_company_at_ralio_and_opens_an_account)
{
	walk("ralio");
}

Test(stranger, passes_kyb_level_1_at_avenia)
{
	walk("avenia");
}

Test(stranger, verifies_a_foreign_owner_at_atelio)
{
	walk("atelio");
}

Test(stranger, goes_through_a_workflow_with_corrections)
{
	walk("generic");
}
