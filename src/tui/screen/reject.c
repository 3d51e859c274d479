/* The dialogs that need a reason: rejecting a case, rejecting a document. */
#include "workbench.h"

#include <string.h>

#define NO_REASON "Choose a reason first: Tab reaches the list."

enum reject_field { REJECT_REASON, REJECT_TEMPLATE, REJECT_MESSAGE, REJECT_NOTE, REJECT_RETRYABLE };

/* Why the record contradicts the selected reason; "" if it does not. */
static const char *contradicted(const struct dialog *dialog, const struct reason *reason)
{
	const struct ground *ground = reason ? grounds_for(&dialog->answer->preview.grounds, reason->code) : NULL;
	return ground ? ground->why : "";
}

static void reject_edited(struct dialog *dialog)
{
	struct form *form = &dialog->form;
	const struct reason *reason = dialog_reason(dialog, REASONS_SESSION, REJECT_REASON);
	struct input *message = &form->fields[REJECT_MESSAGE], *templates = &form->fields[REJECT_TEMPLATE];
	if (form->focus == REJECT_MESSAGE)
		dialog->message_edited = message->editor.text.len > 0;
	bool restricted = reason && reason->disclosure == DISCLOSURE_RESTRICTED;
	bool may_retry = dialog->answer->preview.grounds.may_retry;
	const char *why = contradicted(dialog, reason);
	message->hidden = restricted;
	template_offer(dialog, templates, reason ? reason->code : "");
	templates->hidden |= restricted;
	(void)template_apply(dialog, templates, message, "");
	form->fields[REJECT_RETRYABLE].hidden = restricted || !may_retry;
	form->fields[REJECT_NOTE].hidden = !why[0];
	if (form->focus == REJECT_REASON && reason) {
		if (!dialog->message_edited) {
			editor_set(&message->editor, reason->message);
			message->editor.at = 0; /* shows the beginning of the message */
		}
		form->fields[REJECT_RETRYABLE].on = reason->retryable && may_retry;
	}
	if (why[0])
		DIALOG_BELOW(dialog, "", THEME_DANGER,
			     "This reason contradicts the record: %s. Explain it in the note; the "
			     "client cannot try again.",
			     why);
	if (!reason)
		DIALOG_HINT(dialog, "Choose a reason: Tab, then type its first letters.");
	else if (restricted)
		DIALOG_WARN(dialog,
			    "Restricted: the client and the merchant read only \"other\", and cannot try again.");
	else
		dialog_add_message(dialog, "client sees", THEME_MUTED, message->editor.text.buf);
	if (!restricted)
		template_show_english(dialog, templates, "");
}

static void rejected(struct workbench *workbench, const struct job *job)
{
	bool first = job->out.part == APPROVAL_FIRST;
	announce_decided_case(workbench, job, first ? "Recorded the first rejection of" : "Rejected",
			      first ? "" : UNDO_REJECTION);
}

static bool reject_send(struct dialog *dialog, struct job *job)
{
	const struct reason *reason = dialog_reason(dialog, REASONS_SESSION, REJECT_REASON);
	if (contradicted(dialog, reason)[0] && !reason_text_is_long(job->in.note))
		return dialog_refuse(dialog, "Explain the reason in the note first: ten characters or more.");
	if (reason->disclosure == DISCLOSURE_RESTRICTED)
		job->in.text = "";
	else if (dialog->answer->preview.grounds.may_retry)
		job->in.retryable = dialog->form.fields[REJECT_RETRYABLE].on ? CHOICE_YES : CHOICE_NO;
	return true;
}

static void offer_grounds(struct dialog *dialog, struct input *field)
{
	dialog_offer_grounds(dialog, field, &dialog->answer->preview.grounds);
}

static const struct dialog_form reject_form = {
	.confirm = "reject",
	.fields = { [REJECT_REASON] = { CHOICE_FIELD("reason", IN_REQUEST(in.reason), offer_grounds),
					.missing = NO_REASON },
		    [REJECT_TEMPLATE] = { FOLDED_FIELD("template", 0, template_offer_all) },
		    [REJECT_MESSAGE] = { TEXT_FIELD("message", IN_REQUEST(in.text)), .multiline = true },
		    [REJECT_NOTE] = { TEXT_FIELD("note", IN_REQUEST(in.note)) },
		    [REJECT_RETRYABLE] = { TOGGLE_FIELD("retryable") } },
	.act = ACT(.verb = VERB_REJECT, .finish = rejected),
	.send = reject_send,
};

static const struct dialog_form *reject_fill(struct dialog *dialog)
{
	const struct decide_preview *preview = &dialog->answer->preview;
	const struct session *session = &dialog->answer->view.file.session;
	if (dialog->shape == &reject_form) /* restored from a draft, which may be older than a confirmed match */
		offer_grounds(dialog, &dialog->form.fields[REJECT_REASON]);
	if (preview->blockers.count) {
		dialog_line(dialog, "", THEME_TITLE, "The case cannot be rejected now:");
		dialog_conflicts(dialog);
		return NULL;
	}
	for (size_t i = 0; i < preview->matches.count; i++)
		dialog_line(dialog, i ? "" : "match", THEME_DANGER,
			    match_text(&dialog->arena, &preview->matches.items[i]));
	if (preview->part == APPROVAL_FIRST) {
		dialog_line(dialog, "yours", THEME_TEXT,
			    "is the first of two rejections: status unchanged, nothing is sent");
		dialog_line(dialog, "", THEME_TEXT,
			    "A second person decides; until then you can undo your rejection.");
		return &reject_form;
	}
	DIALOG_LINE(dialog, "decision", THEME_DANGER, "%s → REJECTED",
		    status_title_upper(&dialog->arena, session->status));
	dialog_level(dialog);
	dialog_effects(dialog);
	return &reject_form;
}

const struct dialog_spec reject_dialog = { .action = ACTION_REJECT,
					   .claims = true,
					   .letter = true,
					   .decides = true,
					   .asking = "Reject",
					   .fill = reject_fill,
					   .edited = reject_edited };

/* Offers the reasons that the workflow allows; all reasons if the workflow lists none. */
static void offer_document_reasons(struct dialog *dialog, struct input *field)
{
	const struct profile *profile = dialog->answer->view.profile;
	const struct reasons *reasons = dialog->context->reasons;
	size_t allowed = profile ? profile->document_reason_count : 0;
	for (size_t i = 0; i < reasons->counts[REASONS_DOCUMENT]; i++) {
		const struct reason *reason = &reasons->items[REASONS_DOCUMENT][i];
		bool taken = !allowed;
		for (size_t a = 0; a < allowed && !taken; a++)
			taken = !strcmp(profile->document_reasons[a], reason->code);
		if (taken)
			dialog_offer_reason(dialog, field, reason);
	}
}

static const char *with_reason(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, ": %s", job->in.reason);
}

static const char *present_verdict(struct dialog *dialog, const struct document *document)
{
	return document ? document_verdict(&dialog->arena, document, dialog->context->frame) : "";
}

/* The dialog starts in the reason field, unless the document has a verdict already. */
static void document_begin(struct dialog *dialog)
{
	if (!present_verdict(dialog, case_document(&dialog->answer->view.file, dialog->item))[0])
		dialog->form.focus = 0;
}

static const struct dialog_form document_form = {
	.confirm = "reject it",
	.fields = { { CHOICE_FIELD("reason", IN_REQUEST(in.reason), offer_document_reasons),
		      .missing = NO_REASON } },
	.act = ACT(.verb = VERB_DOCUMENT_REJECT, .did = "Rejected", .to = "of", .after = with_reason),
	.begin = document_begin,
};

static const struct dialog_form *document_fill(struct dialog *dialog)
{
	const struct document *document = case_document(&dialog->answer->view.file, dialog->item);
	const char *verdict = present_verdict(dialog, document);
	dialog_line(dialog, "document", THEME_TITLE, dialog->item_name);
	dialog_line(dialog, "of", THEME_TEXT, dialog->name);
	if (verdict[0])
		dialog_line(dialog, "now", document->review == REVIEW_ACCEPTED ? THEME_OK : THEME_DANGER, verdict);
	return &document_form;
}

const struct dialog_spec document_reject_dialog = { CASE_DIALOG("Reject a document of", document_fill) };
