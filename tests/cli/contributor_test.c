/*
 * Separation of duties at the front end of commands.
 */
#include "attack_cases.h"

#include <stdlib.h>

static void set_up(void)
{
	box_open_bare(&box);
	attack_in_production(&box);
	box_import_person_by_colleague(&box, "RAL-1");
}
TestSuite(contributor_commands, .init = set_up, .fini = box_tear_down);

static void expect_excluded(const char *says)
{
	cr_assert_eq(box_json(&box, "approve", "RAL-1", "--grace", "0", NULL), 4, "%s", box.last.out);
	cr_expect(has_blocker(&box, "second_reviewer"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, says), "%s is not in %s", says, box.last.out);
	cr_assert_eq(box_json(&box, "reject", "RAL-1", "--reason", "other", "--grace", "0", NULL), 4, "%s",
		     box.last.out);
	cr_expect(has_blocker(&box, "second_reviewer"), "%s", box.last.out);
}

Test(contributor_commands, a_changed_step_is_listed_with_its_author)
{
	DONE(&box, "step", "edit", "RAL-1", "identity", "--field", "nationality=PT", "--reason",
	     "as the client told us by phone");
	expect_excluded("changed a step (identity) at ");
	DONE(&box, "show", "RAL-1");
	cr_expect(strstr(box.last.out, "changed by colleague: imported the case, "), "%s", box.last.out);
	cr_expect(strstr(box.last.out, ": changed a step (identity), "), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "show", "RAL-1", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "handed_in[0].by"), "colleague");
	cr_expect_str_eq(json_path_text(box.json, "handed_in[1].what"), "step.edit");
	cr_expect_str_eq(json_path_text(box.json, "handed_in[1].material"), "data");
	cr_expect_str_eq(json_path_text(box.json, "handed_in[1].part"), "step:identity");
}

Test(contributor_commands, an_import_by_the_one_who_decides)
{
	box_import(&box, person_line("RAL-2", "Jo Reyes"));
	REFUSED(&box, 4, "approve", "RAL-2", "--grace", "0");
	cr_expect(strstr(box.last.err, "imported the case at "), "%s", box.last.err);
}

Test(contributor_commands, a_reported_check)
{
	DONE(&box, "check", "report", "RAL-1", "crypto", "--status", "error");
	REFUSED(&box, 4, "check", "waive", "RAL-1", "crypto", "--reason", "the provider is down today");
	cr_expect(strstr(box.last.err, "reported the check crypto; a colleague must judge the check"), "%s",
		  box.last.err);
	expect_excluded("reported a check (crypto)");
}

Test(contributor_commands, a_link_that_was_shown)
{
	DONE(&box, "link", "RAL-1");
	expect_excluded("was shown a new link of the client");
}

Test(contributor_commands, help_says_who_decides_then)
{
	DONE(&box, "step", "edit", "--help");
	cr_expect(strstr(box.last.out, "In production, a colleague must decide a case that this command changed."),
		  "%s", box.last.out);
	DONE(&box, "check", "waive", "--help");
	cr_expect(strstr(box.last.out,
			 "In production, a colleague must approve the case if the verdict is material."),
		  "%s", box.last.out);
	DONE(&box, "note", "--help");
	cr_expect_null(strstr(box.last.out, "In production"), "%s", box.last.out);
}
