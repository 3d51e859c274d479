/*
 * Checks every screen and every dialog, over a store of worst-case names, at many sizes in UTF-8 (widths from the
 * minimum to beyond the last layout step, and heights at one width of each layout), and at some sizes in ASCII.
 * frames_test.c compares pictures at the layout steps.
 */
#include "places.h"
#include "kybdesk/domain/list_column.h"

#include "support/tried.h"

TestSuite(sizes, .init = places_set_up, .fini = places_tear_down, .timeout = 36000);

#define MOST_COLS 210
#define FINE_COLS 130 /* tries all widths up to here, then layout steps, for screens also each 6th; long run: all */
#define MOST_ROWS 50
#define CUT_CELLS 3 /* cells that may be free after cut text: half a wide character and the margin */

static const char *name; /* of the tested view or dialog */
static size_t drawn;

#define AT "%s at %zux%zu"
#define SIZE name, workbench.surface.cols, workbench.surface.rows

/* --- one frame --- */

static bool is_text(const struct cell *cell)
{
	for (size_t i = 0; i < cell->length; i++) {
		unsigned char byte = (unsigned char)cell->text[i];
		if (byte < ' ' || byte == 0x7f || (byte > 0x7f && workbench.surface.mode == TEXT_ASCII))
			return false;
	}
	return cell->length;
}

static void check_cells(void)
{
	const struct surface *surface = &workbench.surface;
	for (size_t row = 0; row < surface->rows; row++)
		for (size_t col = 0; col < surface->cols;) {
			const struct cell *cell = &surface->cells[row * surface->cols + col];
			if (cell->width != 1 && cell->width != 2)
				cr_assert_fail(AT ": row %zu column %zu is %u wide", SIZE, row, col, cell->width);
			if (col + cell->width > surface->cols)
				cr_assert_fail(AT ": row %zu is too wide", SIZE, row);
			if (!is_text(cell))
				cr_assert_fail(AT ": row %zu column %zu is not a text", SIZE, row, col);
			col += cell->width;
		}
}

static bool is_inside(const struct box *box, const struct box *whole)
{
	return box->row >= whole->row && box->col >= whole->col && box->row + box->rows <= whole->row + whole->rows &&
	       box->col + box->cols <= whole->col + whole->cols;
}

/* The box in front, for example a dialog; if there is none, the whole screen. */
static struct box front(void)
{
	const struct surface *surface = &workbench.surface;
	return surface->screen_reader.overlay.rows ? surface->screen_reader.overlay
						   : (struct box){ 0, 0, surface->rows, surface->cols };
}

static void check_places(void)
{
	const struct surface *surface = &workbench.surface;
	const struct box whole = front(), *focus = &surface->screen_reader.focus;
	for (size_t i = 0; i < surface->zone_count; i++)
		cr_expect(is_inside(&surface->zones[i].box, &whole), AT ": zone %zu is outside", SIZE, i);
	for (size_t i = 0; i < surface->link_count; i++)
		cr_expect(is_inside(&surface->links[i].box, &whole), AT ": link %zu is outside", SIZE, i);
	if (focus->rows)
		cr_expect(is_inside(focus, &whole), AT ": the focus is outside", SIZE);
	struct box cursor = { surface->cursor_row, surface->cursor_col, 1, 1 };
	if (surface->is_cursor_shown)
		cr_expect(is_inside(&cursor, &(struct box){ 0, 0, surface->rows, surface->cols }),
			  AT ": the cursor is outside", SIZE);
	if (surface->is_cursor_shown && focus->rows && workbench.dialog)
		cr_expect(is_inside(&cursor, focus), AT ": the cursor is not where one types", SIZE);
}

static bool is_cut(const struct cell *cell, const char *mark)
{
	return cell->text[0] == mark[0] && cell->length == strlen(mark) && !memcmp(cell->text, mark, cell->length);
}

static bool is_blank(const struct cell *cell)
{
	return cell->length == 1 && cell->text[0] == ' ';
}

static bool is_line_down(const struct cell *cell)
{
	return !strcmp(cell->text, glyph_text(workbench.surface.mode, GLYPH_VERTICAL));
}

/* Checks that cut text uses the room up to the next pane or the edge, unless other text or a list column follows. */
static void check_cuts(void)
{
	const struct surface *surface = &workbench.surface;
	const struct box box = front();
	const char *mark = glyph_text(surface->mode, GLYPH_CUT);
	for (size_t row = box.row; row < box.row + box.rows; row++)
		for (size_t col = box.col; col < box.col + box.cols; col++) {
			if (!is_cut(&surface->cells[row * surface->cols + col], mark))
				continue;
			size_t end = col + 1;
			while (end < box.col + box.cols && is_blank(surface_cell(surface, row, end)))
				end++;
			size_t free_cells = end - col - 1;
			bool open = end == box.col + box.cols || is_line_down(surface_cell(surface, row, end));
			if (open && free_cells > CUT_CELLS &&
			    !cells_text(surface->screen_reader.column_titles_row, col + 1, free_cells)[0])
				cr_expect_fail(AT ": row %zu is cut at column %zu with room behind it", SIZE, row, col);
		}
}

static void expect_line_down(size_t col, size_t from)
{
	for (size_t row = from; row < workbench.surface.rows - 2; row++)
		if (!is_line_down(surface_cell(&workbench.surface, row, col)))
			cr_assert_fail(AT ": no line between the panes in row %zu, column %zu", SIZE, row, col);
}

#define CASE_TOP 4 /* the first row below a case's header */

/* Whether another document or a form is beside the open document. */
static bool is_pair(void)
{
	const struct case_screen *screen = top_case(&workbench);
	return screen && screen->model.viewer && viewer_is_pair(screen->model.viewer);
}

static void check_panes(void)
{
	const size_t cols = workbench.surface.cols;
	const struct case_panes panes = case_panes(cols);
	if (is_pair() || workbench.surface.screen_reader.overlay.rows || workbench.prompt.problem ||
	    !top_screen(&workbench)->switch_pane)
		return;
	if (!top_case(&workbench)) {
		if (inbox_panes(cols).inboxes_cols)
			expect_line_down(inbox_panes(cols).inboxes_cols, 1);
		return;
	}
	if (panes.list_cols)
		expect_line_down(panes.list_cols, 1);
	if (panes.checklist_cols)
		expect_line_down(panes.checklist_cols, CASE_TOP);
	if (panes.detail_cols)
		expect_line_down(panes.list_cols + 1 + panes.tab_cols, CASE_TOP);
}

static void expect_in_row(size_t row, const char *text)
{
	const char *whole = cells_text(row, 0, workbench.surface.cols);
	cr_expect(strstr(whole, text), AT ": \"%s\" is not in row %zu: %s", SIZE, text, row, whole);
}

static const char *verdict(const struct case_model *model)
{
	switch (model->job->view.file.session.status) {
	case SESSION_APPROVED:
		return "Approved";
	case SESSION_REJECTED:
		return "Rejected";
	default:
		return case_model_unmet_count(model) ? "Before you can approve" : "conditions met:";
	}
}

/* Checks that the case's name, status, due time and verdict are shown, unless something covers the case. */
static void check_case(const struct case_model *model)
{
	const struct session *session = &model->job->view.file.session;
	bool covered = (model->viewer || model->page) && !has_panes(workbench.surface.cols);
	if (covered || workbench.palette.open)
		return;
	expect_in_row(1,
		      arena_strndup(&arena, text_safe_copy(&arena, session->subject.name, workbench.surface.mode), 6));
	expect_in_row(2, session_status_title_upper(&arena, session->status));
	const char *due = due_time_text(&arena, &model->job->view, workbench.frame.now);
	expect_in_row(2, due);
	cr_expect(is_pair() || shows(verdict(model)), AT ": no verdict", SIZE);
}

static void check_dialog(const struct dialog *dialog)
{
	const struct box box = front();
	const size_t below = workbench.surface.rows - box.row - box.rows,
		     right = workbench.surface.cols - box.col - box.cols;
	const struct case_screen *screen = top_case(&workbench);
	if (screen && !workbench.boards.top && has_panes(workbench.surface.cols)) { /* beside the case */
		const struct case_model *model = &screen->model;
		cr_expect(below + box.row > 2 ? box.row == 1 : below - box.row <= 1,
			  AT ": %zu rows above and %zu below it", SIZE, box.row, below);
		cr_expect(right == 1 && box.col >= SCREEN_COLS_MIN, AT ": %zu columns before and %zu behind it", SIZE,
			  box.col, right);
		if (model->job && !model->viewer && !model->page) {
			const char *name = model->job->view.file.session.subject.name;
			name = arena_strndup(&arena, text_safe_copy(&arena, name, workbench.surface.mode), 6);
			cr_expect(strstr(cells_text(1, 0, box.col), name), AT ": it hides %s", SIZE, name);
		}
	} else {
		cr_expect(below == box.row || below == box.row + 1, AT ": %zu rows above and %zu below it", SIZE,
			  box.row, below);
		cr_expect(right == box.col || right == box.col + 1, AT ": %zu columns before and %zu behind it", SIZE,
			  box.col, right);
	}
	expect_in_row(box.row, arena_strndup(&arena, dialog->title, 12));
	expect_in_row(box.row + box.rows - 2, arena_printf(&arena, "Esc %s", dialog->form.cancel_label));
	if (dialog->form.confirm_label)
		expect_in_row(box.row + box.rows - 2, dialog->form.confirm_label);
	for (size_t row = box.row + 1; row < box.row + box.rows - 1; row++)
		cr_expect(is_line_down(surface_cell(&workbench.surface, row, box.col)) &&
				  is_line_down(surface_cell(&workbench.surface, row, box.col + box.cols - 1)),
			  AT ": row %zu of the dialog has no frame", SIZE, row);
	cr_expect(workbench.surface.screen_reader.focus.rows, AT ": nothing has the focus", SIZE);
}

static void check_screen(void)
{
	const size_t last = workbench.surface.rows - 1;
	const bool of_case = top_screen(&workbench)->switch_pane != NULL; /* true for the list of cases, too */
	if (!top_screen(&workbench)->fill_bar) {
		expect_in_row(last, "Esc close");
		return;
	}
	if (workbench.dialog) {
		check_dialog(workbench.dialog);
		return;
	}
	expect_in_row(0, "SANDBOX");
	expect_in_row(0, "ada");
	if (workbench.boards.top)
		expect_in_row(1, arena_strndup(&arena, workbench.boards.top->page->title, 6));
	else if (of_case && top_case(&workbench))
		check_case(&top_case(&workbench)->model);
	else if (of_case)
		cr_expect(shows(queue_title(&workbench.inbox.queue)) && shows("filter: "), AT ": no title", SIZE);
	if (workbench.palette.open || workbench.prompt.open)
		cr_expect(workbench.surface.is_cursor_shown, AT ": no cursor in the line", SIZE);
	else
		cr_expect_str_eq(cells_text(last, workbench.surface.cols - 5, 5), "help", AT, SIZE);
}

static void look(size_t cols, size_t rows)
{
	workbench_draw(&workbench, rows, cols);
	drawn++;
	check_cells();
	check_places();
	check_cuts();
	check_panes();
	check_screen();
	arena_reset(&arena);
}

/* --- one size after the other --- */

struct counts {
	size_t of[ZONE_ACTION + 1];
	size_t detail;	    /* rows of the explanation below a list, taken from the list */
	size_t dialog_cols; /* 0: no dialog */
};

static struct counts count_zones(void)
{
	struct counts counts = { 0 };
	for (size_t i = 0; i < workbench.surface.zone_count; i++)
		counts.of[workbench.surface.zones[i].kind]++;
	counts.detail = workbench.surface.screen_reader.detail.rows;
	counts.dialog_cols = workbench.dialog && !workbench.help.is_open ? front().cols : 0;
	return counts;
}

/* Checks that at least as many places can be clicked as on a smaller screen of the same layout. */
static void expect_no_fewer(const struct counts *before)
{
	const struct counts now = count_zones();
	for (size_t kind = 0; kind <= ZONE_ACTION; kind++) {
		bool gave_rows = kind == ZONE_GRID && now.detail > before->detail;
		size_t rows = now.of[kind] + (gave_rows ? now.detail - before->detail : 0);
		cr_expect_geq(rows, before->of[kind], AT ": %zu of %zu rows of kind %zu are left", SIZE, rows,
			      before->of[kind], kind);
	}
}

static bool is_step(size_t cols)
{
	return cols == SCREEN_COLS_MIN || cols == TWO_PANES_COLS_MIN || cols == THREE_PANES_COLS_MIN;
}

static void look_at_widths(size_t rows)
{
	struct counts before = { 0 };
	for (size_t cols = SCREEN_COLS_MIN; cols <= MOST_COLS; cols++) {
		if (cols > FINE_COLS && !is_step(cols) && (cols % 6 || workbench.dialog) && !test_is_long())
			continue;
		look(cols, rows);
		if (!is_step(cols))
			expect_no_fewer(&before);
		if (!is_step(cols) && cols > 80)
			cr_expect_eq(count_zones().dialog_cols, before.dialog_cols, AT ": the dialog has another width",
				     SIZE);
		before = count_zones();
	}
}

static void look_at_heights(size_t cols)
{
	struct counts before = { 0 };
	const size_t step = cols == SCREEN_COLS_MIN || test_is_long() ? 1 : 2;
	for (size_t rows = SCREEN_ROWS_MIN; rows <= MOST_ROWS; rows += step) {
		look(cols, rows);
		expect_no_fewer(&before);
		before = count_zones();
	}
}

static void look_at_sizes(void)
{
	static const size_t widths[] = { SCREEN_COLS_MIN, TWO_PANES_COLS_MIN, THREE_PANES_COLS_MIN };
	size_t layouts = workbench.dialog && !test_is_long() ? 2 : sizeof widths / sizeof *widths;
	look_at_widths(24);
	for (size_t i = 0; i < layouts; i++) /* a dialog has two */
		look_at_heights(widths[i]);
	switch_mode(TEXT_ASCII);
	for (size_t cols = SCREEN_COLS_MIN; cols <= MOST_COLS; cols += 16)
		look(cols, SCREEN_ROWS_MIN + cols % (MOST_ROWS - SCREEN_ROWS_MIN + 1));
	close_place();
}

Test(sizes, every_screen)
{
	for (size_t i = 0; i < view_row_count; i++) {
		name = view_rows[i].name;
		open_view(&view_rows[i]);
		look_at_sizes();
	}
	cr_expect_gt(drawn, view_row_count * (FINE_COLS - SCREEN_COLS_MIN));
}

Test(sizes, every_dialog)
{
	for (size_t i = 0; i < all_dialog_count; i++) {
		name = all_dialogs[i]->wait_title;
		open_dialog(all_dialogs[i]);
		look_at_sizes();
	}
	cr_expect_gt(drawn, all_dialog_count * (FINE_COLS - SCREEN_COLS_MIN));
}

/* --- columns of the list --- */

typedef const struct list_column_spec *columns[LIST_COLUMN_COUNT];

/* The columns that can be hidden, sorted by hide_rank; without the status, which an inbox shows in its title. */
static size_t columns_by_worth(columns out)
{
	size_t count = 0;
	for (unsigned c = 0; c < LIST_COLUMN_COUNT; c++) {
		const struct list_column_spec *spec = list_column_spec((enum list_column)c);
		if (!spec->hide_rank || c == LIST_STATUS)
			continue;
		size_t at = count++;
		for (; at && out[at - 1]->hide_rank > spec->hide_rank; at--)
			out[at] = out[at - 1];
		out[at] = spec;
	}
	return count;
}

static void look_for_titles(columns of, size_t count, bool *shown)
{
	for (size_t row = 0; row < workbench.surface.rows; row++) {
		const char *text = surface_row_text(&arena, &workbench.surface, row);
		if (!strstr(text, " Due ") || !strstr(text, "Subject"))
			continue;
		cr_expect(strstr(text, "Now"), "%s", text);
		for (size_t i = 0; i < count; i++)
			shown[i] = strstr(text, of[i]->short_title) != NULL;
		return;
	}
	cr_assert_fail("no row of titles");
}

/* At TWO_PANES_COLS_MIN the list becomes narrower, because from there on the inboxes are beside it. */
Test(sizes, a_wider_list_loses_a_column_only_for_one_of_more_worth)
{
	columns by_worth;
	const size_t count = columns_by_worth(by_worth);
	bool before[LIST_COLUMN_COUNT] = { false }, now[LIST_COLUMN_COUNT];
	open_view(&view_rows[0]);
	for (size_t width = SCREEN_COLS_MIN; width <= 200; width++) {
		workbench_draw(&workbench, 24, width);
		look_for_titles(by_worth, count, now);
		size_t i = 0;
		while (i < count && now[i] == before[i])
			i++;
		cr_expect(i == count || now[i] || width == TWO_PANES_COLS_MIN, "%s is shown at %zu cells, not at %zu",
			  by_worth[i % count]->short_title, width - 1, width);
		memcpy(before, now, sizeof before);
		arena_reset(&arena);
	}
	for (size_t i = 0; i < count; i++)
		cr_expect(before[i], "%s", by_worth[i]->short_title);
}
