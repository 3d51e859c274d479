#include "model/grid.h"

#include "model/panes.h"

#define GAP_COLS 2

static size_t columns_in(size_t cols)
{
	/* Output for screen readers is one sequence of lines, so one column. */
	return cols >= SPOKEN_COLS ? 1
				   : clamp((cols + GAP_COLS) / (CARD_COLS_LEAST + GAP_COLS), 1, CARD_COLUMNS_MAX);
}

size_t cards_place(const struct grid_card *cards, size_t count, size_t cols, struct card_position *places)
{
	size_t columns = columns_in(cols), width = (cols + GAP_COLS) / columns - (columns > 1 ? GAP_COLS : 0);
	size_t ends[CARD_COLUMNS_MAX] = { 0 }, page = 0;
	if (columns == 1)
		width = cols;
	for (size_t i = 0; i < count; i++) {
		size_t column = 0;
		for (size_t c = 1; c < columns; c++)
			if (ends[c] < ends[column])
				column = c;
		places[i] = (struct card_position){ ends[column], column * (width + GAP_COLS), width };
		if (cards[i].spec.whole)
			places[i] = (struct card_position){ page, 0, cols };
		size_t end = places[i].row + cards[i].count;
		ends[column] = end;
		page = end > page ? end : page;
		for (size_t c = 0; cards[i].spec.whole && c < columns; c++)
			ends[c] = page;
	}
	return page;
}

static size_t card_of(const struct grid *grid, size_t row)
{
	size_t card = 0;
	while (card + 1 < grid->card_count && grid->cards[card + 1].first <= row)
		card++;
	return card;
}

static void draw_card(const struct grid_pane *pane, struct surface *surface, struct box box, size_t card,
		      size_t skip)
{
	const struct grid_card *at = &pane->grid->cards[card];
	const struct grid sub = { .columns = at->spec.columns,
				  .column_count = at->spec.column_count,
				  .rows = pane->grid->rows + at->first,
				  .row_count = at->count,
				  .hides_titles = true,
				  .overflows = at->spec.overflows,
				  .first = at->first };
	bool here = pane->look != GRID_SEEN && pane->cursor >= at->first && pane->cursor - at->first < at->count;
	grid_draw(&sub, surface, box, skip, here ? pane->cursor - at->first : SIZE_MAX, pane->look == GRID_FOCUSED,
		  pane->zone);
}

size_t cards_draw(const struct grid_pane *pane, struct surface *surface, struct box box)
{
	const struct grid *grid = pane->grid;
	struct arena *arena = &surface->arena;
	struct card_position *places = arena_alloc_array(arena, grid->card_count, sizeof *places);
	size_t page = cards_place(grid->cards, grid->card_count, box.cols, places);
	size_t cursor = pane->cursor < grid->row_count ? pane->cursor : 0, card = card_of(grid, cursor);
	size_t line = places[card].row + cursor - grid->cards[card].first;
	/* Scrolls to the heading of the card first, then to the row itself. */
	*pane->top = scroll_to(*pane->top, places[card].row, box.rows, page);
	*pane->top = scroll_to(*pane->top, line, box.rows, page);
	size_t top = *pane->top;
	for (size_t i = 0; i < grid->card_count; i++) {
		size_t end = places[i].row + grid->cards[i].count,
		       skip = top > places[i].row ? top - places[i].row : 0;
		if (end <= top || places[i].row >= top + box.rows)
			continue;
		size_t row = places[i].row + skip - top;
		draw_card(pane, surface,
			  (struct box){ box.row + row, box.col + places[i].col, box.rows - row, places[i].cols }, i,
			  skip);
	}
	return box.rows;
}

void card_begin(struct grid *grid, const struct card_spec *spec, const char *title, const char *sum)
{
	cards_end(grid);
	struct grid_card *card = ARENA_PUSH(grid->arena, grid->cards, grid->card_count, grid->card_capacity);
	*card = (struct grid_card){ .spec = *spec, .first = grid->row_count };
	struct grid_row *heading = grid_add(grid, ROW_HEADING, "");
	grid_cell(heading, 0, THEME_TITLE, title);
	grid_cell(heading, 1, THEME_MUTED, sum);
}

void cards_end(struct grid *grid)
{
	if (grid->card_count)
		grid->cards[grid->card_count - 1].count = grid->row_count - grid->cards[grid->card_count - 1].first;
}
