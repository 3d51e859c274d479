/* The dialogs to approve a case (conditions, consequences, an optional note), to reject a case, to take a case over, to
 * reject a document, and to accept a document that was rejected or never viewed (which needs more than one key). */
#include "workbench.h"

#include <string.h>

/* Whether the case can never be approved, because it has a confirmed sanctions match. If so, the text of the dialog
 * omits "yet". */
static bool is_approval_impossible(const struct dialog *dialog)
{
	const struct blockers *blockers = &dialog->response->preview.blockers;
	for (size_t i = 0; i < blockers->count; i++) {
		const struct check *check = NULL;
		const struct hit *hit = case_hit(&dialog->response->view.file, blockers->items[i].ref, &check);
		if (hit && hit->state == HIT_TRUE_MATCH && hit->class_ == HIT_SANCTIONS)
			return true;
	}
	return false;
}

static void finish_approval(struct workbench *workbench, const struct job *job)
{
	bool first = job->out.approval_stage == APPROVAL_FIRST;
	announce_decided_case(workbench, job, first ? "Recorded the first approval of" : "Approved",
			      first ? "" : UNDO_APPROVAL);
}

static const struct dialog_form approve_form = {
	.confirm_label = "approve",
	.fields = { { TEXT_FIELD("note", REQUEST_OFFSET(in.note)) } },
	.ui_action = UI_ACTION(.verb = VERB_APPROVE, .finish = finish_approval),
};

/* If two people must approve the case, adds lines that say so. Returns whether this approval would be the first
 * approval, which does not change the case's status. */
static bool add_approval_lines(struct dialog *dialog)
{
	const struct decision_preview *preview = &dialog->response->preview;
	const struct first_approval *first = preview->first_approval;
	if (first && *first->invalid_reason)
		DIALOG_LINE(dialog, "first", THEME_WARNING, "%s, no longer counts: %s",
			    first_approval_text(&dialog->arena, first), first->invalid_reason);
	else if (first)
		DIALOG_LINE(dialog, "first", THEME_TEXT, "%s", first_approval_text(&dialog->arena, first));
	if (preview->approval_stage == APPROVAL_SECOND)
		dialog_add_line(dialog, "yours", THEME_TEXT, "is the second approval: the case is approved");
	if (preview->approval_stage != APPROVAL_FIRST)
		return false;
	dialog_add_line(dialog, "yours", THEME_TEXT,
			"is the first of two approvals: status unchanged, nothing is sent");
	dialog_add_line(dialog, "", THEME_TEXT,
			"A second person must approve. Any change to the case voids your approval.");
	return true;
}

/* Lists what was waived, cleared or accepted unseen, each with its author. */
static void add_override_lines(struct dialog *dialog)
{
	static const char *const labels[] = {
		[OVERRIDE_WAIVED] = "waived",
		[OVERRIDE_CLEARED] = "cleared",
		[OVERRIDE_MATCH] = "accepted",
		[OVERRIDE_UNSEEN] = "unseen",
	};
	const struct overrides *overrides = dialog->response->preview.overrides;
	const char *actor = dialog->context->frame->actor;
	bool is_unseen = false;
	for (size_t i = 0; i < overrides->count; i++) {
		const struct override *one = &overrides->items[i];
		is_unseen |= one->kind == OVERRIDE_UNSEEN;
		DIALOG_LINE(dialog, labels[one->kind], THEME_WARNING, "%s (%s)%s%s", one->what,
			    strcmp(one->by, actor) ? one->by : "you", one->why[0] ? ": " : "", one->why);
	}
	if (overrides->unrecorded_count)
		DIALOG_LINE(dialog, is_unseen ? "" : labels[OVERRIDE_UNSEEN], THEME_TEXT,
			    "not on record for %zu accepted document%s", overrides->unrecorded_count,
			    overrides->unrecorded_count == 1 ? "" : "s");
	else if (!is_unseen)
		dialog_add_line(dialog, labels[OVERRIDE_UNSEEN], THEME_TEXT, "none");
	if (overrides->without_evidence)
		dialog_add_line(dialog, "", THEME_DANGER, "SANDBOX: approved without evidence");
}

static const struct dialog_form *approve_fill_form(struct dialog *dialog)
{
	const struct decision_preview *preview = &dialog->response->preview;
	size_t count = preview->blockers.count;
	if (count) {
		DIALOG_LINE(dialog, "", THEME_TITLE,
			    count == 1 ? "The case cannot be approved%s. One condition is not met:"
				       : "The case cannot be approved%s. %zu conditions are not met:",
			    is_approval_impossible(dialog) ? "" : " yet", count);
		dialog_add_conflicts(dialog);
		dialog_add_line(dialog, "", THEME_TEXT, "");
		dialog_add_line(dialog, "", THEME_MUTED,
				"In the case, Enter on a condition opens its dialog or its row.");
		return NULL;
	}
	DIALOG_LINE(dialog, "", THEME_TEXT, "All %zu conditions are met by version %lld of the case.",
		    preview->checklist_count, (long long)preview->version);
	dialog_add_line(dialog, "", THEME_TEXT, "");
	if (preview->overrides)
		add_override_lines(dialog);
	if (preview->rationale_min_words)
		DIALOG_LINE(dialog, "note", THEME_WARNING,
			    "required: %zu or more different words, since the risk is high",
			    preview->rationale_min_words);
	if (add_approval_lines(dialog))
		return &approve_form;
	if (!dialog_add_level_line(dialog))
		dialog_add_line(dialog, "level", THEME_TEXT, "unchanged");
	dialog_add_effects(dialog);
	return &approve_form;
}

const struct dialog_spec approve_dialog = { .action = ACTION_APPROVE,
					    .claims_case = true,
					    .is_decision = true,
					    .wait_title = "Approve",
					    .fill = approve_fill_form };

static enum err take_over_claim(struct desk *desk, struct job *job)
{
	job->in.part = desk_actor(desk);
	return desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
}

/* Opens the dialog for which the case was taken over, even if the cursor is on another row by now. */
static void finish_claim_take_over(struct workbench *workbench, const struct job *job)
{
	struct dialog *dialog = dialog_of_request(workbench, job);
	if (!dialog)
		return;
	announce_done_action(workbench, "You hold", dialog->name, dialog_reference(dialog), "");
	if (dialog->next_dialog)
		decide_open_next_dialog(workbench, dialog);
	else
		decide_close_dialog(workbench);
}

static const struct dialog_form take_over_form = {
	.confirm_label = "take over",
	.ui_action = UI_ACTION(.verb = VERB_ASSIGN, .run = take_over_claim, .finish = finish_claim_take_over),
};

/* The dialog in which a lead takes a case over from its holder. */
static const struct dialog_form *take_over_fill_form(struct dialog *dialog)
{
	dialog_add_line(dialog, "", THEME_TEXT, dialog->response->claim_failure_text);
	dialog_add_line(dialog, "", THEME_TEXT, "");
	dialog_add_line(
		dialog, "", THEME_TEXT,
		"As a lead you can take over the case. Its holder sees this at once; the audit log records it.");
	return &take_over_form;
}

const struct dialog_spec take_over_dialog = { CASE_DIALOG("Take over", take_over_fill_form), .claims_case = true,
					      .skips_draft = true };

/* --- rejecting; documents --- */

#define NO_REASON "Choose a reason first: Tab reaches the list."

enum reject_dialog_field {
	REJECT_REASON,
	REJECT_TEMPLATE,
	REJECT_MESSAGE,
	REJECT_OVERRIDE,
	REJECT_NOTE,
	REJECT_RETRYABLE
};

/* What the facts of the case say of the selected reason. */
static const struct ground *reason_ground(const struct dialog *dialog, const struct reason *reason)
{
	return reason ? ground_by_code(&dialog->response->preview.grounds, reason->code) : NULL;
}

static void reject_handle_edit(struct dialog *dialog)
{
	struct form *form = &dialog->form;
	const struct reason *reason = dialog_reason(dialog, REASONS_SESSION, REJECT_REASON);
	struct input *message = &form->fields[REJECT_MESSAGE], *templates = &form->fields[REJECT_TEMPLATE];
	if (form->focus == REJECT_MESSAGE)
		dialog->keep_message_text = message->editor.text.len > 0;
	bool restricted = reason && reason->disclosure == DISCLOSURE_RESTRICTED;
	bool may_allow_retry = dialog->response->preview.grounds.may_allow_retry;
	const struct ground *ground = reason_ground(dialog, reason);
	message->hidden = restricted;
	offer_templates(dialog, templates, reason ? reason->code : "");
	templates->hidden |= restricted;
	(void)template_apply(dialog, templates, message, "");
	form->fields[REJECT_RETRYABLE].hidden = restricted || !may_allow_retry;
	form->fields[REJECT_NOTE].hidden = !ground || ground->fit != FIT_WITH_NOTE;
	if (form->focus == REJECT_REASON && reason) {
		if (!dialog->keep_message_text) {
			editor_set_text(&message->editor, reason->message);
			message->editor.cursor = 0; /* so that the field shows the beginning of the message */
		}
		form->fields[REJECT_RETRYABLE].is_toggle_on = reason->retryable && may_allow_retry;
	}
	dialog_check_outgoing(dialog, REJECT_OVERRIDE, restricted ? "" : message->editor.text.buf);
	dialog_show_contradiction(dialog, ground,
				  may_allow_retry ? "Explain it in the note"
						  : "Explain it in the note; the client cannot try again");
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

static void finish_rejection(struct workbench *workbench, const struct job *job)
{
	bool first = job->out.approval_stage == APPROVAL_FIRST;
	announce_decided_case(workbench, job, first ? "Recorded the first rejection of" : "Rejected",
			      first ? "" : UNDO_REJECTION);
}

static bool reject_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct reason *reason = dialog_reason(dialog, REASONS_SESSION, REJECT_REASON);
	const struct ground *ground = reason_ground(dialog, reason);
	if (!dialog_check_ground(dialog, ground))
		return false;
	if (ground && ground->fit == FIT_WITH_NOTE && !reason_text_is_long_enough(job->in.note))
		return dialog_refuse(dialog, "Explain the reason in the note first: ten characters or more.");
	if (reason->disclosure == DISCLOSURE_RESTRICTED)
		job->in.text = "";
	else if (dialog->response->preview.grounds.may_allow_retry)
		job->in.retryable = dialog->form.fields[REJECT_RETRYABLE].is_toggle_on ? CHOICE_YES : CHOICE_NO;
	return true;
}

static void offer_grounds(struct dialog *dialog, struct input *field)
{
	dialog_offer_grounds(dialog, field, &dialog->response->preview.grounds);
}

static const struct dialog_form reject_form = {
	.confirm_label = "reject",
	.fields = { [REJECT_REASON] = { CHOICE_FIELD("reason", REQUEST_OFFSET(in.reason), offer_grounds),
					.missing_message = NO_REASON },
		    [REJECT_TEMPLATE] = { FOLDED_FIELD("template", 0, offer_all_templates) },
		    [REJECT_MESSAGE] = { TEXT_FIELD("message", REQUEST_OFFSET(in.text)), .multiline = true },
		    [REJECT_OVERRIDE] = { OVERRIDE_FIELD },
		    [REJECT_NOTE] = { TEXT_FIELD("note", REQUEST_OFFSET(in.note)) },
		    [REJECT_RETRYABLE] = { TOGGLE_FIELD("retryable") } },
	.ui_action = UI_ACTION(.verb = VERB_REJECT, .finish = finish_rejection),
	.prepare_job = reject_prepare_job,
};

static const struct dialog_form *reject_fill_form(struct dialog *dialog)
{
	const struct decision_preview *preview = &dialog->response->preview;
	const struct session *session = &dialog->response->view.file.session;
	/* Offers the reasons again: if a hit was confirmed after the draft was saved, other reasons may fit */
	if (dialog->form_spec == &reject_form)
		offer_grounds(dialog, &dialog->form.fields[REJECT_REASON]);
	if (preview->blockers.count) {
		dialog_add_line(dialog, "", THEME_TITLE, "The case cannot be rejected now:");
		dialog_add_conflicts(dialog);
		return NULL;
	}
	for (size_t i = 0; i < preview->matches.count; i++)
		dialog_add_line(dialog, i ? "" : "match", THEME_DANGER,
				match_text(&dialog->arena, &preview->matches.items[i]));
	if (preview->approval_stage == APPROVAL_FIRST) {
		dialog_add_line(dialog, "yours", THEME_TEXT,
				"is the first of two rejections: status unchanged, nothing is sent");
		dialog_add_line(dialog, "", THEME_TEXT,
				"A second person decides; until then you can undo your rejection.");
		return &reject_form;
	}
	DIALOG_LINE(dialog, "decision", THEME_DANGER, "%s → REJECTED",
		    session_status_title_upper(&dialog->arena, session->status));
	dialog_add_level_line(dialog);
	dialog_add_effects(dialog);
	return &reject_form;
}

const struct dialog_spec reject_dialog = { .action = ACTION_REJECT,
					   .claims_case = true,
					   .has_client_message = true,
					   .is_decision = true,
					   .wait_title = "Reject",
					   .fill = reject_fill_form,
					   .handle_edit = reject_handle_edit };

/* Offers the reasons that the workflow lists; if the workflow lists none, offers all reasons. */
static void offer_document_reasons(struct dialog *dialog, struct input *field)
{
	const struct profile *profile = dialog->response->view.profile;
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

static const char *document_verdict_text(struct dialog *dialog, const struct document *document)
{
	return document ? document_verdict(&dialog->arena, document, dialog->context->frame) : "";
}

/* The focus starts in the reason field, unless the document has a verdict already. */
static void document_reject_begin(struct dialog *dialog)
{
	if (!document_verdict_text(dialog, case_document(&dialog->response->view.file, dialog->item))[0])
		dialog->form.focus = 0;
}

static const struct dialog_form document_form = {
	.confirm_label = "reject it",
	.fields = { { CHOICE_FIELD("reason", REQUEST_OFFSET(in.reason), offer_document_reasons),
		      .missing_message = NO_REASON } },
	.ui_action = UI_ACTION(.verb = VERB_DOCUMENT_REJECT, .message_start = "Rejected", .item_preposition = "of",
			       .message_end = ": ", .end_member_offset = REQUEST_OFFSET(in.reason)),
	.begin = document_reject_begin,
};

static const struct dialog_form *document_reject_fill_form(struct dialog *dialog)
{
	const struct document *document = case_document(&dialog->response->view.file, dialog->item);
	const char *verdict = document_verdict_text(dialog, document);
	dialog_add_line(dialog, "document", THEME_TITLE, dialog->item_name);
	dialog_add_line(dialog, "of", THEME_TEXT, dialog->name);
	if (verdict[0])
		dialog_add_line(dialog, "now", document->review == REVIEW_ACCEPTED ? THEME_OK : THEME_DANGER, verdict);
	return &document_form;
}

const struct dialog_spec document_reject_dialog = { CASE_DIALOG("Reject a document of", document_reject_fill_form) };

/* If the cursor is still on the accepted document, moves it to the next document that needs review, as the key that
 * accepts a document does. */
static void finish_acceptance(struct workbench *workbench, const struct job *job)
{
	struct case_screen *screen = top_case(workbench);
	const struct grid_row *row = screen ? case_model_row(&screen->model) : NULL;
	if (dialog_of_request(workbench, job) && row && !strcmp(row->ref, job->in.part))
		case_model_select_next_open(&screen->model, ROW_DOCUMENT);
	announce_result(workbench, job);
}

const struct ui_action document_accept_ui_action = {
	.verb = VERB_DOCUMENT_ACCEPT, .message_start = "Accepted", .item_preposition = "of", .finish = finish_acceptance
};

/* The dialog has named what was not shown. */
static bool accept_prepare_job(struct dialog *dialog, struct job *job)
{
	(void)dialog;
	job->in.unseen = true;
	job->in.reason = "confirmed in the dialog that names it";
	return true;
}

static const struct dialog_form accept_form = { .confirm_label = "accept it",
						.ui_action = &document_accept_ui_action,
						.prepare_job = accept_prepare_job };

/* The form has a field to confirm, since reversing a verdict needs more than one key. */
static const struct dialog_form reverse_form = {
	.confirm_label = "accept it",
	.fields = { { TOGGLE_FIELD("reverse it"),
		      .missing_message = "The document was rejected: Tab to \"reverse it\" and press space first." } },
	.ui_action = &document_accept_ui_action,
	.prepare_job = accept_prepare_job,
};

/* All that an acceptance lacks by what was shown to the reviewer, and what to do about a file that cannot be shown. */
static void add_look_lines(struct dialog *dialog, const struct document *document)
{
	const struct frame *frame = dialog->context->frame;
	const struct case_view *view = &dialog->response->view;
	struct look_grounds lacks;
	look_grounds_find(&dialog->arena, view->document_views, view->document_view_count, document, frame->actor,
			  &lacks);
	for (size_t i = 0; i < lacks.count; i++)
		dialog_add_line(dialog, i ? "" : "seen", THEME_WARNING, lacks.items[i]);
	if (!lacks.is_unreadable)
		return;
	DIALOG_LINE(dialog, "", THEME_TEXT, "%s rejects it, with the reason that it is unreadable.",
		    keymap_key_or_name(&dialog->arena, COMMAND_REJECT_ITEM));
	dialog_add_line(dialog, "", THEME_TEXT,
			frame->is_remote_user
				? "To see it elsewhere: kybdesk document save (recorded)."
				: arena_printf(&dialog->arena,
					       "To see it elsewhere: %s, then \"save the file\" (recorded).",
					       keymap_key_or_name(&dialog->arena, COMMAND_MORE)));
}

static const struct dialog_form *document_accept_fill_form(struct dialog *dialog)
{
	const struct frame *frame = dialog->context->frame;
	const struct document *document = case_document(&dialog->response->view.file, dialog->item);
	if (!document || document->replaced)
		return dialog_show_notice(dialog, "The document was replaced by another document.");
	const char *verdict = document_verdict(&dialog->arena, document, frame);
	bool turns = document->review == REVIEW_REJECTED;
	dialog_add_line(dialog, "document", THEME_TITLE,
			profile_document_title(dialog->response->view.profile, document->type));
	if (document->file_name[0])
		dialog_add_line(dialog, "file", THEME_TEXT, document->file_name);
	dialog_add_line(dialog, "of", THEME_TEXT, dialog->name);
	if (verdict[0])
		dialog_add_line(dialog, "now", turns ? THEME_DANGER : THEME_OK, verdict);
	if (document->review == REVIEW_ACCEPTED)
		return dialog_show_notice(dialog, "The document is already accepted.");
	if (!document->sha256[0])
		dialog_add_line(dialog, "seen", THEME_WARNING, "The file is missing: nobody can open it.");
	else
		add_look_lines(dialog, document);
	DIALOG_EFFECT(dialog, turns ? "Your acceptance replaces this verdict, under your name."
				    : "The document counts as reviewed and accepted, under your name.");
	return turns ? &reverse_form : &accept_form;
}

const struct dialog_spec accept_dialog = { CASE_DIALOG("Accept a document of", document_accept_fill_form) };
