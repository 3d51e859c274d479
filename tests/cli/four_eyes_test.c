/* Two people approve, by commands: what each prints, in text and as JSON, and what lists and the log say. */
#include "box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A sandbox store with a workflow that asks for two people, and a case without a risk score. */
static void set_up(void)
{
	json_t *profile = test_keep(json_load_file(KYB_SOURCE_DIR "/data/workflows/generic-kyc.json", 0, NULL));

	box_open(&box);
	json_object_set_new(profile, "version", json_integer(9));
	json_object_set_new(json_object_get(profile, "review"), "four_eyes_from_risk", json_integer(70));
	box_write(&box, "two.json", test_keep(json_dumps(profile, JSON_INDENT(2))));
	cr_assert_eq(box_run(&box, "workflow", "install", "two.json", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "reviewer", "add", "rita", "--role", "reviewer", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "reviewer", "add", "bo", "--role", "reviewer", NULL), 0, "%s", box.last.err);
	box_import_person(&box, "IND-1");
}
TestSuite(four_eyes, .init = set_up, .fini = box_tear_down);

static void log_agrees(void)
{
	cr_expect_eq(box_run(&box, "audit", "verify", NULL), 0, "%s%s", box.last.out, box.last.err);
	cr_expect_eq(box_run(&box, "doctor", NULL), 0, "%s%s", box.last.out, box.last.err);
}

Test(four_eyes, each_approval_says_what_it_was)
{
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--as", "rita", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "first approval recorded; a second person must approve"), "%s",
		  box.last.out);
	cr_assert_eq(box_run(&box, "show", "IND-1", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "first approval by rita, "), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "waiting    for a second person"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "approve by rita, first of two"), "%s", box.last.out);
	log_agrees();
	cr_expect_eq(box_run(&box, "approve", "IND-1", "--as", "rita", NULL), 4);
	cr_expect(strstr(box.last.err, "rita cannot also give the second approval: a second person must approve"),
		  "%s", box.last.err);
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--as", "bo", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "approved by two people: rita at "), "%s", box.last.out);
	log_agrees();
}

Test(four_eyes, as_json)
{
	cr_assert_eq(box_json(&box, "approve", "IND-1", "--as", "rita", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
	cr_expect_str_eq(json_path_text(box.json, "approval.part"), "second");
	cr_expect_str_eq(json_path_text(box.json, "approval.first.by"), "rita");
	cr_expect(json_is_true(json_path(box.json, "approval.first.counts")));
	cr_expect(json_is_true(json_path(box.json, "decisions[0].first_approval")));
	cr_expect_str_eq(json_path_text(box.json, "blockers[0].code"), "second_reviewer");
	cr_assert_eq(box_json(&box, "show", "IND-1", "--as", "bo", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "approval.first.by"), "rita");
	cr_expect_null(json_path(box.json, "blockers[0]"));
	cr_assert_eq(box_json(&box, "approve", "IND-1", "--as", "bo", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "status"), "approved");
	cr_expect_null(json_path(box.json, "decisions[1].first_approval"));
	cr_assert_eq(box_json(&box, "show", "IND-1", "--decision", "2", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "evidence.first_approval.by"), "rita");
}

Test(four_eyes, lists_and_next)
{
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--as", "rita", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "list", "--filter", "waiting:second", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "data[0].external_ref"), "IND-1");
	cr_assert_eq(box_json(&box, "list", "--filter", "waiting:client,party,provider", NULL), 0);
	cr_expect_null(json_path(box.json, "data[0]"));
	cr_expect_eq(box_run(&box, "next", "--as", "rita", NULL), 6, "%s", box.last.out);
	cr_expect_eq(box_run(&box, "next", "--as", "bo", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "IND-1"), "%s", box.last.out);
}

Test(four_eyes, its_author_undoes_it)
{
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--as", "rita", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "undo", "IND-1", "--as", "bo", NULL), 4);
	cr_expect(strstr(box.last.err, "only rita can undo it"), "%s", box.last.err);
	cr_assert_eq(box_run(&box, "undo", "IND-1", "--as", "rita", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "the first decision is undone"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "show", "IND-1", "--at", "2030-01-01", NULL), 0, "%s", box.last.err);
	log_agrees();
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--as", "bo", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "first approval recorded"), "%s", box.last.out);
}

Test(four_eyes, the_workflow_says_so)
{
	cr_assert_eq(box_run(&box, "workflow", "show", "generic-kyc", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "two people approve from a risk score of 70, and without a score"), "%s",
		  box.last.out);
	cr_assert_eq(box_json(&box, "workflow", "show", "generic-kyc", NULL), 0);
	cr_expect_eq(json_path_int(box.json, "four_eyes.from_risk"), 70);
}
