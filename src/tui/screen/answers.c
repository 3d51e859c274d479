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
		parties_tell(workbench, answer->view.file.session.subject.name);
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

static void announce(struct workbench *workbench, const struct work *work, const char *done)
{
	struct arena arena = ARENA_INIT;
	struct status *status = &workbench->status;
	const struct use_out *result = &work->out;
	const char *level = level_part(&arena, result), *webhook = webhook_part(&arena, work);
	status_set(status, STATUS_GOOD, "%s %s%s%s", done, work->name, level, webhook);
	status_set_short(status, "%s%s%s", done, level, webhook);
	status->undo_until = result->undo_until;
	memcpy(status->undo_id, result->id, strlen(result->id) + 1);
	status->undo_parent[0] = '\0';
	if (workbench->case_count >= 2) {
		const char *parent = workbench->cases[workbench->case_count - 2]->id;
		memcpy(status->undo_parent, parent, strlen(parent) + 1);
	}
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
	case_open(workbench, work->next_id, "", false);
	top_case(workbench)->found_by_next = true;
}

static void undone(struct workbench *workbench, const struct work *work)
{
	struct status *status = &workbench->status;
	const struct use_out *result = &work->out;
	bool parent_open = status->undo_parent[0] && workbench->case_count &&
			   !strcmp(top_case(workbench)->id, status->undo_parent);
	bool here = workbench->case_count && !strcmp(top_case(workbench)->id, result->id);
	if (result->level_to[0])
		status_set(status, STATUS_GOOD, "Undone · the level is %s again · nothing was sent",
			   result->level_to);
	else
		status_set(status, STATUS_GOOD, "Undone · nothing was sent");
	status->undo_until = TIME_NONE;
	if (!here)
		case_open(workbench, result->id, "", parent_open);
}

static void act_failed(struct workbench *workbench, struct work *work)
{
	struct dialog *dialog = asker(workbench, work);
	const char *message = work->error.message ? work->error.message : "It failed";
	if (work->act == ACT_NEXT && work->status == ERR_NOT_FOUND) {
		status_set(&workbench->status, STATUS_PLAIN,
			   "No case waits for you: all are held, waiting for others, or decided");
		return;
	}
	if (work->act == ACT_UNDO)
		workbench->status.undo_until = TIME_NONE;
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
	status_set(&workbench->status, STATUS_GOOD, "You hold %s", dialog->name);
	if (then == DIALOG_TAKE_OVER)
		decide_close(workbench);
	else /* about the case that was taken over, wherever the cursor is by now */
		decide_open_on(workbench, then, work->id, work->name);
}

static const char *done_words(enum act act)
{
	switch (act) {
	case ACT_CHECK_WAIVE:
		return "Waived ";
	case ACT_PARTY_ADD:
		return "Declared ";
	case ACT_PARTY_COPY:
		return "Declared, with the KYC made before: ";
	case ACT_PARTY_EDIT:
		return "Saved ";
	case ACT_PARTY_REMOVE:
		return "Removed ";
	case ACT_PARTY_VERIFY:
		return "Verified elsewhere: ";
	case ACT_PARTY_UNVERIFY:
		return "Not verified elsewhere any more: ";
	case ACT_GAP:
		return "Recorded why ownership is not declared: ";
	case ACT_DUPLICATE_DISMISS:
		return "Dismissed as another application: ";
	case ACT_SNOOZE:
		return "Snoozed ";
	case ACT_SNOOZE_END:
		return "Back in the queue: ";
	case ACT_CLAIM:
	case ACT_RELEASE:
	case ACT_TAKE_OVER:
	case ACT_NEXT:
	case ACT_APPROVE:
	case ACT_REJECT:
	case ACT_CORRECTIONS:
	case ACT_UNDO:
	case ACT_NOTE:
	case ACT_DOCUMENT_ACCEPT:
	case ACT_DOCUMENT_REJECT:
	case ACT_HIT_RESOLVE:
	case ACT_CORRECTION_ACCEPT:
	case ACT_PARTY_KYC:
	case ACT_PARTY_LINK:
		break;
	}
	return "";
}

static void act_done(struct workbench *workbench, struct work *work)
{
	struct status *status = &workbench->status;
	switch (work->act) {
	case ACT_CLAIM:
		status_set(status, STATUS_GOOD, "You hold %s for 30 minutes; c releases it", work->name);
		break;
	case ACT_RELEASE:
		if (work->name[0])
			status_set(status, STATUS_GOOD, "Nobody holds %s now", work->name);
		break;
	case ACT_TAKE_OVER:
		after_take_over(workbench, work);
		break;
	case ACT_NEXT:
		case_open(workbench, work->next_id, "", false);
		top_case(workbench)->found_by_next = true;
		break;
	case ACT_APPROVE:
		if (work->out.to == work->out.from)
			status_set(status, STATUS_GOOD, "First approval of %s recorded; a second person decides",
				   work->name);
		else
			announce(workbench, work, "Approved");
		go_on(workbench, work);
		break;
	case ACT_REJECT:
		announce(workbench, work, "Rejected");
		go_on(workbench, work);
		break;
	case ACT_CORRECTIONS:
		announce(workbench, work, "Asked for corrections:");
		go_on(workbench, work);
		break;
	case ACT_UNDO:
		undone(workbench, work);
		break;
	case ACT_NOTE:
		status_set(status, STATUS_GOOD, "The note is saved");
		break;
	case ACT_DOCUMENT_ACCEPT:
		status_set(status, STATUS_GOOD, "Accepted %s", work->text);
		break;
	case ACT_DOCUMENT_REJECT:
		close_asker(workbench, work);
		status_set(status, STATUS_GOOD, "Rejected %s: %s", work->text, work->reason);
		break;
	case ACT_HIT_RESOLVE:
		close_asker(workbench, work);
		status_set(status, STATUS_GOOD, "%s is a %s", work->text,
			   work->match ? "true match" : "false positive");
		break;
	case ACT_CORRECTION_ACCEPT:
		status_set(status, STATUS_GOOD, "Accepted the correction of %s", work->text);
		break;
	case ACT_PARTY_KYC:
		status_set(status, STATUS_GOOD, "%s has a KYC session now: Enter opens it, l makes its link",
			   work->text);
		break;
	case ACT_PARTY_LINK:
		decide_link(workbench, work);
		break;
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
		close_asker(workbench, work);
		status_set(status, STATUS_GOOD, "%s%s", done_words(work->act),
			   work->act == ACT_GAP					    ? work->reason
			   : work->act == ACT_SNOOZE || work->act == ACT_SNOOZE_END ? work->name
										    : work->text);
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
