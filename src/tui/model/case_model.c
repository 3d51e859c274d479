#include "model/case_model.h"

#include <stdlib.h>
#include <string.h>

void case_model_init(struct case_model *model)
{
	*model = (struct case_model){ .tab = TAB_SUMMARY, .pane = PANE_TAB };
}

static void drop_preview(struct case_model *model)
{
	page_free(model->side_page);
	free(model->preview_sentence);
	model->side_page = NULL;
	model->preview_sentence = NULL;
}

void case_model_release(struct case_model *model)
{
	job_free(model->job);
	viewer_free(model->viewer);
	page_free(model->page);
	drop_preview(model);
	marks_release(&model->marked_hits);
	model->viewer = NULL;
	model->page = NULL;
	model->job = NULL;
}

const struct case_view *case_model_view(const struct case_model *model)
{
	return model->job ? &model->job->view : NULL;
}

static size_t tab_index(enum case_tab tab)
{
	return (size_t)tab - TAB_SUMMARY;
}

struct grid *case_model_grid(struct case_model *model)
{
	return &model->grids[tab_index(model->tab)];
}

const struct grid_row *case_model_row(const struct case_model *model)
{
	const struct grid *grid = &model->grids[tab_index(model->tab)];
	size_t cursor = model->cursors[tab_index(model->tab)];
	return model->job && cursor < grid->row_count ? &grid->rows[cursor] : NULL;
}

size_t case_model_unmet_count(const struct case_model *model)
{
	size_t unmet = 0;
	for (size_t i = 0; model->job && i < model->job->view.checklist_count; i++)
		unmet += !model->job->view.checklist[i].met;
	return unmet;
}

const struct checklist_item *case_model_condition(const struct case_model *model, size_t row)
{
	if (!model->job)
		return NULL;
	const struct case_view *view = &model->job->view;
	size_t unmet = case_model_unmet_count(model);
	bool wanted = row >= unmet;
	size_t skip = wanted ? row - unmet : row;
	for (size_t i = 0; i < view->checklist_count; i++)
		if (view->checklist[i].met == wanted && !skip--)
			return &view->checklist[i];
	return NULL;
}

static void make_grids(struct case_model *model, const struct frame *frame)
{
	static void (*const makers[CASE_TAB_COUNT])(struct grid * grid, struct job * job) = {
		fill_summary_tab, fill_documents_tab, fill_parties_tab, fill_checks_tab, fill_corrections_tab, NULL,
		fill_webhooks_tab
	};
	for (size_t tab = 0; tab < CASE_TAB_COUNT; tab++) {
		grid_init(&model->grids[tab], &model->job->arena, frame);
		if (makers[tab])
			makers[tab](&model->grids[tab], model->job);
	}
	fill_timeline_tab(&model->grids[tab_index(TAB_TIMELINE)], model->job, model->timeline_filter);
	case_model_show_marks(model);
}

struct grid *case_model_hits(struct case_model *model)
{
	bool has_focus = model->job && model->tab == TAB_CHECKS && model->pane == PANE_TAB &&
			 case_model_focus(model) == FOCUS_CASE;
	return has_focus ? case_model_grid(model) : NULL;
}

/* A hit that the case no longer has loses its mark. */
void case_model_show_marks(struct case_model *model)
{
	struct grid *grid = &model->grids[tab_index(TAB_CHECKS)];
	for (size_t i = model->marked_hits.count; i-- > 0;)
		if (!case_hit(&model->job->view.file, model->marked_hits.items[i].id, NULL))
			marks_drop(&model->marked_hits, model->marked_hits.items[i].id);
	for (size_t i = 0; i < grid->row_count; i++)
		grid->rows[i].marked =
			grid->rows[i].kind == ROW_HIT && marks_have(&model->marked_hits, grid->rows[i].ref);
}

void case_model_next_timeline_filter(struct case_model *model)
{
	size_t tab = tab_index(TAB_TIMELINE);
	model->timeline_filter = (enum timeline_filter)((model->timeline_filter + 1) % TIMELINE_COUNT);
	model->cursors[tab] = model->tops[tab] = 0;
	fill_timeline_tab(&model->grids[tab], model->job, model->timeline_filter);
}

/* Row of the first document that needs work, else the first row. */
static size_t first_open_document(const struct grid *grid)
{
	for (size_t i = 0; i < grid->row_count; i++)
		if (grid->rows[i].kind == ROW_DOCUMENT && !grid->rows[i].done)
			return i;
	return 0;
}

/* The first row on which Enter opens an item, else the first row. */
static size_t first_openable_row(const struct grid *grid)
{
	for (size_t i = 0; i < grid->row_count; i++)
		if (grid->rows[i].kind != ROW_PLAIN && grid->rows[i].kind != ROW_HEADING)
			return i;
	return 0;
}

/* Moves the cursor of the checklist to the condition `was`, where the cursor was before the case was read again. */
static void follow_condition(struct case_model *model, const struct checklist_item *was)
{
	const struct case_view *view = &model->job->view;
	for (size_t row = 0; was && row < view->checklist_count; row++) {
		const struct checklist_item *item = case_model_condition(model, row);
		if (item->met == was->met && item->code == was->code && !strcmp(item->ref, was->ref)) {
			model->checklist_cursor = row;
			return;
		}
	}
	if (model->checklist_cursor >= view->checklist_count)
		model->checklist_cursor = sub_sat(view->checklist_count, 1);
}

void case_model_take_response(struct case_model *model, struct job *response, const struct frame *frame)
{
	struct job *old = model->job;
	const struct checklist_item *was = old ? case_model_condition(model, model->checklist_cursor) : NULL;
	struct grid old_grids[CASE_TAB_COUNT];
	memcpy(old_grids, model->grids, sizeof old_grids);
	model->job = response;
	make_grids(model, frame);
	for (size_t tab = 0; tab < CASE_TAB_COUNT; tab++) {
		const struct grid *grid = &model->grids[tab];
		size_t cursor = model->cursors[tab];
		/* If the cursor of the timeline was on the newest record, it moves to the newest record again. */
		bool newest = tab == tab_index(TAB_TIMELINE) && !cursor;
		if (old && !newest && cursor < old_grids[tab].row_count) {
			const struct grid_row *row = &old_grids[tab].rows[cursor];
			model->cursors[tab] = grid_find_row(grid, row->kind, row->ref, cursor);
		} else if (!old && tab == tab_index(TAB_SUMMARY)) {
			model->cursors[tab] = first_openable_row(grid);
		} else if (!old && tab == tab_index(TAB_DOCUMENTS)) {
			model->cursors[tab] = first_open_document(grid);
		}
		if (model->cursors[tab] >= grid->row_count)
			model->cursors[tab] = sub_sat(grid->row_count, 1);
		if (grid->row_count > 1 && !model->cursors[tab] && grid->rows[0].kind == ROW_HEADING)
			model->cursors[tab] = 1;
		else if (model->cursors[tab] && grid->rows[model->cursors[tab]].kind == ROW_HEADING)
			model->cursors[tab]--;
	}
	if (!model->has_first_response)
		model->pane = case_model_unmet_count(model) ? PANE_CHECKLIST : PANE_TAB;
	model->has_first_response = true;
	if (model->pane != PANE_CHECKLIST)
		model->checklist_cursor = 0;
	follow_condition(model, model->pane == PANE_CHECKLIST ? was : NULL);
	if (model->page)
		page_fill(model->page, response, frame);
	if (model->side_page)
		page_fill(model->side_page, response, frame);
	viewer_update_notes(model->viewer, &response->view.file, frame);
	if (model->viewer && model->viewer->form)
		viewer_fill_form(model->viewer, response, frame);
	job_free(old);
}

void case_model_select_tab(struct case_model *model, enum case_tab tab)
{
	if (tab < TAB_SUMMARY || tab > TAB_WEBHOOKS)
		return;
	model->tab = tab;
	model->pane = PANE_TAB;
	model->is_item_unfocused = model->has_third_pane;
}

void case_model_move(struct case_model *model, long rows)
{
	if (!model->job)
		return;
	if (model->pane == PANE_CHECKLIST) {
		model->checklist_cursor = clamp_move(model->checklist_cursor, rows, model->job->view.checklist_count);
		return;
	}
	grid_move(case_model_grid(model), &model->cursors[tab_index(model->tab)], rows);
}

static size_t find_row_by_ref(const struct grid *grid, const char *ref)
{
	for (size_t i = 0; ref[0] && i < grid->row_count; i++)
		if (!strcmp(grid->rows[i].ref, ref))
			return i;
	return SIZE_MAX;
}

/* The row that the condition names by its ref (an id, a document type or a path), else the first row that needs
 * work. */
static size_t find_condition_row(const struct case_model *model, const struct checklist_item *item)
{
	const struct grid *grid = &model->grids[tab_index(item->tab)];
	const struct case_file *file = &model->job->view.file;
	size_t row = find_row_by_ref(grid, item->ref);
	for (size_t i = 0; row == SIZE_MAX && item->tab == TAB_DOCUMENTS && i < file->document_count; i++)
		if (!file->documents[i].replaced && !strcmp(file->documents[i].type, item->ref))
			row = find_row_by_ref(grid, file->documents[i].id);
	for (size_t i = 0; row == SIZE_MAX && i < grid->row_count; i++)
		if (grid->rows[i].kind != ROW_PLAIN && grid->rows[i].kind != ROW_HEADING && !grid->rows[i].done)
			row = i;
	return row;
}

/* The row that belongs to the condition under the cursor of the checklist, NULL none. */
static const struct grid_row *row_of_condition(const struct case_model *model)
{
	const struct checklist_item *item = case_model_condition(model, model->checklist_cursor);
	if (!item || item->tab < TAB_SUMMARY || item->tab > TAB_WEBHOOKS)
		return NULL;
	size_t row = find_condition_row(model, item);
	return row == SIZE_MAX ? NULL : &model->grids[tab_index(item->tab)].rows[row];
}

void case_model_jump_to_condition(struct case_model *model, const struct checklist_item *item)
{
	if (!model->job || item->tab < TAB_SUMMARY || item->tab > TAB_WEBHOOKS)
		return;
	size_t row = find_condition_row(model, item);
	case_model_select_tab(model, item->tab);
	if (row != SIZE_MAX)
		model->cursors[tab_index(item->tab)] = row;
}

bool case_model_select_row(struct case_model *model, enum case_tab tab, const char *ref)
{
	size_t row = model->job ? find_row_by_ref(&model->grids[tab_index(tab)], ref) : SIZE_MAX;
	if (row == SIZE_MAX)
		return false;
	case_model_select_tab(model, tab);
	model->cursors[tab_index(tab)] = row;
	return true;
}

/* Whether the condition is about the item with the id `ref`. A condition about a document names the document by its
 * id or by its type. */
static bool is_condition_about(const struct case_model *model, const struct checklist_item *item, const char *ref)
{
	const struct document *document = case_document(&model->job->view.file, ref);
	return !strcmp(item->ref, ref) || (document && !strcmp(item->ref, document->type));
}

void case_model_select_next_open(struct case_model *model, enum row_kind kind)
{
	const struct grid *grid = case_model_grid(model);
	size_t *cursor = &model->cursors[tab_index(model->tab)];
	for (size_t i = 1; i < grid->row_count; i++) {
		size_t row = (*cursor + i) % grid->row_count;
		if (grid->rows[row].kind == kind && !grid->rows[row].done) {
			*cursor = row;
			return;
		}
	}
	for (size_t i = 0; i < case_model_unmet_count(model); i++)
		if (!is_condition_about(model, case_model_condition(model, i), grid->rows[*cursor].ref)) {
			model->pane = PANE_CHECKLIST;
			model->checklist_cursor = i;
			return;
		}
}

const struct party *case_model_party(const struct case_model *model)
{
	const struct grid_row *row = case_model_row(model);
	if (case_model_focus(model) == FOCUS_ITEM && model->page && model->page->spec->concerns_party)
		return case_party(&model->job->view.file, model->page->ref);
	if (model->tab != TAB_PARTIES || model->pane != PANE_TAB || !row || row->kind != ROW_PARTY)
		return NULL;
	return case_party(&model->job->view.file, row->ref);
}

const struct document *case_model_rejected_document(const struct case_model *model)
{
	const struct grid_row *row = case_model_row(model);
	bool open = case_model_focus(model) == FOCUS_ITEM,
	     here = model->tab == TAB_DOCUMENTS && model->pane == PANE_TAB;
	const char *ref = "";
	if (open && model->viewer)
		ref = focused_viewer(model->viewer)->document_id;
	else if (!open && here && row && row->kind == ROW_DOCUMENT)
		ref = row->ref;
	const struct document *document = *ref ? case_document(&model->job->view.file, ref) : NULL;
	return document && !document->replaced && document->review == REVIEW_REJECTED ? document : NULL;
}

enum bar case_model_bar(const struct case_model *model)
{
	bool open = case_model_focus(model) == FOCUS_ITEM;
	if (open && model->viewer && (model->viewer->job || model->viewer->problem))
		return model->viewer->form ? BAR_FORM : model->viewer->second_viewer ? BAR_PAIR : BAR_VIEWER;
	if (open && model->viewer)
		return BAR_VIEWER_WAITING;
	if (open)
		return model->page->spec->concerns_party ? BAR_PAGE_PARTY : BAR_PAGE;
	if (model->pane == PANE_CHECKLIST)
		return BAR_CHECKLIST;
	const struct grid_row *row = case_model_row(model);
	if (row && row->kind == ROW_DOCUMENT)
		return case_model_rejected_document(model) ? BAR_DOCUMENT_REJECTED : BAR_DOCUMENT;
	if (model->tab == TAB_PARTIES) {
		const struct party *party = case_model_party(model);
		if (!party)
			return BAR_PARTIES;
		return party->session_id[0] ? BAR_PARTY : row->done ? BAR_PARTY_NEEDS_NO_KYC : BAR_PARTY_NO_KYC;
	}
	if (row && row->kind == ROW_HIT && !row->done)
		return BAR_HIT;
	if (row && row->kind == ROW_EVENT)
		return BAR_EVENT;
	return row && row->kind == ROW_CORRECTION && !row->done ? BAR_CORRECTION : BAR_CASE;
}

/* --- the panes: which one has the focus, and the content of the third pane --- */

enum case_focus case_model_focus(const struct case_model *model)
{
	if (model->has_third_pane && model->is_list_focused)
		return FOCUS_LIST;
	return (model->viewer || model->page) && !(model->has_third_pane && model->is_item_unfocused) ? FOCUS_ITEM
												      : FOCUS_CASE;
}

void case_model_set_panes(struct case_model *model, bool beside)
{
	if (model->has_third_pane != beside)
		drop_preview(model);
	model->has_third_pane = beside;
}

const char *case_model_selected_text(const struct case_model *model)
{
	const struct grid_row *row = case_model_row(model);
	const struct checklist_item *item = case_model_condition(model, model->checklist_cursor);
	if (model->pane == PANE_TAB)
		return row ? row->detail : "";
	return item && !item->met ? item->message : "";
}

/* Finds the page of the selected item: of the row under the cursor, or of the row that belongs to the condition
 * under the cursor. False: the item has no page. */
static bool find_selected_page(const struct case_model *model, const struct page_spec **spec, const char **ref)
{
	const struct grid_row *row = model->pane == PANE_CHECKLIST ? row_of_condition(model) : case_model_row(model);
	return row && page_find_for_row(row, model->job, spec, ref);
}

bool case_model_preview_is_stale(const struct case_model *model)
{
	const struct page_spec *spec;
	const char *ref;
	if (!model->job || !model->preview_sentence ||
	    strcmp(model->preview_sentence, case_model_selected_text(model)) != 0)
		return true;
	if (!find_selected_page(model, &spec, &ref))
		return model->side_page;
	return !model->side_page || model->side_page->spec != spec || strcmp(model->side_page->ref, ref) != 0;
}

void case_model_update_preview(struct case_model *model, const struct frame *frame)
{
	const struct page_spec *spec;
	const char *ref;
	drop_preview(model);
	if (!model->job)
		return;
	model->preview_sentence = xstrdup(case_model_selected_text(model));
	if (!find_selected_page(model, &spec, &ref))
		return;
	model->side_page = page_new(spec, ref);
	page_fill(model->side_page, model->job, frame);
}

void case_model_open_page(struct case_model *model, const struct page_spec *spec, const char *ref,
			  const struct frame *frame)
{
	struct page *page = page_new(spec, ref);
	page->parent_page = model->page;
	model->page = page;
	model->is_item_unfocused = model->is_list_focused = model->opened_by_tab_key = false;
	page_fill(page, model->job, frame);
}

enum focus_stop { STOP_LIST, STOP_CHECKLIST, STOP_TAB, STOP_OPEN, STOP_COUNT };

static enum focus_stop current_focus_stop(const struct case_model *model)
{
	enum case_focus front = case_model_focus(model);
	if (front != FOCUS_CASE)
		return front == FOCUS_LIST ? STOP_LIST : STOP_OPEN;
	return model->pane == PANE_CHECKLIST ? STOP_CHECKLIST : STOP_TAB;
}

/* Moves the focus to the open item; first opens the selected item if none is open. False: no item can be opened. */
static bool focus_open_item(struct case_model *model, const struct frame *frame)
{
	const struct page_spec *spec;
	const char *ref;
	bool open = model->viewer || model->page;
	if (!open && find_selected_page(model, &spec, &ref)) {
		case_model_open_page(model, spec, ref, frame);
		model->opened_by_tab_key = open = true;
	}
	model->is_item_unfocused = model->is_list_focused = false;
	return open;
}

void case_model_move_focus(struct case_model *model, bool forward, const struct frame *frame)
{
	if (!model->has_third_pane) {
		model->pane = model->pane == PANE_TAB ? PANE_CHECKLIST : PANE_TAB;
		return;
	}
	unsigned focus_stop = current_focus_stop(model);
	if (focus_stop == STOP_OPEN && model->opened_by_tab_key && !model->viewer && !model->page->parent_page) {
		page_free(model->page);
		model->page = NULL;
	}
	do {
		focus_stop = (focus_stop + (forward ? 1u : STOP_COUNT - 1u)) % STOP_COUNT;
	} while (focus_stop == STOP_OPEN && !focus_open_item(model, frame));
	model->is_list_focused = focus_stop == STOP_LIST;
	model->is_item_unfocused = focus_stop != STOP_OPEN;
	if (focus_stop == STOP_CHECKLIST || focus_stop == STOP_TAB)
		model->pane = focus_stop == STOP_TAB ? PANE_TAB : PANE_CHECKLIST;
}
