/* Dialogs: referring a case to another reviewer, and closing a suspicion. Their texts are not kept as drafts. */
#include "dialogs.h"
#include "kybdesk/desk/claim.h"

#include <string.h>

static void offer_receivers(struct dialog *dialog, struct input *field)
{
	const struct job *answer = dialog->answer;
	form_add_item(field, &dialog->arena, REFER_TO_LEAD, "the lead with the fewest cases");
	for (size_t i = 0; i < answer->people_count; i++) {
		const struct reviewer_info *person = &answer->people[i];
		if (!person->disabled && role_at_least(person->role, ROLE_REVIEWER) &&
		    strcmp(person->name, dialog->context->frame->actor) != 0)
			form_add_item(
				field, &dialog->arena, person->name,
				arena_printf(&dialog->arena, "%s, %s", person->name, role_text(person->role)));
	}
}

static const char *receiver_text(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, " to %s", job->out.part_id);
}

static const struct dialog_form refer_form = {
	.confirm = "refer it",
	.fields = { { .kind = INPUT_CHOICE,
		      .label = "to",
		      .into = IN_REQUEST(in.part),
		      .missing = "First choose the new holder: press Down, or type the first letters.",
		      .offer = offer_receivers },
		    REASON_FIELD },
	.in_fields = true,
	.act = ACT(.verb = VERB_REFER, .did = "Referred", .after = receiver_text),
};

static const struct dialog_form *refer_fill(struct dialog *dialog)
{
	const struct frame *frame = dialog->context->frame;
	dialog_line(dialog, "now", THEME_TEXT,
		    hold_text(&dialog->arena, &dialog->answer->view.file.session, frame->actor, frame->now));
	dialog_line(dialog, "then", THEME_TEXT,
		    "The new holder holds the case until the holder or a lead releases it. The reason, ten "
		    "characters or more, becomes a note.");
	return &refer_form;
}

const struct dialog_spec refer_dialog = {
	.read_only = true, .people = true, .no_draft = true, .asking = "Refer", .fill = refer_fill
};

#define FILED "filed"

const struct suspicion *suspicion_open_of(const struct case_view *view)
{
	for (size_t i = 0; i < view->suspicions.count; i++)
		if (view->suspicions.items[i].closed_at == TIME_NONE)
			return &view->suspicions.items[i];
	return NULL;
}

static void offer_ends(struct dialog *dialog, struct input *field)
{
	form_add_item(field, &dialog->arena, FILED, "filed: reported to the authorities");
	form_add_item(field, &dialog->arena, "not_filed", "not filed: no report is needed");
}

static bool close_send(struct dialog *dialog, struct job *job)
{
	job->in.filed = dialog_chose(dialog, 0, FILED);
	return true;
}

static const struct dialog_form suspicion_close_form = {
	.confirm = "close it",
	.fields = { { .kind = INPUT_CHOICE,
		      .label = "as",
		      .missing = "First choose the outcome: press Down, or type the first letters.",
		      .offer = offer_ends },
		    REASON_FIELD },
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

const struct dialog_spec suspicion_close_dialog = {
	.read_only = true, .no_draft = true, .asking = "Close the suspicion on", .fill = suspicion_close_fill
};
