/*
 * Drafts: half-written dialogs are kept with all their fields while the workbench runs. The texts that the reviewer
 * wrote in them are also kept for the next run, even after a crash.
 */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_REST_MS 1000

static const char *name_of(const struct dialog_spec *spec)
{
#define NAMED(name) { #name, &name##_dialog },
	static const struct {
		const char *name;
		const struct dialog_spec *spec;
	} dialogs[] = { DIALOGS(NAMED) };
#undef NAMED
	for (size_t i = 0; i < sizeof dialogs / sizeof dialogs[0]; i++)
		if (dialogs[i].spec == spec)
			return dialogs[i].name;
	BUG("dialogs.h does not list this dialog");
}

void drafts_load(struct workbench *workbench, const char *store)
{
	struct frame *frame = &workbench->frame;
	/* A demo's store is temporary, read-only means no writes, and a session has read its drafts from the
	 * store. */
	if (frame->demo || frame->readonly || frame->session)
		return;
	workbench->drafts.path =
		drafts_path(&workbench->drafts.arena, workbench->options.world, store, frame->actor);
	drafts_read(&(const struct own_text){ OWN_DRAFTS, workbench->drafts.path, NULL }, workbench_now(workbench),
		    &workbench->drafts.kept);
}

void drafts_load_session(struct workbench *workbench, const struct own_store *store)
{
	if (workbench->frame.readonly)
		return;
	workbench->drafts.path = "";
	drafts_read(&(const struct own_text){ OWN_DRAFTS, "", store }, workbench_now(workbench),
		    &workbench->drafts.kept);
}

static void put(struct workbench *workbench, struct kept_draft *draft)
{
	if (!workbench->drafts.path)
		return;
	draft->at = workbench_now(workbench);
	const struct kept_draft *kept =
		drafts_find(&workbench->drafts.kept, draft->dialog, draft->session, draft->item);
	if (kept ? kept_draft_equal(kept, draft) : !draft->count)
		return;
	drafts_set(&workbench->drafts.kept, draft);
	reader_request(workbench->reader, job_of_draft(workbench->drafts.path, draft));
}

static void put_dialog(struct workbench *workbench, const struct dialog *dialog)
{
	struct kept_draft draft = { .dialog = name_of(dialog->spec), .session = dialog->id, .item = dialog->item };
	if (!dialog->written || dialog->spec->many)
		return;
	dialog_words(dialog, &draft);
	put(workbench, &draft);
}

static void put_note(struct workbench *workbench, const struct note_place *place, const char *text)
{
	struct kept_draft draft = { .dialog = NOTE_DRAFT, .session = place->id, .item = place->item };
	if (strspn(text, " ") < strlen(text))
		draft.words[draft.count++] = (struct kept_words){ "note", text };
	put(workbench, &draft);
}

void drafts_schedule_save(struct workbench *workbench)
{
	workbench->drafts.keep_at_ms = workbench_monotonic(workbench) + WORDS_REST_MS;
}

void drafts_save_open(struct workbench *workbench)
{
	workbench->drafts.keep_at_ms = 0;
	if (workbench->dialog && workbench->dialog->state == DIALOG_READY)
		put_dialog(workbench, workbench->dialog);
	if (workbench->prompt.open && workbench->prompt.kind == PROMPT_NOTE)
		put_note(workbench, &workbench->drafts.note_at, workbench->prompt.editor.text.buf);
}

void drafts_drop_sent(struct workbench *workbench, const struct dialog *dialog)
{
	if (!dialog)
		return;
	struct kept_draft draft = { .dialog = name_of(dialog->spec), .session = dialog->id, .item = dialog->item };
	put(workbench, &draft);
}

void drafts_drop_sent_note(struct workbench *workbench, const struct note_place *place)
{
	put_note(workbench, place, "");
}

void drafts_restore_into(struct workbench *workbench, struct dialog *dialog)
{
	const struct kept_draft *kept = dialog->draft ? NULL
						      : drafts_find(&workbench->drafts.kept, name_of(dialog->spec),
								    dialog->id, dialog->item);
	if (!kept)
		return;
	dialog->kept = kept_draft_copy(&dialog->arena, kept);
}

const char *drafts_note_text(struct workbench *workbench, const struct note_place *place)
{
	const struct kept_draft *kept = drafts_find(&workbench->drafts.kept, NOTE_DRAFT, place->id, place->item);
	return kept && kept->count ? kept->words[0].text : "";
}

static bool can_be_draft(const struct dialog *dialog)
{
	return !dialog->spec->no_draft && dialog->written && dialog->form.field_count && dialog->form.confirm &&
	       !dialog->copy[0];
}

static bool is_same(const struct dialog *one, const struct dialog *other)
{
	return one->spec == other->spec && !strcmp(one->id, other->id) && !strcmp(one->item, other->item);
}

static struct dialog *remove_at(struct workbench *workbench, size_t at)
{
	struct dialog *dialog = workbench->drafts.dialogs[at];
	memmove(&workbench->drafts.dialogs[at], &workbench->drafts.dialogs[at + 1],
		(workbench->drafts.count - at - 1) * sizeof *workbench->drafts.dialogs);
	workbench->drafts.count--;
	return dialog;
}

void draft_keep(struct workbench *workbench, struct dialog *dialog)
{
	if (dialog && dialog->state == DIALOG_READY)
		put_dialog(workbench, dialog);
	if (!dialog || !can_be_draft(dialog)) {
		dialog_free(dialog);
		return;
	}
	for (size_t i = workbench->drafts.count; i-- > 0;)
		if (is_same(workbench->drafts.dialogs[i], dialog))
			dialog_free(remove_at(workbench, i));
	if (workbench->drafts.count == DRAFTS_MAX)
		dialog_free(remove_at(workbench, 0));
	workbench->drafts.dialogs[workbench->drafts.count++] = dialog;
}

struct dialog *draft_take(struct workbench *workbench, struct dialog *dialog)
{
	for (size_t i = 0; i < workbench->drafts.count; i++) {
		if (!is_same(workbench->drafts.dialogs[i], dialog))
			continue;
		dialog_free(dialog);
		dialog = remove_at(workbench, i);
		dialog->draft = true;
		dialog->problem = "";
		form_rest(&dialog->form);
		return dialog;
	}
	return dialog;
}

void draft_keep_note(struct workbench *workbench, const struct note_place *place, const char *text)
{
	/* An empty text deletes the draft only if it belongs to the same place. */
	if (!text[0] && (strcmp(workbench->drafts.note_of.id, place->id) != 0 ||
			 strcmp(workbench->drafts.note_of.item, place->item) != 0))
		return;
	free(workbench->drafts.note);
	workbench->drafts.note = text[0] ? xstrdup(text) : NULL;
	workbench->drafts.note_of = *place;
	if (workbench->drafts.note)
		put_note(workbench, place, text);
}

void drafts_forget(struct workbench *workbench, const char *id)
{
	for (size_t i = workbench->drafts.count; i-- > 0;)
		if (!id || !strcmp(workbench->drafts.dialogs[i]->id, id))
			dialog_free(remove_at(workbench, i));
	if (id) {
		struct kept_draft all = { .dialog = "", .session = id, .item = "" };
		put(workbench, &all);
	}
}
