/* What an acceptance rests on: looks at a document, by the reviewer of it, in a production store. */
#include "fixture.h"

FIXTURE(looks);

#define TYPE "BUSINESS_NUMBER"
#define ACCEPT(desk) USE(desk, DOCUMENT_ACCEPT, "RAL-1", .part = TYPE)

static const struct document *the_document(const struct case_view *view)
{
	for (size_t i = 0; i < view->file.document_count; i++) {
		if (!strcmp(view->file.documents[i].type, TYPE))
			return &view->file.documents[i];
	}
	cr_assert_fail("no %s", TYPE);
	return NULL;
}

static void start(void)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed" });
	fixture_in_production(&f);
}

/* Records a look at the current file of one side; sha256: of another file. */
static void look(struct desk *desk, struct look one)
{
	const struct case_view view = fixture_case(&f, "RAL-1");
	const struct document *document = the_document(&view);

	one.sha256 = one.sha256 ? one.sha256 : document_side(document, one.side).sha256;
	one.reader = "pdftotext";
	must(USE(desk, DOCUMENT_OPEN, "RAL-1", .part = document->id, .look = &one));
}

#define expect_refused(why) expect_error(ACCEPT(f.rita), ERR_BLOCKED, why)

static const char *acceptance(void)
{
	return sql_text(&f,
			"SELECT detail FROM audit_event WHERE action = 'document.accept' ORDER BY seq DESC LIMIT 1");
}

static const char *opening(void)
{
	return sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'document.open' ORDER BY seq DESC LIMIT 1");
}

Test(looks, an_unseen_document_is_accepted_only_on_purpose_with_the_reason_on_record)
{
	start();
	expect_refused("Cannot accept " TYPE ": the file was not shown");
	must(USE(f.rita, DOCUMENT_ACCEPT, "RAL-1", .part = TYPE, .unseen = true, .reason = "compared on paper"));
	cr_expect(strstr(acceptance(), "\"unseen\":\"the file was not shown\""), "%s", acceptance());
	cr_expect(strstr(acceptance(), "\"unseen_reason\":\"compared on paper\""), "%s", acceptance());
}

Test(looks, a_document_that_was_shown_is_accepted_without_a_word)
{
	start();
	look(f.rita, (struct look){ .shown_as = LOOK_TEXT, .shown_ms = 4200, .pages = 2, .page_count = 3 });
	cr_expect(strstr(opening(), "\"shown\":\"text\"") && strstr(opening(), "\"shown_ms\":4200") &&
			  strstr(opening(), "\"pages\":2") && strstr(opening(), "\"reader\":\"pdftotext\""),
		  "%s", opening());
	must(ACCEPT(f.rita));
	cr_expect_not(strstr(acceptance(), "unseen"), "%s", acceptance());
}

Test(looks, fetched_saved_or_not_readable_is_not_seen)
{
	struct strbuf bytes = STRBUF_INIT;

	start();
	must(USE(f.rita, DOCUMENT_OPEN, "RAL-1", .part = TYPE, .content_out = &bytes));
	cr_expect(strstr(opening(), "\"shown\":\"fetched\""), "%s", opening());
	expect_refused("that it was shown is not on record");
	must(USE(f.rita, DOCUMENT_SAVE, "RAL-1", .part = TYPE, .content_out = &bytes));
	expect_refused("the file was saved to a file, and not shown here");
	look(f.rita, (struct look){ .shown_as = LOOK_NOTHING });
	expect_refused("the file could not be shown");
	strbuf_release(&bytes);
}

Test(looks, a_colleagues_look_is_not_ones_own)
{
	start();
	look(f.bo, (struct look){ .shown_as = LOOK_BOTH });
	expect_refused("the file was shown only to bo");
	must(ACCEPT(f.bo));
}

Test(looks, the_front_does_not_count_for_the_back)
{
	start();
	sql_change(&f, "UPDATE document SET double_sided = 1, back_file_name = 'b.pdf', back_media_type = media_type, "
		       "back_size_bytes = size_bytes, back_sha256 = sha256, back_upload = 'ready', front_upload = "
		       "'ready' WHERE type = '" TYPE "'");
	look(f.rita, (struct look){ .shown_as = LOOK_PICTURE });
	expect_refused("Cannot accept " TYPE ": its back was not shown");
	look(f.rita, (struct look){ .shown_as = LOOK_PICTURE, .side = SIDE_BACK });
	must(ACCEPT(f.rita));
}

/* All grounds are in one sentence. */
Test(looks, few_pages_and_missing_values_are_named_together)
{
	start();
	look(f.rita,
	     (struct look){
		     .shown_as = LOOK_TEXT, .pages = 1, .page_count = 3, .values_needed = 2, .values_found = 1 });
	expect_refused("1 of its 3 pages were shown; 1 of 2 required values were found in its text");
}

Test(looks, values_that_no_page_paints_are_named_and_a_comparison_holds_for_the_same_bytes)
{
	start();
	look(f.rita, (struct look){ .shown_as = LOOK_TEXT, .values_needed = 2, .values_unpainted = 2 });
	expect_refused("2 of them are only in text that is not visible on the page");
	look(f.rita,
	     (struct look){ .shown_as = LOOK_TEXT, .values_needed = 2, .values_found = 2, .is_incomparable = true });
	expect_refused("its values could not be compared with the drawn pages");
	look(f.rita,
	     (struct look){ .shown_as = LOOK_TEXT, .values_needed = 2, .values_found = 2, .is_uncompared = true });
	expect_refused("could not be compared"); /* of the same bytes, an earlier comparison says more */
	look(f.rita, (struct look){ .shown_as = LOOK_TEXT, .values_needed = 2, .values_found = 2 });
	must(ACCEPT(f.rita));
}

Test(looks, values_that_are_not_compared_yet_ask)
{
	start();
	look(f.rita,
	     (struct look){ .shown_as = LOOK_TEXT, .values_needed = 2, .values_found = 2, .is_uncompared = true });
	expect_refused("its values were not compared with the drawn pages yet");
}

Test(looks, a_document_that_is_older_than_its_rule_is_named_with_its_pages_on_record)
{
	start();
	look(f.rita,
	     (struct look){
		     .shown_as = LOOK_TEXT, .pages = 3, .page_count = 4, .page_list = "1-2,4", .is_too_old = true });
	cr_expect(strstr(opening(), "\"page_list\":\"1-2,4\""), "%s", opening());
	expect_refused("the newest date in its text is older than this document may be");
}

Test(looks, at_another_file_does_not_count_for_this_one)
{
	start();
	look(f.rita, (struct look){ .shown_as = LOOK_TEXT, .sha256 = "0000" });
	expect_refused("the file is not the file that was shown: it changed later");
}

/* In a sandbox programs play reviewers: what was not shown is only recorded. */
Test(looks, a_sandbox_records_and_refuses_nothing)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed" });
	must(ACCEPT(f.rita));
	cr_expect(strstr(acceptance(), "\"unseen\":\"the file was not shown\""), "%s", acceptance());
}

/* A record of an older program says that the file was opened, and is not read as more. */
Test(looks, old_records_say_nothing_about_what_was_shown)
{
	const struct document document = { .id = "d", .sha256 = "aa" };
	const struct look old = { .document_id = "d", .by = "rita", .sha256 = "aa", .shown_as = LOOK_OPENED };
	struct look_grounds grounds;

	look_grounds_find(&f.arena, &old, 1, &document, "rita", &grounds);
	expect_text(look_grounds_text(&f.arena, &grounds),
		    "the file was opened, but that it was shown is not on record");
	cr_expect(strstr(look_text(&f.arena, &old), "old kind"));
}
