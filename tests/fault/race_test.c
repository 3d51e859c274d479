/*
 * Two people decide the same case at once: one wins, and the loser's message names the winner and the time. The loser's
 * exit code is 5 if the winner decided while the loser read the case, 4 if the loser started later.
 */
#include "fault/cases.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct runner {
	const char *name;
	struct process *process;
	struct process_result result;
};

static void run_to_end(struct runner *runner)
{
	cr_assert(process_wait(runner->process, 60000, &runner->result), "%s does not end", runner->name);
	process_free(runner->process);
}

/* Returns the number of winners; sets the index of the winner. */
static unsigned winners(const struct runner *runners, unsigned count, unsigned *winner)
{
	unsigned won = 0;
	for (unsigned i = 0; i < count; i++)
		if (runners[i].result.status == 0) {
			*winner = i;
			won++;
		}
	return won;
}

static void losers_know(const struct runner *runners, unsigned count, unsigned winner)
{
	for (unsigned i = 0; i < count; i++) {
		const struct process_result *result = &runners[i].result;
		if (i == winner)
			continue;
		cr_assert(result->status == 5 || result->status == 4, "%s ended with %d: %s", runners[i].name,
			  result->status, result->err);
		cr_assert(strstr(result->err, runners[winner].name), "%s is not told that %s won: %s", runners[i].name,
			  runners[winner].name, result->err);
	}
}

/* The case must have exactly one decision, made by this reviewer. */
static void decided_by(const struct site *site, unsigned number, const char *name)
{
	char *sql = test_text("SELECT group_concat(d.decided_by) FROM decision AS d JOIN session AS s ON s.id = "
			      "d.session_id WHERE s.external_ref = '%s'",
			      cases_reference(number));
	char *by = site_rows(site, sql);
	cr_assert_str_eq(by, name);
}

Test(race, of_two_who_decide_the_same_case_one_wins_and_the_other_learns_who)
{
	const unsigned races = test_is_long() ? 10000 : SITE_RACES;
	unsigned conflicts = 0, by_winner[2] = { 0, 0 };
	const char **won = test_keep(calloc(races + 1, sizeof *won));
	struct site *site = site_make();
	cr_assert(won);
	cases_bring(site, 1, races);
	for (unsigned i = 1; i <= races; i++) {
		struct runner runners[2] = { { .name = "bob" }, { .name = "cyd" } };
		unsigned winner = 0, first = (unsigned)site_random(site, 2);
		const char *reference = cases_reference(i);
		for (unsigned j = 0; j < 2; j++) {
			struct runner *runner = &runners[j ? !first : first];
			runner->process =
				(i + j) % 3 ? site_start(site, "--as", runner->name, "approve", reference, NULL)
					    : site_start(site, "--as", runner->name, "reject", reference, "--reason",
							 "company_not_active", "--note", "explained in full", NULL);
		}
		run_to_end(&runners[0]);
		run_to_end(&runners[1]);
		cr_assert_eq(winners(runners, 2, &winner), 1, "%s: bob %d: %s%s\ncyd %d: %s%s", reference,
			     runners[0].result.status, runners[0].result.out, runners[0].result.err,
			     runners[1].result.status, runners[1].result.out, runners[1].result.err);
		losers_know(runners, 2, winner);
		conflicts += runners[!winner].result.status == 5;
		by_winner[winner]++;
		won[i] = runners[winner].name;
	}
	for (unsigned i = 1; i <= races; i++)
		decided_by(site, i, won[i]);
	tried("%u races, %u while the loser looked, %u:%u", races, conflicts, by_winner[0], by_winner[1]);
	cr_expect(by_winner[0] && by_winner[1], "always the same one won: these were no races");
	site_is_sound(site);
	site_free(site);
}

Test(race, of_six_who_claim_the_same_case_one_holds_it_and_the_others_learn_who)
{
	enum { PEOPLE = 6, ROUNDS = 8 };
	struct site *site = site_make();
	cases_bring(site, 1, ROUNDS);
	for (unsigned i = 1; i <= ROUNDS; i++) {
		struct runner runners[PEOPLE] = { { .name = "bob" }, { .name = "cyd" }, { .name = "dan" },
						  { .name = "eve" }, { .name = "fay" }, { .name = "gus" } };
		unsigned winner = 0;
		for (unsigned j = 0; j < PEOPLE; j++)
			runners[j].process =
				site_start(site, "--as", runners[j].name, "claim", cases_reference(i), NULL);
		for (unsigned j = 0; j < PEOPLE; j++)
			run_to_end(&runners[j]);
		cr_assert_eq(winners(runners, PEOPLE, &winner), 1);
		losers_know(runners, PEOPLE, winner);
		for (unsigned j = 0; j < PEOPLE; j++)
			cr_assert(j == winner || runners[j].result.status == 5);
	}
	site_is_sound(site);
	site_free(site);
}

/* Twenty reviewers take the next case at the same time, as at the start of a day: each gets a different case. */
Test(race, those_who_take_the_next_case_at_once_get_different_ones)
{
	enum { PEOPLE = 20 };
	char names[PEOPLE][8];
	struct process *processes[PEOPLE];
	struct process_result result;
	struct site *site = site_make();
	cases_bring(site, 1, PEOPLE + 2);
	for (unsigned i = 0; i < PEOPLE; i++) {
		(void)snprintf(names[i], sizeof names[i], "rev%02u", i);
		processes[i] = site_start(site, "--as", names[i], "next", "--inbox", "manual_review", NULL);
	}
	for (unsigned i = 0; i < PEOPLE; i++) {
		cr_assert(process_wait(processes[i], 60000, &result));
		cr_assert_eq(result.status, 0, "%s: %s", names[i], result.err);
		process_free(processes[i]);
	}
	cr_expect_eq(site_number(site, "SELECT count(DISTINCT assignee_id) FROM session WHERE parent_id IS NULL"),
		     PEOPLE);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM session WHERE assignee_id IS NOT NULL"), PEOPLE);
	cr_expect_eq(site_number(site, "SELECT count(*) FROM audit_event WHERE action = 'next'"), PEOPLE);
	site_is_sound(site);
	site_free(site);
}
