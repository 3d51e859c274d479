/* A page of a case: its rows under its title. */
#include "kybdesk/tui/page.h"

#include <stdlib.h>

struct page *page_new(const struct page_spec *spec, const char *ref)
{
	struct page *page = xcalloc(1, sizeof *page);
	page->spec = spec;
	page->ref = xstrdup(ref);
	page->title = "";
	return page;
}

void page_free(struct page *page)
{
	while (page) {
		struct page *under = page->under;
		free(page->ref);
		free(page);
		page = under;
	}
}

/* Skips the first row, which is a heading and cannot be selected. */
static void clamp_cursor(struct page *page)
{
	size_t count = page->grid.row_count;
	if (page->cursor >= count)
		page->cursor = count ? count - 1 : 0;
	if (page->cursor < count && page->grid.rows[page->cursor].kind == ROW_HEADING)
		grid_move(&page->grid, &page->cursor, 1);
}

void page_fill(struct page *page, struct job *job, const struct frame *frame)
{
	facts_begin(&page->grid);
	page->title = "";
	if (!page->spec->fill(page, job, frame)) {
		facts_begin(&page->grid);
		page->grid.empty = "This item is no longer in the case; Esc goes back.";
	}
	clamp_cursor(page);
}

void page_move(struct page *page, long rows)
{
	grid_move(&page->grid, &page->cursor, rows);
}

const struct grid_row *page_row(const struct page *page)
{
	return page->cursor < page->grid.row_count ? &page->grid.rows[page->cursor] : NULL;
}

bool page_about(const struct grid_row *row, struct job *job, const struct page_spec **spec, const char **ref)
{
	/* The card of a hit is a dialog; its page is that of its check. */
	static const struct page_spec *const pages[] = {
		[ROW_PARTY] = &party_page, [ROW_CHECK] = &check_page,		[ROW_HIT] = &check_page,
		[ROW_EVENT] = &event_page, [ROW_CORRECTION] = &correction_page, [ROW_DOCUMENT] = &document_page,
	};
	const struct check *check = NULL;
	*spec = row->kind < sizeof pages / sizeof *pages ? pages[row->kind] : NULL;
	*ref = row->ref;
	if (row->kind == ROW_HIT)
		*ref = case_hit(&job->view.file, row->ref, &check) ? check_kind_text(check->kind) : "";
	return *spec && (row->kind != ROW_HIT || check);
}

void page_draw(struct page *page, struct surface *surface, struct box box, enum grid_style look,
	       enum zone_kind zone)
{
	const struct grid_row *row = page_row(page);
	if (box.rows < 4 || box.cols < 4)
		return;
	surface_put(surface, box.row, box.col + 1, box.cols - 2, THEME_TITLE, page->title);
	surface_rule(surface, box.row + 1, box.col, box.cols, THEME_BORDER);
	page->shown =
		grid_pane_draw(&(const struct grid_pane){ .grid = &page->grid,
							  .cursor = page->cursor,
							  .top = &page->top,
							  .detail = row && look != GRID_SEEN ? row->detail : "",
							  .look = look,
							  .zone = zone },
			       surface, box_below(box, 2));
}
