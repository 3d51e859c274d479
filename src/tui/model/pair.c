/* A document next to another document, or next to its form. */
#include "kybdesk/tui/viewer.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_LEAST 6 /* minimum rows of each of the two */
#define FORM_COLS_LEAST 58

struct viewer *viewer_front(struct viewer *viewer)
{
	return viewer->other && viewer->away ? viewer->other : viewer;
}

bool viewer_is_pair(const struct viewer *viewer)
{
	return viewer->other || viewer->form;
}

void viewer_close_neighbour(struct viewer *viewer)
{
	viewer_free(viewer->other);
	page_free(viewer->form);
	viewer->other = NULL;
	viewer->form = NULL;
	viewer->away = false;
}

struct viewer *viewer_detach_other(struct viewer *viewer)
{
	struct viewer *other = viewer->other;
	viewer->other = NULL;
	viewer->away = false;
	return other;
}

void viewer_form(struct viewer *viewer, struct job *of_case, const struct frame *frame)
{
	if (!viewer->form) {
		viewer_close_neighbour(viewer);
		viewer->form = page_new(&form_page, viewer->document);
	}
	viewer->form->document = viewer->job;
	viewer->form->ticked = viewer->ticked.buf;
	page_fill(viewer->form, of_case, frame);
}

void viewer_update_notes(struct viewer *viewer, const struct case_file *file, const struct frame *frame)
{
	struct arena arena = ARENA_INIT;
	for (; viewer; viewer = viewer->other) {
		const char *note = note_on(&arena, file, viewer->document, frame);
		free(viewer->noted);
		viewer->noted = note[0] ? xstrdup(note) : NULL;
	}
	arena_release(&arena);
}

bool page_is_ticked(const struct page *page, const char *what)
{
	size_t length = strlen(what);
	for (const char *at = page->ticked; at && *at; at += strcspn(at, "\n") + 1)
		if (strcspn(at, "\n") == length && !memcmp(at, what, length))
			return true;
	return false;
}

bool viewer_tick(struct viewer *viewer, size_t row, struct job *of_case, const struct frame *frame)
{
	const struct page *form = viewer->form;
	size_t at = row == SIZE_MAX && form ? form->cursor : row;
	if (!form || at >= form->grid.row_count || form->grid.rows[at].kind != ROW_PLAIN)
		return false;
	const char *what = form->grid.rows[at].ref;
	struct strbuf left = STRBUF_INIT;
	bool was = page_is_ticked(form, what);
	for (size_t i = 0; i < form->grid.row_count; i++) {
		const struct grid_row *one = &form->grid.rows[i];
		if (one->kind == ROW_PLAIN && (strcmp(one->ref, what) ? page_is_ticked(form, one->ref) : !was))
			strbuf_addf(&left, "%s\n", one->ref);
	}
	viewer->form->cursor = at;
	strbuf_reset(&viewer->ticked);
	strbuf_add(&viewer->ticked, left.buf, left.len);
	strbuf_wipe(&left);
	viewer_form(viewer, of_case, frame);
	return true;
}

static size_t clamped(size_t value, size_t least, size_t most)
{
	return value > most ? most : value < least ? least : value;
}

void viewer_pair_boxes(const struct viewer *viewer, struct box box, bool stacked, struct pair_boxes *out)
{
	size_t second;
	*out = (struct pair_boxes){ .first = box, .second = box, .stacked = stacked || box.cols < WIDE_COLS };
	if (!out->stacked) {
		second = viewer->form ? clamped(box.cols * 2 / 5, FORM_COLS_LEAST, box.cols) : (box.cols - 1) / 2;
		out->first.cols = box.cols - second - 1;
		out->second.col = box.col + box.cols - second;
		out->second.cols = second;
	} else if (box.rows < 2 * ROWS_LEAST + 1) {
		*(viewer->away ? &out->first : &out->second) = (struct box){ 0 };
	} else {
		size_t most = viewer->away ? box.rows * 2 / 3 : viewer->form ? box.rows / 2 : box.rows / 3;
		second = viewer->form ? viewer->form->grid.row_count + 5
				      : most; /* plus titles, a rule, and the full text of a row */
		second = clamped(clamped(second, ROWS_LEAST, most), ROWS_LEAST, box.rows - ROWS_LEAST - 1);
		out->first.rows = box.rows - second - 1;
		out->second.row = box.row + box.rows - second;
		out->second.rows = second;
	}
}

static void show_focus(struct surface *surface, struct box box, bool focused)
{
	if (!focused || !box.rows)
		return;
	surface_pointer(surface, box.row, box.col, true);
	surface_dye(surface, box_row(box, 0), THEME_ACCENT, CELL_BOLD);
}

void viewer_pair_draw(struct viewer *viewer, struct surface *surface, struct box box)
{
	struct pair_boxes boxes;
	viewer_pair_boxes(viewer, box, surface->still, &boxes);
	if (boxes.first.rows)
		viewer_draw(viewer, surface, boxes.first);
	if (boxes.second.rows && viewer->form)
		page_draw(viewer->form, surface, boxes.second, viewer->away ? GRID_FOCUSED : GRID_KEPT, ZONE_GRID);
	else if (boxes.second.rows)
		viewer_draw(viewer->other, surface, boxes.second);
	show_focus(surface, boxes.first, !viewer->away);
	show_focus(surface, boxes.second, viewer->away);
	if (boxes.stacked) {
		if (boxes.first.rows && boxes.second.rows)
			surface_rule(surface, boxes.second.row - 1, box.col, box.cols, THEME_BORDER);
		return;
	}
	surface->paned = true;
	surface_border(surface, box, boxes.second.col - 1);
}
