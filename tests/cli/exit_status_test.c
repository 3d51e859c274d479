/* Every exit code, and its error.code with --json. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(exit_status, .init = box_set_up, .fini = box_tear_down);

Test(exit_status, each_is_told_with_its_code)
{
	DONE("inbox");
	cr_expect_str_empty(box.last.err);
	FAILS(2, ("aprove", "RAL-1"), "error.code: usage");
	REFUSED(2, "document accept", "document");
	ENDS(2, NULL);
	SAYS("usage: kybdesk");
	cr_expect_str_empty(box.last.out);
	ENDS(6, "workflow", "show", "ralio-kby");
	/* Empty members of an error are left out. */
	FAILS(6, ("show", "NOPE-1"), "error.code: not_found", "error.blockers is absent", "error.field is absent");
	cr_expect_eq(json_object_size(box.json), 1);
	cr_expect_str_empty(box.last.err);
	FAILS(8, ("--store", "nowhere.db", "inbox"), "error.code: store");
	FAILS(9, ("list", "--limit", "0"), "error.code: invalid", "error.field: limit");
	FAILS(9, ("import", "nothing.ndjson"), "error.code: invalid");
	box_write(&box, "text.db",
		  "this is not a database at all, but long enough to be looked at as one, so that ...");
	ENDS(8, "--store", "text.db", "inbox");
	DONE("--store", "production.db", "init");
	ENDS_JSON(7, "--store", "production.db", "--as", "somebody-else", "inbox");
}

Test(exit_status, standard_output_that_cannot_be_written_is_1)
{
	cr_assert_eq(box_shell(&box, "\"$K\" inbox >&-"), 1);
	cr_assert_eq(box_shell(&box, "\"$K\" inbox >/dev/full"), 1);
	SAYS("standard output");
}

Test(exit_status, a_reader_that_leaves_early_is_a_quiet_end)
{
	DONE_SHELL("{ sleep 0.3; \"$K\" list --json; echo $? >status; } | true; cat status");
	cr_assert_str_eq(box.last.out, "0\n");
	cr_assert_str_empty(box.last.err);
}

Test(exit_status, a_reference_that_fits_several_is_2_and_names_them)
{
	char *line = person_line("IND-1", "One");
	char *both = test_text("%s%s", line, line);
	memcpy(strstr(both + strlen(line), "\"shop\""), "\"kisk\"", 6);
	box_import(&box, both);
	FAILS(2, ("show", "IND-1"), "error.code: usage");
	DONE_JSON("list");
	char *candidate = test_keep(strdup(json_path_text(box.json, "data[1].id")));
	REFUSED(2, candidate, "show", "IND-1");
}

Test(exit_status, refused_lines_are_3_and_the_rest_is_stored)
{
	char *line = person_line("IND-1", "One");
	box_write(&box, "in.ndjson", test_text("%snonsense\n", line));
	FAILS(3, ("import", "in.ndjson"), "imported = 1", "rejected = 1");
}

Test(exit_status, blocked_is_4_with_the_blockers)
{
	box_import_company(&box, "RAL-1");
	FAILS(4, ("approve", "RAL-1"), "error.code: blocked");
	BLOCKED("document_not_accepted", "party_not_verified");
	cr_expect_str_neq(json_path_text(box.json, "error.blockers[0].message"), "");
	cr_expect_str_neq(json_path_text(box.json, "error.blockers[0].ref"), "");
}

Test(exit_status, blockers_are_list_lines_for_people)
{
	box_import_company(&box, "RAL-1");
	ENDS(4, "approve", "RAL-1");
	cr_assert_str_empty(box.last.out);
	SAYS("\n  - ");
}

Test(exit_status, held_by_somebody_else_is_5_and_names_them)
{
	box_import_person(&box, "IND-1");
	DONE("--as", "bo", "claim", "IND-1");
	FAILS(5, ("--as", "ana", "approve", "IND-1"), "error.code: conflict");
	BLOCKED("claimed_by_other");
	PRINTS("bo");
}

Test(exit_status, another_version_than_expected_is_5)
{
	box_import_person(&box, "IND-1");
	ENDS_JSON(5, "approve", "IND-1", "--expect-version", "99");
	BLOCKED("changed");
}

Test(exit_status, not_for_this_role_is_7)
{
	box_import_person(&box, "IND-1");
	DONE("reviewer", "add", "vi", "--role", "viewer");
	FAILS(7, ("--as", "vi", "approve", "IND-1"), "error.code: forbidden");
}

Test(exit_status, nothing_is_changed_readonly_which_is_7)
{
	box_import_person(&box, "IND-1");
	ENDS(7, "--readonly", "approve", "IND-1");
	GIVES(("show", "IND-1"), "status: manual_review");
}

Test(exit_status, values_that_are_not_valid_are_9)
{
	static const char *const words[][6] = { { "list", "--limit", "0" },	      { "list", "--limit", "1001" },
						{ "list", "--limit", "ten" },	      { "list", "--limit", "5x" },
						{ "list", "--filter", "colour:red" }, { "list", "--sort", "size" },
						{ "list", "--inbox", "todo" },	      { "list", "--after", "nonsense" },
						{ "audit", "list", "--after", "-1" } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		cr_expect_eq(box_run_words(&box, words[i], NULL, 0), 9, "%s %s %s: %d %s", words[i][0], words[i][1],
			     words[i][2], box.last.status, box.last.err);
	}
}

Test(exit_status, an_unknown_reason_is_9_and_names_the_nearest)
{
	box_import_person(&box, "IND-1");
	REFUSED(9, "data_mismatch", "reject", "IND-1", "--reason", "data_missmatch");
}

Test(exit_status, a_broken_configuration_is_9)
{
	cr_assert_eq(box_shell(&box, "mkdir -p config/kybdesk; echo '{\"stor\":1}' >config/kybdesk/config.json; "
				     "\"$K\" inbox"),
		     9);
	SAYS("config.json");
}
