#include "paint.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

/* Usual bytes that move the cursor, and that set a style */
#define MOVE_BYTES ((size_t)7)
#define STYLE_BYTES ((size_t)24)
#define BLANK_VISIBLE_ATTRIBUTES (A_REVERSE | A_UNDERLINE) /* attributes that are visible on a blank */

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

static void ignore_signal(int number)
{
	(void)number;
}

bool painted_open(struct painted_screen *painted_screen, FILE *stream)
{
	/* curses installs handlers that would end or stop the program. It sets SIGTSTP again after each frame, to the
	 * handler that it finds: this must not be SIG_DFL, which curses would replace. */
	static const int numbers[] = { SIGINT, SIGTERM, SIGWINCH };
	const struct sigaction ignored = { .sa_handler = ignore_signal };
	struct sigaction before[sizeof numbers / sizeof numbers[0]];

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		sigaction(numbers[i], NULL, &before[i]);
	sigaction(SIGTSTP, &ignored, &painted_screen->before);
	del_curterm(cur_term); /* the description that terminal_type_open() has read: newterm() reads it again */
	painted_screen->stream = stream;
	painted_screen->curses = newterm(NULL, stream, stdin);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		sigaction(numbers[i], &before[i], NULL);
	if (!painted_screen->curses) {
		sigaction(SIGTSTP, &painted_screen->before, NULL);
		return false;
	}
	typeahead(-1); /* pending input must not interrupt the writing of a frame */
	/* Until it resumes after an endwin(), curses writes each movement of the cursor separately. Before the colours:
	 * otherwise it would reset the terminal's palette, which may be the user's. */
	endwin();
	doupdate();
	start_color();
	use_default_colors();
	keypad(stdscr, TRUE);
	return true;
}

void painted_close(struct painted_screen *painted_screen)
{
	WINDOW *const windows[] = { stdscr, curscr, newscr };

	painted_release(painted_screen);
	for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
		wbkgrndset(windows[i], &(cchar_t){ .chars = L" " });
		werase(windows[i]); /* delscreen() would leave the cells of the last frame in the memory */
	}
	delscreen(painted_screen->curses);
	painted_screen->curses = NULL;
	sigaction(SIGTSTP, &painted_screen->before, NULL);
}

void painted_release(struct painted_screen *painted_screen)
{
	if (painted_screen->cells)
		explicit_bzero(painted_screen->cells,
			       painted_screen->rows * painted_screen->cols * sizeof *painted_screen->cells);
	free(painted_screen->cells);
	free(painted_screen->painted_links);
	painted_screen->cells = NULL;
	painted_screen->painted_links = NULL;
	painted_screen->link_count = 0;
	pictures_forget(&painted_screen->pictures);
}

static const struct colour_style *style_of(const struct cell *cell, const struct colour_style styles[THEME_ROLE_COUNT])
{
	return &styles[cell->role < THEME_ROLE_COUNT ? cell->role : THEME_TEXT];
}

static attr_t cell_attributes(const struct cell *cell, const struct colour_style *style)
{
	attr_t attributes = style->attributes;
	if (cell->style & CELL_BOLD)
		attributes |= A_BOLD;
	if (cell->style & CELL_UNDERLINE)
		attributes |= A_UNDERLINE;
	if (cell->style & CELL_REVERSE)
		attributes ^= A_REVERSE;
	return attributes;
}

static bool is_blank(const struct cell *cell)
{
	return cell->length == 1 && cell->text[0] == ' ';
}

/* A blank looks the same in another foreground: it gets the style of the text before it, or of the text after the blanks
 * at the beginning of a row, which needs no bytes. */
static bool may_keep_style(const struct cell *cell, const struct cell *before,
			   const struct colour_style styles[THEME_ROLE_COUNT])
{
	const struct colour_style *style = style_of(cell, styles), *other = style_of(before, styles);
	return (cell->role == before->role && cell->style == before->style) ||
	       (is_blank(cell) && style->background == other->background &&
		!((cell_attributes(cell, style) | cell_attributes(before, other)) & BLANK_VISIBLE_ATTRIBUTES));
}

/* Whether the C library gives the character the same width as text_display(). If not, the terminal may use another
 * width, too, which would shift the columns: so add_cell() writes "?" instead. */
static bool is_width_right(const wchar_t *text, size_t count, uint8_t width)
{
	if (!count || wcwidth(text[0]) != width)
		return false;
	for (size_t i = 1; i < count; i++)
		if (wcwidth(text[i]) != 0)
			return false;
	return true;
}

/* Whether curses splits the character: to fill the last cell of a terminal that would scroll (am without rmam, as tmux),
 * it writes one cell to the left, and inserts a cell there. */
static bool is_split(const struct surface *surface, size_t row, size_t col)
{
	return row + 1 == surface->rows && col + 3 == surface->cols && auto_right_margin && !exit_am_mode;
}

/* Writes the cell to `out`, in the style of the cell `styled`; returns the number of characters. */
static size_t add_cell(const struct cell *cell, const struct cell *styled, enum text_mode mode, bool split,
		       const struct colour_style styles[THEME_ROLE_COUNT], cchar_t *out)
{
	const struct colour_style *style = style_of(styled, styles);
	wchar_t text[CCHARW_MAX + 1];
	int pair = style->pair;
	size_t count = 1;

	if (!is_width_right(text, cell_decode(cell, mode, text, CCHARW_MAX), cell->width) ||
	    (split && cell->width > 1)) {
		text[0] = L'?';
		text[1] = L'\0';
		count = cell->width;
	}
	for (size_t i = 0; i < count; i++)
		setcchar(&out[i], text, cell_attributes(styled, style), (short)pair, &pair);
	return count;
}

/* Passes a row to curses, and estimates the bytes that its changed cells need. The style of each cell depends only
 * on the cells of its row, so that curses recognises a row that has moved. */
static void paint_row(struct painted_screen *painted_screen, const struct surface *surface, size_t row,
		      const struct colour_style styles[THEME_ROLE_COUNT], cchar_t *out)
{
	const struct cell *cells = surface_cell(surface, row, 0), *styled = cells, *last_styled = NULL;
	struct cell *old = painted_screen->cells + row * surface->cols;
	bool in_run = false;
	size_t count = 0;

	while (is_blank(styled) && styled + 1 < cells + surface->cols)
		styled++;
	for (size_t col = 0; col < surface->cols; col++) {
		const struct cell *cell = &cells[col];
		bool keeps_style = may_keep_style(cell, styled, styles);
		if (!cell->width)
			continue;
		styled = keeps_style ? styled : cell;
		count += add_cell(cell, styled, surface->mode, is_split(surface, row, col), styles, out + count);
		/* libvterm 0.1 wraps too early after a repetition (rep) that ends before the last column. curses repeats
		 * only characters of ASCII; an attribute that shows nothing ends the repetition before. */
		if (surface->mode == TEXT_ASCII && col + 2 == surface->cols && col &&
		    !memcmp(cell, cell - 1, sizeof *cell))
			out[count - 1].attr |= A_PROTECT;
		/* A blank in another style is another cell for curses. */
		bool changed = (in_run && keeps_style) || memcmp(cell, &old[col], sizeof *cell) != 0;
		if (changed)
			painted_screen->byte_count +=
				cell->length + (in_run ? 0 : MOVE_BYTES) + (styled == last_styled ? 0 : STYLE_BYTES);
		last_styled = changed ? styled : last_styled;
		in_run = changed;
	}
	mvadd_wchnstr((int)row, 0, out, (int)count);
	memcpy(old, cells, surface->cols * sizeof *old);
}

/* The buffer to which append_char() appends: curses' functions that write sequences pass only characters. */
static struct strbuf *target;

static int append_char(int c)
{
	strbuf_addch(target, (char)c);
	return c;
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

static const struct painted_link *find_same_link(const struct painted_link *link, const struct painted_link *links,
						 size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (links[i].hash == link->hash && !memcmp(&links[i].box, &link->box, sizeof link->box))
			return &links[i];
	return NULL;
}

/* Links (OSC 8) are unknown to curses: the text of a link is written again after the frame, together with its address.
 * A frame without attributes or colours ends before, and curses gets its cursor back. Only terminals with the sequences of
 * ANSI have links (supports_hyperlinks()). */
static void add_link(const struct surface *surface, const struct painted_link *link,
		     const struct colour_style styles[THEME_ROLE_COUNT], struct strbuf *out)
{
	const struct cell *cells = surface_cell(surface, link->box.row, link->box.col);
	strbuf_addf(out, "\0337\033[%zu;%zuH\033]8;;%s\033\\", link->box.row + 1, link->box.col + 1, link->address);
	target = out;
	for (size_t i = 0; i < link->box.cols; i++) {
		const struct colour_style *style = style_of(&cells[i], styles);
		int pair = style->pair;
		/* vid_puts() writes a style again that is set already. */
		if (!i || cells[i].role != cells[i - 1].role || cells[i].style != cells[i - 1].style)
			vid_puts(cell_attributes(&cells[i], style), (short)pair, &pair, append_char);
		strbuf_add(out, cells[i].text, cells[i].length);
	}
	vid_puts(A_NORMAL, 0, NULL, append_char);
	strbuf_adds(out, "\033]8;;\033\\\0338");
}

/* Between the first and the last cell that a frame changes in a row, and the cursor, curses may write cells again. */
static void extend_written(struct painted_link *link, int row, int col)
{
	if (row != (int)link->box.row || col < 0)
		return;
	link->written_from = (size_t)col < link->written_from ? (size_t)col : link->written_from;
	link->written_to = (size_t)col >= link->written_to ? (size_t)col + 1 : link->written_to;
}

static void find_written(struct painted_screen *painted_screen, const struct surface *surface)
{
	for (size_t i = 0; i < painted_screen->link_count; i++) {
		struct painted_link *link = &painted_screen->painted_links[i];
		const struct cell *old = painted_screen->cells + link->box.row * surface->cols;

		link->written_from = surface->cols;
		link->written_to = 0;
		extend_written(link, getcury(curscr), getcurx(curscr));
		for (size_t col = 0; col < surface->cols; col++)
			if (memcmp(&old[col], surface_cell(surface, link->box.row, col), sizeof *old) != 0)
				extend_written(link, (int)link->box.row, (int)col);
	}
}

/* Makes curses write the rows again as they are, also the text of their links. */
static void redraw_rows(struct painted_screen *painted_screen, const struct box *rows)
{
	wredrawln(stdscr, (int)rows->row, (int)rows->rows);
	for (size_t i = 0; i < painted_screen->link_count; i++) {
		struct painted_link *link = &painted_screen->painted_links[i];

		if (link->box.row >= rows->row && link->box.row < rows->row + rows->rows) {
			link->written_from = 0;
			link->written_to = painted_screen->cols;
		}
	}
}

/* Takes the links of the frame. curses writes the rows of removed links again, as plain text; links in a row that curses
 * writes are written after it. */
static void update_links(struct painted_screen *painted_screen, const struct surface *surface,
			 const struct colour_style styles[THEME_ROLE_COUNT], struct strbuf *out)
{
	struct painted_link *links = xcalloc(surface->link_count + 1, sizeof *links);
	struct painted_link *old = painted_screen->painted_links;
	size_t count = 0, old_count = painted_screen->link_count, before = out->len;

	for (size_t i = 0; painted_screen->supports_links && i < surface->link_count; i++) {
		const struct surface_link *link = &surface->links[i];
		uint64_t hash = hash_add_bytes(HASH_BEGIN, link->address, strlen(link->address));
		if (link_text_matches(surface, link))
			links[count++] =
				(struct painted_link){ .box = link->box, .hash = hash, .address = link->address };
	}
	for (size_t i = 0; i < old_count; i++) {
		extend_written(&old[i], getcury(stdscr), getcurx(stdscr));
		if (!find_same_link(&old[i], links, count))
			redraw_rows(painted_screen, &(struct box){ .row = old[i].box.row, .rows = 1 });
	}
	for (size_t i = 0; i < count; i++) {
		const struct box *box = &links[i].box;
		const struct painted_link *same = find_same_link(&links[i], old, old_count);

		if (!same || (same->written_from < box->col + box->cols && same->written_to > box->col))
			add_link(surface, &links[i], styles, out);
	}
	painted_screen->byte_count += out->len - before;
	free(painted_screen->painted_links);
	painted_screen->painted_links = links;
	painted_screen->link_count = count;
}

/* Sets the size, and makes curses clear the terminal and write the whole frame. */
static void begin_screen(struct painted_screen *painted_screen, const struct surface *surface,
			 const struct colour_style *text_style)
{
	static const struct cell blank = { .text = " ", .length = 1, .width = 1, .role = THEME_TEXT };
	size_t count = surface->rows * surface->cols;
	struct strbuf region = STRBUF_INIT;
	int pair = text_style->pair;
	cchar_t background;

	painted_release(painted_screen);
	if (LINES != (int)surface->rows &&
	    change_scroll_region) { /* the terminal's region still ends with the old size */
		target = &region;
		tputs(tiparm(change_scroll_region, 0, (int)surface->rows - 1), 1, append_char);
		(void)fputs(region.buf, painted_screen->stream);
		(void)fflush(painted_screen->stream);
		strbuf_release(&region);
	}
	if (resize_term((int)surface->rows, (int)surface->cols) != OK)
		fail_out_of_memory();
	setcchar(&background, L" ", text_style->attributes, (short)pair, &pair);
	bkgrndset(&background);
	erase();
	clearok(curscr, TRUE);
	curs_set(0);
	painted_screen->cells = xcalloc(count, sizeof *painted_screen->cells);
	for (size_t i = 0; i < count; i++)
		painted_screen->cells[i] = blank;
	painted_screen->rows = surface->rows;
	painted_screen->cols = surface->cols;
	painted_screen->is_cursor_shown = false;
	painted_screen->byte_count += STYLE_BYTES;
}

/* Puts the cursor in its place, even if it is hidden, because screen magnifiers follow the cursor. */
static void place_cursor(struct painted_screen *painted_screen, const struct surface *surface)
{
	const struct box *focus = &surface->screen_reader.focus;
	if (surface->is_cursor_shown != painted_screen->is_cursor_shown)
		curs_set(surface->is_cursor_shown);
	painted_screen->is_cursor_shown = surface->is_cursor_shown;
	if (surface->is_cursor_shown)
		move((int)surface->cursor_row, (int)surface->cursor_col);
	else if (focus->rows && focus->row)
		move((int)focus->row, (int)focus->col);
	else
		move((int)surface->rows - 1, 0);
}

void painted_update(struct painted_screen *painted_screen, const struct surface *surface,
		    const struct colour_style styles[THEME_ROLE_COUNT], struct strbuf *out)
{
	struct pictures *pictures = &painted_screen->pictures;
	bool had_links = painted_screen->link_count;

	if (!surface->rows || !surface->cols)
		return;
	if (!painted_screen->cells || painted_screen->rows != surface->rows || painted_screen->cols != surface->cols)
		begin_screen(painted_screen, surface, &styles[THEME_TEXT]);
	pictures_plan(pictures, surface);
	find_written(painted_screen, surface);
	for (size_t i = 0; i < SURFACE_PICTURES; i++)
		if (picture_uncovers_cells(pictures, &pictures->slots[i]))
			redraw_rows(painted_screen, &pictures->slots[i].shown_picture.box);
	cchar_t *characters = xcalloc(surface->cols, sizeof *characters);
	for (size_t row = 0; row < surface->rows; row++)
		if (memcmp(painted_screen->cells + row * surface->cols, surface_cell(surface, row, 0),
			   surface->cols * sizeof(struct cell)) != 0)
			paint_row(painted_screen, surface, row, styles, characters);
	explicit_bzero(characters, surface->cols * sizeof *characters);
	free(characters);
	place_cursor(painted_screen, surface);
	update_links(painted_screen, surface, styles, out);
	/* Scrolling would also move the pictures and links in the scrolled rows. */
	idlok(stdscr,
	      !surface->has_split_panes && !had_links && !painted_screen->link_count && !has_wanted_pictures(pictures));
	refresh();
	pictures_show(pictures, out);
}
