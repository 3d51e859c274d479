/* Behaviour only at a terminal: progress, width of tables, layout of JSON, the workbench. */
#include "box.h"
#include "support/pty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct terminal *terminal;

static void tear_down(void)
{
	terminal_free(terminal);
	box_close(&box);
}
TestSuite(on_a_terminal, .init = box_set_up, .fini = tear_down);

static void start(const char *const *argv)
{
	struct terminal_options options = { .argv = argv,
					    .environment = (const char *const *)box.lines,
					    .folder = box.folder };
	terminal = terminal_start(&options);
}

Test(on_a_terminal, the_program_alone_opens_the_workbench)
{
	box_import_person(&box, "IND-1");
	start((const char *const[]){ KYB_PROGRAM, NULL });
	cr_assert(terminal_wait(terminal, "Ines Duarte", 60000), "%s", terminal_screen(terminal));
	terminal_type(terminal, "q");
	cr_assert_eq(terminal_wait_exit(terminal, 60000), 0);
}

Test(on_a_terminal, a_workbench_without_a_store_says_why)
{
	start((const char *const[]){ KYB_PROGRAM, "--store", "nowhere.db", NULL });
	cr_assert_eq(terminal_wait_exit(terminal, 60000), 8);
	cr_assert(terminal_shows(terminal, "nowhere.db"), "%s", terminal_screen(terminal));
}

Test(on_a_terminal, a_table_is_as_wide_as_the_screen)
{
	box_import_person(&box, "IND-1");
	start((const char *const[]){ KYB_PROGRAM, "list", NULL });
	cr_assert_eq(terminal_wait_exit(terminal, 60000), 0);
	cr_expect_eq(terminal_find_row(terminal, "IND-1"), 1, "%s", terminal_screen(terminal));
	cr_expect_eq(terminal_find_row(terminal, "Due"), 0);
}

Test(on_a_terminal, json_is_laid_out_for_a_reader)
{
	start((const char *const[]){ KYB_PROGRAM, "inbox", "--json", NULL });
	cr_assert_eq(terminal_wait_exit(terminal, 60000), 0);
	cr_expect_str_eq(terminal_row(terminal, 0), "{");
	cr_expect_str_eq(terminal_row(terminal, 1), "  \"inboxes\": {");
}

Test(on_a_terminal, a_document_is_not_printed)
{
	box_import_company(&box, "RAL-1");
	start((const char *const[]){ KYB_PROGRAM, "document", "save", "RAL-1", "BUSINESS_NUMBER", "-o", "-", NULL });
	cr_assert_eq(terminal_wait_exit(terminal, 60000), 2);
}

Test(on_a_terminal, progress_leaves_nothing_behind)
{
	char *text = NULL;
	size_t length = 0;
	FILE *lines = open_memstream(&text, &length);
	for (int i = 0; i < 1000; i++) {
		char reference[32];
		(void)snprintf(reference, sizeof reference, "MANY-%d", i);
		(void)fputs(person_line(reference, "Somebody"), lines);
	}
	(void)fclose(lines);
	box_write(&box, "many.ndjson", text);
	free(text);
	start((const char *const[]){ KYB_PROGRAM, "import", "many.ndjson", NULL });
	cr_assert(terminal_wait(terminal, "importing: ", 60000), "%s", terminal_screen(terminal));
	cr_assert_eq(terminal_wait_exit(terminal, 180000), 0);
	cr_expect_str_eq(terminal_row(terminal, 0), "1000 imported, 0 updated, 0 unchanged, 0 refused");
}

Test(on_a_terminal, ctrl_c_stops_an_import_after_its_line)
{
	start((const char *const[]){ KYB_PROGRAM, "import", "-", NULL });
	terminal_type(terminal, person_line("IND-1", "One"));
	cr_assert(terminal_settle(terminal, 500, 20000));
	terminal_control(terminal, 'c');
	cr_assert_eq(terminal_wait_exit(terminal, 60000), 1);
	cr_expect(terminal_shows(terminal, "1 imported"), "%s", terminal_screen(terminal));
	cr_expect(terminal_shows(terminal, "interrupted"), "%s", terminal_screen(terminal));
}
