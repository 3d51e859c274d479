/* n and N: through the queue within the filter, the cases one holds first, and back the way one came. */
#include "workbench.h"

#include <string.h>

static bool may_claim(const struct workbench *workbench)
{
	return command_allowed(COMMAND_CLAIM, workbench->frame.role, workbench->frame.readonly);
}

/* The case at the bottom, not a party's above it. */
static const struct case_screen *on_the_way(const struct workbench *workbench)
{
	return workbench->case_count ? workbench->cases[0] : NULL;
}

static void open_known(struct workbench *workbench, const char *id)
{
	char copy[UUID_TEXT_SIZE];
	memcpy(copy, id, strlen(id) + 1);
	queue_follow(&workbench->queue, id);
	case_open(workbench, copy, "", false);
}

void walk_found(struct workbench *workbench, const struct work *work)
{
	walk_at(&workbench->walk, work->next_id);
	queue_follow(&workbench->queue, work->next_id);
	case_open(workbench, work->next_id, "", false);
	top_case(workbench)->found_by_next = !work->next_held;
}

void walk_query(struct workbench *workbench, struct work *work)
{
	const struct case_screen *here = on_the_way(workbench);
	struct walk *walk = &workbench->walk;
	if (here)
		walk_at(walk, here->id);
	queue_next_query(&workbench->queue, &work->arena, &work->query);
	work->seen = arena_alloc_array(&work->arena, walk->count + 1, sizeof *work->seen);
	for (size_t i = 0; i < walk->count; i++)
		work->seen[work->seen_count++] = arena_strdup(&work->arena, walk->ids[i]);
}

static void walk_ended(struct workbench *workbench)
{
	struct walk *walk = &workbench->walk;
	if (!walk->count) {
		status_set(&workbench->status, STATUS_PLAIN,
			   "No case of this list waits for you: all are held, waiting for others, or decided");
		return;
	}
	walk->ended = true;
	status_set(&workbench->status, STATUS_PLAIN,
		   "The end: %zu %s seen of this list; %s begins again, %s goes back", walk->count,
		   walk->count == 1 ? "case" : "cases", key_for(workbench, COMMAND_NEXT_CASE),
		   key_for(workbench, COMMAND_CASE_BEFORE));
}

/* Who may not claim walks down the list instead, row by row. */
static void along_the_list(struct workbench *workbench, long rows)
{
	const struct session_item *before = queue_current(&workbench->queue);
	if (workbench->case_count)
		inbox_ask(workbench, queue_move(&workbench->queue, rows));
	const struct session_item *item = queue_current(&workbench->queue);
	if (item && workbench->case_count && item == before && queue_is_partial(&workbench->queue))
		status_set(&workbench->status, STATUS_PLAIN,
			   "No further case was found yet: not all of this list was looked at");
	else if (item && workbench->case_count && item == before && rows > 0)
		status_set(&workbench->status, STATUS_PLAIN, "The end of this list; %s goes back",
			   key_for(workbench, COMMAND_CASE_BEFORE));
	else if (item && workbench->case_count && item == before)
		status_set(&workbench->status, STATUS_PLAIN, "The first case of this list");
	else if (item)
		case_open(workbench, item->id, item->subject_name, false);
}

static enum err next(struct desk *desk, struct work *work, struct use_in *in)
{
	(void)in;
	return claim_next(desk, work);
}

static bool none_left(struct workbench *workbench, const struct work *work)
{
	if (work->status == ERR_NOT_FOUND)
		walk_ended(workbench);
	return work->status == ERR_NOT_FOUND;
}

static const struct deed next_deed = { .verb = VERB_NEXT, .run = next, .finish = walk_found, .failed = none_left };

void walk_next(struct workbench *workbench)
{
	const struct case_screen *here = on_the_way(workbench);
	struct walk *walk = &workbench->walk;
	if (!may_claim(workbench)) {
		along_the_list(workbench, 1);
		return;
	}
	if (walk->ended)
		walk_release(walk);
	if (here)
		walk_at(walk, here->id);
	const char *known = here ? walk_forward(walk) : NULL;
	if (known) {
		open_known(workbench, known);
		return;
	}
	struct work *work = work_of_deed(&next_deed);
	walk_query(workbench, work);
	reader_ask(workbench->reader, work);
}

void walk_back(struct workbench *workbench)
{
	const struct case_screen *here = on_the_way(workbench);
	struct walk *walk = &workbench->walk;
	if (!may_claim(workbench)) {
		along_the_list(workbench, -1);
		return;
	}
	walk->ended = false;
	if (here)
		walk_at(walk, here->id);
	const char *known = here ? walk_backward(walk) : walk->count ? walk->ids[walk->at] : NULL;
	if (known)
		open_known(workbench, known);
	else
		status_set(&workbench->status, STATUS_PLAIN, "No case was open before this one; %s goes on",
			   key_for(workbench, COMMAND_NEXT_CASE));
}
