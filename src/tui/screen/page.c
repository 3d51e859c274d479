/* Pages of an open case: how a page opens, and what the key Enter does on its rows. */
#include "workbench.h"

#include <stdlib.h>

#include <string.h>

struct page *top_page(const struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	return screen && case_model_focus(&screen->model) == FOCUS_ITEM ? screen->model.page : NULL;
}

void page_open(struct workbench *workbench, const struct page_spec *spec, const char *ref)
{
	case_model_open_page(&top_case(workbench)->model, spec, ref, &workbench->frame);
}

static void *page_detach(struct workbench *workbench)
{
	struct case_model *model = &top_case(workbench)->model;
	struct page *page = model->page;
	model->page = page->parent_page;
	page->parent_page = NULL;
	if (model->page) /* while another page covered this page, the case may have been read again */
		page_fill(model->page, model->job, &workbench->frame);
	return page;
}

static bool page_reattach(struct workbench *workbench, const struct stash *stash)
{
	struct case_screen *screen = top_case(workbench);
	struct page *page = stash->item;
	if (!screen || screen->model.viewer || strcmp(screen->id, stash->open_case_id) != 0)
		return false;
	page->parent_page = screen->model.page;
	screen->model.page = page;
	page_fill(page, screen->model.job, &workbench->frame);
	return true;
}

static void page_discard(struct workbench *workbench, void *page)
{
	(void)workbench;
	page_free(page);
}

static uint64_t page_add_to_hash(const struct workbench *workbench, uint64_t screen_hash)
{
	return screen_hash_add_text(screen_hash, top_page(workbench)->title);
}

void open_row_details(struct workbench *workbench)
{
	const struct case_model *model = &top_case(workbench)->model;
	const struct grid_row *row = model->pane == PANE_TAB ? case_model_row(model) : NULL;
	const struct page_spec *spec;
	const char *ref;
	bool alike = row && row->kind == ROW_SESSION && case_find_duplicate(&model->job->view, row->ref);
	if (alike && workbench_may_run_or_report(workbench, VERB_DUPLICATE_DISMISS))
		decide_open_dialog(workbench, &duplicate_dialog, row->ref, "");
	else if (row && page_find_for_row(row, model->job, &spec, &ref))
		page_open(workbench, spec, ref);
	else if (!alike)
		REPORT(workbench, "%s shows the details of a row in the tabs 2 to 6",
		       key_name_for(workbench, COMMAND_DETAILS));
}

const struct grid_row *current_row(const struct workbench *workbench)
{
	const struct case_model *model = &top_case(workbench)->model;
	const struct page *page = top_page(workbench);
	return page ? page_row(page) : model->pane == PANE_TAB ? case_model_row(model) : NULL;
}

const char *current_record_seq(const struct workbench *workbench)
{
	const struct page *page = top_page(workbench);
	const struct grid_row *row = current_row(workbench);
	if (page && page->spec == &event_page)
		return page->ref;
	return row && row->kind == ROW_EVENT ? row->ref : "";
}

void open_case_snapshot(struct workbench *workbench)
{
	const char *record = current_record_seq(workbench);
	if (record[0])
		page_open(workbench, &history_page, record);
	else
		REPORT(workbench,
		       "Choose a record first: 6 shows the timeline, then %s shows the case before the record",
		       key_name_for(workbench, COMMAND_HISTORY));
}

/* The first call selects the current audit record. The second call compares the case at the selected and at the
 * current record; if both are the same record, compares the case at this record with the present case. */
void open_record_comparison(struct workbench *workbench)
{
	struct case_model *model = &top_case(workbench)->model;
	int64_t here = strtoll(current_record_seq(workbench), NULL, 10), from = model->compare_first_seq;
	const char *key = key_name_for(workbench, COMMAND_COMPARE);
	if (!here) {
		REPORT(workbench, "%s compares the case at two records: 6 shows the timeline", key);
	} else if (!from) {
		model->compare_first_seq = here;
		REPORT(workbench, "Compare record %lld: press %s on another record, or here for the current case",
		       (long long)here, key);
	} else {
		model->compare_first_seq = 0;
		page_open(workbench, &compare_page,
			  from == here ? arena_printf(&workbench->scratch, "%lld 0", (long long)from)
				       : arena_printf(&workbench->scratch, "%lld %lld",
						      (long long)(from < here ? from : here),
						      (long long)(from < here ? here : from)));
	}
}

void timeline_next_filter(struct workbench *workbench)
{
	struct case_model *model = &top_case(workbench)->model;
	if (!model->job || model->tab != TAB_TIMELINE)
		REPORT(workbench, "%s filters the timeline: 6 shows the timeline",
		       key_name_for(workbench, COMMAND_TIMELINE));
	else
		case_model_next_timeline_filter(model);
}

static unsigned page_context_bits(const struct workbench *workbench)
{
	return top_page(workbench)->spec->concerns_party ? PLACE_PAGE | PLACE_PARTIES : PLACE_PAGE;
}

/* Whether the key Enter on the row opens a page. For other rows, Enter opens the document or hit itself. */
static bool row_has_page(const struct grid_row *row)
{
	return row->kind == ROW_PARTY || row->kind == ROW_CHECK || row->kind == ROW_CORRECTION ||
	       row->kind == ROW_EVENT;
}

/* Opens the page of the item under the cursor. If this page is open already, or the row has no page, opens the item
 * itself, as in the tabs; the item of a party is its KYC session. */
static void page_open_row(struct workbench *workbench)
{
	const struct page *page = top_page(workbench);
	const struct grid_row *row = page_row(page);
	const struct page_spec *spec;
	const char *ref;
	if (!row)
		return;
	bool known = row_has_page(row) && page_find_for_row(row, top_case(workbench)->model.job, &spec, &ref);
	if (known && (page->spec != spec || strcmp(page->ref, ref) != 0))
		page_open(workbench, spec, ref);
	else
		case_open_row_item(workbench, row);
}

/* Handles a click on the page. If the page is next to its case, a click outside the page is handled by the case. */
static void page_click(struct workbench *workbench, const struct zone *zone)
{
	struct page *page = top_page(workbench);
	bool beside = top_case(workbench)->model.has_third_pane;
	if (zone->kind != (beside ? ZONE_DETAIL : ZONE_GRID)) {
		if (beside)
			case_click(workbench, zone);
		return;
	}
	bool again = page->cursor == zone->index;
	page->cursor = zone->index;
	if (again)
		page_open_row(workbench);
}

/* case_paint() draws the page together with its case. */
const struct screen_ops page_screen = { .contexts = page_context_bits,
					.draw = case_paint,
					.fill_bar = case_fill_bar,
					.front_page = top_page,
					.switch_pane = item_switch_pane,
					.open = page_open_row,
					.detach = page_detach,
					.reattach = page_reattach,
					.discard = page_discard,
					.add_to_hash = page_add_to_hash,
					.click = page_click };
