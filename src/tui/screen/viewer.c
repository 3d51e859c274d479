/* Opening a document, and its keys. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

#define PICTURE_COLS_MAX 200
#define PICTURE_ROWS_MAX 60

struct viewer *top_viewer(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	return screen && case_model_front(&screen->model) == FRONT_OPEN ? screen->model.viewer : NULL;
}

static void ask(struct workbench *workbench, const struct case_screen *screen, struct viewer *viewer)
{
	struct job *job = job_new(JOB_DOCUMENT);
	size_t rows = workbench->surface.rows, cols = workbench->surface.cols;
	const struct case_panes panes = case_panes(cols);
	job->id = arena_strdup(&job->arena, screen->id);
	job->in.part = arena_strdup(&job->arena, viewer->document);
	job->mode = workbench->frame.mode;
	job->cols = (panes.detail ? panes.detail : panes.tab) - 2;
	job->rows = rows - (has_panes(cols) ? 10 : 7);
	if (job->cols > PICTURE_COLS_MAX)
		job->cols = PICTURE_COLS_MAX;
	if (job->rows > PICTURE_ROWS_MAX)
		job->rows = PICTURE_ROWS_MAX;
	job->ticket = viewer->ticket = next_ticket(workbench);
	reader_request(workbench->reader, job);
}

void viewer_open(struct workbench *workbench, struct case_screen *screen, const struct grid_row *row)
{
	const struct case_view *view = case_model_view(&screen->model);
	const struct document *document = case_document(&view->file, row->ref);
	struct arena arena = ARENA_INIT;
	if (!document)
		return;
	const char *file = document->file_name[0] ? arena_printf(&arena, " · %s", document->file_name) : "";
	viewer_free(screen->model.viewer);
	screen->model.viewer =
		viewer_new(document->id, arena_printf(&arena, "%s · %s%s", screen->name, document->type, file));
	screen->model.behind = screen->model.listing = false;
	ask(workbench, screen, screen->model.viewer);
	case_touch(workbench);
	arena_release(&arena);
}

static void viewer_close(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	reader_cancel(workbench->reader, JOB_DOCUMENT);
	viewer_free(screen->model.viewer);
	screen->model.viewer = NULL;
}

/* Repeats a request that was pending when the viewer was stashed. */
void viewer_lay_back(struct workbench *workbench, struct viewer *viewer)
{
	struct case_screen *screen = top_case(workbench);
	screen->model.viewer = viewer;
	if (!viewer_is_whole(viewer))
		ask(workbench, screen, viewer);
}

bool viewer_take(struct workbench *workbench, struct job *answer)
{
	struct case_screen *screen = top_case(workbench);
	struct viewer *viewer = screen ? screen->model.viewer : NULL; /* even without the focus */
	workbench->stale |= STALE_CASE;				      /* the view was recorded in the case */
	if (!viewer || viewer->ticket != answer->ticket)
		return false;
	if (answer->status) {
		free(viewer->problem);
		viewer->problem = xstrdup(answer->error.message ? answer->error.message : "It cannot be read");
		return false;
	}
	viewer_answer(viewer, answer);
	return true;
}

static void report_not_found(struct workbench *workbench, const char *wanted)
{
	status_set(&workbench->status, STATUS_PLAIN, "\"%s\" does not occur in it", wanted);
}

void viewer_find(struct workbench *workbench)
{
	struct viewer *viewer = top_viewer(workbench);
	char *wanted = xstrdup(workbench->prompt.editor.text.buf);
	prompt_close(&workbench->prompt);
	if (viewer && wanted[0] && !viewer_search(viewer, wanted))
		report_not_found(workbench, wanted);
	else if (viewer && viewer->matches.count)
		status_set(&workbench->status, STATUS_PLAIN, "%zu of %zu; %s and %s go on", viewer->match + 1,
			   viewer->matches.count, key_for(workbench, COMMAND_MATCH_NEXT),
			   key_for(workbench, COMMAND_MATCH_PREVIOUS));
	free(wanted);
}

static void next_match(struct workbench *workbench, struct viewer *viewer, bool forward)
{
	if (viewer_next(viewer, forward))
		status_set(&workbench->status, STATUS_PLAIN, "%zu of %zu", viewer->match + 1,
			   viewer->matches.count);
	else if (viewer->wanted.len)
		report_not_found(workbench, viewer->wanted.buf);
	else
		status_set(&workbench->status, STATUS_PLAIN, "No search is active: %s searches the text",
			   key_for(workbench, COMMAND_SEARCH));
}

/* Judges the document on the screen, even if the cursor moved when the case was reread. */
static bool judges_it(struct workbench *workbench, const struct viewer *viewer)
{
	struct case_model *model = &top_case(workbench)->model;
	if (case_model_select(model, TAB_DOCUMENTS, viewer->document))
		return true;
	status_set(&workbench->status, STATUS_PLAIN, "The document is no longer part of the case");
	return false;
}

bool viewer_judged(struct workbench *workbench)
{
	const struct viewer *viewer = top_viewer(workbench);
	if (!viewer)
		return true;
	if (!judges_it(workbench, viewer))
		return false;
	viewer_close(workbench);
	return true;
}

void viewer_search_for(struct workbench *workbench, const struct order *order)
{
	prompt_open(&workbench->prompt, PROMPT_SEARCH, "find: ", order->argument, NULL);
	if (order->argument[0])
		viewer_find(workbench);
}

void viewer_next_match(struct workbench *workbench)
{
	next_match(workbench, top_viewer(workbench), true);
}

void viewer_match_before(struct workbench *workbench)
{
	next_match(workbench, top_viewer(workbench), false);
}

static bool viewer_on(const struct workbench *workbench)
{
	const struct case_model *model =
		workbench->case_count ? &workbench->cases[workbench->case_count - 1]->model : NULL;
	return model && model->viewer && case_model_front(model) == FRONT_OPEN;
}

static unsigned viewer_places(struct workbench *workbench)
{
	(void)workbench;
	return PLACE_VIEWER;
}

static size_t viewer_page(const struct workbench *workbench)
{
	return workbench->cases[workbench->case_count - 1]->model.viewer->page;
}

static void viewer_rows(struct workbench *workbench, long rows)
{
	struct viewer *viewer = top_viewer(workbench);
	if (rows == -MOVE_ALL)
		viewer->top = 0;
	else
		viewer_move(viewer, rows == MOVE_ALL ? (long)viewer->line_count : rows);
}

/* Only beside its case; alone it covers every clickable zone. */
static void viewer_click(struct workbench *workbench, const struct zone *zone)
{
	if (top_case(workbench)->model.beside)
		case_click(workbench, zone);
}

/* Drawn by its case, beside the unmet conditions. */
const struct screen_ops viewer_screen = { .on = viewer_on,
					  .places = viewer_places,
					  .draw = case_paint,
					  .bar = case_bar,
					  .page = viewer_page,
					  .move = viewer_rows,
					  .pane = open_pane,
					  .back = stash_viewer,
					  .leave = viewer_close,
					  .click = viewer_click };
