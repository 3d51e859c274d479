/* Documents side by side, and a document beside its form with boxes to tick. */
#include "places.h"

TestSuite(pair, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

static const char with_read[] =
	"{\"external_ref\":\"FORM-1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"northwind-pay\","
	"\"status\":\"manual_review\",\"subject\":{\"kind\":\"business\",\"name\":\"Harbour Lane Trading Ltd\","
	"\"country\":\"GBR\",\"tax_id\":\"GB998877665\",\"registration_number\":\"09482213\",\"address\":{"
	"\"street\":"
	"\"4 Quay Street\",\"city\":\"Bristol\"}},\"steps\":[{\"id\":\"company_info\",\"status\":\"completed\","
	"\"fields\":{\"ssn\":\"123-45-6789\"}}],\"documents\":[{\"category\":\"COMPANY_INFO\",\"type\":"
	"\"PROOF_OF_ADDRESS\",\"file_name\":\"bill.pdf\",\"file\":\"files/address.pdf\",\"upload\":\"ready\","
	"\"extracted\":{\"name\":\"Harbour Lane Trading Limited\",\"city\":\"Bath\",\"tax_id\":\"GB998877665\"}},"
	"{\"category\":\"COMPANY_INFO\",\"type\":\"BUSINESS_NUMBER\",\"file_name\":\"number.pdf\",\"file\":"
	"\"files/"
	"number.pdf\",\"upload\":\"ready\"},{\"category\":\"COMPANY_INFO\",\"type\":\"MEMORANDUM_ARTICLES\","
	"\"file_name\":\"card.png\",\"file\":\"files/identity.png\",\"upload\":\"ready\"}]}\n";

/* Opens a case that has values read from its documents, and presses the keys. */
static void open_case(enum who who, size_t cols, const char *keys)
{
	put_back();
	f.ada = fixture_desk(&f, "ada", false);
	fixture_import(&f, with_read);
	desk_close(f.ada);
	f.ada = NULL;
	open_workbench(&people[who]);
	screen_cols = cols;
	arrive_at(&(struct row){ .ref = "FORM-1", .keys = keys }, &people[who]);
}

static struct viewer *viewer(void)
{
	return top_case(&workbench)->model.viewer;
}

/* The first row of the screen with this text; "" none. */
static const char *row_with(const char *text)
{
	for (size_t row = 0; row < workbench.surface.rows; row++) {
		const char *line = surface_row_text(&arena, &workbench.surface, row);
		if (strstr(line, text))
			return line;
	}
	return "";
}

Test(pair, the_form_has_typed_and_read_values_and_marks_the_difference)
{
	open_case(RITA, 120, "2F");
	cr_expect(strstr(row_with("]  name"), "1 [ ]  name"), "%s", screen_text());
	cr_expect(strstr(row_with("]  name"), "=  Harbour"), "%s", row_with("]  name"));
	cr_expect(strstr(row_with("]  city"), "Bristol"), "%s", screen_text());
	cr_expect(strstr(row_with("]  city"), "\xe2\x89\xa0  ****"), "%s", row_with("]  city"));
	cr_expect(shows("0 of 6 ticked"), "%s", screen_text());
	cr_expect(strstr(row_with("ELECTRICITY BILL"), "\xe2\x94\x82"), "the document is beside it: %s", screen_text());
}

Test(pair, masked_values_are_compared_and_not_shown)
{
	open_case(LEA, 120, "2F");
	cr_expect_not(shows("GB998877665"), "%s", screen_text());
	cr_expect_not(shows("123-45-6789"), "%s", screen_text());
	cr_expect(strstr(row_with("]  tax id"), "="), "masked, and the same: %s", row_with("]  tax id"));
	cr_expect(shows("masked, R reveals"), "%s", screen_text());
	type("R");
	settle();
	cr_expect(shows("GB998877665"), "revealed: %s", screen_text());
	cr_expect(strstr(row_with("]  city"), "Bath"), "%s", screen_text());
}

Test(pair, digits_and_space_tick_and_nothing_is_recorded)
{
	open_case(RITA, 80, "2F");
	int64_t records = sql_int(&f, "SELECT count(*) FROM audit_event");
	type("2");
	cr_expect(shows("2 [x]"), "%s", screen_text());
	cr_expect(shows("1 of 6 ticked"), "%s", screen_text());
	type("2");
	cr_expect(shows("0 of 6 ticked"), "the same key takes it off: %s", screen_text());
	type("\tj  \tk ");
	cr_expect(shows("1 of 6 ticked"), "%s", screen_text());
	type("9");
	cr_expect(shows("The form has no value with this number"), "%s", screen_text());
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event"), records);
	type("FF");
	cr_expect(shows("1 of 6 ticked"), "closed and opened again: %s", screen_text());
	workbench.stale_bits |= STALE_CASE;
	settle();
	cr_expect(shows("1 of 6 ticked"), "the case was read again: %s", screen_text());
}

Test(pair, a_document_without_a_form_says_how_to_get_one)
{
	open_case(RITA, 80, "2");
	type("b1");
	cr_expect(shows("F shows the values that the document must contain"), "%s", screen_text());
	close_workbench();
	open_case(RITA, 80, "4b");
	cr_expect_null(viewer());
	cr_expect(shows("b works on the document under the cursor"), "%s", screen_text());
	type("F");
	cr_assert_not_null(viewer(), "anywhere in the case: the first one to review");
	cr_expect(shows("Extracted"), "%s", screen_text());
}

Test(pair, two_documents_are_beside_each_other_and_the_next_key_shows_the_next)
{
	open_case(RITA, 140, "2b");
	const char *address = viewer()->document_id;
	cr_assert_not_null(viewer()->second_viewer);
	cr_expect(shows("1 of 2 other files"), "%s", screen_text());
	cr_expect(strstr(row_with("Proof of company address"), "Business number"), "%s", screen_text());
	cr_assert(viewer()->second_viewer->job, "the second was read, too");
	type("b");
	cr_expect(shows("2 of 2 other files"), "%s", screen_text());
	cr_expect_str_eq(viewer()->document_id, address);
	type("b");
	cr_expect_null(viewer()->second_viewer);
	cr_expect(shows("The document is shown alone again"), "%s", screen_text());
	type("b");
	cr_expect_not_null(viewer()->second_viewer);
}

Test(pair, a_verdict_is_on_the_document_with_the_focus_and_the_other_stays)
{
	open_case(RITA, 140, "2b");
	type("\tA");
	cr_expect(shows("0 of 2 required values were found"), "it was shown, and lacks them: %s", screen_text());
	type("y");
	cr_expect_str_eq(sql_text(&f, "SELECT d.type FROM document d JOIN session s ON s.id = d.session_id WHERE "
				      "s.external_ref = 'FORM-1' AND d.review = 'accepted'"),
			 "BUSINESS_NUMBER");
	cr_assert_not_null(viewer(), "%s", screen_text());
	cr_expect_null(viewer()->second_viewer);
	cr_expect(shows("ELECTRICITY BILL"), "%s", screen_text());
	type("Ay");
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM document d JOIN session s ON s.id = d.session_id WHERE "
				 "s.external_ref = 'FORM-1' AND d.review = 'accepted'"),
		     2);
	cr_expect_null(viewer());
}

/* "a" acts on the case even while a document is open, as "r" and "x" do. */
Test(pair, a_case_is_decided_from_its_document)
{
	put_back();
	open_workbench(&people[RITA]);
	screen_cols = 80;
	arrive_at(&(struct row){ .ref = "RAL-1", .keys = "2\na" }, &people[RITA]);
	cr_assert_eq(workbench.dialog->spec, &approve_dialog);
	press(key_press(PRESS_ESCAPE));
	cr_expect_not_null(top_viewer(&workbench), "cancelled: the document is open as before");
	type("a");
	confirm();
	cr_expect_null(workbench.dialog, "%s", screen_text());
	cr_expect_eq(workbench.case_stack.count, 0, "decided, its document closes: %s", screen_text());
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM session WHERE external_ref = 'RAL-1' AND status = 'approved'"),
		     1);
}

/* The dialog of "x" preselects the open rejected document, even if it was opened from the timeline. */
Test(pair, a_rejected_document_on_the_screen_is_asked_for_again)
{
	begin_at(RITA, "REJ-1", "6\njjj\n");
	cr_assert_not_null(top_viewer(&workbench), "%s", screen_text());
	type("x");
	cr_assert_not_null(workbench.dialog, "%s", screen_text());
	cr_expect_eq(workbench.dialog->spec, &corrections_dialog);
	cr_expect_str_eq(workbench.dialog->item, viewer()->document_id);
	press(key_press(PRESS_ESCAPE));
	open_at(RITA, "RAL-1", "2\nx");
	cr_expect_str_eq(workbench.dialog->item, "", "one that is accepted is not");
	press(key_press(PRESS_ESCAPE));
	open_at(RITA, WORST, "2gg");
	cr_assert_eq(case_model_row(&top_case(&workbench)->model)->kind, ROW_DOCUMENT_MISSING);
	type("Fx");
	cr_assert_not_null(top_viewer(&workbench), "%s", screen_text());
	cr_expect_str_eq(workbench.dialog->item, "", "nor is the row behind the document");
}

Test(pair, a_picture_is_drawn_again_for_its_part_and_read_once)
{
	open_case(RITA, 140, "2jj\n");
	cr_assert_eq(viewer()->job->content.kind, CONTENT_PICTURE, "%s", viewer()->job->content.note);
	size_t alone = viewer()->requested_cols;
	const char *note = arena_strdup(&arena, viewer()->job->content.note);
	type("F");
	cr_expect_lt(viewer()->requested_cols, alone);
	cr_expect_str_eq(viewer()->job->content.note, note, "%s", viewer()->job->content.note);
	type("b");
	cr_expect_lt(viewer()->requested_cols, alone);
	cr_expect_not_null(viewer()->second_viewer->job);
}

/* If an Esc only began a split key sequence, the closed document reopens with its ticked form or second document. */
Test(pair, a_split_sequence_brings_both_back)
{
	open_case(RITA, 100, "2F");
	type("1" ESC);
	cr_expect_null(viewer());
	press(key_press(PRESS_ESCAPE_CANCELLED));
	cr_expect(shows("1 of 6 ticked"), "%s", screen_text());
	type("b" ESC);
	press(key_press(PRESS_ESCAPE_CANCELLED));
	cr_assert_not_null(viewer()->second_viewer);
	cr_expect_not_null(viewer()->second_viewer->job);
	type(ESC "j");
	cr_expect_null(viewer());
}

/* At every size, the document or form with the focus is visible. */
Test(pair, both_fit_every_size)
{
	open_case(RITA, 100, "2b");
	for (int form = 0; form < 2; form++) {
		for (size_t cols = 60; cols <= 210; cols += 15)
			for (size_t rows = 15; rows <= 50; rows += 5) {
				workbench_draw(&workbench, rows, cols);
				cr_expect(shows("Proof of company address"), "%zux%zu\n%s", cols, rows, screen_text());
				viewer()->is_neighbour_focused = true;
				workbench_draw(&workbench, rows, cols);
				cr_expect(shows(form ? "0 of 6 ticked" : "Business number"), "%zux%zu\n%s", cols, rows,
					  screen_text());
				viewer()->is_neighbour_focused = false;
			}
		type("F");
	}
}

Test(pair, a_click_ticks)
{
	open_case(RITA, 120, "2F");
	for (size_t i = 0; i < workbench.surface.zone_count; i++) {
		const struct zone *zone = &workbench.surface.zones[i];
		if (zone->kind == ZONE_GRID && zone->index == 2) {
			press((struct key){ .press = PRESS_CLICK, .row = zone->box.row, .col = zone->box.col + 1 });
			break;
		}
	}
	cr_expect(shows("3 [x]"), "%s", screen_text());
}

Test(pair, a_viewer_sees_no_document_and_no_value_of_it)
{
	open_case(VIC, 120, "2F");
	cr_expect(viewer()->problem, "%s", screen_text());
	cr_expect_not(shows("ELECTRICITY"), "%s", screen_text());
	cr_expect_not(shows("GB998877665"), "%s", screen_text());
}
