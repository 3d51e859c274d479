/* Pages of an open case: opening them, and what Enter on their rows does. */
#include "workbench.h"

#include <string.h>

struct page *top_page(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	return screen ? screen->model.page : NULL;
}

void page_open(struct workbench *workbench, const struct page_spec *spec, const char *ref)
{
	struct case_model *model = &top_case(workbench)->model;
	struct page *page = page_new(spec, ref);
	page->under = model->page;
	model->page = page;
	page_fill(page, model->work, &workbench->frame);
}

struct page *page_lift(struct workbench *workbench)
{
	struct case_model *model = &top_case(workbench)->model;
	struct page *page = model->page;
	model->page = page->under;
	page->under = NULL;
	if (model->page) /* the case may have been read again since */
		page_fill(model->page, model->work, &workbench->frame);
	return page;
}

void page_lay_back(struct workbench *workbench, struct page *page)
{
	struct case_model *model = &top_case(workbench)->model;
	page->under = model->page;
	model->page = page;
	page_fill(page, model->work, &workbench->frame);
}

const struct page_spec *page_of_row(const struct grid_row *row)
{
	switch (row->kind) {
	case ROW_PARTY:
		return &party_page;
	case ROW_CHECK:
		return &check_page;
	case ROW_CORRECTION:
		return &correction_page;
	case ROW_EVENT:
		return &event_page;
	case ROW_PLAIN:
	case ROW_HEADING:
	case ROW_SESSION:
	case ROW_DOCUMENT:
	case ROW_DOCUMENT_MISSING:
	case ROW_HIT:
	case ROW_DELIVERY:
		break;
	}
	return NULL;
}

void page_details(struct workbench *workbench, const struct order *order)
{
	const struct case_model *model = &top_case(workbench)->model;
	const struct grid_row *row = model->pane == PANE_TAB ? case_model_row(model) : NULL;
	const struct page_spec *spec = row ? page_of_row(row) : NULL;
	const struct check *check = NULL; /* of a hit, whose card Enter opens */
	(void)order;
	if (row && row->kind == ROW_HIT)
		case_hit(&case_model_view(model)->file, row->ref, &check);
	if (spec)
		page_open(workbench, spec, row->ref);
	else if (check)
		page_open(workbench, &check_page, check_kind_text(check->kind));
	else
		status_set(&workbench->status, STATUS_PLAIN, "%s shows all about a row of the tabs 3, 4, 5 and 6",
			   key_for(workbench, COMMAND_DETAILS));
}

static void page_close(struct workbench *workbench)
{
	page_free(page_lift(workbench));
}

static bool page_on(const struct workbench *workbench)
{
	return workbench->case_count && workbench->cases[workbench->case_count - 1]->model.page;
}

static unsigned page_places(struct workbench *workbench)
{
	return top_page(workbench)->spec->of_party ? PLACE_PAGE | PLACE_PARTIES : PLACE_PAGE;
}

static size_t page_rows(const struct workbench *workbench)
{
	return workbench->cases[workbench->case_count - 1]->model.page->shown;
}

static void page_by(struct workbench *workbench, long rows)
{
	page_move(top_page(workbench), rows);
}

/* The page of a party leads to its KYC session; every other row to what the tabs open, too. */
static void page_open_row(struct workbench *workbench)
{
	const struct page *page = top_page(workbench);
	const struct grid_row *row = page_row(page);
	const struct page_spec *spec = row ? page_of_row(row) : NULL;
	bool itself = row && page->spec == spec && !strcmp(page->ref, row->ref);
	if (row && spec && !itself)
		page_open(workbench, spec, row->ref);
	else if (row)
		case_open_part(workbench, row);
}

static void page_click(struct workbench *workbench, const struct zone *zone)
{
	struct page *page = top_page(workbench);
	if (zone->kind != ZONE_GRID)
		return;
	bool again = page->cursor == zone->index;
	page->cursor = zone->index;
	if (again)
		page_open_row(workbench);
}

/* Its case draws it, beside what the case still needs. */
const struct screen_ops page_screen = { .on = page_on,
					.places = page_places,
					.draw = case_paint,
					.bar = case_bar,
					.page = page_rows,
					.move = page_by,
					.open = page_open_row,
					.back = shelf_page,
					.leave = page_close,
					.click = page_click };
