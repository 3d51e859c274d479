/* The dialog to approve: conditions, consequences, an optional note. */
#include "workbench.h"

/* Whether approval is permanently impossible, because a confirmed sanctions match is never accepted. The text then
 * omits "yet". */
static bool is_approval_impossible(const struct dialog *dialog)
{
	const struct blockers *blockers = &dialog->answer->preview.blockers;
	for (size_t i = 0; i < blockers->count; i++) {
		const struct check *check = NULL;
		const struct hit *hit = case_hit(&dialog->answer->view.file, blockers->items[i].ref, &check);
		if (hit && hit->state == HIT_TRUE_MATCH && hit->class_ == HIT_SANCTIONS)
			return true;
	}
	return false;
}

static void approved(struct workbench *workbench, const struct job *job)
{
	bool first = job->out.part == APPROVAL_FIRST;
	announce_decided_case(workbench, job, first ? "Recorded the first approval of" : "Approved",
			      first ? "" : UNDO_APPROVAL);
}

static const struct dialog_form approve_form = {
	.confirm = "approve",
	.fields = { { TEXT_FIELD("note", IN_REQUEST(in.note)) } },
	.act = ACT(.verb = VERB_APPROVE, .finish = approved),
};

/* Adds lines if two people must approve. True: this would be the first approval, without further effects. */
static bool approval_lines(struct dialog *dialog)
{
	const struct decide_preview *preview = &dialog->answer->preview;
	const struct first_approval *first = preview->first;
	if (first && *first->changed)
		DIALOG_LINE(dialog, "first", THEME_WARNING, "%s, no longer counts: %s",
			    first_approval_text(&dialog->arena, first), first->changed);
	else if (first)
		DIALOG_LINE(dialog, "first", THEME_TEXT, "%s", first_approval_text(&dialog->arena, first));
	if (preview->part == APPROVAL_SECOND)
		dialog_line(dialog, "yours", THEME_TEXT, "is the second approval: the case is approved");
	if (preview->part != APPROVAL_FIRST)
		return false;
	dialog_line(dialog, "yours", THEME_TEXT,
		    "is the first of two approvals: status unchanged, nothing is sent");
	dialog_line(dialog, "", THEME_TEXT,
		    "A second person must approve. Any change to the case voids your approval.");
	return true;
}

static const struct dialog_form *approve_fill(struct dialog *dialog)
{
	const struct decide_preview *preview = &dialog->answer->preview;
	size_t count = preview->blockers.count;
	if (count) {
		DIALOG_LINE(dialog, "", THEME_TITLE,
			    count == 1 ? "The case cannot be approved%s. One condition is not met:"
				       : "The case cannot be approved%s. %zu conditions are not met:",
			    is_approval_impossible(dialog) ? "" : " yet", count);
		dialog_conflicts(dialog);
		dialog_line(dialog, "", THEME_TEXT, "");
		dialog_line(dialog, "", THEME_MUTED,
			    "In the case, Enter on a condition opens its fix or goes to its row.");
		return NULL;
	}
	DIALOG_LINE(dialog, "", THEME_TEXT, "All %zu conditions are met by version %lld of the case.",
		    preview->checklist_count, (long long)preview->version);
	dialog_line(dialog, "", THEME_TEXT, "");
	if (preview->rationale_words)
		DIALOG_LINE(dialog, "note", THEME_WARNING,
			    "required: %zu or more different words, since the risk is high",
			    preview->rationale_words);
	if (approval_lines(dialog))
		return &approve_form;
	if (!dialog_level(dialog))
		dialog_line(dialog, "level", THEME_TEXT, "unchanged");
	dialog_effects(dialog);
	return &approve_form;
}

const struct dialog_spec approve_dialog = {
	.action = ACTION_APPROVE, .claims = true, .decides = true, .asking = "Approve", .fill = approve_fill
};

static enum err take_over(struct desk *desk, struct job *job)
{
	job->in.part = desk_actor(desk);
	return desk_do(desk, &job->arena, &job->in, &job->out, &job->error);
}

/* Continues the action that needed the claim, wherever the cursor is now. */
static void taken_over(struct workbench *workbench, const struct job *job)
{
	struct dialog *dialog = dialog_of_request(workbench, job);
	if (!dialog)
		return;
	announce_done(workbench, "You hold", dialog->name, dialog_reference(dialog), "");
	if (dialog->then)
		decide_open_following(workbench, dialog);
	else
		decide_close(workbench);
}

static const struct dialog_form take_over_form = {
	.confirm = "take over",
	.act = ACT(.verb = VERB_ASSIGN, .run = take_over, .finish = taken_over),
};

/* Dialog for a lead to take a case over from its holder. */
static const struct dialog_form *take_over_fill(struct dialog *dialog)
{
	dialog_line(dialog, "", THEME_TEXT, dialog->answer->claim_message);
	dialog_line(dialog, "", THEME_TEXT, "");
	dialog_line(
		dialog, "", THEME_TEXT,
		"As a lead you can take over the case. Its holder sees this at once; the audit log records it.");
	return &take_over_form;
}

const struct dialog_spec take_over_dialog = { CASE_DIALOG("Take over", take_over_fill), .claims = true,
					      .no_draft = true };
