/* Rare actions on a case: showing its client's link, detaching a KYC session from a party, deleting the case. */
#include "workbench.h"

#include <string.h>

enum erase_field { ERASE_REASON, ERASE_SURE };

static void erase_form(struct dialog *dialog, const char *confirm)
{
	if (dialog->form.confirm)
		return;
	form_init(&dialog->form, confirm, "cancel");
	form_add(&dialog->form, INPUT_TEXT, "reason");
	form_add(&dialog->form, INPUT_TOGGLE, "I am sure");
}

/* Deletion cannot be undone, so it needs more than one key. */
static struct job *erase_confirm(struct dialog *dialog, const struct ui_action *ui_action)
{
	if (!dialog->form.fields[ERASE_SURE].on) {
		dialog->problem = "It cannot be undone: Tab to \"I am sure\" and press space first.";
		return NULL;
	}
	struct job *job = dialog_act(dialog, ui_action);
	job->in.reason = arena_strdup(&job->arena, dialog_typed(dialog, ERASE_REASON));
	job->in.text = arena_strdup(&job->arena, dialog->item_name);
	return job;
}

static size_t own_subsessions(const struct case_file *file)
{
	size_t count = 0;
	for (size_t i = 0; i < file->party_count; i++)
		count += file->parties[i].session_id[0] && !file->parties[i].session_shared;
	return count;
}

static void delete_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct case_file *file = &dialog->answer->view.file;
	const struct session *session = &file->session;
	if (session->submitted_at != TIME_NONE) {
		dialog_only_line(dialog, "It was submitted, so it is kept until its retention ends.");
		return;
	}
	dialog_line(dialog, "subject", THEME_TITLE, session->subject.name);
	dialog_line(dialog, "reference", THEME_TITLE,
		    session->external_ref[0] ? session->external_ref : session->id);
	dialog_line(dialog, "status", THEME_TEXT, session_status_title(session->status));
	dialog_line(dialog, "goes", THEME_DANGER,
		    arena_printf(&dialog->arena,
				 "the case, %zu documents, %zu parties, %zu KYC sessions of its own",
				 file->document_count, file->party_count, own_subsessions(file)));
	dialog_line(
		dialog, "", THEME_WARNING,
		"It cannot be undone; the audit log keeps who did it. Say why, in ten characters or more, where "
		"it weighs.");
	erase_form(dialog, "delete it");
}

/* The case is deleted: removes all of it from the screen. */
static void deleted(struct workbench *workbench, const struct job *job)
{
	const char *id = job->out.id;
	answer_notified(workbench, job);
	for (size_t i = 0; i < workbench->case_count; i++)
		if (!strcmp(workbench->cases[i]->id, id)) {
			while (workbench->case_count > i)
				case_close(workbench);
			break;
		}
	drafts_forget(workbench, id);
}

static const struct ui_action delete_ui_action = { .verb = VERB_DELETE, .did = "Deleted", .finish = deleted };

static struct job *delete_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	return erase_confirm(dialog, &delete_ui_action);
}

const struct dialog_spec delete_dialog = { .action = ACTION_APPROVE,
					   .read_only = true,
					   .asking = "Delete",
					   .fill = delete_fill,
					   .confirm = delete_confirm };

enum kyc_add_field { KYC_ADD_REASON };

/* The session copies the party's declared data and stays, so no single key creates one. */
static void kyc_add_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct party *party = case_party(&dialog->answer->view.file, dialog->item);
	if (!party || party->session_id[0]) {
		dialog_only_line(dialog, party ? "The party has a KYC session by now."
					       : "The party is not there any more.");
		return;
	}
	dialog_line(dialog, "party", THEME_TITLE, party->name);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
	dialog_line(
		dialog, "then", THEME_TEXT,
		arena_printf(
			&dialog->arena,
			"A KYC session of its own is made for it; %s makes the link that its client comes in by.",
			keymap_text(&dialog->arena, COMMAND_PARTY_LINK)));
	dialog_line(dialog, "", THEME_MUTED,
		    "Where an earlier one was rejected: say why, in ten characters or more.");
	if (dialog->form.confirm)
		return;
	form_init(&dialog->form, "make it", "cancel");
	form_add(&dialog->form, INPUT_TEXT, "reason");
}

static const char *how_to_go_on(const struct job *job, struct arena *arena)
{
	(void)job;
	return arena_printf(arena, ": Enter opens it, %s makes its link", keymap_text(arena, COMMAND_PARTY_LINK));
}

static const struct ui_action kyc_add_ui_action = {
	.verb = VERB_SUBSESSION_ADD, .did = "", .to = "has a KYC session now, in", .after = how_to_go_on
};

static struct job *kyc_add_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	struct job *job = dialog_act(dialog, &kyc_add_ui_action);
	job->in.reason = arena_strdup(&job->arena, dialog_typed(dialog, KYC_ADD_REASON));
	job->in.text = arena_strdup(&job->arena, dialog->item_name);
	return job;
}

const struct dialog_spec kyc_add_dialog = { .action = ACTION_APPROVE,
					    .read_only = true,
					    .asking = "Make the KYC session of a party of",
					    .fill = kyc_add_fill,
					    .confirm = kyc_add_confirm };

static void kyc_remove_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct party *party = case_party(&dialog->answer->view.file, dialog->item);
	if (!party || !party->session_id[0]) {
		dialog_only_line(dialog, "The party has no KYC session any more.");
		return;
	}
	dialog_line(dialog, "party", THEME_TITLE, party->name);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
	dialog_line(dialog, "its KYC", THEME_TEXT, session_status_title(party->session_status));
	if (party->session_shared)
		dialog_line(dialog, "then", THEME_TEXT,
			    "It was made for another case and stays there; it counts for nothing here.");
	else
		dialog_line(dialog, "then", THEME_DANGER,
			    "The session is erased with its documents, if it was never submitted; else it is kept, "
			    "and stays.");
	dialog_line(dialog, "", THEME_WARNING, "Say why, in ten characters or more, where it weighs.");
	erase_form(dialog, "remove it");
}

static const struct ui_action kyc_remove_ui_action = { .verb = VERB_SUBSESSION_REMOVE,
						       .did = "Removed the KYC session of",
						       .to = "from" };

static struct job *kyc_remove_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	return erase_confirm(dialog, &kyc_remove_ui_action);
}

const struct dialog_spec kyc_remove_dialog = { .action = ACTION_APPROVE,
					       .read_only = true,
					       .asking = "Remove a KYC session of",
					       .fill = kyc_remove_fill,
					       .confirm = kyc_remove_confirm };

static void link_show_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct session *session = &dialog->answer->view.file.session;
	dialog_line(dialog, "client of", THEME_TITLE, dialog->name);
	dialog_line(dialog, "until", THEME_TEXT, link_end(&dialog->arena, session->expires_at, context->frame));
	dialog_line(
		dialog, "then", THEME_TEXT,
		"The link is shown here, and y copies it. Whoever has it acts as the client; that you looked is "
		"recorded.");
	form_init(&dialog->form, "show it", "cancel");
}

/* A dialog that was closed meanwhile shows nothing. */
static void link_shown(struct workbench *workbench, const struct job *job)
{
	(void)decide_show_link(workbench, job);
}

static const struct ui_action link_show_ui_action = { .verb = VERB_LINK_SHOW, .finish = link_shown };

static struct job *link_show_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	return dialog_act(dialog, &link_show_ui_action);
}

const struct dialog_spec link_show_dialog = { .action = ACTION_APPROVE,
					      .read_only = true,
					      .fleeting = true,
					      .link_of = "client of",
					      .asking = "Client's link of",
					      .fill = link_show_fill,
					      .confirm = link_show_confirm };
