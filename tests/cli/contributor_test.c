/*
 * Separation of duties at the front end of commands.
 */
#include "expect.h"
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
	BLOCKS(("approve", "RAL-1", "--grace", "0"), "second_reviewer");
	cr_expect(strstr(box.last.out, says), "%s is not in %s", says, box.last.out);
	BLOCKS(("reject", "RAL-1", "--reason", "other", "--grace", "0"), "second_reviewer");
}

Test(contributor_commands, a_changed_step_is_listed_with_its_author)
{
	DONE("step", "edit", "RAL-1", "identity", "--field", "nationality=PT", "--reason",
	     "as the client told us by phone");
	expect_excluded("changed a step (identity) at ");
	TELLS(("show", "RAL-1"), "changed by colleague: imported the case, ", ": changed a step (identity), ");
	GIVES(("show", "RAL-1"), "handed_in[0].by: colleague", "handed_in[1].what: step.edit",
	      "handed_in[1].material: data", "handed_in[1].part: step:identity");
}

Test(contributor_commands, an_import_by_the_one_who_decides)
{
	box_import(&box, person_line("RAL-2", "Jo Reyes"));
	ENDS(4, "approve", "RAL-2", "--grace", "0");
	SAYS("imported the case at ");
}

Test(contributor_commands, a_reported_check)
{
	DONE("check", "report", "RAL-1", "crypto", "--status", "error");
	ENDS(4, "check", "waive", "RAL-1", "crypto", "--reason", "the provider is down today");
	SAYS("reported the check crypto; a colleague must judge the check");
	expect_excluded("reported a check (crypto)");
}

Test(contributor_commands, a_link_that_was_shown)
{
	DONE("link", "RAL-1");
	expect_excluded("was shown a new link of the client");
}

Test(contributor_commands, help_says_who_decides_then)
{
	TELLS(("step", "edit", "--help"), "In production, a colleague must decide a case that this command changed.");
	TELLS(("check", "waive", "--help"),
	      "In production, a colleague must approve the case after a verdict that favours approval.");
	DONE("note", "--help");
	PRINTS_NOT("In production");
}
