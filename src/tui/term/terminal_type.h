/* What curses does not tell of a terminal type: its terminfo description is read before curses is opened, and for output
 * without curses. The state is for one terminal; call the functions on the drawing thread. Private to src/tui/term. */
#ifndef KYBDESK_TUI_TERMINAL_TYPE_H
#define KYBDESK_TUI_TERMINAL_TYPE_H

#include "kybdesk/base/world.h"

struct terminal_type {
	/* Sequences that begin and end the use of the screen: the alternate screen, plain text, the keys' sequences that
	 * the decoder expects, a hidden cursor; their opposites. */
	char *entering, *leaving;
	/* It has sequences of ANSI (ECMA-48): requests and modes that its description does not have may work. */
	bool is_ansi;
	bool has_mouse;
	int colours;	   /* 0 none */
	bool direct_rgb;   /* the number of a colour is its RGB value */
	size_t rows, cols; /* 0 unknown */
};

/* Reads the description of the terminal type TERM. False: the type is unknown, or its cursor cannot be placed. Call
 * terminal_type_close() even if the result is false. */
bool terminal_type_open(struct terminal_type *type);
void terminal_type_close(struct terminal_type *type);

/* Whether the terminal supports links (OSC 8). True only for terminals that are known by name, and not inside a
 * multiplexer. Private to src/tui/term. */
bool supports_hyperlinks(const struct world *world);

#endif
