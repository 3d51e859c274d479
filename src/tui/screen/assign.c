/* Assigns a case to a reviewer, until that reviewer or a lead releases it. */
#include "dialogs.h"

#include <string.h>

enum assign_field { ASSIGN_TO };

static void add_people(struct dialog *dialog, struct input *field)
{
	const struct job *answer = dialog->answer;
	const char *holder = answer->view.file.session.assignee;
	size_t capacity = 0;
	for (size_t i = 0; i < answer->people_count; i++) {
		const struct reviewer_info *person = &answer->people[i];
		/* Without a role that may decide, an assignee would only delay the case. */
		if (person->disabled || !role_at_least(person->role, ROLE_REVIEWER) ||
		    !strcmp(person->name, holder))
			continue;
		form_add_item(
			field, &dialog->arena, &capacity,
			(struct input_item){ .code = person->name,
					     .label = arena_printf(&dialog->arena, "%s, %s%s", person->name,
								   role_text(person->role),
								   person->supervised ? ", supervised" : "") });
	}
}

static void assign_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct session *session = &dialog->answer->view.file.session;
	dialog_line(dialog, "now", THEME_TEXT,
		    hold_text(&dialog->arena, session, context->frame->actor, context->frame->now));
	dialog_line(
		dialog, "then", THEME_TEXT,
		"It is theirs until they or a lead let go of it; 30 idle minutes do not end it. It is recorded.");
	if (dialog->form.field_count)
		return;
	form_init(&dialog->form, "assign it", "cancel");
	add_people(dialog, form_add(&dialog->form, INPUT_CHOICE, "to"));
	dialog->form.focus = ASSIGN_TO;
	if (!dialog->form.fields[ASSIGN_TO].item_count)
		dialog_only_line(dialog, "There is nobody else who could decide it.");
}

static const char *whose_it_is(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, ": %s holds it", job->in.part);
}

static const struct ui_action assign_ui_action = { .verb = VERB_ASSIGN, .did = "Assigned", .after = whose_it_is };

static struct job *assign_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	const struct input_item *to = field_chosen(&dialog->form.fields[ASSIGN_TO]);
	if (!to) {
		dialog->problem = "Choose first who is to hold it: Down, or the first letters.";
		return NULL;
	}
	struct job *job = dialog_act(dialog, &assign_ui_action);
	job->in.part = arena_strdup(&job->arena, to->code);
	return job;
}

const struct dialog_spec assign_dialog = { .action = ACTION_APPROVE,
					   .read_only = true,
					   .people = true,
					   .fleeting = true,
					   .asking = "Assign",
					   .fill = assign_fill,
					   .confirm = assign_confirm };
