/* Boards: screens with rows of data of the desk, not of one case. A board shows a list, or one item of a list. Each
 * board consists of functions and a row in BOARDS. The reader thread reads the data of a board, and reads it again when
 * the store changes. The key Enter on a row opens the board for this kind of row. screen/board.c shows boards. */
#ifndef KYBDESK_TUI_BOARD_H
#define KYBDESK_TUI_BOARD_H

#include "input/keymap.h"
#include "model/page.h"

struct board_spec {
	const char *title;     /* title until the board's data is read */
	struct page_spec page; /* functions that make title and rows from the response */
	unsigned context;      /* key context, a bit of enum key_context */
	const struct bar_entry *bar;
	enum row_kind
		opening_row_kind; /* kind of the rows that open the board; ROW_PLAIN: only an action opens the board */
	bool slow; /* reading takes long: the board shows a change of the store only after some seconds */
	/* Reads the board's data into job->board_data, in the arena of the job. job->in.part is the id of the item that
	 * the board shows; "": the board shows a list. */
	enum err (*read)(struct desk *desk, struct job *job);
};
/* Initialises the members that every struct board_spec sets. */
#define BOARD(title_, read_, fill_, place_, kind_)                                                                     \
	.title = (title_), .read = (read_), .page = { .fill = (fill_) }, .context = PLACE_##place_,                    \
	.opening_row_kind = ROW_##kind_
/* clang-format off */
#define BOARDS(X) \
	X(sandbox) X(accounts) X(orders) X(account) X(ledger) X(order) \
	X(merchants) X(merchant) X(templates) \
	X(webhooks) X(endpoint) X(webhook) \
	X(stats) X(offers) X(team) X(member) \
	X(audit) X(record)
/* clang-format on */
#define BOARD_DECLARE(name) extern const struct board_spec name##_board;
BOARDS(BOARD_DECLARE)
#undef BOARD_DECLARE

struct board {
	const struct board_spec *spec;
	struct page *page;
	struct job *response; /* the response with the board's data and the texts of its rows; NULL: not received yet */
	uint64_t ticket;
	char *problem;		    /* why the board cannot be read; NULL none */
	struct board *parent_board; /* the board from which this board was opened; NULL none; owned */
};

/* A list of webhook deliveries: its columns, and functions that make the grid and add a row. */
enum delivery_column { W_CREATED, W_TYPE, W_STATE, W_ATTEMPTS, W_NEXT, W_ENDPOINT, W_COUNT };
void begin_delivery_grid(struct grid *grid, const char *empty);
void add_delivery_row(struct grid *grid, const struct delivery_item *item);

#endif
