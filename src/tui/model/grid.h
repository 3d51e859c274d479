/* A grid: rows of cells under column titles, laid out for a width. The queue and every tab of a case are grids,
 * drawn by one function. If space is short, whole columns are hidden, the least important first; the other columns
 * shrink to their minimum width, and cut texts get a mark. Pure. */
#ifndef KYBDESK_TUI_GRID_H
#define KYBDESK_TUI_GRID_H

#include "model/surface.h"

#define GRID_COLUMNS_MAX 16
#define GRID_GAP_CELLS 2

struct grid_column {
	const char *title;
	size_t min, max; /* minimum and maximum width in cells; between them, the width fits the texts */
	enum text_align align;
	bool can_stretch;   /* the column is narrowed last; the first such column gets free width, up to a limit */
	unsigned hide_rank; /* 0: the column is always shown; the column with the highest number is hidden first */
	bool keeps_width;   /* the column is not narrowed, except in a fixed grid */
};

/* Kind of the item that a row shows; determines the keys that work on the row. */
enum row_kind {
	ROW_PLAIN,
	ROW_HEADING,
	ROW_SESSION,
	ROW_DOCUMENT,
	ROW_DOCUMENT_MISSING,
	ROW_PARTY,
	ROW_CHECK,
	ROW_HIT,
	ROW_CORRECTION,
	ROW_EVENT,
	ROW_NOTE, /* note of a case; ref: its number, from 1 */
	ROW_DELIVERY,
	ROW_ACCOUNT, /* account of a sandbox */
	ROW_ORDER,
	/* ROW_ACCOUNTS opens older accounts, ROW_ORDERS older orders, ROW_ENTRIES older ledger entries */
	ROW_ACCOUNTS,
	ROW_ORDERS,
	ROW_ENTRIES,
	ROW_MERCHANT,
	ROW_ENDPOINT,
	ROW_KEY,      /* key of a merchant or provider; ref: the key's name */
	ROW_MEMBER,   /* member of the team */
	ROW_RECORD,   /* record of the audit log */
	ROW_TEMPLATE, /* template of a message, in one language */
	ROW_RECORDS,  /* several records of the audit log; ref: filter of the board that lists them */
	/* What a page of a check offers: to judge a result (ref: its id), to waive the check, to run all checks again */
	ROW_RESULT,
	ROW_WAIVER,
	ROW_RUN_CHECKS
};

struct grid_cell {
	const char *text; /* NULL: empty */
	enum theme_role role;
	bool is_web_address; /* the text is a web address: a terminal that supports links shows it as a link */
};
struct grid_row {
	enum row_kind kind;
	const char *ref;    /* id of the item, "" none */
	const char *detail; /* a sentence shown below the grid, "" none */
	bool marked;	    /* the reviewer has marked the row for an action on several rows */
	bool done;	    /* the item of the row needs no more work */
	struct grid_cell cells[GRID_COLUMNS_MAX];
};
struct frame; /* frame.h */
struct grid {
	struct arena *arena;	   /* memory of the rows and their texts */
	const struct frame *frame; /* the reviewer's frame, for times and marks in the rows; borrowed */
	const struct grid_column *columns;
	size_t column_count;
	struct grid_row *rows;
	size_t row_count, row_capacity;
	const char *empty_text;	  /* text shown if the grid has no rows */
	bool hides_column_titles; /* the grid shows no column titles */
	bool overflows;		  /* the last text of a row extends over the empty columns after it */
	/* Number of the column, from 1, in which a long text loses its middle part and keeps its end; 0: none */
	size_t middle_cut_column;
	bool has_fixed_widths; /* columns have their maximum width, so that no width changes while scrolling */
	/* Cards: each card is a range of consecutive rows with separate columns. card_count 0: one plain grid. */
	struct grid_card *cards;
	size_t card_count, card_capacity;
	size_t card_first_row; /* if the grid is one card: index of the card's first row */
};
/* Kind of a card. A card has a heading (cell 0 is the title, cell 1 a text at the right end), and rows. */
struct card_spec {
	const struct grid_column *columns;
	size_t column_count;
	bool overflows, is_full_width; /* is_full_width: the card is as wide as the pane, and below all earlier cards */
};
struct grid_card {
	struct card_spec spec;
	size_t first, count; /* the card's rows in the grid; the first row is the heading */
};

/* Computes the widths of the columns within `width` cells; 0: the column is hidden. In a fixed grid the widths do
 * not depend on the rows, unless the surface is for a screen reader (surface->is_spoken). */
void grid_compute_widths(const struct grid *grid, struct surface *surface, size_t width,
			 size_t widths[GRID_COLUMNS_MAX]);
/* Draws the column titles (unless hides_column_titles) and the rows from `top` on, with the cursor on the row `cursor`
 * (SIZE_MAX: no cursor). The index of each zone is the index of its row. Returns the number of rows that fit. */
size_t grid_draw(const struct grid *grid, struct surface *surface, struct box box, size_t top, size_t cursor,
		 bool focused, enum zone_kind zone);
/* How the grid shows its cursor: not at all; without the focus; with the focus. */
enum grid_style { GRID_NO_CURSOR, GRID_UNFOCUSED, GRID_FOCUSED };
/* A grid, and a text below it, like the detail of the row under the cursor. */
struct grid_pane {
	const struct grid *grid;
	size_t cursor, *top;
	const char *detail; /* "" none */
	enum grid_style cursor_style;
	enum zone_kind zone;
};
/* Draws the pane; scrolls so that the cursor and the heading above the cursor are visible. Returns the number of
 * rows that fit. */
size_t grid_pane_draw(const struct grid_pane *pane, struct surface *surface, struct box box);
/* Moves the cursor by `rows` rows, and skips headings in the same direction. If only headings follow, moves back to
 * the nearest row that can have the cursor. */
void grid_move(const struct grid *grid, size_t *cursor, long rows);
/* The index of the item's row; `otherwise` if no row has the item. */
size_t grid_find_row(const struct grid *grid, enum row_kind kind, const char *ref, size_t otherwise);
/* The index at + rows, clamped to the range of `count` rows. */
size_t clamp_move(size_t at, long rows, size_t count);
/* The new first visible row: the cursor is visible, and the grid scrolls as little as possible from `top`. */
size_t scrolled_top(size_t top, size_t cursor, size_t page, size_t count);
/* Empties the grid, and sets its arena and frame. */
void grid_init(struct grid *grid, struct arena *arena, const struct frame *frame);
/* Empties the grid, and sets its columns and the text that is shown if it has no rows. */
#define GRID_LIST(grid, columns, empty) grid_begin_list(grid, columns, sizeof(columns) / sizeof *(columns), empty)
void grid_begin_list(struct grid *grid, const struct grid_column *columns, size_t count, const char *empty);
struct grid_row *grid_add_row(struct grid *grid, enum row_kind kind, const char *ref);
/* The resulting texts are in the arena of the grid; times and glyphs are as its frame requires. */
char *grid_printf(const struct grid *grid, const char *format, ...) KYB_PRINTF(2, 3);
const char *grid_time(const struct grid *grid, int64_t at); /* date_time_text() */
const char *grid_glyph(const struct grid *grid, enum glyph glyph);
void grid_set_cell(struct grid_row *row, size_t column, enum theme_role role, const char *text);
void grid_mark_address(struct grid_row *row, size_t column); /* marks the cell's text as a web address */

/* Cards: the rows of one grid as short tables, side by side if the width allows it. The caller adds the most
 * important card first. Each card is placed in the column that is shortest so far, so that the first cards are on
 * top at any width; a card as wide as the pane is placed below all earlier cards. The cursor moves through the
 * cards in the order in which they were added. Pure. */
#define CARD_COLS_MIN 38 /* two cards fit side by side in a terminal of 80 columns */
#define CARD_COLUMNS_MAX 4

struct card_position {
	size_t row, col, cols; /* position on the page of cards, which may be higher than the pane */
};
/* Places the cards side by side within `cols` cells; returns the number of rows of the whole page. */
size_t cards_arrange(const struct grid_card *cards, size_t count, size_t cols, struct card_position *places);

/* Begins a card: all rows added before the next card_begin() belong to this card. sum: text at the right end of the
 * heading, "" none. */
void card_begin(struct grid *grid, const struct card_spec *spec, const char *title, const char *sum);
/* Call after the last row: sets the number of rows of each card. */
void cards_end(struct grid *grid);

#endif
