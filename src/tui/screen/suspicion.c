/* Dialogs: assigning a case, referring it to another reviewer, and closing a suspicion. Their texts are not kept as drafts. */
#include "dialogs.h"
#include "kybdesk/desk/claim.h"

#include <string.h>

/* The line about the present holder. */
static void show_holder(struct dialog *dialog)
{
	const struct frame *frame = dialog->context->frame;
	dialog_line(dialog, "now", THEME_TEXT,
		    hold_text(&dialog->arena, &dialog->answer->view.file.session, frame->actor, frame->now));
}

static void offer_assignees(struct dialog *dialog, struct input *field)
{
	const char *holder = dialog->answer->view.file.session.assignee;
	const struct reviewer_info *person = NULL;
	while ((person = next_person(dialog->answer, person, holder)))
		form_add_item(field, &dialog->arena, person->name,
			      arena_printf(&dialog->arena, "%s, %s%s", person->name, role_text(person->role),
					   person->supervised ? ", supervised" : ""));
}

static const struct dialog_form assign_form = {
	.confirm = "assign it",
	.fields = { { CHOICE_FIELD("to", IN_REQUEST(in.part), offer_assignees),
		      .missing = "First choose the reviewer: press Down, or type the first letters." } },
	.empty = "No other reviewer may decide this case.",
	.in_fields = true,
	.act = ACT(.verb = VERB_ASSIGN, .did = "Assigned", .ends = " to ", .ending = IN_REQUEST(in.part)),
};

static const struct dialog_form *assign_fill(struct dialog *dialog)
{
	show_holder(dialog);
	DIALOG_THEN(dialog,
		    "The reviewer holds the case, even when idle, until the reviewer or a lead releases it.");
	return &assign_form;
}

const struct dialog_spec assign_dialog = { CASE_DIALOG("Assign", assign_fill), .people = true, .no_draft = true };

static void offer_receivers(struct dialog *dialog, struct input *field)
{
	const struct reviewer_info *person = NULL;
	form_add_item(field, &dialog->arena, REFER_TO_LEAD, "the lead with the fewest cases");
	while ((person = next_person(dialog->answer, person, dialog->context->frame->actor)))
		form_add_item(field, &dialog->arena, person->name,
			      arena_printf(&dialog->arena, "%s, %s", person->name, role_text(person->role)));
}

static const struct dialog_form refer_form = {
	.confirm = "refer it",
	.fields = { { CHOICE_FIELD("to", IN_REQUEST(in.part), offer_receivers),
		      .missing = "First choose the new holder: press Down, or type the first letters." },
		    { REASON_FIELD } },
	.in_fields = true,
	.act = ACT(.verb = VERB_REFER, .did = "Referred", .ends = " to ", .ending = IN_REQUEST(out.part_id)),
};

static const struct dialog_form *refer_fill(struct dialog *dialog)
{
	show_holder(dialog);
	DIALOG_THEN(dialog, "The new holder holds the case until the holder or a lead releases it. The reason, ten "
			    "characters or more, becomes a note.");
	return &refer_form;
}

const struct dialog_spec refer_dialog = { CASE_DIALOG("Refer", refer_fill), .people = true, .no_draft = true };

#define FILED "filed"

const struct suspicion *suspicion_open_of(const struct case_view *view)
{
	for (size_t i = 0; i < view->suspicions.count; i++)
		if (view->suspicions.items[i].closed_at == TIME_NONE)
			return &view->suspicions.items[i];
	return NULL;
}

static const struct dialog_item ends[] = { { FILED, "filed: reported to the authorities" },
					   { "not_filed", "not filed: no report is needed" },
					   { NULL, NULL } };

static bool close_send(struct dialog *dialog, struct job *job)
{
	job->in.filed = dialog_chose(dialog, 0, FILED);
	return true;
}

static const struct dialog_form suspicion_close_form = {
	.confirm = "close it",
	.fields = { { ITEMS_FIELD("as", 0, ends),
		      .missing = "First choose the outcome: press Down, or type the first letters." },
		    { REASON_FIELD } },
	.in_fields = true,
	.act = ACT(.verb = VERB_SUSPICION_CLOSE, .did = "Closed the suspicion on"),
	.send = close_send,
};

static const struct dialog_form *suspicion_close_fill(struct dialog *dialog)
{
	const struct suspicion *open = suspicion_open_of(&dialog->answer->view);
	if (!open)
		return dialog_only_line(dialog, "The case no longer has an open suspicion.");
	dialog_line(dialog, "cause", THEME_TITLE, suspicion_cause_title(open->cause));
	dialog_line(dialog, "due", THEME_TEXT, when_text(&dialog->arena, open->due_at, dialog->context->frame));
	for (size_t i = 0; i < open->entry_count; i++)
		DIALOG_LINE(dialog, "", THEME_TEXT, "%s%s%s",
			    suspicion_entry_text(&dialog->arena, &open->entries[i]),
			    open->entries[i].text[0] ? ": " : "", open->entries[i].text);
	dialog_line(dialog, "", THEME_WARNING,
		    "The hold ends; you cannot approve this case afterwards. Reason: ten characters or more.");
	return &suspicion_close_form;
}

const struct dialog_spec suspicion_close_dialog = { CASE_DIALOG("Close the suspicion on", suspicion_close_fill),
						    .no_draft = true };
