/* The dialogs that give a reason: rejecting a case, rejecting a document, deciding a hit. */
#include "kybdesk/tui/case_model.h"
#include "workbench.h"

#include <string.h>

enum reject_field { REJECT_REASON, REJECT_MESSAGE, REJECT_RETRYABLE };

static bool only_close(struct dialog *dialog, const struct dialog_context *context)
{
	if (!dialog->answer->preview.blockers.count)
		return false;
	form_release(&dialog->form);
	form_init(&dialog->form, NULL, "close");
	dialog_say(dialog, "", THEME_TITLE, "This cannot be done now:");
	dialog_say_conflicts(dialog, context->frame->mode);
	return true;
}

static void reject_fill(struct dialog *dialog, const struct dialog_context *context)
{
	if (only_close(dialog, context))
		return;
	const struct decide_preview *preview = &dialog->answer->preview;
	const struct session *session = &dialog->answer->view.file.session;
	const struct profile *profile = dialog->answer->view.profile;
	dialog_say(
		dialog, "decision", THEME_DANGER,
		arena_printf(&dialog->arena, "%s → REJECTED", status_title_upper(&dialog->arena, session->status)));
	if (preview->level_to[0] && strcmp(preview->level_from, preview->level_to))
		dialog_say(dialog, "level", THEME_TITLE,
			   arena_printf(&dialog->arena, "%s → %s", preview->level_from, preview->level_to));
	dialog_say_webhook(dialog);
	dialog_say(dialog, "afterwards", THEME_TEXT, context->afterwards);
	if (dialog->form.field_count)
		return;
	form_init(&dialog->form, "reject", "cancel");
	dialog_reason_field(dialog, context, REASONS_SESSION, profile ? profile->session_reasons : NULL,
			    profile ? profile->session_reason_count : 0);
	form_add(&dialog->form, INPUT_TEXT, "message");
	form_add(&dialog->form, INPUT_TOGGLE, "retryable");
}

static const struct reason *chosen_reason(struct dialog *dialog, const struct dialog_context *context,
					  enum reason_set set, size_t field)
{
	const struct input_item *item = field_chosen(&dialog->form.fields[field]);
	return item ? reason_find(context->reasons, set, item->code) : NULL;
}

static void reject_edited(struct dialog *dialog, const struct dialog_context *context)
{
	struct form *form = &dialog->form;
	dialog->after_count = 0;
	if (form->field_count <= REJECT_RETRYABLE)
		return;
	const struct reason *reason = chosen_reason(dialog, context, REASONS_SESSION, REJECT_REASON);
	struct input *message = &form->fields[REJECT_MESSAGE];
	if (form->focus == REJECT_MESSAGE)
		dialog->message_edited = message->editor.text.len > 0;
	bool restricted = reason && reason->disclosure == DISCLOSURE_RESTRICTED;
	message->hidden = form->fields[REJECT_RETRYABLE].hidden = restricted;
	if (form->focus == REJECT_REASON && reason) {
		if (!dialog->message_edited) {
			editor_set(&message->editor, reason->message);
			message->editor.at = 0; /* its beginning is seen */
		}
		form->fields[REJECT_RETRYABLE].on = reason->retryable;
	}
	if (!reason)
		dialog_say_after(dialog, "", THEME_MUTED, "Choose a reason: Tab, then type its first letters.");
	else if (restricted)
		dialog_say_after(
			dialog, "", THEME_WARNING,
			"Restricted: the client and the merchant read only \"other\", and cannot try again.");
	else
		dialog_say_after(dialog, "they read", THEME_MUTED, message->editor.text.buf);
}

static void rejected(struct workbench *workbench, const struct work *work)
{
	answer_decided(workbench, work, "Rejected", UNDO_REJECTION);
}

static const struct deed reject_deed = { .verb = VERB_REJECT, .finish = rejected };

static struct work *reject_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	const struct reason *reason = chosen_reason(dialog, context, REASONS_SESSION, REJECT_REASON);
	if (!reason) {
		dialog->problem = "Choose a reason first: Tab reaches the list.";
		return NULL;
	}
	struct work *work = dialog_act(dialog, &reject_deed);
	work->reason = arena_strdup(&work->arena, reason->code);
	if (reason->disclosure == DISCLOSURE_RESTRICTED)
		return work;
	work->text = arena_strdup(&work->arena, dialog->form.fields[REJECT_MESSAGE].editor.text.buf);
	work->retryable = dialog->form.fields[REJECT_RETRYABLE].on;
	return work;
}

const struct dialog_spec reject_dialog = { .action = ACTION_REJECT,
					   .claims = true,
					   .decides = true,
					   .asking = "Reject",
					   .fill = reject_fill,
					   .edited = reject_edited,
					   .confirm = reject_confirm };

static void document_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct profile *profile = dialog->answer->view.profile;
	const struct document *document = case_document(&dialog->answer->view.file, dialog->item);
	const char *verdict = document ? document_verdict(&dialog->arena, document, context->frame) : "";
	dialog_say(dialog, "document", THEME_TITLE, dialog->item_name);
	dialog_say(dialog, "of", THEME_TEXT, dialog->name);
	if (verdict[0])
		dialog_say(dialog, "now", document->review == REVIEW_ACCEPTED ? THEME_OK : THEME_DANGER, verdict);
	if (dialog->form.field_count)
		return;
	form_init(&dialog->form, "reject it", "cancel");
	dialog_reason_field(dialog, context, REASONS_DOCUMENT, profile ? profile->document_reasons : NULL,
			    profile ? profile->document_reason_count : 0);
	/* All that is asked is why; where a verdict stands, Tab goes there. */
	if (!verdict[0])
		dialog->form.focus = 0;
}

static const char *with_reason(const struct work *work, struct arena *arena)
{
	return arena_printf(arena, ": %s", work->reason);
}

static const struct deed document_reject_deed = {
	.verb = VERB_DOCUMENT_REJECT, .did = "Rejected", .to = "of", .after = with_reason
};

static struct work *document_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	const struct reason *reason = chosen_reason(dialog, context, REASONS_DOCUMENT, 0);
	if (!reason) {
		dialog->problem = "Choose a reason first: Tab reaches the list.";
		return NULL;
	}
	struct work *work = dialog_act(dialog, &document_reject_deed);
	work->reason = arena_strdup(&work->arena, reason->code);
	work->text = arena_strdup(&work->arena, dialog->item_name);
	return work;
}

const struct dialog_spec document_reject_dialog = { .action = ACTION_APPROVE,
						    .claims = false,
						    .look_only = true,
						    .asking = "Reject a document of",
						    .fill = document_fill,
						    .edited = NULL,
						    .confirm = document_confirm };

enum hit_field { HIT_OUTCOME, HIT_REASON, HIT_NOTE };
#define ACCEPTED_CODE "accepted"

/* The verdict that stands, whose place another takes; "" none. */
static const char *hit_verdict(struct arena *arena, const struct hit *hit, const struct frame *frame)
{
	static const char *const words[] = { [HIT_OPEN] = "",
					     [HIT_TRUE_MATCH] = "a true match",
					     [HIT_FALSE_POSITIVE] = "a false positive",
					     [HIT_ACCEPTED] = "a confirmed match, accepted" };
	const char *when = when_text(arena, hit->resolved_at, frame->now, frame->clock_offset_minutes);
	if (hit->state == HIT_OPEN)
		return "";
	return arena_printf(arena, "%s, says %s%s%s: %s", words[hit->state], hit->resolved_by, when[0] ? ", " : "",
			    when, hit->reason);
}

/* As the desk will say, too: sanctions are never accepted. */
static bool may_be_accepted(const struct hit *hit, const struct frame *frame)
{
	return hit && hit->class_ != HIT_SANCTIONS && hit->standing.stands &&
	       (hit->state == HIT_TRUE_MATCH || hit->state == HIT_ACCEPTED) &&
	       role_at_least(frame->role, use_cases[VERB_HIT_ACCEPT].role);
}

static void hit_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct check *check = NULL;
	const struct hit *hit = case_hit(&dialog->answer->view.file, dialog->item, &check);
	dialog_say(dialog, "hit", THEME_TITLE, dialog->item_name);
	if (hit) {
		dialog_say(dialog, "list", THEME_TEXT,
			   hit->score < 0 ? hit->list
					  : arena_printf(&dialog->arena, "%s, score %.2f", hit->list, hit->score));
		if (strcmp(hit->detail_json, "{}") && strcmp(hit->detail_json, "null"))
			dialog_say(dialog, "detail", THEME_MUTED, hit->detail_json);
	}
	const char *verdict = hit ? hit_verdict(&dialog->arena, hit, context->frame) : "";
	if (verdict[0])
		dialog_say(dialog, "now", THEME_DANGER, verdict);
	const struct subject *subject = &dialog->answer->view.file.session.subject;
	dialog_say(dialog, "against", THEME_TEXT,
		   arena_printf(&dialog->arena, "%s%s%s%s%s", subject->name, subject->country[0] ? ", " : "",
				subject->country, subject->date_of_birth[0] ? ", born " : "",
				subject->date_of_birth));
	if (dialog->form.field_count)
		return;
	size_t capacity = 0;
	form_init(&dialog->form, "decide", "cancel");
	struct input *outcome = form_add(&dialog->form, INPUT_CHOICE, "it is a");
	form_add_item(outcome, &dialog->arena, &capacity,
		      (struct input_item){ .code = "false_positive", .label = "false positive: somebody else" });
	form_add_item(
		outcome, &dialog->arena, &capacity,
		(struct input_item){ .code = "true_match", .label = "true match: the same person or company" });
	if (may_be_accepted(hit, context->frame))
		form_add_item(outcome, &dialog->arena, &capacity,
			      (struct input_item){ .code = ACCEPTED_CODE,
						   .label = "confirmed match that is accepted, with a reason" });
	dialog_reason_field(dialog, context, REASONS_HIT, NULL, 0);
	form_add(&dialog->form, INPUT_TEXT, "note");
}

static bool is_acceptance(const struct dialog *dialog)
{
	const struct input_item *outcome = field_chosen(&dialog->form.fields[HIT_OUTCOME]);
	return outcome && !strcmp(outcome->code, ACCEPTED_CODE);
}

static void hit_edited(struct dialog *dialog, const struct dialog_context *context)
{
	(void)context;
	dialog->after_count = 0;
	if (dialog->form.field_count <= HIT_NOTE)
		return;
	dialog->form.fields[HIT_REASON].hidden = is_acceptance(dialog);
	dialog->form.fields[HIT_NOTE].label = is_acceptance(dialog) ? "reason" : "note";
	const struct input_item *outcome = field_chosen(&dialog->form.fields[HIT_OUTCOME]);
	const struct hit *hit = case_hit(&dialog->answer->view.file, dialog->item, NULL);
	bool confirmed = hit && (hit->state == HIT_TRUE_MATCH || hit->state == HIT_ACCEPTED);
	if (confirmed && outcome && !strcmp(outcome->code, "false_positive"))
		dialog_say_after(dialog, "", THEME_WARNING,
				 "A confirmed match is turned: the note says why, in ten characters or more.");
	if (is_acceptance(dialog))
		dialog_say_after(
			dialog, "", THEME_WARNING,
			"The house takes this person on, knowing who it is: why, in ten characters or more.");
}

static const char *hit_words(const struct work *work, struct arena *arena)
{
	return arena_printf(arena, "%s is a %s, at", work->text, work->match ? "true match" : "false positive");
}

static const struct deed hit_resolve_deed = { .verb = VERB_HIT_RESOLVE, .words = hit_words };
static const struct deed hit_accept_deed = { .verb = VERB_HIT_ACCEPT, .did = "Accepted the match", .to = "of" };

static struct work *hit_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	const struct input_item *outcome = field_chosen(&dialog->form.fields[HIT_OUTCOME]);
	const struct reason *reason = chosen_reason(dialog, context, REASONS_HIT, HIT_REASON);
	if (is_acceptance(dialog)) {
		struct work *work = dialog_act(dialog, &hit_accept_deed);
		work->reason = arena_strdup(&work->arena, dialog_typed(dialog, HIT_NOTE));
		work->text = arena_strdup(&work->arena, dialog->item_name);
		return work;
	}
	if (!outcome || !reason) {
		dialog->problem = outcome ? "Choose a reason first: Tab reaches the list."
					  : "Choose first whether it is a match: Tab reaches the list.";
		return NULL;
	}
	struct work *work = dialog_act(dialog, &hit_resolve_deed);
	work->match = !strcmp(outcome->code, "true_match");
	work->reason = arena_strdup(&work->arena, reason->code);
	work->note = arena_strdup(&work->arena, dialog->form.fields[HIT_NOTE].editor.text.buf);
	work->text = arena_strdup(&work->arena, dialog->item_name);
	return work;
}

const struct dialog_spec hit_dialog = { .action = ACTION_APPROVE,
					.claims = false,
					.look_only = true,
					.asking = "Decide a hit of",
					.fill = hit_fill,
					.edited = hit_edited,
					.confirm = hit_confirm };
