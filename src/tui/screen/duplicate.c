/* The dialog that compares two cases with possibly the same applicant, to dismiss the duplicate or link the cases. */
#include "workbench.h"

#include <string.h>

enum duplicate_field { DUPLICATE_FOUND, DUPLICATE_REASON };
#define SAME_CODE "same"

static const char *link_words(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, "Linked as the same applicant: %s and", job->in.text);
}

static const struct ui_action link_ui_action = { .verb = VERB_DUPLICATE_LINK, .words = link_words };

static bool duplicate_send(struct dialog *dialog, struct job *job)
{
	const struct duplicate *other = case_duplicate(&dialog->answer->view, dialog->item);
	job->in.text = arena_strdup(&job->arena, other ? other->name : "");
	if (dialog_chose(dialog, DUPLICATE_FOUND, SAME_CODE))
		job_take_ui_action(job, &link_ui_action);
	return true;
}

static const struct dialog_item findings[] = { { "other", "two different applicants: not a duplicate" },
					       { SAME_CODE, "the same applicant: both cases show the link" },
					       { NULL, NULL } };

static const struct dialog_form duplicate_form = {
	.confirm = "record it",
	.fields = { [DUPLICATE_FOUND] = { ITEMS_FIELD("they are", 0, findings),
					  .missing =
						  "First choose whether the applicant is the same: Tab reaches the "
						  "list." },
		    [DUPLICATE_REASON] = { REASON_FIELD } },
	.act = ACT(.verb = VERB_DUPLICATE_DISMISS, .did = "Not the same applicant:", .to = "and"),
	.send = duplicate_send,
};

static void add_pair(struct dialog *dialog, const char *label, const struct pair_line *line)
{
	enum text_mode mode = dialog->context->frame->mode;
	const char *nothing = glyph_text(mode, GLYPH_DASH);
	dialog_add_columns(dialog,
			   &(const struct dialog_line){ .label = label,
							.text = line->here[0] ? line->here : nothing,
							.role = line->same ? THEME_WARNING : THEME_TEXT,
							.mark = line->same ? glyph_text(mode, GLYPH_SAME) : "",
							.mark_role = THEME_WARNING,
							.beside = line->there[0] ? line->there : nothing });
}

/* Shows rejections of the other case, also undone ones. */
static void add_rejections(struct dialog *dialog, const struct duplicate *other)
{
	for (size_t i = 0; i < other->rejection_count; i++)
		if (other->rejections[i][0])
			DIALOG_LINE(dialog, i ? "" : "rejected", THEME_DANGER, "%s",
				    hit_reason_text(dialog->context->reasons, other->rejections[i]));
}

static void add_earlier(struct dialog *dialog, const struct duplicate *other)
{
	if (other->dismissed_by[0])
		DIALOG_LINE(dialog, "before", THEME_TEXT, "%s by %s: %s",
			    duplicate_is_linked(other) ? "linked as the same applicant" : "dismissed",
			    other->dismissed_by, other->dismissed_reason);
}

static const struct dialog_form *duplicate_fill(struct dialog *dialog)
{
	const struct duplicate *other = case_duplicate(&dialog->answer->view, dialog->item);
	const struct duplicate_view *view = &dialog->answer->twin;
	if (!other)
		return dialog_only_line(dialog, "The two cases no longer share any value.");
	dialog_line(dialog, "the same", THEME_WARNING, duplicate_same(&dialog->arena, other->same));
	dialog_add_columns(dialog, &(const struct dialog_line){ .label = "compare",
								.text = "this case",
								.role = THEME_TITLE,
								.mark = "",
								.beside = "the other case" });
	for (size_t i = 0; i < view->card.count; i++) {
		const struct pair_line *line = &view->card.lines[i];
		bool repeated = i && !strcmp(line->label, view->card.lines[i - 1].label);
		add_pair(dialog, repeated ? "" : line->label, line);
	}
	add_rejections(dialog, other);
	add_earlier(dialog, other);
	DIALOG_LINE(dialog, "", THEME_MUTED, "On a button, %c opens the other case.%s", OTHER_LETTER,
		    view->masked ? " Personal data is masked." : "");
	return &duplicate_form;
}

static const char *duplicate_other(const struct dialog *dialog, const char **name)
{
	const struct duplicate *other = case_duplicate(&dialog->answer->view, dialog->item);
	*name = other ? other->name : "";
	return other ? other->id : NULL;
}

const struct dialog_spec duplicate_dialog = { CASE_DIALOG("Possible duplicate of", duplicate_fill), .twin = true,
					      .other = duplicate_other };
