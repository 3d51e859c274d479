/* The dialog to approve: conditions, consequences, an optional note. */
#include "workbench.h"

#include <string.h>

static void level_line(struct dialog *dialog)
{
	const struct decide_preview *preview = &dialog->answer->preview;
	if (preview->level_to[0] && strcmp(preview->level_from, preview->level_to))
		dialog_line(dialog, "level", THEME_TITLE,
			    arena_printf(&dialog->arena, "%s → %s", preview->level_from, preview->level_to));
	else
		dialog_line(dialog, "level", THEME_TEXT, "stays as it is");
}

/* Omits "yet" if approval can never happen: a confirmed sanctions match is never accepted. */
static bool can_never_be(const struct dialog *dialog)
{
	const struct blockers *blockers = &dialog->answer->preview.blockers;
	for (size_t i = 0; i < blockers->count; i++) {
		const struct check *check = NULL;
		const struct hit *hit = case_hit(&dialog->answer->view.file, blockers->items[i].ref, &check);
		if (hit && hit->state == HIT_TRUE_MATCH && hit->class_ == HIT_SANCTIONS)
			return true;
	}
	return false;
}

static void approve_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct decide_preview *preview = &dialog->answer->preview;
	enum text_mode mode = context->frame->mode;
	if (preview->blockers.count) {
		form_release(&dialog->form);
		form_init(&dialog->form, NULL, "close");
		size_t count = preview->blockers.count;
		dialog_line(dialog, "", THEME_TITLE,
			    arena_printf(&dialog->arena,
					 count == 1 ? "It cannot be approved%s. One condition does not hold:"
						    : "It cannot be approved%s. %zu conditions do not hold:",
					 can_never_be(dialog) ? "" : " yet", count));
		dialog_conflicts(dialog, mode);
		dialog_line(dialog, "", THEME_TEXT, "");
		dialog_line(dialog, "", THEME_MUTED,
			    "In the case, Enter on a condition opens what lifts it, or goes there.");
		return;
	}
	dialog_line(dialog, "", THEME_TEXT,
		    arena_printf(&dialog->arena, "All %zu conditions hold, checked on version %lld.",
				 preview->checklist_count, (long long)preview->version));
	dialog_line(dialog, "", THEME_TEXT, "");
	level_line(dialog);
	dialog_webhook(dialog);
	dialog_line(dialog, "afterwards", THEME_TEXT, context->afterwards);
	if (!dialog->form.field_count) {
		form_init(&dialog->form, "approve", "cancel");
		form_add(&dialog->form, INPUT_TEXT, "note");
	}
}

static void approved(struct workbench *workbench, const struct job *job)
{
	bool first = job->out.to == job->out.from;
	answer_decided(workbench, job, first ? "First approval recorded of" : "Approved",
		       first ? "" : UNDO_APPROVAL);
}

static const struct ui_action approve_ui_action = { .verb = VERB_APPROVE, .finish = approved };

static struct job *approve_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	struct job *job = dialog_act(dialog, &approve_ui_action);
	job->in.note = arena_strdup(&job->arena, dialog->form.fields[0].editor.text.buf);
	return job;
}

const struct dialog_spec approve_dialog = { .action = ACTION_APPROVE,
					    .claims = true,
					    .decides = true,
					    .asking = "Approve",
					    .fill = approve_fill,
					    .edited = NULL,
					    .confirm = approve_confirm };

/* Dialog for a lead to take a case over from its holder. */
static void take_over_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	form_init(&dialog->form, "take over", "cancel");
	dialog_line(dialog, "", THEME_TEXT, dialog->answer->claim_message);
	dialog_line(dialog, "", THEME_TEXT, "");
	dialog_line(dialog, "", THEME_TEXT,
		    "As a lead you can take it over. The one who holds it sees that at once, and it is recorded.");
}

static enum err take_over(struct desk *desk, struct job *job)
{
	job->in.part = desk_actor(desk);
	return desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
}

/* Continues the action that needed the claim, wherever the cursor is now. */
static void taken_over(struct workbench *workbench, const struct job *job)
{
	struct dialog *dialog = answer_question(workbench, job);
	if (!dialog)
		return;
	announce_done(workbench, "You hold", dialog->name, dialog_reference(dialog), "");
	if (dialog->then)
		decide_go_on(workbench, dialog);
	else
		decide_close(workbench);
}

static const struct ui_action take_over_ui_action = { .verb = VERB_ASSIGN, .run = take_over, .finish = taken_over };

static struct job *take_over_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	return dialog_act(dialog, &take_over_ui_action);
}

const struct dialog_spec take_over_dialog = { .action = ACTION_APPROVE,
					      .claims = true,
					      .read_only = true,
					      .fleeting = true,
					      .asking = "Take over",
					      .fill = take_over_fill,
					      .edited = NULL,
					      .confirm = take_over_confirm };
