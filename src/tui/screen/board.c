/* Boards on the screen (board.h). A board covers the cases and the list; a board that was opened from another board
 * covers this other board. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

static void board_open(struct workbench *workbench, const struct board_spec *spec, const char *ref)
{
	struct board *board = xcalloc(1, sizeof *board);
	board->spec = spec;
	board->page = page_new(&spec->page, ref);
	board->page->title = spec->title;
	board->parent_board = workbench->boards.top;
	workbench->boards.top = board;
	workbench->boards.last_read_ms = 0;
	workbench->stale_bits |= STALE_BOARD | STALE_PAINT;
}

void board_free(struct board *board)
{
	while (board) {
		struct board *under = board->parent_board;
		page_free(board->page);
		job_free(board->response);
		free(board->problem);
		free(board);
		board = under;
	}
}

static void board_close_all(struct workbench *workbench)
{
	board_free(workbench->boards.top);
	workbench->boards.top = NULL;
}

/* Closes the open boards and opens the board of the command. If the command has an argument, then opens, above
 * this board, the board of the item that the argument names. */
void board_show(struct workbench *workbench, const struct command_request *order)
{
	const struct command_spec *spec = command_spec(order->command);
	board_close_all(workbench);
	board_open(workbench, spec->shown_board, order->command == COMMAND_TODAY ? "today" : "");
	if (spec->item_board && order->argument && order->argument[0])
		board_open(workbench, spec->item_board, order->argument);
}

bool board_receive(struct workbench *workbench, struct job *response)
{
	struct board *board = workbench->boards.top;
	if (!board || board->ticket != response->ticket)
		return false;
	free(board->problem);
	board->problem = response->status ? xstrdup(response->error.message) : NULL;
	if (response->status)
		return false;
	struct page *page = board->page;
	const struct grid_row *row = page_row(page);
	enum row_kind kind = row ? row->kind : ROW_PLAIN;
	char *ref = xstrdup(row ? row->ref : "");
	page_fill(page, response, &workbench->frame);
	/* Moves the cursor to the item that it was on before, since the rows may have moved */
	page->cursor = grid_find_row(&page->grid, kind, ref, page->cursor);
	free(ref);
	job_free(board->response);
	board->response = response;
	return true;
}

static void *board_detach(struct workbench *workbench)
{
	struct board *board = workbench->boards.top;
	workbench->boards.top = board->parent_board;
	board->parent_board = NULL;
	workbench->boards.last_read_ms = 0;
	workbench->stale_bits |= STALE_BOARD; /* the board below may be outdated */
	return board;
}

static bool board_reattach(struct workbench *workbench, const struct stash *stash)
{
	struct board *board = stash->item;
	board->parent_board = workbench->boards.top;
	workbench->boards.top = board;
	workbench->stale_bits |= STALE_BOARD;
	return true;
}

static void board_discard(struct workbench *workbench, void *board)
{
	(void)workbench;
	board_free(board);
}

static uint64_t board_add_to_hash(const struct workbench *workbench, uint64_t screen_hash)
{
	const struct page *page = workbench->boards.top->page;
	return screen_hash_add_text(screen_hash_add_text(screen_hash, page->title), page->ref);
}

const char *board_item_id(const struct board *board, enum row_kind kind)
{
	const struct grid_row *row = board->problem ? NULL : page_row(board->page);
	if (row && row->kind == kind)
		return row->ref;
	return board->spec->opening_row_kind == kind ? board->page->ref : "";
}

void board_open_dialog(struct workbench *workbench, const struct dialog_spec *spec, const char *item, const char *part)
{
	struct dialog *dialog = dialog_new(spec, "", "");
	dialog->item = arena_strdup(&dialog->arena, item);
	dialog->item_name = arena_strdup(&dialog->arena, part);
	decide_show_dialog(workbench, dialog);
}

/* Opens the dialog of the command about the item under the cursor. */
void board_open_row_dialog(struct workbench *workbench, const struct command_request *order)
{
	const struct dialog_spec *spec = command_spec(order->command)->opened_dialog;
	const char *item = board_item_id(workbench->boards.top, spec->item_kind);
	if (item[0])
		board_open_dialog(workbench, spec, item, "");
	else
		REPORT(workbench, "No %s under the cursor: select one first", spec->noun);
}

static unsigned board_context_bits(const struct workbench *workbench)
{
	return workbench->boards.top->spec->context;
}

static void board_draw(struct workbench *workbench, struct surface *surface, struct box box)
{
	struct board *board = workbench->boards.top;
	frame_draw_header(&workbench->frame, surface, box.row);
	struct box rest = { box.row + 1, box.col, box.rows - 1, box.cols };
	surface->screen_reader.is_list_loading = !board->response && !board->problem;
	if (!board->problem) {
		page_draw(board->page, surface, rest, GRID_FOCUSED, ZONE_GRID);
		return;
	}
	surface_put(surface, rest.row, rest.col + 1, rest.cols - 2, THEME_TITLE, board->spec->title);
	surface_draw_rule(surface, rest.row + 1, rest.col, rest.cols, THEME_BORDER);
	surface_put_lines(surface, (struct box){ rest.row + 3, rest.col + 2, rest.rows - 3, rest.cols - 4 }, THEME_TEXT,
			  board->problem);
}

static void board_fill_bar(struct workbench *workbench, struct bar_state *state)
{
	static const struct bar_entry unread[] = { BAR_BACK, { COMMAND_NONE, NULL, false } };
	state->entries = workbench->boards.top->problem ? unread : workbench->boards.top->spec->bar;
	state->shows_back = true;
}

static struct page *board_front_page(const struct workbench *workbench)
{
	return workbench->boards.top ? workbench->boards.top->page : NULL;
}

/* The board that Enter on the row opens; NULL none. */
static const struct board_spec *board_of_row(const struct grid_row *row)
{
#define ADDRESS(name) &name##_board,
	static const struct board_spec *const boards[] = { BOARDS(ADDRESS) };
#undef ADDRESS
	for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++)
		if (boards[i]->opening_row_kind != ROW_PLAIN && boards[i]->opening_row_kind == row->kind && row->ref[0])
			return boards[i];
	return NULL;
}

static void board_open_row(struct workbench *workbench)
{
	struct board *board = workbench->boards.top;
	const struct grid_row *row = board->problem ? NULL : page_row(board->page);
	const struct board_spec *spec = row ? board_of_row(row) : NULL;
	if (row && row->kind == ROW_SESSION && row->ref[0]) {
		char *id = xstrdup(row->ref);
		board_close_all(workbench);
		case_open(workbench, id, "", false);
		free(id);
		return;
	}
	if (spec && (spec != board->spec || strcmp(row->ref, board->page->ref) != 0))
		board_open(workbench, spec, row->ref);
}

static void board_click(struct workbench *workbench, const struct zone *zone)
{
	struct page *page = workbench->boards.top->page;
	if (zone->kind != ZONE_GRID || zone->index >= page->grid.row_count)
		return;
	bool again = page->cursor == zone->index;
	page->cursor = zone->index;
	if (again)
		board_open_row(workbench);
}

const struct screen_ops board_screen = { .contexts = board_context_bits,
					 .draw = board_draw,
					 .fill_bar = board_fill_bar,
					 .front_page = board_front_page,
					 .open = board_open_row,
					 .detach = board_detach,
					 .reattach = board_reattach,
					 .discard = board_discard,
					 .add_to_hash = board_add_to_hash,
					 .click = board_click };
