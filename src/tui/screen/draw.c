/* Draws one frame of the screen. */
#include "workbench.h"

#include <string.h>

static void draw_size_warning(struct surface *surface, bool single_keys)
{
	struct arena arena = ARENA_INIT;
	const char *needs = arena_printf(&arena, "Too small: needs %d x %d", SCREEN_COLS_MIN, SCREEN_ROWS_MIN);
	const char *quit = keymap_first_key(&arena, COMMAND_QUIT, PLACE_INBOX | (single_keys ? 0 : PLACE_LEADER));
	const char *more =
		arena_printf(&arena, "%s, has %zu x %zu (%s quits)", needs, surface->cols, surface->rows, quit);
	surface_put(surface, 0, 0, surface->cols, THEME_TEXT,
		    surface_text_width(surface, more) <= surface->cols ? more : needs);
	arena_release(&arena);
}

static void draw_key_bar(struct workbench *workbench, const struct screen_ops *screen, size_t row)
{
	struct bar_state state = { .contexts = current_context_bits(workbench),
				   .role = workbench->frame.role,
				   .readonly = workbench->frame.readonly };
	screen->fill_bar(workbench, &state);
	key_bar_draw(&workbench->surface, row, &state);
}

uint64_t screen_hash_add_text(uint64_t screen_hash, const char *text)
{
	return hash_add_bytes(screen_hash, text, strlen(text) + 1);
}

/* Sets the hash that identifies the screen for screen readers, and the number of its tab or list. After a dialog
 * above a case is closed, the case has the same hash as before. */
static void set_screen_hash(struct workbench *workbench, struct surface *surface)
{
	const struct case_screen *screen = top_case(workbench);
	const struct screen_ops *top = top_screen(workbench);
	const struct dialog *dialog = workbench->dialog;
	struct screen_reader_data *screen_reader = &surface->screen_reader;
	uint64_t screen_hash = screen_hash_add_text(HASH_BEGIN, screen ? screen->id : "");
	screen_reader->tab_or_list_id =
		screen ? (uint64_t)screen->model.tab
		       : screen_hash_add_text(inbox_entry_index(&workbench->inbox.queue, &workbench->inbox.views),
					      workbench->inbox.queue.filter.buf);
	if (dialog && !workbench->help.is_open)
		screen_hash = screen_hash_add_text(screen_hash_add_text(screen_hash, dialog->title), dialog->item);
	else if (workbench->palette.open)
		screen_hash = screen_hash_add_text(screen_hash, "palette");
	else if (top->add_to_hash)
		screen_hash = top->add_to_hash(workbench, screen_hash);
	screen_reader->screen_hash = screen_hash;
}

/* Width of a dialog that is drawn next to its case. 0: the screen has no panes side by side, or shows no dialog
 * about the open case. */
static size_t side_dialog_cols(const struct workbench *workbench, size_t cols)
{
	bool about_case =
		workbench->dialog && workbench->case_stack.count && !workbench->boards.top && !workbench->help.is_open;
	if (!about_case || !has_panes(cols))
		return 0;
	/* The case next to the dialog keeps at least SCREEN_COLS_MIN columns. */
	return cols < THREE_PANES_COLS_MIN ? TWO_PANES_COLS_MIN - SCREEN_COLS_MIN : DIALOG_COLS + 2;
}

static void record_hold_first_shown(struct workbench *workbench)
{
	struct status_line *status = &workbench->status;
	if (status_find_held_back_undo(status) && !status->hold_first_shown_ms)
		status->hold_first_shown_ms = workbench_monotonic_ms(workbench);
}

void workbench_draw(struct workbench *workbench, size_t rows, size_t cols)
{
	struct surface *surface = &workbench->surface;
	arena_reset(&workbench->scratch);
	surface_begin(surface, rows, cols);
	workbench->frame.now = workbench_now_ms(workbench);
	if (rows < SCREEN_ROWS_MIN || cols < SCREEN_COLS_MIN) {
		draw_size_warning(surface, workbench->single_keys);
		return;
	}
	size_t beside = side_dialog_cols(workbench, cols), width = cols - beside;
	if (top_case(workbench))
		case_model_set_panes(&top_case(workbench)->model, case_panes(width).detail_cols > 0);
	status_set_case(&workbench->status, top_case(workbench) ? top_case(workbench)->id : "");
	const struct screen_ops *screen = top_screen(workbench);
	const struct viewer *viewer = top_viewer(workbench) ? top_case(workbench)->model.viewer : NULL;
	if (workbench->help.is_open || (viewer && (viewer_is_pair(viewer) || !case_panes(width).detail_cols)))
		surface_begin_overlay(surface, (struct box){ 0, 0, rows, cols });
	screen->draw(workbench, surface, (struct box){ 0, 0, screen->fill_bar ? rows - 2 : rows, width });
	if (beside)
		surface_fill(surface, (struct box){ 0, width, 1, beside }, THEME_HEADER);
	set_screen_hash(workbench, surface);
	if (!screen->fill_bar)
		return;
	if (workbench->prompt.open) {
		prompt_draw(&workbench->prompt, surface, rows - 2);
		if (workbench->tour.is_active)
			tour_draw(workbench, surface, rows - 1);
	} else {
		if (workbench->tour.is_active)
			tour_draw(workbench, surface, rows - 2);
		else
			status_draw(&workbench->status, surface, rows - 2, workbench->frame.now);
		record_hold_first_shown(workbench);
		draw_key_bar(workbench, screen, rows - 1);
	}
	if (workbench->palette.open)
		palette_draw(workbench, surface);
	if (beside) /* draws the bar without colours, since its keys do not work while the dialog is open */
		surface_restyle(surface, (struct box){ rows - 1, 0, 1, cols }, THEME_FOOTER, 0);
	if (workbench->dialog)
		dialog_draw(workbench->dialog, surface, beside);
}
