#include "tui_support.h"

static struct editor editor;
static void open_editor(void)
{
	editor_init(&editor, 0);
}
static void close_editor(void)
{
	editor_release(&editor);
	NO_LEAKS();
}
TestSuite(editor, .init = open_editor);

static void press(enum press press)
{
	struct key key = key_press(press);
	editor_key(&editor, &key);
}
static void type(const char *text)
{
	for (; *text; text++) {
		struct key key = key_char(*text);
		editor_key(&editor, &key);
	}
}

Test(editor, typing_goes_to_the_cursor)
{
	type("hrbour");
	press(PRESS_HOME);
	press(PRESS_RIGHT);
	type("a");
	cr_expect_str_eq(editor.text.buf, "harbour");
	cr_expect_eq(editor.at, 2);
	close_editor();
}

Test(editor, backspace_takes_a_whole_character_with_its_marks)
{
	editor_set(&editor, "xe\xcc\x81");
	press(PRESS_BACKSPACE);
	cr_expect_str_eq(editor.text.buf, "x");
	close_editor();
}

Test(editor, ctrl_w_takes_the_last_word)
{
	editor_set(&editor, "one two ");
	struct key key = { .press = PRESS_CTRL, .ch = 'w' };
	editor_key(&editor, &key);
	cr_expect_str_eq(editor.text.buf, "one ");
	close_editor();
}

Test(editor, a_paste_becomes_one_line_without_controls)
{
	struct key key = { .press = PRESS_PASTE, .text = "a\r\nb\033c\x7f" };
	editor_key(&editor, &key);
	cr_expect_str_eq(editor.text.buf, "a  bc");
	close_editor();
}

Test(editor, no_more_is_taken_than_fits)
{
	editor.max_bytes = 4;
	editor_insert(&editor, "abc\xc3\xa9", 5);
	cr_expect_str_eq(editor.text.buf, "abc");
	close_editor();
}

Test(editor, the_cursor_stays_in_view_of_a_long_line)
{
	struct stage stage;
	stage_open(&stage, TEXT_UTF8, 1, 8);
	editor_set(&editor, "abcdefghijkl");
	editor_draw(&editor, &stage.surface, (struct box){ 0, 0, 1, 8 }, THEME_FIELD, true);
	cr_expect(stage.surface.cursor_shown);
	cr_expect_eq(stage.surface.cursor_col, 7);
	cr_expect_str_eq(stage_row(&stage, 0), "…ghijkl");
	stage_close(&stage);
	close_editor();
}

/* What edits is taken, and only that: the rest is somebody else's key. */
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
		editor_set(&editor, controls[i].text);
		editor.at = controls[i].at;
		cr_expect(editor_key(&editor, &key), "Ctrl-%c", controls[i].letter);
		cr_expect_str_eq(editor.text.buf, controls[i].after);
		cr_expect_eq(editor.at, controls[i].at_after);
	}
	for (const char *letter = "bcdfghijlmnopqrstvxyz"; *letter; letter++) {
		struct key key = { .press = PRESS_CTRL, .ch = (uint32_t)*letter };
		editor_set(&editor, "one");
		cr_expect_not(editor_key(&editor, &key), "Ctrl-%c", *letter);
		cr_expect_str_eq(editor.text.buf, "one");
	}
	close_editor();
}
