/* Accepting a document if one key is too little: it was rejected, or never opened. */
#include "workbench.h"

#include <string.h>

static void accept_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct document *document = case_document(&dialog->answer->view.file, dialog->item);
	if (!document || document->replaced) {
		dialog_only_line(dialog, "The document is not there any more: another took its place.");
		return;
	}
	const char *verdict = document_verdict(&dialog->arena, document, context->frame);
	bool turns = document->review == REVIEW_REJECTED;
	dialog_line(dialog, "document", THEME_TITLE, document->type);
	if (document->file_name[0])
		dialog_line(dialog, "file", THEME_TEXT, document->file_name);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
	if (verdict[0])
		dialog_line(dialog, "now", turns ? THEME_DANGER : THEME_OK, verdict);
	if (document->review == REVIEW_ACCEPTED) {
		dialog_only_line(dialog, "It is accepted already; nothing is left to do.");
		return;
	}
	if (!document->sha256[0])
		dialog_line(dialog, "seen", THEME_WARNING, "Its file is not here: nobody can open it.");
	else if (!document_was_opened(dialog->answer, document->id))
		dialog_line(dialog, "seen", THEME_WARNING,
			    context->frame->remote
				    ? "Nobody has opened it: kybdesk document save does, on record."
				    : arena_printf(&dialog->arena,
						   "Nobody has opened it: %s, then save the file, does, on record.",
						   keymap_text(&dialog->arena, COMMAND_MORE)));
	dialog_line(dialog, "then", THEME_TEXT,
		    turns ? "Your acceptance takes the place of that verdict, under your name."
			  : "It counts as looked at and accepted, under your name.");
	/* A colleague may have rejected it since the form was made. */
	if (dialog->form.confirm && (dialog->form.field_count > 0) == turns)
		return;
	form_release(&dialog->form);
	form_init(&dialog->form, "accept it", "cancel");
	if (turns) /* reversing a verdict needs more than one key */
		form_add(&dialog->form, INPUT_TOGGLE, "turn it");
}

/* Moves to the next document, as A does, if the cursor is still on this one. */
static void accepted(struct workbench *workbench, const struct job *job)
{
	struct case_screen *screen = top_case(workbench);
	const struct grid_row *row = screen ? case_model_row(&screen->model) : NULL;
	if (answer_question(workbench, job) && row && !strcmp(row->ref, job->in.part))
		case_model_next_open(&screen->model, ROW_DOCUMENT);
	answer_notified(workbench, job);
}

const struct ui_action document_accept_ui_action = {
	.verb = VERB_DOCUMENT_ACCEPT, .did = "Accepted", .to = "of", .finish = accepted
};

static struct job *accept_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	if (dialog->form.field_count && !dialog->form.fields[0].on) {
		dialog->problem = "A verdict stands: Tab to \"turn it\" and press space first.";
		return NULL;
	}
	struct job *job = dialog_act(dialog, &document_accept_ui_action);
	job->in.text = arena_strdup(&job->arena, dialog->item_name);
	return job;
}

const struct dialog_spec accept_dialog = { .action = ACTION_APPROVE,
					   .read_only = true,
					   .audit_log = true,
					   .asking = "Accept a document of",
					   .fill = accept_fill,
					   .confirm = accept_confirm };
