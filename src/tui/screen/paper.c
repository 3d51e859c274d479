/* Opening a document, and what its keys do. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

#define PICTURE_COLS_MAX 200
#define PICTURE_ROWS_MAX 60

struct paper *top_paper(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	return screen && case_model_front(&screen->model) == FRONT_OPEN ? screen->model.paper : NULL;
}

static void ask(struct workbench *workbench, const struct case_screen *screen, struct paper *paper)
{
	struct work *work = work_new(WORK_PAPER);
	size_t rows = workbench->surface.rows, cols = workbench->surface.cols;
	const struct case_panes panes = case_panes(cols);
	work->id = arena_strdup(&work->arena, screen->id);
	work->item = arena_strdup(&work->arena, paper->document);
	work->mode = workbench->frame.mode;
	work->cols = (panes.detail ? panes.detail : panes.tab) - 2;
	work->rows = rows - (has_panes(cols) ? 10 : 7);
	if (work->cols > PICTURE_COLS_MAX)
		work->cols = PICTURE_COLS_MAX;
	if (work->rows > PICTURE_ROWS_MAX)
		work->rows = PICTURE_ROWS_MAX;
	work->ticket = paper->ticket = next_ticket(workbench);
	reader_ask(workbench->reader, work);
}

void paper_open(struct workbench *workbench, struct case_screen *screen, const struct grid_row *row)
{
	const struct case_view *view = case_model_view(&screen->model);
	const struct document *document = case_document(&view->file, row->ref);
	struct arena arena = ARENA_INIT;
	if (!document)
		return;
	const char *file = document->file_name[0] ? arena_printf(&arena, " · %s", document->file_name) : "";
	paper_free(screen->model.paper);
	screen->model.paper =
		paper_new(document->id, arena_printf(&arena, "%s · %s%s", screen->name, document->type, file));
	screen->model.behind = screen->model.listing = false;
	ask(workbench, screen, screen->model.paper);
	case_touch(workbench);
	arena_release(&arena);
}

void paper_close(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	reader_cancel(workbench->reader, WORK_PAPER);
	paper_free(screen->model.paper);
	screen->model.paper = NULL;
}

/* What was being read when it was laid away is asked for again. */
void paper_lay_back(struct workbench *workbench, struct paper *paper)
{
	struct case_screen *screen = top_case(workbench);
	screen->model.paper = paper;
	if (!paper_is_whole(paper))
		ask(workbench, screen, paper);
}

bool paper_take(struct workbench *workbench, struct work *answer)
{
	struct case_screen *screen = top_case(workbench);
	struct paper *paper = screen ? screen->model.paper : NULL; /* whatever has the keys */
	workbench->stale |= STALE_CASE;				   /* it was seen, and the case says so */
	if (!paper || paper->ticket != answer->ticket)
		return false;
	if (answer->status) {
		free(paper->problem);
		paper->problem = xstrdup(answer->error.message ? answer->error.message : "It cannot be read");
		return false;
	}
	paper_answer(paper, answer);
	return true;
}

static void say_nowhere(struct workbench *workbench, const char *wanted)
{
	status_set(&workbench->status, STATUS_PLAIN, "\"%s\" stands nowhere in it", wanted);
}

void paper_find(struct workbench *workbench)
{
	struct paper *paper = top_paper(workbench);
	char *wanted = xstrdup(workbench->prompt.editor.text.buf);
	prompt_close(&workbench->prompt);
	if (paper && wanted[0] && !paper_search(paper, wanted))
		say_nowhere(workbench, wanted);
	else if (paper && paper->matches.count)
		status_set(&workbench->status, STATUS_PLAIN, "%zu of %zu; %s and %s go on", paper->match + 1,
			   paper->matches.count, key_for(workbench, COMMAND_MATCH_NEXT),
			   key_for(workbench, COMMAND_MATCH_PREVIOUS));
	free(wanted);
}

static void next_match(struct workbench *workbench, struct paper *paper, bool forward)
{
	if (paper_next(paper, forward))
		status_set(&workbench->status, STATUS_PLAIN, "%zu of %zu", paper->match + 1, paper->matches.count);
	else if (paper->wanted.len)
		say_nowhere(workbench, paper->wanted.buf);
	else
		status_set(&workbench->status, STATUS_PLAIN, "Nothing is looked for: %s looks for words in it",
			   key_for(workbench, COMMAND_SEARCH));
}

/* What is judged is what is on the screen, wherever the cursor went when the case was read again. */
static bool judges_it(struct workbench *workbench, const struct paper *paper)
{
	struct case_model *model = &top_case(workbench)->model;
	if (case_model_stand_on(model, TAB_DOCUMENTS, paper->document))
		return true;
	status_set(&workbench->status, STATUS_PLAIN, "The document is no longer among those of the case");
	return false;
}

bool paper_judged(struct workbench *workbench)
{
	const struct paper *paper = top_paper(workbench);
	if (!paper)
		return true;
	if (!judges_it(workbench, paper))
		return false;
	paper_close(workbench);
	return true;
}

void paper_search_for(struct workbench *workbench, const struct order *order)
{
	prompt_open(&workbench->prompt, PROMPT_SEARCH, "find: ", order->argument, NULL);
	if (order->argument[0])
		paper_find(workbench);
}

void paper_next_match(struct workbench *workbench, const struct order *order)
{
	(void)order;
	next_match(workbench, top_paper(workbench), true);
}

void paper_match_before(struct workbench *workbench, const struct order *order)
{
	(void)order;
	next_match(workbench, top_paper(workbench), false);
}

static bool paper_on(const struct workbench *workbench)
{
	const struct case_model *model =
		workbench->case_count ? &workbench->cases[workbench->case_count - 1]->model : NULL;
	return model && model->paper && case_model_front(model) == FRONT_OPEN;
}

static unsigned paper_places(struct workbench *workbench)
{
	(void)workbench;
	return PLACE_PAPER;
}

static size_t paper_page(const struct workbench *workbench)
{
	return workbench->cases[workbench->case_count - 1]->model.paper->page;
}

static void paper_rows(struct workbench *workbench, long rows)
{
	struct paper *paper = top_paper(workbench);
	if (rows == -MOVE_ALL)
		paper->top = 0;
	else
		paper_move(paper, rows == MOVE_ALL ? (long)paper->line_count : rows);
}

/* Beside its case; elsewhere it covers what could be clicked on. */
static void paper_click(struct workbench *workbench, const struct zone *zone)
{
	if (top_case(workbench)->model.beside)
		case_click(workbench, zone);
}

/* Its case draws it, beside what the case still needs. */
const struct screen_ops paper_screen = { .on = paper_on,
					 .places = paper_places,
					 .draw = case_paint,
					 .bar = case_bar,
					 .page = paper_page,
					 .move = paper_rows,
					 .pane = open_pane,
					 .back = shelf_paper,
					 .leave = paper_close,
					 .click = paper_click };
