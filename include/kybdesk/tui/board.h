/*
 * Boards: screens about the desk in place of a case, as rows: a list, or one item of it. A board is its functions and
 * its row in BOARDS. It is read on the reader's thread, and again when the store changes; Enter on a row opens the board
 * of its kind. screen/board.c shows them.
 */
#ifndef KYBDESK_TUI_BOARD_H
#define KYBDESK_TUI_BOARD_H

#include "kybdesk/tui/keymap.h"
#include "kybdesk/tui/page.h"

struct board_spec {
	const char *title;     /* shown until the board is read */
	struct page_spec page; /* makes the rows of the response */
	unsigned place;	       /* its keys */
	enum bar bar;
	enum row_kind kind; /* the rows that open it; ROW_PLAIN: an action opens it */
	bool slow;	    /* reads much: a change of the store is shown within seconds, not at once */
	/* Sets job->found, in the arena. job->in.part names its item, "" none. */
	enum err (*read)(struct desk *desk, struct job *job);
};
/* clang-format off */
#define BOARDS(X) \
	X(sandbox) X(accounts) X(orders) X(account) X(ledger) X(order) \
	X(merchants) X(merchant) X(templates) \
	X(webhooks) X(endpoint) X(webhook) \
	X(stats) X(team) X(member) \
	X(audit) X(record)
/* clang-format on */
#define BOARD_DECLARE(name) extern const struct board_spec name##_board;
BOARDS(BOARD_DECLARE)
#undef BOARD_DECLARE

struct board {
	const struct board_spec *spec;
	struct page *page;
	struct job *answer; /* owns the texts of the rows; NULL: not read yet */
	uint64_t ticket;
	char *problem;	     /* why it cannot be read; NULL none */
	struct board *under; /* the board that it was opened from; NULL none; owned */
};

/* A list of deliveries, and a row of it. */
enum delivery_column { W_AT, W_TYPE, W_STATE, W_ATTEMPTS, W_NEXT, W_ENDPOINT, W_COUNT };
void delivery_grid(struct grid *grid);
void delivery_row(struct grid *grid, struct arena *arena, const struct delivery_item *item,
		  const struct frame *frame);

#endif
