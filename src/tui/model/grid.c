#include "model/grid.h"
#include "model/frame.h"

#include <string.h>

#define STRETCH_CELLS_MAX 64
#define HIDE_RANK_MAX 16
#define MARGIN_CELLS 2 /* cells before each row, for the mark of the cursor and the mark of a marked row */
#define DETAIL_ROWS 3  /* maximum rows of the text below the grid, unless the grid leaves more rows free */
#define ROW_MARK "*"

void grid_init(struct grid *grid, struct arena *arena, const struct frame *frame)
{
	*grid = (struct grid){ .arena = arena, .frame = frame };
}

void grid_begin_list(struct grid *grid, const struct grid_column *columns, size_t count, const char *empty)
{
	grid_init(grid, grid->arena, grid->frame);
	grid->columns = columns;
	grid->column_count = count;
	grid->empty_text = empty;
}

struct grid_row *grid_add_row(struct grid *grid, enum row_kind kind, const char *ref)
{
	struct grid_row *row = ARENA_PUSH(grid->arena, grid->rows, grid->row_count, grid->row_capacity);
	row->kind = kind;
	row->ref = ref;
	row->detail = "";
	return row;
}

char *grid_printf(const struct grid *grid, const char *format, ...)
{
	char *text;
	ARENA_VPRINTF(text, grid->arena, format);
	return text;
}

const char *grid_time(const struct grid *grid, int64_t at)
{
	return date_time_text(grid->arena, at, grid->frame);
}

const char *grid_glyph(const struct grid *grid, enum glyph glyph)
{
	return glyph_text(grid->frame->mode, glyph);
}

void grid_set_cell(struct grid_row *row, size_t column, enum theme_role role, const char *text)
{
	if (column >= GRID_COLUMNS_MAX)
		BUG("column %zu", column);
	row->cells[column] = (struct grid_cell){ text, role, false };
}

void grid_mark_address(struct grid_row *row, size_t column)
{
	row->cells[column].is_web_address = true;
}

size_t grid_find_row(const struct grid *grid, enum row_kind kind, const char *ref, size_t otherwise)
{
	for (size_t i = 0; ref[0] && i < grid->row_count; i++)
		if (grid->rows[i].kind == kind && !strcmp(grid->rows[i].ref, ref))
			return i;
	return otherwise;
}

/* Widths of the columns in cells; 0: the column is hidden. */
struct layout {
	const struct grid *grid;
	size_t widths[GRID_COLUMNS_MAX];
	size_t min_widths[GRID_COLUMNS_MAX]; /* minimum width of each column */
};

static size_t total_width(const struct grid *grid, const size_t widths[GRID_COLUMNS_MAX])
{
	size_t total = 0;
	for (size_t i = 0; i < grid->column_count; i++)
		total += widths[i] ? widths[i] + GRID_GAP_CELLS : 0;
	return MARGIN_CELLS + sub_sat(total, GRID_GAP_CELLS);
}

static size_t minimum_width(const struct layout *layout)
{
	size_t least[GRID_COLUMNS_MAX] = { 0 };
	for (size_t i = 0; i < layout->grid->column_count; i++)
		least[i] = layout->widths[i] < layout->min_widths[i] ? layout->widths[i] : layout->min_widths[i];
	return total_width(layout->grid, least);
}

static bool hide_column(struct layout *layout)
{
	const struct grid_column *columns = layout->grid->columns;
	size_t victim = GRID_COLUMNS_MAX;
	for (size_t i = 0; i < layout->grid->column_count; i++)
		if (layout->widths[i] && columns[i].hide_rank &&
		    (victim == GRID_COLUMNS_MAX || columns[i].hide_rank > columns[victim].hide_rank))
			victim = i;
	if (victim == GRID_COLUMNS_MAX)
		return false;
	layout->widths[victim] = 0;
	return true;
}

/* Shows hidden columns again if the width allows it, the most important column first. */
static void restore_columns(struct layout *layout, const size_t wished[GRID_COLUMNS_MAX], size_t width)
{
	for (unsigned hide_rank = 1; hide_rank <= HIDE_RANK_MAX; hide_rank++)
		for (size_t i = 0; i < layout->grid->column_count; i++) {
			if (layout->widths[i] || layout->grid->columns[i].hide_rank != hide_rank)
				continue;
			layout->widths[i] = wished[i];
			if (minimum_width(layout) > width)
				layout->widths[i] = 0;
		}
}

/* Takes one cell from the widest column that is wider than its minimum. stretching: true considers only columns that
 * stretch, false only columns that do not stretch. */
static bool narrow_column(struct layout *layout, bool stretching)
{
	size_t *widths = layout->widths, widest = GRID_COLUMNS_MAX;
	for (size_t i = 0; i < layout->grid->column_count; i++)
		if (layout->grid->columns[i].can_stretch == stretching && widths[i] > layout->min_widths[i] &&
		    widths[i] > 1 && (widest == GRID_COLUMNS_MAX || widths[i] > widths[widest]))
			widest = i;
	if (widest == GRID_COLUMNS_MAX)
		return false;
	widths[widest]--;
	return true;
}

static void shrink_columns(struct layout *layout, size_t width)
{
	for (size_t total = total_width(layout->grid, layout->widths); total > width; total--)
		if (!narrow_column(layout, false) && !narrow_column(layout, true))
			return;
}

/* Whether the cell is the last cell with text in its row. */
static bool is_last_cell(const struct grid *grid, const struct grid_row *row, size_t index)
{
	for (size_t i = index + 1; i < grid->column_count; i++)
		if (row->cells[i].text)
			return false;
	return true;
}

/* Whether the text extends over the empty columns after it: then it does not count for the width of its own column. */
static bool is_overflowing(const struct grid *grid, const struct grid_row *row, size_t index)
{
	return grid->overflows && index + 1 < grid->column_count && is_last_cell(grid, row, index);
}

/* Width of a column for its texts and its title, between minimum and maximum. 0: all cells are empty, and the
 * column may be hidden. */
static size_t natural_width(const struct grid *grid, struct surface *surface, size_t index)
{
	const struct grid_column *column = &grid->columns[index];
	/* For a screen reader a column needs no maximum width, since words are read in sequence. */
	size_t most = surface->is_spoken && column->max ? SIZE_MAX : column->max;
	size_t natural = grid->has_fixed_widths ? column->max : 0;
	for (size_t r = 0; r < grid->row_count && natural < most; r++) {
		if (!grid->rows[r].cells[index].text || grid->rows[r].kind == ROW_HEADING ||
		    is_overflowing(grid, &grid->rows[r], index))
			continue;
		size_t cells = surface_text_width(surface, grid->rows[r].cells[index].text);
		natural = cells > natural ? cells : natural;
	}
	if (!natural && column->hide_rank)
		return 0;
	size_t title = grid->hides_column_titles ? 0 : surface_text_width(surface, column->title);
	natural = natural < title ? title : natural;
	return natural < column->min ? column->min : natural > most ? most : natural;
}

void grid_compute_widths(const struct grid *grid, struct surface *surface, size_t width,
			 size_t widths[GRID_COLUMNS_MAX])
{
	struct layout layout = { .grid = grid };
	for (size_t i = 0; i < grid->column_count; i++) {
		const struct grid_column *column = &grid->columns[i];
		/* Whether the column keeps its full width, because a cut number or state would be misread. */
		bool whole = !grid->has_fixed_widths && (column->keeps_width || column->align == TEXT_RIGHT);
		layout.widths[i] = natural_width(grid, surface, i);
		layout.min_widths[i] = whole ? layout.widths[i] : column->min;
	}
	size_t wished[GRID_COLUMNS_MAX];
	memcpy(wished, layout.widths, sizeof wished);
	while (minimum_width(&layout) > width && hide_column(&layout))
		;
	restore_columns(&layout, wished, width);
	shrink_columns(&layout, width);
	memcpy(widths, layout.widths, sizeof layout.widths);
	size_t total = total_width(grid, widths);
	for (size_t i = 0; i < grid->column_count; i++)
		if (widths[i] && grid->columns[i].can_stretch && total < width) {
			/* The stretched width has a limit, so that related cells stay close to each other. */
			size_t room = widths[i] < STRETCH_CELLS_MAX ? STRETCH_CELLS_MAX - widths[i] : 0;
			widths[i] += width - total < room ? width - total : room;
			break;
		}
}

/* Cuts the text in the middle: "BEN-00000042" in eight cells is "BE…00042". */
static void draw_abbreviated_cell(struct surface *surface, struct box box, const struct grid_cell *cell)
{
	struct arena *arena = &surface->arena;
	const char *text = text_safe_copy(arena, cell->text, surface->mode), *tail = text;
	size_t head = (box.cols - 1) / 3, length = strlen(text);
	int kept = (int)text_prefix_for_width(text, length, head, &head);

	while (*tail && text_width_cells(tail, strlen(tail)) > box.cols - 1 - head)
		tail += text_next_grapheme(tail, strlen(tail), 0);
	surface_put(surface, box.row, box.col, box.cols, cell->role,
		    arena_printf(arena, "%.*s%s%s", kept, text, glyph_text(surface->mode, GLYPH_CUT), tail));
}

static void draw_cell_text(const struct grid *grid, struct surface *surface, struct box box, size_t index,
			   const struct grid_cell *cell)
{
	if (grid->middle_cut_column == index + 1 && box.cols > 4 && surface_text_width(surface, cell->text) > box.cols)
		draw_abbreviated_cell(surface, box, cell);
	else
		surface_put_aligned(surface, box.row, box.col, box.cols, cell->role, grid->columns[index].align,
				    cell->text);
}

static void draw_cells(const struct grid *grid, struct surface *surface, struct box line, const struct grid_row *row,
		       const size_t widths[GRID_COLUMNS_MAX])
{
	size_t col = line.col + MARGIN_CELLS, end = line.col + line.cols;
	for (size_t i = 0; i < grid->column_count; i++) {
		if (!widths[i] || col >= end)
			continue;
		size_t width = widths[i] < end - col && !is_overflowing(grid, row, i) ? widths[i] : end - col;
		const struct grid_cell *cell = &row->cells[i];
		struct box box = { line.row, col, 1, width };
		if (cell->text)
			draw_cell_text(grid, surface, box, i, cell);
		size_t cells = cell->is_web_address ? surface_text_width(surface, cell->text) : 0;
		box.cols = cells < width ? cells : width;
		if (cell->is_web_address) /* the visible part of the cell's text becomes a link to the whole address */
			surface_add_link(surface, box, cell->text);
		col += widths[i] + GRID_GAP_CELLS;
	}
}

static void draw_titles(const struct grid *grid, struct surface *surface, struct box box,
			const size_t widths[GRID_COLUMNS_MAX])
{
	struct grid_row titles = { 0 };
	for (size_t i = 0; i < grid->column_count; i++)
		grid_set_cell(&titles, i, THEME_MUTED, grid->columns[i].title);
	draw_cells(grid, surface, box, &titles, widths);
	surface->screen_reader.column_titles_row = box.row;
}

/* Draws a heading. The heading of a card has a line after the title, and the text of cell 1 at the right end. */
static void draw_heading(struct surface *surface, struct box line, const struct grid_row *row)
{
	const char *title = row->cells[0].text ? row->cells[0].text : "", *sum = row->cells[1].text;
	size_t room = sub_sat(line.cols, MARGIN_CELLS), col = line.col + MARGIN_CELLS;
	size_t cells = sum ? surface_text_width(surface, sum) : 0, wanted = surface_text_width(surface, title);
	if (cells && wanted + cells + GRID_GAP_CELLS > room)
		cells = sub_sat(room, wanted + GRID_GAP_CELLS);
	size_t used = surface_put(surface, line.row, col, room, row->cells[0].role, title);
	if (!sum)
		return;
	size_t end = line.col + line.cols - cells, from = col + used + 1;
	if (end > from + 1)
		surface_draw_rule(surface, line.row, from, end - from - (cells ? 1 : 0), THEME_BORDER);
	surface_put(surface, line.row, end, cells, row->cells[1].role, sum);
}

/* Number of rows of the grid that fit into a box with `rows` rows. */
static size_t rows_per_page(const struct grid *grid, size_t rows)
{
	return sub_sat(rows, grid->hides_column_titles ? 0 : 1);
}

size_t grid_draw(const struct grid *grid, struct surface *surface, struct box box, size_t top, size_t cursor,
		 bool focused, enum zone_kind zone)
{
	size_t widths[GRID_COLUMNS_MAX];
	size_t page = rows_per_page(grid, box.rows);
	if (!grid->row_count) {
		if (box.rows && grid->empty_text)
			surface_put(surface, box.row + (box.rows > 1), box.col + MARGIN_CELLS,
				    sub_sat(box.cols, MARGIN_CELLS), THEME_MUTED, grid->empty_text);
		return page;
	}
	grid_compute_widths(grid, surface, box.cols, widths);
	size_t at = box.row;
	if (!grid->hides_column_titles && box.rows)
		draw_titles(grid, surface, (struct box){ at++, box.col, 1, box.cols }, widths);
	for (size_t i = top; i < grid->row_count && i - top < page; i++, at++) {
		const struct grid_row *row = &grid->rows[i];
		struct box line = { at, box.col, 1, box.cols };
		if (row->kind == ROW_HEADING)
			draw_heading(surface, line, row);
		else
			draw_cells(grid, surface, line, row, widths);
		if (row->marked)
			surface_put(surface, at, box.col + 1, 1, THEME_ACCENT, ROW_MARK);
		if (i == cursor && focused) {
			surface_draw_pointer(surface, at, box.col, true);
			surface_select_box(surface, line);
		} else if (i == cursor)
			surface_restyle(surface, line, THEME_TEXT, CELL_BOLD);
		surface_add_zone(surface, line, zone, grid->card_first_row + i);
	}
	return page;
}

size_t scrolled_top(size_t top, size_t cursor, size_t page, size_t count)
{
	if (!page || !count)
		return 0;
	if (cursor >= count)
		cursor = count - 1;
	top = clamp(top, sub_sat(cursor + 1, page), cursor);
	return top + page > count ? sub_sat(count, page) : top;
}

static size_t draw_plain_rows(const struct grid_pane *pane, struct surface *surface, struct box area)
{
	const struct grid *grid = pane->grid;
	size_t page = rows_per_page(grid, area.rows), cursor = pane->cursor;
	if (cursor && cursor <= grid->row_count && grid->rows[cursor - 1].kind == ROW_HEADING)
		*pane->top = scrolled_top(*pane->top, cursor - 1, page, grid->row_count);
	*pane->top = scrolled_top(*pane->top, cursor, page, grid->row_count);
	bool valid = grid->row_count && pane->cursor_style != GRID_NO_CURSOR;
	return grid_draw(grid, surface, area, *pane->top, valid ? cursor : SIZE_MAX, pane->cursor_style == GRID_FOCUSED,
			 pane->zone);
}

/* --- cards --- */

#define GAP_COLS 2

static size_t card_column_count(size_t cols)
{
	/* Screen readers read one sequence of lines, so their output has one column of cards. */
	return cols >= SPOKEN_COLS ? 1 : clamp((cols + GAP_COLS) / (CARD_COLS_MIN + GAP_COLS), 1, CARD_COLUMNS_MAX);
}

size_t cards_arrange(const struct grid_card *cards, size_t count, size_t cols, struct card_position *places)
{
	size_t columns = card_column_count(cols), width = (cols + GAP_COLS) / columns - (columns > 1 ? GAP_COLS : 0);
	size_t ends[CARD_COLUMNS_MAX] = { 0 }, page = 0;
	if (columns == 1)
		width = cols;
	for (size_t i = 0; i < count; i++) {
		size_t column = 0;
		for (size_t c = 1; c < columns; c++)
			if (ends[c] < ends[column])
				column = c;
		places[i] = (struct card_position){ ends[column], column * (width + GAP_COLS), width };
		if (cards[i].spec.is_full_width)
			places[i] = (struct card_position){ page, 0, cols };
		size_t end = places[i].row + cards[i].count;
		ends[column] = end;
		page = end > page ? end : page;
		for (size_t c = 0; cards[i].spec.is_full_width && c < columns; c++)
			ends[c] = page;
	}
	return page;
}

static size_t card_of_row(const struct grid *grid, size_t row)
{
	size_t card = 0;
	while (card + 1 < grid->card_count && grid->cards[card + 1].first <= row)
		card++;
	return card;
}

static void draw_card(const struct grid_pane *pane, struct surface *surface, struct box box, size_t card, size_t skip)
{
	const struct grid_card *at = &pane->grid->cards[card];
	const struct grid sub = { .columns = at->spec.columns,
				  .column_count = at->spec.column_count,
				  .rows = pane->grid->rows + at->first,
				  .row_count = at->count,
				  .hides_column_titles = true,
				  .overflows = at->spec.overflows,
				  .card_first_row = at->first };
	bool here = pane->cursor_style != GRID_NO_CURSOR && pane->cursor >= at->first &&
		    pane->cursor - at->first < at->count;
	grid_draw(&sub, surface, box, skip, here ? pane->cursor - at->first : SIZE_MAX,
		  pane->cursor_style == GRID_FOCUSED, pane->zone);
}

/* Scrolls to the cursor, and draws the visible cards; returns the height of the box. */
static size_t cards_draw(const struct grid_pane *pane, struct surface *surface, struct box box)
{
	const struct grid *grid = pane->grid;
	struct arena *arena = &surface->arena;
	struct card_position *places = arena_alloc_array(arena, grid->card_count, sizeof *places);
	size_t page = cards_arrange(grid->cards, grid->card_count, box.cols, places);
	size_t cursor = pane->cursor < grid->row_count ? pane->cursor : 0, card = card_of_row(grid, cursor);
	size_t line = places[card].row + cursor - grid->cards[card].first;
	/* First makes the heading of the card visible, then the row under the cursor. */
	*pane->top = scrolled_top(*pane->top, places[card].row, box.rows, page);
	*pane->top = scrolled_top(*pane->top, line, box.rows, page);
	size_t top = *pane->top;
	for (size_t i = 0; i < grid->card_count; i++) {
		size_t end = places[i].row + grid->cards[i].count, skip = top > places[i].row ? top - places[i].row : 0;
		if (end <= top || places[i].row >= top + box.rows)
			continue;
		size_t row = places[i].row + skip - top;
		draw_card(pane, surface,
			  (struct box){ box.row + row, box.col + places[i].col, box.rows - row, places[i].cols }, i,
			  skip);
	}
	return box.rows;
}

size_t grid_pane_draw(const struct grid_pane *pane, struct surface *surface, struct box box)
{
	const struct grid *grid = pane->grid;
	size_t line_count = 0,
	       most = box.rows > grid->row_count + 1 + DETAIL_ROWS ? box.rows - grid->row_count - 1 : DETAIL_ROWS;
	char **lines = NULL;
	if (pane->detail[0] && box.rows > 5)
		lines = surface_wrap_text(surface, pane->detail, sub_sat(box.cols, 4), &line_count);
	size_t shown = line_count < most ? line_count : most;
	struct box area = { box.row, box.col, sub_sat(box.rows, shown), box.cols };
	size_t page = grid->card_count ? cards_draw(pane, surface, area) : draw_plain_rows(pane, surface, area);
	surface->screen_reader.detail = (struct box){ area.row + area.rows, box.col, shown, box.cols };
	for (size_t i = 0; i < shown; i++)
		surface_put(surface, area.row + area.rows + i, box.col + 2, sub_sat(box.cols, 3), THEME_MUTED,
			    lines[i]);
	/* If some lines of the detail do not fit, puts the cut mark at the end of the last line. */
	if (shown < line_count)
		surface_put_aligned(surface, area.row + area.rows + shown - 1, box.col, box.cols, THEME_MARK,
				    TEXT_RIGHT, glyph_text(surface->mode, GLYPH_CUT));
	return page;
}

size_t clamp_move(size_t at, long rows, size_t count)
{
	size_t step = (size_t)(rows < 0 ? -rows : rows);
	if (!count)
		return 0;
	if (rows < 0)
		return at < step ? 0 : at - step;
	return count - 1 - at < step ? count - 1 : at + step;
}

void grid_move(const struct grid *grid, size_t *cursor, long rows)
{
	size_t old = *cursor;
	long step = rows < 0 ? -1 : 1;
	bool turned = false;
	*cursor = clamp_move(*cursor, rows, grid->row_count);
	while (*cursor < grid->row_count && grid->rows[*cursor].kind == ROW_HEADING) {
		size_t next = clamp_move(*cursor, step, grid->row_count);
		if (next != *cursor) {
			*cursor = next;
		} else if (!turned) {
			turned = true;
			step = -step;
		} else {
			*cursor = old; /* the list has only headings */
			return;
		}
	}
}

void card_begin(struct grid *grid, const struct card_spec *spec, const char *title, const char *sum)
{
	cards_end(grid);
	struct grid_card *card = ARENA_PUSH(grid->arena, grid->cards, grid->card_count, grid->card_capacity);
	*card = (struct grid_card){ .spec = *spec, .first = grid->row_count };
	struct grid_row *heading = grid_add_row(grid, ROW_HEADING, "");
	grid_set_cell(heading, 0, THEME_TITLE, title);
	grid_set_cell(heading, 1, THEME_MUTED, sum);
}

void cards_end(struct grid *grid)
{
	if (grid->card_count)
		grid->cards[grid->card_count - 1].count = grid->row_count - grid->cards[grid->card_count - 1].first;
}
