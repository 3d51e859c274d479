/* The form of a document: the values that it has to show, typed and read, with boxes to tick. */
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/tui/keymap.h"
#include "kybdesk/tui/page.h"

#include <string.h>

enum form_column { F_TICK, F_WHAT, F_TYPED, F_MARK, F_READ, F_TEXT, F_COUNT };
static const struct grid_column columns[F_COUNT] = {
	[F_TICK] = { "", 3, 5, TEXT_LEFT, false, 0, true },
	[F_WHAT] = { "Value", 12, 24, TEXT_LEFT, false, 0, false },
	[F_TYPED] = { "Typed", 8, 60, TEXT_LEFT, true, 0, false },
	[F_MARK] = { "", 1, 1, TEXT_LEFT, false, 0, true },
	[F_READ] = { "Extracted", 8, 60, TEXT_LEFT, true, 0, false },
	[F_TEXT] = { "Text", 4, 4, TEXT_LEFT, false, 1, true },
};

/* Whether the text of the document was compared with the value. */
static const struct agree_value *compared(const struct page *page, const struct form_row *row)
{
	const struct job *job = page->document;
	if (!job || !(job->viewer.kind == CONTENT_TEXT || job->viewer.compared))
		return NULL;
	for (size_t i = 0; i < job->out.agrees.count; i++)
		if (!strcmp(job->out.agrees.items[i].what, row->what))
			return &job->out.agrees.items[i];
	return NULL;
}

static const char *detail(struct arena *arena, const struct form_row *row, const struct agree_value *text)
{
	const char *like = row->like == FORM_DIFFERENT ? ": different" : row->like == FORM_SAME ? ": same" : "";
	return arena_printf(arena, "%s: %s%s%s%s%s%s", row->what, row->typed[0] ? "typed " : "not typed",
			    row->typed, row->read[0] ? ", read " : "", row->read, like,
			    !text	  ? ""
			    : text->found ? "; found in the text"
					  : "; not found in the text");
}

static void add(struct page *page, struct arena *arena, const struct form_row *row, enum text_mode mode)
{
	static const enum glyph marks[] = { [FORM_SAME] = GLYPH_SAME, [FORM_DIFFERENT] = GLYPH_DIFFERS };
	const struct agree_value *text = compared(page, row);
	size_t number = page->grid.row_count + 1;
	struct grid_row *line = grid_add(&page->grid, arena, ROW_PLAIN, row->what);
	bool ticked = page_is_ticked(page, row->what), differs = row->like == FORM_DIFFERENT;
	const char *box = ticked ? "[x]" : "[ ]";
	line->detail = detail(arena, row, text);
	grid_cell(line, F_TICK, ticked ? THEME_OK : THEME_TEXT,
		  number <= 9 ? arena_printf(arena, "%zu %s", number, box) : arena_printf(arena, "  %s", box));
	grid_cell(line, F_WHAT, row->required ? THEME_TEXT : THEME_MUTED, row->what);
	grid_cell(line, F_TYPED, THEME_TEXT, row->typed[0] ? row->typed : glyph_text(mode, GLYPH_DASH));
	if (row->like != FORM_UNKNOWN)
		grid_cell(line, F_MARK, differs ? THEME_DANGER : THEME_MUTED, glyph_text(mode, marks[row->like]));
	if (row->read[0])
		grid_cell(line, F_READ, differs ? THEME_DANGER : THEME_TEXT, row->read);
	if (text)
		grid_cell(line, F_TEXT, text->found ? THEME_OK : THEME_WARNING,
			  glyph_text(mode, text->found ? GLYPH_MET : GLYPH_UNMET));
}

/* A masked case shows masked texts, but the comparison is made with the unmasked values. If both values are the
 * same, the masked typed value is shown twice, so that the read value reveals nothing more. */
static void take_likeness(const struct page *page, struct document_form *form)
{
	for (size_t i = 0; i < form->count; i++) {
		struct form_row *row = &form->rows[i];
		const struct form_row *whole =
			page->document ? document_form_row(&page->document->out.form, row->what) : NULL;
		row->like = whole ? whole->like : FORM_UNKNOWN;
		if (row->like == FORM_SAME && row->typed[0])
			row->read = row->typed;
	}
}

static bool fill(struct page *page, struct job *job, const struct frame *frame)
{
	struct arena *arena = &job->arena;
	struct case_view *view = &job->view;
	const struct document *document = case_document(&view->file, page->ref);
	struct document_form form;
	size_t ticked = 0;
	if (!document)
		return false;
	case_values_parse(arena, &view->file);
	document_form_make(arena,
			   &(const struct form_of){ .file = &view->file,
						    .profile = view->profile,
						    .document = document,
						    .read = value_read(arena, document->extracted_json,
								       strlen(document->extracted_json), NULL),
						    .now = frame->now },
			   &form);
	if (view->masked)
		take_likeness(page, &form);
	page->grid = (struct grid){ .columns = columns,
				    .column_count = F_COUNT,
				    .empty = "The workflow names no values for this document." };
	for (size_t i = 0; i < form.count; i++) {
		ticked += page_is_ticked(page, form.rows[i].what);
		add(page, arena, &form.rows[i], frame->mode);
	}
	const char *dot = glyph_text(frame->mode, GLYPH_DOT);
	page->title = arena_printf(
		arena, "Form %s %zu of %zu ticked, only for you%s%s%s", dot, ticked, form.count,
		view->masked ? " " : "", view->masked ? dot : "",
		view->masked ? arena_printf(arena, " masked, %s reveals", keymap_text(arena, COMMAND_REVEAL)) : "");
	return true;
}

const struct page_spec form_page = { .fill = fill };
