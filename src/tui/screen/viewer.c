/* The screen of an open document. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

#define PICTURE_COLS_MAX 200
#define PICTURE_ROWS_MAX 60

struct viewer *top_viewer(const struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	return screen && screen->model.viewer && case_model_focus(&screen->model) == FOCUS_ITEM
		       ? focused_viewer(screen->model.viewer)
		       : NULL;
}

/* Sets the size in cells of the picture to request, from the size of the pane in which the document will be drawn. */
static void set_picture_size(const struct workbench *workbench, const struct viewer *main, const struct viewer *viewer,
			     struct job *job)
{
	size_t rows = workbench->surface.rows, cols = workbench->surface.cols;
	const struct case_panes panes = case_panes(cols);
	struct pair_boxes boxes;
	job->cols = (panes.detail_cols ? panes.detail_cols : panes.tab_cols) - 2;
	job->rows = rows - (has_panes(cols) ? 10 : 7);
	if (viewer_is_pair(main)) {
		viewer_pair_boxes(main, (struct box){ 1, 0, rows - 3, cols }, workbench->surface.is_spoken, &boxes);
		/* If the pair is stacked, its rows depend on the focus, so the picture gets the size for a single
		 * document. */
		job->cols = (boxes.is_stacked ? cols : viewer == main ? boxes.first.cols : boxes.second.cols) - 2;
		job->rows = rows - 7;
	}
	if (job->cols > PICTURE_COLS_MAX)
		job->cols = PICTURE_COLS_MAX;
	if (job->rows > PICTURE_ROWS_MAX)
		job->rows = PICTURE_ROWS_MAX;
	if (viewer->picture_page) /* the page is as wide as its pane, may be higher than the pane, and scrolls */
		job->rows = job->cols;
	job->cols *= viewer->zoom;
	job->rows *= viewer->zoom;
	job->format = workbench->picture_format;
}

static bool needs_document_request(const struct workbench *workbench, const struct viewer *main,
				   const struct viewer *viewer)
{
	struct job wanted = { 0 };
	if (viewer->problem || !viewer->document_id[0])
		return false;
	set_picture_size(workbench, main, viewer, &wanted);
	if (!viewer->job || viewer->job->content.is_partial)
		return true;
	return (viewer->picture_page || viewer->job->content.kind == CONTENT_PICTURE) && viewer->job->bytes.len &&
	       (viewer->requested_cols != wanted.cols || viewer->requested_page != viewer->picture_page ||
		!picture_format_equal(&viewer->requested_format, &wanted.format));
}

/* Requests a drawing in another size, from the bytes that were read already. The audit log has recorded a view when
 * the bytes were read, and records no second view. */
static void reuse_read_bytes(const struct viewer *viewer, struct job *job)
{
	job->is_reload = true;
	job->picture_page = viewer->picture_page;
	job->out.document.media_type = arena_strdup(&job->arena, viewer->job->out.document.media_type);
	strbuf_add(&job->bytes, viewer->job->bytes.buf, viewer->job->bytes.len);
}

/* Requests one document at a time: a second request would cancel the first. */
static void request_next_document(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	struct viewer *main = screen->model.viewer;
	struct viewer *const both[] = { main, main->second_viewer };
	for (size_t i = 0; i < 2; i++)
		if (both[i] && both[i]->pending)
			return;
	for (size_t i = 0; i < 2; i++) {
		struct viewer *viewer = both[i];
		if (!viewer || !needs_document_request(workbench, main, viewer))
			continue;
		struct job *job = job_new(JOB_DOCUMENT);
		job->session_id = arena_strdup(&job->arena, screen->id);
		job->in.part = arena_strdup(&job->arena, viewer->document_id);
		job->in.side = viewer->side;
		job->mode = workbench->frame.mode;
		if (viewer->job && !viewer->job->content.is_partial)
			reuse_read_bytes(viewer, job);
		set_picture_size(workbench, main, viewer, job);
		viewer->requested_cols = job->cols;
		viewer->requested_page = viewer->picture_page;
		viewer->requested_format = job->format;
		viewer->pending = true;
		job->ticket = viewer->ticket = next_ticket(workbench);
		reader_request(workbench->reader, job);
		return;
	}
}

void viewer_update_format(struct workbench *workbench)
{
	const struct picture_format before = workbench->picture_format;
	const struct case_screen *screen = top_case(workbench);
	workbench->picture_format = tty_picture_format(workbench->tty);
	if (picture_format_equal(&before, &workbench->picture_format))
		return;
	workbench->stale_bits |= STALE_PAINT;
	if (screen && screen->model.viewer)
		request_next_document(workbench);
}

static struct viewer *make_side_viewer(const struct case_screen *screen, const struct document *document,
				       enum side side)
{
	const struct document_side of = document_side(document, side);
	struct arena arena = ARENA_INIT;
	const char *file = of.file_name[0] ? arena_printf(&arena, " · %s", of.file_name) : "";
	struct viewer *viewer = viewer_new(
		document->id,
		arena_printf(&arena, "%s · %s%s%s", screen->name,
			     profile_document_title(case_model_view(&screen->model)->profile, document->type),
			     side == SIDE_BACK ? " · back" : "", file));
	viewer->side = side == SIDE_BACK ? side_text(SIDE_BACK) : "";
	viewer->case_name_length = strlen(screen->name);
	arena_release(&arena);
	return viewer;
}

void viewer_open(struct workbench *workbench, struct case_screen *screen, const struct grid_row *row)
{
	const struct case_view *view = case_model_view(&screen->model);
	const struct document *document = case_document(&view->file, row->ref);
	if (!document)
		return;
	viewer_free(screen->model.viewer);
	screen->model.viewer = make_side_viewer(screen, document, SIDE_FRONT);
	viewer_update_notes(screen->model.viewer, &view->file, &workbench->frame);
	screen->model.is_item_unfocused = screen->model.is_list_focused = false;
	request_next_document(workbench);
	case_mark_touched(workbench);
}

static void *viewer_detach(struct workbench *workbench)
{
	struct case_model *model = &top_case(workbench)->model;
	struct viewer *viewer = model->viewer;
	reader_cancel(workbench->reader, JOB_DOCUMENT);
	model->viewer = NULL;
	return viewer;
}

static void viewer_discard(struct workbench *workbench, void *viewer)
{
	(void)workbench;
	viewer_free(viewer);
}

/* Makes the rows of the form again, since the case may have been read again after the form was made. */
static void make_form(struct workbench *workbench, struct case_screen *screen)
{
	if (screen->model.viewer->form)
		viewer_fill_form(screen->model.viewer, screen->model.job, &workbench->frame);
}

/* Opens the viewer from the stash again. If a request was pending when Esc closed the viewer, sends this request
 * again. */
static bool viewer_reattach(struct workbench *workbench, const struct stash *stash)
{
	struct case_screen *screen = top_case(workbench);
	struct viewer *viewer = stash->item;
	if (!screen || screen->model.viewer || strcmp(screen->id, stash->open_case_id) != 0)
		return false;
	screen->model.viewer = viewer;
	viewer->pending = false;
	if (viewer->second_viewer)
		viewer->second_viewer->pending = false;
	if (!viewer->document_id[0] && !viewer->job && !viewer->problem)
		viewer->problem = xstrdup("Esc ended the command");
	make_form(workbench, screen);
	request_next_document(workbench);
	return true;
}

bool viewer_receive(struct workbench *workbench, struct job *response)
{
	struct case_screen *screen = top_case(workbench);
	/* The viewer of the case on the screen, even if it does not have the focus */
	struct viewer *main = screen ? screen->model.viewer : NULL;
	struct viewer *viewer = main && main->second_viewer && main->second_viewer->ticket == response->ticket
					? main->second_viewer
					: main;
	if (!response->is_reload)
		workbench->stale_bits |= STALE_CASE; /* the case's audit log has a new record: the view */
	workbench->stale_bits |= STALE_PAINT;
	if (!viewer || viewer->ticket != response->ticket)
		return false;
	if (response->status) {
		free(viewer->problem);
		viewer->problem =
			xstrdup(response->error.message ? response->error.message : "The document cannot be read");
		viewer->pending = false;
	} else {
		viewer_take_response(viewer, response);
		make_form(workbench, screen);
	}
	request_next_document(workbench);
	return !viewer->problem;
}

/* The files that can be shown next to a document: first its other side, then documents of the same type, then all
 * other documents. */
struct candidates {
	struct candidate {
		const struct document *document;
		enum side side;
	} * items;
	size_t count;
};

static void collect(struct arena *arena, const struct case_file *file, const struct viewer *viewer,
		    struct candidates *out)
{
	const struct document *this = case_document(file, viewer->document_id);
	size_t first = this ? (size_t)(this - file->documents) : 0;
	*out = (struct candidates){ arena_alloc_array(arena, 2 * file->document_count + 1, sizeof *out->items), 0 };
	for (int round = 0; this && round < 3; round++)
		for (size_t i = 0; i < file->document_count; i++) {
			const struct document *other = &file->documents[(first + i) % file->document_count];
			int belongs = other == this ? 0 : !strcmp(other->type, this->type) ? 1 : 2;
			for (int side = SIDE_FRONT; belongs == round && side < SIDE_COUNT; side++) {
				bool shown = other == this && (side == SIDE_BACK) == (viewer->side[0] != '\0');
				if (shown || !document_side(other, (enum side)side).sha256[0])
					continue;
				out->items[out->count++] = (struct candidate){ other, (enum side)side };
			}
		}
}

/* The id of the first document that is not reviewed yet; if all are reviewed, of the first document; "": the case
 * has none. */
static const char *first_document_to_review(const struct case_file *file)
{
	const char *any = "";
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];
		if (document->replaced || document->upload != UPLOAD_READY)
			continue;
		if (document->review == REVIEW_UNREVIEWED)
			return document->id;
		any = any[0] ? any : document->id;
	}
	return any;
}

/* If no document is open, opens the document under the cursor. If the cursor is not on a document, COMMAND_FORM opens
 * the first document to review; other commands report this in the status line. Returns whether a document is open. */
static bool ensure_document_open(struct workbench *workbench, enum command command)
{
	struct case_screen *screen = top_case(workbench);
	const struct grid_row *row = screen->model.pane == PANE_TAB ? case_model_row(&screen->model) : NULL;
	if (top_viewer(workbench) && top_viewer(workbench)->document_id[0])
		return true;
	struct grid_row first = { .kind = ROW_DOCUMENT, .ref = "" };
	if (command == COMMAND_FORM && !top_viewer(workbench) && !(row && row->kind == ROW_DOCUMENT)) {
		first.ref = first_document_to_review(&case_model_view(&screen->model)->file);
		row = first.ref[0] ? &first : row;
	}
	if (!top_viewer(workbench) && row && row->kind == ROW_DOCUMENT)
		viewer_open(workbench, screen, row);
	else
		REPORT(workbench, "%s works on the document under the cursor: 2 shows the documents",
		       key_name_for(workbench, command));
	return top_viewer(workbench) && top_viewer(workbench)->document_id[0];
}

void viewer_show_second(struct workbench *workbench)
{
	struct candidates found;
	size_t next = 0;
	if (!ensure_document_open(workbench, COMMAND_BESIDE))
		return;
	struct case_screen *screen = top_case(workbench);
	struct viewer *viewer = screen->model.viewer;
	collect(&workbench->scratch, &case_model_view(&screen->model)->file, viewer, &found);
	for (size_t i = 0; viewer->second_viewer && i < found.count; i++)
		if (!strcmp(found.items[i].document->id, viewer->second_viewer->document_id) &&
		    (found.items[i].side == SIDE_BACK) == (viewer->second_viewer->side[0] != '\0'))
			next = i + 1;
	if (viewer->second_viewer && viewer->second_viewer->pending)
		reader_cancel(workbench->reader, JOB_DOCUMENT);
	bool shown = viewer->second_viewer;
	viewer_close_neighbour(viewer);
	if (next < found.count) {
		viewer->second_viewer = make_side_viewer(screen, found.items[next].document, found.items[next].side);
		viewer->second_viewer->is_second_viewer = true;
		viewer_update_notes(viewer, &case_model_view(&screen->model)->file, &workbench->frame);
		REPORT(workbench, "%zu of %zu other files; %s shows the next one", next + 1, found.count,
		       key_name_for(workbench, COMMAND_BESIDE));
	} else {
		REPORT(workbench, shown ? "The document is shown alone again" : "The case has no other file");
	}
	request_next_document(workbench);
}

void viewer_show_form(struct workbench *workbench)
{
	if (!ensure_document_open(workbench, COMMAND_FORM))
		return;
	struct case_screen *screen = top_case(workbench);
	struct viewer *viewer = screen->model.viewer;
	if (viewer->second_viewer && viewer->second_viewer->pending)
		reader_cancel(workbench->reader, JOB_DOCUMENT);
	if (viewer->form)
		viewer_close_neighbour(viewer);
	else
		viewer_fill_form(viewer, screen->model.job, &workbench->frame);
	request_next_document(workbench);
}

/* Ticks a row of the form, or removes its tick. row SIZE_MAX: the row under the cursor. False: the form does not
 * have the row. */
static bool toggle_form_row(struct viewer *viewer, size_t row, struct job *case_job, const struct frame *frame)
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
	strbuf_reset(&viewer->ticked_values);
	strbuf_add(&viewer->ticked_values, left.buf, left.len);
	strbuf_wipe(&left);
	viewer_fill_form(viewer, case_job, frame);
	return true;
}

static void toggle_row_and_report(struct workbench *workbench, size_t row)
{
	struct case_screen *screen = top_case(workbench);
	struct viewer *viewer = screen->model.viewer;
	if (!viewer->form)
		REPORT(workbench, "%s shows the values that the document must contain",
		       key_name_for(workbench, COMMAND_FORM));
	else if (!toggle_form_row(viewer, row, screen->model.job, &workbench->frame))
		REPORT(workbench, "The form has no value with this number");
	else /* the status line reports the tick, since the form may not be visible on a small screen */
		REPORT(workbench, "%s: %s", page_row(viewer->form)->ref,
		       page_is_ticked(viewer->form, page_row(viewer->form)->ref) ? "ticked" : "not ticked");
}

void viewer_tick_selected(struct workbench *workbench)
{
	toggle_row_and_report(workbench, SIZE_MAX);
}

static void viewer_choose_row(struct workbench *workbench, size_t number)
{
	toggle_row_and_report(workbench, number - 1);
}

static void report_not_found(struct workbench *workbench, const char *wanted)
{
	REPORT(workbench, "\"%s\" does not occur in the document", wanted);
}

void viewer_apply_search(struct workbench *workbench)
{
	struct viewer *viewer = top_viewer(workbench);
	char *wanted = xstrdup(workbench->prompt.editor.text.buf);
	prompt_close(&workbench->prompt);
	if (viewer && wanted[0] && !viewer_search(viewer, wanted))
		report_not_found(workbench, wanted);
	else if (viewer && viewer->matches.count)
		REPORT(workbench, "%zu of %zu; %s next, %s previous", viewer->match + 1, viewer->matches.count,
		       key_name_for(workbench, COMMAND_MATCH_NEXT), key_name_for(workbench, COMMAND_MATCH_PREVIOUS));
	free(wanted);
}

void viewer_go_to_match(struct workbench *workbench, const struct command_request *order)
{
	struct viewer *viewer = top_viewer(workbench);
	if (viewer_next_match(viewer, order->command == COMMAND_MATCH_NEXT))
		REPORT(workbench, "%zu of %zu", viewer->match + 1, viewer->matches.count);
	else if (viewer->search_text.len)
		report_not_found(workbench, viewer->search_text.buf);
	else
		REPORT(workbench, "No search is active: %s searches the text", key_name_for(workbench, COMMAND_SEARCH));
}

/* Call before a verdict on the displayed document: moves the cursor of the tab to this document, since the cursor
 * may be elsewhere after the case was read again. */
static bool select_shown_document(struct workbench *workbench, const struct viewer *viewer)
{
	struct case_model *model = &top_case(workbench)->model;
	if (case_model_select_row(model, TAB_DOCUMENTS, viewer->document_id))
		return true;
	REPORT(workbench, viewer->document_id[0] ? "The document is no longer part of the case"
						 : "The output of a command cannot be accepted or rejected");
	return false;
}

/* Removes the second document from the pair; the caller becomes its owner. */
static struct viewer *viewer_detach_other(struct viewer *viewer)
{
	struct viewer *other = viewer->second_viewer;
	viewer->second_viewer = NULL;
	viewer->is_neighbour_focused = false;
	return other;
}

bool viewer_close_for_verdict(struct workbench *workbench)
{
	const struct viewer *viewer = top_viewer(workbench);
	if (!viewer)
		return true;
	if (!select_shown_document(workbench, viewer))
		return false;
	struct case_model *model = &top_case(workbench)->model;
	struct viewer *main = model->viewer, *other = main->second_viewer;
	if (!other || !strcmp(main->document_id, other->document_id)) {
		viewer_free(viewer_detach(workbench));
		return true;
	}
	/* Closes only the document that gets the verdict; the other document of the pair stays open. */
	reader_cancel(workbench->reader, JOB_DOCUMENT);
	(void)viewer_detach_other(main);
	model->viewer = viewer == main ? other : main;
	model->is_item_unfocused = model->viewer->is_second_viewer = false;
	model->viewer->pending = false;
	viewer_free(viewer == main ? main : other);
	request_next_document(workbench);
	return true;
}

void viewer_open_search(struct workbench *workbench, const struct command_request *order)
{
	prompt_open(&workbench->prompt, PROMPT_SEARCH, "find", order->argument, NULL);
	if (order->argument[0])
		viewer_apply_search(workbench);
}

static uint64_t viewer_add_to_hash(const struct workbench *workbench, uint64_t screen_hash)
{
	return screen_hash_add_text(screen_hash, top_viewer(workbench)->document_id);
}

static bool is_viewer_open(const struct workbench *workbench)
{
	return top_viewer(workbench);
}

/* The form next to the document, if the form has the focus; NULL: the document has the focus. */
static struct page *viewer_focused_form(const struct workbench *workbench)
{
	const struct viewer *viewer = top_case(workbench)->model.viewer;
	return viewer->is_neighbour_focused ? viewer->form : NULL;
}

static size_t viewer_page_rows(const struct workbench *workbench)
{
	return top_viewer(workbench)->visible_row_count;
}

static void viewer_scroll(struct workbench *workbench, long rows)
{
	struct viewer *viewer = top_viewer(workbench);
	if (rows == -MOVE_ALL)
		viewer->top = 0;
	else
		viewer_scroll_rows(viewer, rows == MOVE_ALL ? (long)viewer->line_count : rows);
}

static void report_no_picture(struct workbench *workbench, const struct viewer *viewer)
{
	bool pages = viewer->job && viewer->job->content.page_count;
	if (viewer_picture_job(viewer))
		REPORT(workbench, "A picture can be enlarged up to %d times", ZOOM_MAX);
	else if (pages)
		REPORT(workbench, "This is the text of the document; %s shows its pages as pictures",
		       key_name_for(workbench, COMMAND_PAGE_PICTURE));
	else
		REPORT(workbench, "Only pictures can be resized");
}

void viewer_change_zoom(struct workbench *workbench, const struct command_request *order)
{
	struct viewer *viewer = top_viewer(workbench);
	if (!viewer_zoom(viewer, order->command == COMMAND_ZOOM_IN))
		report_no_picture(workbench, viewer);
	request_next_document(workbench);
}

void viewer_turn_page(struct workbench *workbench)
{
	struct viewer *viewer = top_viewer(workbench);
	if (!viewer_next_page(viewer))
		REPORT(workbench, "Only the pages of a PDF can be shown as pictures");
	else if (!viewer->picture_page)
		REPORT(workbench, "The text is shown again");
	request_next_document(workbench);
}

static void viewer_pan_sideways(struct workbench *workbench, bool right)
{
	(void)viewer_pan(top_viewer(workbench), right);
}

static void viewer_switch_pane(struct workbench *workbench, bool forward)
{
	struct viewer *viewer = top_case(workbench)->model.viewer;
	if (viewer_is_pair(viewer))
		viewer->is_neighbour_focused = !viewer->is_neighbour_focused;
	else
		item_switch_pane(workbench, forward);
}

/* Handles a click on a value of the form, or on the case next to the document. If the document fills the screen, no
 * other part of the screen can be clicked. */
static void viewer_click(struct workbench *workbench, const struct zone *zone)
{
	struct viewer *viewer = top_case(workbench)->model.viewer;
	if (viewer->form && zone->kind == ZONE_GRID) {
		viewer->is_neighbour_focused = true;
		toggle_row_and_report(workbench, zone->index);
	} else if (!viewer_is_pair(viewer) && top_case(workbench)->model.has_third_pane) {
		case_click(workbench, zone);
	}
}

/* case_paint() draws the document together with its case. */
const struct screen_ops viewer_screen = { .is_active = is_viewer_open,
					  .fixed_contexts = PLACE_VIEWER,
					  .draw = case_paint,
					  .fill_bar = case_fill_bar,
					  .front_page = viewer_focused_form,
					  .page_rows = viewer_page_rows,
					  .move = viewer_scroll,
					  .move_sideways = viewer_pan_sideways,
					  .switch_pane = viewer_switch_pane,
					  .choose = viewer_choose_row,
					  .detach = viewer_detach,
					  .reattach = viewer_reattach,
					  .discard = viewer_discard,
					  .add_to_hash = viewer_add_to_hash,
					  .click = viewer_click };
