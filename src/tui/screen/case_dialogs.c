/* Rare actions on a case: showing the client's link, detaching a KYC session from a party, deleting the case. */
#include "workbench.h"

#include <string.h>

/* Deletion cannot be undone, so it needs more than one key. */
#define SURE_FIELD                                                                                                 \
	{                                                                                                          \
		.kind = INPUT_TOGGLE, .label = "I am sure",                                                        \
		.missing = "This action cannot be undone: Tab to \"I am sure\" and press space first."             \
	}

static size_t own_subsessions(const struct case_file *file)
{
	size_t count = 0;
	for (size_t i = 0; i < file->party_count; i++)
		count += file->parties[i].session_id[0] && !file->parties[i].session_shared;
	return count;
}

/* After the deletion of a case: closes its screens and the screens above them, and drops its drafts. */
static void deleted(struct workbench *workbench, const struct job *job)
{
	const char *id = job->out.id;
	announce_result(workbench, job);
	for (size_t i = 0; i < workbench->stack.count; i++)
		if (!strcmp(workbench->stack.cases[i]->id, id)) {
			while (workbench->stack.count > i)
				case_close(workbench);
			break;
		}
	drafts_forget(workbench, id);
}

static const struct dialog_form delete_form = {
	.confirm = "delete it",
	.fields = { { REASON_FIELD }, SURE_FIELD },
	.act = ACT(.verb = VERB_DELETE, .did = "Deleted", .finish = deleted),
};

static const struct dialog_form *delete_fill(struct dialog *dialog)
{
	const struct case_file *file = &dialog->answer->view.file;
	const struct session *session = &file->session;
	if (session->submitted_at != TIME_NONE)
		return dialog_only_line(dialog, "The case was submitted, so it is kept until its retention ends.");
	dialog_line(dialog, "subject", THEME_TITLE, session->subject.name);
	dialog_line(dialog, "reference", THEME_TITLE,
		    session->external_ref[0] ? session->external_ref : session->id);
	dialog_line(dialog, "status", THEME_TEXT, session_status_title(session->status));
	DIALOG_LINE(dialog, "deletes", THEME_DANGER,
		    "the case, %zu documents, %zu parties, %zu KYC sessions of its own", file->document_count,
		    file->party_count, own_subsessions(file));
	dialog_line(dialog, "", THEME_WARNING,
		    "Deletion cannot be undone; the audit log records your name. Reason, if required: ten "
		    "characters or "
		    "more.");
	return &delete_form;
}

const struct dialog_spec delete_dialog = { CASE_DIALOG("Delete", delete_fill) };

static const char *how_to_go_on(const struct job *job, struct arena *arena)
{
	(void)job;
	return arena_printf(arena, ": Enter opens it, %s makes the client's link",
			    keymap_text(arena, COMMAND_PARTY_LINK));
}

static const struct dialog_form kyc_add_form = {
	.confirm = "make it",
	.fields = { { REASON_FIELD } },
	.act = ACT(.verb = VERB_SUBSESSION_ADD, .did = "", .to = "has a KYC session now, in",
		   .after = how_to_go_on),
};

/* A KYC session copies the party's declared data and is kept, so a single key does not create one. */
static const struct dialog_form *kyc_add_fill(struct dialog *dialog)
{
	const struct party *party = case_party(&dialog->answer->view.file, dialog->item);
	if (!party || party->session_id[0])
		return dialog_only_line(dialog, party ? "The party already has a KYC session."
						      : "The party no longer exists.");
	dialog_line(dialog, "party", THEME_TITLE, party->name);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
	DIALOG_LINE(dialog, "then", THEME_TEXT,
		    "A separate KYC session is created; %s creates the client's access link.",
		    keymap_text(&dialog->arena, COMMAND_PARTY_LINK));
	dialog_line(dialog, "", THEME_MUTED,
		    "If an earlier session was rejected: reason of ten characters or more.");
	return &kyc_add_form;
}

const struct dialog_spec kyc_add_dialog = { CASE_DIALOG("Make a KYC session for a party of", kyc_add_fill) };

static const struct dialog_form kyc_remove_form = {
	.confirm = "remove it",
	.fields = { { REASON_FIELD }, SURE_FIELD },
	.act = ACT(.verb = VERB_SUBSESSION_REMOVE, .did = "Removed the KYC session of", .to = "from"),
};

static const struct dialog_form *kyc_remove_fill(struct dialog *dialog)
{
	const struct party *party = case_party(&dialog->answer->view.file, dialog->item);
	if (!party || !party->session_id[0])
		return dialog_only_line(dialog, "The party no longer has a KYC session.");
	dialog_line(dialog, "party", THEME_TITLE, party->name);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
	dialog_line(dialog, "its KYC", THEME_TEXT, session_status_title(party->session_status));
	if (party->session_shared)
		dialog_line(dialog, "then", THEME_TEXT,
			    "Only the link is removed; the session stays in its own case.");
	else
		dialog_line(dialog, "then", THEME_DANGER,
			    "The session is erased with its documents; refused if it was ever submitted.");
	dialog_line(dialog, "", THEME_WARNING, "Reason, if required: ten characters or more.");
	return &kyc_remove_form;
}

const struct dialog_spec kyc_remove_dialog = { CASE_DIALOG("Remove a KYC session of", kyc_remove_fill) };

/* If the dialog was closed meanwhile, the link is not shown. */
static void link_shown(struct workbench *workbench, const struct job *job)
{
	(void)decide_show_link(workbench, job);
}

static const struct dialog_form link_show_form = {
	.confirm = "show it",
	.act = ACT(.verb = VERB_LINK_SHOW, .finish = link_shown),
};

static const struct dialog_form *link_show_fill(struct dialog *dialog)
{
	const struct session *session = &dialog->answer->view.file.session;
	dialog_line(dialog, "client of", THEME_TITLE, dialog->name);
	dialog_line(dialog, "until", THEME_TEXT,
		    link_end(&dialog->arena, session->expires_at, dialog->context->frame));
	dialog_line(
		dialog, "then", THEME_TEXT,
		"The link is shown here, and y copies it. Anyone with the link acts as the client; your access is "
		"recorded.");
	return &link_show_form;
}

const struct dialog_spec link_show_dialog = { CASE_DIALOG("Client link of", link_show_fill), .no_draft = true,
					      .link_of = "client of" };
