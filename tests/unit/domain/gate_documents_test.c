#include <criterion/criterion.h>
#include <string.h>

#include "case_builder.h"
#include "kybdesk/domain/facts.h"

TestSuite(gate_documents, .init = builder_set_up, .fini = builder_tear_down);

#define DAY_MS (24 * 60 * 60 * INT64_C(1000))
#define TODAY (BUILDER_NOW - BUILDER_NOW % DAY_MS)

Test(gate_documents, a_document_is_good_for_the_whole_of_its_last_day)
{
	built.documents[0].expires_on = TODAY;
	BLOCKS("");
	built.documents[0].expires_on = TODAY - DAY_MS;
	BLOCKS("document_not_accepted");
}

Test(gate_documents, an_expired_document_blocks_once_with_a_sentence_of_its_own)
{
	built.documents[1].expires_on = TODAY - 40 * DAY_MS;
	BLOCKS_ONE(BLOCKER_DOCUMENT_NOT_ACCEPTED, "d1", "the document expired on 2026-09-23");
}

Test(gate_documents, an_optional_document_blocks_when_it_was_accepted_and_has_expired)
{
	built.documents[2].expires_on = TODAY - DAY_MS;
	built.documents[2].review = REVIEW_ACCEPTED;
	BLOCKS("document_not_accepted");
	built.documents[2].replaced = true;
	BLOCKS("");
}

Test(gate_documents, a_valid_document_of_the_same_type_makes_up_for_an_expired_one)
{
	struct document *fresh = builder_add_document(&built, "d9", "ARTICLES");

	built.documents[0].expires_on = TODAY - DAY_MS;
	BLOCKS("");
	fresh->review = REVIEW_UNREVIEWED;
	BLOCKS("document_not_accepted document_not_accepted");
}

Test(gate_documents, a_replaced_document_may_expire)
{
	built.documents[2].review = REVIEW_ACCEPTED;
	built.documents[2].expires_on = TODAY - DAY_MS;
	built.documents[2].replaced = true;
	BLOCKS("");
}

static const struct document_side side_there = { .file_name = "b.png",
						 .file = "",
						 .file_sha256 = "",
						 .import_path = "",
						 .media_type = "",
						 .sha256 = "bb",
						 .upload = UPLOAD_READY };

Test(gate_documents, a_front_asks_for_its_back_also_of_an_optional_type)
{
	struct document *document = &built.documents[2];

	built.document_specs[2].double_sided = true;
	document->sha256 = "aa";
	document->double_sided = true;
	document->front_upload = UPLOAD_READY;
	document_set_side(document, SIDE_BACK, &document->back);
	BLOCKS_ONE(BLOCKER_DOCUMENT_MISSING, "d2", "(back) is missing");
	document->review = REVIEW_REJECTED;
	BLOCKS("document_missing");
	document->review = REVIEW_ACCEPTED;
	document_set_side(document, SIDE_BACK, &side_there);
	BLOCKS("");
	document->review = REVIEW_REJECTED;
	BLOCKS("document_not_accepted");
}

Test(gate_documents, a_back_that_changes_is_another_document)
{
	const struct facts_input of = { .profile = &built.profile };
	struct document *document = &built.documents[2];
	const char *before;

	document->double_sided = true;
	document->sha256 = "aa";
	document->back = side_there;
	before = facts_document(&built.arena, &built.file, &of, document);
	document->back.sha256 = "cc";
	cr_expect_str_eq(
		facts_changes_text(&built.arena, before, facts_document(&built.arena, &built.file, &of, document)),
		"the document's bytes of the back: bb → cc");
}

Test(gate_documents, one_file_for_both_sides_is_fine)
{
	built.document_specs[0].double_sided = true;
	BLOCKS("");
}

/* --- groups: one of several types is enough --- */

static const char *types[] = { "LICENSE", "PERMIT", "CARD" };
static struct document_group groups[2] = {
	{ .id = "TRADE", .title = "Trade", .choices = "Licence or Permit", .types = &types[0], .type_count = 2 },
	{ .id = "RIGHT", .title = "Right", .choices = "Permit or Card", .types = &types[1], .type_count = 2 },
};

static void with_groups(size_t count)
{
	built.profile.groups = groups;
	built.profile.group_count = count;
}

Test(gate_documents, a_group_is_missing_until_one_of_its_types_is_ready)
{
	static const enum upload_state states[] = { UPLOAD_REQUIRED, UPLOAD_WAITING, UPLOAD_PROCESSING,
						    UPLOAD_REJECTED };
	struct document *licence = &built.documents[2];

	with_groups(1);
	BLOCKS("");
	licence->replaced = true;
	BLOCKS_ONE(BLOCKER_DOCUMENT_MISSING, "TRADE",
		   "Trade is missing: no file has been uploaded; ask the client for it. Any of these will do: "
		   "Licence or Permit");
	licence->replaced = false;
	for (size_t i = 0; i < 4; i++) {
		licence->upload = states[i];
		licence->sha256 = "";
		BLOCKS("document_missing");
	}
	/* Only the front is uploaded: one blocker asks for the back. */
	licence->sha256 = "aa";
	built.document_specs[2].double_sided = licence->double_sided = true;
	licence->front_upload = UPLOAD_READY;
	licence->upload = UPLOAD_WAITING;
	BLOCKS("document_missing");
	/* A permit is enough for the group, but the licence without a back is still required until it is replaced. */
	(void)builder_add_document(&built, "d8", "PERMIT");
	BLOCKS("document_missing");
	licence->replaced = true;
	BLOCKS("");
	/* Without the permit the second group is missing; the passed checks do not replace a document. */
	with_groups(2);
	BLOCKS("");
	built.documents[3].type = "LICENSE";
	BLOCKS("document_missing");
}

Test(gate_documents, an_accepted_document_makes_up_for_a_rejected_or_expired_one_of_all_its_groups)
{
	struct document *licence = &built.documents[2], *permit, *card;

	with_groups(1);
	licence->review = REVIEW_REJECTED;
	BLOCKS_ONE(BLOCKER_DOCUMENT_NOT_ACCEPTED, "d2", "Any of these will do: Licence or Permit");
	permit = builder_add_document(&built, "d8", "PERMIT");
	BLOCKS("");
	permit->review = REVIEW_UNREVIEWED;
	BLOCKS("document_not_accepted document_not_accepted");
	permit->review = REVIEW_ACCEPTED;
	permit->expires_on = TODAY - DAY_MS;
	BLOCKS("document_not_accepted document_not_accepted");
	permit->expires_on = TIME_NONE;
	licence->review = REVIEW_ACCEPTED;
	licence->expires_on = TODAY - DAY_MS;
	BLOCKS("");
	/* The rejected permit also belongs to a second group, which has no other document. */
	with_groups(2);
	licence->expires_on = TIME_NONE;
	permit->review = REVIEW_REJECTED;
	BLOCKS("document_not_accepted");
	card = builder_add_document(&built, "d9", "CARD");
	BLOCKS("");
	card->replaced = true;
	BLOCKS("document_not_accepted");
	/* A document of a type outside the group does not replace the rejected permit. */
	card->replaced = false;
	card->type = "NUMBER";
	BLOCKS("document_not_accepted");
}
