/* A screen as spoken (src/tui/term/linear.h): the expected lines, and no others. */
#include "../../../src/tui/term/linear.h"
#include "tui_support.h"

static struct stage stage;
static struct linear linear;
static struct strbuf heard = STRBUF_INIT;
static int64_t now = 1000;
static struct grid_column columns[] = { { "Type", 4, 20, TEXT_LEFT, false, 0, false },
					{ "Docs", 4, 6, TEXT_RIGHT, false, 0, false } };
static const char *names[] = { "ONE", "TWO", "THREE" };
static size_t rows = 12, cols = 60, listed = 3;

static void set_up(void)
{
	stage_open(&stage, TEXT_UTF8, 12, 60);
	stage.surface.is_spoken = true;
}
static void tear_down(void)
{
	linear_release(&linear);
	strbuf_release(&heard);
	stage_close(&stage);
	NO_LEAKS();
}
TestSuite(linear, .init = set_up, .fini = tear_down);

static void begin(uint64_t screen_hash)
{
	surface_begin(&stage.surface, rows, cols);
	stage.surface.screen_reader.screen_hash = screen_hash;
}
/* Returns the lines that are spoken for the current surface. */
static const char *hear(void)
{
	strbuf_reset(&heard);
	linear_update(&linear, &stage.surface, now, &heard);
	return heard.buf;
}
static const char *hear_later(int64_t ms)
{
	strbuf_reset(&heard);
	now += ms;
	linear_speak(&linear, now, false, &heard);
	return heard.buf;
}
static void draw_list(size_t cursor, const char *second)
{
	struct grid grid = { .arena = &stage.arena, .columns = columns, .column_count = 2 };
	begin(1);
	surface_put(&stage.surface, 1, 1, 50, THEME_TITLE, "Documents");
	for (size_t i = 0; i < listed; i++) {
		struct grid_row *row = grid_add_row(&grid, ROW_DOCUMENT, names[i % 3]);
		grid_set_cell(row, 0, THEME_TEXT, i == 1 ? second : names[i % 3]);
		grid_set_cell(row, 1, THEME_TEXT, "0/4");
	}
	grid_draw(&grid, &stage.surface, (struct box){ 3, 0, rows - 6, cols }, 0, cursor, true, ZONE_GRID);
}
static void draw_field(const char *typed)
{
	struct editor editor;
	begin(1);
	surface_put(&stage.surface, 4, 1, 20, THEME_TEXT, "filter:");
	editor_init(&editor, 0);
	editor_set_text(&editor, typed);
	editor_draw(&editor, &stage.surface, (struct box){ 4, 9, 1, 40 }, THEME_FIELD, true);
	editor_release(&editor);
}
static void draw_status(const char *text)
{
	struct status_line status;
	status = (struct status_line){ 0 };
	if (text)
		status_set(&status, STATUS_GOOD, "%s", text);
	status_draw(&status, &stage.surface, 10, TEST_NOW);
	status_release(&status);
}

Test(linear, a_screen_that_opens_is_said_whole_and_at_its_end_the_row_under_the_cursor)
{
	draw_list(1, "TWO");
	cr_expect_str_eq(hear(), "Documents\r\nType, Docs\r\nONE, Docs 0/4\r\nTWO, Docs 0/4\r\nTHREE, Docs 0/4\r\n"
				 "cursor: TWO, Docs 0/4\r\n");
}

Test(linear, a_frame_that_is_the_same_says_nothing)
{
	draw_list(0, "TWO");
	hear();
	draw_list(0, "TWO");
	cr_expect_str_eq(hear(), "");
	cr_expect_eq(linear_due_ms(&linear), 0);
}

Test(linear, a_moved_cursor_is_one_line)
{
	draw_list(0, "TWO");
	hear();
	draw_list(2, "TWO");
	cr_expect_str_eq(hear(), "THREE, Docs 0/4\r\n");
	names[2] = "ONE"; /* a move between two rows with equal text is spoken, too */
	draw_list(2, "TWO");
	cr_expect_str_eq(hear(), "ONE, Docs 0/4\r\n");
	draw_list(0, "TWO");
	cr_expect_str_eq(hear(), "ONE, Docs 0/4\r\n");
}

Test(linear, a_row_that_changed_elsewhere_is_one_line)
{
	draw_list(0, "TWO");
	hear();
	draw_list(0, "TWO accepted");
	cr_expect_str_eq(hear(), "TWO accepted, Docs 0/4\r\n");
}

Test(linear, what_happened_comes_before_the_row_that_the_cursor_went_to)
{
	draw_list(0, "TWO");
	draw_status(NULL);
	hear();
	draw_list(2, "TWO");
	draw_status("Accepted ONE");
	cr_expect_str_eq(hear(), "ok Accepted ONE\r\nTHREE, Docs 0/4\r\n");
	draw_list(2, "TWO");
	draw_status(NULL);
	cr_expect_str_eq(hear(), "", "what is gone is not a news");
}

Test(linear, of_a_queue_only_the_row_under_the_cursor_is_said)
{
	struct grid grid = { .arena = &stage.arena, .columns = columns, .column_count = 2 };
	for (size_t i = 0; i < 2; i++)
		grid_set_cell(grid_add_row(&grid, ROW_SESSION, names[i]), 0, THEME_TEXT, names[i]);
	for (size_t cursor = 0; cursor < 2; cursor++) {
		begin(1);
		grid_draw(&grid, &stage.surface, (struct box){ 1, 0, 6, 60 }, 0, cursor, true, ZONE_QUEUE);
		cr_expect_str_eq(hear(), cursor ? "TWO\r\n" : "Type, Docs\r\nONE\r\n");
	}
}

/* A value without letters is spoken with the title above it, in a list or a queue; elsewhere alone. */
Test(linear, a_title_is_said_of_what_stands_under_it_alone)
{
	for (int queue = 0; queue < 2; queue++) {
		struct grid grid = { .arena = &stage.arena, .columns = columns, .column_count = 2 };
		begin((uint64_t)queue + 1);
		for (size_t i = 0; i < 2; i++) {
			struct grid_row *row = grid_add_row(&grid, ROW_SESSION, names[i]);
			grid_set_cell(row, 0, THEME_TEXT, names[i]);
			grid_set_cell(row, 1, THEME_TEXT, i ? "—" : "0/4");
		}
		surface_put(&stage.surface, 0, 21, 6, THEME_TEXT, "12/12");
		grid_draw(&grid, &stage.surface, (struct box){ 2, 0, 4, 60 }, 0, 0, true,
			  queue ? ZONE_QUEUE : ZONE_GRID);
		surface_put(&stage.surface, 8, 21, 6, THEME_TEXT, "7/7");
		surface_add_zone(&stage.surface, (struct box){ 9, 0, 1, 60 }, ZONE_CHECKLIST, 0);
		surface_put(&stage.surface, 9, 21, 6, THEME_TEXT, "8/8");
		hear();
		cr_expect(strstr(heard.buf, "ONE, Docs 0/4\r\n"), "%s", heard.buf);
		cr_expect(queue || strstr(heard.buf, "TWO, Docs none\r\n"), "%s", heard.buf);
		cr_expect(strstr(heard.buf, "7/7\r\n8/8\r\n") && !strstr(heard.buf, "Docs 7") &&
				  !strstr(heard.buf, "Docs 8"),
			  "%s", heard.buf);
	}
}

Test(linear, what_explains_a_row_comes_when_the_cursor_rests_and_as_one_line)
{
	for (size_t cursor = 0; cursor < 3; cursor++) {
		draw_list(cursor, "TWO");
		surface_put(&stage.surface, 8, 2, 50, THEME_MUTED,
			    arena_printf(&stage.arena, "Look for %s:", names[cursor]));
		surface_put(&stage.surface, 9, 2, 50, THEME_MUTED, "every page.");
		stage.surface.screen_reader.detail = (struct box){ 8, 0, 2, 60 };
		hear();
		if (cursor)
			cr_expect_not(strstr(heard.buf, "Look for"), "%s", heard.buf);
	}
	cr_expect_str_eq(hear_later(LINEAR_PAUSE_MS - 1), "");
	cr_expect_str_eq(hear_later(1), "Look for THREE: every page.\r\n");
	cr_expect_eq(linear_due_ms(&linear), 0);
}

Test(linear, what_is_typed_is_said_when_it_rests)
{
	draw_field("");
	cr_expect_str_eq(hear(), "filter: empty\r\n");
	draw_field("h");
	cr_expect_str_eq(hear(), "");
	now += 100;
	draw_field("ha");
	cr_expect_str_eq(hear(), "");
	cr_expect_eq(linear_due_ms(&linear), now + LINEAR_PAUSE_MS);
	cr_expect_str_eq(hear_later(LINEAR_PAUSE_MS), "filter: ha\r\n");
	cr_expect_str_eq(hear_later(60000), "");
}

Test(linear, what_was_typed_and_left_at_once_is_said_before_what_comes_next)
{
	draw_field("");
	hear();
	draw_field("harbour");
	hear();
	begin(1);
	surface_put(&stage.surface, 1, 1, 50, THEME_TEXT, "1 case");
	cr_expect_str_eq(hear(), "filter: harbour\r\n1 case\r\n");
}

Test(linear, what_is_held_back_is_said_before_the_terminal_is_asked)
{
	draw_field("");
	hear();
	draw_field("harbour");
	hear();
	strbuf_reset(&heard);
	linear_speak(&linear, now, true, &heard);
	cr_expect_str_eq(heard.buf, "filter: harbour\r\n");
}

Test(linear, what_passes_at_once_is_not_said)
{
	begin(1);
	surface_put(&stage.surface, 1, 1, 50, THEME_TEXT, "reading the case");
	stage.surface.screen_reader.is_temporary_frame = true;
	cr_expect_str_eq(hear(), "");
	now += 20;
	begin(1);
	surface_put(&stage.surface, 1, 1, 50, THEME_TEXT, "Harbour Lane");
	cr_expect_str_eq(hear(), "Harbour Lane\r\n");
}

Test(linear, another_list_is_said_when_it_is_there)
{
	draw_list(0, "TWO");
	hear();
	draw_list(0, "TWO");
	stage.surface.screen_reader.tab_or_list_id = 2;
	stage.surface.screen_reader.is_list_loading = true;
	cr_expect_str_eq(hear(), "", "these are rows of the list before");
	draw_list(0, "FOUR");
	stage.surface.screen_reader.tab_or_list_id = 2;
	cr_expect_str_eq(hear(), "FOUR, Docs 0/4\r\ncursor: ONE, Docs 0/4\r\n");
	draw_list(1, "FOUR");
	stage.surface.screen_reader.tab_or_list_id = 2;
	stage.surface.screen_reader.is_list_loading = true;
	cr_expect_str_eq(hear(), "FOUR, Docs 0/4\r\n", "it is read again, and the cursor moves on");
}

Test(linear, who_leaves_a_field_hears_where_the_cursor_is)
{
	draw_list(1, "TWO");
	surface_set_cursor(&stage.surface, 9, 4);
	hear();
	draw_list(1, "TWO");
	cr_expect_str_eq(hear(), "TWO, Docs 0/4\r\n");
}

Test(linear, how_far_something_is_comes_seldom)
{
	size_t lines = 0;
	begin(1);
	surface_put(&stage.surface, 1, 1, 50, THEME_TEXT, "Withdraw");
	hear();
	for (int i = 0; i < 100; i++) { /* 25 s */
		begin(1);
		surface_put(&stage.surface, 1, 1, 50, THEME_TEXT, "Withdraw");
		surface_put(&stage.surface, 2, 1, 50, THEME_TEXT, arena_printf(&stage.arena, "%d of 100", i));
		stage.surface.screen_reader.is_temporary_frame = true;
		hear();
		cr_expect_str_eq(heard.buf, "");
		now += 250;
		if (linear_due_ms(&linear) && linear_due_ms(&linear) <= now)
			lines += *hear_later(0) != '\0';
	}
	cr_expect_eq(lines, 5, "%zu", lines);
}

Test(linear, rules_frames_and_bars_of_a_number_are_left_out)
{
	begin(1);
	surface_draw_frame(&stage.surface, (struct box){ 0, 0, 6, 40 }, THEME_BORDER, "Approve");
	surface_put(&stage.surface, 1, 2, 30, THEME_TEXT, "risk 42 ▅▅▁▁");
	surface_draw_rule(&stage.surface, 2, 0, 40, THEME_BORDER);
	surface_put(&stage.surface, 3, 2, 30, THEME_TEXT, "LIGHT → REGULAR");
	surface_put(&stage.surface, 4, 2, 30, THEME_TEXT, "├─ Tomas Reis · 10 %");
	surface_put(&stage.surface, 7, 2, 30, THEME_TEXT, "[x] yes   [ ] no   ✗4   —");
	cr_expect_str_eq(hear(), "Approve\r\nrisk 42\r\nLIGHT to REGULAR\r\nbelow: Tomas Reis, 10 %\r\n"
				 "checked: yes, not checked: no, not ok 4, none\r\n");
}

Test(linear, in_ascii_no_frame_is_said_either)
{
	stage_close(&stage);
	stage_open(&stage, TEXT_ASCII, 12, 60);
	begin(1);
	surface_draw_frame(&stage.surface, (struct box){ 0, 0, 6, 40 }, THEME_BORDER, "Approve");
	surface_draw_rule(&stage.surface, 2, 0, 40, THEME_BORDER);
	surface_draw_pointer(&stage.surface, 3, 2, true);
	surface_put(&stage.surface, 3, 4, 30, THEME_TEXT, "+ - | a-b x");
	cr_expect_str_eq(hear(), "Approve\r\n+ - | a-b x\r\n");
}

Test(linear, hostile_text_stays_marked)
{
	begin(1);
	surface_put(&stage.surface, 1, 1, 50, THEME_TEXT,
		    "a\033[2Jb\r\nc\xe2\x80\xae"
		    "d\xc2\x9b"
		    "e\a");
	hear();
	cr_expect(strstr(heard.buf, "<U+202E>"), "%s", heard.buf);
	size_t ends = 0;
	for (size_t i = 0; i < heard.len; i++) {
		unsigned char c = (unsigned char)heard.buf[i];
		ends += c == '\n';
		cr_expect(c >= 0x20 || c == '\r' || c == '\n', "byte %u", c);
		cr_expect_neq(c, 0x7f);
	}
	cr_expect_eq(ends, 1, "it makes no line of its own: %s", heard.buf);
}

Test(linear, names_and_keys_at_the_edges_are_said_once)
{
	static const char *const keys[] = { "Enter open  a approve", "a approve  Esc back" };
	static const char *const expected[] = { "kybdesk, ana, lead\r\nbody\r\nEnter open, a approve\r\n",
						"body\r\nEsc back\r\n" };
	for (size_t i = 0; i < 2; i++) {
		begin(i + 1);
		surface_put(&stage.surface, 0, 1, 50, THEME_HEADER, "kybdesk   ana · lead");
		surface_put(&stage.surface, 4, 1, 50, THEME_TEXT, "body");
		surface_put(&stage.surface, 11, 1, 50, THEME_FOOTER, keys[i]);
		cr_expect_str_eq(hear(), expected[i]);
	}
	begin(2);
	surface_put(&stage.surface, 0, 1, 50, THEME_HEADER, "kybdesk   ana · lead   10:43");
	surface_put(&stage.surface, 4, 1, 50, THEME_TEXT, "body");
	cr_expect_str_eq(hear(), "", "a header that changes says nothing");
}

Test(linear, of_a_line_that_counts_only_the_new_part_is_said)
{
	begin(1);
	surface_put(&stage.surface, 1, 1, 50, THEME_TEXT, "IN REVIEW   level LIGHT   due in 2 h");
	hear();
	begin(1);
	surface_put(&stage.surface, 1, 1, 50, THEME_TEXT, "IN REVIEW   level LIGHT   due in 1 h");
	cr_expect_str_eq(hear(), "due in 1 h\r\n");
}

static const struct reasons no_reasons;

static struct job *preview_of(struct job *job)
{
	job->kind = JOB_DIALOG;
	job->has_preview = true;
	job->preview.level_from = "LIGHT";
	job->preview.level_to = "REGULAR";
	job->preview.event = "kyc.state_updated";
	job->preview.merchant = "northwind-pay";
	job->preview.endpoint_count = 1;
	job->preview.grace_s = 10;
	return job;
}

/* Draws the dialog over a list with more rows than the dialog, and returns the spoken lines. */
static const char *hear_dialog(struct dialog *dialog)
{
	draw_list(1, "TWO");
	stage.surface.screen_reader.screen_hash = 2;
	dialog_draw(dialog, &stage.surface, 0);
	return hear();
}

Test(linear, of_a_dialog_its_sentences_and_buttons_come_and_afterwards_where_the_cursor_was)
{
	struct dialog_context context = { .frame = &stage.frame, .reasons = &no_reasons, .follow_up_text = "next" };
	struct dialog *dialog = dialog_new(&approve_dialog, "0b0f8a52", "Harbour Lane");
	rows = LINEAR_ROWS;
	cols = LINEAR_COLS;
	listed = 30;
	draw_list(1, "TWO");
	hear();
	job_free(dialog_make_request(dialog, 1));
	cr_expect_str_eq(hear_dialog(dialog), "", "what is being asked passes");
	dialog_take_response(dialog, preview_of(clear_case()), &context);
	const char *at = hear_dialog(dialog);
	static const char *const parts[] = { "Approve Harbour Lane\r\n", "\r\nlevel, LIGHT to REGULAR\r\n",
					     "kyc.state_updated to northwind-pay in 10 s\r\n",
					     "y approve, Esc cancel\r\nhere: Esc cancel\r\n" };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const char *found = strstr(at, parts[i]);
		cr_assert(found, "no '%s' in\n%s", parts[i], at);
		at = i + 1 < sizeof parts / sizeof *parts ? found + 1 : found + strlen(parts[i]);
	}
	cr_expect_str_eq(at, "", "the buttons come last");
	cr_expect_not(strstr(heard.buf, "ONE"), "what lies under it is not said: %s", heard.buf);
	dialog->form.is_confirm_focused = true;
	cr_expect_str_eq(hear_dialog(dialog), "here: y approve\r\n");
	dialog_free(dialog);
	draw_list(1, "TWO");
	cr_expect_str_eq(hear(), "cursor: TWO, Docs 0/4\r\n");
}

/* Typed text is spoken as typed, even if it contains the program's own marks. */
Test(linear, marks_that_are_typed_are_characters)
{
	draw_field("a \xe2\x9c\x93 b \xe2\x86\x92");
	hear();
	cr_expect(strstr(heard.buf, "a \xe2\x9c\x93 b \xe2\x86\x92"), "%s", heard.buf);
	cr_expect_null(strstr(heard.buf, "ok"), "%s", heard.buf);
}
