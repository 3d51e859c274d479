/*
 * Compares every screen and every dialog, over a store of worst-case names, with its stored picture in frames/: at the
 * minimum size, at 80 columns, with two panes and with three panes. If a screen resembles an earlier one, only the
 * differences are stored (view_rows.c). sizes_test.c checks all other sizes.
 * After an intended change: KYBDESK_WRITE_FRAMES=1 build/test/test_tui --filter 'frames/…', then read the difference.
 */
#include "places.h"
#include "support/theme_words.h"

#define FRAMES KYB_SOURCE_DIR "/tests/unit/tui/frames/"

TestSuite(frames, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

static struct strbuf made;

/* --- pictures: the cells of a frame; a later frame stores only its differences --- */

struct picture {
	size_t rows, cols;
	const struct cell *cells;
};
#define SIZES 5
struct pictures { /* of a view */
	const char *name;
	struct picture of[SIZES];
	size_t count;
};
static struct arena kept_pictures;

static struct picture take_picture(size_t rows, size_t cols)
{
	struct cell *cells = arena_alloc_array(&kept_pictures, rows * cols, sizeof *cells);
	for (size_t i = 0; i < rows * cols; i++)
		cells[i] = *surface_cell(&workbench.surface, i / cols, i % cols);
	return (struct picture){ rows, cols, cells };
}

static const struct picture *picture_of_size(const struct pictures *pictures, size_t rows, size_t cols)
{
	for (size_t i = 0; pictures && i < pictures->count; i++)
		if (pictures->of[i].rows == rows && pictures->of[i].cols == cols)
			return &pictures->of[i];
	return NULL;
}

enum show { WITH_ROLES = 1, BOX_ONLY = 2 };

static bool same_look(const struct cell *a, const struct cell *b)
{
	return a->role == b->role && a->style == b->style;
}

static bool same_cell(const struct picture *picture, size_t row, size_t col, unsigned show)
{
	const struct cell *is = surface_cell(&workbench.surface, row, col),
			  *was = &picture->cells[row * picture->cols + col];
	return is->length == was->length && !memcmp(is->text, was->text, is->length) &&
	       (!(show & WITH_ROLES) || same_look(is, was));
}

static bool same_row(const struct picture *picture, size_t row, struct box box, unsigned show)
{
	for (size_t col = box.col; picture && col < box.col + box.cols; col++)
		if (!same_cell(picture, row, col, show))
			return false;
	return picture != NULL;
}

/* The smallest box around all differences from the picture, except for the keys in the last row. */
static struct box what_differs(const struct picture *picture, unsigned show)
{
	size_t top = picture->rows, end = 0, left = picture->cols, right = 0;
	for (size_t row = 0; row < picture->rows - 1; row++)
		for (size_t col = 0; col < picture->cols; col++) {
			if (same_cell(picture, row, col, show))
				continue;
			top = row < top ? row : top;
			end = row + 1;
			left = col < left ? col : left;
			right = col + 1 > right ? col + 1 : right;
		}
	return (struct box){ end ? top : 0, right ? left : 0, sub_sat(end, top), sub_sat(right, left) };
}

/* --- one frame as text --- */

/* If a row is repeated more than once, the repetitions are written as a count. */
static const char *last_row;
static size_t repeats;

static void end_rows(void)
{
	if (repeats == 1)
		strbuf_addf(&made, "%s\n", last_row);
	else if (repeats)
		strbuf_addf(&made, "(%zu times more)\n", repeats);
	last_row = NULL;
	repeats = 0;
}

static void add_row(const char *text) /* in the arena */
{
	if (last_row && !strcmp(last_row, text)) {
		repeats++;
		return;
	}
	end_rows();
	strbuf_addf(&made, "%s\n", text);
	last_row = text;
}

/* Two or more rows in succession that are the same in the picture `like` are written as a count. */
static void add_text(struct box box, const struct picture *like, unsigned show)
{
	size_t end = box.row + box.rows;
	while (end > box.row && !cells_text(end - 1, box.col, box.cols)[0])
		end--;
	for (size_t row = box.row, same; row < end; row += same ? same : 1) {
		for (same = 0; row + same < end && same_row(like, row + same, box, show);)
			same++;
		if (same > 1)
			add_row(arena_printf(&arena, "(%zu rows as there)", same));
		else
			add_row(cells_text(row, box.col, box.cols));
	}
	end_rows();
}

/* The columns of one row that have the role and style of `look`: "2-8,10-14"; "" if the row is as in `like`. */
static const char *pieces_of(const struct cell *look, size_t row, struct box box, const struct picture *like)
{
	struct strbuf pieces = STRBUF_INIT;
	const size_t right = box.col + box.cols;
	if (same_row(like, row, box, WITH_ROLES))
		return "";
	for (size_t col = box.col, end; col < right; col = end) {
		bool has_it = same_look(look, surface_cell(&workbench.surface, row, col));
		for (end = col + 1; end < right && has_it; end++)
			if (!same_look(look, surface_cell(&workbench.surface, row, end)))
				break;
		if (has_it)
			strbuf_addf(&pieces, "%s%zu-%zu", pieces.len ? "," : "", col, end - 1);
	}
	return strbuf_finish(&pieces, &arena);
}

#define ROLES_COLS 110

/* Adds all cells with one role and style, in one line or several: "muted bold 3:2-8 4-7:2-8,10-14". */
static void add_look(const struct cell *look, struct box box, const struct picture *like)
{
	const size_t last = box.row + box.rows;
	struct strbuf line = STRBUF_INIT;
	for (size_t row = box.row, next; row < last; row = next) {
		const char *pieces = pieces_of(look, row, box, like);
		for (next = row + 1; next < last && !strcmp(pieces, pieces_of(look, next, box, like));)
			next++;
		if (!pieces[0])
			continue;
		if (!line.len)
			strbuf_addf(&line, "%s%s%s%s", theme_role_text(look->role),
				    look->style & CELL_BOLD ? " bold" : "",
				    look->style & CELL_UNDERLINE ? " underlined" : "",
				    look->style & CELL_REVERSE ? " reversed" : "");
		const char *rows = next == row + 1 ? "" : arena_printf(&arena, "-%zu", next - 1);
		const char *word = arena_printf(&arena, " %zu%s:%s", row, rows, pieces);
		if (line.len + strlen(word) > ROLES_COLS) {
			strbuf_addf(&made, "%s\n", line.buf);
			strbuf_truncate(&line, 0);
			strbuf_adds(&line, "   ");
		}
		strbuf_adds(&line, word);
	}
	if (line.len)
		strbuf_addf(&made, "%s\n", line.buf);
	strbuf_release(&line);
}

#define STYLES ((CELL_BOLD | CELL_UNDERLINE | CELL_REVERSE) + 1)

/* Cells other than plain text, by role and style. */
static void add_roles(struct box box, const struct picture *like)
{
	bool seen[THEME_ROLE_COUNT][STYLES] = { { false } };
	for (size_t row = box.row; row < box.row + box.rows; row++)
		for (size_t col = box.col; col < box.col + box.cols; col++) {
			const struct cell *cell = surface_cell(&workbench.surface, row, col);
			seen[cell->role][cell->style] = true;
		}
	seen[THEME_TEXT][0] = false;
	for (uint8_t role = 0; role < THEME_ROLE_COUNT; role++)
		for (uint8_t style = 0; style < STYLES; style++)
			if (seen[role][style])
				add_look(&(struct cell){ .role = role, .style = style }, box, like);
}

/* With BOX_ONLY, returns only the box of the dialog: the screen under the dialog has its own picture. */
static struct box begin_frame(size_t cols, size_t rows, unsigned show)
{
	struct box box = { 0, 0, rows, cols };
	workbench_draw(&workbench, rows, cols);
	strbuf_addf(&made, "=== %zux%zu %s", cols, rows, workbench.surface.mode == TEXT_UTF8 ? "UTF-8" : "ASCII");
	if (show & BOX_ONLY) {
		box = workbench.surface.screen_reader.overlay;
		strbuf_addf(&made, ", box at row %zu, column %zu", box.row, box.col);
	}
	return box;
}

static void add_roles_of(struct box box, const struct picture *like)
{
	strbuf_adds(&made, "--- what is not plain text\n");
	add_roles(box, like);
}

static void add_frame(size_t cols, size_t rows, unsigned show)
{
	const struct box box = begin_frame(cols, rows, show);
	strbuf_adds(&made, "\n");
	add_text(box, NULL, show);
	if (show & WITH_ROLES)
		add_roles_of(box, NULL);
}

/* Adds the differences from the picture of another view: one box, and the keys. */
static void add_difference(struct box whole, const struct picture *like, const char *name, unsigned show)
{
	const struct box box = what_differs(like, show);
	const size_t last = whole.rows - 1;
	const bool same_keys = same_row(like, last, whole, show);
	strbuf_addf(&made, ", as %s", name);
	if (box.rows)
		strbuf_addf(&made, " but for %zu rows from row %zu, %zu columns from column %zu", box.rows, box.row,
			    box.cols, box.col);
	strbuf_adds(&made, "\n");
	add_text(box, like, show);
	if (!same_keys)
		strbuf_addf(&made, "keys:%s\n", cells_text(last, 0, whole.cols));
	if (show & WITH_ROLES && (box.rows || !same_keys))
		add_roles_of(whole, like);
}

static void add_frame_of(struct pictures *own, const struct pictures *other, size_t cols, size_t rows, unsigned show)
{
	const struct picture *like = picture_of_size(other, rows, cols);
	if (like)
		add_difference(begin_frame(cols, rows, show), like, other->name, show);
	else
		add_frame(cols, rows, show);
	own->of[own->count++] = take_picture(rows, cols);
}

static void compare(const char *name)
{
	expect_kept(arena_printf(&arena, FRAMES "%s.txt", name), &made);
	strbuf_release(&made);
}

/* At 100 columns, a case's header shows a longer bar and the merchant, and a filter line shows a longer hint. */
static bool shows_more_at_100(const char *view)
{
	return !strcmp(view, "case-1-summary") || !strcmp(view, "inbox-filter");
}

static const struct pictures *pictures_of(const struct pictures *all, size_t count, const char *name)
{
	for (size_t i = 0; name && i < count; i++)
		if (!strcmp(all[i].name, name))
			return &all[i];
	cr_assert_null(name, "\"%s\" is not an earlier view", name);
	return NULL;
}

Test(frames, every_screen)
{
#define SEEN(name) { #name, &name##_screen, false },
	struct {
		const char *name;
		const struct screen_ops *screen;
		bool seen;
	} seen[] = { SCREENS(SEEN) };
#undef SEEN
	struct pictures *all = arena_alloc_array(&kept_pictures, view_row_count, sizeof *all);

	for (size_t i = 0; i < view_row_count; i++) {
		const struct pictures *like = pictures_of(all, i, view_rows[i].like);
		struct pictures *own = &all[i];
		own->name = view_rows[i].name;
		open_view(&view_rows[i]);
		for (size_t s = 0; s < sizeof seen / sizeof seen[0]; s++)
			seen[s].seen |= seen[s].screen == top_screen(&workbench);
		add_frame_of(own, like, 60, SCREEN_ROWS_MIN, 0);
		add_frame_of(own, like, 80, 24, WITH_ROLES);
		if (shows_more_at_100(view_rows[i].name))
			add_frame_of(own, like, 100, 24, 0);
		if (!workbench.boards.top && !workbench.help.is_open) /* boards and help never have panes */
			add_frame_of(own, like, TWO_PANES_COLS_MIN, 24, 0);
		switch_mode(TEXT_ASCII);
		add_frame_of(own, like, THREE_PANES_COLS_MIN, 50, 0);
		close_place();
		compare(view_rows[i].name);
	}
	for (size_t s = 0; s < sizeof seen / sizeof seen[0]; s++)
		cr_expect(seen[s].seen, "no view shows the screen \"%s\"", seen[s].name);
	arena_release(&kept_pictures);
}

/* Simulates the search in a store of a million cases; the search in the test's store ends at once. */
Test(frames, a_search_that_goes_on)
{
	static const struct view_row view = { .name = "inbox-searching", .ref = "", .keys = "/harb\n" };
	struct queue *queue = &workbench.inbox.queue;
	open_view(&view);
	cr_assert_gt(queue_row_count(queue), 1);
	queue->shown_response->page[0].page.count = 1;
	queue->shown_response->partial = queue->waiting = queue->is_searching = true;
	queue->shown_response->total = -1;
	queue->shown_response->scanned_count = 400000;
	queue->shown_response->scan_total = 1000000;
	add_frame(80, 24, WITH_ROLES);
	add_frame(60, SCREEN_ROWS_MIN, 0);
	add_frame(TWO_PANES_COLS_MIN, 24, 0);
	queue->shown_response->page[0].page.count = 0; /* nothing found yet */
	add_frame(80, SCREEN_ROWS_MIN, 0);
	queue_cancel_reading(queue);
	add_frame(80, SCREEN_ROWS_MIN, 0);
	close_place();
	compare(view.name);
}

/* A dialog has a second layout from TWO_PANES_COLS_MIN on; at 80 columns, only the size of its box is stored. */
Test(frames, every_dialog)
{
#define NAMED(name) { #name, &name##_dialog },
	static const struct {
		const char *name;
		const struct dialog_spec *spec;
	} dialogs[] = { DIALOGS(NAMED) };
#undef NAMED

	for (size_t i = 0; i < sizeof dialogs / sizeof dialogs[0]; i++) {
		open_dialog(dialogs[i].spec);
		add_frame(TWO_PANES_COLS_MIN, 50, BOX_ONLY | WITH_ROLES);
		struct box box = begin_frame(80, 24, BOX_ONLY);
		strbuf_addf(&made, ", %zu rows of %zu columns\n", box.rows, box.cols);
		switch_mode(TEXT_ASCII);
		add_frame(60, SCREEN_ROWS_MIN, BOX_ONLY);
		close_place();
		compare(arena_printf(&arena, "dialog-%s", dialogs[i].name));
	}
}

/* Compares titles at seven widths. Complete: names of 24 cells, workflow titles and (from 80 columns on) reasons. */
Test(frames, seven_widths_of_the_list)
{
	static const size_t widths[] = { 60, 80, 100, 119, 120, 160, 200 };
	open_view(&view_rows[0]);
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		workbench_draw(&workbench, 24, widths[i]);
		bool named = false;
		for (size_t row = 0; row < workbench.surface.rows; row++) {
			const char *text = surface_row_text(&arena, &workbench.surface, row);
			const char *due = strstr(text, " Due ");
			if (due && strstr(text, "Subject")) {
				char *rest = arena_strdup(&arena, due), *word;
				strbuf_addf(&made, "%zu:", widths[i]);
				while ((word = strtok_r(rest, " \342\224\202", &rest)))
					strbuf_addf(&made, " %s", word);
				strbuf_adds(&made, "\n");
			}
			named |= strstr(text, "Harbour Lane Trading Ltd") != NULL;
			cr_expect_null(strstr(text, "ralio\u2026"), "%s", text);
			if (widths[i] >= 80)
				cr_expect_null(strstr(text, "documents to re\u2026"), "%s", text);
		}
		cr_expect(named, "%zu", widths[i]);
		arena_reset(&arena);
	}
	compare("list-titles");
}
