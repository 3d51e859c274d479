/*
 * Role × verb × contribution × front end: tests/stranger/matrix.py makes the cells from the verb table, tries them by
 * commands, over HTTP, by imports, through the client's link and at the screen of a production store, and compares what
 * happens with what the table says. A draw of 16 cells, all of them with KYBDESK_TEST_LONG. On a server, too
 * (test_postgresql_desk).
 */
#include "support/process.h"
#include "support/tried.h"
#ifdef KYB_SITE_ON_SERVER
#include "store/place.h"
#endif

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MATRIX KYB_SOURCE_DIR "/tests/stranger/matrix.py"
#define MATRIX_MS 10800000

static const char *new_store(void)
{
#ifdef KYB_SITE_ON_SERVER
	return test_text("ROUTES_STORE=%s", place_make(NULL, NULL));
#else
	return "ROUTES_STORE=";
#endif
}

Test(front_ends_matrix, no_front_end_disagrees_with_the_verb_table, .timeout = 10800)
{
	char *folder = temp_folder_make();
	const char *store = new_store();
	const char *const argv[] = { "env",	store,	"ROUTES_PERSON=" KYB_PERSON,
				     "python3", MATRIX, test_program(KYB_PROGRAM),
				     folder,	NULL };
	const struct process_options options = { .argv = argv, .timeout_ms = MATRIX_MS };
	struct process_result result;

	process_run(&options, &result);
	cr_expect_eq(result.status, 0, "%s%s", result.out, result.err);
	cr_expect(strstr(result.out, " 0 disagreements"), "%s%s", result.out, result.err);
	char *line = strstr(result.out, " cells tried on ");
	while (line && line > result.out && line[-1] != '\n')
		line--;
	if (line)
		tried("%.*s", (int)strcspn(line, "\n"), line);
	temp_folder_remove(folder);
}
