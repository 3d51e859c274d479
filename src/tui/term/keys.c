#include "keys.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdio.h>

enum own_key { OWN_PASTE_BEGIN = KEY_MAX + 1, OWN_PASTE_END };
#define PASTE_MAX (64 * 1024)
#define PASTE_PATIENCE_MS 2000 /* an end mark that never comes must not swallow keys for ever */

void key_reader_open(struct key_reader *reader, const struct world *world, enum text_mode mode)
{
	*reader = (struct key_reader){ .world = world, .mode = mode };
	strbuf_init(&reader->paste);
	WINDOW *pad = newpad(1, 1);
	keypad(pad, TRUE);
	nodelay(pad, TRUE);
	define_key("\033[200~", OWN_PASTE_BEGIN);
	define_key("\033[201~", OWN_PASTE_END);
	reader->window = pad;
}

void key_reader_close(struct key_reader *reader)
{
	if (reader->window)
		delwin(reader->window);
	reader->window = NULL;
	strbuf_release(&reader->paste);
}

static void paste_add(struct key_reader *reader, wint_t ch)
{
	char bytes[4];
	if (reader->paste.len < PASTE_MAX)
		strbuf_add(&reader->paste, bytes, utf8_encode((uint32_t)ch, bytes));
	reader->paste_at_ms = world_monotonic_ms(reader->world);
}

static bool from_mouse(struct key *key)
{
	MEVENT event;
	if (getmouse(&event) != OK || event.y < 0 || event.x < 0)
		return false;
	key->row = (size_t)event.y;
	key->col = (size_t)event.x;
	if (event.bstate & BUTTON4_PRESSED)
		key->press = PRESS_WHEEL_UP;
	else if (event.bstate & BUTTON5_PRESSED)
		key->press = PRESS_WHEEL_DOWN;
	else if (event.bstate & BUTTON1_DOUBLE_CLICKED)
		key->press = PRESS_DOUBLE_CLICK;
	else if (event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED))
		key->press = PRESS_CLICK;
	else
		return false;
	return true;
}

static enum press special(wint_t code)
{
	switch (code) {
	case KEY_UP:
		return PRESS_UP;
	case KEY_DOWN:
		return PRESS_DOWN;
	case KEY_LEFT:
		return PRESS_LEFT;
	case KEY_RIGHT:
		return PRESS_RIGHT;
	case KEY_HOME:
		return PRESS_HOME;
	case KEY_END:
		return PRESS_END;
	case KEY_PPAGE:
		return PRESS_PAGE_UP;
	case KEY_NPAGE:
		return PRESS_PAGE_DOWN;
	case KEY_ENTER:
		return PRESS_ENTER;
	case KEY_BTAB:
		return PRESS_BACK_TAB;
	case KEY_BACKSPACE:
		return PRESS_BACKSPACE;
	case KEY_DC:
		return PRESS_DELETE;
	}
	return PRESS_NONE;
}

static bool from_char(const struct key_reader *reader, wint_t ch, struct key *key)
{
	if (ch == '\r' || ch == '\n')
		key->press = PRESS_ENTER;
	else if (ch == '\t')
		key->press = PRESS_TAB;
	else if (ch == 27)
		key->press = PRESS_ESCAPE;
	else if (ch == 8 || ch == 127)
		key->press = PRESS_BACKSPACE;
	else if (ch > 0 && ch < 27) {
		key->press = PRESS_CTRL;
		key->ch = (uint32_t)('a' + ch - 1);
	} else if (ch >= 32 && (reader->mode == TEXT_UTF8 || ch < 127)) {
		key->press = PRESS_CHAR;
		key->ch = (uint32_t)ch;
	}
	return key->press != PRESS_NONE;
}

/* One event of a running paste; true when the paste is whole. */
static bool paste_step(struct key_reader *reader, int kind, wint_t ch, struct key *key)
{
	if (kind == OK) {
		paste_add(reader, ch);
		return false;
	}
	if (ch == KEY_ENTER)
		paste_add(reader, '\n');
	if (ch != OWN_PASTE_END)
		return false;
	reader->pasting = false;
	key->press = PRESS_PASTE;
	key->text = reader->paste.buf;
	return true;
}

bool key_reader_next(struct key_reader *reader, struct key *key)
{
	for (;;) {
		wint_t ch = 0;
		int kind = wget_wch(reader->window, &ch);
		*key = (struct key){ 0 };
		if (kind == ERR) {
			if (reader->pasting &&
			    world_monotonic_ms(reader->world) - reader->paste_at_ms > PASTE_PATIENCE_MS)
				reader->pasting = false;
			return false;
		}
		if (reader->pasting) {
			if (paste_step(reader, kind, ch, key))
				return true;
			continue;
		}
		if (kind == OK) {
			if (from_char(reader, ch, key))
				return true;
			continue;
		}
		if (ch == OWN_PASTE_BEGIN) {
			reader->pasting = true;
			reader->paste_at_ms = world_monotonic_ms(reader->world);
			strbuf_reset(&reader->paste);
			continue;
		}
		if (ch == KEY_MOUSE) {
			if (from_mouse(key))
				return true;
			continue;
		}
		key->press = special(ch);
		if (key->press != PRESS_NONE)
			return true;
	}
}

void key_reader_drop(struct key_reader *reader)
{
	struct key key;
	flushinp();
	/* What curses had already taken from the line, and a paste that has begun. */
	while (key_reader_next(reader, &key))
		;
	reader->pasting = false;
}
