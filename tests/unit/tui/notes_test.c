/* Notes in the workbench: on a document or a hit, pinned, and read. */
#include "places.h"

TestSuite(notes, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

static void send(const char *text)
{
	type(text);
	press(key_press(PRESS_ENTER));
}

static const char *noted(const char *column)
{
	return sql_text(&f, arena_printf(&f.arena, "SELECT %s FROM note ORDER BY id DESC LIMIT 1", column));
}

Test(notes, a_note_of_an_open_document_is_on_it_and_shown_with_it)
{
	begin_at(RITA, "DOC-1", "2\n");
	const char *document = top_case(&workbench)->model.viewer->document_id;
	type("m");
	cr_expect(shows("note on Memorandum and articles of association"), "%s", screen_text());
	send("the stamp is missing");
	cr_expect_str_eq(noted("document"), document);
	cr_expect(shows("Note of rita"), "above the document: %s", screen_text());
	cr_expect(shows("the stamp is missing"), "%s", screen_text());
	press(key_press(PRESS_ESCAPE));
	cr_expect(shows("the stamp is missing"), "below its row: %s", screen_text());
	type("i");
	cr_expect(shows("Notes"), "on its page: %s", screen_text());
	type(ESC "1");
	cr_expect(shows("on Memorandum and articles"), "in the summary: %s", screen_text());
}

Test(notes, a_note_on_the_row_of_a_hit_is_on_its_card)
{
	begin_at(RITA, "HIT-1", "4j");
	type("m");
	cr_expect(shows("note on the hit Harbor Lane:"), "%s", screen_text());
	send("other birth year");
	cr_expect_neq(noted("hit")[0], 0);
	cr_expect(shows("other birth year"), "%s", screen_text());
	type("\n");
	cr_expect(shows("noted"), "%s", screen_text());
	cr_expect(shows("other birth year"), "%s", screen_text());
}

Test(notes, in_the_summary_a_note_is_on_the_case)
{
	begin_at(RITA, "DOC-1", "1");
	type("m");
	cr_expect(shows("note on Harbour Lane Trading Ltd:"), "%s", screen_text());
	send("a call");
	cr_expect_str_eq(noted("document"), "");
	cr_expect_str_eq(noted("hit"), "");
}

/* A half-written note on a document is restored on this document, not on the case. */
Test(notes, a_draft_belongs_to_what_it_is_about)
{
	begin_at(RITA, "DOC-1", "2m");
	type("half a sentence" ESC "1m");
	cr_expect_not(shows("half a sentence"), "%s", screen_text());
	type(ESC "2m");
	cr_expect(shows("draft of a note on Memorandum and articles of a…: half a sentence"), "%s", screen_text());
}

Test(notes, a_key_pins_the_note_here_and_takes_the_pin_off)
{
	begin_at(RITA, "DOC-1", "1");
	type("m");
	send("first");
	type("m");
	send("second");
	type("6p");
	cr_expect(shows("Pinned a note on"), "%s", screen_text());
	cr_expect_str_eq(sql_text(&f, "SELECT text FROM note WHERE pinned_by IS NOT NULL AND pinned_by <> ''"),
			 "second");
	type("1");
	cr_expect(shows("pinned: second"), "%s", screen_text());
	type("6" STEP_DOWN "p");
	cr_expect(shows("Unpinned a note on"), "%s", screen_text());
	type("2p");
	cr_expect(shows("p pins the note under the cursor"), "%s", screen_text());
}

Test(notes, a_note_of_somebody_else_is_pinned_by_a_lead)
{
	begin_at(RITA, WORST, "6p");
	cr_expect(shows("only the author or a lead can"), "%s", screen_text());
	begin_at(LEA, WORST, "6p");
	cr_expect(shows("Pinned a note on"), "%s", screen_text());
}

Test(notes, a_mention_is_counted_and_marked_as_read)
{
	begin_at(RITA, "DRA-1", "1");
	cr_expect(shows("you are mentioned: @ marks as read"), "%s", screen_text());
	type("@");
	cr_expect(shows("Marked your mentions as read on"), "%s", screen_text());
	cr_expect_not(shows("you are mentioned"), "%s", screen_text());
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM note WHERE mentioned LIKE '%/rita/%'"), 0);
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM note WHERE mentioned LIKE '%/lea/%'"), 1);
}

Test(notes, enter_opens_what_a_note_is_about)
{
	begin_at(RITA, "DOC-1", "2");
	type("m");
	send("look at the stamp");
	type("1G");
	const struct case_model *model = &top_case(&workbench)->model;
	for (int i = 0; i < 200 && case_model_row(model)->kind != ROW_NOTE; i++)
		press(key_press(PRESS_UP));
	cr_assert_eq(case_model_row(model)->kind, ROW_NOTE, "%s", screen_text());
	type("\n");
	cr_assert_not_null(top_viewer(&workbench), "%s", screen_text());
}
