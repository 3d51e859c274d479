/*
 * Expected screens (workbench.md "Layout"): every screen and every dialog, over a store of worst-case names, at seven
 * widths and two heights, in UTF-8 and in ASCII, as they are kept in frames/; at 80x24 with the roles of their cells.
 * After a change that is wanted: KYBDESK_WRITE_FRAMES=1 build/test/test_tui --filter 'frames/…', then read the
 * difference.
 */
#include "places.h"

#include "support/process.h"

#include <stdlib.h>

#define FRAMES KYB_SOURCE_DIR "/tests/unit/tui/frames/"

TestSuite(frames, .init = places_open, .fini = places_close, .timeout = 600);

static const size_t widths[] = { 60, 80, 100, 120, 132, 160, 200 };
#define WIDTH_COUNT (sizeof widths / sizeof widths[0])
static const size_t heights[] = { 24, 50 };

static const struct looked_at {
	const char *name;
	const char *ref;
	const char *keys;
} views[] = {
	{ "inbox", "", "" },
	{ "inbox-remediation", "", "4" },
	{ "inbox-empty", "", "3" },
	{ "inbox-mine", "", "8" },
	{ "inbox-over-due", "", "9" },
	{ "inbox-filter", "", "/harb" },
	{ "inbox-filter-wrong", "", "/status:nowhere\n" },
	{ "case-1-summary", WORST, "1" },
	{ "case-2-documents", WORST, "2" },
	{ "case-3-parties", WORST, "3" },
	{ "case-4-checks", WORST, "4" },
	{ "case-5-corrections", "ASK-1", "5" },
	{ "case-6-timeline", WORST, "6" },
	{ "case-7-webhooks", WORST, "7" },
	{ "case-clear", "KYC-1", "" },
	{ "case-note", WORST, "mA note that somebody writes" },
	{ "case-held", "HEL-1", "" },
	{ "case-approved", "APP-1", "" },
	{ "paper", WORST, "2j\n" },
	{ "page-party", WORST, "3i" },
	{ "page-check", WORST, "4i" },
	{ "page-correction", "ANS-1", "5i" },
	{ "page-event", WORST, "6\n" },
	{ "page-past", "ANS-1", "6jT" },
	{ "help", WORST, "?" },
	{ "help-in-a-dialog", "KYC-1", "a?" },
	{ "palette", WORST, ":re" },
	{ "beside-list", WORST, "\vj" },
	{ "beside-document", "RAL-1", "2" },
	{ "beside-page", WORST, "4j\t" },
	{ "beside-paper", "RAL-1", "2\n\t\t\t" },
};
#define VIEW_COUNT (sizeof views / sizeof views[0])

static struct strbuf made;

/* --- one frame as text --- */

static void draw(enum text_mode mode, size_t height, size_t width)
{
	workbench.surface.mode = workbench.frame.mode = mode;
	workbench_draw(&workbench, height, width);
}

static void add_rows(void)
{
	size_t left = 0;
	for (size_t row = 0; row < workbench.surface.rows; row++) {
		const char *text = surface_row_text(&arena, &workbench.surface, row);
		if (!text[0]) {
			left++;
			continue;
		}
		for (; left; left--)
			strbuf_adds(&made, "\n");
		strbuf_addf(&made, "%s\n", text);
	}
}

/* What is not plain text, in pieces of one kind: "row 3: 2-8 danger, 10-14 muted bold". */
static void add_roles(void)
{
	for (size_t row = 0; row < workbench.surface.rows; row++) {
		const char *glue = "";
		for (size_t col = 0, end; col < workbench.surface.cols; col = end) {
			const struct cell *cell = surface_cell(&workbench.surface, row, col);
			for (end = col + 1; end < workbench.surface.cols; end++) {
				const struct cell *next = surface_cell(&workbench.surface, row, end);
				if (next->role != cell->role || next->style != cell->style)
					break;
			}
			if (cell->role == THEME_TEXT && !cell->style)
				continue;
			if (!glue[0])
				strbuf_addf(&made, "row %zu:", row);
			strbuf_addf(&made, "%s %zu-%zu %s%s%s%s", glue, col, end - 1, theme_role_text(cell->role),
				    cell->style & CELL_BOLD ? " bold" : "",
				    cell->style & CELL_UNDERLINE ? " underlined" : "",
				    cell->style & CELL_REVERSE ? " reversed" : "");
			glue = ",";
		}
		strbuf_adds(&made, glue[0] ? "\n" : "");
	}
}

static void add_frame(enum text_mode mode, size_t height, size_t width)
{
	draw(mode, height, width);
	strbuf_addf(&made, "=== %zux%zu %s\n", width, height, mode == TEXT_UTF8 ? "UTF-8" : "ASCII");
	add_rows();
	if (width == 80 && height == 24 && mode == TEXT_UTF8) {
		strbuf_adds(&made, "--- what is not plain text\n");
		add_roles();
	}
}

/* Marks are chosen when an answer is shown: everything is asked for once more, as a terminal of that kind would. */
static void switch_to(enum text_mode mode)
{
	workbench.surface.mode = workbench.frame.mode = mode;
	workbench.stale |= STALE_DATA;
	if (workbench.dialog)
		reader_ask(workbench.reader, dialog_ask(workbench.dialog, next_ticket(&workbench)));
	settle();
}

static void add_frames(void)
{
	for (enum text_mode mode = TEXT_UTF8; mode <= TEXT_ASCII; mode++) {
		if (mode == TEXT_ASCII)
			switch_to(mode);
		for (size_t h = 0; h < 2; h++)
			for (size_t w = 0; w < WIDTH_COUNT; w++)
				add_frame(mode, heights[h], widths[w]);
	}
}

/* A dialog has one width up to 100 columns, and one from 120. */
static void add_dialog_frames(void)
{
	add_frame(TEXT_UTF8, 24, 60);
	add_frame(TEXT_UTF8, 24, 80);
	add_frame(TEXT_UTF8, 50, 132);
	switch_to(TEXT_ASCII);
	add_frame(TEXT_ASCII, 24, 80);
}

/* --- and beside it, what is expected --- */

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
		free(kept);
	}
	strbuf_release(&made);
}

static void look_at(const struct looked_at *view)
{
	const struct row at = { .ref = view->ref, .keys = view->keys };
	put_back();
	open_workbench(&people[ADA]);
	if (!strncmp(view->name, "beside-",
		     7)) /* its keys are pressed where list, case and document stand side by side */
		screen_cols = THREE_COLS;
	arrive_at(&at, &people[ADA]);
}

static void leave(void)
{
	close_workbench();
	arena_reset(&arena);
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

	for (size_t i = 0; i < VIEW_COUNT; i++) {
		look_at(&views[i]);
		for (size_t s = 0; s < sizeof seen / sizeof seen[0]; s++)
			seen[s].seen |= seen[s].screen == top_screen(&workbench);
		add_frames();
		leave();
		compare(views[i].name);
	}
	for (size_t s = 0; s < sizeof seen / sizeof seen[0]; s++)
		cr_expect(seen[s].seen, "no view shows the screen \"%s\"", seen[s].name);
}

/* As a store of a million cases would have it: this one is looked through at once. */
Test(frames, a_search_that_goes_on)
{
	static const struct looked_at view = { "inbox-searching", "", "/harb\n" };
	struct queue *queue = &workbench.queue;
	look_at(&view);
	cr_assert_gt(queue_count(queue), 1);
	queue->shown->page[0].page.count = 1;
	queue->shown->partial = queue->waiting = queue->searching = true;
	queue->shown->total = -1;
	queue->shown->looked = 400000;
	queue->shown->of = 1000000;
	add_frame(TEXT_UTF8, 24, 80);
	add_frame(TEXT_UTF8, 24, 60);
	add_frame(TEXT_UTF8, 50, 132);
	queue->shown->page[0].page.count = 0; /* none was found yet */
	add_frame(TEXT_UTF8, 24, 80);
	queue_give_up(queue);
	add_frame(TEXT_UTF8, 24, 80);
	leave();
	compare(view.name);
}

/* The first row that opens it. */
static const struct row *row_of(const struct dialog_spec *spec)
{
	for (size_t i = 0; i < row_count; i++)
		if (rows[i].dialog == spec && (rows[i].does == OPENS || rows[i].does == OFFERS))
			return &rows[i];
	return NULL;
}

Test(frames, every_dialog)
{
#define NAMED(name) { #name, &name##_dialog },
	static const struct {
		const char *name;
		const struct dialog_spec *spec;
	} dialogs[] = { DIALOGS(NAMED) };
#undef NAMED

	for (size_t i = 0; i < sizeof dialogs / sizeof dialogs[0]; i++) {
		const struct row *row = row_of(dialogs[i].spec);
		cr_assert(row, "no row of places.c opens \"%s\"", dialogs[i].name);
		put_back();
		do_first(row, &people[ADA]);
		open_workbench(&people[ADA]);
		arrive_at(row, &people[ADA]);
		press(key_of(row->command));
		if (row->does == OFFERS) {
			choose(row->code);
			confirm();
		}
		settle();
		cr_expect(workbench.dialog && workbench.dialog->spec == dialogs[i].spec, "%s does not open",
			  dialogs[i].name);
		add_dialog_frames();
		leave();
		compare(arena_printf(&arena, "dialog-%s", dialogs[i].name));
	}
}

/* --- what holds at every width --- */

static size_t titles_shown(void)
{
	static const char *const titles[] = { "Due",  "Now",  "Session", "Subject", "Cty",   "Flow",
					      "Risk", "Docs", "Party",	 "Why",	    "Holder" };
	size_t count = 0;
	for (size_t row = 0; row < workbench.surface.rows; row++) {
		const char *text = surface_row_text(&arena, &workbench.surface, row);
		if (!strstr(text, " Due ") || !strstr(text, "Subject"))
			continue;
		for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
			count += strstr(text, titles[i]) != NULL;
		return count;
	}
	cr_assert_fail("no row of titles");
	return 0;
}

Test(frames, a_wider_screen_never_shows_fewer_columns)
{
	size_t before = 0;
	look_at(&views[0]);
	for (size_t width = LEAST_COLS; width <= 200; width++) {
		draw(TEXT_UTF8, 24, width);
		size_t now = titles_shown();
		cr_expect_geq(now, before, "%zu columns at %zu cells, %zu one cell before", now, width, before);
		before = now;
		arena_reset(&arena);
	}
	cr_expect_eq(before, 11);
	leave();
}

Test(frames, a_header_keeps_the_sandbox_who_one_is_and_the_due_time)
{
	look_at(&views[7]);
	for (size_t width = LEAST_COLS; width <= 200; width++) {
		draw(TEXT_UTF8, 24, width);
		const char *first = surface_row_text(&arena, &workbench.surface, 0);
		cr_expect(strstr(first, "SANDBOX") && strstr(first, "ada"), "%zu: %s", width, first);
		bool due = false;
		for (size_t row = 0; row < 4; row++)
			due |= strstr(surface_row_text(&arena, &workbench.surface, row), "due ") != NULL;
		cr_expect(due, "%zu: no due time", width);
		arena_reset(&arena);
	}
	leave();
}
