/* What the reader brings back, put where it belongs. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

/* Each take_…() says whether it kept the answer; what nobody kept is freed in one place, workbench_answer(). */
static bool take_counts(struct workbench *workbench, struct work *answer)
{
	if (answer->status)
		return false;
	workbench->frame.counts = answer->counts;
	workbench->frame.counts_known = true;
	if (workbench->held)
		parties_tell_held(workbench, workbench->held, answer);
	work_free(workbench->held);
	workbench->held = answer;
	return true;
}

static bool take_list(struct workbench *workbench, struct work *answer)
{
	if (answer->ticket != workbench->queue.ticket) /* something else is asked for by now */
		return false;
	free(workbench->list_problem);
	workbench->list_problem = answer->status ? xstrdup(answer->error.message) : NULL;
	workbench->inbox.slow = false;
	if (!queue_answer(&workbench->queue, answer))
		return false;
	inbox_rest(workbench);
	return true;
}

static bool take_preview(struct workbench *workbench, struct work *answer)
{
	const struct session_item *item = queue_current(&workbench->queue);
	if (answer->status || !item || strcmp(item->id, answer->view.file.session.id))
		return false;
	work_free(workbench->preview);
	workbench->preview = answer;
	return true;
}

static bool take_case(struct workbench *workbench, struct work *answer)
{
	struct case_screen *screen = top_case(workbench);
	if (!screen || screen->ticket != answer->ticket)
		return false;
	free(screen->problem);
	screen->problem = NULL;
	if (answer->status && answer->reveal)
		status_set(&workbench->status, STATUS_BAD, "%s", answer->error.message);
	else if (answer->status)
		screen->problem = xstrdup(answer->error.message);
	if (answer->status)
		return false;
	const struct case_view *old = case_model_view(&screen->model);
	if (old && !old->masked && answer->view.masked)
		status_set(&workbench->status, STATUS_PLAIN,
			   "The case was read again: personal data is masked; R reveals it");
	if (old && parties_became_complete(old, &answer->view))
		parties_tell(workbench, answer->view.file.session.subject.name,
			     answer->view.file.session.external_ref);
	free(screen->name);
	screen->name = xstrdup(answer->view.file.session.subject.name);
	case_model_answer(&screen->model, answer, &workbench->frame);
	return true;
}

/* "webhook to northwind-pay in 10 s", and the like; in the arena. */
static const char *webhook_part(struct arena *arena, const struct work *work)
{
	const struct use_out *result = &work->out;
	if (!result->event[0])
		return "";
	if (!result->deliveries)
		return arena_printf(arena, " · no webhook endpoint at %s", work->merchant);
	int64_t seconds = result->undo_until == TIME_NONE ? 0 : (result->undo_until - work->now + 999) / 1000;
	if (seconds <= 0)
		return arena_printf(arena, " · webhook to %s now", work->merchant);
	return arena_printf(arena, " · webhook to %s in %lld s", work->merchant, (long long)seconds);
}

static const char *level_part(struct arena *arena, const struct use_out *result)
{
	if (!result->level_to[0] || !strcmp(result->level_from, result->level_to))
		return "";
	return arena_printf(arena, " · %s → %s", result->level_from, result->level_to);
}

static void announce(struct workbench *workbench, const struct work *work, const char *done, const char *what)
{
	struct arena arena = ARENA_INIT;
	const struct use_out *result = &work->out;
	const char *level = level_part(&arena, result), *webhook = webhook_part(&arena, work);
	struct undoable undoable = { .until = result->undo_until, .what = what };
	tell(workbench, done, work->name, work->reference, arena_printf(&arena, "%s%s", level, webhook));
	undoable.name = arena_strdup(&arena, work->name);
	undoable.reference = arena_strdup(&arena, work->reference);
	memcpy(undoable.id, result->id, strlen(result->id) + 1);
	if (workbench->case_count >= 2) {
		const char *parent = workbench->cases[workbench->case_count - 2]->id;
		memcpy(undoable.parent, parent, strlen(parent) + 1);
	}
	status_undo_add(&workbench->status, &undoable);
	arena_release(&arena);
}

/* The dialog that sent the deed, as long as it is there: another one that was opened since is none of its business. */
static struct dialog *asker(const struct workbench *workbench, const struct work *work)
{
	struct dialog *dialog = workbench->dialog;
	return dialog && dialog->state == DIALOG_DECIDING && dialog->ticket == work->ticket ? dialog : NULL;
}

static void close_asker(struct workbench *workbench, const struct work *work)
{
	if (asker(workbench, work))
		decide_close(workbench);
}

/* Back to the parent of a party's case; otherwise to the next most urgent case, or the inbox. */
static void go_on(struct workbench *workbench, const struct work *work)
{
	close_asker(workbench, work);
	if (workbench->case_count >= 2) {
		case_close(workbench);
		return;
	}
	if (!work->next_id[0]) {
		case_close_all(workbench);
		return;
	}
	walk_found(workbench, work);
}

static void undone(struct workbench *workbench, const struct work *work)
{
	struct arena arena = ARENA_INIT;
	struct status *status = &workbench->status;
	const struct use_out *result = &work->out;
	char parent[UUID_TEXT_SIZE] = "";
	for (size_t i = 0; i < status->undo_count; i++)
		if (!strcmp(status->undo[i].id, result->id))
			memcpy(parent, status->undo[i].parent, sizeof parent);
	bool parent_open = parent[0] && workbench->case_count && !strcmp(top_case(workbench)->id, parent);
	bool here = workbench->case_count && !strcmp(top_case(workbench)->id, result->id);
	const char *level =
		result->level_to[0] ? arena_printf(&arena, " · the level is %s again", result->level_to) : "";
	tell(workbench, arena_printf(&arena, "Undone: %s of", work->what), work->name, work->reference,
	     arena_printf(&arena, "%s · nothing was sent", level));
	status_undo_drop(status, result->id);
	close_asker(workbench, work);
	if (!here)
		case_open(workbench, result->id, work->name, parent_open);
	arena_release(&arena);
}

static void act_failed(struct workbench *workbench, struct work *work)
{
	struct dialog *dialog = asker(workbench, work);
	const char *message = work->error.message ? work->error.message : "It failed";
	if (work->act == ACT_NEXT && work->status == ERR_NOT_FOUND) {
		walk_ended(workbench);
		return;
	}
	if (work->act == ACT_UNDO)
		status_undo_drop(&workbench->status, work->id);
	if (!dialog) {
		status_set(&workbench->status, STATUS_BAD, "%s", message);
		return;
	}
	dialog_fail(dialog, message);
	/* The case is not as it was when the dialog showed it: it is asked for again, what was written stays. */
	if (work->status == ERR_CONFLICT || work->status == ERR_BLOCKED)
		reader_ask(workbench->reader, dialog_ask(dialog, next_ticket(workbench)));
}

static void after_take_over(struct workbench *workbench, const struct work *work)
{
	struct dialog *dialog = asker(workbench, work);
	if (!dialog || dialog->kind != DIALOG_TAKE_OVER)
		return;
	enum dialog_kind then = dialog->then;
	tell(workbench, "You hold", dialog->name, dialog_reference(dialog), "");
	if (then == DIALOG_TAKE_OVER)
		decide_close(workbench);
	else /* about the case that was taken over, wherever the cursor is by now */
		decide_open_on(workbench, then, work->id, work->name);
}

/* What was done, up to the name of the case. "" of those that say it otherwise. */
static const char *done_words(const struct work *work, struct arena *arena)
{
	switch (work->act) {
	case ACT_CHECK_WAIVE:
		return arena_printf(arena, "Waived %s of", work->text[0] ? work->text : work->item);
	case ACT_PARTY_ADD:
		return arena_printf(arena, "Declared %s in", work->text);
	case ACT_PARTY_COPY:
		return arena_printf(arena, "Declared %s, with the KYC made before, in", work->text);
	case ACT_PARTY_EDIT:
		return arena_printf(arena, "Saved %s in", work->text);
	case ACT_PARTY_REMOVE:
		return arena_printf(arena, "Removed %s from", work->text);
	case ACT_PARTY_VERIFY:
		return arena_printf(arena, "Verified elsewhere: %s of", work->text);
	case ACT_PARTY_UNVERIFY:
		return arena_printf(arena, "Not verified elsewhere any more: %s of", work->text);
	case ACT_GAP:
		return arena_printf(arena, "Undeclared ownership is %s in", work->reason);
	case ACT_DUPLICATE_DISMISS:
		return arena_printf(arena, "Dismissed as another application: %s, beside", work->text);
	case ACT_SNOOZE:
		return "Snoozed";
	case ACT_SNOOZE_END:
		return "Back in the queue:";
	case ACT_CLAIM:
		return "You hold";
	case ACT_RELEASE:
		return "Nobody holds now:";
	case ACT_NOTE:
		return "The note is saved on";
	case ACT_DOCUMENT_ACCEPT:
		return arena_printf(arena, "Accepted %s of", work->text);
	case ACT_DOCUMENT_REJECT:
		return arena_printf(arena, "Rejected %s of", work->text);
	case ACT_HIT_ACCEPT:
		return arena_printf(arena, "Accepted the match %s of", work->text);
	case ACT_HIT_RESOLVE:
		return arena_printf(arena, "%s is a %s, at", work->text,
				    work->match ? "true match" : "false positive");
	case ACT_CORRECTION_ACCEPT:
		return arena_printf(arena, "Accepted the correction of %s in", work->text);
	case ACT_PARTY_KYC:
		return arena_printf(arena, "%s has a KYC session now, in", work->text);
	case ACT_VERB:
		return work->what;
	case ACT_DELETE:
		return "Deleted";
	case ACT_KYC_REMOVE:
		return arena_printf(arena, "Removed the KYC session of %s from", work->text);
	case ACT_SAVE:
		return arena_printf(arena, "Saved %s of", work->text);
	case ACT_ADD:
		return arena_printf(arena, "Added %s to", work->text);
	case ACT_STEP:
		return arena_printf(arena, "Changed the step %s of", work->text);
	case ACT_TAKE_OVER:
	case ACT_NEXT:
	case ACT_APPROVE:
	case ACT_REJECT:
	case ACT_CORRECTIONS:
	case ACT_UNDO:
	case ACT_PARTY_LINK:
	case ACT_LINK_SHOW:
		break;
	}
	return "";
}

/* What came of one of the verbs that answer with more than that they were done. */
static const char *verb_after(const struct work *work, struct arena *arena)
{
	const struct use_out *out = &work->out;
	if (work->verb == VERB_VALIDATE)
		return out->failures.count ? arena_printf(arena, ": %zu rules are broken", out->failures.count)
					   : ": no rule is broken";
	if (work->verb != VERB_CONFIRM)
		return "";
	return out->unconfirmed_count
		       ? arena_printf(arena, ": %lld confirmed, %zu not: %s", (long long)out->confirmed,
				      out->unconfirmed_count, out->unconfirmed[0])
		       : arena_printf(arena, ": %lld confirmed", (long long)out->confirmed);
}

/* And behind it. */
static const char *done_after(const struct work *work, struct arena *arena)
{
	if (work->act == ACT_CLAIM)
		return " for 30 minutes; c releases it";
	if (work->act == ACT_DOCUMENT_REJECT)
		return arena_printf(arena, ": %s", work->reason);
	if (work->act == ACT_VERB)
		return verb_after(work, arena);
	if (work->act == ACT_SAVE)
		return arena_printf(arena, " as %s", work->path);
	return work->act == ACT_PARTY_KYC ? ": Enter opens it, l makes its link" : "";
}

static void tell_done(struct workbench *workbench, const struct work *work)
{
	struct arena arena = ARENA_INIT;
	close_asker(workbench, work);
	if (work->name[0])
		tell(workbench, done_words(work, &arena), work->name, work->reference, done_after(work, &arena));
	arena_release(&arena);
}

/* It is no more: nothing of it stays on the screen. */
static void forget_case(struct workbench *workbench, const char *id)
{
	for (size_t i = 0; i < workbench->case_count; i++)
		if (!strcmp(workbench->cases[i]->id, id)) {
			while (workbench->case_count > i)
				case_close(workbench);
			return;
		}
}

/* As A alone does: one that was asked about stands under the cursor still. */
static void go_to_next_paper(struct workbench *workbench, const struct work *work)
{
	struct case_screen *screen = top_case(workbench);
	const struct grid_row *row = screen ? case_model_row(&screen->model) : NULL;
	if (asker(workbench, work) && row && !strcmp(row->ref, work->item))
		case_model_next_open(&screen->model, ROW_DOCUMENT);
}

static void act_done(struct workbench *workbench, struct work *work)
{
	switch (work->act) {
	case ACT_TAKE_OVER:
		after_take_over(workbench, work);
		break;
	case ACT_NEXT:
		walk_found(workbench, work);
		break;
	case ACT_APPROVE:
		if (work->out.to == work->out.from)
			tell(workbench, "First approval recorded of", work->name, work->reference,
			     "; a second person decides");
		else
			announce(workbench, work, "Approved", UNDO_APPROVAL);
		go_on(workbench, work);
		break;
	case ACT_REJECT:
		announce(workbench, work, "Rejected", UNDO_REJECTION);
		go_on(workbench, work);
		break;
	case ACT_CORRECTIONS:
		announce(workbench, work, "Asked for corrections:", UNDO_REQUEST);
		go_on(workbench, work);
		break;
	case ACT_UNDO:
		undone(workbench, work);
		break;
	case ACT_PARTY_LINK:
	case ACT_LINK_SHOW:
		decide_link(workbench, work);
		break;
	case ACT_DELETE:
		tell_done(workbench, work);
		forget_case(workbench, work->out.id);
		drafts_forget(workbench, work->out.id);
		break;
	case ACT_DOCUMENT_ACCEPT:
		go_to_next_paper(workbench, work);
		tell_done(workbench, work);
		break;
	case ACT_CLAIM:
	case ACT_RELEASE:
	case ACT_NOTE:
	case ACT_DOCUMENT_REJECT:
	case ACT_HIT_RESOLVE:
	case ACT_HIT_ACCEPT:
	case ACT_CORRECTION_ACCEPT:
	case ACT_PARTY_KYC:
	case ACT_CHECK_WAIVE:
	case ACT_PARTY_ADD:
	case ACT_PARTY_COPY:
	case ACT_PARTY_EDIT:
	case ACT_PARTY_REMOVE:
	case ACT_PARTY_VERIFY:
	case ACT_PARTY_UNVERIFY:
	case ACT_GAP:
	case ACT_DUPLICATE_DISMISS:
	case ACT_SNOOZE:
	case ACT_SNOOZE_END:
	case ACT_KYC_REMOVE:
	case ACT_SAVE:
	case ACT_ADD:
	case ACT_STEP:
	case ACT_VERB:
		tell_done(workbench, work);
		break;
	}
}

/* True: somebody keeps the answer. */
static bool take(struct workbench *workbench, struct work *answer)
{
	/* Others may have been installed since. */
	if (answer->view.reasons)
		workbench->reasons = answer->view.reasons;
	switch (answer->kind) {
	case WORK_COUNTS:
		return take_counts(workbench, answer);
	case WORK_LIST:
		return take_list(workbench, answer);
	case WORK_CASE:
		return take_case(workbench, answer);
	case WORK_PREVIEW:
		return take_preview(workbench, answer);
	case WORK_DIALOG:
		return decide_answer(workbench, answer);
	case WORK_PAPER:
		return paper_take(workbench, answer);
	case WORK_CANDIDATES:
		decide_found(workbench, answer);
		return false;
	case WORK_ACT:
		if (answer->status)
			act_failed(workbench, answer);
		else
			act_done(workbench, answer);
		workbench->stale |= STALE_DATA;
		return false;
	case WORK_CHANGED:
		workbench->stale |= STALE_DATA;
		return false;
	case WORK_TOUCH:
		return false;
	}
	return false;
}

void workbench_answer(struct workbench *workbench, struct work *answer)
{
	workbench->stale |= STALE_PAINT;
	if (!take(workbench, answer))
		work_free(answer);
}
