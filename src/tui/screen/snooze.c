/* Hides a case from the queue until a day, or restores it. */
#include "workbench.h"

#include <string.h>

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)

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

static bool snooze_send(struct dialog *dialog, struct job *job)
{
	return when_until(dialog_typed(dialog, 0), dialog->context->frame->now, &job->in.until) ||
	       dialog_refuse(dialog,
			     "First enter the end of the snooze: days, like 3, or a date, like 2026-12-01.");
}

static const struct dialog_form snooze_form = {
	.confirm = "snooze",
	.fields = { { TEXT_FIELD("until", 0) }, { REASON_FIELD } },
	.act = ACT(.verb = VERB_SNOOZE, .did = "Snoozed"),
	.send = snooze_send,
};
static const struct dialog_form wake_form = {
	.confirm = "end snooze",
	.act = ACT(.verb = VERB_WAKE, .did = "Back in the queue:"),
};

static const struct dialog_form *snooze_fill(struct dialog *dialog)
{
	const struct session *session = &dialog->answer->view.file.session;
	const struct frame *frame = dialog->context->frame;
	if (session->snoozed_until != TIME_NONE && session->snoozed_until > frame->now) {
		dialog_line(dialog, "until", THEME_TITLE, when_text(&dialog->arena, session->snoozed_until, frame));
		dialog_line(dialog, "by", THEME_TEXT, session->snoozed_by);
		dialog_line(dialog, "because", THEME_TEXT, session->snooze_reason);
		DIALOG_THEN(dialog, "The case returns to the queue now.");
		return &wake_form;
	}
	DIALOG_THEN(dialog, "The case is released and hidden until that day, or until an awaited change happens.");
	return &snooze_form;
}

static void snooze_edited(struct dialog *dialog)
{
	const struct frame *frame = dialog->context->frame;
	const char *text = dialog_typed(dialog, 0);
	int64_t until;
	if (!text[0])
		DIALOG_HINT(dialog,
			    "Until: a number of days, or a date like 2026-12-01. Reason: ten characters or more.");
	else if (!when_until(text, frame->now, &until))
		dialog_line_below(dialog, "until", THEME_DANGER, "Write days, like 3, or a date, like 2026-12-01.");
	else
		dialog_line_below(dialog, "until", THEME_TEXT, when_text(&dialog->arena, until, frame));
}

const struct dialog_spec snooze_dialog = { CASE_DIALOG("Snooze", snooze_fill), .edited = snooze_edited };
