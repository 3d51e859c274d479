/* The panes of an open case: which pane has the focus, and the content of the third pane. */
#include "kybdesk/tui/case_model.h"

#include <stdlib.h>
#include <string.h>

enum case_front case_model_front(const struct case_model *model)
{
	if (model->beside && model->listing)
		return FRONT_LIST;
	return (model->viewer || model->page) && !(model->beside && model->behind) ? FRONT_OPEN : FRONT_CASE;
}

void case_model_drop_preview(struct case_model *model)
{
	page_free(model->aside);
	free(model->aside_sentence);
	model->aside = NULL;
	model->aside_sentence = NULL;
}

void case_model_set_panes(struct case_model *model, bool beside)
{
	if (model->beside != beside)
		case_model_drop_preview(model);
	model->beside = beside;
}

const char *case_model_sentence(const struct case_model *model)
{
	const struct grid_row *row = case_model_row(model);
	const struct checklist_item *item = case_model_check(model, model->check_cursor);
	if (model->pane == PANE_TAB)
		return row ? row->detail : "";
	return item && !item->met ? item->message : "";
}

/* The page of the item under the cursor; false: no details exist. */
static bool selected(const struct case_model *model, const struct page_spec **spec, const char **ref)
{
	const struct grid_row *row =
		model->pane == PANE_CHECKLIST ? case_model_blocking(model) : case_model_row(model);
	return row && page_about(row, model->job, spec, ref);
}

bool case_model_preview_is_stale(const struct case_model *model)
{
	const struct page_spec *spec;
	const char *ref;
	if (!model->job || !model->aside_sentence || strcmp(model->aside_sentence, case_model_sentence(model)) != 0)
		return true;
	if (!selected(model, &spec, &ref))
		return model->aside;
	return !model->aside || model->aside->spec != spec || strcmp(model->aside->ref, ref) != 0;
}

void case_model_update_preview(struct case_model *model, const struct frame *frame)
{
	const struct page_spec *spec;
	const char *ref;
	case_model_drop_preview(model);
	if (!model->job)
		return;
	model->aside_sentence = xstrdup(case_model_sentence(model));
	if (!selected(model, &spec, &ref))
		return;
	model->aside = page_new(spec, ref);
	page_fill(model->aside, model->job, frame);
}

void case_model_open(struct case_model *model, const struct page_spec *spec, const char *ref,
		     const struct frame *frame)
{
	struct page *page = page_new(spec, ref);
	page->under = model->page;
	model->page = page;
	model->behind = model->listing = model->visited = false;
	page_fill(page, model->job, frame);
}

enum stop { STOP_LIST, STOP_CHECKLIST, STOP_TAB, STOP_OPEN, STOP_COUNT };

static enum stop stop_of(const struct case_model *model)
{
	enum case_front front = case_model_front(model);
	if (front != FRONT_CASE)
		return front == FRONT_LIST ? STOP_LIST : STOP_OPEN;
	return model->pane == PANE_CHECKLIST ? STOP_CHECKLIST : STOP_TAB;
}

/* Opens the selected item if none is open. False: none can be opened. */
static bool go_to_open(struct case_model *model, const struct frame *frame)
{
	const struct page_spec *spec;
	const char *ref;
	bool open = model->viewer || model->page;
	if (!open && selected(model, &spec, &ref)) {
		case_model_open(model, spec, ref, frame);
		model->visited = open = true;
	}
	model->behind = model->listing = false;
	return open;
}

void case_model_move_focus(struct case_model *model, bool forward, const struct frame *frame)
{
	if (!model->beside) {
		model->pane = model->pane == PANE_TAB ? PANE_CHECKLIST : PANE_TAB;
		return;
	}
	unsigned stop = stop_of(model);
	if (stop == STOP_OPEN && model->visited && !model->viewer && !model->page->under) {
		page_free(model->page);
		model->page = NULL;
	}
	do {
		stop = (stop + (forward ? 1u : STOP_COUNT - 1u)) % STOP_COUNT;
	} while (stop == STOP_OPEN && !go_to_open(model, frame));
	model->listing = stop == STOP_LIST;
	model->behind = stop != STOP_OPEN;
	if (stop == STOP_CHECKLIST || stop == STOP_TAB)
		model->pane = stop == STOP_TAB ? PANE_TAB : PANE_CHECKLIST;
}
