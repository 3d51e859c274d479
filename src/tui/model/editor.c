#include "kybdesk/tui/editor.h"

#include <string.h>

#define MAX_BYTES_DEFAULT 4096

size_t utf8_encode(uint32_t ch, char out[4])
{
	if (!ch || ch > 0x10ffff || (ch >= 0xd800 && ch <= 0xdfff))
		return 0;
	if (ch < 0x80) {
		out[0] = (char)ch;
		return 1;
	}
	if (ch < 0x800) {
		out[0] = (char)(0xc0 | ch >> 6);
		out[1] = (char)(0x80 | (ch & 0x3f));
		return 2;
	}
	if (ch < 0x10000) {
		out[0] = (char)(0xe0 | ch >> 12);
		out[1] = (char)(0x80 | (ch >> 6 & 0x3f));
		out[2] = (char)(0x80 | (ch & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | ch >> 18);
	out[1] = (char)(0x80 | (ch >> 12 & 0x3f));
	out[2] = (char)(0x80 | (ch >> 6 & 0x3f));
	out[3] = (char)(0x80 | (ch & 0x3f));
	return 4;
}

void editor_init(struct editor *editor, size_t max_bytes)
{
	*editor = (struct editor){ .max_bytes = max_bytes ? max_bytes : MAX_BYTES_DEFAULT };
	strbuf_init(&editor->text);
}

void editor_release(struct editor *editor)
{
	strbuf_release(&editor->text);
	editor->at = 0;
}

void editor_set(struct editor *editor, const char *text)
{
	strbuf_reset(&editor->text);
	editor->at = 0;
	editor->first_cell = 0;
	editor_insert(editor, text, strlen(text));
}

static void put_at(struct editor *editor, const char *bytes, size_t length)
{
	struct strbuf all = STRBUF_INIT;
	strbuf_add(&all, editor->text.buf, editor->at);
	strbuf_add(&all, bytes, length);
	strbuf_adds(&all, editor->text.buf + editor->at);
	strbuf_release(&editor->text);
	editor->text = all;
	editor->at += length;
}

void editor_insert(struct editor *editor, const char *text, size_t length)
{
	struct strbuf clean = STRBUF_INIT;
	size_t room = editor->max_bytes > editor->text.len ? editor->max_bytes - editor->text.len : 0;
	length = text_valid_prefix(text, length);
	for (size_t i = 0; i < length;) {
		size_t end = i + 1;
		while (end < length && ((unsigned char)text[end] & 0xc0) == 0x80)
			end++;
		unsigned char first = (unsigned char)text[i];
		bool line_break = first == '\n' || first == '\r' || first == '\t';
		if (clean.len + (end - i) > room)
			break;
		if (line_break)
			strbuf_addch(&clean, ' ');
		else if (first >= 0x20 && first != 0x7f)
			strbuf_add(&clean, text + i, end - i);
		i = end;
	}
	put_at(editor, clean.buf, clean.len);
	strbuf_release(&clean);
}

static void cut(struct editor *editor, size_t from, size_t to)
{
	struct strbuf rest = STRBUF_INIT;
	strbuf_add(&rest, editor->text.buf, from);
	strbuf_adds(&rest, editor->text.buf + to);
	strbuf_release(&editor->text);
	editor->text = rest;
	editor->at = from;
}

void editor_replace_before(struct editor *editor, size_t bytes, const char *text)
{
	cut(editor, editor->at > bytes ? editor->at - bytes : 0, editor->at);
	editor_insert(editor, text, strlen(text));
}

static size_t word_start(const struct editor *editor)
{
	size_t at = editor->at;
	while (at > 0 && editor->text.buf[at - 1] == ' ')
		at--;
	while (at > 0 && editor->text.buf[at - 1] != ' ')
		at--;
	return at;
}

static bool editor_control(struct editor *editor, uint32_t letter)
{
	switch (letter) {
	case 'a':
		editor->at = 0;
		return true;
	case 'e':
		editor->at = editor->text.len;
		return true;
	case 'u':
		cut(editor, 0, editor->at);
		return true;
	case 'k':
		strbuf_truncate(&editor->text, editor->at);
		return true;
	case 'w':
		cut(editor, word_start(editor), editor->at);
		return true;
	}
	return false;
}

bool editor_key(struct editor *editor, const struct key *key)
{
	const char *text = editor->text.buf;
	size_t length = editor->text.len;
	char bytes[4];
	if (key->press == PRESS_CHAR) {
		editor_insert(editor, bytes, utf8_encode(key->ch, bytes));
		return true;
	}
	if (key->press == PRESS_PASTE) {
		editor_insert(editor, key->text, strlen(key->text));
		return true;
	}
	if (key->press == PRESS_CTRL)
		return editor_control(editor, key->ch);
	if (key->press == PRESS_LEFT) {
		editor->at = editor->at ? text_previous_grapheme(text, length, editor->at) : 0;
		return true;
	}
	if (key->press == PRESS_RIGHT) {
		editor->at = editor->at < length ? text_next_grapheme(text, length, editor->at) : length;
		return true;
	}
	if (key->press == PRESS_HOME) {
		editor->at = 0;
		return true;
	}
	if (key->press == PRESS_END) {
		editor->at = length;
		return true;
	}
	if (key->press == PRESS_BACKSPACE) {
		if (editor->at)
			cut(editor, text_previous_grapheme(text, length, editor->at), editor->at);
		return true;
	}
	if (key->press == PRESS_DELETE) {
		if (editor->at < length)
			cut(editor, editor->at, text_next_grapheme(text, length, editor->at));
		return true;
	}
	return false;
}

void editor_draw(struct editor *editor, struct surface *surface, struct box box, enum theme_role role, bool focused)
{
	if (!box.rows || box.cols < 2)
		return;
	struct strbuf shown = STRBUF_INIT;
	text_display(&shown, editor->text.buf, editor->at, surface->mode);
	size_t cursor = text_width_cells(shown.buf, shown.len);
	text_display(&shown, editor->text.buf + editor->at, editor->text.len - editor->at, surface->mode);
	if (cursor < editor->first_cell)
		editor->first_cell = cursor;
	if (cursor - editor->first_cell >= box.cols)
		editor->first_cell = cursor - box.cols + 1;
	size_t used = 0, skip = text_prefix_for_width(shown.buf, shown.len, editor->first_cell, &used);
	surface_fill(surface, (struct box){ box.row, box.col, 1, box.cols }, role);
	surface_put(surface, box.row, box.col, box.cols, role, shown.buf + skip);
	if (editor->first_cell)
		surface_put(surface, box.row, box.col, 1, THEME_MUTED, glyph_text(surface->mode, GLYPH_CUT));
	if (!role || role == THEME_FIELD)
		surface_dye(surface, (struct box){ box.row, box.col, 1, box.cols }, role, CELL_UNDERLINE);
	if (focused)
		surface_cursor(surface, box.row, box.col + (cursor > used ? cursor - used : 0));
	strbuf_release(&shown);
}
