/* Words of another run that are put back into a dialog, on a real store and without a terminal. */
#include "places.h"

#define ADA (&people[5])

TestSuite(words_back, .init = places_open, .fini = places_close, .timeout = 60);

static void open_at(const char *ref, const char *keys)
{
	const struct row at = { .ref = ref, .keys = keys };
	put_back();
	open_workbench(ADA);
	arrive_at(&at, ADA);
}

static void leave(void)
{
	drafts_release(&workbench.kept);
	close_workbench();
	arena_reset(&arena);
}

/* As the next run would find it. */
static void keep_for_next_run(void)
{
	struct kept_draft draft = { .dialog = "corrections",
				    .session = workbench.dialog->id,
				    .item = workbench.dialog->item,
				    .at = NOON - MINUTE_MS };
	dialog_words(workbench.dialog, &draft);
	drafts_set(&workbench.kept, &draft);
	decide_close(&workbench);
}

Test(words_back, messages_to_the_client_come_back_to_their_steps)
{
	open_at("RAL-1", "x");
	cr_assert(workbench.dialog && workbench.dialog->form.confirm);
	press(key_press(PRESS_TAB));
	press(key_char(' '));
	press(key_press(PRESS_TAB));
	type("Please say what you sell.");
	const char *step = arena_strdup(&arena, workbench.dialog->form.fields[0].items[0].code);
	keep_for_next_run();
	cr_assert_eq(workbench.kept.count, 1);
	cr_expect_str_eq(workbench.kept.items[0].words[0].label, step);
	type("x");
	cr_assert(workbench.dialog);
	cr_expect(workbench.dialog->draft && form_on_buttons(&workbench.dialog->form));
	cr_expect_not(workbench.dialog->form.on_confirm);
	cr_expect_str_eq(workbench.dialog->step_messages[0], "Please say what you sell.");
	cr_expect_str_eq(dialog_typed(workbench.dialog, 1), "Please say what you sell.");
	cr_expect(shows("is back, the words alone"), "%s", screen_text());
	for (size_t i = 0; i < workbench.dialog->form.fields[0].item_count; i++)
		cr_expect_eq(workbench.dialog->form.fields[0].items[i].checked, i == 0, "item %zu", i);
	leave();
}

/* A verdict that was chosen is chosen anew: only the words beside it come back. */
Test(words_back, no_verdict_comes_back)
{
	open_at("HIT-1", "4j\n");
	cr_assert(workbench.dialog && workbench.dialog->spec == &hit_dialog, "%s", screen_text());
	struct kept_draft draft = { .dialog = "hit",
				    .session = workbench.dialog->id,
				    .item = workbench.dialog->item,
				    .at = NOON - MINUTE_MS,
				    .count = 1 };
	draft.words[0] = (struct kept_words){ "note", "Another birth date" };
	drafts_set(&workbench.kept, &draft);
	decide_close(&workbench);
	type("\n");
	cr_assert(workbench.dialog);
	bool back = false;
	for (size_t i = 0; i < workbench.dialog->form.field_count; i++) {
		const struct input *field = &workbench.dialog->form.fields[i];
		back |= field->kind == INPUT_TEXT && !strcmp(field->editor.text.buf, "Another birth date");
		cr_expect_not(field->kind == INPUT_CHOICE && field->chosen, "%s is chosen", field->label);
	}
	cr_expect(back);
	confirm();
	cr_expect(workbench.dialog, "it was sent by one key");
	leave();
}

/* Of a form that speaks of a person nothing is kept but what is nobody's. */
Test(words_back, what_a_form_says_of_a_person_is_no_words)
{
	struct kept_draft draft;
	open_at("RAL-1", "3+");
	cr_assert(workbench.dialog && workbench.dialog->spec == &party_dialog);
	type("Amalia");
	dialog_words(workbench.dialog, &draft);
	cr_expect_eq(draft.count, 0);
	leave();
}
