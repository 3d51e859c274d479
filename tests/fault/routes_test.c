/*
 * Routes by which one insider alone would get a bad case approved: tests/stranger/routes.py plays them in a production
 * store, through `kybdesk session`, over HTTP and by the client's page; with KYBDESK_TEST_LONG at the screen, too.
 */
#include "support/process.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define ROUTES KYB_SOURCE_DIR "/tests/stranger/routes.py"
#define ROUTES_MS 3000000

Test(routes, no_person_alone_gets_a_case_approved, .timeout = 3600)
{
	char *folder = temp_folder_make();
	const char *const argv[] = { "python3", ROUTES, test_program(KYB_PROGRAM), folder, NULL };
	const struct process_options options = { .argv = argv, .timeout_ms = ROUTES_MS };
	struct process_result result;

	process_run(&options, &result);
	cr_expect_eq(result.status, 0, "%s%s", result.out, result.err);
	cr_expect(strstr(result.out, " honest cases approved, 0 open"), "%s", result.out);
	process_result_release(&result);
	temp_folder_remove(folder);
}
