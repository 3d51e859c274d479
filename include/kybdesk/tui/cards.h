/*
 * Cards: the rows of one grid as short tables, side by side if the width allows it. One rule places them: each
 * card, in the order of its importance, goes into the column that ends highest, so that the most important ones are
 * on top at any width; a whole card goes below all before it. The cursor moves in the same order. Pure.
 */
#ifndef KYBDESK_TUI_CARDS_H
#define KYBDESK_TUI_CARDS_H

#include "kybdesk/tui/grid.h"

#define CARD_COLS_LEAST 38 /* two side by side in a terminal of 80 columns */
#define CARD_COLUMNS_MAX 4

struct card_place {
	size_t row, col, cols; /* place on the page, which may be higher than the pane */
};
/* Places the cards in `cols` cells; returns the rows of the page. */
size_t cards_place(const struct grid_card *cards, size_t count, size_t cols, struct card_place *places);
/* Draws the part of the page with the cursor; returns the rows that fit. */
size_t cards_draw(const struct grid_pane *pane, struct surface *surface, struct box box);

/* Begins a card; the rows added after it belong to it, until the next begins. `sum`: at the right of the title, ""
 * none. */
struct card_spec {
	const struct grid_column *columns;
	size_t column_count;
	bool flows, whole;
};
void card_begin(struct grid *grid, struct arena *arena, const struct card_spec *spec, const char *title,
		const char *sum);
/* Call after the last row: sets the number of rows of each card. */
void cards_end(struct grid *grid);

#endif
