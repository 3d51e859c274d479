/* What the reader brings back, put where it belongs. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

/* Each take_…() says whether it kept the answer; what nobody kept is freed in one place, workbench_answer(). */
static bool take_counts(struct workbench *workbench, struct work *answer)
{
	held_take(workbench, answer);
	if (answer->status)
		return false;
	workbench->frame.counts = answer->counts;
	if (answer->ticket != workbench->views_changed && answer->counts.view_count > VIEW_SHIPPED_COUNT)
		workbench->frame.counts.view_count = VIEW_SHIPPED_COUNT;
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
	workbench->inbox.slow &= answer->partial;
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
			   "You hold the case no longer: personal data is masked again");
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
	if (result->undo_until != TIME_NONE)
		undoable.version = result->version;
	bool last = work->then_next && !work->next_id[0] && work->query.filter.count;
	tell(workbench, done, work->name, work->reference,
	     arena_printf(&arena, "%s%s%s", level, webhook, last ? " · the last of this filter" : ""));
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

struct dialog *answer_asker(const struct workbench *workbench, const struct work *work)
{
	struct dialog *dialog = workbench->dialog;
	return dialog && dialog->state == DIALOG_DECIDING && dialog->ticket == work->ticket ? dialog : NULL;
}

static void close_asker(struct workbench *workbench, const struct work *work)
{
	if (answer_asker(workbench, work))
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

void answer_decided(struct workbench *workbench, const struct work *work, const char *done, const char *what)
{
	if (what[0])
		announce(workbench, work, done, what);
	else
		tell(workbench, done, work->name, work->reference, "; a second person decides");
	go_on(workbench, work);
}

static void act_failed(struct workbench *workbench, struct work *work)
{
	struct dialog *dialog = answer_asker(workbench, work);
	const char *message = work->error.message ? work->error.message : "It failed";
	if (work->deed->failed && work->deed->failed(workbench, work))
		return;
	if (!dialog) {
		status_set(&workbench->status, STATUS_BAD, "%s", message);
		return;
	}
	dialog_fail(dialog, message);
	/* The case is not as it was when the dialog showed it: it is asked for again, what was written stays. */
	if (work->status == ERR_CONFLICT || work->status == ERR_BLOCKED)
		reader_ask(workbench->reader, dialog_ask(dialog, next_ticket(workbench)));
}

static const char *done_words(const struct work *work, struct arena *arena)
{
	const struct deed *deed = work->deed;
	if (!deed->did)
		return deed->words ? deed->words(work, arena) : "";
	if (!deed->to)
		return deed->did;
	const char *what = work->text[0] ? work->text : work->item;
	return arena_printf(arena, "%s%s%s%s%s", deed->did, deed->did[0] ? " " : "", what,
			    deed->to[0] == ',' ? "" : " ", deed->to);
}

void answer_told(struct workbench *workbench, const struct work *work)
{
	struct arena arena = ARENA_INIT;
	const struct deed *deed = work->deed;
	close_asker(workbench, work);
	if (work->name[0])
		tell(workbench, done_words(work, &arena), work->name, work->reference,
		     deed->after ? deed->after(work, &arena) : "");
	arena_release(&arena);
}

static void act_done(struct workbench *workbench, const struct work *work)
{
	words_sent(workbench, answer_asker(workbench, work));
	if (work->deed->finish)
		work->deed->finish(workbench, work);
	else
		answer_told(workbench, work);
	undo_offer(workbench, work);
}

/* Who goes on lets go of the case before; the one that is open by now is as it was read. */
static bool is_elsewhere(struct workbench *workbench, const struct work *work)
{
	const struct case_screen *screen = top_case(workbench);
	return work->deed == &release_deed && screen && strcmp(screen->id, work->id);
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
	case WORK_MATCHING:
		bulk_matching(workbench, answer);
		return false;
	case WORK_ACT:
		if (answer->status)
			act_failed(workbench, answer);
		else
			act_done(workbench, answer);
		workbench->stale |= is_elsewhere(workbench, answer) ? STALE_DATA & ~STALE_CASE : STALE_DATA;
		return false;
	case WORK_CHANGED:
		workbench->stale |= STALE_DATA;
		return false;
	case WORK_TOUCH:
		return false;
	case WORK_DRAFT:
		if (answer->status && !workbench->dialog)
			status_set(&workbench->status, STATUS_BAD, "Your words are kept until you leave only: %s",
				   answer->error.message);
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
