/* Two items side by side: a document and another document, or a document and its form. The form lists the values
 * that the document has to show, as typed and as read from the document, with boxes to tick. */
#include "kybdesk/codec/value_codec.h"
#include "input/keymap.h"
#include "model/viewer.h"

#include <stdlib.h>
#include <string.h>

#define ITEM_ROWS_MIN 6 /* minimum rows of each of the two items */
#define FORM_COLS_MIN 58

/* --- the form --- */

bool page_is_ticked(const struct page *page, const char *what)
{
	size_t length = strlen(what);
	for (const char *at = page->ticked_values; at && *at; at += strcspn(at, "\n") + 1)
		if (strcspn(at, "\n") == length && !memcmp(at, what, length))
			return true;
	return false;
}

enum form_column { F_TICK, F_WHAT, F_TYPED, F_MARK, F_READ, F_TEXT, F_COUNT };
static const struct grid_column form_columns[F_COUNT] = {
	[F_TICK] = { "", 3, 5, TEXT_LEFT, false, 0, true },
	[F_WHAT] = { "Value", 12, 24, TEXT_LEFT, false, 0, false },
	[F_TYPED] = { "Typed", 8, 60, TEXT_LEFT, true, 0, false },
	[F_MARK] = { "", 1, 1, TEXT_LEFT, false, 0, true },
	[F_READ] = { "Extracted", 8, 60, TEXT_LEFT, true, 0, false },
	[F_TEXT] = { "Text", 4, 4, TEXT_LEFT, false, 1, true },
};

/* The result of comparing the form's value with the document's text; NULL: not compared. */
static const struct doc_search_value *find_compared_value(const struct page *page, const struct form_row *row)
{
	const struct job *job = page->document_job;
	if (!job || !(job->content.kind == CONTENT_TEXT || job->content.is_text_compared))
		return NULL;
	return ITEM_WITH_TEXT(job->out.case_values.items, job->out.case_values.count, name, row->label);
}

static const char *form_row_detail(struct arena *arena, const struct form_row *row, const struct doc_search_value *text)
{
	const char *like = row->likeness == FORM_LIKENESS_DIFFERENT ? ": different"
			   : row->likeness == FORM_LIKENESS_SAME    ? ": same"
								    : "";
	return arena_printf(arena, "%s: %s%s%s%s%s%s", row->label, row->typed[0] ? "typed " : "not typed", row->typed,
			    row->extracted[0] ? ", read " : "", row->extracted, like,
			    !text	  ? ""
			    : text->found ? "; found in the text"
					  : "; not found in the text");
}

static void add_value(struct page *page, const struct form_row *row)
{
	struct grid *grid = &page->grid;
	static const enum glyph marks[] = {
		[FORM_LIKENESS_SAME] = GLYPH_SAME, [FORM_LIKENESS_DIFFERENT] = GLYPH_DIFFERS
	};
	const struct doc_search_value *text = find_compared_value(page, row);
	size_t number = grid->row_count + 1;
	struct grid_row *line = grid_add_row(grid, ROW_PLAIN, row->label);
	bool is_ticked = page_is_ticked(page, row->label), differs = row->likeness == FORM_LIKENESS_DIFFERENT;
	const char *box = is_ticked ? "[x]" : "[ ]";
	line->detail = form_row_detail(grid->arena, row, text);
	grid_set_cell(line, F_TICK, is_ticked ? THEME_OK : THEME_TEXT,
		      number <= 9 ? grid_printf(grid, "%zu %s", number, box) : grid_printf(grid, "  %s", box));
	grid_set_cell(line, F_WHAT, row->required ? THEME_TEXT : THEME_MUTED, row->label);
	grid_set_cell(line, F_TYPED, THEME_TEXT, row->typed[0] ? row->typed : grid_glyph(grid, GLYPH_DASH));
	if (row->likeness != FORM_LIKENESS_UNKNOWN)
		grid_set_cell(line, F_MARK, differs ? THEME_DANGER : THEME_MUTED,
			      grid_glyph(grid, marks[row->likeness]));
	if (row->extracted[0])
		grid_set_cell(line, F_READ, differs ? THEME_DANGER : THEME_TEXT, row->extracted);
	if (text)
		grid_set_cell(line, F_TEXT, text->found ? THEME_OK : THEME_WARNING,
			      grid_glyph(grid, text->found ? GLYPH_MET : GLYPH_UNMET));
}

static const struct form_row *find_form_row(const struct document_form *form, const char *what)
{
	return ITEM_WITH_TEXT(form->rows, form->count, label, what);
}

/* In a masked case the form shows masked texts, but the comparison is made with the unmasked values. If the typed and
 * the read value are the same, shows the masked typed value twice, so that the read value reveals nothing more. */
static void copy_likeness(const struct page *page, struct document_form *form)
{
	for (size_t i = 0; i < form->count; i++) {
		struct form_row *row = &form->rows[i];
		const struct form_row *whole =
			page->document_job ? find_form_row(&page->document_job->out.form, row->label) : NULL;
		row->likeness = whole ? whole->likeness : FORM_LIKENESS_UNKNOWN;
		if (row->likeness == FORM_LIKENESS_SAME && row->typed[0])
			row->extracted = row->typed;
	}
}

static bool fill_form(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	struct case_view *view = &job->view;
	const struct document *document = case_document(&view->file, page->ref);
	struct document_form form;
	size_t ticked_count = 0;
	if (!document)
		return false;
	case_values_parse(grid->arena, &view->file);
	document_form_make(grid->arena,
			   &(const struct form_input){ .file = &view->file,
						       .profile = view->profile,
						       .document = document,
						       .extracted = value_read(grid->arena, document->extracted_json,
									       strlen(document->extracted_json), NULL),
						       .now = grid->frame->now },
			   &form);
	if (view->masked)
		copy_likeness(page, &form);
	GRID_LIST(grid, form_columns, "The workflow names no values for this document.");
	for (size_t i = 0; i < form.count; i++) {
		ticked_count += page_is_ticked(page, form.rows[i].label);
		add_value(page, &form.rows[i]);
	}
	page_set_title(page, "Form", "%zu of %zu ticked, not recorded", ticked_count, form.count);
	if (view->masked)
		page_set_title(page, page->title, "masked, %s reveals",
			       keymap_key_or_name(grid->arena, COMMAND_REVEAL));
	return true;
}

static const struct page_spec form_page = { .fill = fill_form };

/* --- the pair --- */

struct viewer *focused_viewer(struct viewer *viewer)
{
	return viewer->second_viewer && viewer->is_neighbour_focused ? viewer->second_viewer : viewer;
}

bool viewer_is_pair(const struct viewer *viewer)
{
	return viewer->second_viewer || viewer->form;
}

void viewer_close_neighbour(struct viewer *viewer)
{
	viewer_free(viewer->second_viewer);
	page_free(viewer->form);
	viewer->second_viewer = NULL;
	viewer->form = NULL;
	viewer->is_neighbour_focused = false;
}

void viewer_fill_form(struct viewer *viewer, struct job *case_job, const struct frame *frame)
{
	if (!viewer->form) {
		viewer_close_neighbour(viewer);
		viewer->form = page_new(&form_page, viewer->document_id);
	}
	viewer->form->document_job = viewer->job;
	viewer->form->ticked_values = viewer->ticked_values.buf;
	page_fill(viewer->form, case_job, frame);
}

void viewer_update_notes(struct viewer *viewer, const struct case_file *file, const struct frame *frame)
{
	struct arena arena = ARENA_INIT;
	for (; viewer; viewer = viewer->second_viewer) {
		const char *note = last_note_text(&arena, file, viewer->document_id, frame);
		free(viewer->newest_note);
		viewer->newest_note = note[0] ? xstrdup(note) : NULL;
	}
	arena_release(&arena);
}

void viewer_pair_boxes(const struct viewer *viewer, struct box box, bool is_stacked, struct pair_boxes *out)
{
	size_t second;
	*out = (struct pair_boxes){ .first = box,
				    .second = box,
				    .is_stacked = is_stacked || box.cols < TWO_PANES_COLS_MIN };
	if (!out->is_stacked) {
		second = viewer->form ? clamp(box.cols * 2 / 5, FORM_COLS_MIN, box.cols) : (box.cols - 1) / 2;
		out->first.cols = box.cols - second - 1;
		out->second.col = box.col + box.cols - second;
		out->second.cols = second;
	} else if (box.rows < 2 * ITEM_ROWS_MIN + 1) {
		*(viewer->is_neighbour_focused ? &out->first : &out->second) = (struct box){ 0 };
	} else {
		size_t most = viewer->is_neighbour_focused ? box.rows * 2 / 3
			      : viewer->form		   ? box.rows / 2
							   : box.rows / 3;
		second = viewer->form ? viewer->form->grid.row_count + 5
				      : most; /* 5 rows for the titles, a line, and the full text of a row */
		second = clamp(clamp(second, ITEM_ROWS_MIN, most), ITEM_ROWS_MIN, box.rows - ITEM_ROWS_MIN - 1);
		out->first.rows = box.rows - second - 1;
		out->second.row = box.row + box.rows - second;
		out->second.rows = second;
	}
}
