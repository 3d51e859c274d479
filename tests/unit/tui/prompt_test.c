#include "tui_support.h"

static struct prompt prompt;
static struct prompt_history history;

static void open_with(const char *text)
{
	prompt_open(&prompt, PROMPT_FILTER, "filter", text, &history);
}
static void tear_down(void)
{
	prompt_close(&prompt);
	prompt_history_release(&history);
	NO_LEAKS();
}
TestSuite(prompt, .fini = tear_down);
static enum prompt_result press(enum press press)
{
	struct key key = key_press(press);
	return prompt_handle_key(&prompt, &key);
}

Test(prompt, tab_completes_a_key)
{
	open_with("cou");
	press(PRESS_TAB);
	cr_expect_str_eq(prompt.editor.text.buf, "country:");
}

Test(prompt, tab_walks_through_what_fits)
{
	open_with("ri");
	press(PRESS_TAB);
	cr_expect_str_eq(prompt.editor.text.buf, "risk:");
	prompt_close(&prompt);
	open_with("a");
	press(PRESS_TAB);
	cr_expect_str_eq(prompt.editor.text.buf, "assignee:");
	press(PRESS_TAB);
	cr_expect_str_eq(prompt.editor.text.buf, "age:");
}

Test(prompt, tab_completes_a_value_of_its_key)
{
	open_with("x status:app");
	press(PRESS_TAB);
	cr_expect_str_eq(prompt.editor.text.buf, "x status:approved");
}

Test(prompt, a_second_value_is_completed_behind_the_comma)
{
	open_with("-doc:missing,rej");
	press(PRESS_TAB);
	cr_expect_str_eq(prompt.editor.text.buf, "-doc:missing,rejected");
}

Test(prompt, the_history_keeps_keys_and_no_values)
{
	prompt_history_add(&history, "country:PRT risk>50 duarte \"tax:id 123\" status:approved");
	cr_assert_eq(history.count, 1);
	cr_expect_str_eq(history.entries[0], "country: risk> status:");
	prompt_history_add(&history, "only words");
	cr_expect_eq(history.count, 1, "words alone leave nothing to keep");
	open_with("");
	press(PRESS_UP);
	cr_expect_str_eq(prompt.editor.text.buf, "country: risk> status:");
	press(PRESS_DOWN);
	cr_expect_str_eq(prompt.editor.text.buf, "");
}

Test(prompt, a_full_history_forgets_the_oldest)
{
	char text[32];
	for (int i = 0; i < PROMPT_HISTORY_MAX + 5; i++) {
		(void)snprintf(text, sizeof text, "k%d:v", i);
		prompt_history_add(&history, text);
	}
	cr_expect_eq(history.count, PROMPT_HISTORY_MAX);
	cr_expect_str_eq(history.entries[0], "k5:");
}

Test(prompt, a_refusal_is_shown_until_something_is_typed)
{
	struct stage stage;
	stage_open(&stage, TEXT_UTF8, 4, 80);
	open_with("colour:red");
	prompt_set_problem(&prompt, "there is no key 'colour'");
	prompt_draw(&prompt, &stage.surface, 2);
	cr_expect_eq(stage_find(&stage, "there is no key 'colour'"), 1);
	press(PRESS_BACKSPACE);
	surface_begin(&stage.surface, 4, 80);
	prompt_draw(&prompt, &stage.surface, 2);
	cr_expect_eq(stage_find(&stage, "there is no key"), -1);
	stage_close(&stage);
}

Test(prompt, enter_is_done_and_esc_cancels)
{
	open_with("");
	cr_expect_eq(press(PRESS_ENTER), PROMPT_DONE);
	cr_expect_eq(press(PRESS_ESCAPE), PROMPT_CANCEL);
}

/* The row below the input line lists its keys. */
Test(prompt, what_can_be_pressed_stands_under_it)
{
	static const struct {
		enum prompt_kind kind;
		size_t cols;
		const char *below;
	} prompts[] = {
		{ PROMPT_FILTER, 80,
		  " Enter apply  Esc cancel  Tab complete  Up history  name or country:PRT risk>50" },
		{ PROMPT_FILTER, 100,
		  " Enter apply  Esc cancel  Tab complete  Up history   a name, or country:PRT risk>50 "
		  "doc:missing" },
		{ PROMPT_SEARCH, 80, " Enter find  Esc cancel" },
		{ PROMPT_NOTE, 80, " Enter save  Esc cancel" },
	};
	struct stage stage;
	for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
		stage_open(&stage, TEXT_UTF8, 4, prompts[i].cols);
		prompt_open(&prompt, prompts[i].kind, "filter", "", &history);
		prompt_draw(&prompt, &stage.surface, 2);
		cr_expect_str_eq(stage_row(&stage, 3), prompts[i].below);
		stage_close(&stage);
		tear_down();
	}
}

Test(prompt, what_tab_may_take_is_shown_while_there_are_several)
{
	struct stage stage;
	stage_open(&stage, TEXT_UTF8, 4, 80);
	open_with("a");
	for (size_t i = 0; i < 3; i++) {
		press(PRESS_TAB);
		surface_begin(&stage.surface, 4, 80);
		prompt_draw(&prompt, &stage.surface, 2);
		cr_expect_str_eq(stage_row(&stage, 3), " assignee  age");
		const char *taken = i % 2 ? "age:" : "assignee:";
		cr_expect_str_eq(prompt.editor.text.buf, taken);
		cr_expect_eq(surface_cell(&stage.surface, 3, 1)->role, i % 2 ? THEME_FOOTER : THEME_KEY);
		cr_expect_eq(surface_cell(&stage.surface, 3, 11)->role, i % 2 ? THEME_KEY : THEME_FOOTER);
	}
	prompt_close(&prompt);
	open_with("cou"); /* a single match needs no choice */
	press(PRESS_TAB);
	surface_begin(&stage.surface, 4, 80);
	prompt_draw(&prompt, &stage.surface, 2);
	cr_expect_eq(stage_find(&stage, " Enter apply"), 3);
	stage_close(&stage);
}
