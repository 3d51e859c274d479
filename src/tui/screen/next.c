/* The keys n and N open the next and the previous case of the queue, within the filter. The key n opens the
 * reviewer's own cases first. */
#include "workbench.h"

#include <string.h>

static bool may_claim(const struct workbench *workbench)
{
	return is_command_allowed(COMMAND_CLAIM, workbench->frame.role, workbench->frame.readonly);
}

/* The open case that was opened from the queue. Cases of its parties may be open above it. */
static const struct case_screen *bottom_case(const struct workbench *workbench)
{
	return workbench->case_stack.count ? workbench->case_stack.cases[0] : NULL;
}

static void open_case_by_id(struct workbench *workbench, const char *id)
{
	char copy[UUID_TEXT_SIZE];
	memcpy(copy, id, strlen(id) + 1);
	queue_select(&workbench->inbox.queue, id);
	case_open(workbench, copy, "", false);
}

void visit_open_found_case(struct workbench *workbench, const struct job *job)
{
	visits_set_current(&workbench->visits, job->next_case_id);
	queue_select(&workbench->inbox.queue, job->next_case_id);
	case_open(workbench, job->next_case_id, "", false);
	top_case(workbench)->claimed_by_next_key = !job->is_next_case_held;
	if (job->is_next_in_other_inbox && !job->claims_next_case)
		REPORT(workbench, "This list is done: the next case is in another inbox");
}

void visit_set_query(struct workbench *workbench, struct job *job)
{
	const struct case_screen *here = bottom_case(workbench);
	struct visits *visits = &workbench->visits;
	if (here)
		visits_set_current(visits, here->id);
	queue_make_next_query(&workbench->inbox.queue, &job->arena, &job->query);
	job->seen_case_ids = arena_alloc_array(&job->arena, visits->count + 1, sizeof *job->seen_case_ids);
	for (size_t i = 0; i < visits->count; i++)
		job->seen_case_ids[job->seen_case_count++] = arena_strdup(&job->arena, visits->ids[i]);
}

static void report_list_end(struct workbench *workbench)
{
	struct visits *visits = &workbench->visits;
	if (!visits->count) {
		REPORT(workbench, "No case of this list is free: all are held, pending with others, or decided");
		return;
	}
	visits->has_reached_end = true;
	REPORT(workbench, "End of this list: %zu %s seen; %s starts again, %s goes back", visits->count,
	       visits->count == 1 ? "case" : "cases", key_name_for(workbench, COMMAND_NEXT_CASE),
	       key_name_for(workbench, COMMAND_CASE_BEFORE));
}

/* Used if the reviewer may not claim cases: the keys n and N then move through the list row by row. */
static void move_in_list(struct workbench *workbench, long rows)
{
	const struct session_item *before = queue_current_item(&workbench->inbox.queue);
	if (workbench->case_stack.count)
		inbox_request_list(workbench, queue_move(&workbench->inbox.queue, rows));
	const struct session_item *item = queue_current_item(&workbench->inbox.queue);
	if (item && workbench->case_stack.count && item == before && queue_is_partial(&workbench->inbox.queue))
		REPORT(workbench, "No further case was found yet: the search of this list is incomplete");
	else if (item && workbench->case_stack.count && item == before && rows > 0)
		REPORT(workbench, "End of this list; %s goes back", key_name_for(workbench, COMMAND_CASE_BEFORE));
	else if (item && workbench->case_stack.count && item == before)
		REPORT(workbench, "This is the first case of the list");
	else if (item)
		case_open(workbench, item->id, item->subject_name, false);
}

static bool report_no_next_case(struct workbench *workbench, const struct job *job)
{
	if (job->status == ERR_NOT_FOUND)
		report_list_end(workbench);
	return job->status == ERR_NOT_FOUND;
}

static const struct ui_action next_ui_action = { .verb = VERB_NEXT,
						 .run = claim_next_case,
						 .finish = visit_open_found_case,
						 .handle_failure = report_no_next_case };

void visit_next_case(struct workbench *workbench)
{
	const struct case_screen *here = bottom_case(workbench);
	struct visits *visits = &workbench->visits;
	if (!may_claim(workbench)) {
		move_in_list(workbench, 1);
		return;
	}
	if (visits->has_reached_end)
		visits_release(visits);
	if (here)
		visits_set_current(visits, here->id);
	const char *known = here ? visits_move(visits, true) : NULL;
	if (known) {
		open_case_by_id(workbench, known);
		return;
	}
	struct job *job = job_of_ui_action(&next_ui_action);
	visit_set_query(workbench, job);
	reader_request(workbench->reader, job);
}

void visit_previous_case(struct workbench *workbench)
{
	const struct case_screen *here = bottom_case(workbench);
	struct visits *visits = &workbench->visits;
	if (!may_claim(workbench)) {
		move_in_list(workbench, -1);
		return;
	}
	visits->has_reached_end = false;
	if (here)
		visits_set_current(visits, here->id);
	const char *known = here	    ? visits_move(visits, false)
			    : visits->count ? visits->ids[visits->current_index]
					    : NULL;
	if (known)
		open_case_by_id(workbench, known);
	else
		REPORT(workbench, "No earlier case was opened; %s opens the next one",
		       key_name_for(workbench, COMMAND_NEXT_CASE));
}
