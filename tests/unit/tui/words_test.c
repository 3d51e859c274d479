/* Drafts of another run that are restored in a dialog, on a real store and without a terminal. */
#include "places.h"

TestSuite(words_back, .init = places_set_up, .fini = places_tear_down, .timeout = 60);

static void leave(void)
{
	drafts_release(&workbench.drafts.kept);
	close_workbench();
	arena_reset(&arena);
}

/* Stores the draft of the open dialog as the next run would find it, and closes the dialog. */
static void keep_for_next_run(void)
{
	struct saved_draft draft = { .dialog = "corrections",
				     .session = workbench.dialog->id,
				     .item = workbench.dialog->item,
				     .at = NOON - MINUTE_MS };
	dialog_save_draft(workbench.dialog, &draft);
	drafts_set(&workbench.drafts.kept, &draft);
	decide_close_dialog(&workbench);
}

Test(words_back, messages_to_the_client_come_back_to_their_steps)
{
	begin_at(ADA, "RAL-1", "x");
	cr_assert(workbench.dialog && workbench.dialog->form.confirm_label);
	press(key_press(PRESS_TAB));
	press(key_char(' '));
	type("\tPlease say what you sell.");
	const char *step = arena_strdup(&arena, workbench.dialog->form.fields[0].items[0].code);
	keep_for_next_run();
	cr_assert_eq(workbench.drafts.kept.count, 1);
	cr_expect_str_eq(workbench.drafts.kept.items[0].fields[0].label, step);
	type("x");
	cr_assert(workbench.dialog);
	cr_expect(workbench.dialog->is_restored_draft && form_is_on_buttons(&workbench.dialog->form));
	cr_expect_not(workbench.dialog->form.is_confirm_focused);
	cr_expect_str_eq(workbench.dialog->step_messages[0], "Please say what you sell.");
	cr_expect_str_eq(dialog_get_text(workbench.dialog, 2), "Please say what you sell.");
	cr_expect(shows("was restored (texts only)"), "%s", screen_text());
	cr_expect(shows("Draft · Ask for corrections from"), "%s", screen_text());
	for (size_t i = 0; i < workbench.dialog->form.fields[0].item_count; i++)
		cr_expect_eq(workbench.dialog->form.fields[0].items[i].checked, i == 0, "item %zu", i);
	leave();
}

/* A chosen verdict is not restored: only its text is. */
Test(words_back, no_verdict_comes_back)
{
	begin_at(ADA, "HIT-1", "4j\n");
	cr_assert(workbench.dialog && workbench.dialog->spec == &hit_dialog, "%s", screen_text());
	struct saved_draft draft = { .dialog = "hit",
				     .session = workbench.dialog->id,
				     .item = workbench.dialog->item,
				     .at = NOON - MINUTE_MS,
				     .count = 1 };
	draft.fields[0] = (struct saved_field){ "note", "Another birth date" };
	drafts_set(&workbench.drafts.kept, &draft);
	decide_close_dialog(&workbench);
	type("\n");
	cr_assert(workbench.dialog);
	bool back = false;
	for (size_t i = 0; i < workbench.dialog->form.field_count; i++) {
		const struct input *field = &workbench.dialog->form.fields[i];
		back |= field->kind == INPUT_TEXT && !strcmp(field->editor.text.buf, "Another birth date");
		cr_expect_not(field->kind == INPUT_CHOICE && field->has_choice, "%s is chosen", field->label);
	}
	cr_expect(back);
	confirm();
	cr_expect(workbench.dialog, "it was sent by one key");
	leave();
}

/* A draft of the form of a party contains no text about the person. */
Test(words_back, what_a_form_says_of_a_person_is_no_words)
{
	struct saved_draft draft;
	begin_at(ADA, "RAL-1", "3+");
	cr_assert(workbench.dialog && workbench.dialog->spec == &party_dialog);
	type("Amalia");
	dialog_save_draft(workbench.dialog, &draft);
	cr_expect_eq(draft.count, 0);
	leave();
}

/* --- kept in a file, from one run to the next --- */

static const char *kept_path(void)
{
	return arena_printf(&f.arena, "%s-drafts.json", f.path);
}

static void next_run(const char *ref, const char *keys)
{
	open_workbench(&people[ADA]);
	workbench.drafts.path = kept_path();
	drafts_read(&(const struct own_text){ OWN_DRAFTS, kept_path(), NULL }, NOON, &workbench.drafts.kept);
	arrive_at(&(const struct row){ .ref = ref, .keys = keys }, &people[ADA]);
}

static void end_run(void)
{
	settle(); /* waits until the reader has written the drafts */
	leave();
}

Test(words_back, what_was_written_is_there_in_the_next_run_until_it_is_sent)
{
	put_back();
	next_run("RAL-1", "r\tBus\tNot with us\nat all: ");
	cr_expect_gt(workbench.drafts.save_at_ms, 0, "it is kept when typing rests");
	drafts_save_open_texts(&workbench);
	cr_expect_eq(workbench.drafts.save_at_ms, 0);
	end_run();

	next_run("RAL-1", "");
	cr_assert_eq(workbench.drafts.kept.count, 1);
	cr_expect_str_eq(workbench.drafts.kept.items[0].dialog, "reject");
	type("r");
	cr_expect(strstr(dialog_get_text(workbench.dialog, 2), "Not with us\nat all"), "%s",
		  dialog_get_text(workbench.dialog, 2));
	cr_expect(shows("Draft · Reject"), "%s", screen_text());
	type(ESC "j"); /* a closed dialog is stored once */
	cr_expect_eq(workbench.drafts.count, 1);
	cr_expect_eq(workbench.drafts.kept.count, 1);
	type("r\tBus");
	confirm();
	cr_expect_null(workbench.dialog, "%s", screen_text());
	end_run();

	next_run("", "");
	cr_expect_eq(workbench.drafts.kept.count, 0, "it was sent");
	end_run();
}

Test(words_back, a_note_is_there_in_the_next_run_until_it_is_sent)
{
	put_back();
	next_run("RAL-1", "mCalled the bank");
	drafts_save_open_texts(&workbench);
	end_run();
	next_run("RAL-1", "m");
	cr_expect_str_eq(workbench.prompt.editor.text.buf, "Called the bank");
	type("\n");
	end_run();
	next_run("RAL-1", "m");
	cr_expect_str_eq(workbench.prompt.editor.text.buf, "");
	end_run();
	next_run("RAL-1", "m   ");
	drafts_save_open_texts(&workbench);
	cr_expect_eq(workbench.drafts.kept.count, 0, "blanks are no words");
	end_run();
}

/* The newest draft of a dialog replaces the one before; if there are too many drafts, the oldest is dropped. */
Test(words_back, of_many_drafts_the_newest_stay)
{
	static const char *const refs[] = { "RAL-1", "DOC-1", "VER-1", "GAP-1", "DUP-1", "DUP-2",
					    "HIT-1", "COM-1", "CON-1", "BAR-1", "REJ-1", "KYC-1" };
	static const char *const keys[] = { "r\t\tSome words", "z\t3\tSome words" };
	const size_t dialogs = sizeof keys / sizeof *keys, count = dialogs * sizeof refs / sizeof *refs;
	const char *ids[sizeof refs / sizeof *refs];
	put_back();
	open_workbench(&people[ADA]);
	for (size_t i = 0; i < count; i++)
		for (size_t again = 0; again < 2; again++) {
			arrive_at(&(const struct row){ .ref = refs[i / dialogs], .keys = keys[i % dialogs] },
				  &people[ADA]);
			cr_assert(workbench.dialog && workbench.dialog->is_edited, "%zu: %s", i, screen_text());
			ids[i / dialogs] = arena_strdup(&arena, workbench.dialog->id);
			type(ESC ESC);
			cr_expect_eq(workbench.drafts.count, i + 1 < DRAFTS_MAX ? i + 1 : DRAFTS_MAX, "%zu", i);
		}
	cr_assert_gt(count, DRAFTS_MAX);
	for (size_t i = 0; i < workbench.drafts.count; i++) {
		size_t from = count - DRAFTS_MAX + i;
		cr_expect_eq(workbench.drafts.dialogs[i]->spec, from % dialogs ? &snooze_dialog : &reject_dialog, "%zu",
			     i);
		cr_expect_str_eq(workbench.drafts.dialogs[i]->id, ids[from / dialogs], "%zu", i);
	}
	drafts_forget(&workbench, arena_strdup(&arena, workbench.drafts.dialogs[2]->id));
	cr_expect_eq(workbench.drafts.count, DRAFTS_MAX - dialogs, "all of that case");
	leave();
}

/* After Esc, the same key reopens the dialog as a marked draft with all lines, and the next key decides nothing. */
Test(words_back, a_dialog_that_was_left_is_a_marked_draft)
{
	begin_at(ADA, "RAL-1", "r\t\tTwo\nlines");
	cr_expect_not(shows("Draft ·"), "%s", screen_text());
	type(ESC "jr");
	cr_assert(workbench.dialog && workbench.dialog->is_restored_draft);
	cr_expect(shows("Draft · Reject"), "%s", screen_text());
	cr_expect_str_eq(dialog_get_text(workbench.dialog, 2), "Two\nlines");
	cr_expect(form_is_on_buttons(&workbench.dialog->form) && !workbench.dialog->form.is_confirm_focused);
	leave();
}
