#include "tui_support.h"

static struct arena arena;
static struct form form;
static void set_up(void)
{
	form_init(&form, "approve", "cancel");
	struct input *reason = form_add(&form, INPUT_CHOICE, "reason");
	form_add_item(reason, &arena, "blurry", "Blurry");
	form_add_item(reason, &arena, "expired", "Expired");
	form_add(&form, INPUT_TEXT, "note");
	form_add(&form, INPUT_TOGGLE, "retryable");
}
static void tear_down(void)
{
	form_release(&form);
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(form, .init = set_up, .fini = tear_down);

static enum form_result press(enum press press)
{
	struct key key = key_press(press);
	return form_handle_key(&form, &key);
}
static enum form_result type(char c)
{
	struct key key = key_char(c);
	return form_handle_key(&form, &key);
}

Test(form, the_focus_starts_on_the_buttons)
{
	cr_expect(form_is_on_buttons(&form));
}

Test(form, enter_alone_never_decides)
{
	cr_expect_eq(press(PRESS_ENTER), FORM_CANCEL);
}

Test(form, y_confirms)
{
	cr_expect_eq(type('y'), FORM_CONFIRM);
}

Test(form, enter_confirms_on_the_button_one_has_moved_to)
{
	press(PRESS_RIGHT);
	cr_expect_eq(press(PRESS_ENTER), FORM_CONFIRM);
}

Test(form, y_in_a_text_is_a_letter)
{
	press(PRESS_TAB);
	press(PRESS_TAB);
	cr_expect_eq(type('y'), FORM_EDITED);
	cr_expect_str_eq(form.fields[1].editor.text.buf, "y");
}

Test(form, enter_in_a_text_goes_on_and_does_not_decide)
{
	press(PRESS_TAB);
	press(PRESS_TAB);
	cr_expect_eq(press(PRESS_ENTER), FORM_CHANGED);
	cr_expect_eq(form.focus, 2);
}

Test(form, coming_back_to_the_buttons_the_harmless_one_has_the_focus)
{
	press(PRESS_RIGHT);
	press(PRESS_TAB);
	press(PRESS_BACK_TAB);
	cr_expect_eq(press(PRESS_ENTER), FORM_CANCEL);
}

Test(form, a_choice_is_found_by_its_first_letters)
{
	press(PRESS_TAB);
	cr_expect_eq(type('e'), FORM_EDITED);
	cr_expect_str_eq(field_chosen_item(&form.fields[0])->code, "expired");
}

Test(form, nothing_is_chosen_before_somebody_chose)
{
	cr_expect_null(field_chosen_item(&form.fields[0]));
}

Test(form, hidden_fields_are_passed_over)
{
	form.fields[0].hidden = true;
	press(PRESS_TAB);
	cr_expect_eq(form.focus, 1);
}

Test(form, space_changes_a_toggle)
{
	press(PRESS_BACK_TAB);
	type(' ');
	cr_expect(form.fields[2].is_toggle_on);
}

Test(form, a_paste_outside_a_text_does_nothing)
{
	struct key key = { .press = PRESS_PASTE, .text = "y" };
	cr_expect_eq(form_handle_key(&form, &key), FORM_IGNORED);
	press(PRESS_TAB);
	cr_expect_eq(form_handle_key(&form, &key), FORM_IGNORED);
}

Test(form, without_a_deciding_button_y_does_nothing)
{
	form.confirm_label = NULL;
	cr_expect_eq(type('y'), FORM_IGNORED);
	press(PRESS_RIGHT);
	cr_expect_eq(press(PRESS_ENTER), FORM_CANCEL);
}

Test(form, marking_what_lies_below_marks_what_it_lies_below)
{
	struct input *picks = form_add(&form, INPUT_PICKS, "to correct");
	form_add_item(picks, &arena, "step", "step");
	form_add_item(picks, &arena, "field", "field")->depth = 1;
	form.focus = 3;
	type('f');
	type(' ');
	cr_expect(picks->items[0].checked && picks->items[1].checked);
	press(PRESS_UP);
	type(' ');
	cr_expect(!picks->items[0].checked && !picks->items[1].checked);
}

Test(form, backspace_takes_back_what_was_typed_in_a_list_and_then_nothing)
{
	struct input *reason = &form.fields[0];
	struct key wide = { .press = PRESS_CHAR, .ch = 0xe9 };
	form.focus = 0;
	type('e');
	form_handle_key(&form, &wide);
	cr_expect_str_eq(reason->typed, "e\xc3\xa9");
	press(PRESS_BACKSPACE);
	cr_expect_str_eq(reason->typed, "e");
	press(PRESS_BACKSPACE);
	cr_expect_str_eq(reason->typed, "");
	struct input before = *reason;
	press(PRESS_BACKSPACE);
	cr_expect(!memcmp(reason, &before, sizeof before));
}

/* Typed letters find an entry by the beginning of any of its words, never by letters inside a word. */
Test(form, a_word_begins_behind_what_is_no_letter_and_no_digit)
{
	static const struct {
		const char *label;
		bool found;
	} labels[] = { { "x wanted", true },  { "x_wanted", true },  { "x/wanted", true },	  { "x:wanted", true },
		       { "x`wanted", true },  { "x{wanted", true },  { "xawanted", false },	  { "xzwanted", false },
		       { "x0wanted", false }, { "x9wanted", false }, { "x\xc3\xa9wanted", false } };
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		set_up();
		struct input *list = form_add(&form, INPUT_CHOICE, "which");
		form_add_item(list, &arena, "first", "First");
		form_add_item(list, &arena, "second", labels[i].label);
		form.focus = 3;
		for (const char *c = "wan"; *c; c++)
			(void)type(*c);
		cr_expect_eq(list->cursor, labels[i].found, "%s", labels[i].label);
		cr_expect_eq(list->has_no_match, !labels[i].found, "%s", labels[i].label);
		tear_down();
	}
}

Test(form, a_clicked_button_has_the_focus_and_only_one_that_is_there)
{
	form_click_button(&form, true);
	cr_expect(form_is_on_buttons(&form) && form.is_confirm_focused);
	form_click_button(&form, false);
	cr_expect(form_is_on_buttons(&form) && !form.is_confirm_focused, "Enter would decide");
	form.confirm_label = NULL;
	form_click_button(&form, true);
	cr_expect_not(form.is_confirm_focused);
}

/* form_draw() records where the focused field and its label are, for spoken output. */
Test(form, the_field_in_focus_is_where_the_screen_is)
{
	struct stage stage;
	stage_open(&stage, TEXT_UTF8, 12, 60);
	for (form.focus = 0; form.focus < 3; form.focus++) {
		static const size_t rows[] = { 1, 3, 4 };
		surface_begin(&stage.surface, 12, 60);
		form_draw(&form, &stage.surface, (struct box){ 1, 2, 10, 50 }, 8);
		cr_expect_eq(stage.surface.screen_reader.focus.row, rows[form.focus], "field %zu", form.focus);
		cr_expect_eq(stage.surface.screen_reader.focus.rows, 1, "field %zu", form.focus);
		cr_expect_geq(stage.surface.screen_reader.focus.col, 13, "field %zu: behind its label", form.focus);
		cr_expect_eq(stage.surface.screen_reader.label.row, rows[form.focus]);
		cr_expect_eq(stage.surface.screen_reader.label.col, 2);
		cr_expect_eq(stage.surface.screen_reader.label.rows, 1);
	}
	stage_close(&stage);
}

/* Tests which keys leave each kind of field, and which field then has the focus. */
Test(form, each_kind_of_field_is_left_by_its_keys)
{
	static const struct {
		enum input_kind kind;
		enum press press;
		size_t focus; /* focused field after the key (before it: 2); 3: the buttons */
		enum form_result result;
	} keys[] = {
		{ INPUT_TEXT, PRESS_ENTER, 3, FORM_CHANGED },	{ INPUT_TEXT, PRESS_DOWN, 3, FORM_CHANGED },
		{ INPUT_TEXT, PRESS_UP, 1, FORM_CHANGED },	{ INPUT_TEXT, PRESS_PAGE_DOWN, 2, FORM_IGNORED },
		{ INPUT_TOGGLE, PRESS_ENTER, 3, FORM_CHANGED }, { INPUT_TOGGLE, PRESS_DOWN, 3, FORM_CHANGED },
		{ INPUT_TOGGLE, PRESS_UP, 1, FORM_CHANGED },	{ INPUT_TOGGLE, PRESS_PAGE_UP, 2, FORM_IGNORED },
		{ INPUT_TOGGLE, PRESS_LEFT, 2, FORM_IGNORED },	{ INPUT_PICKS, PRESS_ENTER, 3, FORM_CHANGED },
		{ INPUT_PICKS, PRESS_DOWN, 2, FORM_EDITED },	{ INPUT_PICKS, PRESS_UP, 2, FORM_EDITED },
		{ INPUT_CHOICE, PRESS_ENTER, 3, FORM_EDITED },	{ INPUT_CHOICE, PRESS_DOWN, 2, FORM_EDITED },
		{ INPUT_CHOICE, PRESS_LEFT, 2, FORM_IGNORED },
	};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		set_up();
		form.fields[2].kind = keys[i].kind;
		if (keys[i].kind == INPUT_TEXT)
			editor_init(&form.fields[2].editor, 0);
		form.focus = 2;
		cr_expect_eq(press(keys[i].press), keys[i].result, "%zu", i);
		cr_expect_eq(form.focus, keys[i].focus, "%zu: field %zu", i, form.focus);
		tear_down();
	}
}

Test(form, no_more_is_searched_for_than_is_kept)
{
	char label[4 * INPUT_TYPED_MAX];
	memset(label, 'w', sizeof label);
	label[sizeof label - 1] = '\0';
	struct input *list = form_add(&form, INPUT_CHOICE, "which");
	form_add_item(list, &arena, "long", label);
	form.focus = 3;
	for (size_t i = 0; i < sizeof label; i++) {
		(void)type('w');
		cr_assert_eq(strlen(list->typed), i + 1 < INPUT_TYPED_MAX ? i + 1 : INPUT_TYPED_MAX - 1);
	}
	cr_expect(list->has_choice && !list->has_no_match);
}

/* --- text of several lines --- */

static void open_letter(void)
{
	form_release(&form);
	form_init(&form, "reject", "cancel");
	struct input *reason = form_add(&form, INPUT_CHOICE, "reason");
	for (size_t i = 0; i < 5; i++)
		form_add_item(reason, &arena, "x", "Expired");
	form_add(&form, INPUT_TEXT, "message")->editor.multiline = true;
	form_add(&form, INPUT_TOGGLE, "retryable");
}

Test(form, no_key_in_a_letter_decides_and_enter_stays_in_it)
{
	open_letter();
	press(PRESS_TAB);
	press(PRESS_TAB);
	type('a');
	cr_expect_eq(press(PRESS_ENTER), FORM_EDITED);
	cr_expect_eq(type('y'), FORM_EDITED);
	cr_expect_eq(form.focus, 1);
	cr_expect_str_eq(form.fields[1].editor.text.buf, "a\ny");
	cr_expect_eq(press(PRESS_UP), FORM_EDITED);
	cr_expect_eq(press(PRESS_UP), FORM_CHANGED);
	cr_expect_eq(form.focus, 0, "up from its first row");
	press(PRESS_TAB);
	press(PRESS_DOWN);
	cr_expect_eq(press(PRESS_DOWN), FORM_CHANGED);
	cr_expect_eq(form.focus, 2, "down from its last row");
}

Test(form, ctrl_o_is_about_a_letter_alone)
{
	struct key key = { .press = PRESS_CTRL, .ch = 'o' };
	open_letter();
	for (size_t focus = 0; focus <= form.field_count; focus++) {
		form.focus = focus;
		cr_expect_eq(form_handle_key(&form, &key), focus == 1 ? FORM_OPEN_EDITOR : FORM_IGNORED, "%zu", focus);
	}
}

/* While the letter is typed, it gets the rows of the list, so the form keeps its height. */
Test(form, a_letter_has_the_rows_of_the_list_while_it_is_written)
{
	struct stage stage;
	stage_open(&stage, TEXT_UTF8, 12, 60);
	open_letter();
	size_t height = form_height(&form, 5);
	cr_expect_eq(height, 7);
	form_draw(&form, &stage.surface, (struct box){ 0, 0, height, 60 }, 5);
	cr_expect_eq(stage_find(&stage, "message"), 5);
	form.focus = 1;
	editor_set_text(&form.fields[1].editor, "a\nb\nc\nd\ne");
	surface_begin(&stage.surface, 12, 60);
	cr_expect_eq(form_height(&form, 5), height);
	form_draw(&form, &stage.surface, (struct box){ 0, 0, height, 60 }, 5);
	cr_expect_eq(stage_find(&stage, "message"), 1);
	cr_expect_eq(stage_find(&stage, "retryable"), 6);
	cr_expect(strstr(stage_row(&stage, 5), "e"), "%s", stage_row(&stage, 5));
	stage_close(&stage);
}
