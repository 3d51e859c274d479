/*
 * Routes by which one insider alone would get a bad case approved: tests/stranger/routes.py plays them in a production
 * store, through `kybdesk session`, over HTTP and by the client's page; with KYBDESK_TEST_LONG at the screen, too.
 */
#include "support/process.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#define SCRIPT(name) KYB_SOURCE_DIR "/tests/stranger/" name
#define ROUTES SCRIPT("routes.py")
#define ROUTES_MS 3000000
/* The program of schema 48: a result has neither person nor source there. */
#define OLD_COMMIT "064e67f8"

/* assignment: "NAME=value" for the environment of the script; says: text that its output must have. */
static void play(const char *assignment, const char *says)
{
	char *folder = temp_folder_make();
	const char *const argv[] = { "env", assignment, "python3", ROUTES, test_program(KYB_PROGRAM), folder, NULL };
	const struct process_options options = { .argv = argv, .timeout_ms = ROUTES_MS };
	struct process_result result;

	process_run(&options, &result);
	cr_expect_eq(result.status, 0, "%s%s", result.out, result.err);
	cr_expect(strstr(result.out, says), "%s", result.out);
	cr_expect(strstr(result.out, " honest cases approved, 0 open"), "%s", result.out);
	temp_folder_remove(folder);
}

/* Runs a script, which must end with 0, and prints what it tried. */
static void run_script(const char *const *argv)
{
	const struct process_options options = { .argv = argv, .timeout_ms = ROUTES_MS };
	struct process_result result;

	process_run(&options, &result);
	cr_expect_eq(result.status, 0, "%s%s", result.out, result.err);
	tried("%s", result.out);
}

/* Each built-in reason in drawn cases of a production store, by command and over HTTP, against the judge of
 * tests/unit/domain/rejection_test.c. */
Test(routes, reasons_are_answered_as_the_judge_says, .timeout = 3600)
{
	char *folder = temp_folder_make();
	const char *const argv[] = { "python3", SCRIPT("reasons.py"), test_program(KYB_PROGRAM), folder, NULL };

	run_script(argv);
	temp_folder_remove(folder);
}

/* Cells of the matrix of verb, role, fact and moment, and routes of one person alone: each is approved without the
 * fact, and with it held by the one blocker that it names. */
Test(routes, each_drawn_fact_holds_the_case_by_one_blocker, .timeout = 3600)
{
	char *folder = temp_folder_make();
	const char *const argv[] = { "python3", SCRIPT("matrix.py"), test_program(KYB_PROGRAM), folder, NULL };

	run_script(argv);
	temp_folder_remove(folder);
}

/* Builds the old program, so only with KYBDESK_TEST_LONG, and where the history of the sources is. */
Test(routes, no_adverse_fact_gets_weaker_by_an_upgrade, .timeout = 3600)
{
	char *folder;
	const char *const argv[] = { "python3",
				     SCRIPT("upgrade_compare.py"),
				     OLD_COMMIT,
				     test_program(KYB_PROGRAM),
				     folder = temp_folder_make(),
				     NULL };

	if (test_is_long() && access(KYB_SOURCE_DIR "/.git", F_OK) == 0)
		run_script(argv);
	temp_folder_remove(folder);
}

/* Each test runs a third of the routes in its own store, so that the tests can run in parallel. */
Test(routes, no_person_alone_gets_a_case_approved_1, .timeout = 3600)
{
	play("ROUTES_PART=1/3", " routes held");
}

Test(routes, no_person_alone_gets_a_case_approved_2, .timeout = 3600)
{
	play("ROUTES_PART=2/3", " routes held");
}

Test(routes, no_person_alone_gets_a_case_approved_3, .timeout = 3600)
{
	play("ROUTES_PART=3/3", " routes held");
}

/* The store belongs to a service account and three people are other users of the system, so the test needs root. */
Test(routes, no_user_of_the_operating_system_gets_one_approved, .timeout = 3600)
{
	if (test_is_long() && geteuid() == 0)
		play("ROUTES_USERS=1", " of 3 users past the session refused");
}
