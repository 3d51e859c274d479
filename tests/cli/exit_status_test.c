/* Every exit code, and its error.code with --json. */
#include "box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(exit_status, .init = box_set_up, .fini = box_tear_down);

Test(exit_status, done_is_0)
{
	cr_assert_eq(box_run(&box, "inbox", NULL), 0);
	cr_assert_str_empty(box.last.err);
}

Test(exit_status, a_full_disk_behind_standard_output_is_1)
{
	cr_assert_eq(box_shell(&box, "\"$K\" inbox >/dev/full"), 1);
	cr_assert(strstr(box.last.err, "standard output"), "%s", box.last.err);
}

Test(exit_status, closed_standard_output_is_1)
{
	cr_assert_eq(box_shell(&box, "\"$K\" inbox >&-"), 1);
}

Test(exit_status, a_reader_that_leaves_early_is_a_quiet_end)
{
	cr_assert_eq(box_shell(&box, "{ sleep 0.3; \"$K\" list --json; echo $? >status; } | true; cat status"), 0);
	cr_assert_str_eq(box.last.out, "0\n");
	cr_assert_str_empty(box.last.err);
}

Test(exit_status, wrong_usage_is_2)
{
	cr_assert_eq(box_json(&box, "aprove", "RAL-1", NULL), 2);
	cr_assert_str_eq(error_code(&box), "usage");
}

Test(exit_status, no_command_and_no_terminal_is_2_with_the_usage)
{
	cr_assert_eq(box_run(&box, NULL), 2);
	cr_assert(strstr(box.last.err, "usage: kybdesk"));
	cr_assert_str_empty(box.last.out);
}

Test(exit_status, a_group_without_its_command_is_2_with_its_usage)
{
	cr_assert_eq(box_run(&box, "document", NULL), 2);
	cr_assert(strstr(box.last.err, "document accept"), "%s", box.last.err);
}

Test(exit_status, a_reference_that_fits_several_is_2_and_names_them)
{
	char *line = person_line("IND-1", "One");
	char *both = test_text("%s%s", line, line);
	memcpy(strstr(both + strlen(line), "\"shop\""), "\"kisk\"", 6);
	box_import(&box, both);
	cr_expect_eq(box_json(&box, "show", "IND-1", NULL), 2);
	cr_expect_str_eq(error_code(&box), "usage");
	cr_assert_eq(box_json(&box, "list", NULL), 0);
	char *candidate = test_keep(strdup(json_path_text(box.json, "data[1].id")));
	cr_assert_eq(box_run(&box, "show", "IND-1", NULL), 2);
	cr_expect(strstr(box.last.err, candidate), "%s", box.last.err);
}

Test(exit_status, refused_lines_are_3_and_the_rest_is_stored)
{
	char *line = person_line("IND-1", "One");
	box_write(&box, "in.ndjson", test_text("%snonsense\n", line));
	cr_expect_eq(box_json(&box, "import", "in.ndjson", NULL), 3);
	cr_expect_eq(json_path_int(box.json, "imported"), 1);
	cr_expect_eq(json_path_int(box.json, "rejected"), 1);
}

Test(exit_status, blocked_is_4_with_the_blockers)
{
	char *line = company_line("RAL-1");
	box_write_files(&box);
	box_import(&box, line);
	cr_assert_eq(box_json(&box, "approve", "RAL-1", NULL), 4);
	cr_expect_str_eq(error_code(&box), "blocked");
	cr_expect(has_blocker(&box, "document_not_accepted"));
	cr_expect(has_blocker(&box, "party_not_verified"));
	cr_expect_str_neq(json_path_text(box.json, "error.blockers[0].message"), "");
	cr_expect_str_neq(json_path_text(box.json, "error.blockers[0].ref"), "");
}

Test(exit_status, blockers_are_list_lines_for_people)
{
	char *line = company_line("RAL-1");
	box_write_files(&box);
	box_import(&box, line);
	cr_assert_eq(box_run(&box, "approve", "RAL-1", NULL), 4);
	cr_assert_str_empty(box.last.out);
	cr_assert(strstr(box.last.err, "\n  - "), "%s", box.last.err);
}

Test(exit_status, held_by_somebody_else_is_5_and_names_them)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "--as", "bo", "claim", "IND-1", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "--as", "ana", "approve", "IND-1", NULL), 5);
	cr_expect_str_eq(error_code(&box), "conflict");
	cr_expect(has_blocker(&box, "claimed_by_other"));
	cr_expect(strstr(box.last.out, "bo"), "%s", box.last.out);
}

Test(exit_status, another_version_than_expected_is_5)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_json(&box, "approve", "IND-1", "--expect-version", "99", NULL), 5);
	cr_expect(has_blocker(&box, "changed"));
}

Test(exit_status, no_such_thing_is_6)
{
	cr_expect_eq(box_json(&box, "show", "NOPE-1", NULL), 6);
	cr_expect_str_eq(error_code(&box), "not_found");
	cr_expect_eq(box_run(&box, "workflow", "show", "ralio-kby", NULL), 6);
}

Test(exit_status, not_for_this_role_is_7)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "reviewer", "add", "vi", "--role", "viewer", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "--as", "vi", "approve", "IND-1", NULL), 7);
	cr_expect_str_eq(error_code(&box), "forbidden");
}

Test(exit_status, nothing_is_changed_readonly_which_is_7)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "--readonly", "approve", "IND-1", NULL), 7);
	cr_assert_eq(box_json(&box, "show", "IND-1", NULL), 0);
	cr_assert_str_eq(json_path_text(box.json, "status"), "manual_review");
}

Test(exit_status, another_name_in_a_production_store_is_7)
{
	cr_assert_eq(box_run(&box, "--store", "production.db", "init", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "--store", "production.db", "--as", "somebody-else", "inbox", NULL), 7);
}

Test(exit_status, a_missing_store_is_8)
{
	cr_assert_eq(box_json(&box, "--store", "nowhere.db", "inbox", NULL), 8);
	cr_expect_str_eq(error_code(&box), "store");
}

Test(exit_status, a_store_that_is_no_store_is_8)
{
	box_write(&box, "text.db",
		  "this is not a database at all, but long enough to be looked at as one, so that ...");
	cr_assert_eq(box_run(&box, "--store", "text.db", "inbox", NULL), 8);
}

Test(exit_status, values_that_are_not_valid_are_9)
{
	static const char *const words[][6] = {
		{ "list", "--limit", "0" },	      { "list", "--limit", "1001" },
		{ "list", "--limit", "ten" },	      { "list", "--limit", "5x" },
		{ "list", "--filter", "colour:red" }, { "list", "--sort", "size" },
		{ "list", "--inbox", "todo" },	      { "list", "--after", "nonsense" },
		{ "audit", "list", "--after", "-1" }
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		cr_expect_eq(box_run_words(&box, words[i], NULL, 0), 9, "%s %s %s: %d %s", words[i][0], words[i][1],
			     words[i][2], box.last.status, box.last.err);
	}
}

Test(exit_status, a_value_that_is_not_valid_names_its_field)
{
	cr_assert_eq(box_json(&box, "list", "--limit", "0", NULL), 9);
	cr_expect_str_eq(error_code(&box), "invalid");
	cr_expect_str_eq(json_path_text(box.json, "error.field"), "limit");
}

Test(exit_status, an_unknown_reason_is_9_and_names_the_nearest)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "reject", "IND-1", "--reason", "data_missmatch", NULL), 9);
	cr_assert(strstr(box.last.err, "data_mismatch"), "%s", box.last.err);
}

Test(exit_status, a_file_that_is_not_there_is_9)
{
	cr_assert_eq(box_json(&box, "import", "nothing.ndjson", NULL), 9);
	cr_expect_str_eq(error_code(&box), "invalid");
}

Test(exit_status, a_broken_configuration_is_9)
{
	cr_assert_eq(box_shell(&box, "mkdir -p config/kybdesk; echo '{\"stor\":1}' >config/kybdesk/config.json; "
				     "\"$K\" inbox"),
		     9);
	cr_assert(strstr(box.last.err, "config.json"), "%s", box.last.err);
}

Test(exit_status, an_errors_empty_members_are_left_out)
{
	cr_assert_eq(box_json(&box, "show", "NOPE-1", NULL), 6);
	cr_expect_null(json_path(box.json, "error.blockers"));
	cr_expect_null(json_path(box.json, "error.field"));
	cr_expect_eq(json_object_size(box.json), 1);
	cr_expect_str_empty(box.last.err);
}
