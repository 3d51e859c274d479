/*
 * Cards: the rows of one grid as short tables, side by side if the width allows it. The cards are placed in the
 * order of their importance, each in the column that ends highest, so that the most important cards are on top at
 * any width; a card of full width is placed below all earlier cards. The cursor moves in the same order. Pure.
 */
#ifndef KYBDESK_TUI_CARDS_H
#define KYBDESK_TUI_CARDS_H

#include "kybdesk/tui/grid.h"

#define CARD_COLS_LEAST 38 /* two cards fit side by side in a terminal of 80 columns */
#define CARD_COLUMNS_MAX 4

struct card_place {
	size_t row, col, cols; /* place on the page, which may be higher than the pane */
};
/* Places the cards in `cols` cells; returns the number of rows of the page. */
size_t cards_place(const struct grid_card *cards, size_t count, size_t cols, struct card_place *places);
/* Draws the part of the page that contains the cursor; returns the number of rows that fit. */
size_t cards_draw(const struct grid_pane *pane, struct surface *surface, struct box box);

/* Begins a card: all rows added before the next card_begin() belong to this card. `sum`: text at the right end of
 * the title row, "" none. */
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
