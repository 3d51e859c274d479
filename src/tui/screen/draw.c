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

static void draw_bar(struct workbench *workbench, const struct screen_ops *screen, size_t row)
{
	struct bar_state state = { .place = present_places(workbench),
				   .role = workbench->frame.role,
				   .readonly = workbench->frame.readonly };
	screen->bar(workbench, &state);
	bar_draw(&workbench->surface, row, &state);
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
	const struct screen_ops *screen = top_screen(workbench);
	screen->draw(workbench, surface, (struct box){ 0, 0, screen->bar ? rows - 2 : rows, cols });
	if (!screen->bar)
		return;
	if (workbench->prompt.open) {
		prompt_draw(&workbench->prompt, surface, rows - 2);
	} else {
		status_draw(&workbench->status, surface, rows - 2, workbench->frame.now);
		draw_bar(workbench, screen, rows - 1);
	}
	if (workbench->palette.open)
		palette_draw(workbench, surface);
	if (workbench->dialog)
		dialog_draw(workbench->dialog, surface);
}
