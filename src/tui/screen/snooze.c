/* Hides a case from the queue until a day, or restores it. */
#include "workbench.h"

#include <string.h>

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)

enum snooze_field { SNOOZE_UNTIL, SNOOZE_REASON };

bool when_days(const char *text, int64_t *days)
{
	*days = 0;
	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9' || *days > 100000)
			return false;
		*days = *days * 10 + (*c - '0');
	}
	return true;
}

bool when_until(const char *text, int64_t now, int64_t *until)
{
	struct error error = { 0 };
	char digits[8];
	size_t length = strspn(text, "0123456789"), rest = strspn(text + length, " ");
	int64_t days;
	if (length && length < sizeof digits &&
	    (!text[length] || !strcmp(text + length + rest, "d") || !strcmp(text + length + rest, "days"))) {
		memcpy(digits, text, length);
		digits[length] = '\0';
		if (!when_days(digits, &days) || !days)
			return false;
		*until = now + days * DAY_MS;
		return true;
	}
	bool valid = time_parse(text, true, until, &error) == ERR_OK;
	error_release(&error);
	return valid;
}

static void snooze_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct session *session = &dialog->answer->view.file.session;
	if (session->snoozed_until != TIME_NONE && session->snoozed_until > context->frame->now) {
		dialog_line(dialog, "until", THEME_TITLE,
			    when_text(&dialog->arena, session->snoozed_until, context->frame->now,
				      context->frame->clock_offset_minutes));
		dialog_line(dialog, "by", THEME_TEXT, session->snoozed_by);
		dialog_line(dialog, "because", THEME_TEXT, session->snooze_reason);
		dialog_line(dialog, "then", THEME_TEXT, "It comes back to the queue now.");
		if (!dialog->form.confirm)
			form_init(&dialog->form, "wake it", "cancel");
		return;
	}
	dialog_line(
		dialog, "then", THEME_TEXT,
		"It leaves the queue and your hands, and comes back on that day, or before when what it waits for "
		"changes.");
	if (dialog->form.field_count)
		return;
	form_init(&dialog->form, "snooze", "cancel");
	form_add(&dialog->form, INPUT_TEXT, "until");
	form_add(&dialog->form, INPUT_TEXT, "reason");
}

static void snooze_edited(struct dialog *dialog, const struct dialog_context *context)
{
	int64_t until;
	dialog->after_count = 0;
	if (dialog->form.field_count <= SNOOZE_REASON)
		return;
	const char *text = dialog_typed(dialog, SNOOZE_UNTIL);
	if (!text[0])
		dialog_line_after(
			dialog, "", THEME_MUTED,
			"Until: a number of days, or a date like 2026-12-01. The reason: ten characters.");
	else if (!when_until(text, context->frame->now, &until))
		dialog_line_after(dialog, "until", THEME_DANGER, "Write days, like 3, or a date, like 2026-12-01.");
	else
		dialog_line_after(dialog, "until", THEME_TEXT,
				  when_text(&dialog->arena, until, context->frame->now,
					    context->frame->clock_offset_minutes));
}

static const struct ui_action snooze_ui_action = { .verb = VERB_SNOOZE, .did = "Snoozed" };

static const struct ui_action wake_ui_action = { .verb = VERB_WAKE, .did = "Back in the queue:" };

static struct job *snooze_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	int64_t until;
	if (!dialog->form.field_count)
		return dialog_act(dialog, &wake_ui_action);
	if (!when_until(dialog_typed(dialog, SNOOZE_UNTIL), context->frame->now, &until)) {
		dialog->problem = "Say until when first: days, like 3, or a date, like 2026-12-01.";
		return NULL;
	}
	struct job *job = dialog_act(dialog, &snooze_ui_action);
	job->in.reason = arena_strdup(&job->arena, dialog_typed(dialog, SNOOZE_REASON));
	job->in.until = until;
	return job;
}

const struct dialog_spec snooze_dialog = { .action = ACTION_APPROVE,
					   .read_only = true,
					   .asking = "Snooze",
					   .fill = snooze_fill,
					   .edited = snooze_edited,
					   .confirm = snooze_confirm };
