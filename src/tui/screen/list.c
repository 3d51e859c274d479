/* The list next to an open case, while the list has the focus: moves the cursor, opens another case; no decisions. */
#include "workbench.h"

#include <string.h>

static bool list_on(const struct workbench *workbench)
{
	return workbench->stack.count && case_model_front(&top_case(workbench)->model) == FRONT_LIST;
}

static void list_bar(struct workbench *workbench, struct bar_state *state)
{
	(void)workbench;
	state->bar = BAR_LIST;
	state->back = true;
}

/* Opens the case under the cursor, or returns to it if it is the open case. */
static void list_open(struct workbench *workbench)
{
	const struct session_item *item = queue_current(&workbench->inbox.queue);
	top_case(workbench)->model.listing = false;
	if (item && strcmp(item->id, top_case(workbench)->id) != 0)
		case_open(workbench, item->id, item->subject_name, false);
}

static void list_leave(struct workbench *workbench)
{
	top_case(workbench)->model.listing = false;
}

const struct screen_ops list_screen = { .on = list_on,
					.place = PLACE_LIST,
					.draw = case_paint,
					.bar = list_bar,
					.page = inbox_page,
					.move = inbox_move,
					.pane = case_pane,
					.open = list_open,
					.back = list_leave,
					.leave = list_leave,
					.click = case_click };
