/*
 * Undo: decisions of this run within their grace time, and verdicts and removals in the open case. Also decisions that the
 * system undid within their grace time, because of a new hit or a hold: each request for the counts looks for them; the
 * status line shows one of them until a key is pressed.
 */
#include "workbench.h"

#include <string.h>

static void undone(struct workbench *workbench, const struct job *job)
{
	struct arena arena = ARENA_INIT;
	struct status *status = &workbench->status;
	const struct use_out *result = &job->out;
	char parent[UUID_TEXT_SIZE] = "";
	for (size_t i = 0; i < status->undo_count; i++)
		if (!strcmp(status->undo[i].id, result->id))
			memcpy(parent, status->undo[i].parent, sizeof parent);
	bool parent_open = parent[0] && workbench->stack.count && !strcmp(top_case(workbench)->id, parent);
	bool here = workbench->stack.count && !strcmp(top_case(workbench)->id, result->id);
	const char *level =
		result->level_to[0] ? arena_printf(&arena, " · the level is %s again", result->level_to) : "";
	announce_done(workbench, arena_printf(&arena, "Undone: %s of", job->what), job->name, job->reference,
		      arena_printf(&arena, "%s · nothing was sent", level));
	status_undo_drop(status, result->id);
	if (dialog_of_request(workbench, job))
		decide_close(workbench);
	if (!here)
		case_open(workbench, result->id, job->name, parent_open);
	arena_release(&arena);
}

static bool not_undone(struct workbench *workbench, const struct job *job)
{
	status_undo_drop(&workbench->status, job->id);
	return false;
}

const struct ui_action undo_ui_action = { .verb = VERB_UNDO, .finish = undone, .failed = not_undone };

/* --- verdicts and removals --- */

static const char *review_words(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, "Undone: %s, in", job->out.undone);
}

static void review_undone(struct workbench *workbench, const struct job *job)
{
	status_verdict_drop(&workbench->status, job->id);
	announce_result(workbench, job);
}

static bool review_not_undone(struct workbench *workbench, const struct job *job)
{
	status_verdict_drop(&workbench->status, job->id);
	return false;
}

const struct ui_action review_undo_ui_action = {
	.verb = VERB_REVIEW_UNDO, .words = review_words, .finish = review_undone, .failed = review_not_undone
};

void undo_offer(struct workbench *workbench, const struct job *job)
{
	struct undoable undoable = { .until = TIME_NONE, .what = undo_noun(job->in.verb) };
	if (!undoable.what || strlen(job->out.id) >= UUID_TEXT_SIZE)
		return;
	undoable.name = (char *)job->name;
	undoable.reference = (char *)job->reference;
	memcpy(undoable.id, job->out.id, strlen(job->out.id) + 1);
	status_undo_add(&workbench->status, &undoable);
}

static void offer_undos(struct dialog *dialog, struct input *field)
{
	const struct frame *frame = dialog->context->frame;
	const struct status *status = dialog->context->status;
	const struct case_view *view = &dialog->answer->view;
	for (size_t i = status->undo_count; i-- > 0;) {
		const struct undoable *undoable = &status->undo[i];
		int64_t seconds = undo_seconds(undoable, frame->now);
		if (!seconds)
			continue;
		const char *title = case_title(&dialog->arena, undoable->name, undoable->reference);
		form_add_item(field, &dialog->arena, undoable->id,
			      arena_printf(&dialog->arena, "%s of %s, %lld s", undoable->what, title,
					   (long long)seconds));
	}
	for (size_t i = 0; i < view->undo_count; i++) {
		const struct undo_item *item = &view->undos[i];
		form_add_item(field, &dialog->arena, arena_printf(&dialog->arena, "%s:%s", item->kind, item->ref),
			      arena_printf(&dialog->arena, "%s, %s", undo_item_text(&dialog->arena, item),
					   when_text(&dialog->arena, item->at, frame)));
	}
}

/* The chosen item is a verdict or a removal of the case, or a decision of this run. */
static bool undo_send(struct dialog *dialog, struct job *job)
{
	const struct status *status = dialog->context->status;
	if (strchr(job->in.part, ':')) {
		job->name = arena_strdup(&job->arena, dialog->answer->view.file.session.subject.name);
		return true;
	}
	for (size_t i = 0; i < status->undo_count; i++) {
		const struct undoable *undoable = &status->undo[i];
		if (strcmp(undoable->id, job->in.part))
			continue;
		job_take_ui_action(job, &undo_ui_action);
		job->id = job->in.part;
		job->in.part = "";
		job->what = undoable->what;
		job->name = arena_strdup(&job->arena, undoable->name);
		job->reference = arena_strdup(&job->arena, undoable->reference);
		job->in.seen_version = 0;
		return true;
	}
	return dialog_refuse(dialog, "This decision was undone meanwhile.");
}

static const struct dialog_form undo_form = {
	.confirm = "undo it",
	.fields = { { CHOICE_FIELD("undo", IN_REQUEST(in.part), offer_undos),
		      .missing = "First choose an entry: press Down, or type its first letters." } },
	.anew = true,
	.in_fields = true,
	.act = &review_undo_ui_action,
	.send = undo_send,
};

static const struct dialog_form *undo_fill(struct dialog *dialog)
{
	dialog_line(dialog, "", THEME_TEXT,
		    "Decisions: during the grace time, before any webhook is sent. Verdicts and removals: until "
		    "the case is decided.");
	return &undo_form;
}

const struct dialog_spec undo_dialog = { CASE_DIALOG("Undo one of", undo_fill), .no_draft = true };

/* --- decisions that the system held back --- */

/* The hold may come from a host with a slower clock. */
#define CLOCKS_DIFFER_MS 60000
/* A key pressed this soon after the line appeared was meant for the earlier screen. */
#define UNREAD_MS 500

void held_request(const struct workbench *workbench, struct job *job)
{
	const struct status *status = &workbench->status;
	int64_t now = workbench_now(workbench);
	job->watches = arena_alloc_array(&job->arena, UNDO_MAX, sizeof *job->watches);
	for (size_t i = 0; i < status->undo_count; i++) {
		const struct undoable *undoable = &status->undo[i];
		if (!undoable->version || undoable->held)
			continue;
		job->watches[job->watch_count++] =
			(struct job_watch){ .id = arena_strdup(&job->arena, undoable->id),
					    .version = undoable->version,
					    .last = undoable->until + CLOCKS_DIFFER_MS <= now };
	}
}

void held_take(struct workbench *workbench, const struct job *answer)
{
	struct status *status = &workbench->status;
	for (size_t w = 0; w < answer->watch_count; w++) {
		const struct job_watch *watch = &answer->watches[w];
		for (size_t i = 0; i < status->undo_count; i++) {
			struct undoable *undoable = &status->undo[i];
			if (strcmp(undoable->id, watch->id) || undoable->version != watch->version)
				continue;
			undoable->held = watch->held;
			if (watch->last && !answer->status)
				undoable->version = 0;
		}
	}
}

void held_painted(struct workbench *workbench)
{
	struct status *status = &workbench->status;
	if (status_held(status) && !status->held_shown_ms)
		status->held_shown_ms = workbench_monotonic(workbench);
}

static void open_held_case(struct workbench *workbench, const struct undoable *held)
{
	const struct case_screen *screen = top_case(workbench);
	if (!screen || strcmp(screen->id, held->id))
		case_open(workbench, held->id, held->name, screen && !strcmp(screen->id, held->parent));
}

bool held_key(struct workbench *workbench, const struct key *key)
{
	struct status *status = &workbench->status;
	const struct undoable *held = status_held(status);
	bool line_is_shown = !workbench->dialog && !workbench->prompt.open && !workbench->palette.open &&
			     top_screen(workbench)->bar;
	if (!held || !line_is_shown || !status->held_shown_ms ||
	    workbench_monotonic(workbench) - status->held_shown_ms < UNREAD_MS)
		return false;
	bool opens = key->press == PRESS_ENTER;
	if (opens)
		open_held_case(workbench, held);
	status_undo_drop(status, held->id);
	status->held_shown_ms = 0;
	return opens;
}
