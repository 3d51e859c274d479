/*
 * Tests keys in several contexts, on a real store and without a terminal: Esc that turns out to be the first byte of
 * another key, keys on a screen that is too small, Ctrl-C, the mouse wheel, the prefix key, and notes.
 */
#include "places.h"

TestSuite(key, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static void control(char letter)
{
	press((struct key){ .press = PRESS_CTRL, .ch = (uint32_t)letter });
}

/* If an Esc turns out to be the first byte of another key, the closed dialog, line or screen returns with its text. */
Test(key, what_half_a_sequence_closed_comes_back)
{
	static const struct {
		const char *ref, *keys;
	} places[] = {
		{ "", "/harb" },   { "RAL-1", "mSaid by phone" },
		{ "", ":vie" },	   { "RAL-1", "x\tfie \tSay more" },
		{ "RAL-1", "2" },  { WORST, "2\n" },
		{ "RAL-1", "3i" }, { "RAL-1", "?" },
		{ "RAL-1", "r" },
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		begin_at(RITA, places[i].ref, places[i].keys);
		settle();
		const char *before = arena_strdup(&arena, screen_text());
		press(key_press(PRESS_ESCAPE));
		cr_expect_str_neq(screen_text(), before, "%s %s: Esc closed nothing", places[i].ref, places[i].keys);
		press(key_press(PRESS_ESCAPE_CANCELLED));
		cr_expect_str_eq(screen_text(), before, "%s %s:\n%s", places[i].ref, places[i].keys, screen_text());
	}
}

/* The closed palette is not restored over a palette opened meanwhile, nor after another key. */
Test(key, what_was_closed_comes_back_over_nothing_and_not_later)
{
	begin_at(RITA, "", ":vie");
	press(key_press(PRESS_ESCAPE));
	palette_open(&workbench);
	press(key_press(PRESS_ESCAPE_CANCELLED));
	cr_expect_str_eq(workbench.palette.editor.text.buf, "", "the one that was opened meanwhile stays");
	type(ESC "j");
	press(key_press(PRESS_ESCAPE_CANCELLED));
	cr_expect_not(workbench.palette.open, "another key was pressed");
}

Test(key, where_nothing_can_be_seen_nothing_is_done_but_leaving)
{
	static const struct {
		size_t rows, cols;
		bool small;
	} sizes[] = { { 14, 60, true }, { 15, 59, true }, { 1, 1, true }, { 15, 60, false }, { 24, 80, false } };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		begin_at(RITA, "RAL-1", "");
		workbench_draw(&workbench, sizes[i].rows, sizes[i].cols);
		struct key key = key_char('a');
		workbench_handle_key(&workbench, &key);
		cr_expect_eq(workbench.dialog == NULL, sizes[i].small, "%zux%zu", sizes[i].rows, sizes[i].cols);
		cr_expect_eq(shows("Too small: needs 60 x 15") || sizes[i].cols < 24, sizes[i].small);
	}
	begin_at(RITA, "", "");
	workbench_draw(&workbench, 10, 40);
	struct key quit = key_char('q');
	workbench_handle_key(&workbench, &quit);
	cr_expect(workbench.quit);
	begin_at(RITA, "RAL-1", "a");
	workbench_draw(&workbench, 10, 40);
	workbench_handle_key(&workbench, &quit);
	cr_expect_not(workbench.quit, "a dialog is open");
	begin_at(RITA, "", "/har");
	workbench_draw(&workbench, 10, 40);
	workbench_handle_key(&workbench, &quit);
	cr_expect_not(workbench.quit, "something is being written");
}

Test(key, ctrl_c_says_how_to_leave)
{
	begin_at(RITA, "RAL-1", "");
	control('c');
	says("q quits, Esc goes back, ? shows every key");
	cr_expect_eq(workbench.case_stack.count, 1);
	workbench.single_keys = false;
	control('c');
	says("Ctrl-X q quits, Esc goes back, Ctrl-X ? shows every key");
}

Test(key, without_a_command_here_says_so)
{
	unsigned unbound = 0;

	begin_at(RITA, "RAL-1", "");
	for (uint32_t letter = '!'; letter < 0x7f; letter++) {
		const struct key key = key_char(letter);
		uint32_t pending = 0;
		size_t digit = 0;

		if (keymap_lookup(&key, PLACE_CASE, &pending, &digit) != COMMAND_NONE || pending)
			continue;
		press(key);
		says(arena_printf(&arena, "%c does nothing here; ? shows every key", (char)letter));
		unbound++;
	}
	cr_expect_gt(unbound, 5u);
	press((struct key){ .press = PRESS_CHAR, .ch = 0x444 });
	says("This key does nothing here: commands are Latin letters; ? shows every key");
	press(key_press(PRESS_DOWN));
	type("g");
	cr_expect_not(shows("does nothing"), "the first of two");
}

Test(key, the_wheel_moves_three_rows)
{
	begin_at(RITA, "", "");
	size_t from = workbench.inbox.queue.cursor;
	press(key_press(PRESS_WHEEL_DOWN));
	cr_expect_eq(workbench.inbox.queue.cursor, from + 3);
	press(key_press(PRESS_WHEEL_UP));
	cr_expect_eq(workbench.inbox.queue.cursor, from);
	begin_at(RITA, "RAL-1", "a");
	size_t focus = workbench.dialog->form.focus;
	press(key_press(PRESS_WHEEL_DOWN));
	cr_expect(workbench.dialog && workbench.dialog->form.focus == focus, "not in a dialog");
}

/* If single keys are off, a character alone only shows a hint about the prefix; in an input line it is text. */
Test(key, with_single_keys_off_one_comes_before_each)
{
	begin_at(RITA, "RAL-1", "");
	workbench.single_keys = false;
	type("a");
	cr_expect_null(workbench.dialog);
	says("Single keys are off: press Ctrl-X before a character; Ctrl-X ? shows every key");
	control('x');
	says("Ctrl-X: now press the key; ? shows every key");
	type("a");
	cr_expect(workbench.dialog && workbench.dialog->spec == &approve_dialog, "%s", screen_text());
	status_clear(&workbench.status);
	type("j");
	cr_expect(!workbench.status.text || !workbench.status.text[0], "a dialog stands over the line");
	press(key_press(PRESS_ESCAPE));
	control('x');
	type("m");
	cr_expect(workbench.prompt.open);
	type("a note");
	cr_expect_str_eq(workbench.prompt.editor.text.buf, "a note");
}

Test(key, help_is_asked_for_among_the_buttons_and_is_text_in_a_field)
{
	begin_at(RITA, "RAL-1", "r");
	type("?");
	cr_expect(workbench.help.is_open);
	type("?");
	cr_expect_not(workbench.help.is_open);
	cr_expect(workbench.dialog && workbench.dialog->spec == &reject_dialog);
	type("\t\t");
	cr_assert_not(form_is_on_buttons(&workbench.dialog->form));
	type("?");
	cr_expect_not(workbench.help.is_open, "%s", screen_text());
}

Test(key, a_note_needs_words_and_one_that_fails_is_not_lost)
{
	begin_at(RITA, "RAL-1", "m  \n");
	cr_assert(workbench.prompt.open);
	cr_expect_str_eq(workbench.prompt.problem, "A note needs text; Esc closes the line");
	type("Called the bank");
	sql_run(&f, "UPDATE reviewer SET disabled_at = 1 WHERE name = 'rita'");
	press(key_press(PRESS_ENTER));
	cr_expect_not(workbench.prompt.open);
	cr_expect(strstr(workbench.status.text, "; the next note on this case starts with your text"), "%s",
		  workbench.status.text);
	sql_run(&f, "UPDATE reviewer SET disabled_at = NULL WHERE name = 'rita'");
	type("m");
	cr_expect_str_eq(workbench.prompt.editor.text.buf, "  Called the bank");
	press(key_press(PRESS_ENTER));
	says("Saved the note on");
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM note WHERE text LIKE '%Called the bank'"), 1);
	type("m");
	cr_expect_str_eq(workbench.prompt.editor.text.buf, "", "what was sent does not come again");
}
