/* The list of what can still be taken back: the newest first, one is chosen. */
#include "kybdesk/tui/dialog.h"

#include <string.h>

static void undo_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct status *status = context->status;
	size_t capacity = 0;
	dialog_say(dialog, "", THEME_TEXT,
		   "As long as its time runs, a decision can be taken back; nothing is sent.");
	form_release(&dialog->form);
	form_init(&dialog->form, "undo it", "cancel");
	struct input *field = form_add(&dialog->form, INPUT_CHOICE, "undo");
	for (size_t i = status->undo_count; i-- > 0;) {
		const struct undoable *undoable = &status->undo[i];
		int64_t seconds = undo_seconds(undoable, context->frame->now);
		if (!seconds)
			continue;
		const char *title = case_title(&dialog->arena, undoable->name, undoable->reference);
		form_add_item(
			field, &dialog->arena, &capacity,
			(struct input_item){ .code = undoable->id,
					     .label = arena_printf(&dialog->arena, "%s of %s, %lld s",
								   undoable->what, title, (long long)seconds) });
	}
	dialog->form.focus = 0;
}

static struct work *undo_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	const struct input_item *item = field_chosen(&dialog->form.fields[0]);
	for (size_t i = 0; item && i < context->status->undo_count; i++) {
		const struct undoable *undoable = &context->status->undo[i];
		if (strcmp(undoable->id, item->code))
			continue;
		struct work *work = work_new(WORK_ACT);
		work->act = ACT_UNDO;
		work->id = arena_strdup(&work->arena, undoable->id);
		work->what = undoable->what;
		work->name = arena_strdup(&work->arena, undoable->name);
		work->reference = arena_strdup(&work->arena, undoable->reference);
		return work;
	}
	dialog->problem = item ? "It has been undone meanwhile." : "Choose one first: Down, or its first letters.";
	return NULL;
}

const struct dialog_spec undo_dialog = { .action = ACTION_APPROVE,
					 .claims = false,
					 .look_only = true,
					 .asking = "Undo one of",
					 .fill = undo_fill,
					 .edited = NULL,
					 .confirm = undo_confirm };
