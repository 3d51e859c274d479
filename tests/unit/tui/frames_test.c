/*
 * Pictures of every screen and every dialog, over a store of worst-case names, as frames/ keeps them: one on each side
 * of each step of the layout (the least size, 80 columns, two panes, three panes). sizes_test.c checks all other sizes.
 * After an intended change: KYBDESK_WRITE_FRAMES=1 build/test/test_tui --filter 'frames/…', then read the difference.
 */
#include "places.h"

#include "support/process.h"

#include <stdlib.h>

#define FRAMES KYB_SOURCE_DIR "/tests/unit/tui/frames/"

TestSuite(frames, .init = places_open, .fini = places_close, .timeout = 600);

static struct strbuf made;

/* --- one frame as text --- */

/* A run of equal rows is written once, and how often it comes again. */
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

static void add_text(struct box box)
{
	size_t end = box.row + box.rows;
	while (end > box.row && !cells_text(end - 1, box.col, box.cols)[0])
		end--;
	for (size_t row = box.row; row < end; row++)
		add_row(cells_text(row, box.col, box.cols));
	end_rows();
}

static bool same_look(const struct cell *a, const struct cell *b)
{
	return a->role == b->role && a->style == b->style;
}

/* Cells other than plain text, in pieces of one kind: "2-8 danger, 10-14 muted bold". */
static const char *roles_of(size_t row, size_t left, size_t right)
{
	struct strbuf roles = STRBUF_INIT;
	for (size_t col = left, end; col < right; col = end) {
		const struct cell *cell = surface_cell(&workbench.surface, row, col);
		for (end = col + 1; end < right; end++)
			if (!same_look(cell, surface_cell(&workbench.surface, row, end)))
				break;
		if (cell->role == THEME_TEXT && !cell->style)
			continue;
		strbuf_addf(&roles, "%s%zu-%zu %s%s%s%s", roles.len ? ", " : "", col, end - 1,
			    theme_role_text(cell->role), cell->style & CELL_BOLD ? " bold" : "",
			    cell->style & CELL_UNDERLINE ? " underlined" : "",
			    cell->style & CELL_REVERSE ? " reversed" : "");
	}
	return strbuf_finish(&roles, &arena);
}

/* Rows with the same pieces in one line: "row 3: 2-8 danger", "rows 4 to 7: 2-8 danger". */
static void add_roles(struct box box)
{
	const size_t last = box.row + box.rows, right = box.col + box.cols;
	for (size_t row = box.row, next; row < last; row = next) {
		const char *roles = roles_of(row, box.col, right);
		for (next = row + 1; next < last && !strcmp(roles, roles_of(next, box.col, right));)
			next++;
		if (roles[0] && next == row + 1)
			strbuf_addf(&made, "row %zu: %s\n", row, roles);
		else if (roles[0])
			strbuf_addf(&made, "rows %zu to %zu: %s\n", row, next - 1, roles);
	}
}

enum show { WITH_ROLES = 1, BOX_ONLY = 2 };

/* With BOX_ONLY, of a dialog only its box and position: the screen under it has a picture of its own. */
static void add_frame(size_t cols, size_t rows, unsigned show)
{
	struct box box = { 0, 0, rows, cols };
	workbench_draw(&workbench, rows, cols);
	strbuf_addf(&made, "=== %zux%zu %s", cols, rows, workbench.surface.mode == TEXT_UTF8 ? "UTF-8" : "ASCII");
	if (show & BOX_ONLY) {
		box = workbench.surface.aloud.front;
		strbuf_addf(&made, ", box at row %zu, column %zu", box.row, box.col);
	}
	strbuf_adds(&made, "\n");
	add_text(box);
	if (show & WITH_ROLES) {
		strbuf_adds(&made, "--- what is not plain text\n");
		add_roles(box);
	}
}

/* --- and beside it, the expected text --- */

static char *line_at(const char *text, size_t number)
{
	while (number-- && *text)
		text += strcspn(text, "\n") + (text[strcspn(text, "\n")] != '\0');
	return arena_strndup(&arena, text, strcspn(text, "\n"));
}

static void say_difference(const char *path, const char *kept)
{
	const char *frame = "";
	for (size_t i = 0;; i++) {
		const char *is = line_at(made.buf, i), *was = line_at(kept, i);
		if (!strncmp(is, "=== ", 4))
			frame = is;
		if (strcmp(is, was) != 0) {
			cr_expect_fail("%s:%zu (%s)\nkept: %s\nis:   %s", path, i + 1, frame, was, is);
			return;
		}
	}
}

static void compare(const char *name)
{
	char *path = arena_printf(&arena, FRAMES "%s.txt", name);
	if (getenv("KYBDESK_WRITE_FRAMES")) {
		temp_write(path, made.buf, made.len);
	} else {
		char *kept = temp_read(path, NULL);
		if (!kept || strcmp(kept, made.buf) != 0)
			say_difference(path, kept ? kept : "");
	}
	strbuf_release(&made);
}

/* The bar and the merchant in a case's header, and the hint beside a filter. */
static bool shows_more_at_100(const char *view)
{
	return !strcmp(view, "case-1-summary") || !strcmp(view, "inbox-filter");
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

	for (size_t i = 0; i < view_row_count; i++) {
		open_view(&view_rows[i]);
		for (size_t s = 0; s < sizeof seen / sizeof seen[0]; s++)
			seen[s].seen |= seen[s].screen == top_screen(&workbench);
		add_frame(60, LEAST_ROWS, 0);
		add_frame(80, 24, WITH_ROLES);
		if (shows_more_at_100(view_rows[i].name))
			add_frame(100, 24, 0);
		add_frame(WIDE_COLS, 24, 0);
		switch_mode(TEXT_ASCII);
		add_frame(THREE_COLS, 50, 0);
		close_place();
		compare(view_rows[i].name);
	}
	for (size_t s = 0; s < sizeof seen / sizeof seen[0]; s++)
		cr_expect(seen[s].seen, "no view shows the screen \"%s\"", seen[s].name);
}

/* As in a store of a million cases: this one is searched at once. */
Test(frames, a_search_that_goes_on)
{
	static const struct view_row view = { "inbox-searching", "", "/harb\n" };
	struct queue *queue = &workbench.inbox.queue;
	open_view(&view);
	cr_assert_gt(queue_count(queue), 1);
	queue->shown->page[0].page.count = 1;
	queue->shown->partial = queue->waiting = queue->searching = true;
	queue->shown->total = -1;
	queue->shown->scanned = 400000;
	queue->shown->of = 1000000;
	add_frame(80, 24, WITH_ROLES);
	add_frame(60, LEAST_ROWS, 0);
	add_frame(WIDE_COLS, 24, 0);
	queue->shown->page[0].page.count = 0; /* nothing found yet */
	add_frame(80, LEAST_ROWS, 0);
	queue_cancel(queue);
	add_frame(80, LEAST_ROWS, 0);
	close_place();
	compare(view.name);
}

/* A dialog has one width up to WIDE_COLS, and one from there on. */
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
		add_frame(60, LEAST_ROWS, BOX_ONLY);
		add_frame(80, 24, BOX_ONLY | WITH_ROLES);
		switch_mode(TEXT_ASCII);
		add_frame(WIDE_COLS, 50, BOX_ONLY);
		close_place();
		compare(arena_printf(&arena, "dialog-%s", dialogs[i].name));
	}
}
