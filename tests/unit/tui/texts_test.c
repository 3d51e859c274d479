/* Words, marks and numbers that are the same on every screen; the timeline's end and the webhooks of a case. */
#include "tui_support.h"

#include "model/editor.h"

#include <limits.h>

static struct arena arena;

static void tear_down(void)
{
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(texts, .fini = tear_down);

#define MINUTE_MS INT64_C(60000)
#define DAY (24 * HOUR_MS)

Test(texts, numbers_are_grouped_by_three_and_cut_where_counting_ends)
{
	static const struct {
		int64_t number;
		const char *whole, *counted;
	} rows[] = { { -1, "", "" },
		     { 0, "0", "0" },
		     { 999, "999", "999" },
		     { 1000, "1 000", "1 000" },
		     { 10000, "10 000", "10 000" },
		     { 10001, "10 001", "10 000+" },
		     { 1234567, "1 234 567", "10 000+" },
		     { 1000001, "1 000 001", "10 000+" } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect_str_eq(number_text(&arena, rows[i].number), rows[i].whole);
		cr_expect_str_eq(capped_count_text(&arena, rows[i].number), rows[i].counted);
	}
}

Test(texts, sizes_are_said_in_the_unit_that_fits)
{
	static const struct {
		int64_t bytes;
		const char *says;
	} rows[] = { { 0, "" },
		     { -5, "" },
		     { 1, "1 B" },
		     { 1023, "1023 B" },
		     { 1024, "1 kB" },
		     { 1535, "1 kB" },
		     { 1536, "2 kB" },
		     { 1048063, "1023 kB" },
		     { 1048064, "1.0 MB" },
		     { 1048575, "1.0 MB" },
		     { 1048576, "1.0 MB" },
		     { 1677721, "1.5 MB" },
		     { 10485760, "10.0 MB" } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(size_text(&arena, rows[i].bytes), rows[i].says, "%lld: %s", (long long)rows[i].bytes,
				 size_text(&arena, rows[i].bytes));
}

Test(texts, when_it_is_due_is_said_in_minutes_hours_and_days)
{
	static const struct {
		int64_t from_now;
		const char *says;
	} rows[] = { { 59 * MINUTE_MS, "due in 59 min" },
		     { 60 * MINUTE_MS, "due in 1 h" },
		     { 0, "due in 0 min" },
		     { -1, "due 0 min ago" },
		     { 47 * HOUR_MS, "due in 47 h" },
		     { 48 * HOUR_MS, "due in 2 days" },
		     { -3 * HOUR_MS, "due 3 h ago" },
		     { -9 * DAY, "due 9 days ago" } };
	struct case_view view = { .file.session = { .status = SESSION_MANUAL_REVIEW, .due_paused_at = TIME_NONE } };
	struct session *session = &view.file.session;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		session->due_at = TEST_NOW + rows[i].from_now;
		cr_expect_str_eq(due_time_text(&arena, &view, TEST_NOW), rows[i].says);
	}
	session->due_paused_at = TEST_NOW;
	cr_expect_str_eq(due_time_text(&arena, &view, TEST_NOW), "due time stopped");
	session->status = SESSION_APPROVED;
	cr_expect_str_eq(due_time_text(&arena, &view, TEST_NOW), "");
	session->status = SESSION_REJECTED;
	cr_expect_str_eq(due_time_text(&arena, &view, TEST_NOW), "");
	session->due_paused_at = TIME_NONE;
	view.alert_count = 1;
	cr_expect_str_eq(due_time_text(&arena, &view, TEST_NOW), "due 9 days ago", "of an alert");
	view.parent = &(const struct session){ .status = SESSION_MANUAL_REVIEW,
					       .due_paused_at = TIME_NONE,
					       .due_at = TEST_NOW + 9 * HOUR_MS };
	cr_expect_str_eq(due_time_text(&arena, &view, TEST_NOW), "due in 9 h", "an owner's KYC: as the case above");
	view.parent = NULL;
	session->status = SESSION_MANUAL_REVIEW;
	session->due_at = TIME_NONE;
	cr_expect_str_eq(due_time_text(&arena, &view, TEST_NOW), "");
}

Test(texts, who_holds_it_and_for_how_long)
{
	struct session session = { .assignee = "bo", .claim_expires_at = TEST_NOW + 90 * 1000 };
	cr_expect_str_eq(claim_holder_text(&arena, &session, "ana", TEST_NOW), "held by bo · 2 min");
	cr_expect_str_eq(claim_holder_text(&arena, &session, "bo", TEST_NOW), "you hold it · 2 min");
	session.claim_expires_at = TIME_NONE;
	cr_expect_str_eq(claim_holder_text(&arena, &session, "bo", TEST_NOW), "you hold it");
	session.claim_expires_at = TEST_NOW - 1;
	cr_expect_str_eq(claim_holder_text(&arena, &session, "bo", TEST_NOW), "nobody holds it");
	session.assignee = "";
	cr_expect_str_eq(claim_holder_text(&arena, &session, "bo", TEST_NOW), "nobody holds it");
}

Test(texts, a_document_s_state_has_its_word_its_mark_and_its_colour)
{
	static const struct {
		enum upload_state upload;
		enum review_state review;
		bool replaced;
		const char *says;
		enum glyph glyph;
		enum theme_role role;
	} rows[] = {
		{ UPLOAD_REQUIRED, REVIEW_UNREVIEWED, false, "not uploaded", GLYPH_DASH, THEME_WARNING },
		{ UPLOAD_WAITING, REVIEW_UNREVIEWED, false, "upload waiting", GLYPH_DASH, THEME_WARNING },
		{ UPLOAD_PROCESSING, REVIEW_UNREVIEWED, false, "processing", GLYPH_DASH, THEME_WARNING },
		{ UPLOAD_READY, REVIEW_UNREVIEWED, false, "to review", GLYPH_UNKNOWN, THEME_WARNING },
		{ UPLOAD_REJECTED, REVIEW_UNREVIEWED, false, "upload rejected", GLYPH_UNMET, THEME_DANGER },
		{ UPLOAD_READY, REVIEW_ACCEPTED, false, "accepted", GLYPH_MET, THEME_OK },
		{ UPLOAD_READY, REVIEW_REJECTED, false, "rejected", GLYPH_UNMET, THEME_DANGER },
		{ UPLOAD_READY, REVIEW_ACCEPTED, true, "replaced", GLYPH_DASH, THEME_MUTED },
	};
	struct document document;
	document_init(&document);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		document.upload = rows[i].upload;
		document.review = rows[i].review;
		document.replaced = rows[i].replaced;
		cr_expect_str_eq(document_state_text(&document), rows[i].says);
		cr_expect_eq(document_glyph(&document), rows[i].glyph, "%s", rows[i].says);
		cr_expect_eq(document_role(&document), rows[i].role, "%s", rows[i].says);
	}
}

Test(texts, a_character_is_written_as_utf_8_and_what_is_none_is_not)
{
	static const struct {
		uint32_t ch;
		const char *bytes;
	} rows[] = { { 'a', "a" },
		     { 0x7f, "\x7f" },
		     { 0x80, "\xc2\x80" },
		     { 0x7ff, "\xdf\xbf" },
		     { 0x800, "\xe0\xa0\x80" },
		     { 0xd7ff, "\xed\x9f\xbf" },
		     { 0xd800, "" },
		     { 0xdfff, "" },
		     { 0xe000, "\xee\x80\x80" },
		     { 0xffff, "\xef\xbf\xbf" },
		     { 0x10000, "\xf0\x90\x80\x80" },
		     { 0x10ffff, "\xf4\x8f\xbf\xbf" },
		     { 0x110000, "" },
		     { 0, "" } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char out[5] = { 0 };
		size_t length = utf8_encode(rows[i].ch, out);
		cr_expect(length == strlen(rows[i].bytes) && !memcmp(out, rows[i].bytes, length), "U+%04X: %zu",
			  (unsigned)rows[i].ch, length);
	}
}

Test(texts, delete_takes_what_stands_behind_the_cursor_whole)
{
	struct editor editor;
	const struct key home = key_press(PRESS_HOME), end = key_press(PRESS_END), delete = key_press(PRESS_DELETE);
	editor_init(&editor, 0);
	editor_set_text(&editor, "株e\xcc\x81x");
	editor_handle_key(&editor, &delete);
	cr_expect_str_eq(editor.text.buf, "株e\xcc\x81x", "there is nothing behind the end");
	editor_handle_key(&editor, &home);
	editor_handle_key(&editor, &delete);
	cr_expect_str_eq(editor.text.buf, "e\xcc\x81x");
	editor_handle_key(&editor, &delete);
	cr_expect_str_eq(editor.text.buf, "x");
	editor_handle_key(&editor, &end);
	cr_expect_eq(editor.cursor, 1);
	editor_release(&editor);
}

/* --- webhooks and the timeline's end --- */

Test(texts, a_delivery_has_its_colour_its_time_and_where_it_goes)
{
	static const struct {
		enum delivery_state state;
		enum theme_role role;
		bool timed;
	} rows[] = { { DELIVERY_DELIVERED, THEME_OK, false },	 { DELIVERY_DEAD, THEME_DANGER, false },
		     { DELIVERY_HELD, THEME_WARNING, true },	 { DELIVERY_DUE, THEME_WARNING, false },
		     { DELIVERY_LEASED, THEME_WARNING, false },	 { DELIVERY_WAITING, THEME_WARNING, true },
		     { DELIVERY_CANCELLED, THEME_MUTED, false }, { DELIVERY_UNSENT, THEME_MUTED, false } };
	struct job *job = clear_case();
	const struct frame frame = { .now = TEST_NOW };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct grid grid = { .arena = &job->arena, .frame = &frame };
		struct delivery_item item = { .id = "evt_1",
					      .type = "kyc.state_updated",
					      .state = rows[i].state,
					      .endpoint_url = "",
					      .merchant = "shop",
					      .note = "",
					      .attempts = 2,
					      .created_at = TEST_NOW,
					      .next_at = TEST_NOW + 3 * HOUR_MS };
		job->deliveries = &item;
		job->delivery_count = 1;
		fill_webhooks_tab(&grid, job);
		cr_assert_eq(grid.row_count, 1);
		cr_expect_eq(grid.rows[0].cells[2].role, rows[i].role, "%s", grid.rows[0].cells[2].text);
		cr_expect_str_eq(grid.rows[0].cells[3].text, "2");
		cr_expect_str_eq(grid.rows[0].cells[4].text, rows[i].timed ? "3h" : "", "%s: %s",
				 grid.rows[0].cells[2].text, grid.rows[0].cells[4].text);
		cr_expect_str_eq(grid.rows[0].cells[5].text, "shop");
		cr_expect_str_eq(grid.rows[0].detail, rows[i].state == DELIVERY_UNSENT
							      ? "The merchant has no endpoint for this event"
							      : "evt_1");
		item.endpoint_url = "https://shop.example/hook";
		item.note = "410 Gone";
		fill_webhooks_tab(&grid, job);
		cr_expect_str_eq(grid.rows[0].cells[5].text, "https://shop.example/hook");
		cr_expect_str_eq(grid.rows[0].detail, "410 Gone");
	}
	job->delivery_count = 0;
	job_free(job);
}

Test(texts, what_the_timeline_leaves_out_says_how_to_read_it)
{
	struct job *job = clear_case();
	const struct frame frame = { .now = TEST_NOW };
	struct grid grid = { .arena = &job->arena, .frame = &frame };
	fill_timeline_tab(&grid, job, TIMELINE_ALL);
	cr_expect_eq(grid.row_count, 0);
	job->audit.next_after_seq = 1;
	fill_timeline_tab(&grid, job, TIMELINE_ALL);
	cr_assert_eq(grid.row_count, 1);
	cr_expect_str_eq(grid.rows[0].cells[2].text, "Older records: kybdesk audit list RAL-2031");
	job->view.file.session.external_ref = "";
	fill_timeline_tab(&grid, job, TIMELINE_ALL);
	cr_expect_str_eq(grid.rows[0].cells[2].text,
			 "Older records: kybdesk audit list 0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01");
	job_free(job);
}

/* --- a case that was decided, in a few lines --- */

Test(texts, a_decided_case_says_by_whom_and_why)
{
	struct stage stage;
	struct job *job = clear_case();
	struct session *session = &job->view.file.session;
	stage_open(&stage, TEXT_UTF8, 24, 100);
	session->status = SESSION_REJECTED;
	session->decided_by = "bo";
	session->decision_reason = "duplicate_application";
	preview_draw(&job->view, &stage.surface, (struct box){ 0, 0, 10, 80 }, &stage.frame);
	cr_expect_geq(stage_find(&stage, "rejected by bo: duplicate_application"), 0);
	cr_expect_lt(stage_find(&stage, "To approve"), 0);
	surface_begin(&stage.surface, 24, 100);
	session->status = SESSION_APPROVED;
	session->decision_reason = "";
	preview_draw(&job->view, &stage.surface, (struct box){ 0, 0, 10, 80 }, &stage.frame);
	cr_expect_geq(stage_find(&stage, "approved by bo"), 0);
	surface_begin(&stage.surface, 24, 100);
	session->status = SESSION_MANUAL_REVIEW;
	preview_draw(&job->view, &stage.surface, (struct box){ 0, 0, 10, 80 }, &stage.frame);
	cr_expect_geq(stage_find(&stage, "To approve"), 0);
	stage_close(&stage);
	job_free(job);
}
