/* undo of verdicts and removals: its output for scripts, and conflicts of two people. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(undo_command, .init = box_set_up_company, .fini = box_tear_down, .timeout = 120);

#define OK(...) cr_assert_eq(RUN(__VA_ARGS__), 0, "%s", box.last.err)
#define NUMBER "BUSINESS_NUMBER"
#define WHY "--reason", "as the register says today"

static const char *review(const char *type)
{
	DONE_JSON("show", "RAL-1");
	const json_t *documents = json_path(box.json, "documents");

	for (size_t i = 0; i < json_array_size(documents); i++) {
		const json_t *document = json_array_get(documents, i);

		if (!strcmp(json_path_text(document, "type"), type))
			return json_path_text(document, "review");
	}
	return "none";
}

Test(undo_command, of_a_verdict_brings_unreviewed_back_and_is_on_record)
{
	OK("document", "accept", "RAL-1", NUMBER);
	cr_expect_str_eq(review(NUMBER), "accepted");
	OK("undo", "RAL-1", "--document", NUMBER);
	PRINTS("undone: acceptance of BUSINESS_NUMBER");
	cr_expect_str_eq(review(NUMBER), "unreviewed");
	OK("audit", "list", "RAL-1");
	PRINTS("review.undo");
	REFUSED(4, "the item has no verdict or removal here", "undo", "RAL-1", "--document", NUMBER);
	OK("audit", "verify");
	OK("show", "RAL-1", "--at", "2100-01-01T00:00:00Z");
}

Test(undo_command, without_a_part_is_about_the_decision_alone)
{
	OK("document", "accept", "RAL-1", NUMBER);
	REFUSED(4, "no decision can be undone", "undo", "RAL-1");
	cr_expect_str_eq(review(NUMBER), "accepted");
}

Test(undo_command, lists_what_can_be_undone_the_newest_first)
{
	OK("undo", "RAL-1", "--list");
	PRINTS("you have no verdict or removal that can be undone");
	OK("document", "accept", "RAL-1", NUMBER);
	OK("document", "reject", "RAL-1", "PROOF_OF_ADDRESS", "--reason", "blurry");
	GIVES(("undo", "RAL-1", "--list"), "data has 2", "data[0].what: rejection of PROOF_OF_ADDRESS",
	      "data[0].kind: document", "data[0].action: document.reject",
	      "data[1].what: acceptance of BUSINESS_NUMBER");
	char *id = test_keep(strdup(json_path_text(box.json, "data[1].id")));
	SHOWS("data has 2");
	OK("undo", "RAL-1", "--list");
	PRINTS(id);
	OK("--as", "lea", "undo", "RAL-1", "--list");
	PRINTS("you have no verdict or removal");
	OK("undo", "RAL-1", "--document", id);
	OK("undo", "RAL-1", "--last");
	PRINTS("rejection of PROOF_OF_ADDRESS");
	cr_expect_str_eq(review("PROOF_OF_ADDRESS"), "unreviewed");
	ENDS(4, "undo", "RAL-1", "--last");
}

Test(undo_command, of_a_colleagues_verdict_is_a_conflict)
{
	OK("document", "accept", "RAL-1", NUMBER);
	ENDS(5, "--as", "lea", "undo", "RAL-1", "--document", NUMBER);
	OK("--as", "lea", "document", "reject", "RAL-1", NUMBER, "--reason", "blurry");
	ENDS(5, "undo", "RAL-1", "--document", NUMBER);
	SAYS("document.reject by lea", "only lea can undo it");
	cr_expect_str_eq(review(NUMBER), "rejected");
	ENDS(4, "undo", "RAL-1", "--last");
}

Test(undo_command, of_a_removal_brings_the_party_back_whole)
{
	OK("subsession", "link", "RAL-1", "Ines Duarte");
	DONE_JSON("show", "RAL-1");
	char *before = test_keep(json_dumps(json_path(box.json, "parties"), JSON_SORT_KEYS));
	OK("party", "remove", "RAL-1", "Ines Duarte", WHY);
	OK("undo", "RAL-1", "--party", "Ines Duarte");
	DONE_JSON("show", "RAL-1");
	cr_expect_str_eq(test_keep(json_dumps(json_path(box.json, "parties"), JSON_SORT_KEYS)), before);
	OK("audit", "verify");
	OK("doctor");
}

Test(undo_command, does_one_thing_and_of_the_version_that_was_seen)
{
	OK("document", "accept", "RAL-1", NUMBER);
	ENDS(2, "undo", "RAL-1", "--last", "--list");
	ENDS(2, "undo", "RAL-1", "--document", NUMBER, "--party", "Ines Duarte");
	ENDS(5, "undo", "RAL-1", "--last", "--expect-version", "1");
	cr_expect_str_eq(review(NUMBER), "accepted");
	ENDS(6, "undo", "RAL-1", "--document", "NOTHING");
	ENDS(6, "undo", "RAL-1", "--document", "");
	ENDS(7, "--readonly", "undo", "RAL-1", "--last");
}

/* In a decided case only the decision can be undone. */
Test(undo_command, ends_with_the_decision)
{
	box_clear(&box, "RAL-1");
	OK("approve", "RAL-1");
	ENDS(4, "undo", "RAL-1", "--document", NUMBER);
	ENDS(4, "undo", "RAL-1", "--last");
	OK("undo", "RAL-1", "--list");
	PRINTS("no verdict or removal");
	OK("undo", "RAL-1");
	OK("undo", "RAL-1", "--document", NUMBER);
	ENDS(4, "approve", "RAL-1");
}

/* An insider changes the row by SQL, but not its audit record. */
Test(undo_command, of_a_row_that_was_written_history_the_program_is_refused)
{
	OK("--as", "lea", "document", "accept", "RAL-1", NUMBER);
	OK("document", "reject", "RAL-1", NUMBER, "--reason", "suspected_forgery");
	box_sql(&box, "UPDATE document SET review_reason = 'blurry' WHERE type = 'BUSINESS_NUMBER'");
	ENDS(5, "undo", "RAL-1", "--document", NUMBER);
	cr_expect_str_eq(review(NUMBER), "rejected");
}
