/* Two people approve, by commands: what each prints, in text and as JSON, and what lists and the log say. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes a sandbox store with a workflow that requires two people, and a case without a risk score. */
static void make(void)
{
	json_t *profile = test_keep(json_load_file(KYB_SOURCE_DIR "/data/workflows/generic-kyc.json", 0, NULL));

	DONE("init", "--sandbox");
	json_object_set_new(profile, "version", json_integer(9));
	json_object_set_new(json_object_get(profile, "review"), "four_eyes_from_risk", json_integer(70));
	box_write(&box, "two.json", test_keep(json_dumps(profile, JSON_INDENT(2))));
	DONE("workflow", "install", "two.json");
	DONE("reviewer", "add", "rita", "--role", "reviewer");
	DONE("reviewer", "add", "bo", "--role", "reviewer");
	box_import_person(&box, "IND-1");
}

static void set_up(void)
{
	box_world(&box, "four-eyes", make);
}
TestSuite(four_eyes, .init = set_up, .fini = box_tear_down);

static void log_agrees(void)
{
	DONE("audit", "verify");
	DONE("doctor");
}

Test(four_eyes, each_approval_says_what_it_was)
{
	TELLS(("approve", "IND-1", "--as", "rita"), "first approval recorded; a second person must approve");
	TELLS(("show", "IND-1"), "first approval by rita, ", "waiting    for a second person",
	      "approve by rita, first of two");
	log_agrees();
	REFUSED(4, "rita cannot also give the second approval: a second person must approve", "approve", "IND-1",
		"--as", "rita");
	TELLS(("approve", "IND-1", "--as", "bo"), "approved by two people: rita at ");
	log_agrees();
}

Test(four_eyes, as_json)
{
	GIVES(("approve", "IND-1", "--as", "rita"), "status: manual_review", "approval.part: second",
	      "approval.first.by: rita", "approval.first.counts = true", "decisions[0].first_approval = true",
	      "blockers[0].code: second_reviewer");
	GIVES(("show", "IND-1", "--as", "bo"), "approval.first.by: rita", "blockers[0] is absent");
	GIVES(("approve", "IND-1", "--as", "bo"), "status: approved", "decisions[1].first_approval is absent");
	GIVES(("show", "IND-1", "--decision", "2"), "evidence.first_approval.by: rita");
}

Test(four_eyes, lists_and_next)
{
	DONE("approve", "IND-1", "--as", "rita");
	GIVES(("list", "--filter", "waiting:second"), "data[0].external_ref: IND-1");
	GIVES(("list", "--filter", "waiting:client,party,provider"), "data[0] is absent");
	ENDS(6, "next", "--as", "rita");
	TELLS(("next", "--as", "bo"), "IND-1");
}

Test(four_eyes, its_author_undoes_it)
{
	DONE("approve", "IND-1", "--as", "rita");
	REFUSED(4, "only rita can undo it", "undo", "IND-1", "--as", "bo");
	TELLS(("undo", "IND-1", "--as", "rita"), "the first decision is undone");
	DONE("show", "IND-1", "--at", "2030-01-01");
	log_agrees();
	TELLS(("approve", "IND-1", "--as", "bo"), "first approval recorded");
}

Test(four_eyes, the_workflow_says_so)
{
	TELLS(("workflow", "show", "generic-kyc"),
	      "two people must approve if the risk score is 70 or more, or missing");
	GIVES(("workflow", "show", "generic-kyc"), "four_eyes.from_risk = 70");
}
