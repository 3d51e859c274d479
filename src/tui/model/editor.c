#include "model/editor.h"
#include "model/grid.h"

#include <string.h>

#define MAX_BYTES_DEFAULT 4096
#define COLS_DEFAULT 60 /* columns assumed for a multiline text that was not drawn with the focus yet */

size_t utf8_encode(uint32_t ch, char out[4])
{
	bool scalar = ch && ch <= 0x10ffff && !(ch >= 0xd800 && ch <= 0xdfff);
	return scalar ? codepoint_write(ch, out) : 0;
}

void editor_init(struct editor *editor, size_t max_bytes)
{
	*editor = (struct editor){ .max_bytes = max_bytes ? max_bytes : MAX_BYTES_DEFAULT };
	strbuf_init(&editor->text);
}

void editor_release(struct editor *editor)
{
	strbuf_release(&editor->text);
	editor->cursor = 0;
}

void editor_set_text(struct editor *editor, const char *text)
{
	strbuf_reset(&editor->text);
	editor->cursor = 0;
	editor->hidden_cells = editor->top = 0;
	editor_insert(editor, text, strlen(text));
}

/* Replaces the bytes from `from` up to `to`, and puts the cursor after the new bytes. */
static void replace(struct editor *editor, size_t from, size_t to, const struct strbuf *bytes)
{
	struct strbuf all = STRBUF_INIT;
	strbuf_add(&all, editor->text.buf, from);
	strbuf_add(&all, bytes->buf, bytes->len);
	strbuf_adds(&all, editor->text.buf + to);
	strbuf_release(&editor->text);
	editor->text = all;
	editor->cursor = from + bytes->len;
}

void editor_insert(struct editor *editor, const char *text, size_t length)
{
	struct strbuf clean = STRBUF_INIT;
	size_t room = sub_sat(editor->max_bytes, editor->text.len);
	length = text_valid_prefix(text, length);
	for (size_t i = 0; i < length;) {
		size_t end = i + 1;
		while (end < length && ((unsigned char)text[end] & 0xc0) == 0x80)
			end++;
		unsigned char first = (unsigned char)text[i];
		bool line_break = first == '\n' || first == '\r';
		if (clean.len + (end - i) > room)
			break;
		if (editor->multiline && first == '\r' && end < length && text[end] == '\n')
			end++;
		if (line_break || first == '\t')
			strbuf_addch(&clean, line_break && editor->multiline ? '\n' : ' ');
		else if (first >= 0x20 && first != 0x7f)
			strbuf_add(&clean, text + i, end - i);
		i = end;
	}
	replace(editor, editor->cursor, editor->cursor, &clean);
	strbuf_release(&clean);
}

static void cut(struct editor *editor, size_t from, size_t to)
{
	replace(editor, from, to, &(const struct strbuf)STRBUF_INIT);
}

void editor_replace_before(struct editor *editor, size_t bytes, const char *text)
{
	cut(editor, sub_sat(editor->cursor, bytes), editor->cursor);
	editor_insert(editor, text, strlen(text));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n';
}

static size_t word_start(const struct editor *editor)
{
	size_t at = editor->cursor;
	while (at > 0 && is_blank(editor->text.buf[at - 1]))
		at--;
	while (at > 0 && !is_blank(editor->text.buf[at - 1]))
		at--;
	return at;
}

/* Start of the line that has the cursor; a single-line text is one line. */
static size_t line_start(const struct editor *editor)
{
	size_t at = editor->cursor;
	while (at > 0 && editor->text.buf[at - 1] != '\n')
		at--;
	return at;
}

static size_t line_end(const struct editor *editor)
{
	return editor->cursor + strcspn(editor->text.buf + editor->cursor, "\n");
}

static bool handle_control_key(struct editor *editor, uint32_t letter)
{
	size_t start, end;
	switch (letter) {
	case 'a':
		editor->cursor = line_start(editor);
		return true;
	case 'e':
		editor->cursor = line_end(editor);
		return true;
	case 'u': /* deletes up to the beginning of the line; at the beginning, deletes the line break before it */
		start = line_start(editor);
		cut(editor, start == editor->cursor && start ? start - 1 : start, editor->cursor);
		return true;
	case 'k': /* deletes up to the end of the line; at the end, deletes the line break after it */
		end = line_end(editor);
		cut(editor, editor->cursor, end == editor->cursor && end < editor->text.len ? end + 1 : end);
		return true;
	case 'w':
		cut(editor, word_start(editor), editor->cursor);
		return true;
	}
	return false;
}

/* --- rows of a multiline text --- */

/* One row of the wrapped text: the bytes from `from` up to `end`. At `end` is a line break, or the start of the
 * next row. */
struct row {
	size_t from, end;
};

/* The width of a part of the text in cells. The editor accepts only characters that have the same width in UTF-8 and
 * ASCII mode. */
static size_t cells_between(const struct editor *editor, size_t from, size_t end)
{
	struct strbuf shown = STRBUF_INIT;
	if (end == from + 1 && (unsigned char)editor->text.buf[from] < 0x80)
		return 1;
	text_display(&shown, editor->text.buf + from, end - from, TEXT_UTF8);
	size_t cells = text_width_cells(shown.buf, shown.len);
	strbuf_release(&shown);
	return cells;
}

/* The row that begins at `from`: up to a line break, or up to the last word that fits and the spaces after it. */
static struct row wrapped_row_at(const struct editor *editor, size_t from, size_t cols)
{
	const char *text = editor->text.buf;
	size_t length = from + strcspn(text + from, "\n"), at = from, cells = 0, word = from;
	while (at < length) {
		size_t next = text_next_grapheme(text, length, at);
		cells += cells_between(editor, at, next);
		if (text[at] == ' ')
			word = next;
		else if (cells > cols && at > from)
			return (struct row){ from, word > from ? word : at };
		at = next;
	}
	return (struct row){ from, length };
}

static bool next_wrapped_row(const struct editor *editor, struct row *row, size_t cols)
{
	if (row->end >= editor->text.len)
		return false;
	*row = wrapped_row_at(editor, row->end + (editor->text.buf[row->end] == '\n'), cols);
	return true;
}

/* Reserves the last cell of a row for the cursor. */
static size_t wrap_cols(size_t cols)
{
	return cols > 1 ? cols - 1 : 1;
}

static struct row wrapped_row(const struct editor *editor, size_t number, size_t cols)
{
	struct row row = wrapped_row_at(editor, 0, cols);
	while (number-- && next_wrapped_row(editor, &row, cols))
		;
	return row;
}

static size_t row_of_cursor(const struct editor *editor, size_t cols)
{
	size_t number = 0;
	struct row row = wrapped_row_at(editor, 0, cols);
	while (next_wrapped_row(editor, &row, cols) && row.from <= editor->cursor)
		number++;
	return number;
}

size_t editor_row_count(const struct editor *editor, size_t cols)
{
	size_t count = 1;
	struct row row = wrapped_row_at(editor, 0, wrap_cols(cols));
	while (next_wrapped_row(editor, &row, wrap_cols(cols)))
		count++;
	return count;
}

/* The last cursor position in a row: before the space at which the text was wrapped. */
static size_t row_last_position(const struct editor *editor, const struct row *row)
{
	const char *text = editor->text.buf;
	if (row->end >= editor->text.len || text[row->end] == '\n' || row->end == row->from)
		return row->end;
	size_t at = text_previous_grapheme(text, row->end, row->end);
	return at > row->from ? at : row->from;
}

/* Moves the cursor by `rows` rows, and keeps its column. If the text has too few rows: moves to the first or last
 * row if `stop` is set; otherwise does not move, and returns false. */
static bool move_rows(struct editor *editor, size_t rows, bool down, bool stop)
{
	size_t cols = wrap_cols(editor->cols ? editor->cols : COLS_DEFAULT), number = row_of_cursor(editor, cols);
	size_t last = editor_row_count(editor, cols + 1) - 1, room = down ? last - number : number;
	if (room < rows && !stop)
		return false;
	rows = room < rows ? room : rows;
	struct row row = wrapped_row(editor, number, cols);
	size_t wanted = cells_between(editor, row.from, editor->cursor), cells = 0;
	row = wrapped_row(editor, down ? number + rows : number - rows, cols);
	size_t at = row.from, end = row_last_position(editor, &row);
	while (at < end && cells < wanted) {
		size_t next = text_next_grapheme(editor->text.buf, row.end, at);
		cells += cells_between(editor, at, next);
		at = next;
	}
	editor->cursor = at < end ? at : end;
	return true;
}

static bool handle_multiline_key(struct editor *editor, const struct key *key)
{
	size_t cols = wrap_cols(editor->cols ? editor->cols : COLS_DEFAULT);
	size_t page = editor->rows > 1 ? editor->rows - 1 : 1;
	struct row row;
	switch (key->press) {
	case PRESS_ENTER:
		editor_insert(editor, "\n", 1);
		return true;
	case PRESS_UP:
	case PRESS_DOWN:
		return move_rows(editor, 1, key->press == PRESS_DOWN, false);
	case PRESS_PAGE_UP:
	case PRESS_PAGE_DOWN:
		return move_rows(editor, page, key->press == PRESS_PAGE_DOWN, true);
	case PRESS_HOME:
	case PRESS_END:
		row = wrapped_row(editor, row_of_cursor(editor, cols), cols);
		editor->cursor = key->press == PRESS_HOME ? row.from : row_last_position(editor, &row);
		return true;
	default:
		return false;
	}
}

bool editor_handle_key(struct editor *editor, const struct key *key)
{
	if (editor->multiline && handle_multiline_key(editor, key))
		return true;
	const char *text = editor->text.buf;
	size_t length = editor->text.len, at = editor->cursor;
	char bytes[4];
	switch (key->press) {
	case PRESS_CHAR:
		editor_insert(editor, bytes, utf8_encode(key->ch, bytes));
		return true;
	case PRESS_PASTE:
		editor_insert(editor, key->text, strlen(key->text));
		return true;
	case PRESS_CTRL:
		return handle_control_key(editor, key->ch);
	case PRESS_LEFT:
		editor->cursor = at ? text_previous_grapheme(text, length, at) : 0;
		return true;
	case PRESS_RIGHT:
		editor->cursor = at < length ? text_next_grapheme(text, length, at) : length;
		return true;
	case PRESS_HOME:
		editor->cursor = 0;
		return true;
	case PRESS_END:
		editor->cursor = length;
		return true;
	case PRESS_BACKSPACE:
		if (at)
			cut(editor, text_previous_grapheme(text, length, at), at);
		return true;
	case PRESS_DELETE:
		if (at < length)
			cut(editor, at, text_next_grapheme(text, length, at));
		return true;
	default:
		return false;
	}
}

static void draw_row(const struct editor *editor, struct surface *surface, struct box line, const struct row *row,
		     enum theme_role role)
{
	struct strbuf shown = STRBUF_INIT;
	size_t end = row->end;
	while (end > row->from && editor->text.buf[end - 1] == ' ' && end < editor->text.len)
		end--; /* omits the spaces at which the text was wrapped */
	text_display(&shown, editor->text.buf + row->from, end - row->from, surface->mode);
	surface_put(surface, line.row, line.col, line.cols, role, shown.buf);
	strbuf_release(&shown);
}

static void put_scroll_glyph(struct surface *surface, struct box box, size_t row, enum glyph glyph)
{
	surface_put(surface, box.row + row, box.col + box.cols - 1, 1, THEME_MUTED, glyph_text(surface->mode, glyph));
}

/* If the editor does not have the focus, the box has one row, with a mark if the text has more rows. */
static void draw_multiline(struct editor *editor, struct surface *surface, struct box box, enum theme_role role,
			   bool focused)
{
	size_t cols = wrap_cols(box.cols), count = editor_row_count(editor, box.cols);
	size_t number = focused ? row_of_cursor(editor, cols) : 0;
	editor->top = scrolled_top(focused ? editor->top : 0, number, box.rows, count);
	if (focused) {
		editor->cols = box.cols;
		editor->rows = box.rows;
	}
	struct row row = wrapped_row(editor, editor->top, cols);
	bool there = true;
	for (size_t i = 0; i < box.rows; i++) {
		struct box line = box_row(box, i);
		if (!there && surface->is_spoken) /* screen reader: skips empty rows */
			break;
		surface_fill(surface, line, role);
		if (there)
			draw_row(editor, surface, line, &row, role);
		surface_restyle(surface, line, role, CELL_UNDERLINE);
		if (focused && editor->top + i == number) {
			size_t cell = cells_between(editor, row.from, editor->cursor);
			surface_set_cursor(surface, line.row, box.col + (cell < box.cols ? cell : box.cols - 1));
			surface_set_focus(surface, line);
		}
		there = there && next_wrapped_row(editor, &row, cols);
	}
	if (editor->top)
		put_scroll_glyph(surface, box, 0, GLYPH_MORE_UP);
	if (count - editor->top > box.rows)
		put_scroll_glyph(surface, box, box.rows - 1, focused ? GLYPH_MORE_DOWN : GLYPH_CUT);
}

void editor_draw(struct editor *editor, struct surface *surface, struct box box, enum theme_role role, bool focused)
{
	if (!box.rows || box.cols < 2)
		return;
	if (editor->multiline) {
		draw_multiline(editor, surface, box, role, focused);
		return;
	}
	struct strbuf shown = STRBUF_INIT;
	text_display(&shown, editor->text.buf, editor->cursor, surface->mode);
	size_t cursor = text_width_cells(shown.buf, shown.len);
	text_display(&shown, editor->text.buf + editor->cursor, editor->text.len - editor->cursor, surface->mode);
	if (cursor < editor->hidden_cells)
		editor->hidden_cells = cursor;
	if (cursor - editor->hidden_cells >= box.cols)
		editor->hidden_cells = cursor - box.cols + 1;
	size_t used = 0, skip = text_prefix_for_width(shown.buf, shown.len, editor->hidden_cells, &used);
	surface_fill(surface, box_row(box, 0), role);
	surface_put(surface, box.row, box.col, box.cols, role, shown.buf + skip);
	if (editor->hidden_cells)
		surface_put(surface, box.row, box.col, 1, THEME_MUTED, glyph_text(surface->mode, GLYPH_CUT));
	if (!role || role == THEME_FIELD)
		surface_restyle(surface, box_row(box, 0), role, CELL_UNDERLINE);
	if (focused)
		surface_set_cursor(surface, box.row, box.col + sub_sat(cursor, used));
	strbuf_release(&shown);
}
