/* Half-written dialogs: kept while the workbench runs, as they were, with everything in their fields. */
#include "workbench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool can_be_draft(const struct dialog *dialog)
{
	return !dialog->spec->fleeting && dialog->written && dialog->form.field_count && dialog->form.confirm &&
	       !dialog->copy[0];
}

static bool is_same(const struct dialog *one, const struct dialog *other)
{
	return one->spec == other->spec && !strcmp(one->id, other->id) && !strcmp(one->item, other->item);
}

static struct dialog *remove_at(struct workbench *workbench, size_t at)
{
	struct dialog *dialog = workbench->drafts[at];
	memmove(&workbench->drafts[at], &workbench->drafts[at + 1],
		(workbench->draft_count - at - 1) * sizeof *workbench->drafts);
	workbench->draft_count--;
	return dialog;
}

void draft_keep(struct workbench *workbench, struct dialog *dialog)
{
	if (!dialog || !can_be_draft(dialog)) {
		dialog_free(dialog);
		return;
	}
	for (size_t i = workbench->draft_count; i-- > 0;)
		if (is_same(workbench->drafts[i], dialog))
			dialog_free(remove_at(workbench, i));
	if (workbench->draft_count == DRAFTS_MAX)
		dialog_free(remove_at(workbench, 0));
	workbench->drafts[workbench->draft_count++] = dialog;
}

struct dialog *draft_take(struct workbench *workbench, struct dialog *dialog)
{
	for (size_t i = 0; i < workbench->draft_count; i++) {
		if (!is_same(workbench->drafts[i], dialog))
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

void draft_keep_note(struct workbench *workbench, const char *id, const char *text)
{
	free(workbench->note);
	workbench->note = text[0] ? xstrdup(text) : NULL;
	(void)snprintf(workbench->note_of, sizeof workbench->note_of, "%s", id);
}

void drafts_forget(struct workbench *workbench, const char *id)
{
	for (size_t i = workbench->draft_count; i-- > 0;)
		if (!id || !strcmp(workbench->drafts[i]->id, id))
			dialog_free(remove_at(workbench, i));
}
