/* The screen of an open case. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

#define CASE_PAINT_MS 60 /* maximum time that a frame waits for its case, to avoid an empty frame */

void case_release_later(struct workbench *workbench, const char *id)
{
	struct job *job = job_of_ui_action(&release_ui_action);
	job->session_id = arena_strdup(&job->arena, id);
	job->in.part = arena_strdup(&job->arena, workbench->frame.actor);
	job->next = workbench->case_stack.releases;
	workbench->case_stack.releases = job;
}

bool case_request_releases(struct workbench *workbench)
{
	bool any = workbench->case_stack.releases;
	while (workbench->case_stack.releases) {
		struct job *job = workbench->case_stack.releases;
		workbench->case_stack.releases = job->next;
		reader_request(workbench->reader, job);
	}
	return any;
}

static void case_discard(struct workbench *workbench, void *item)
{
	struct case_screen *screen = item;
	if (screen->claimed_by_next_key)
		case_release_later(workbench, screen->id);
	case_model_release(&screen->model);
	free(screen->name);
	free(screen->problem);
	free(screen);
}

static void *case_detach(struct workbench *workbench)
{
	struct case_screen *screen = workbench->case_stack.cases[--workbench->case_stack.count];
	workbench->stale_bits |= workbench->case_stack.count ? STALE_CASE : STALE_LIST | STALE_COUNTS | STALE_PREVIEW;
	return screen;
}

static void push_case(struct workbench *workbench, struct case_screen *screen)
{
	workbench->case_stack.cases[workbench->case_stack.count++] = screen;
	workbench->stale_bits |= STALE_CASE;
}

static bool case_reattach(struct workbench *workbench, const struct stash *stash)
{
	if (workbench->case_stack.count != stash->open_case_count)
		return false;
	push_case(workbench, stash->item);
	return true;
}

void case_close(struct workbench *workbench)
{
	if (workbench->case_stack.count)
		case_discard(workbench, case_detach(workbench));
}

void case_views_close_all(struct workbench *workbench)
{
	while (workbench->case_stack.count)
		case_close(workbench);
}

#define REREAD_DELAY_MS 50 /* an opened case is read again after this time, usually after its first frame */
/* If the preview has read this case, and the case has not changed since, the opened case takes over the data of the
 * preview. */
static void take_over_preview(struct workbench *workbench, struct case_screen *screen)
{
	struct preview *preview = &workbench->inbox.preview;
	if (!preview->model.job || strcmp(preview->id, screen->id) != 0)
		return;
	screen->model = preview->model;
	case_model_init(&preview->model);
	preview->reread_at_ms = workbench_monotonic_ms(workbench) + REREAD_DELAY_MS;
	workbench->stale_bits &= ~(unsigned)STALE_CASE;
}

void case_open(struct workbench *workbench, const char *id, const char *name, bool on_top)
{
	if (strlen(id) >= UUID_TEXT_SIZE)
		return;
	/* Copies id and name first, since they may belong to the screen that is closed below. */
	struct case_screen *screen = xcalloc(1, sizeof *screen);
	memcpy(screen->id, id, strlen(id) + 1);
	screen->name = xstrdup(name);
	screen->opened_ms = workbench_monotonic_ms(workbench);
	case_model_init(&screen->model);
	if (!on_top)
		case_views_close_all(workbench);
	if (workbench->case_stack.count == CASE_STACK_MAX)
		case_close(workbench);
	push_case(workbench, screen);
	take_over_preview(workbench, screen);
}

void case_mark_touched(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	if (screen)
		screen->claimed_by_next_key = false;
}

bool case_is_revealed(const struct case_screen *screen)
{
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	return view && !view->masked;
}

static void take_reveal(struct workbench *workbench, struct case_screen *screen, const struct job *response)
{
	if (strcmp(screen->id, response->session_id) != 0)
		return;
	if (response->kind == JOB_CASE)
		screen->is_revealing = false;
	screen->revealed |= !response->status;
	if (screen->ticket != response->ticket)
		workbench->stale_bits |= STALE_CASE;
}

void case_take_reveal(struct workbench *workbench, const struct job *response)
{
	for (size_t i = 0; i < workbench->case_stack.count; i++)
		take_reveal(workbench, workbench->case_stack.cases[i], response);
	/* An Esc that began a sequence has closed it, and it comes back. */
	if (workbench->stash.screen == &case_screen && workbench->stash.item)
		take_reveal(workbench, workbench->stash.item, response);
}

static void open_party(struct workbench *workbench, const struct case_screen *screen, const struct grid_row *row)
{
	const struct party *party = case_party(&case_model_view(&screen->model)->file, row->ref);
	if (party && party->session_id[0])
		case_open(workbench, party->session_id, party->name, true);
	else if (party)
		page_open(workbench, &party_page, party->id);
}

static void open_hit(struct workbench *workbench, const struct case_screen *screen, const struct grid_row *row)
{
	const struct check *check = NULL;
	const struct hit *hit = case_hit(&case_model_view(&screen->model)->file, row->ref, &check);
	if (hit)
		decide_open_dialog(workbench, &hit_dialog, hit->id, hit->name);
}

/* Opens the document or hit that the note is about. */
static void open_note_subject(struct workbench *workbench, struct case_screen *screen, const struct grid_row *row)
{
	const struct case_file *file = &case_model_view(&screen->model)->file;
	size_t number = (size_t)strtoull(row->ref, NULL, 10);
	const struct note *note = number && number <= file->note_count ? &file->notes[number - 1] : NULL;
	if (note && note->document[0])
		viewer_open(workbench, screen, &(const struct grid_row){ .ref = note->document });
	else if (note && note->hit[0] && workbench_may_run_or_report(workbench, VERB_HIT_RESOLVE))
		open_hit(workbench, screen, &(const struct grid_row){ .ref = note->hit });
}

/* Opens the dialog that a row on the page of a check offers; false: another row. */
static bool open_check_offer(struct workbench *workbench, const struct grid_row *row)
{
	if (row->kind == ROW_RESULT && workbench_may_run_or_report(workbench, VERB_RESULT_JUDGE))
		decide_open_dialog(workbench, &judge_dialog, row->ref, row->ref);
	else if (row->kind == ROW_WAIVER && workbench_may_run_or_report(workbench, VERB_CHECK_WAIVE))
		decide_open_dialog(workbench, &waive_dialog, row->ref, row->ref);
	else if (row->kind == ROW_RUN_CHECKS && workbench_may_run_or_report(workbench, VERB_PROCESS))
		decide_open_with_choice(workbench, &more_dialog, "", "", command_spec(COMMAND_PROCESS)->name);
	return row->kind == ROW_RESULT || row->kind == ROW_WAIVER || row->kind == ROW_RUN_CHECKS;
}

void case_open_row_item(struct workbench *workbench, const struct grid_row *row)
{
	struct case_screen *screen = top_case(workbench);
	const struct page_spec *spec;
	const char *ref;
	if (row->kind == ROW_DOCUMENT)
		viewer_open(workbench, screen, row);
	else if (row->kind == ROW_DOCUMENT_MISSING && workbench_may_run_or_report(workbench, VERB_CORRECTIONS))
		decide_open_dialog(workbench, &corrections_dialog, row->ref, row->ref);
	else if (row->kind == ROW_PARTY)
		open_party(workbench, screen, row);
	else if (row->kind == ROW_NOTE)
		open_note_subject(workbench, screen, row);
	else if (row->kind == ROW_SESSION)
		case_open(workbench, row->ref, row->cells[1].text, true);
	else if (row->kind == ROW_HIT && workbench_may_run_or_report(workbench, VERB_HIT_RESOLVE))
		open_hit(workbench, screen, row);
	else if (row->kind != ROW_HIT && !open_check_offer(workbench, row) &&
		 page_find_for_row(row, screen->model.job, &spec, &ref))
		page_open(workbench, spec, ref);
}

static void case_open_row(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	if (screen->model.pane == PANE_CHECKLIST) {
		const struct checklist_item *item =
			case_model_condition(&screen->model, screen->model.checklist_cursor);
		if (item && !blocker_open(workbench, item))
			case_model_jump_to_condition(&screen->model, item);
		return;
	}
	const struct grid_row *row = case_model_row(&screen->model);
	if (row)
		case_open_row_item(workbench, row);
}

void case_accept_item(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	if (!viewer_close_for_verdict(workbench))
		return;
	looks_send(workbench, false); /* the look at the document comes before the verdict */
	const struct grid_row *row = case_model_row(&screen->model);
	bool is_document = row && row->kind == ROW_DOCUMENT, correction = row && row->kind == ROW_CORRECTION;
	if (screen->model.pane != PANE_TAB || !(is_document || correction)) {
		REPORT(workbench, "%s accepts the document under the cursor: 2 shows the documents",
		       key_name_for(workbench, COMMAND_ACCEPT_ITEM));
		return;
	}
	const struct document *document =
		is_document ? case_document(&case_model_view(&screen->model)->file, row->ref) : NULL;
	if (document && document->review == REVIEW_ACCEPTED) {
		REPORT(workbench, "%s is accepted already",
		       profile_document_title(case_model_view(&screen->model)->profile, document->type));
		return;
	}
	struct look_grounds lacks = { 0 };
	if (document)
		looks_find_grounds(workbench, case_model_view(&screen->model), document, &lacks);
	/* If the document is rejected or was not shown, opens a dialog instead of accepting it at once. */
	if (document && (document->review == REVIEW_REJECTED || lacks.count)) {
		decide_open_dialog(workbench, &accept_dialog, row->ref, row->cells[1].text);
		return;
	}
	static const struct ui_action correction_accept = { .verb = VERB_CORRECTION_ACCEPT,
							    .message_start = "Accepted the correction of",
							    .item_preposition = "in" };
	struct job *job = job_of_ui_action(is_document ? &document_accept_ui_action : &correction_accept);
	job->in.part = arena_strdup(&job->arena, row->ref);
	job->in.text = arena_strdup(&job->arena, row->cells[is_document ? 1 : 2].text);
	job->in.seen_version = case_model_view(&screen->model)->file.session.version;
	case_request(workbench, job, screen->id);
	case_model_select_next_open(&screen->model, row->kind);
}

void case_reject_document(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	if (!viewer_close_for_verdict(workbench))
		return;
	const struct grid_row *row = case_model_row(&screen->model);
	if (screen->model.pane == PANE_TAB && row && row->kind == ROW_DOCUMENT)
		decide_open_dialog(workbench, &document_reject_dialog, row->ref, row->cells[1].text);
	else
		REPORT(workbench, "Select a document first: 2 shows the documents, then %s rejects one",
		       key_name_for(workbench, COMMAND_REJECT_ITEM));
}

void case_reveal_data(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	const struct case_view *view = case_model_view(&screen->model);
	if (view && !view->masked) {
		REPORT(workbench, "The personal data is shown already");
		return;
	}
	screen->reveal_next_read = !screen->is_revealing;
	workbench->stale_bits |= STALE_CASE;
}

int64_t case_paint_deadline_ms(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	return screen && !screen->model.job && !screen->problem ? screen->opened_ms + CASE_PAINT_MS : 0;
}

static bool case_is_active(const struct workbench *workbench)
{
	return workbench->case_stack.count > 0;
}

static unsigned case_context_bits(const struct workbench *workbench)
{
	struct case_model *model = &top_case(workbench)->model;
	bool parties = model->tab == TAB_PARTIES && model->pane == PANE_TAB;
	return parties ? PLACE_CASE | PLACE_PARTIES : case_model_hits(model) ? PLACE_CASE | PLACE_HITS : PLACE_CASE;
}

/* If the third pane does not show the selected item, schedules case_update_preview(). */
static void schedule_preview_update(struct workbench *workbench, const struct case_screen *screen)
{
	bool follows = screen->model.has_third_pane && case_model_preview_is_stale(&screen->model);
	if (!follows)
		workbench->case_stack.preview_due_ms = 0;
	else if (!workbench->case_stack.preview_due_ms)
		workbench->case_stack.preview_due_ms = workbench_monotonic_ms(workbench) + PREVIEW_PAUSE_MS;
}

void case_update_preview(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	workbench->case_stack.preview_due_ms = 0;
	workbench->stale_bits |= STALE_PAINT;
	if (screen)
		case_model_update_preview(&screen->model, &workbench->frame);
}

static void restart_preview_delay(struct workbench *workbench)
{
	/* schedule_preview_update() sets the time again when the next frame is drawn */
	workbench->case_stack.preview_due_ms = 0;
}

static void draw_case_list(struct workbench *workbench, struct surface *surface, struct box box, size_t cols)
{
	struct inbox_view *view = inbox_update_view(workbench);
	view->is_case_focused = top_screen(workbench) != &list_screen;
	if (view->is_case_focused) { /* the list's cursor moves to the case that was opened first */
		const char *id = workbench->case_stack.cases[0]->id;
		view->is_case_not_in_list =
			queue_find_row(&workbench->inbox.queue, id) == queue_row_count(&workbench->inbox.queue);
		queue_select(&workbench->inbox.queue, id);
	}
	inbox_draw_list(view, surface, (struct box){ box.row, box.col, box.rows, cols }, &workbench->frame);
	surface_draw_border(surface, box, box.col + cols);
}

/* Draws the open case, with its open document or page if any; on a wide screen, the list is next to the case. */
void case_paint(struct workbench *workbench, struct surface *surface, struct box box)
{
	struct case_screen *screen = top_case(workbench);
	const struct session_item *item = queue_current_item(&workbench->inbox.queue);
	const struct case_view *preview = preview_shown_view(workbench);
	struct case_position place = { .opened_from = queue_title(&workbench->inbox.queue) };
	size_t list = case_panes(box.cols).list_cols, left = list ? list + 2 : 1;
	if (list)
		draw_case_list(workbench, surface, (struct box){ box.row + 1, box.col, box.rows - 1, box.cols }, list);
	if (workbench->case_stack.count >= 2) {
		place.opened_from = workbench->case_stack.cases[workbench->case_stack.count - 2]->name;
	} else if (item && !strcmp(item->id, screen->id)) {
		place.position = queue_position(&workbench->inbox.queue, workbench->inbox.queue.cursor);
		place.total = workbench->inbox.queue.shown_response->total;
	}
	if (preview && item && !strcmp(preview->file.session.id, item->id))
		place.preview = preview;
	if (screen->model.job) {
		case_draw(&screen->model, surface, box, &workbench->frame, &place);
		schedule_preview_update(workbench, screen);
		return;
	}
	surface_fill(surface, (struct box){ 0, 0, 1, surface->cols }, THEME_HEADER);
	surface_put(surface, 1, left, box.cols - left - 1, THEME_TITLE, screen->name);
	surface_put_lines(surface, (struct box){ 3, left, surface->rows - 5, box.cols - left - 1 },
			  screen->problem ? THEME_DANGER : THEME_MUTED,
			  screen->problem ? screen->problem : "reading the case");
	surface->screen_reader.is_temporary_frame |= !screen->problem;
}

void case_fill_bar(struct workbench *workbench, struct bar_state *state)
{
	const struct case_model *model = &top_case(workbench)->model;
	const struct case_view *view = case_model_view(model);
	state->bar = case_model_bar(model);
	state->shows_back = true;
	state->is_case_decided = view && session_status_is_decided(view->file.session.status);
}

static size_t case_page_rows(const struct workbench *workbench)
{
	return top_case(workbench)->model.visible_row_count;
}

static void case_move_cursor(struct workbench *workbench, long rows)
{
	case_model_move(&top_case(workbench)->model, rows);
	restart_preview_delay(workbench);
}

static void case_switch_tab(struct workbench *workbench, bool right)
{
	struct case_model *model = &top_case(workbench)->model;
	int tab = (int)model->tab + (right ? 1 : -1);
	case_model_select_tab(model, tab < TAB_SUMMARY	  ? TAB_WEBHOOKS
				     : tab > TAB_WEBHOOKS ? TAB_SUMMARY
							  : (enum case_tab)tab);
}

void case_pane(struct workbench *workbench, bool forward)
{
	struct case_model *model = &top_case(workbench)->model;
	case_model_move_focus(model, forward, &workbench->frame);
	if (case_model_focus(model) == FOCUS_LIST) {
		workbench->inbox.view.is_inbox_pane_focused = false;
		preview_schedule(workbench);
	}
}

void item_switch_pane(struct workbench *workbench, bool forward)
{
	if (top_case(workbench)->model.has_third_pane)
		case_pane(workbench, forward);
}

static void case_choose_tab(struct workbench *workbench, size_t number)
{
	case_model_select_tab(&top_case(workbench)->model, (enum case_tab)number);
}

static void click_row(struct workbench *workbench, struct case_model *model, const struct zone *zone)
{
	size_t tab = (size_t)model->tab - TAB_SUMMARY;
	bool conditions = zone->kind == ZONE_CHECKLIST;
	enum case_pane pane = conditions ? PANE_CHECKLIST : PANE_TAB;
	size_t *cursor = conditions ? &model->checklist_cursor : &model->cursors[tab];
	bool again = model->pane == pane && *cursor == zone->index && case_model_focus(model) == FOCUS_CASE;
	model->pane = pane;
	*cursor = zone->index;
	model->is_list_focused = false;
	model->is_item_unfocused = model->has_third_pane;
	if (again)
		case_open_row(workbench);
}

static void click_list(struct workbench *workbench, struct case_model *model, const struct zone *zone)
{
	bool again = inbox_click_row(workbench, zone) && model->is_list_focused;
	model->is_list_focused = true;
	if (again)
		list_screen.open(workbench);
}

void case_click(struct workbench *workbench, const struct zone *zone)
{
	struct case_model *model = &top_case(workbench)->model;
	restart_preview_delay(workbench);
	if (zone->kind == ZONE_TAB) {
		model->is_list_focused = false;
		case_model_select_tab(model, (enum case_tab)zone->index);
	} else if (zone->kind == ZONE_CHECKLIST || zone->kind == ZONE_GRID) {
		click_row(workbench, model, zone);
	} else if (zone->kind == ZONE_QUEUE) {
		click_list(workbench, model, zone);
	} else if (zone->kind == ZONE_DETAIL) {
		/* Moves the focus to the open item: first to the list, then one pane backwards. */
		model->is_list_focused = true;
		case_model_move_focus(model, false, &workbench->frame);
		if (model->page && zone->index < model->page->grid.row_count)
			model->page->cursor = zone->index;
	}
}

/* For the key Esc: closes the open document or page; if none is open, closes the case. */
static void case_go_back(struct workbench *workbench)
{
	const struct case_model *model = &top_case(workbench)->model;
	stash_screen(workbench, model->viewer ? &viewer_screen : model->page ? &page_screen : &case_screen);
}

const struct screen_ops case_screen = { .is_active = case_is_active,
					.contexts = case_context_bits,
					.draw = case_paint,
					.fill_bar = case_fill_bar,
					.page_rows = case_page_rows,
					.move = case_move_cursor,
					.move_sideways = case_switch_tab,
					.switch_pane = case_pane,
					.choose = case_choose_tab,
					.open = case_open_row,
					.go_back = case_go_back,
					.detach = case_detach,
					.reattach = case_reattach,
					.discard = case_discard,
					.click = case_click };
