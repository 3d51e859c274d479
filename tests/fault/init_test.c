/* `init` that is killed at any instant leaves no store, or a whole store with an admin. */
#include "fault/site.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

TestSuite(init, .fini = site_tear_down);

/* Measures the duration of one `init`, so that the kills hit every part of it. */
static unsigned usual_ms(const struct site *site)
{
	long long start = test_clock_ms();
	site_expect(site, 0, "--store", "first.db", "init", "--sandbox", NULL);
	return (unsigned)(test_clock_ms() - start) + 1;
}

static bool was_killed(struct site *site, const char *store, unsigned within_ms)
{
	struct process_result result;
	struct process *process = site_start(site, "--store", store, "init", "--sandbox", NULL);
	test_sleep_ms((unsigned)site_random(site, within_ms + within_ms / 4));
	process_signal(process, SIGKILL);
	cr_assert(process_wait(process, 60000, &result));
	bool killed = result.status == 128 + SIGKILL;
	cr_assert(killed || result.status == 0, "init ended with %d: %s", result.status, result.err);
	process_free(process);
	return killed;
}

/* Runs `init` again; returns whether a whole store existed already. In both cases ann is the admin. */
static bool was_whole(const struct site *site, const char *store)
{
	struct process_result result;
	site_run(site, &result, "--store", store, "init", "--sandbox", NULL);
	bool whole = result.status == 8 && strstr(result.err, "There is a store at");
	cr_assert(whole || result.status == 0, "init again ended with %d: %s", result.status, result.err);
	site_expect(site, 0, "--store", store, "reviewer", "add", "bob", "--role", "lead", NULL);
	site_expect(site, 0, "--store", store, "audit", "verify", NULL);
	return whole;
}

Test(init, killed_at_any_instant_leaves_no_store_or_one_with_an_admin)
{
	const unsigned kills = test_is_long() ? 1000 : 50;
	unsigned killed = 0, whole = 0;
	struct site *site = site_make_bare();
	unsigned within_ms = usual_ms(site);
	for (unsigned i = 0; i < kills; i++) {
		char store[32];
		(void)snprintf(store, sizeof store, "killed-%u.db", i);
		killed += was_killed(site, store, within_ms);
		whole += was_whole(site, store);
	}
	tried("%u inits, %u killed, %u stores whole, within %u ms", kills, killed, whole, within_ms);
	cr_expect(killed, "none was killed: this was no trial");
}
