/* One command for every case that a filter matches. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make(void)
{
	DONE("init", "--sandbox");
	for (size_t i = 1; i <= 3; i++) {
		char reference[16];
		(void)snprintf(reference, sizeof reference, "IND-%zu", i);
		box_import_person(&box, reference);
	}
	DONE("reviewer", "add", "rea", "--role", "reviewer");
}

static void set_up(void)
{
	box_world(&box, "bulk", make);
}
TestSuite(bulk, .init = set_up, .fini = box_tear_down);

static size_t held_by_rea(void)
{
	DONE_JSON("list", "--filter", "assignee:rea");
	return json_array_size(json_path(box.json, "data"));
}

Test(bulk, a_dry_run_says_which_and_changes_nothing)
{
	GIVES(("assign", "--filter", "kind:kyc", "rea", "--dry-run"), "matched = 3", "data has 3");
	cr_expect_eq(held_by_rea(), 0);
}

Test(bulk, a_dry_run_says_which_would_be_refused_and_why)
{
	DONE("reject", "IND-2", "--reason", "other", "--grace", "0");
	GIVES(("snooze", "--filter", "kind:kyc", "--until", "2d", "--reason", "the audit is on", "--dry-run"),
	      "matched = 3", "done = 2", "refused = 1", "errors[0].external_ref: IND-2");
	TELLS(("snooze", "--filter", "kind:kyc", "--until", "2d", "--reason", "the audit is on", "--dry-run"),
	      "2 of 3 cases would be hidden from the queue, the others refused");
	SAYS("IND-2: ");
	GIVES(("list", "--filter", "mark:snoozed"), "data has 0"); /* nothing was done */
}

Test(bulk, every_case_that_matches_is_assigned)
{
	GIVES(("assign", "--filter", "kind:kyc", "rea", "--expect", "3"), "done = 3");
	cr_expect_eq(held_by_rea(), 3);
}

Test(bulk, another_number_than_expected_changes_nothing)
{
	FAILS(5, ("assign", "--filter", "kind:kyc", "rea", "--expect", "2"), "error.code: conflict");
	cr_expect_eq(held_by_rea(), 0);
}

Test(bulk, a_case_that_may_not_be_changed_is_named_and_the_others_go_on)
{
	DONE("reject", "IND-2", "--reason", "other", "--grace", "0");
	FAILS(3, ("snooze", "--filter", "kind:kyc", "--until", "2d", "--reason", "the audit is on"), "done = 2",
	      "refused = 1", "errors[0].external_ref: IND-2", "errors[0].code: blocked");
}

Test(bulk, what_would_be_wrong_with_every_case_is_said_once)
{
	ENDS_JSON(6, "assign", "--filter", "kind:kyc", "nobody");
	ENDS_JSON(7, "--as", "rea", "assign", "--filter", "kind:kyc", "rea");
	ENDS_JSON(9, "snooze", "--filter", "kind:kyc", "--until", "2d", "--reason", "short");
	cr_expect_eq(held_by_rea(), 0);
}

Test(bulk, a_session_and_a_filter_do_not_go_together)
{
	ENDS(2, "reactivate", "IND-1", "--filter", "kind:kyc");
	ENDS(2, "reactivate");
	ENDS(2, "validate", "IND-1", "--dry-run");
	ENDS(2, "link", "--filter", "kind:kyc");
	ENDS(9, "assign", "--filter", "", "rea");
	ENDS(9, "validate", "--filter", "no:key");
}

Test(bulk, expired_sessions_are_reactivated_together)
{
	box_import(&box,
		   "{\"external_ref\":\"X-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		   "\"status\":\"expired\",\"expired_from\":\"active\",\"subject\":{\"kind\":\"individual\",\"name\":"
		   "\"Ines\"}}\n");
	GIVES(("reactivate", "--filter", "status:expired", "--extend", "5"), "done = 1");
	GIVES(("show", "X-1"), "status: active");
}
