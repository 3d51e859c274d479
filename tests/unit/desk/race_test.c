/* If several reviewers decide a case at the same time, exactly one succeeds. */
#include "fixture.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

FIXTURE(race);

#define RACERS 6
#define ROUNDS 12

struct racer {
	pthread_t thread;
	struct desk *desk;
	struct use_in in;
	enum err err;
	bool named; /* the refusal names the winner */
};

static pthread_barrier_t start;

static void *decide(void *context)
{
	struct racer *racer = context;
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };

	pthread_barrier_wait(&start);
	racer->err = desk_do(racer->desk, &arena, &racer->in, &(struct use_out){ 0 }, &error);
	racer->named = error.message && strstr(error.message, "racer-");
	error_release(&error);
	arena_release(&arena);
	return NULL;
}

Test(race, of_threads_with_their_own_connections_has_one_winner)
{
	struct racer racers[RACERS];

	pthread_barrier_init(&start, NULL, RACERS);
	for (size_t i = 0; i < RACERS; i++)
		racers[i].desk = fixture_desk(&f, arena_printf(&f.arena, "racer-%zu", i), false);
	for (int round = 0; round < ROUNDS; round++) {
		const char *ref = arena_printf(&f.arena, "RAL-%d", round);
		int winners = 0;

		fixture_ready(&f, ref);
		for (size_t i = 0; i < RACERS; i++) {
			racers[i].in = (struct use_in){ .verb = VERB_APPROVE, .session = ref };
			cr_assert_eq(pthread_create(&racers[i].thread, NULL, decide, &racers[i]), 0);
		}
		for (size_t i = 0; i < RACERS; i++)
			pthread_join(racers[i].thread, NULL);
		for (size_t i = 0; i < RACERS; i++) {
			winners += racers[i].err == ERR_OK;
			if (racers[i].err == ERR_OK)
				continue;
			cr_expect(racers[i].err == ERR_CONFLICT || racers[i].err == ERR_BLOCKED, "%s",
				  error_code_name(racers[i].err));
			cr_expect(racers[i].named, "the winner is not named");
		}
		cr_expect_eq(winners, 1);
		expect_rows(round + 1, "decision WHERE imported = 0");
		expect_rows(round + 1, "outbox_event");
	}
	for (size_t i = 0; i < RACERS; i++)
		desk_close(racers[i].desk);
	pthread_barrier_destroy(&start);
}

static int decide_in_child(int gate, const char *actor)
{
	struct desk *desk = fixture_desk(&f, actor, false);
	char byte;

	/* All children start together when the parent closes the write end of the pipe. */
	while (read(gate, &byte, 1) > 0)
		continue;
	return error_exit_status(USE(desk, APPROVE, "RAL-1"));
}

Test(race, of_processes_has_one_winner_and_the_others_leave_with_4_or_5)
{
	pid_t children[RACERS];
	int gate[2], winners = 0;

	fixture_ready(&f, "RAL-1");
	for (size_t i = 0; i < RACERS; i++)
		desk_close(fixture_desk(&f, arena_printf(&f.arena, "racer-%zu", i), false));
	cr_assert_eq(pipe(gate), 0);
	for (size_t i = 0; i < RACERS; i++) {
		children[i] = fork();
		if (!children[i]) {
			close(gate[1]);
			_exit(decide_in_child(gate[0], arena_printf(&f.arena, "racer-%zu", i)));
		}
	}
	close(gate[0]);
	close(gate[1]);
	for (size_t i = 0; i < RACERS; i++) {
		int status = 0;

		cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
		cr_assert(WIFEXITED(status));
		winners += WEXITSTATUS(status) == 0;
		if (WEXITSTATUS(status))
			cr_expect(WEXITSTATUS(status) == 4 || WEXITSTATUS(status) == 5, "%d", WEXITSTATUS(status));
	}
	cr_expect_eq(winners, 1);
	expect_rows(1, "decision WHERE imported = 0");
}

Test(race, that_is_lost_between_looking_and_deciding_is_a_conflict)
{
	int64_t version;

	fixture_ready(&f, "RAL-1");
	version = fixture_case(&f, "RAL-1").file.session.version;
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_err(USE(f.bo, REJECT, "RAL-1", .reason = "other", .seen_version = version), ERR_CONFLICT);
	expect_blocker("changed");
	expect_blocker("status");
	expect_says("rita");
}

Test(race, for_the_next_case_gives_each_another_one)
{
	struct list_query query = { .sort = SORT_DUE, .after = "" };
	struct racer racers[RACERS];

	pthread_barrier_init(&start, NULL, RACERS);
	for (size_t i = 0; i < RACERS; i++) {
		racers[i].in = (struct use_in){ .verb = VERB_NEXT, .query = &query };
		fixture_kyc(&f, arena_printf(&f.arena, "KYC-%zu", i), "manual_review", NULL);
		racers[i].desk = fixture_desk(&f, arena_printf(&f.arena, "racer-%zu", i), false);
	}
	for (size_t i = 0; i < RACERS; i++)
		cr_assert_eq(pthread_create(&racers[i].thread, NULL, decide, &racers[i]), 0);
	for (size_t i = 0; i < RACERS; i++) {
		pthread_join(racers[i].thread, NULL);
		cr_expect_eq(racers[i].err, ERR_OK);
	}
	cr_expect_eq(sql_int(&f, "SELECT count(DISTINCT assignee_id) FROM session"), RACERS);
	for (size_t i = 0; i < RACERS; i++)
		desk_close(racers[i].desk);
	pthread_barrier_destroy(&start);
}
