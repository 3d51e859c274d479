/* The list of what can still be taken back: the newest first, one is chosen. */
#include "workbench.h"

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

static void undone(struct workbench *workbench, const struct work *work)
{
	struct arena arena = ARENA_INIT;
	struct status *status = &workbench->status;
	const struct use_out *result = &work->out;
	char parent[UUID_TEXT_SIZE] = "";
	for (size_t i = 0; i < status->undo_count; i++)
		if (!strcmp(status->undo[i].id, result->id))
			memcpy(parent, status->undo[i].parent, sizeof parent);
	bool parent_open = parent[0] && workbench->case_count && !strcmp(top_case(workbench)->id, parent);
	bool here = workbench->case_count && !strcmp(top_case(workbench)->id, result->id);
	const char *level =
		result->level_to[0] ? arena_printf(&arena, " · the level is %s again", result->level_to) : "";
	tell(workbench, arena_printf(&arena, "Undone: %s of", work->what), work->name, work->reference,
	     arena_printf(&arena, "%s · nothing was sent", level));
	status_undo_drop(status, result->id);
	if (answer_asker(workbench, work))
		decide_close(workbench);
	if (!here)
		case_open(workbench, result->id, work->name, parent_open);
	arena_release(&arena);
}

static bool not_undone(struct workbench *workbench, const struct work *work)
{
	status_undo_drop(&workbench->status, work->id);
	return false;
}

const struct deed undo_deed = { .verb = VERB_UNDO, .finish = undone, .failed = not_undone };

static struct work *undo_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	const struct input_item *item = field_chosen(&dialog->form.fields[0]);
	for (size_t i = 0; item && i < context->status->undo_count; i++) {
		const struct undoable *undoable = &context->status->undo[i];
		if (strcmp(undoable->id, item->code))
			continue;
		struct work *work = work_of_deed(&undo_deed);
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
					 .look_only = true,
					 .fleeting = true,
					 .asking = "Undo one of",
					 .fill = undo_fill,
					 .confirm = undo_confirm };
