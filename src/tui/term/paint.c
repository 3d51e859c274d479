#include "paint.h"
#include "guard.h"
#include "raw.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define BYTES_AROUND 3 /* of a cell, for colour and position: seldom more */

void painted_release(struct painted *painted)
{
	free(painted->cells);
	free(painted->link_places);
	*painted =
		(struct painted){ .bytes = painted->bytes, .links = painted->links, .pictures = painted->pictures };
	pictures_forget(&painted->pictures);
}

void painted_forget(struct painted *painted)
{
	painted_release(painted);
}

void painted_background(const struct colour_style *style)
{
	cchar_t blank;
	int pair = style->pair;
	setcchar(&blank, L" ", (attr_t)style->attributes, (short)pair, &pair);
	bkgrndset(&blank);
	bkgrnd(&blank);
}

/* A character with another width in the C library would shift columns: a plain mark replaces it. */
static bool widths_agree(const wchar_t *text, size_t count, uint8_t width)
{
	if (!count || wcwidth(text[0]) != width)
		return false;
	for (size_t i = 1; i < count; i++)
		if (wcwidth(text[i]) != 0)
			return false;
	return true;
}

static attr_t cell_attributes(const struct cell *cell, const struct colour_style *style)
{
	attr_t attributes = (attr_t)style->attributes;
	if (cell->style & CELL_BOLD)
		attributes |= A_BOLD;
	if (cell->style & CELL_UNDERLINE)
		attributes |= A_UNDERLINE;
	if (cell->style & CELL_REVERSE)
		attributes ^= A_REVERSE;
	return attributes;
}

static const struct colour_style *style_of(const struct cell *cell,
					   const struct colour_style styles[THEME_ROLE_COUNT])
{
	return &styles[cell->role < THEME_ROLE_COUNT ? cell->role : THEME_TEXT];
}

static bool cells_equal(const struct cell *a, const struct cell *b)
{
	return !memcmp(a, b, sizeof *a);
}

static bool is_blank(const struct cell *cell)
{
	return cell->width == 1 && cell->length == 1 && cell->text[0] == ' ';
}

#define SEEN_ON_BLANKS (A_REVERSE | A_UNDERLINE | A_STANDOUT | A_BLINK)

/*
 * A blank looks the same in another foreground: it keeps the style before it, which costs no bytes. So a row's styles
 * depend on its own cells alone, and curses recognises a row that scrolled.
 */
static bool may_go_on(const struct cell *cell, const struct cell *before,
		      const struct colour_style styles[THEME_ROLE_COUNT])
{
	if (!is_blank(cell))
		return false;
	const struct colour_style *style = style_of(cell, styles), *other = style_of(before, styles);
	return style->background == other->background &&
	       !((cell_attributes(cell, style) | cell_attributes(before, other)) & SEEN_ON_BLANKS);
}

/* Neighbouring cells of a row: curses takes them together in less time than one by one. */
#define RUN_MAX 256
struct run {
	const struct surface *surface;
	const struct colour_style *styles;
	const struct cell *cells; /* of the row */
	size_t row, col, next;	  /* first column, and the one behind it */
	size_t count;
	const struct cell *last, *last_styled; /* blanks repeat it */
	cchar_t out[RUN_MAX];
};

static void run_begin(struct run *run, const struct surface *surface, size_t row, const struct colour_style *styles)
{
	run->surface = surface;
	run->styles = styles;
	run->cells = surface_cell(surface, row, 0);
	run->row = row;
	run->count = 0;
}

static void run_flush(struct run *run)
{
	if (run->count)
		mvadd_wchnstr((int)run->row, (int)run->col, run->out, (int)run->count);
	run->count = 0;
}

static bool is_ascii(const struct cell *cell)
{
	return cell->length == 1 && cell->width == 1 && cell->text[0] >= ' ' && cell->text[0] <= '~';
}

/* One, or as many marks as it has columns. */
static size_t make_out(const struct run *run, const struct cell *cell, const struct cell *styled, cchar_t *out)
{
	const struct colour_style *style = style_of(styled, run->styles);
	attr_t attributes = cell_attributes(styled, style);
	wchar_t text[CCHARW_MAX + 1] = { (wchar_t)cell->text[0], L'\0' };
	int pair = style->pair;
	size_t count = 1;

	if (!is_ascii(cell) &&
	    !widths_agree(text, cell_decode(cell, run->surface->mode, text, CCHARW_MAX), cell->width)) {
		text[0] = L'?';
		text[1] = L'\0';
		count = cell->width;
	}
	for (size_t i = 0; i < count; i++)
		setcchar(&out[i], text, attributes, (short)pair, &pair);
	return count;
}

static void paint_cell(struct run *run, size_t col, const struct cell *styled)
{
	const struct cell *cell = run->cells + col;
	cchar_t *out;

	if (!cell->width)
		return;
	if (run->count + cell->width > RUN_MAX || (run->count && run->next != col))
		run_flush(run);
	if (!run->count)
		run->col = col;
	out = &run->out[run->count];
	if (run->count && styled == run->last_styled && is_blank(cell) && is_blank(run->last)) {
		*out = out[-1];
		run->count++;
	} else {
		run->count += make_out(run, cell, styled, out);
	}
	run->last = cell;
	run->last_styled = styled;
	run->next = col + cell->width;
}

/*
 * Links (OSC 8), unknown to curses: a new link is painted separately, between the two sequences. Its cells are blank
 * before, so that curses paints all of them, and the cursor is at their start, so that curses paints nothing else.
 */
static uint64_t hash_of(const char *text)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);
	for (; *text; text++)
		sum = (sum ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return sum;
}

/* The displayed text must be the opened address, or its beginning and the mark of a cut. */
static bool is_read(const struct surface *surface, const struct surface_link *link)
{
	const struct box *box = &link->box;
	const char *mark = glyph_text(surface->mode, GLYPH_CUT);
	size_t length = strlen(link->address);
	for (size_t i = 0; i < box->cols; i++) {
		const struct cell *cell = surface_cell(surface, box->row, box->col + i);
		bool same = i < length && cell->length == 1 && cell->text[0] == link->address[i];
		bool cut = i && i + 1 == box->cols && !strncmp(cell->text, mark, sizeof cell->text);
		if (!same && !cut)
			return false;
	}
	return true;
}

static bool was_painted(const struct painted *painted, const struct surface *surface,
			const struct surface_link *link)
{
	const struct box *box = &link->box;
	uint64_t address = hash_of(link->address);
	for (size_t col = box->col; col < box->col + box->cols; col++)
		if (!cells_equal(surface_cell(surface, box->row, col),
				 &painted->cells[box->row * painted->cols + col]))
			return false;
	for (size_t i = 0; i < painted->link_count; i++) {
		const struct painted_link *place = &painted->link_places[i];
		if (place->address == address && !memcmp(&place->box, box, sizeof *box))
			return true;
	}
	return false;
}

static void blank(const struct box *box)
{
	for (size_t i = 0; i < box->cols; i++)
		mvaddch((int)box->row, (int)(box->col + i), ' ');
}

static void paint_link(struct painted *painted, const struct surface *surface, const struct surface_link *link,
		       const struct colour_style styles[THEME_ROLE_COUNT])
{
	const struct box *box = &link->box;
	struct strbuf bytes = STRBUF_INIT;
	struct run run;
	move((int)box->row, (int)box->col);
	refresh();
	strbuf_addf(&bytes, "\033]8;;%s\033\\", link->address);
	write_raw(bytes.buf, bytes.len);
	run_begin(&run, surface, box->row, styles);
	for (size_t col = box->col; col < box->col + box->cols; col++)
		paint_cell(&run, col, run.cells + col);
	run_flush(&run);
	refresh();
	write_raw("\033]8;;\033\\", strlen("\033]8;;\033\\"));
	painted->bytes += bytes.len + box->cols + BYTES_AROUND;
	strbuf_release(&bytes);
}

/* Finds the new links before the rows are painted. In the order of the surface's links; malloc'd. */
static bool *new_links(const struct painted *painted, const struct surface *surface)
{
	bool *fresh = xcalloc(surface->link_count + 1, sizeof *fresh);
	for (size_t i = 0; painted->links && i < surface->link_count; i++)
		fresh[i] =
			is_read(surface, &surface->links[i]) && !was_painted(painted, surface, &surface->links[i]);
	return fresh;
}

static void paint_links(struct painted *painted, const struct surface *surface, const bool *fresh,
			const struct colour_style styles[THEME_ROLE_COUNT])
{
	for (size_t i = 0; i < surface->link_count; i++)
		if (fresh[i])
			paint_link(painted, surface, &surface->links[i], styles);
	painted->link_places =
		xrealloc_array(painted->link_places, surface->link_count + 1, sizeof *painted->link_places);
	painted->link_count = painted->links ? surface->link_count : 0;
	for (size_t i = 0; i < painted->link_count; i++)
		painted->link_places[i] =
			(struct painted_link){ surface->links[i].box, hash_of(surface->links[i].address) };
}

/* The style of a cell that begins another one: of blanks, that of the text behind them. */
static const struct cell *next_styled(const struct cell *first, const struct cell *end,
				      const struct colour_style styles[THEME_ROLE_COUNT])
{
	const struct cell *last = first;

	while (is_blank(last) && last->role != THEME_BORDER && last + 1 < end)
		last++;
	return last->role != THEME_BORDER && may_go_on(first, last, styles) ? last : first;
}

static void paint_row(struct painted *painted, const struct surface *surface, size_t row,
		      const struct colour_style styles[THEME_ROLE_COUNT])
{
	struct cell *old = painted->cells + row * painted->cols;
	const struct cell *cells = surface_cell(surface, row, 0), *styled = NULL;
	struct run run;
	if (!memcmp(old, cells, surface->cols * sizeof *old))
		return;
	run_begin(&run, surface, row, styles);
	for (size_t col = 0; col < surface->cols; col++) {
		const struct cell *now = cells + col;
		/* A line is seldom painted with what follows it: its colour would be sent for blanks alone. */
		if (!styled || styled->role == THEME_BORDER || (now->width && !may_go_on(now, styled, styles)))
			styled = next_styled(now, cells + surface->cols, styles);
		bool same = cells_equal(now, &old[col]);
		if (!now->width || (same && !is_blank(now)))
			continue;
		paint_cell(&run, col, styled);
		painted->bytes += same ? 0 : now->length + BYTES_AROUND;
	}
	run_flush(&run);
	memcpy(old, cells, surface->cols * sizeof *old);
}

/* The cells after an erase by curses: blanks in the theme's background of plain text. */
static struct cell *blank_cells(size_t count)
{
	static const struct cell blank = { .text = " ", .length = 1, .width = 1, .role = THEME_TEXT };
	struct cell *cells = xcalloc(count, sizeof *cells);
	for (size_t i = 0; i < count; i++)
		cells[i] = blank;
	return cells;
}

static void uncover(struct pictures *pictures)
{
	for (size_t i = 0; i < SURFACE_PICTURES; i++) {
		const struct box *box = &pictures->slots[i].shown.box;
		if (picture_uncovers(pictures, &pictures->slots[i]))
			wredrawln(stdscr, (int)box->row, (int)box->rows);
	}
}

/* Not counted among the bytes of a frame: a terminal that shows pictures answers, and has no slow line's speed. */
static void show_pictures(struct pictures *pictures)
{
	struct strbuf bytes = STRBUF_INIT;
	pictures_show(pictures, &bytes);
	write_raw(bytes.buf, bytes.len);
	strbuf_wipe(&bytes);
}

void painted_update(struct painted *painted, const struct surface *surface,
		    const struct colour_style styles[THEME_ROLE_COUNT])
{
	if (!surface->rows || !surface->cols)
		return;
	if (painted->rows != surface->rows || painted->cols != surface->cols) {
		painted_release(painted);
		painted->cells = blank_cells(surface->rows * surface->cols);
		painted->rows = surface->rows;
		painted->cols = surface->cols;
		erase();
		touchwin(stdscr);
		curs_set(0);
	}
	pictures_plan(&painted->pictures, surface);
	/* A picture scrolls with its row. */
	idlok(stdscr, !surface->paned && !pictures_are_wanted(&painted->pictures));
	uncover(&painted->pictures);
	bool *fresh = new_links(painted, surface);
	for (size_t row = 0; row < surface->rows; row++)
		paint_row(painted, surface, row, styles);
	for (size_t i = 0; i < surface->link_count; i++)
		if (fresh[i])
			blank(&surface->links[i].box);
	paint_links(painted, surface, fresh, styles);
	free(fresh);
	if (surface->cursor_shown != painted->cursor_shown) {
		curs_set(surface->cursor_shown ? 1 : 0);
		painted->cursor_shown = surface->cursor_shown;
	}
	const struct box *focus = &surface->aloud.focus;
	if (surface->cursor_shown)
		move((int)surface->cursor_row, (int)surface->cursor_col);
	else if (focus->rows && focus->row) /* hidden but positioned: magnifiers follow it */
		move((int)focus->row, (int)focus->col);
	else
		move((int)surface->rows - 1, 0);
	refresh();
	show_pictures(&painted->pictures);
}
