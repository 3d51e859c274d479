/*
 * Decisions of this workbench that the system undid within their grace time, because of a new hit or a hold. Each
 * request for the counts looks for them; the status line shows one of them until a key is pressed.
 */
#include "workbench.h"

#include <string.h>

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
