/* One user input: a key, a click, a paste. Made by the decoder, or by tests. */
#ifndef KYBDESK_TUI_KEY_H
#define KYBDESK_TUI_KEY_H

#include <stddef.h>
#include <stdint.h>

enum press {
	PRESS_NONE,
	PRESS_CHAR, /* `ch` is the character; a control character is PRESS_CTRL with its letter */
	PRESS_CTRL,
	PRESS_ALT, /* `ch` is the character in ASCII, or 0; or Esc and then this key, which arrived in one piece */
	PRESS_ENTER,
	PRESS_ESCAPE,
	PRESS_TAB,
	PRESS_BACK_TAB,
	PRESS_BACKSPACE,
	PRESS_DELETE,
	PRESS_UP,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_HOME,
	PRESS_END,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_PASTE, /* text */
	PRESS_CLICK, /* row, col */
	PRESS_WHEEL_UP,
	PRESS_WHEEL_DOWN,
	PRESS_ESCAPE_CANCELLED, /* the Esc before this press was not a key: it began a sequence that arrived in pieces */
	PRESS_CURSOR_POSITION,	/* row, col: cursor position reported by the terminal */
	PRESS_DEVICE_ATTRIBUTES, /* row: the terminal's class (62: VT220), col: 1 if the terminal shows sixels */
	PRESS_CELL_SIZE,	 /* row, col: height and width of a cell in pixels */
	PRESS_GRAPHICS_REPLY	 /* the terminal has replied that it shows pictures by kitty's protocol */
};

struct key {
	enum press press;
	uint32_t ch; /* Unicode scalar of PRESS_CHAR, lower-case letter of PRESS_CTRL */
	size_t row, col;
	const char *text; /* text of a paste: valid UTF-8; borrowed until the next key */
};

#endif
