#include "model/surface.h"

#include <stdlib.h>
#include <string.h>

void surface_init(struct surface *surface, enum text_mode mode)
{
	*surface = (struct surface){ .mode = mode };
	strbuf_init(&surface->scratch);
}

void surface_release(struct surface *surface)
{
	if (surface->cells)
		explicit_bzero(surface->cells, surface->rows * surface->cols * sizeof *surface->cells);
	free(surface->cells);
	arena_release(&surface->arena);
	strbuf_release(&surface->scratch);
	surface_init(surface, surface->mode);
}

static void cell_make_blank(struct cell *cell, enum theme_role role)
{
	memset(cell, 0, sizeof *cell);
	cell->text[0] = ' ';
	cell->length = 1;
	cell->width = 1;
	cell->role = (uint8_t)role;
}

void surface_begin(struct surface *surface, size_t rows, size_t cols)
{
	if (rows != surface->rows || cols != surface->cols) {
		if (cols && rows > SIZE_MAX / sizeof *surface->cells / cols)
			BUG("a screen of %zu x %zu", rows, cols);
		size_t count = rows * cols;
		surface->cells = xrealloc_array(surface->cells, count ? count : 1, sizeof *surface->cells);
		surface->rows = rows;
		surface->cols = cols;
	}
	for (size_t i = 0; i < rows * cols; i++)
		cell_make_blank(&surface->cells[i], THEME_TEXT);
	arena_reset(&surface->arena);
	surface->zones = NULL;
	surface->links = NULL;
	surface->zone_count = surface->zone_capacity = surface->link_count = surface->link_capacity = 0;
	surface->picture_count = 0;
	surface->is_cursor_shown = surface->has_split_panes = false;
	surface->screen_reader = (struct screen_reader_data){ 0 };
}

static struct cell *cell_at(struct surface *surface, size_t row, size_t col)
{
	return &surface->cells[row * surface->cols + col];
}

const struct cell *surface_cell(const struct surface *surface, size_t row, size_t col)
{
	return row < surface->rows && col < surface->cols ? &surface->cells[row * surface->cols + col] : NULL;
}

/* Call before a cell is overwritten: if the cell is one half of a wide character, the other half becomes a blank. */
static void cell_clear_halves(struct surface *surface, size_t row, size_t col)
{
	struct cell *cell = cell_at(surface, row, col);
	if (cell->width == 0 && col > 0)
		cell_make_blank(cell_at(surface, row, col - 1), cell_at(surface, row, col - 1)->role);
	if (cell->width == 2 && col + 1 < surface->cols)
		cell_make_blank(cell_at(surface, row, col + 1), cell->role);
}

struct text_run {
	const char *text;
	size_t length, width;
	enum theme_role role;
};

static void put_cell(struct surface *surface, size_t row, size_t col, struct text_run it)
{
	for (size_t i = 0; i < it.width; i++)
		cell_clear_halves(surface, row, col + i);
	struct cell *cell = cell_at(surface, row, col);
	memset(cell, 0, sizeof *cell);
	/* text_display() makes no grapheme of this length; the check prevents an overflow */
	if (it.length >= CELL_TEXT_SIZE) {
		it.text = "?";
		it.length = 1;
	}
	memcpy(cell->text, it.text, it.length);
	cell->length = (uint8_t)it.length;
	cell->width = (uint8_t)it.width;
	cell->role = (uint8_t)it.role;
	if (it.width == 2) {
		struct cell *half = cell_at(surface, row, col + 1);
		memset(half, 0, sizeof *half);
		half->role = (uint8_t)it.role;
	}
}

static bool text_is_printable_ascii(const char *text, size_t *length)
{
	size_t i = 0;
	for (; text[i]; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return false;
	*length = i;
	return true;
}

size_t surface_text_width(struct surface *surface, const char *text)
{
	size_t length;
	if (text_is_printable_ascii(text, &length))
		return length;
	strbuf_reset(&surface->scratch);
	text_display(&surface->scratch, text, strlen(text), surface->mode);
	return text_width_cells(surface->scratch.buf, surface->scratch.len);
}

/* The end of the cell that begins at `at`. A cell has one spacing character and its combining marks. A grapheme
 * with several spacing characters (vowel signs, flags) gets a cell for each, as in terminals. */
static size_t grapheme_cell_end(const char *text, size_t length, size_t at, size_t *width)
{
	size_t end = at;
	*width = 0;
	while (end < length) {
		size_t next = end + 1;
		while (next < length && ((unsigned char)text[next] & 0xc0) == 0x80)
			next++;
		size_t cells = text_width_cells(text + end, next - end);
		if (cells && *width)
			break;
		*width += cells;
		end = next;
	}
	return end;
}

/* Puts a text into cells, as many as fit before the column `end`; returns the column after the last cell. */
static size_t put_graphemes(struct surface *surface, size_t row, size_t col, size_t end, struct text_run all)
{
	for (size_t at = 0; at < all.length;) {
		size_t width, next = grapheme_cell_end(all.text, all.length, at, &width);
		if (!width || width > 2 || col + width > end)
			break;
		put_cell(surface, row, col, (struct text_run){ all.text + at, next - at, width, all.role });
		col += width;
		at = next;
	}
	return col;
}

static void put_glyph(struct surface *surface, size_t row, size_t col, enum theme_role role, enum glyph glyph)
{
	const char *text = glyph_text(surface->mode, glyph);
	if (row < surface->rows && col < surface->cols)
		put_cell(surface, row, col, (struct text_run){ text, strlen(text), 1, role });
}

size_t surface_put(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role,
		   const char *text)
{
	if (row >= surface->rows || col >= surface->cols || !width)
		return 0;
	if (width > surface->cols - col)
		width = surface->cols - col;
	size_t length, cells;
	bool plain = text_is_printable_ascii(text, &length);
	if (plain) {
		cells = length;
	} else {
		strbuf_reset(&surface->scratch);
		text_display(&surface->scratch, text, strlen(text), surface->mode);
		text = surface->scratch.buf;
		length = surface->scratch.len;
		cells = text_width_cells(text, length);
	}
	bool cut = cells > width;
	if (cut)
		length = plain ? width - 1 : text_prefix_for_width(text, length, width - 1, NULL);
	size_t end = col;
	if (plain)
		for (size_t i = 0; i < length; i++)
			put_cell(surface, row, end++, (struct text_run){ text + i, 1, 1, role });
	else
		end = put_graphemes(surface, row, col, col + width, (struct text_run){ text, length, width, role });
	if (cut)
		put_glyph(surface, row, end++, role, GLYPH_CUT);
	return end - col;
}

void surface_put_aligned(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role,
			 enum text_align align, const char *text)
{
	size_t skip = align == TEXT_RIGHT ? sub_sat(width, surface_text_width(surface, text)) : 0;
	surface_put(surface, row, col + skip, width - skip, role, text);
}

/* The part of a box that is on the surface. */
static struct box box_clip(const struct surface *surface, struct box box)
{
	if (box.row >= surface->rows || box.col >= surface->cols)
		return (struct box){ 0 };
	if (box.rows > surface->rows - box.row)
		box.rows = surface->rows - box.row;
	if (box.cols > surface->cols - box.col)
		box.cols = surface->cols - box.col;
	return box;
}

void surface_fill(struct surface *surface, struct box box, enum theme_role role)
{
	box = box_clip(surface, box);
	for (size_t row = box.row; row < box.row + box.rows; row++) {
		for (size_t col = box.col; col < box.col + box.cols; col++) {
			cell_clear_halves(surface, row, col);
			cell_make_blank(cell_at(surface, row, col), role);
		}
	}
}

void surface_restyle(struct surface *surface, struct box box, enum theme_role role, unsigned style)
{
	box = box_clip(surface, box);
	for (size_t row = box.row; row < box.row + box.rows; row++) {
		for (size_t col = box.col; col < box.col + box.cols; col++) {
			struct cell *cell = cell_at(surface, row, col);
			cell->role = (uint8_t)role;
			cell->style = (uint8_t)(cell->style | style);
		}
	}
}

void surface_dim_text(struct surface *surface)
{
	for (size_t i = 0; i < surface->rows * surface->cols; i++) {
		struct cell *cell = &surface->cells[i];
		bool bar = cell->role == THEME_HEADER || cell->role == THEME_FOOTER || cell->role == THEME_KEY;
		cell->style = 0;
		if (bar)
			cell->role = cell->role == THEME_KEY ? THEME_FOOTER : cell->role;
		else if (cell->role != THEME_BORDER)
			cell->role = THEME_MUTED;
	}
}

static void put_ornament_glyph(struct surface *surface, size_t row, size_t col, enum theme_role role, enum glyph glyph)
{
	put_glyph(surface, row, col, role, glyph);
	if (row < surface->rows && col < surface->cols)
		cell_at(surface, row, col)->is_ornament = true;
}

void surface_draw_rule(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role)
{
	for (size_t i = 0; i < width && col + i < surface->cols; i++)
		put_ornament_glyph(surface, row, col + i, role, GLYPH_HORIZONTAL);
}

void surface_draw_border(struct surface *surface, struct box box, size_t col)
{
	for (size_t row = box.row; row < box.row + box.rows; row++)
		put_glyph(surface, row, col, THEME_BORDER, GLYPH_VERTICAL);
}

void surface_draw_frame(struct surface *surface, struct box box, enum theme_role role, const char *title)
{
	if (box.rows < 2 || box.cols < 4)
		return;
	size_t bottom = box.row + box.rows - 1, right = box.col + box.cols - 1;
	surface_draw_rule(surface, box.row, box.col, box.cols, role);
	surface_draw_rule(surface, bottom, box.col, box.cols, role);
	for (size_t row = box.row + 1; row < bottom; row++) {
		put_ornament_glyph(surface, row, box.col, role, GLYPH_VERTICAL);
		put_ornament_glyph(surface, row, right, role, GLYPH_VERTICAL);
	}
	put_ornament_glyph(surface, box.row, box.col, role, GLYPH_CORNER_TOP_LEFT);
	put_ornament_glyph(surface, box.row, right, role, GLYPH_CORNER_TOP_RIGHT);
	put_ornament_glyph(surface, bottom, box.col, role, GLYPH_CORNER_BOTTOM_LEFT);
	put_ornament_glyph(surface, bottom, right, role, GLYPH_CORNER_BOTTOM_RIGHT);
	if (title[0] && box.cols > 6) {
		size_t used = surface_put(surface, box.row, box.col + 2, box.cols - 5, THEME_TITLE, title);
		surface_put(surface, box.row, box.col + 1, 1, role, " ");
		surface_put(surface, box.row, box.col + 2 + used, 1, role, " ");
	}
}

void surface_set_cursor(struct surface *surface, size_t row, size_t col)
{
	if (row >= surface->rows || !surface->cols)
		return;
	surface->is_cursor_shown = true;
	surface->cursor_row = row;
	surface->cursor_col = col < surface->cols ? col : surface->cols - 1;
}

void surface_set_focus(struct surface *surface, struct box box)
{
	surface->screen_reader.focus = box_clip(surface, box);
}

void surface_select_box(struct surface *surface, struct box box)
{
	surface_restyle(surface, box, THEME_SELECTION, 0);
	surface_set_focus(surface, box);
}

void surface_draw_pointer(struct surface *surface, size_t row, size_t col, bool here)
{
	if (here)
		put_ornament_glyph(surface, row, col, THEME_ACCENT, GLYPH_CURSOR);
	else /* not THEME_ACCENT: without colours this role is underlined, and the line would show on the blank */
		surface_put(surface, row, col, 1, THEME_TEXT, " ");
}

void surface_begin_overlay(struct surface *surface, struct box box)
{
	surface->screen_reader.overlay = box_clip(surface, box);
	surface->screen_reader.focus = surface->screen_reader.title = surface->screen_reader.detail =
		surface->screen_reader.label = (struct box){ 0 };
	surface->screen_reader.column_titles_row = 0;
	surface->zone_count = surface->link_count = 0;
	surface->is_cursor_shown = false;
}

void surface_add_zone(struct surface *surface, struct box box, enum zone_kind kind, size_t index)
{
	*ARENA_PUSH(&surface->arena, surface->zones, surface->zone_count, surface->zone_capacity) =
		(struct zone){ box, kind, index };
}

const struct zone *surface_zone_at(const struct surface *surface, size_t row, size_t col)
{
	for (size_t i = surface->zone_count; i-- > 0;) {
		const struct box *box = &surface->zones[i].box;
		if (row >= box->row && row - box->row < box->rows && col >= box->col && col - box->col < box->cols)
			return &surface->zones[i];
	}
	return NULL;
}

char *surface_row_text(struct arena *arena, const struct surface *surface, size_t row)
{
	struct strbuf text = STRBUF_INIT;
	for (size_t col = 0; row < surface->rows && col < surface->cols; col++) {
		const struct cell *cell = surface_cell(surface, row, col);
		strbuf_add(&text, cell->text, cell->length);
	}
	while (text.len && text.buf[text.len - 1] == ' ')
		strbuf_truncate(&text, text.len - 1);
	return strbuf_finish(&text, arena);
}

char *surface_fit_text(struct surface *surface, const char *text, size_t cells)
{
	struct strbuf out = STRBUF_INIT;
	text_fit(&out, text_safe_copy(&surface->arena, text, surface->mode), cells, TEXT_LEFT, surface->mode);
	return strbuf_finish(&out, &surface->arena);
}

char **surface_wrap_text(struct surface *surface, const char *text, size_t cells, size_t *count)
{
	return text_wrap(&surface->arena, text_safe_copy(&surface->arena, text, surface->mode), cells, count);
}

struct pen pen_at(struct surface *surface, size_t row, size_t col, size_t width)
{
	size_t end = col + width;
	return (struct pen){ surface, row, col, end < surface->cols ? end : surface->cols };
}

void pen_put(struct pen *pen, enum theme_role role, const char *text)
{
	if (!text[0])
		return;
	if (pen->col < pen->end) {
		pen->col += surface_put(pen->surface, pen->row, pen->col, pen->end - pen->col, role, text);
	} else if (pen->end > 0 && pen->row < pen->surface->rows) {
		/* The row has no cell left for this piece: the last cell shows the cut mark. */
		put_glyph(pen->surface, pen->row, pen->end - 1, role, GLYPH_CUT);
	}
}

void pen_format(struct pen *pen, enum theme_role role, const char *format, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;
	va_start(args, format);
	strbuf_vaddf(&text, format, args);
	va_end(args);
	pen_put(pen, role, text.buf);
	strbuf_release(&text);
}

uint64_t hash_add_bytes(uint64_t hash, const void *bytes, size_t length)
{
	for (const unsigned char *at = bytes; length--; at++)
		hash = (hash ^ *at) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t hash_of(const struct surface *surface, const struct box *box)
{
	uint64_t hash = HASH_BEGIN;
	for (size_t row = box->row; row < box->row + box->rows; row++)
		for (size_t col = box->col; col < box->col + box->cols; col++) {
			const struct cell *cell = surface_cell(surface, row, col);
			hash = hash_add_bytes(hash, cell->text, cell->length);
			hash = hash_add_bytes(hash, (const uint8_t[]){ cell->role, cell->style }, 2);
		}
	return hash;
}

void surface_add_picture(struct surface *surface, const struct surface_picture *picture)
{
	const struct box *box = &picture->box;
	if (surface->picture_count == SURFACE_PICTURES || !box->rows || !box->cols ||
	    box->row + box->rows > surface->rows || box->col + box->cols > surface->cols)
		return;
	struct surface_picture *put = &surface->pictures[surface->picture_count++];
	*put = *picture;
	put->covered_cells_hash = hash_of(surface, box);
}

bool surface_picture_is_uncovered(const struct surface *surface, const struct surface_picture *picture)
{
	return hash_of(surface, &picture->box) == picture->covered_cells_hash;
}

/* Whether the part between scheme and path is only a host. A user before the host, as in
 * "https://bank.example@elsewhere", would mislead the reviewer. */
static bool host_has_no_user(const char *host)
{
	size_t length = strcspn(host, "/?#");
	return length && !memchr(host, '@', length);
}

bool surface_is_link(const char *address)
{
	static const char *const schemes[] = { "https://", "http://" };
	const char *host = NULL;
	for (size_t i = 0; !host && i < sizeof schemes / sizeof schemes[0]; i++)
		if (!strncmp(address, schemes[i], strlen(schemes[i])))
			host = address + strlen(schemes[i]);
	if (!host || !host_has_no_user(host) || strnlen(address, LINK_BYTES_MAX + 1) > LINK_BYTES_MAX)
		return false;
	for (const char *c = address; *c; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("\"<>\\^`{|}", *c))
			return false;
	return true;
}

void surface_add_link(struct surface *surface, struct box box, const char *address)
{
	if (!surface_is_link(address) || !box.cols || box.row >= surface->rows || box.col >= surface->cols ||
	    box.cols > surface->cols - box.col)
		return;
	box.rows = 1;
	*ARENA_PUSH(&surface->arena, surface->links, surface->link_count, surface->link_capacity) =
		(struct surface_link){ box, arena_strdup(&surface->arena, address) };
}

static size_t width_of(struct surface *surface, const struct row_piece *pieces, size_t count)
{
	size_t total = 0;
	for (size_t i = 0; i < count; i++)
		if (pieces[i].text[0])
			total += surface_text_width(surface, pieces[i].text) +
				 (total ? surface_text_width(surface, pieces[i].gap) : 0);
	return total;
}

size_t drop_pieces_to_fit(struct surface *surface, struct row_piece *pieces, size_t count, size_t cells)
{
	for (;;) {
		size_t total = width_of(surface, pieces, count), first = count;
		for (size_t i = 0; i < count; i++)
			if (pieces[i].text[0] && pieces[i].hide_rank &&
			    (first == count || pieces[i].hide_rank > pieces[first].hide_rank))
				first = i;
		if (total <= cells || first == count)
			return total;
		pieces[first].text = "";
	}
}

void put_pieces(struct pen *pen, const struct row_piece *pieces, size_t count)
{
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		if (!pieces[i].text[0])
			continue;
		if (any)
			pen_put(pen, pieces[i].role, pieces[i].gap);
		pen_put(pen, pieces[i].role, pieces[i].text);
		any = true;
	}
}

#define SENTENCE_ROWS_MAX 4

void surface_put_sentence(struct surface *surface, size_t last, enum theme_role role, const char *mark,
			  const char *text)
{
	size_t count = 0, width = surface->cols > 8 ? surface->cols - 4 : 4;
	char **lines = surface_wrap_text(surface, text, width, &count);
	size_t rows = count < SENTENCE_ROWS_MAX ? count : SENTENCE_ROWS_MAX;
	rows = rows > last ? last : rows;
	for (size_t i = 0; i < rows; i++) {
		size_t row = last + 1 - rows + i;
		surface_fill(surface, (struct box){ row, 0, 1, surface->cols }, role);
		surface_put(surface, row, 1, 1, role, i ? " " : mark);
		surface_put(surface, row, 3, width, role, lines[i]);
	}
}

void surface_put_lines(struct surface *surface, struct box box, enum theme_role role, const char *text)
{
	size_t count = 0;
	char **lines = surface_wrap_text(surface, text, box.cols, &count);
	for (size_t i = 0; i < count && i < box.rows; i++)
		surface_put(surface, box.row + i, box.col, box.cols, role, lines[i]);
}
