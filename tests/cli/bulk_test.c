/* One command for every case that a filter matches. */
#include "box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	box_open(&box);
	for (size_t i = 1; i <= 3; i++) {
		char reference[16];
		(void)snprintf(reference, sizeof reference, "IND-%zu", i);
		box_import_person(&box, reference);
	}
	cr_assert_eq(box_run(&box, "reviewer", "add", "rea", "--role", "reviewer", NULL), 0);
}
TestSuite(bulk, .init = set_up, .fini = box_tear_down);

static size_t held_by_rea(void)
{
	cr_assert_eq(box_json(&box, "list", "--filter", "assignee:rea", NULL), 0);
	return json_array_size(json_path(box.json, "data"));
}

Test(bulk, a_dry_run_says_which_and_changes_nothing)
{
	cr_expect_eq(box_json(&box, "assign", "--filter", "kind:kyc", "rea", "--dry-run", NULL), 0, "%s",
		     box.last.out);
	cr_expect_eq(json_path_int(box.json, "matched"), 3);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 3);
	cr_expect_eq(held_by_rea(), 0);
}

Test(bulk, a_dry_run_says_which_would_be_refused_and_why)
{
	cr_assert_eq(box_run(&box, "reject", "IND-2", "--reason", "other", "--grace", "0", NULL), 0);
	cr_expect_eq(box_json(&box, "snooze", "--filter", "kind:kyc", "--until", "2d", "--reason",
			      "the audit is on", "--dry-run", NULL),
		     0, "%s", box.last.out);
	cr_expect_eq(json_path_int(box.json, "matched"), 3);
	cr_expect_eq(json_path_int(box.json, "done"), 2);
	cr_expect_eq(json_path_int(box.json, "refused"), 1);
	cr_expect_str_eq(json_path_text(box.json, "errors[0].external_ref"), "IND-2");
	cr_expect_eq(box_run(&box, "snooze", "--filter", "kind:kyc", "--until", "2d", "--reason", "the audit is on",
			     "--dry-run", NULL),
		     0);
	cr_expect(strstr(box.last.out, "2 of 3 cases would be hidden from the queue, the others refused"), "%s",
		  box.last.out);
	cr_expect(strstr(box.last.err, "IND-2: "), "%s", box.last.err);
	cr_assert_eq(box_json(&box, "list", "--filter", "mark:snoozed", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 0, "nothing was done");
}

Test(bulk, every_case_that_matches_is_assigned)
{
	cr_expect_eq(box_json(&box, "assign", "--filter", "kind:kyc", "rea", "--expect", "3", NULL), 0, "%s",
		     box.last.out);
	cr_expect_eq(json_path_int(box.json, "done"), 3);
	cr_expect_eq(held_by_rea(), 3);
}

Test(bulk, another_number_than_expected_changes_nothing)
{
	cr_expect_eq(box_json(&box, "assign", "--filter", "kind:kyc", "rea", "--expect", "2", NULL), 5);
	cr_expect_str_eq(error_code(&box), "conflict");
	cr_expect_eq(held_by_rea(), 0);
}

Test(bulk, a_case_that_may_not_be_changed_is_named_and_the_others_go_on)
{
	cr_assert_eq(box_run(&box, "reject", "IND-2", "--reason", "other", "--grace", "0", NULL), 0);
	cr_expect_eq(box_json(&box, "snooze", "--filter", "kind:kyc", "--until", "2d", "--reason",
			      "the audit is on", NULL),
		     3, "%s", box.last.out);
	cr_expect_eq(json_path_int(box.json, "done"), 2);
	cr_expect_eq(json_path_int(box.json, "refused"), 1);
	cr_expect_str_eq(json_path_text(box.json, "errors[0].external_ref"), "IND-2");
	cr_expect_str_eq(json_path_text(box.json, "errors[0].code"), "blocked");
}

Test(bulk, what_would_be_wrong_with_every_case_is_said_once)
{
	cr_expect_eq(box_json(&box, "assign", "--filter", "kind:kyc", "nobody", NULL), 6);
	cr_expect_eq(box_json(&box, "--as", "rea", "assign", "--filter", "kind:kyc", "rea", NULL), 7);
	cr_expect_eq(box_json(&box, "snooze", "--filter", "kind:kyc", "--until", "2d", "--reason", "short", NULL),
		     9);
	cr_expect_eq(held_by_rea(), 0);
}

Test(bulk, a_session_and_a_filter_do_not_go_together)
{
	cr_expect_eq(box_run(&box, "reactivate", "IND-1", "--filter", "kind:kyc", NULL), 2);
	cr_expect_eq(box_run(&box, "reactivate", NULL), 2);
	cr_expect_eq(box_run(&box, "validate", "IND-1", "--dry-run", NULL), 2);
	cr_expect_eq(box_run(&box, "link", "--filter", "kind:kyc", NULL), 2);
	cr_expect_eq(box_run(&box, "assign", "--filter", "", "rea", NULL), 9);
	cr_expect_eq(box_run(&box, "validate", "--filter", "no:key", NULL), 9);
}

Test(bulk, expired_sessions_are_reactivated_together)
{
	box_import(
		&box,
		"{\"external_ref\":\"X-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		"\"status\":\"expired\",\"expired_from\":\"active\",\"subject\":{\"kind\":\"individual\",\"name\":"
		"\"Ines\"}}\n");
	cr_expect_eq(box_json(&box, "reactivate", "--filter", "status:expired", "--extend", "5", NULL), 0, "%s",
		     box.last.out);
	cr_expect_eq(json_path_int(box.json, "done"), 1);
	cr_assert_eq(box_json(&box, "show", "X-1", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "status"), "active");
}
