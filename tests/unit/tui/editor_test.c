#include "tui_support.h"

static struct editor editor;
static void set_up(void)
{
	editor_init(&editor, 0);
}
static void tear_down(void)
{
	editor_release(&editor);
	NO_LEAKS();
}
TestSuite(editor, .init = set_up, .fini = tear_down);

static void press(enum press press)
{
	struct key key = key_press(press);
	editor_handle_key(&editor, &key);
}
static void type(const char *text)
{
	for (; *text; text++) {
		struct key key = key_char(*text);
		editor_handle_key(&editor, &key);
	}
}

Test(editor, typing_goes_to_the_cursor)
{
	type("hrbour");
	press(PRESS_HOME);
	press(PRESS_RIGHT);
	type("a");
	cr_expect_str_eq(editor.text.buf, "harbour");
	cr_expect_eq(editor.cursor, 2);
}

Test(editor, backspace_takes_a_whole_character_with_its_marks)
{
	editor_set_text(&editor, "xe\xcc\x81");
	press(PRESS_BACKSPACE);
	cr_expect_str_eq(editor.text.buf, "x");
}

Test(editor, ctrl_w_takes_the_last_word)
{
	editor_set_text(&editor, "one two ");
	struct key key = { .press = PRESS_CTRL, .ch = 'w' };
	editor_handle_key(&editor, &key);
	cr_expect_str_eq(editor.text.buf, "one ");
}

Test(editor, a_paste_becomes_one_line_without_controls)
{
	struct key key = { .press = PRESS_PASTE, .text = "a\r\nb\033c\x7f" };
	editor_handle_key(&editor, &key);
	cr_expect_str_eq(editor.text.buf, "a  bc");
}

Test(editor, no_more_is_taken_than_fits)
{
	editor.max_bytes = 4;
	editor_insert(&editor, "abc\xc3\xa9", 5);
	cr_expect_str_eq(editor.text.buf, "abc");
}

Test(editor, the_cursor_stays_in_view_of_a_long_line)
{
	struct stage stage;
	stage_open(&stage, TEXT_UTF8, 1, 8);
	editor_set_text(&editor, "abcdefghijkl");
	editor_draw(&editor, &stage.surface, (struct box){ 0, 0, 1, 8 }, THEME_FIELD, true);
	cr_expect(stage.surface.is_cursor_shown);
	cr_expect_eq(stage.surface.cursor_col, 7);
	cr_expect_str_eq(stage_row(&stage, 0), "…ghijkl");
	stage_close(&stage);
}

/* The editor handles the Ctrl keys for editing and leaves all other Ctrl keys to the caller. */
Test(editor, each_control_key_does_its_own_and_no_other_is_taken)
{
	static const struct {
		char letter;
		const char *text;
		size_t at;
		const char *after;
		size_t at_after;
	} controls[] = {
		{ 'a', "one two", 7, "one two", 0 },
		{ 'e', "one two", 2, "one two", 7 },
		{ 'u', "one two", 4, "two", 0 },
		{ 'k', "one two", 3, "one", 3 },
		{ 'w', "one two", 7, "one ", 4 },
		{ 'w', "one two", 4, "two", 0 },
		{ 'w', "", 0, "", 0 },
	};
	for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
		struct key key = { .press = PRESS_CTRL, .ch = (uint32_t)controls[i].letter };
		editor_set_text(&editor, controls[i].text);
		editor.cursor = controls[i].at;
		cr_expect(editor_handle_key(&editor, &key), "Ctrl-%c", controls[i].letter);
		cr_expect_str_eq(editor.text.buf, controls[i].after);
		cr_expect_eq(editor.cursor, controls[i].at_after);
	}
	for (const char *letter = "bcdfghijlmnopqrstvxyz"; *letter; letter++) {
		struct key key = { .press = PRESS_CTRL, .ch = (uint32_t)*letter };
		editor_set_text(&editor, "one");
		cr_expect_not(editor_handle_key(&editor, &key), "Ctrl-%c", *letter);
		cr_expect_str_eq(editor.text.buf, "one");
	}
}

/* --- text of several lines --- */

static void open_lines(const char *text)
{
	editor.multiline = true;
	editor_set_text(&editor, text);
}

Test(editor, enter_breaks_a_line_of_a_multiline_text_only)
{
	struct key enter = key_press(PRESS_ENTER);
	cr_expect_not(editor_handle_key(&editor, &enter));
	open_lines("one two");
	editor.cursor = 3;
	cr_expect(editor_handle_key(&editor, &enter));
	cr_expect_str_eq(editor.text.buf, "one\n two");
	press(PRESS_BACKSPACE);
	cr_expect_str_eq(editor.text.buf, "one two");
}

Test(editor, a_paste_keeps_its_lines_and_no_control_character)
{
	struct key key = { .press = PRESS_PASTE, .text = "a\r\nb\rc\nd\te\033[31mf\x7f" };
	open_lines("");
	editor_handle_key(&editor, &key);
	cr_expect_str_eq(editor.text.buf, "a\nb\nc\nd e[31mf");
}

Test(editor, a_multiline_paste_stops_at_the_limit)
{
	editor.max_bytes = 6;
	struct key key = { .press = PRESS_PASTE, .text = "ab\r\ncd\xc3\xa9" };
	open_lines("");
	editor_handle_key(&editor, &key);
	cr_expect_str_eq(editor.text.buf, "ab\ncd");
}

/* Wrapped at 10 cells, one of which is the cursor's: "one two ", "three ", "four", "", "five". */
Test(editor, up_and_down_move_by_rows_to_the_same_column)
{
	struct stage stage;
	stage_open(&stage, TEXT_UTF8, 5, 10);
	open_lines("one two three four\n\nfive");
	editor_draw(&editor, &stage.surface, (struct box){ 0, 0, 5, 10 }, THEME_FIELD, true);
	static const char *const rows[] = { "one two", "three", "four", "", "five" };
	for (size_t i = 0; i < 5; i++)
		cr_expect_str_eq(stage_row(&stage, i), rows[i]);
	cr_expect_eq(editor_row_count(&editor, 10), 5);
	cr_expect_eq(stage.surface.cursor_row, 4);
	press(PRESS_UP);
	cr_expect_eq(editor.cursor, 19, "%zu", editor.cursor);
	press(PRESS_UP);
	cr_expect_eq(editor.cursor, 14, "%zu", editor.cursor);
	press(PRESS_END);
	cr_expect_eq(editor.cursor, 18, "%zu", editor.cursor);
	press(PRESS_UP);
	cr_expect_eq(editor.cursor, 12, "four columns of \"three\": %zu", editor.cursor);
	press(PRESS_END);
	cr_expect_eq(editor.cursor, 13, "before the space at which it is wrapped: %zu", editor.cursor);
	press(PRESS_HOME);
	cr_expect_eq(editor.cursor, 8);
	press(PRESS_UP);
	cr_expect_eq(editor.cursor, 0);
	struct key up = key_press(PRESS_UP), down = key_press(PRESS_DOWN);
	cr_expect_not(editor_handle_key(&editor, &up), "the first row has none above it");
	press(PRESS_PAGE_DOWN);
	cr_expect_eq(editor.cursor, editor.text.len - 4, "%zu", editor.cursor);
	cr_expect_not(editor_handle_key(&editor, &down), "the last row has none below it");
	stage_close(&stage);
}

Test(editor, rows_scroll_with_the_cursor_and_say_that_there_are_more)
{
	struct stage stage;
	stage_open(&stage, TEXT_UTF8, 2, 12);
	open_lines("a\nb\nc\nd");
	editor_draw(&editor, &stage.surface, (struct box){ 0, 0, 2, 12 }, THEME_FIELD, true);
	cr_expect_str_eq(stage_row(&stage, 0), "c          ↑");
	cr_expect_str_eq(stage_row(&stage, 1), "d");
	press(PRESS_PAGE_UP);
	press(PRESS_PAGE_UP);
	press(PRESS_PAGE_UP);
	editor_draw(&editor, &stage.surface, (struct box){ 0, 0, 2, 12 }, THEME_FIELD, true);
	cr_expect_str_eq(stage_row(&stage, 0), "a");
	cr_expect_str_eq(stage_row(&stage, 1), "b          ↓");
	editor_draw(&editor, &stage.surface, (struct box){ 0, 0, 1, 12 }, THEME_FIELD, false);
	cr_expect_str_eq(stage_row(&stage, 0), "a          …", "without the focus it is one row");
	stage_close(&stage);
}

/* At every width and cursor position, each row fits its box and the cursor is shown. */
Test(editor, a_text_is_whole_at_every_width)
{
	static const char text[] = "Sehr geehrte Frau Gonçalves,\n\n株式会社ミナト商事 e\xcc\x81 "
				   "averylongwordthatfitsnowhereatall\x2c   three blanks \xf0\x9f\x87\xb5\xf0\x9f"
				   "\x87\xb9 \xe2\x80\xae"
				   "evil\n";
	open_lines(text);
	for (size_t cols = 2; cols < 60; cols++) {
		struct stage stage;
		size_t rows = editor_row_count(&editor, cols);
		stage_open(&stage, cols % 2 ? TEXT_UTF8 : TEXT_ASCII, rows, cols);
		for (size_t at = 0; at <= editor.text.len;
		     at = at < editor.text.len ? text_next_grapheme(text, editor.text.len, at) : at + 1) {
			editor.cursor = at;
			surface_begin(&stage.surface, rows, cols);
			editor_draw(&editor, &stage.surface, (struct box){ 0, 0, rows, cols }, THEME_FIELD, true);
			stage_check(&stage);
			cr_assert(stage.surface.is_cursor_shown, "%zu cells, byte %zu", cols, at);
		}
		stage_close(&stage);
	}
}

Test(editor, control_keys_of_a_multiline_text_are_about_its_line)
{
	static const struct {
		char letter;
		size_t at;
		const char *after;
		size_t at_after;
	} controls[] = {
		{ 'a', 6, "one\ntwo\nsix", 4 },	  { 'e', 4, "one\ntwo\nsix", 7 }, { 'u', 6, "one\no\nsix", 4 },
		{ 'u', 4, "onetwo\nsix", 3 },	  { 'k', 5, "one\nt\nsix", 5 },	  { 'k', 7, "one\ntwosix", 7 },
		{ 'k', 11, "one\ntwo\nsix", 11 }, { 'w', 8, "one\nsix", 4 },
	};
	for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
		struct key key = { .press = PRESS_CTRL, .ch = (uint32_t)controls[i].letter };
		open_lines("one\ntwo\nsix");
		editor.cursor = controls[i].at;
		cr_expect(editor_handle_key(&editor, &key), "Ctrl-%c", controls[i].letter);
		cr_expect_str_eq(editor.text.buf, controls[i].after, "%zu: %s", i, editor.text.buf);
		cr_expect_eq(editor.cursor, controls[i].at_after, "%zu: %zu", i, editor.cursor);
	}
}
