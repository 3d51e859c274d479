/* The dialogs that need a reason: rejecting a case, rejecting a document. */
#include "kybdesk/tui/case_model.h"
#include "workbench.h"

#include <string.h>

enum reject_field { REJECT_REASON, REJECT_MESSAGE, REJECT_NOTE, REJECT_RETRYABLE };

static bool only_close(struct dialog *dialog, const struct dialog_context *context)
{
	if (!dialog->answer->preview.blockers.count)
		return false;
	form_release(&dialog->form);
	form_init(&dialog->form, NULL, "close");
	dialog_line(dialog, "", THEME_TITLE, "This cannot be done now:");
	dialog_conflicts(dialog, context->frame->mode);
	return true;
}

static void reject_fill(struct dialog *dialog, const struct dialog_context *context)
{
	if (only_close(dialog, context))
		return;
	const struct decide_preview *preview = &dialog->answer->preview;
	const struct session *session = &dialog->answer->view.file.session;
	for (size_t i = 0; i < preview->matches.count; i++)
		dialog_line(dialog, i ? "" : "match", THEME_DANGER,
			    match_text(&dialog->arena, &preview->matches.items[i]));
	dialog_line(
		dialog, "decision", THEME_DANGER,
		arena_printf(&dialog->arena, "%s → REJECTED", status_title_upper(&dialog->arena, session->status)));
	if (preview->level_to[0] && strcmp(preview->level_from, preview->level_to))
		dialog_line(dialog, "level", THEME_TITLE,
			    arena_printf(&dialog->arena, "%s → %s", preview->level_from, preview->level_to));
	dialog_webhook(dialog);
	dialog_line(dialog, "afterwards", THEME_TEXT, context->afterwards);
	if (dialog->form.field_count)
		return;
	form_init(&dialog->form, "reject", "cancel");
	dialog_ground_field(dialog, &preview->grounds);
	form_add_multiline(&dialog->form, "message");
	dialog->form.offers_program = context->frame->editor && *context->frame->editor;
	form_add(&dialog->form, INPUT_TEXT, "note");
	form_add(&dialog->form, INPUT_TOGGLE, "retryable");
}

/* The record's contradiction of the selected reason; "" none. */
static const char *contradicted(const struct dialog *dialog, const struct reason *reason)
{
	const struct ground *ground = reason ? grounds_for(&dialog->answer->preview.grounds, reason->code) : NULL;
	return ground ? ground->why : "";
}

static void reject_edited(struct dialog *dialog, const struct dialog_context *context)
{
	struct form *form = &dialog->form;
	dialog->after_count = 0;
	if (form->field_count <= REJECT_RETRYABLE)
		return;
	const struct reason *reason = dialog_reason(dialog, context, REASONS_SESSION, REJECT_REASON);
	struct input *message = &form->fields[REJECT_MESSAGE];
	if (form->focus == REJECT_MESSAGE)
		dialog->message_edited = message->editor.text.len > 0;
	bool restricted = reason && reason->disclosure == DISCLOSURE_RESTRICTED;
	bool may_retry = dialog->answer->preview.grounds.may_retry;
	const char *why = contradicted(dialog, reason);
	message->hidden = restricted;
	form->fields[REJECT_RETRYABLE].hidden = restricted || !may_retry;
	form->fields[REJECT_NOTE].hidden = !why[0];
	if (form->focus == REJECT_REASON && reason) {
		if (!dialog->message_edited) {
			editor_set(&message->editor, reason->message);
			message->editor.at = 0; /* shows its beginning */
		}
		form->fields[REJECT_RETRYABLE].on = reason->retryable && may_retry;
	}
	if (why[0])
		dialog_line_after(
			dialog, "", THEME_DANGER,
			arena_printf(&dialog->arena,
				     "This reason contradicts the record: %s. Explain it in the note; the "
				     "client cannot try again.",
				     why));
	if (!reason)
		dialog_line_after(dialog, "", THEME_MUTED, "Choose a reason: Tab, then type its first letters.");
	else if (restricted)
		dialog_line_after(
			dialog, "", THEME_WARNING,
			"Restricted: the client and the merchant read only \"other\", and cannot try again.");
	else
		dialog_say_letter(dialog, "they read", THEME_MUTED, message->editor.text.buf);
}

static void rejected(struct workbench *workbench, const struct job *job)
{
	answer_decided(workbench, job, "Rejected", UNDO_REJECTION);
}

static const struct ui_action reject_ui_action = { .verb = VERB_REJECT, .finish = rejected };

static struct job *reject_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	const struct reason *reason = dialog_reason(dialog, context, REASONS_SESSION, REJECT_REASON);
	if (!reason) {
		dialog->problem = "Choose a reason first: Tab reaches the list.";
		return NULL;
	}
	if (contradicted(dialog, reason)[0] && !reason_text_is_long(dialog_typed(dialog, REJECT_NOTE))) {
		dialog->problem = "Explain the reason in the note first: ten characters or more.";
		return NULL;
	}
	struct job *job = dialog_act(dialog, &reject_ui_action);
	job->in.reason = arena_strdup(&job->arena, reason->code);
	job->in.note = arena_strdup(&job->arena, dialog_typed(dialog, REJECT_NOTE));
	if (reason->disclosure == DISCLOSURE_RESTRICTED)
		return job;
	job->in.text = arena_strdup(&job->arena, dialog->form.fields[REJECT_MESSAGE].editor.text.buf);
	if (dialog->answer->preview.grounds.may_retry)
		job->in.retryable = dialog->form.fields[REJECT_RETRYABLE].on ? CHOICE_YES : CHOICE_NO;
	return job;
}

const struct dialog_spec reject_dialog = { .action = ACTION_REJECT,
					   .claims = true,
					   .decides = true,
					   .asking = "Reject",
					   .fill = reject_fill,
					   .edited = reject_edited,
					   .confirm = reject_confirm };

static void document_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct profile *profile = dialog->answer->view.profile;
	const struct document *document = case_document(&dialog->answer->view.file, dialog->item);
	const char *verdict = document ? document_verdict(&dialog->arena, document, context->frame) : "";
	dialog_line(dialog, "document", THEME_TITLE, dialog->item_name);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
	if (verdict[0])
		dialog_line(dialog, "now", document->review == REVIEW_ACCEPTED ? THEME_OK : THEME_DANGER, verdict);
	if (dialog->form.field_count)
		return;
	form_init(&dialog->form, "reject it", "cancel");
	dialog_reason_field(dialog, context, REASONS_DOCUMENT, profile ? profile->document_reasons : NULL,
			    profile ? profile->document_reason_count : 0);
	/* Only the reason is needed; if there is a verdict, Tab reaches the field. */
	if (!verdict[0])
		dialog->form.focus = 0;
}

static const char *with_reason(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, ": %s", job->in.reason);
}

static const struct ui_action document_reject_ui_action = {
	.verb = VERB_DOCUMENT_REJECT, .did = "Rejected", .to = "of", .after = with_reason
};

static struct job *document_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	const struct reason *reason = dialog_reason(dialog, context, REASONS_DOCUMENT, 0);
	if (!reason) {
		dialog->problem = "Choose a reason first: Tab reaches the list.";
		return NULL;
	}
	struct job *job = dialog_act(dialog, &document_reject_ui_action);
	job->in.reason = arena_strdup(&job->arena, reason->code);
	job->in.text = arena_strdup(&job->arena, dialog->item_name);
	return job;
}

const struct dialog_spec document_reject_dialog = { .action = ACTION_APPROVE,
						    .claims = false,
						    .read_only = true,
						    .asking = "Reject a document of",
						    .fill = document_fill,
						    .edited = NULL,
						    .confirm = document_confirm };
