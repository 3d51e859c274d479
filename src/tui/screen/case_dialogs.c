/* What is rare about a case: its client's link looked at, a KYC session taken off a party, the case deleted. */
#include "kybdesk/tui/dialog.h"

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

/* What is erased comes back from no undo: no one key does it. */
static struct work *erase_confirm(struct dialog *dialog, enum act act)
{
	if (!dialog->form.fields[ERASE_SURE].on) {
		dialog->problem = "It cannot be undone: Tab to \"I am sure\" and press space first.";
		return NULL;
	}
	struct work *work = dialog_act(dialog, act);
	work->reason = arena_strdup(&work->arena, dialog_typed(dialog, ERASE_REASON));
	work->text = arena_strdup(&work->arena, dialog->item_name);
	return work;
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
		dialog_only_say(dialog, "It was handed in, so it is kept until its retention ends.");
		return;
	}
	dialog_say(dialog, "subject", THEME_TITLE, session->subject.name);
	dialog_say(dialog, "reference", THEME_TITLE,
		   session->external_ref[0] ? session->external_ref : session->id);
	dialog_say(dialog, "status", THEME_TEXT, session_status_title(session->status));
	dialog_say(dialog, "goes", THEME_DANGER,
		   arena_printf(&dialog->arena, "the case, %zu documents, %zu parties, %zu KYC sessions of its own",
				file->document_count, file->party_count, own_subsessions(file)));
	dialog_say(dialog, "", THEME_WARNING,
		   "It cannot be undone; the trail keeps who did it. Say why, in ten characters or more, where "
		   "it weighs.");
	erase_form(dialog, "delete it");
}

static struct work *delete_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	return erase_confirm(dialog, ACT_DELETE);
}

const struct dialog_spec delete_dialog = { .action = ACTION_APPROVE,
					   .look_only = true,
					   .asking = "Delete",
					   .fill = delete_fill,
					   .confirm = delete_confirm };

enum kyc_add_field { KYC_ADD_REASON };

/* It is made with what the party was declared with, and stays: no plain key makes one. */
static void kyc_add_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct party *party = case_party(&dialog->answer->view.file, dialog->item);
	if (!party || party->session_id[0]) {
		dialog_only_say(dialog,
				party ? "The party has a KYC session by now." : "The party is not there any more.");
		return;
	}
	dialog_say(dialog, "party", THEME_TITLE, party->name);
	dialog_say(dialog, "of", THEME_TEXT, dialog->name);
	dialog_say(dialog, "then", THEME_TEXT,
		   "A KYC session of its own is made for it; l makes the link that its client comes in by.");
	dialog_say(dialog, "", THEME_MUTED,
		   "Where an earlier one was rejected: say why, in ten characters or more.");
	if (dialog->form.confirm)
		return;
	form_init(&dialog->form, "make it", "cancel");
	form_add(&dialog->form, INPUT_TEXT, "reason");
}

static struct work *kyc_add_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	struct work *work = dialog_act(dialog, ACT_PARTY_KYC);
	work->reason = arena_strdup(&work->arena, dialog_typed(dialog, KYC_ADD_REASON));
	work->text = arena_strdup(&work->arena, dialog->item_name);
	return work;
}

const struct dialog_spec kyc_add_dialog = { .action = ACTION_APPROVE,
					    .look_only = true,
					    .asking = "Make the KYC session of a party of",
					    .fill = kyc_add_fill,
					    .confirm = kyc_add_confirm };

static void kyc_remove_fill(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct party *party = case_party(&dialog->answer->view.file, dialog->item);
	if (!party || !party->session_id[0]) {
		dialog_only_say(dialog, "The party has no KYC session any more.");
		return;
	}
	dialog_say(dialog, "party", THEME_TITLE, party->name);
	dialog_say(dialog, "of", THEME_TEXT, dialog->name);
	dialog_say(dialog, "its KYC", THEME_TEXT, session_status_title(party->session_status));
	if (party->session_shared)
		dialog_say(dialog, "then", THEME_TEXT,
			   "It was made for another case and stays there; it counts for nothing here.");
	else
		dialog_say(dialog, "then", THEME_DANGER,
			   "The session is erased with its papers, if it was never handed in; else it is kept, "
			   "and stays.");
	dialog_say(dialog, "", THEME_WARNING, "Say why, in ten characters or more, where it weighs.");
	erase_form(dialog, "remove it");
}

static struct work *kyc_remove_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	return erase_confirm(dialog, ACT_KYC_REMOVE);
}

const struct dialog_spec kyc_remove_dialog = { .action = ACTION_APPROVE,
					       .look_only = true,
					       .asking = "Remove a KYC session of",
					       .fill = kyc_remove_fill,
					       .confirm = kyc_remove_confirm };

static void link_show_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct session *session = &dialog->answer->view.file.session;
	dialog_say(dialog, "client of", THEME_TITLE, dialog->name);
	if (session->expires_at != TIME_NONE)
		dialog_say(dialog, "until", THEME_TEXT,
			   when_text(&dialog->arena, session->expires_at, context->frame->now,
				     context->frame->clock_offset_minutes));
	dialog_say(dialog, "then", THEME_TEXT,
		   "The link is shown here, and y copies it. Whoever has it acts as the client; that you looked is "
		   "recorded.");
	form_init(&dialog->form, "show it", "cancel");
}

static struct work *link_show_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	return dialog_act(dialog, ACT_LINK_SHOW);
}

const struct dialog_spec link_show_dialog = { .action = ACTION_APPROVE,
					      .look_only = true,
					      .asking = "Client's link of",
					      .fill = link_show_fill,
					      .confirm = link_show_confirm };
