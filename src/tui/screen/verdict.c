/* The dialog to accept a document that was rejected or never opened: one key is not enough then. */
#include "workbench.h"

#include <string.h>

/* Moves to the next document, as the key to accept does, if the cursor is still on the accepted one. */
static void accepted(struct workbench *workbench, const struct job *job)
{
	struct case_screen *screen = top_case(workbench);
	const struct grid_row *row = screen ? case_model_row(&screen->model) : NULL;
	if (dialog_of_request(workbench, job) && row && !strcmp(row->ref, job->in.part))
		case_model_select_next_open(&screen->model, ROW_DOCUMENT);
	announce_result(workbench, job);
}

const struct ui_action document_accept_ui_action = {
	.verb = VERB_DOCUMENT_ACCEPT, .did = "Accepted", .to = "of", .finish = accepted
};

static const struct dialog_form accept_form = { .confirm = "accept it", .act = &document_accept_ui_action };

/* Reversing a verdict needs more than one key. */
static const struct dialog_form reverse_form = {
	.confirm = "accept it",
	.fields = { { TOGGLE_FIELD("reverse it"),
		      .missing = "The document was rejected: Tab to \"reverse it\" and press space first." } },
	.act = &document_accept_ui_action,
};

static const struct dialog_form *accept_fill(struct dialog *dialog)
{
	const struct frame *frame = dialog->context->frame;
	const struct document *document = case_document(&dialog->answer->view.file, dialog->item);
	if (!document || document->replaced)
		return dialog_only_line(dialog, "The document was replaced by another document.");
	const char *verdict = document_verdict(&dialog->arena, document, frame);
	bool turns = document->review == REVIEW_REJECTED;
	dialog_line(dialog, "document", THEME_TITLE, document->type);
	if (document->file_name[0])
		dialog_line(dialog, "file", THEME_TEXT, document->file_name);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
	if (verdict[0])
		dialog_line(dialog, "now", turns ? THEME_DANGER : THEME_OK, verdict);
	if (document->review == REVIEW_ACCEPTED)
		return dialog_only_line(dialog, "The document is already accepted.");
	if (!document->sha256[0])
		dialog_line(dialog, "seen", THEME_WARNING, "The file is missing: nobody can open it.");
	else if (!document_was_opened(dialog->answer, document->id))
		dialog_line(dialog, "seen", THEME_WARNING,
			    frame->remote ? "Nobody has opened the document: use kybdesk document save (recorded)."
					  : arena_printf(&dialog->arena,
							 "Nobody has opened the document: save it with %s, then "
							 "\"save the file\" (recorded).",
							 keymap_text(&dialog->arena, COMMAND_MORE)));
	dialog_line(dialog, "then", THEME_TEXT,
		    turns ? "Your acceptance replaces this verdict, under your name."
			  : "The document counts as reviewed and accepted, under your name.");
	return turns ? &reverse_form : &accept_form;
}

const struct dialog_spec accept_dialog = { CASE_DIALOG("Accept a document of", accept_fill), .audit_log = true };
