/* Functions of the keys of the parties tab. Dialogs about a party and its KYC session, the client's link,
 * undeclared ownership, the waiver of a check, the verdict on a result, and the deletion of a case. */
#include "kybdesk/domain/results.h"
#include "workbench.h"

#include <string.h>

const struct party *current_party(struct workbench *workbench)
{
	const struct party *party = case_model_party(&top_case(workbench)->model);
	if (!party)
		REPORT(workbench, "No party under the cursor; %s declares one",
		       key_name_for(workbench, COMMAND_PARTY_ADD));
	return party;
}

void party_open_add_dialog(struct workbench *workbench)
{
	decide_open_dialog(workbench, &party_dialog, "", "");
}

void party_open_kyc_dialog(struct workbench *workbench)
{
	const struct party *party = current_party(workbench);
	if (party && party->session_id[0])
		REPORT(workbench, "%s has a KYC session: Enter opens it", party->name);
	else if (party)
		decide_open_dialog(workbench, &kyc_add_dialog, party->id, party->name);
}

void party_open_link_dialog(struct workbench *workbench)
{
	const struct party *party = current_party(workbench);
	if (!party)
		return;
	if (!party->session_id[0])
		REPORT(workbench, "%s has no KYC session; %s makes one", party->name,
		       key_name_for(workbench, COMMAND_PARTY_KYC));
	else if (party->is_session_shared)
		REPORT(workbench, "The KYC of %s belongs to another case; make the link in that case", party->name);
	else
		decide_show_dialog(workbench, dialog_new(&party_link_dialog, party->session_id, party->name));
}

void party_chart(struct workbench *workbench)
{
	struct case_model *model = &top_case(workbench)->model;
	if (workbench->surface.is_spoken || !model->job || !model->job->tree_count)
		REPORT(workbench, "%s",
		       workbench->surface.is_spoken ? "The chart is only a drawing; the rows have the same content"
						    : "No related parties are declared: no chart");
	else
		model->shows_chart = model->tab != TAB_PARTIES || !model->shows_chart;
	if (model->shows_chart && model->tab != TAB_PARTIES)
		case_model_select_tab(model, TAB_PARTIES);
}

/* --- dialogs --- */

/* The field "I am sure" of a dialog with an action that cannot be undone: a single key must not run such an action. */
#define CONFIRMATION_FIELD                                                                                             \
	TOGGLE_FIELD("I am sure"),                                                                                     \
		.missing_message = "This action cannot be undone: Tab to \"I am sure\" and press space first."

static const struct party *party_of(const struct dialog *dialog)
{
	return case_party(&dialog->response->view.file, dialog->item);
}

static void add_party_lines(struct dialog *dialog, const char *name)
{
	dialog_add_line(dialog, "party", THEME_TITLE, name);
	dialog_add_line(dialog, "of", THEME_TEXT, dialog->name);
}

static const char *kyc_add_hint(const struct job *job, struct arena *arena)
{
	(void)job;
	return arena_printf(arena, ": Enter opens it, %s makes the client's link",
			    keymap_key_or_name(arena, COMMAND_PARTY_LINK));
}

static const struct dialog_form kyc_add_form = {
	.confirm_label = "make it",
	.fields = { { REASON_FIELD } },
	.ui_action = UI_ACTION(.verb = VERB_SUBSESSION_ADD, .message_start = "",
			       .item_preposition = "has a KYC session now, in", .make_message_end = kyc_add_hint),
};

/* This action has a dialog, so that a single key cannot create a KYC session, which copies the party's declared
 * data. */
static const struct dialog_form *kyc_add_fill_form(struct dialog *dialog)
{
	const struct party *party = party_of(dialog);
	if (!party || party->session_id[0])
		return dialog_show_notice(dialog, party ? "The party already has a KYC session."
							: "The party no longer exists.");
	add_party_lines(dialog, party->name);
	DIALOG_LINE(dialog, "then", THEME_TEXT,
		    "A separate KYC session is created; %s creates the client's access link.",
		    keymap_key_or_name(&dialog->arena, COMMAND_PARTY_LINK));
	dialog_add_line(dialog, "", THEME_MUTED, "After a rejected session, give a reason: ten characters or more.");
	return &kyc_add_form;
}

const struct dialog_spec kyc_add_dialog = { CASE_DIALOG("Make a KYC session for a party of", kyc_add_fill_form) };

static const struct dialog_form kyc_remove_form = {
	.confirm_label = "remove it",
	.fields = { { REASON_FIELD }, { CONFIRMATION_FIELD } },
	.ui_action = UI_ACTION(.verb = VERB_SUBSESSION_REMOVE, .message_start = "Removed the KYC session of",
			       .item_preposition = "from"),
};

static const struct dialog_form *kyc_remove_fill_form(struct dialog *dialog)
{
	const struct party *party = party_of(dialog);
	if (!party || !party->session_id[0])
		return dialog_show_notice(dialog, "The party no longer has a KYC session.");
	add_party_lines(dialog, party->name);
	dialog_add_line(dialog, "its KYC", THEME_TEXT, session_status_title(party->session_status));
	if (party->is_session_shared)
		DIALOG_EFFECT(dialog, "The session stays in its own case; it no longer verifies this party.");
	else
		dialog_add_line(dialog, "then", THEME_DANGER,
				"The session and its documents are erased; not possible after its submission.");
	dialog_add_line(dialog, "", THEME_WARNING, "Reason, if required: ten characters or more.");
	return &kyc_remove_form;
}

const struct dialog_spec kyc_remove_dialog = { CASE_DIALOG("Remove a KYC session of", kyc_remove_fill_form) };

static const struct dialog_form remove_form = {
	.confirm_label = "remove",
	.fields = { { REASON_FIELD } },
	.ui_action = UI_ACTION(.verb = VERB_PARTY_REMOVE, .message_start = "Removed", .item_preposition = "from"),
};

static const struct dialog_form *party_remove_fill_form(struct dialog *dialog)
{
	const struct session *session = &dialog->response->view.file.session;
	const struct party *party = party_of(dialog);
	if (!party)
		return dialog_show_notice(dialog, "The party no longer exists.");
	add_party_lines(dialog, dialog->item_name);
	DIALOG_EFFECT(dialog,
		      party->session_id[0] && !party->is_session_shared
			      ? "The party is shown as removed and no longer counts; the KYC link stops working."
			      : "The party is shown as removed and no longer counts.");
	if (session->submitted_at != TIME_NONE)
		dialog_add_line(
			dialog, "", THEME_WARNING,
			"The case was submitted with this party: explain the removal, in ten characters or more.");
	return &remove_form;
}

const struct dialog_spec party_remove_dialog = { CASE_DIALOG("Remove a party of", party_remove_fill_form) };

/* Whether the party is verified even without the mark "verified elsewhere". */
static bool remains_verified(const struct dialog *dialog, const struct party *party)
{
	const struct case_view *view = &dialog->response->view;
	struct party bare = *party;
	bare.verified_elsewhere_by = "";
	return view->profile && party_is_verified(&bare, &view->file, view->profile);
}

static const struct dialog_form verify_form = {
	.confirm_label = "verified elsewhere",
	.fields = { { REASON_FIELD } },
	.ui_action =
		UI_ACTION(.verb = VERB_PARTY_VERIFY, .message_start = "Verified elsewhere:", .item_preposition = "of"),
};

/* This form has a field to tick, so a single key does not unmark the party. */
static const struct dialog_form unverify_form = {
	.confirm_label = "unmark it",
	.fields = { { TOGGLE_FIELD("unmark it"), .missing_message = "Tick \"unmark it\" first: Tab, then space." } },
	.ui_action = UI_ACTION(.verb = VERB_PARTY_UNVERIFY,
			       .message_start = "No longer verified elsewhere:", .item_preposition = "of"),
};

static const struct dialog_form *verify_fill_form(struct dialog *dialog)
{
	const struct party *party = party_of(dialog);
	if (!party)
		return dialog_show_notice(dialog, "The party no longer exists.");
	add_party_lines(dialog, dialog->item_name);
	if (party->session_id[0])
		dialog_add_line(dialog, "its KYC",
				party->session_status == SESSION_REJECTED ? THEME_DANGER : THEME_TEXT,
				session_status_title(party->session_status));
	if (!party->verified_elsewhere_by[0]) {
		DIALOG_EFFECT(dialog, "The party counts as verified without a KYC here; the mark shows your name.");
		return &verify_form;
	}
	DIALOG_LINE(dialog, "now", THEME_TEXT, "marked as verified elsewhere by %s: %s", party->verified_elsewhere_by,
		    party->verified_elsewhere_reason);
	if (remains_verified(dialog, party))
		DIALOG_EFFECT(dialog, "The mark is removed; the party stays verified in another way.");
	else
		dialog_add_line(dialog, "then", THEME_WARNING,
				"The mark is removed: the party is not verified any more.");
	return &unverify_form;
}

const struct dialog_spec party_verify_dialog = { CASE_DIALOG("Verified elsewhere: a party of", verify_fill_form) };

enum pair_field { PAIR_ANSWER, PAIR_REASON };

/* The question about the party of the dialog, as the gate has asked it, unmasked; NULL: none. */
static const struct checklist_item *question_of(const struct dialog *dialog)
{
	const struct case_view *view = &dialog->response->view;

	for (size_t i = 0; i < view->checklist_count; i++)
		if (*view->checklist[i].other_ref && !strcmp(view->checklist[i].ref, dialog->item))
			return &view->checklist[i];
	return NULL;
}

static const struct party *party_named(const struct dialog *dialog, const char *id)
{
	return *id ? case_party(&dialog->response->view.file, id) : NULL;
}

static const struct ui_action pair_same_action = {
	.verb = VERB_PARTY_SAME, .message_start = "Recorded as the same:", .item_preposition = "in"
};

static bool pair_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct checklist_item *question = question_of(dialog);
	const bool first = dialog_has_chosen(dialog, PAIR_ANSWER, "first");

	if (!question)
		return true;
	job->in.related_ref = arena_strdup(&job->arena, first || dialog_has_chosen(dialog, PAIR_ANSWER, "second")
								? question->link_ref
								: question->other_ref);
	if (first)
		job->in.part = arena_strdup(&job->arena, question->other_ref);
	if (dialog_has_chosen(dialog, PAIR_ANSWER, "same"))
		job_set_ui_action(job, &pair_same_action);
	return true;
}

static void offer_pair_answers(struct dialog *dialog, struct input *field)
{
	const struct checklist_item *question = question_of(dialog);
	const struct party *link = question ? party_named(dialog, question->link_ref) : NULL;

	if (!link) {
		DIALOG_ITEM(dialog, field, "other", "two different parties");
		DIALOG_ITEM(dialog, field, "same", "the same: one owner, and one verification");
		return;
	}
	DIALOG_ITEM(dialog, field, "first", "the left one and %s are two", link->name);
	DIALOG_ITEM(dialog, field, "second", "the right one and %s are two", link->name);
	DIALOG_ITEM(dialog, field, "same", "all three are the same");
}

static const struct dialog_form pair_form = {
	.confirm_label = "record it",
	.fields = { [PAIR_ANSWER] = { CHOICE_FIELD("they are", 0, offer_pair_answers),
				      .missing_message = "First choose whether they are the same: Tab reaches the "
							 "list." },
		    [PAIR_REASON] = { REASON_FIELD } },
	.ui_action =
		UI_ACTION(.verb = VERB_PARTY_OTHER, .message_start = "Recorded as another:", .item_preposition = "in"),
	.prepare_job = pair_prepare_job,
};

static void add_pair_line(struct dialog *dialog, const char *label, const char *left, const char *right)
{
	const char *nothing = glyph_text(dialog->context->frame->mode, GLYPH_DASH);

	dialog_add_columns(dialog,
			   &(const struct dialog_line){ .label = label,
							.text = *left ? left : nothing,
							.role = strcmp(left, right) ? THEME_TEXT : THEME_WARNING,
							.mark = "",
							.second_text = *right ? right : nothing });
}

static bool has_personal_values(const struct party *party)
{
	return *party->date_of_birth || *party->tax_id || *party->registration_number;
}

static const struct dialog_form *pair_fill_form(struct dialog *dialog)
{
	const struct checklist_item *question = question_of(dialog);
	const struct party *party = party_of(dialog),
			   *other = question ? party_named(dialog, question->other_ref) : NULL,
			   *link = question ? party_named(dialog, question->link_ref) : NULL;

	if (!party || !other)
		return dialog_show_notice(dialog, "No other party may be the same any more.");
	add_pair_line(dialog, "party", other->name, party->name);
	add_pair_line(dialog, "born", other->date_of_birth, party->date_of_birth);
	add_pair_line(dialog, "country", other->country, party->country);
	add_pair_line(dialog, "tax id", other->tax_id, party->tax_id);
	add_pair_line(dialog, "number", other->registration_number, party->registration_number);
	add_pair_line(dialog, "owns", other->effective_percent, party->effective_percent);
	if (link)
		DIALOG_LINE(dialog, "", THEME_WARNING, "They are two, but both are the same as %s, born %s.",
			    link->name, *link->date_of_birth ? link->date_of_birth : "?");
	if (!dialog->response->view.masked || (!has_personal_values(party) && !has_personal_values(other)))
		return &pair_form;
	dialog_add_line(dialog, "", THEME_WARNING,
			"Masked values cannot be compared: reveal them first; this is recorded.");
	return &reveal_form;
}

const struct dialog_spec pair_dialog = { CASE_DIALOG("The same or another: a party of", pair_fill_form) };

/* When the client's link expires, as text; a link without expiry is valid until the case is decided. */
static const char *expiry_text(struct arena *arena, int64_t expires_at, const struct frame *frame)
{
	return expires_at == TIME_NONE ? "the case is decided" : date_time_text(arena, expires_at, frame);
}

static const char *link_days_hint(struct dialog *dialog)
{
	return arena_printf(&dialog->arena, "Type 1 to %d days to extend the link, or leave it empty for a new link.",
			    EXTEND_DAYS_MAX);
}

static void link_handle_edit(struct dialog *dialog)
{
	int64_t days;
	if (!dialog_get_text(dialog, 0)[0])
		DIALOG_WARN(dialog, "A new link is made; the previous link no longer works.");
	else if (!parse_days(dialog_get_text(dialog, 0), &days) || days < 1 || days > EXTEND_DAYS_MAX)
		dialog_add_line_below(dialog, "", THEME_DANGER, link_days_hint(dialog));
	else if (dialog->response->view.file.session.expires_at == TIME_NONE)
		DIALOG_WARN(dialog, "The link is valid until the decision and cannot be extended.");
	else
		DIALOG_LINE_BELOW(dialog, "", THEME_TEXT, "The current link is extended by %lld days.",
				  (long long)days);
}

/* Shows the new link in the dialog. If the link was only extended, or the dialog was closed before the response,
 * announces the new expiry. */
static void finish_link(struct workbench *workbench, const struct job *job)
{
	if (!decide_show_link(workbench, job)) {
		if (dialog_of_request(workbench, job))
			decide_close_dialog(workbench);
		announce_done_action(
			workbench, "Extended the link of", job->name, job->reference,
			arena_printf(&workbench->scratch, " until %s",
				     expiry_text(&workbench->scratch, job->out.expires_at, &workbench->frame)));
	}
}

static bool link_prepare_job(struct dialog *dialog, struct job *job)
{
	const char *text = dialog_get_text(dialog, 0);
	bool valid = parse_days(text, &job->in.days) && (!text[0] || job->in.days) && job->in.days <= EXTEND_DAYS_MAX;
	return valid || dialog_refuse(dialog, link_days_hint(dialog));
}

static const struct dialog_form link_form = {
	.confirm_label = "make the link",
	.fields = { { TEXT_FIELD("extend days", 0) } },
	.ui_action = UI_ACTION(.verb = VERB_LINK, .finish = finish_link),
	.prepare_job = link_prepare_job,
};

static const struct dialog_form *link_fill_form(struct dialog *dialog)
{
	const struct session *session = &dialog->response->view.file.session;
	dialog_add_line(dialog, "link of", THEME_TITLE, dialog->name);
	dialog_add_line(dialog, "link until", THEME_TEXT,
			expiry_text(&dialog->arena, session->expires_at, dialog->context->frame));
	return &link_form;
}

const struct dialog_spec party_link_dialog = { CASE_DIALOG("Access link of", link_fill_form), .link_prefix = "link of",
					       .handle_edit = link_handle_edit };

void dialog_show_link(struct dialog *dialog, const struct use_out *link, const struct dialog_context *context)
{
	dialog_reset(dialog, "copy it");
	dialog->copyable_text = arena_strdup(&dialog->arena, link->link);
	dialog_add_line(dialog, dialog->spec->link_prefix, THEME_TITLE, dialog->name);
	dialog_add_line(dialog, "link", THEME_ACCENT, dialog->copyable_text);
	dialog_add_line(dialog, "until", THEME_TEXT, expiry_text(&dialog->arena, link->expires_at, context->frame));
	if (dialog->spec == &party_link_dialog)
		dialog_add_line(dialog, "", THEME_WARNING, "The previous link no longer works.");
}

/* Shows the link in its dialog. If the dialog was closed before the response, does not show the link. */
static void show_link_response(struct workbench *workbench, const struct job *job)
{
	(void)decide_show_link(workbench, job);
}

static const struct dialog_form link_show_form = {
	.confirm_label = "show it",
	.ui_action = UI_ACTION(.verb = VERB_LINK_SHOW, .finish = show_link_response),
};

static const struct dialog_form *link_show_fill_form(struct dialog *dialog)
{
	const struct session *session = &dialog->response->view.file.session;
	dialog_add_line(dialog, "client of", THEME_TITLE, dialog->name);
	dialog_add_line(dialog, "until", THEME_TEXT,
			expiry_text(&dialog->arena, session->expires_at, dialog->context->frame));
	DIALOG_EFFECT(
		dialog,
		"The link is shown here, and y copies it. Anyone with the link acts as the client; your access is "
		"recorded.");
	return &link_show_form;
}

const struct dialog_spec link_show_dialog = { CASE_DIALOG("Client link of", link_show_fill_form), .skips_draft = true,
					      .link_prefix = "client of" };

/* The items are in the order of ownership_gap_reasons. */
static const struct dialog_item gap_reasons[] = { { "listed", "listed: the shares are traded on an exchange" },
						  { "state_owned", "state owned: a state or its bodies own the rest" },
						  { "regulated", "regulated: a supervised institution owns the rest" },
						  { "dispersed", "dispersed: no other owner reaches the threshold" },
						  { "other", "other: explain the gap, in ten characters or more" },
						  { NULL, NULL } };

static const char *ownership_gap_message(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, "Recorded undeclared ownership as %s in", job->in.reason);
}

static const struct dialog_form gap_form = {
	.confirm_label = "record it",
	.fields = { { ITEMS_FIELD("because", REQUEST_OFFSET(in.reason), gap_reasons),
		      .missing_message = "Choose a reason first: Tab reaches the list." },
		    { TEXT_FIELD("text", REQUEST_OFFSET(in.text)) } },
	.ui_action = UI_ACTION(.verb = VERB_PARTY_GAP, .make_message_start = ownership_gap_message),
};

static const struct dialog_form *ownership_gap_fill_form(struct dialog *dialog)
{
	const struct ownership_gap *gap = &dialog->response->view.gap;
	if (!gap->is_computed || !gap->may_hide_owner)
		return dialog_show_notice(dialog, "No undeclared share is large enough to hide an owner.");
	DIALOG_LINE(dialog, "", THEME_TITLE, "%s %% of the ownership is not declared.", gap->percent);
	for (size_t i = 0; i < gap->layer_count; i++)
		DIALOG_LINE(dialog, i ? "" : "where", THEME_TEXT, "%s: %s %% undeclared, %s %% of the subject",
			    gap->layers[i].name, gap->layers[i].undeclared_percent, gap->layers[i].subject_percent);
	DIALOG_EFFECT(dialog, "Your reason is recorded and valid until the undeclared share grows.");
	return &gap_form;
}

const struct dialog_spec gap_dialog = { CASE_DIALOG("Undeclared ownership of", ownership_gap_fill_form) };

static enum err waive_check(struct desk *desk, struct job *job)
{
	if (!check_kind_parse(job->in.part, &job->in.check))
		return error_set(&job->error, ERR_USAGE, "Unknown check \"%s\"", job->in.part);
	return desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
}

static const struct dialog_form waive_form = {
	.confirm_label = "waive it",
	.fields = { { REASON_FIELD } },
	.ui_action = UI_ACTION(.verb = VERB_CHECK_WAIVE, .message_start = "Waived", .item_preposition = "of",
			       .run = waive_check),
};

static const struct dialog_form *waive_fill_form(struct dialog *dialog)
{
	dialog_add_line(dialog, "check", THEME_TITLE, dialog->item);
	dialog_add_line(dialog, "of", THEME_TEXT, dialog->name);
	DIALOG_EFFECT(dialog, "The case can be approved without this check; your name and reason are recorded.");
	return &waive_form;
}

const struct dialog_spec waive_dialog = { CASE_DIALOG("Waive a check of", waive_fill_form) };

enum judge_dialog_field { JUDGE_VERDICT, JUDGE_REASON };

static void offer_result_verdicts(struct dialog *dialog, struct input *field)
{
	static const struct {
		enum result_verdict verdict;
		const char *effect;
	} verdicts[] = { { RESULT_CLEARED, "another person, or nothing adverse" },
			 { RESULT_CONFIRMED, "it is true: the case can only be rejected" },
			 { RESULT_UNDETERMINED, "it stays adverse, undecided" } };
	struct check *check = NULL;
	const struct result *result = case_result(&dialog->response->view.file, dialog->item, &check);
	bool lead = role_at_least(dialog->context->frame->role, ROLE_LEAD);
	for (size_t i = 0; result && i < sizeof verdicts / sizeof verdicts[0]; i++)
		if (lead || !*result_lead_reason(check, result, verdicts[i].verdict))
			DIALOG_ITEM(dialog, field, result_verdict_text(verdicts[i].verdict), "%s: %s",
				    result_verdict_text(verdicts[i].verdict), verdicts[i].effect);
}

static bool judge_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct input_item *chosen = field_chosen_item(&dialog->form.fields[JUDGE_VERDICT]);
	return (chosen && result_verdict_parse(chosen->code, &job->in.verdict)) ||
	       dialog_refuse(dialog, "First choose the verdict: Tab reaches the list.");
}

static const char *judge_message_text(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, "The result %s is judged %s, in", job->in.part,
			    result_verdict_text(job->in.verdict));
}

static const struct dialog_form judge_form = {
	.confirm_label = "judge it",
	.fields = { [JUDGE_VERDICT] = { CHOICE_FIELD("verdict", 0, offer_result_verdicts),
					.missing_message = "First choose the verdict: Tab reaches the list." },
		    [JUDGE_REASON] = { REASON_FIELD } },
	.empty_message = "The result is confirmed: only a lead can revise this, with a reason.",
	.ui_action = UI_ACTION(.verb = VERB_RESULT_JUDGE, .make_message_start = judge_message_text),
	.prepare_job = judge_prepare_job,
};

/* Adds the results that came before, newest first, and what became of each. */
static void add_earlier_results(struct dialog *dialog, const struct check *check, const struct result *result)
{
	const char *label = "before";
	for (size_t i = (size_t)(result - check->results); i-- > 0; label = "") {
		const struct result *earlier = &check->results[i];
		const char *state = result_state_text(&dialog->arena, check, earlier);
		DIALOG_LINE(dialog, label, THEME_MUTED, "%s: %s%s%s", earlier->id,
			    result_text(&dialog->arena, &dialog->response->view.file, earlier), *state ? "; " : "",
			    state);
	}
}

static const struct dialog_form *judge_fill_form(struct dialog *dialog)
{
	const struct case_file *file = &dialog->response->view.file;
	const struct frame *frame = dialog->context->frame;
	struct check *check = NULL;
	const struct result *result = case_result(file, dialog->item, &check);
	if (!result || check->status == CHECK_WAIVED || !result_is_held(check, (size_t)(result - check->results)))
		return dialog_show_notice(dialog, "The result no longer needs a verdict.");
	DIALOG_LINE(dialog, "result", THEME_TITLE, "%s: %s", result->id, result_text(&dialog->arena, file, result));
	dialog_add_line(dialog, "of", THEME_TEXT, dialog->name);
	if (result->source[0])
		DIALOG_LINE(dialog, "source", THEME_TEXT, "%s%s%s", result->source,
			    result->source_version[0] ? ", version " : "", result->source_version);
	if (result->score >= 0)
		DIALOG_LINE(dialog, "score", THEME_TEXT, "%.2f", result->score);
	if (strcmp(result->detail_json, "{}") != 0)
		dialog_add_line(dialog, "found", THEME_TEXT, result->detail_json);
	if (result->verdict != RESULT_UNJUDGED)
		dialog_add_line(dialog, "now", THEME_DANGER, result_state_text(&dialog->arena, check, result));
	add_earlier_results(dialog, check, result);
	if (!frame->sandbox && !strcmp(result->reported_by, frame->actor))
		return dialog_show_notice(dialog, "You reported the result: a colleague must judge it.");
	if (!role_at_least(frame->role, ROLE_LEAD) && *result_lead_reason(check, result, RESULT_CLEARED))
		dialog_add_line(dialog, "", THEME_MUTED, "Only a lead can clear it.");
	DIALOG_EFFECT(dialog,
		      "Your name, verdict and reason are recorded. A later result does not change the verdict.");
	return &judge_form;
}

const struct dialog_spec judge_dialog = { CASE_DIALOG("Judge a result of", judge_fill_form) };

static size_t count_own_subsessions(const struct case_file *file)
{
	size_t count = 0;
	for (size_t i = 0; i < file->party_count; i++)
		count += file->parties[i].session_id[0] && !file->parties[i].is_session_shared;
	return count;
}

/* Call after the deletion of a case: closes the case and the cases above it, and drops its drafts. */
static void finish_deletion(struct workbench *workbench, const struct job *job)
{
	const char *id = job->out.id;
	announce_result(workbench, job);
	size_t at = 0;
	while (at < workbench->case_stack.count && strcmp(workbench->case_stack.cases[at]->id, id) != 0)
		at++;
	while (workbench->case_stack.count > at)
		case_close(workbench);
	drafts_forget(workbench, id);
}

static const struct dialog_form delete_form = {
	.confirm_label = "delete it",
	.fields = { { REASON_FIELD }, { CONFIRMATION_FIELD } },
	.ui_action = UI_ACTION(.verb = VERB_DELETE, .message_start = "Deleted", .finish = finish_deletion),
};

static const struct dialog_form *delete_fill_form(struct dialog *dialog)
{
	const struct case_file *file = &dialog->response->view.file;
	const struct session *session = &file->session;
	if (session->submitted_at != TIME_NONE)
		return dialog_show_notice(dialog, "The case was submitted, so it is kept until its retention ends.");
	dialog_add_line(dialog, "subject", THEME_TITLE, session->subject.name);
	dialog_add_line(dialog, "reference", THEME_TITLE,
			session->external_ref[0] ? session->external_ref : session->id);
	dialog_add_line(dialog, "status", THEME_TEXT, session_status_title(session->status));
	DIALOG_LINE(dialog, "deletes", THEME_DANGER,
		    "the case, %zu documents, %zu parties, %zu KYC sessions of its own", file->document_count,
		    file->party_count, count_own_subsessions(file));
	dialog_add_line(dialog, "", THEME_WARNING,
			"Deletion cannot be undone; the audit log records your name. Reason, if required: ten "
			"characters or more.");
	return &delete_form;
}

const struct dialog_spec delete_dialog = { CASE_DIALOG("Delete", delete_fill_form) };
