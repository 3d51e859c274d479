/* An open case: what its keys do. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

static void release_if_untouched(struct workbench *workbench, const struct case_screen *screen)
{
	if (!screen->found_by_next)
		return;
	struct work *work = work_new(WORK_ACT);
	work->act = ACT_RELEASE;
	work->id = arena_strdup(&work->arena, screen->id);
	reader_ask(workbench->reader, work);
}

void case_discard(struct workbench *workbench, struct case_screen *screen)
{
	release_if_untouched(workbench, screen);
	case_model_release(&screen->model);
	free(screen->name);
	free(screen->problem);
	free(screen);
}

struct case_screen *case_lift(struct workbench *workbench)
{
	struct case_screen *screen = workbench->cases[--workbench->case_count];
	workbench->stale |= workbench->case_count ? STALE_CASE : STALE_LIST | STALE_COUNTS | STALE_PREVIEW;
	return screen;
}

void case_lay_back(struct workbench *workbench, struct case_screen *screen)
{
	workbench->cases[workbench->case_count++] = screen;
	workbench->stale |= STALE_CASE;
}

void case_close(struct workbench *workbench)
{
	if (workbench->case_count)
		case_discard(workbench, case_lift(workbench));
}

void case_close_all(struct workbench *workbench)
{
	while (workbench->case_count)
		case_close(workbench);
}

void case_open(struct workbench *workbench, const char *id, const char *name, bool on_top)
{
	if (strlen(id) >= UUID_TEXT_SIZE)
		return;
	/* id and name may live in what is closed now. */
	struct case_screen *screen = xcalloc(1, sizeof *screen);
	memcpy(screen->id, id, strlen(id) + 1);
	screen->name = xstrdup(name);
	case_model_init(&screen->model);
	if (!on_top)
		case_close_all(workbench);
	if (workbench->case_count == CASE_STACK_MAX)
		case_close(workbench);
	case_lay_back(workbench, screen);
}

void case_touch(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	if (screen)
		screen->found_by_next = false;
}

static void open_party(struct workbench *workbench, const struct case_screen *screen, const struct grid_row *row)
{
	const struct party *party = case_party(&case_model_view(&screen->model)->file, row->ref);
	if (party && party->session_id[0])
		case_open(workbench, party->session_id, party->name, true);
	else if (party)
		status_set(&workbench->status, STATUS_PLAIN, "%s has no KYC session; K makes one", party->name);
}

static void open_hit(struct workbench *workbench, const struct case_screen *screen, const struct grid_row *row)
{
	const struct check *check = NULL;
	const struct hit *hit = case_hit(&case_model_view(&screen->model)->file, row->ref, &check);
	if (hit)
		decide_open(workbench, DIALOG_HIT, hit->id, hit->name);
}

static void open_row(struct workbench *workbench, struct case_screen *screen)
{
	if (screen->model.pane == PANE_CHECKLIST) {
		const struct checklist_item *item = case_model_check(&screen->model, screen->model.check_cursor);
		if (item && !blocker_opens(workbench, screen, item))
			case_model_go(&screen->model, item);
		return;
	}
	const struct grid_row *row = case_model_row(&screen->model);
	if (!row)
		return;
	if (row->kind == ROW_DOCUMENT)
		paper_open(workbench, screen, row);
	else if (row->kind == ROW_DOCUMENT_MISSING && workbench_may_or_says(workbench, VERB_CORRECTIONS))
		decide_open(workbench, DIALOG_CORRECTIONS, row->ref, row->ref);
	else if (row->kind == ROW_PARTY)
		open_party(workbench, screen, row);
	else if (row->kind == ROW_CHECK)
		check_open(workbench, screen, row);
	else if (row->kind == ROW_HIT && workbench_may_or_says(workbench, VERB_HIT_RESOLVE))
		open_hit(workbench, screen, row);
}

static void accept_row(struct workbench *workbench, struct case_screen *screen)
{
	const struct grid_row *row = case_model_row(&screen->model);
	bool document = row && row->kind == ROW_DOCUMENT, correction = row && row->kind == ROW_CORRECTION;
	if (screen->model.pane != PANE_TAB || !(document || correction)) {
		status_set(&workbench->status, STATUS_PLAIN,
			   "A accepts the document under the cursor: 2 shows the documents");
		return;
	}
	const struct document *paper =
		document ? case_document(&case_model_view(&screen->model)->file, row->ref) : NULL;
	if (paper && paper->review == REVIEW_ACCEPTED) {
		status_set(&workbench->status, STATUS_PLAIN, "%s is accepted already", paper->type);
		return;
	}
	/* A verdict that stands, or a paper that nobody has looked at: it is asked first. */
	if (paper && (paper->review == REVIEW_REJECTED || !document_was_opened(screen->model.work, paper->id))) {
		decide_open(workbench, DIALOG_ACCEPT, row->ref, row->cells[1].text);
		return;
	}
	struct work *work = work_new(WORK_ACT);
	work->act = document ? ACT_DOCUMENT_ACCEPT : ACT_CORRECTION_ACCEPT;
	work->id = arena_strdup(&work->arena, screen->id);
	work->item = arena_strdup(&work->arena, row->ref);
	work->text = arena_strdup(&work->arena, row->cells[document ? 1 : 2].text);
	work->seen_version = case_model_view(&screen->model)->file.session.version;
	name_case(workbench, work);
	reader_ask(workbench->reader, work);
	case_touch(workbench);
	case_model_next_open(&screen->model, row->kind);
}

static void reject_row(struct workbench *workbench, struct case_screen *screen)
{
	const struct grid_row *row = case_model_row(&screen->model);
	if (screen->model.pane == PANE_TAB && row && row->kind == ROW_DOCUMENT)
		decide_open(workbench, DIALOG_DOCUMENT_REJECT, row->ref, row->cells[1].text);
	else
		status_set(&workbench->status, STATUS_PLAIN,
			   "X rejects the document under the cursor: 2 shows the documents");
}

static void reveal(struct workbench *workbench, struct case_screen *screen)
{
	const struct case_view *view = case_model_view(&screen->model);
	if (view && !view->masked) {
		status_set(&workbench->status, STATUS_PLAIN, "The personal data is shown already");
		return;
	}
	screen->reveal_next = true;
	workbench->stale |= STALE_CASE;
}

static void change_tab(struct case_screen *screen, bool forward)
{
	int tab = (int)screen->model.tab + (forward ? 1 : -1);
	case_model_tab(&screen->model, tab < TAB_SUMMARY    ? TAB_WEBHOOKS
				       : tab > TAB_WEBHOOKS ? TAB_SUMMARY
							    : (enum case_tab)tab);
}

void case_command(struct workbench *workbench, enum command command, size_t digit)
{
	struct case_screen *screen = top_case(workbench);
	struct case_model *model = &screen->model;
	long page = model->page > 1 ? (long)model->page - 1 : 1;
	if (model->paper) {
		if (paper_command(workbench, command))
			return;
		paper_close(workbench); /* a verdict on it: it is what the cursor stands on */
	}
	switch (command) {
	case COMMAND_DOWN:
		case_model_move(model, 1);
		break;
	case COMMAND_UP:
		case_model_move(model, -1);
		break;
	case COMMAND_PAGE_DOWN:
		case_model_move(model, page);
		break;
	case COMMAND_PAGE_UP:
		case_model_move(model, -page);
		break;
	case COMMAND_FIRST:
		case_model_move(model, -1000000);
		break;
	case COMMAND_LAST:
		case_model_move(model, 1000000);
		break;
	case COMMAND_LEFT:
	case COMMAND_RIGHT:
		change_tab(screen, command == COMMAND_RIGHT);
		break;
	case COMMAND_NEXT_PANE:
	case COMMAND_PREVIOUS_PANE:
		model->pane = model->pane == PANE_TAB ? PANE_CHECKLIST : PANE_TAB;
		break;
	case COMMAND_CHOOSE:
		case_model_tab(model, (enum case_tab)digit);
		break;
	case COMMAND_OPEN:
		open_row(workbench, screen);
		break;
	case COMMAND_BACK:
		shelf_case(workbench);
		break;
	case COMMAND_QUIT:
		case_close(workbench);
		break;
	case COMMAND_ACCEPT_ITEM:
		accept_row(workbench, screen);
		break;
	case COMMAND_REJECT_ITEM:
		reject_row(workbench, screen);
		break;
	case COMMAND_REVEAL:
		reveal(workbench, screen);
		break;
	case COMMAND_PARTY_ADD:
	case COMMAND_PARTY_EDIT:
	case COMMAND_PARTY_REMOVE:
	case COMMAND_PARTY_KYC:
	case COMMAND_PARTY_LINK:
	case COMMAND_PARTY_VERIFY:
		party_command(workbench, command);
		break;
	case COMMAND_NONE:
	case COMMAND_SNOOZE:
	case COMMAND_NEXT_CASE:
	case COMMAND_CASE_BEFORE:
	case COMMAND_FILTER:
	case COMMAND_SEARCH:
	case COMMAND_MATCH_NEXT:
	case COMMAND_MATCH_PREVIOUS:
	case COMMAND_SORT:
	case COMMAND_APPROVE:
	case COMMAND_REJECT:
	case COMMAND_CORRECTIONS:
	case COMMAND_CLAIM:
	case COMMAND_UNDO:
	case COMMAND_UNDO_LIST:
	case COMMAND_MORE:
	case COMMAND_NOTE:
	case COMMAND_COPY:
	case COMMAND_HELP:
	case COMMAND_REDRAW:
	case COMMAND_SUSPEND:
		break;
	}
}
