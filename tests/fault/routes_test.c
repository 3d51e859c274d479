/*
 * Routes by which one insider alone would get a bad case approved: tests/stranger/routes.py plays them in a production
 * store, through `kybdesk session`, over HTTP and by the client's page; with KYBDESK_TEST_LONG at the screen, too.
 */
#include "support/process.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#define ROUTES KYB_SOURCE_DIR "/tests/stranger/routes.py"
#define ROUTES_MS 3000000

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

/* Each built-in reason in drawn cases of a production store, by command and over HTTP, against the judge of
 * tests/unit/domain/rejection_test.c. */
Test(routes, reasons_are_answered_as_the_judge_says, .timeout = 3600)
{
	char *folder = temp_folder_make();
	const char *const argv[] = { "python3", KYB_SOURCE_DIR "/tests/stranger/reasons.py", test_program(KYB_PROGRAM),
				     folder, NULL };
	const struct process_options options = { .argv = argv, .timeout_ms = ROUTES_MS };
	struct process_result result;

	process_run(&options, &result);
	cr_expect_eq(result.status, 0, "%s%s", result.out, result.err);
	tried("%s", result.out);
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
