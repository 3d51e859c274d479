#include "paint.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define CODE_POINTS 5 /* maximum code points of one cell */
/* A gap of at most this many unchanged cells is written again, which is shorter than moving the cursor */
#define GAP_CELLS_MAX 5
#define ERASED_ROW_END_CELLS_MIN 4 /* minimum number of blanks at the end of a row that are erased instead of written */
/* As ERASED_ROW_END_CELLS_MIN, if other cells follow the blanks: then the cursor must be moved after the erasing */
#define ERASED_CELLS_MIN 12
#define SCROLL_ROWS_MAX 16	/* maximum number of rows by which a part of the screen is scrolled */
#define SCROLL_SAVED_ROWS_MIN 3 /* a part is scrolled only if this saves writing at least this number of rows */

/* Whether the character may be written to the terminal. This is a second check: text_display() has removed all
 * other characters. */
static bool is_paintable_character(uint32_t point, enum text_mode mode)
{
	if (mode == TEXT_ASCII && point > 0x7e)
		return false;
	return point >= 0x20 && !(point >= 0x7f && point <= 0x9f) && point != 0xad && point != 0x61c &&
	       !(point >= 0x200b && point <= 0x200f) && !(point >= 0x2028 && point <= 0x202e) &&
	       !(point >= 0x2060 && point <= 0x206f) && point != 0xfeff && !(point >= 0xfff9 && point <= 0xfffb) &&
	       !(point >= 0xe0000 && point <= 0xe0fff) && point <= 0x10ffff;
}

size_t cell_decode(const struct cell *cell, enum text_mode mode, wchar_t *out, size_t most)
{
	size_t count = 0;
	uint32_t point = 0;
	for (size_t i = 0, bytes; i < cell->length; i += bytes) {
		bytes = codepoint_read(cell->text + i, cell->length - i, &point);
		if (!bytes || !is_paintable_character(point, mode))
			BUG("U+%04lX reached the terminal unfiltered", (unsigned long)point);
		if (count < most)
			out[count++] = (wchar_t)point;
	}
	out[count] = L'\0';
	return count;
}

void painted_release(struct painted_screen *painted_screen)
{
	free(painted_screen->cells);
	free(painted_screen->painted_links);
	*painted_screen = (struct painted_screen){ .byte_count = painted_screen->byte_count,
						   .supports_links = painted_screen->supports_links,
						   .pictures = painted_screen->pictures };
	pictures_forget(&painted_screen->pictures);
}

struct painter {
	struct painted_screen *painted_screen;
	const struct surface *surface;
	const struct terminal_type *type;
	const struct colour_style *styles;
	struct strbuf *out;
	size_t start;	  /* length of `out` before the frame */
	size_t row, col;  /* position of the terminal's cursor; col beyond the last column: the position is unknown */
	size_t style_end; /* position in `out` after the last sequence of colours or attributes; 0 none */
	const char *link; /* address of the current link; NULL none */
};

static void add_sequence(struct painter *at, enum sequence sequence)
{
	strbuf_adds(at->out, at->type->sequences[sequence]);
}

static void forget_cells(struct painted_screen *painted_screen, size_t row, size_t col, size_t count)
{
	memset(painted_screen->cells + row * painted_screen->cols + col, 0xff, count * sizeof *painted_screen->cells);
}

static bool cells_equal(const struct cell *a, const struct cell *b)
{
	return !memcmp(a, b, sizeof *a);
}

static bool is_ascii(const struct cell *cell)
{
	return cell->length == 1 && cell->width == 1 && cell->text[0] >= ' ' && cell->text[0] <= '~';
}

static const struct colour_style *style_of(const struct painter *at, const struct cell *cell)
{
	return &at->styles[cell->role < THEME_ROLE_COUNT ? cell->role : THEME_TEXT];
}

static unsigned cell_attribute_bits(const struct painter *at, const struct cell *cell, const struct colour_style *style)
{
	unsigned attribute_bits = style->attribute_bits;
	if (cell->style & CELL_BOLD)
		attribute_bits |= ATTRIBUTE_BOLD;
	if (cell->style & CELL_UNDERLINE)
		attribute_bits |= ATTRIBUTE_UNDERLINE;
	if (cell->style & CELL_REVERSE)
		attribute_bits ^= ATTRIBUTE_REVERSE;
	return attribute_bits & (style->foreground < 0 && style->background < 0 ? at->type->attribute_bits
										: at->type->coloured_attribute_bits);
}

#define BLANK_VISIBLE_ATTRIBUTES (ATTRIBUTE_REVERSE | ATTRIBUTE_UNDERLINE)

/* Whether the cell looks empty: a blank, without an attribute like underline that is visible on a blank. */
static bool is_blank(const struct painter *at, const struct cell *cell)
{
	return cell->width == 1 && cell->length == 1 && cell->text[0] == ' ' &&
	       !(cell_attribute_bits(at, cell, style_of(at, cell)) & BLANK_VISIBLE_ATTRIBUTES);
}

/* Appends a sequence of colours or attributes. If it directly follows another one, joins both into one sequence. */
static void add_style(struct painter *at, const char *sequence)
{
	struct strbuf *out = at->out;
	bool joins = !strncmp(sequence, "\033[", 2) && sequence[strlen(sequence) - 1] == 'm';
	if (joins && at->style_end && at->style_end == out->len) {
		out->buf[out->len - 1] = ';';
		sequence += 2;
	}
	strbuf_adds(out, sequence);
	at->style_end = joins ? out->len : 0;
}

static void reset_style(struct painter *at)
{
	add_sequence(at, SEQUENCE_PLAIN);
	at->painted_screen->attribute_bits = 0;
	at->painted_screen->foreground = at->painted_screen->background = -1;
}

static void set_attributes(struct painter *at, unsigned attribute_bits)
{
	struct painted_screen *painted_screen = at->painted_screen;
	if (painted_screen->attribute_bits & ~attribute_bits)
		reset_style(at);
	for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++)
		if (attribute_bits & ~painted_screen->attribute_bits & 1U << i)
			add_style(at, at->type->sequences[SEQUENCE_BOLD + i]);
	painted_screen->attribute_bits = attribute_bits;
}

/* Sets both colours. A terminal can restore its own colours only for foreground and background together. */
static void set_colours(struct painter *at, int foreground, int background, const struct colour_style *style)
{
	struct painted_screen *painted_screen = at->painted_screen;
	if ((foreground < 0 && painted_screen->foreground >= 0) ||
	    (background < 0 && painted_screen->background >= 0)) {
		add_style(at, at->type->sequences[SEQUENCE_DEFAULT_COLOURS]);
		painted_screen->foreground = painted_screen->background = -1;
	}
	if (foreground != painted_screen->foreground)
		add_style(at, style->foreground_sequence);
	if (background != painted_screen->background)
		add_style(at, style->background_sequence);
	painted_screen->foreground = foreground;
	painted_screen->background = background;
}

static bool has_style(const struct painter *at, const struct cell *cell)
{
	const struct painted_screen *painted_screen = at->painted_screen;
	const struct colour_style *style = style_of(at, cell);
	if (painted_screen->background != style->background)
		return false;
	if (is_blank(at, cell))
		return !(painted_screen->attribute_bits & BLANK_VISIBLE_ATTRIBUTES);
	return painted_screen->foreground == style->foreground &&
	       painted_screen->attribute_bits == cell_attribute_bits(at, cell, style);
}

static void set_style(struct painter *at, const struct cell *cell)
{
	const struct colour_style *style = style_of(at, cell);
	if (has_style(at, cell))
		return;
	if (!is_blank(at, cell)) {
		set_attributes(at, cell_attribute_bits(at, cell, style));
		set_colours(at, style->foreground, style->background, style);
		return;
	}
	set_attributes(at, at->painted_screen->attribute_bits & BLANK_VISIBLE_ATTRIBUTES
				   ? 0
				   : at->painted_screen->attribute_bits);
	set_colours(at, style->background < 0 ? -1 : at->painted_screen->foreground, style->background, style);
}

/* Whether the visible text of a link (OSC 8) is the address itself, or the start of the address and the cut mark. */
static bool link_text_matches(const struct surface *surface, const struct surface_link *link)
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

static bool has_same_link(const struct painted_link *link, const struct painted_link *links, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (links[i].hash == link->hash && !memcmp(&links[i].box, &link->box, sizeof link->box))
			return true;
	return false;
}

static void forget_link(struct painted_screen *painted_screen, const struct box *box)
{
	if (box->row < painted_screen->rows && box->col + box->cols <= painted_screen->cols)
		forget_cells(painted_screen, box->row, box->col, box->cols);
}

/* If a link is new or has changed, all its cells are written again; the cells of a removed link are written again
 * as plain text. */
static void update_links(struct painter *at)
{
	struct painted_screen *painted_screen = at->painted_screen;
	const struct surface *surface = at->surface;
	struct painted_link *links = xcalloc(surface->link_count + 1, sizeof *links);
	size_t count = 0;

	for (size_t i = 0; painted_screen->supports_links && i < surface->link_count; i++) {
		const struct surface_link *link = &surface->links[i];
		const struct cell *now = surface_cell(surface, link->box.row, link->box.col);
		const struct cell *old = painted_screen->cells + link->box.row * painted_screen->cols + link->box.col;
		if (!link_text_matches(surface, link))
			continue;
		links[count] = (struct painted_link){ link->box,
						      hash_add_bytes(HASH_BEGIN, link->address, strlen(link->address)),
						      link->address };
		if (!has_same_link(&links[count++], painted_screen->painted_links, painted_screen->link_count) ||
		    memcmp(now, old, link->box.cols * sizeof *now) != 0)
			forget_link(painted_screen, &link->box);
	}
	for (size_t i = 0; i < painted_screen->link_count; i++)
		if (!has_same_link(&painted_screen->painted_links[i], links, count))
			forget_link(painted_screen, &painted_screen->painted_links[i].box);
	free(painted_screen->painted_links);
	painted_screen->painted_links = links;
	painted_screen->link_count = count;
}

static const char *link_at(const struct painted_screen *painted_screen, size_t row, size_t col)
{
	for (size_t i = 0; i < painted_screen->link_count; i++) {
		const struct box *box = &painted_screen->painted_links[i].box;
		if (row == box->row && col >= box->col && col < box->col + box->cols)
			return painted_screen->painted_links[i].address;
	}
	return NULL;
}

static void set_link(struct painter *at, const char *address)
{
	if (address == at->link)
		return;
	if (at->link)
		strbuf_adds(at->out, "\033]8;;\033\\");
	if (address)
		strbuf_addf(at->out, "\033]8;;%s\033\\", address);
	at->link = address;
}

/* Whether the C library gives the character the same width as text_display(). If not, the terminal may use another
 * width, too, which would shift the columns: so put_cell() writes "?" instead. */
static bool cell_width_is_right(const struct cell *cell, enum text_mode mode)
{
	wchar_t text[CODE_POINTS + 1];
	size_t count = cell_decode(cell, mode, text, CODE_POINTS);
	if (!count || wcwidth(text[0]) != cell->width)
		return false;
	for (size_t i = 1; i < count; i++)
		if (wcwidth(text[i]) != 0)
			return false;
	return true;
}

static void put_cell(struct painter *at, const struct cell *cell)
{
	size_t rows = at->surface->rows, cols = at->surface->cols;
	set_link(at, link_at(at->painted_screen, at->row, at->col));
	set_style(at, cell);
	if (at->row + 1 == rows && at->col + cell->width >= cols && !at->type->no_corner_scroll)
		;
	else if (is_ascii(cell))
		strbuf_addch(at->out, cell->text[0]);
	else if (cell_width_is_right(cell, at->surface->mode))
		strbuf_add(at->out, cell->text, cell->length);
	else
		strbuf_addn(at->out, '?', cell->width);
	at->col += cell->width;
}

/* Moves the cursor to a column of a row. If the column is near in the same row, writes the cells in between again
 * instead. */
static void move_cursor(struct painter *at, size_t row, size_t col)
{
	const struct cell *cells = surface_cell(at->surface, row, 0);
	bool near = at->row == row && at->col <= col && col - at->col <= GAP_CELLS_MAX;
	for (size_t i = at->col; near && i < col; i++)
		near = is_ascii(&cells[i]) && has_style(at, &cells[i]);
	while (near && at->col < col)
		put_cell(at, &cells[at->col]);
	if (near)
		return;
	terminal_type_add_sequence(at->type, at->out, SEQUENCE_MOVE_CURSOR, row, col);
	at->row = row;
	at->col = col;
}

/* Erases a sequence of blanks with the same background by one command. Returns the number of erased cells; 0:
 * writing the blanks takes fewer bytes, or the terminal cannot erase them. */
static size_t erase(struct painter *at, const struct cell *cells, const struct cell *old, size_t row, size_t col)
{
	const struct terminal_type *type = at->type;
	int background = style_of(at, &cells[col])->background;
	size_t end = col, changed_end = col;

	while (end < at->surface->cols && is_blank(at, &cells[end]) &&
	       style_of(at, &cells[end])->background == background) {
		changed_end = cells_equal(&cells[end], &old[end]) ? changed_end : end + 1;
		end++;
	}
	bool rest = end == at->surface->cols && *type->sequences[SEQUENCE_ERASE_ROW_END];
	if ((background >= 0 && !type->has_bce) ||
	    changed_end - col < (rest ? ERASED_ROW_END_CELLS_MIN : ERASED_CELLS_MIN) ||
	    (!rest && !*type->sequences[SEQUENCE_ERASE_CELLS]))
		return 0;
	move_cursor(at, row, col);
	set_link(at, NULL);
	set_style(at, &cells[col]);
	if (rest)
		add_sequence(at, SEQUENCE_ERASE_ROW_END);
	else
		terminal_type_add_sequence(type, at->out, SEQUENCE_ERASE_CELLS, changed_end - col, 0);
	return (rest ? end : changed_end) - col;
}

static void paint_row(struct painter *at, size_t row)
{
	const struct cell *cells = surface_cell(at->surface, row, 0);
	size_t cols = at->surface->cols, erased;
	struct cell *old = at->painted_screen->cells + row * cols;
	if (!memcmp(old, cells, cols * sizeof *old))
		return;
	for (size_t col = 0; col < cols; col++) {
		if (!cells[col].width || cells_equal(&cells[col], &old[col]))
			continue;
		if ((erased = erase(at, cells, old, row, col))) {
			col += erased - 1;
			continue;
		}
		move_cursor(at, row, col);
		put_cell(at, &cells[col]);
	}
	memcpy(old, cells, cols * sizeof *old);
}

/* Counts the consecutive rows, from `first` on, that are already on the terminal, `by` rows lower (negative: higher).
 * *saved: number of these rows that must be written if nothing is scrolled, since they differ on the terminal. */
static size_t count_scrolled_rows(const struct painter *at, size_t first, long by, size_t *saved)
{
	const struct painted_screen *painted_screen = at->painted_screen;
	size_t row = first, bytes = painted_screen->cols * sizeof *painted_screen->cells;
	*saved = 0;
	for (; row < painted_screen->rows && (by > 0 || row >= (size_t)-by) &&
	       (long)row + by < (long)painted_screen->rows;
	     row++) {
		const struct cell *now = surface_cell(at->surface, row, 0);
		if (memcmp(now, painted_screen->cells + (size_t)((long)row + by) * painted_screen->cols, bytes) != 0)
			break;
		*saved += memcmp(now, painted_screen->cells + row * painted_screen->cols, bytes) != 0;
	}
	return row - first;
}

static void scroll(struct painter *at, size_t top, size_t bottom, long by)
{
	struct painted_screen *painted_screen = at->painted_screen;
	size_t lines = (size_t)(by > 0 ? by : -by), kept = bottom + 1 - top - lines;
	struct cell *first = painted_screen->cells + top * painted_screen->cols;
	reset_style(at);
	terminal_type_add_sequence(at->type, at->out, SEQUENCE_SCROLL_REGION, top, bottom);
	terminal_type_add_sequence(at->type, at->out, SEQUENCE_MOVE_CURSOR, by > 0 ? bottom : top, 0);
	for (size_t i = 0; i < lines; i++)
		add_sequence(at, by > 0 ? SEQUENCE_SCROLL_UP : SEQUENCE_SCROLL_DOWN);
	terminal_type_add_sequence(at->type, at->out, SEQUENCE_SCROLL_REGION, 0, painted_screen->rows - 1);
	memmove(by > 0 ? first : first + lines * painted_screen->cols,
		by > 0 ? first + lines * painted_screen->cols : first, kept * painted_screen->cols * sizeof *first);
	forget_cells(painted_screen, by > 0 ? top + kept : top, 0, lines * painted_screen->cols);
}

/* Finds the largest part of the screen that has moved by a few rows, and scrolls this part on the terminal. */
static void scroll_rows(struct painter *at)
{
	const char *const *needed = (const char *const *)at->type->sequences;
	size_t best = SCROLL_SAVED_ROWS_MIN - 1, top = 0, bottom = 0, saved;
	long best_by = 0;
	if (!*needed[SEQUENCE_SCROLL_REGION] || !*needed[SEQUENCE_SCROLL_UP] || !*needed[SEQUENCE_SCROLL_DOWN] ||
	    !at->type->no_corner_scroll)
		return;
	for (long by = -SCROLL_ROWS_MAX; by <= SCROLL_ROWS_MAX; by++) {
		for (size_t row = by < 0 ? (size_t)-by : 0; by && row < at->painted_screen->rows; row++) {
			size_t count = count_scrolled_rows(at, row, by, &saved);
			if (saved > best) {
				best = saved;
				top = by < 0 ? row - (size_t)-by : row;
				bottom = row + count - 1 + (by > 0 ? (size_t)by : 0);
				best_by = by;
			}
			row += count;
		}
	}
	if (best_by)
		scroll(at, top, bottom, best_by);
}

static void clear_screen(struct painter *at)
{
	struct painted_screen *painted_screen = at->painted_screen;
	static const struct cell blank = { .text = " ", .length = 1, .width = 1, .role = THEME_TEXT };
	size_t count = at->surface->rows * at->surface->cols;

	painted_release(painted_screen);
	painted_screen->cells = xcalloc(count, sizeof *painted_screen->cells);
	painted_screen->rows = at->surface->rows;
	painted_screen->cols = at->surface->cols;
	reset_style(at);
	set_style(at, &blank);
	add_sequence(at, SEQUENCE_CLEAR_SCREEN);
	add_sequence(at, SEQUENCE_HIDE_CURSOR);
	for (size_t i = 0; i < count; i++)
		painted_screen->cells[i] = blank;
	if (!*at->type->sequences[SEQUENCE_CLEAR_SCREEN] || (!at->type->has_bce && painted_screen->background >= 0))
		forget_cells(painted_screen, 0, 0, count);
}

static void forget_uncovered_cells(struct painted_screen *painted_screen)
{
	struct pictures *pictures = &painted_screen->pictures;
	for (size_t i = 0; i < SURFACE_PICTURES; i++) {
		const struct box *box = &pictures->slots[i].shown_picture.box;
		if (picture_uncovers_cells(pictures, &pictures->slots[i]))
			forget_cells(painted_screen, box->row, 0, box->rows * painted_screen->cols);
	}
}

/* Puts the cursor in its place, even if it is hidden, because screen magnifiers follow the cursor. */
static void place_cursor(struct painter *at)
{
	const struct surface *surface = at->surface;
	const struct box *focus = &surface->screen_reader.focus;
	struct painted_screen *painted_screen = at->painted_screen;
	size_t row = surface->rows - 1, col = 0;

	if (surface->is_cursor_shown != painted_screen->is_cursor_shown)
		add_sequence(at, surface->is_cursor_shown ? SEQUENCE_SHOW_CURSOR : SEQUENCE_HIDE_CURSOR);
	painted_screen->is_cursor_shown = surface->is_cursor_shown;
	if (surface->is_cursor_shown) {
		row = surface->cursor_row;
		col = surface->cursor_col;
	} else if (focus->rows && focus->row) {
		row = focus->row;
		col = focus->col;
	}
	if (at->out->len > at->start || row != painted_screen->cursor_row || col != painted_screen->cursor_col)
		terminal_type_add_sequence(at->type, at->out, SEQUENCE_MOVE_CURSOR, row, col);
	painted_screen->cursor_row = row;
	painted_screen->cursor_col = col;
}

void painted_update(struct painted_screen *painted_screen, const struct surface *surface,
		    const struct terminal_type *type, const struct colour_style styles[THEME_ROLE_COUNT],
		    struct strbuf *out)
{
	struct painter at = { painted_screen, surface, type, styles, out, .start = out->len, .col = SIZE_MAX };
	bool had_links = painted_screen->link_count;

	if (!surface->rows || !surface->cols)
		return;
	if (painted_screen->rows != surface->rows || painted_screen->cols != surface->cols)
		clear_screen(&at);
	pictures_plan(&painted_screen->pictures, surface);
	forget_uncovered_cells(painted_screen);
	update_links(&at);
	/* Scrolling would also move the pictures and links in the scrolled rows. */
	if (!surface->has_split_panes && !had_links && !painted_screen->link_count &&
	    !has_wanted_pictures(&painted_screen->pictures))
		scroll_rows(&at);
	for (size_t row = 0; row < surface->rows; row++)
		paint_row(&at, row);
	set_link(&at, NULL);
	place_cursor(&at);
	painted_screen->byte_count += out->len - at.start;
	pictures_show(&painted_screen->pictures, out);
}
