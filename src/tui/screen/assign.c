/* Assigns a case to a reviewer, until that reviewer or a lead releases it. */
#include "dialogs.h"

#include <string.h>

static void offer_people(struct dialog *dialog, struct input *field)
{
	const struct job *answer = dialog->answer;
	const char *holder = answer->view.file.session.assignee;
	for (size_t i = 0; i < answer->people_count; i++) {
		const struct reviewer_info *person = &answer->people[i];
		/* Without a role that may decide, an assignee would only delay the case. */
		if (person->disabled || !role_at_least(person->role, ROLE_REVIEWER) ||
		    !strcmp(person->name, holder))
			continue;
		form_add_item(field, &dialog->arena, person->name,
			      arena_printf(&dialog->arena, "%s, %s%s", person->name, role_text(person->role),
					   person->supervised ? ", supervised" : ""));
	}
}

static const char *holder_text(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, " to %s", job->in.part);
}

static const struct dialog_form assign_form = {
	.confirm = "assign it",
	.fields = { { .kind = INPUT_CHOICE,
		      .label = "to",
		      .into = IN_REQUEST(in.part),
		      .missing = "First choose the reviewer: press Down, or type the first letters.",
		      .offer = offer_people } },
	.empty = "No other reviewer may decide this case.",
	.in_fields = true,
	.act = ACT(.verb = VERB_ASSIGN, .did = "Assigned", .after = holder_text),
};

static const struct dialog_form *assign_fill(struct dialog *dialog)
{
	const struct frame *frame = dialog->context->frame;
	dialog_line(dialog, "now", THEME_TEXT,
		    hold_text(&dialog->arena, &dialog->answer->view.file.session, frame->actor, frame->now));
	dialog_line(dialog, "then", THEME_TEXT,
		    "The reviewer holds the case, even when idle, until the reviewer or a lead releases it.");
	return &assign_form;
}

const struct dialog_spec assign_dialog = {
	.read_only = true, .people = true, .no_draft = true, .asking = "Assign", .fill = assign_fill
};
