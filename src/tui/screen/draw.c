/* One frame of whatever is on the screen. */
#include "workbench.h"

#include <string.h>

static void draw_small(struct surface *surface, bool single_keys)
{
	struct arena arena = ARENA_INIT;
	const char *needs = arena_printf(&arena, "Too small: needs %d x %d", LEAST_COLS, LEAST_ROWS);
	const char *more = arena_printf(&arena, "%s, has %zu x %zu (%sq leaves)", needs, surface->cols,
					surface->rows, single_keys ? "" : LEADER_NAME " ");
	surface_put(surface, 0, 0, surface->cols, THEME_TEXT, strlen(more) <= surface->cols ? more : needs);
	arena_release(&arena);
}

static void draw_bar(struct workbench *workbench, struct surface *surface, size_t row)
{
	struct case_screen *screen = top_case(workbench);
	struct bar_state state = { .place = present_places(workbench),
				   .role = workbench->frame.role,
				   .readonly = workbench->frame.readonly,
				   .back = screen };
	enum session_status status = SESSION_MANUAL_REVIEW;
	if (screen) {
		const struct case_view *view = case_model_view(&screen->model);
		state.bar = case_model_bar(&screen->model);
		status = view ? view->file.session.status : status;
	} else {
		const struct session_item *item = queue_current(&workbench->queue);
		state.bar = workbench->inbox.inboxes_focused ? BAR_INBOXES : item ? BAR_INBOX : BAR_INBOX_EMPTY;
		status = item ? item->status : status;
	}
	state.decided = status == SESSION_APPROVED || status == SESSION_REJECTED;
	bar_draw(surface, row, &state);
}

static void draw_case(struct workbench *workbench, struct surface *surface, struct box box)
{
	struct case_screen *screen = top_case(workbench);
	const struct session_item *item = queue_current(&workbench->queue);
	struct case_place place = { .from = inbox_entry_title(inbox_entry(&workbench->queue)) };
	if (workbench->case_count >= 2) {
		place.from = workbench->cases[workbench->case_count - 2]->name;
	} else if (item && !strcmp(item->id, screen->id)) {
		place.position = queue_position(&workbench->queue, workbench->queue.cursor);
		place.total = workbench->queue.shown->total;
	}
	if (screen->model.work) {
		case_draw(&screen->model, surface, box, &workbench->frame, &place);
		return;
	}
	surface_fill(surface, (struct box){ 0, 0, 1, surface->cols }, THEME_HEADER);
	surface_put(surface, 1, 1, surface->cols - 2, THEME_TITLE, screen->name);
	surface_put(surface, 3, 1, surface->cols - 2, screen->problem ? THEME_DANGER : THEME_MUTED,
		    screen->problem ? screen->problem : "reading the case");
}

void workbench_draw(struct workbench *workbench, size_t rows, size_t cols)
{
	struct surface *surface = &workbench->surface;
	surface_begin(surface, rows, cols);
	workbench->frame.now = workbench_now(workbench);
	if (rows < LEAST_ROWS || cols < LEAST_COLS) {
		draw_small(surface, workbench->single_keys);
		return;
	}
	if (workbench->help) {
		help_draw(workbench, surface);
		return;
	}
	struct box box = { 0, 0, rows - 2, cols };
	if (workbench->case_count) {
		draw_case(workbench, surface, box);
	} else {
		struct inbox_view *view = &workbench->inbox;
		view->queue = &workbench->queue;
		view->preview = workbench->preview ? &workbench->preview->view : NULL;
		view->problem = workbench->list_problem;
		inbox_draw(view, surface, box, &workbench->frame);
	}
	if (workbench->prompt.open) {
		prompt_draw(&workbench->prompt, surface, rows - 2);
	} else {
		status_draw(&workbench->status, surface, rows - 2, workbench->frame.now);
		draw_bar(workbench, surface, rows - 1);
	}
	if (workbench->dialog)
		dialog_draw(workbench->dialog, surface);
}
