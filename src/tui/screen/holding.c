/* Dialogs to assign a case, to refer a case to another reviewer, and to close a suspicion: these keep no drafts. Also
 * a dialog that hides a case from the queue until a day, or shows it again. */
#include "workbench.h"
#include "kybdesk/desk/use.h"

#include <string.h>

/* Adds a line that names the current holder of the case. */
static void show_claim_holder(struct dialog *dialog)
{
	const struct frame *frame = dialog->context->frame;
	dialog_add_line(
		dialog, "now", THEME_TEXT,
		claim_holder_text(&dialog->arena, &dialog->response->view.file.session, frame->actor, frame->now));
}

static void offer_assignees(struct dialog *dialog, struct input *field)
{
	const char *holder = dialog->response->view.file.session.assignee;
	const struct reviewer_info *person = NULL;
	while ((person = next_reviewer(dialog->response, person, holder)))
		DIALOG_ITEM(dialog, field, person->name, "%s, %s%s", person->name, role_text(person->role),
			    person->supervised ? ", supervised" : "");
}

static const struct dialog_form assign_form = {
	.confirm_label = "assign it",
	.fields = { { CHOICE_FIELD("to", REQUEST_OFFSET(in.part), offer_assignees),
		      .missing_message = "First choose the reviewer: press Down, or type the first letters." } },
	.empty_message = "No other reviewer may decide this case.",
	.focus_fields = true,
	.ui_action = UI_ACTION(.verb = VERB_ASSIGN, .message_start = "Assigned", .message_end = " to ",
			       .end_member_offset = REQUEST_OFFSET(in.part)),
};

static const struct dialog_form *assign_fill_form(struct dialog *dialog)
{
	show_claim_holder(dialog);
	DIALOG_EFFECT(dialog, "The reviewer holds the case, even when idle, until the reviewer or a lead releases it.");
	return &assign_form;
}

const struct dialog_spec assign_dialog = { CASE_DIALOG("Assign", assign_fill_form), .reads_reviewers = true,
					   .skips_draft = true };

static void offer_referral_receivers(struct dialog *dialog, struct input *field)
{
	const struct reviewer_info *person = NULL;
	form_add_item(field, &dialog->arena, REFER_TO_LEAD, "the lead with the fewest cases");
	while ((person = next_reviewer(dialog->response, person, dialog->context->frame->actor)))
		DIALOG_ITEM(dialog, field, person->name, "%s, %s", person->name, role_text(person->role));
}

static const struct dialog_form refer_form = {
	.confirm_label = "refer it",
	.fields = { { CHOICE_FIELD("to", REQUEST_OFFSET(in.part), offer_referral_receivers),
		      .missing_message = "First choose the new holder: press Down, or type the first letters." },
		    { REASON_FIELD } },
	.focus_fields = true,
	.ui_action = UI_ACTION(.verb = VERB_REFER, .message_start = "Referred", .message_end = " to ",
			       .end_member_offset = REQUEST_OFFSET(out.part_id)),
};

static const struct dialog_form *refer_fill_form(struct dialog *dialog)
{
	show_claim_holder(dialog);
	DIALOG_EFFECT(dialog, "The new holder holds the case until the holder or a lead releases it. The reason, ten "
			      "characters or more, becomes a note.");
	return &refer_form;
}

const struct dialog_spec refer_dialog = { CASE_DIALOG("Refer", refer_fill_form), .reads_reviewers = true,
					  .skips_draft = true };

static void offer_leads(struct dialog *dialog, struct input *field)
{
	const struct reviewer_info *person = NULL;
	while ((person = next_reviewer(dialog->response, person, dialog->context->frame->actor)))
		if (role_at_least(person->role, ROLE_LEAD))
			DIALOG_ITEM(dialog, field, person->name, "%s, %s", person->name, role_text(person->role));
}

static const struct dialog_form suspicion_about_form = {
	.confirm_label = "report it",
	.fields = { { CHOICE_FIELD("about", REQUEST_OFFSET(in.part), offer_leads),
		      .missing_message = "First choose the lead: press Down, or type the first letters." },
		    { REASON_FIELD } },
	.empty_message = "The desk has no other lead.",
	.focus_fields = true,
	.ui_action = UI_ACTION(.verb = VERB_SUSPICION_OPEN, .message_start = "Reported to the other leads:"),
};

static const struct dialog_form *suspicion_about_fill_form(struct dialog *dialog)
{
	DIALOG_EFFECT(dialog, "The other leads can read it; for this one the case is held by a lead. Reason: ten "
			      "characters or more.");
	return &suspicion_about_form;
}

const struct dialog_spec suspicion_about_dialog = { CASE_DIALOG("Report a suspicion on", suspicion_about_fill_form),
						    .reads_reviewers = true, .skips_draft = true };

#define FILED "filed"

const struct suspicion *find_open_suspicion(const struct case_view *view)
{
	return ITEM_WITH_NUMBER(view->suspicions.items, view->suspicions.count, closed_at, TIME_NONE);
}

static const struct dialog_item ends[] = { { FILED, "filed: reported to the authorities" },
					   { "not_filed", "not filed: no report is needed" },
					   { NULL, NULL } };

static bool suspicion_close_prepare_job(struct dialog *dialog, struct job *job)
{
	job->in.filed = dialog_has_chosen(dialog, 0, FILED);
	return true;
}

static const struct dialog_form suspicion_close_form = {
	.confirm_label = "close it",
	.fields = { { ITEMS_FIELD("as", 0, ends),
		      .missing_message = "First choose the outcome: press Down, or type the first letters." },
		    { REASON_FIELD } },
	.focus_fields = true,
	.ui_action = UI_ACTION(.verb = VERB_SUSPICION_CLOSE, .message_start = "Closed the suspicion on"),
	.prepare_job = suspicion_close_prepare_job,
};

static const struct dialog_form *suspicion_close_fill_form(struct dialog *dialog)
{
	const struct suspicion *open = find_open_suspicion(&dialog->response->view);
	if (!open)
		return dialog_show_notice(dialog, "The case no longer has an open suspicion.");
	dialog_add_line(dialog, "cause", THEME_TITLE, suspicion_cause_title(open->cause));
	dialog_add_line(dialog, "due", THEME_TEXT,
			date_time_text(&dialog->arena, open->due_at, dialog->context->frame));
	for (size_t i = 0; i < open->entry_count; i++)
		DIALOG_LINE(dialog, "", THEME_TEXT, "%s%s%s", suspicion_entry_text(&dialog->arena, &open->entries[i]),
			    open->entries[i].text[0] ? ": " : "", open->entries[i].text);
	dialog_add_line(dialog, "", THEME_WARNING,
			"The hold ends; you cannot approve this case afterwards. Reason: ten characters or more.");
	return &suspicion_close_form;
}

const struct dialog_spec suspicion_close_dialog = { CASE_DIALOG("Close the suspicion on", suspicion_close_fill_form),
						    .skips_draft = true };

/* --- snooze --- */

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)

bool parse_days(const char *text, int64_t *days)
{
	*days = 0;
	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9' || *days > 100000)
			return false;
		*days = *days * 10 + (*c - '0');
	}
	return true;
}

bool parse_until_time(const char *text, int64_t now, int64_t *until)
{
	char digits[8];
	size_t length = strspn(text, "0123456789"), rest = strspn(text + length, " ");
	int64_t days;
	if (length && length < sizeof digits &&
	    (!text[length] || !strcmp(text + length + rest, "d") || !strcmp(text + length + rest, "days"))) {
		memcpy(digits, text, length);
		digits[length] = '\0';
		if (!parse_days(digits, &days) || !days)
			return false;
		*until = now + days * DAY_MS;
		return true;
	}
	return time_parse(text, true, until, NULL) == ERR_OK;
}

static bool snooze_prepare_job(struct dialog *dialog, struct job *job)
{
	return parse_until_time(dialog_get_text(dialog, 0), dialog->context->frame->now, &job->in.until) ||
	       dialog_refuse(dialog, "First enter the end of the snooze: days, like 3, or a date, like 2026-12-01.");
}

static const struct dialog_form snooze_form = {
	.confirm_label = "snooze",
	.fields = { { TEXT_FIELD("until", 0) }, { REASON_FIELD } },
	.ui_action = UI_ACTION(.verb = VERB_SNOOZE, .message_start = "Snoozed"),
	.prepare_job = snooze_prepare_job,
};
static const struct dialog_form wake_form = {
	.confirm_label = "end snooze",
	.ui_action = UI_ACTION(.verb = VERB_WAKE, .message_start = "Back in the queue:"),
};

static const struct dialog_form *snooze_fill_form(struct dialog *dialog)
{
	const struct session *session = &dialog->response->view.file.session;
	const struct frame *frame = dialog->context->frame;
	if (session->snoozed_until != TIME_NONE && session->snoozed_until > frame->now) {
		dialog_add_line(dialog, "until", THEME_TITLE,
				date_time_text(&dialog->arena, session->snoozed_until, frame));
		dialog_add_line(dialog, "by", THEME_TEXT, session->snoozed_by);
		dialog_add_line(dialog, "because", THEME_TEXT, session->snooze_reason);
		DIALOG_EFFECT(dialog, "The case returns to the queue now.");
		return &wake_form;
	}
	DIALOG_EFFECT(dialog, "The case is released and hidden until that day, or until an awaited change happens.");
	return &snooze_form;
}

static void snooze_handle_edit(struct dialog *dialog)
{
	const struct frame *frame = dialog->context->frame;
	const char *text = dialog_get_text(dialog, 0);
	int64_t until;
	if (!text[0])
		DIALOG_HINT(dialog,
			    "Until: a number of days, or a date like 2026-12-01. Reason: ten characters or more.");
	else if (!parse_until_time(text, frame->now, &until))
		dialog_add_line_below(dialog, "until", THEME_DANGER, "Write days, like 3, or a date, like 2026-12-01.");
	else
		dialog_add_line_below(dialog, "until", THEME_TEXT, date_time_text(&dialog->arena, until, frame));
}

const struct dialog_spec snooze_dialog = { CASE_DIALOG("Snooze", snooze_fill_form), .handle_edit = snooze_handle_edit };
