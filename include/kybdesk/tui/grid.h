/*
 * A grid: rows of typed cells under column titles, laid out for a width. The
 * queue and every tab of a case are grids; drawing them is one function.
 * Columns that find no room are left out whole, the least important first;
 * the others shrink to their least width, cut texts get a mark. Pure.
 */
#ifndef KYBDESK_TUI_GRID_H
#define KYBDESK_TUI_GRID_H

#include "kybdesk/tui/surface.h"

#define GRID_COLUMNS_MAX 12
#define GRID_GAP_CELLS 2

struct grid_column {
	const char *title;
	size_t min, max; /* cells; the natural width of the contents between them */
	enum text_align align;
	bool stretch;	/* takes what is left over */
	unsigned leave; /* 0 always stays; the highest number leaves first */
	bool whole;	/* never cut while it is there, as no number is */
};

/* What a row stands for, so that keys know what they act on. */
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
	ROW_DELIVERY
};

struct grid_cell {
	const char *text; /* NULL: empty */
	enum theme_role role;
	bool address; /* of ours, not of a client's: a terminal that can opens it */
};
struct grid_row {
	enum row_kind kind;
	const char *ref;    /* id of what the row stands for, "" none */
	const char *detail; /* a sentence about the row for the line below the grid, "" none */
	bool marked;	    /* one of several that something is done to */
	bool done;	    /* needs nobody's work any more */
	struct grid_cell cells[GRID_COLUMNS_MAX];
};
struct grid {
	const struct grid_column *columns;
	size_t column_count;
	struct grid_row *rows;
	size_t row_count, row_capacity;
	const char *empty; /* the sentence when there are no rows */
	bool untitled;	   /* no line of column titles */
	bool flows;	   /* the last text of a row runs on over the empty columns behind it */
	bool fixed;	   /* columns take their most, whatever is in them: nothing jumps while scrolling */
};

/* Widths for the columns in `width` cells; 0: left out. */
void grid_layout(const struct grid *grid, struct surface *surface, size_t width, size_t widths[GRID_COLUMNS_MAX]);
/* Draws titles (unless untitled) and the rows from `top`; the row `cursor` (SIZE_MAX: none) is marked.
 * zone rows carry their index. Returns how many rows fit. */
size_t grid_draw(const struct grid *grid, struct surface *surface, struct box box, size_t top, size_t cursor,
		 bool focused, enum zone_kind zone);
/* Nobody stands in it; the place is kept; it has the keys. */
enum grid_style { GRID_SEEN, GRID_KEPT, GRID_FOCUSED };
/* A grid and, below it, what the row under the cursor cannot say whole. */
struct grid_pane {
	const struct grid *grid;
	size_t cursor, *top;
	const char *detail; /* "" nothing */
	enum grid_style look;
	enum zone_kind zone;
};
/* Returns how many rows fit; scrolls so that the cursor is seen, with the heading above it. */
size_t grid_pane_draw(const struct grid_pane *pane, struct surface *surface, struct box box);
/* Moves the cursor; a heading is no place to stand: on in the same direction, or back when there is nothing. */
void grid_move(const struct grid *grid, size_t *cursor, long rows);
/* Rows that fit into a box of this height. */
size_t grid_page(const struct grid *grid, size_t rows);
/* A place among `count` that many rows on, or the end. */
size_t moved_by(size_t at, long rows, size_t count);
/* The first row to show so that `cursor` is seen, moving as little as possible from `top`. */
size_t scroll_to(size_t top, size_t cursor, size_t page, size_t count);
struct grid_row *grid_add(struct grid *grid, struct arena *arena, enum row_kind kind, const char *ref);
void grid_cell(struct grid_row *row, size_t column, enum theme_role role, const char *text);
void grid_address(struct grid_row *row, size_t column); /* what that cell says is one */

#endif
