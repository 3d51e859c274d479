/* The terminal's capabilities and escape sequences, from its terminfo description. The state is for one terminal;
 * call the functions on the drawing thread. Private to src/tui/term. */
#ifndef KYBDESK_TUI_TERMINAL_TYPE_H
#define KYBDESK_TUI_TERMINAL_TYPE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

/* Attributes as bits, in the order of the first members of enum sequence. */
enum attribute {
	ATTRIBUTE_BOLD = 1,
	ATTRIBUTE_DIM = 2,
	ATTRIBUTE_ITALIC = 4,
	ATTRIBUTE_UNDERLINE = 8,
	ATTRIBUTE_REVERSE = 16
};
#define ATTRIBUTE_COUNT 5

enum sequence {
	SEQUENCE_BOLD,			  /* then the other attributes, in the order of enum attribute */
	SEQUENCE_PLAIN = ATTRIBUTE_COUNT, /* resets attributes and colours */
	SEQUENCE_DEFAULT_COLOURS,
	SEQUENCE_ENTER_SCREEN, /* enters the alternate screen */
	SEQUENCE_LEAVE_SCREEN,
	SEQUENCE_KEYS_ON, /* makes the keys send the sequences that the decoder expects */
	SEQUENCE_KEYS_OFF,
	SEQUENCE_SHOW_CURSOR,
	SEQUENCE_HIDE_CURSOR,
	SEQUENCE_CLEAR_SCREEN,
	SEQUENCE_ERASE_ROW_END, /* erases the row from the cursor on */
	SEQUENCE_SCROLL_UP,	/* scrolls the region up; the cursor must be in the last row of the region */
	SEQUENCE_SCROLL_DOWN,	/* scrolls the region down; the cursor must be in the first row of the region */
	/* The sequences from here on have numbers as parameters: */
	SEQUENCE_MOVE_CURSOR,	/* row, column */
	SEQUENCE_ERASE_CELLS,	/* number of cells to erase from the cursor on; the cursor does not move */
	SEQUENCE_SCROLL_REGION, /* first and last row of the region that scrolls */
	SEQUENCE_FOREGROUND,
	SEQUENCE_BACKGROUND, /* number of a colour */
	SEQUENCE_COUNT
};

struct terminal_type {
	/* "": not supported. A sequence with parameters has the form of terminfo, with %p1 and %p2. */
	char *sequences[SEQUENCE_COUNT];
	bool has_decimals_only[SEQUENCE_COUNT]; /* the sequence has only plain decimal numbers as parameters */
	/* Erased cells get the current background colour, not the terminal's default colour */
	bool has_bce;
	bool no_corner_scroll; /* writing the last cell of the screen does not scroll the screen */
	bool has_mouse;
	int colours;	 /* 0 none */
	bool direct_rgb; /* the number of a colour is its RGB value */
	/* Supported attributes: without colours, and together with colours */
	unsigned attribute_bits, coloured_attribute_bits;
	size_t rows, cols; /* 0 unknown */
};

/* Reads the description of the terminal type TERM. False: the type is unknown, or its cursor cannot be placed. Call
 * terminal_type_close() even if the result is false. */
bool terminal_type_open(struct terminal_type *type);
void terminal_type_close(struct terminal_type *type);
/* Appends the sequence with the numbers first and second as parameters; a sequence with fewer parameters ignores
 * the rest of the numbers. */
void terminal_type_add_sequence(const struct terminal_type *type, struct strbuf *out, enum sequence sequence,
				size_t first, size_t second);

/* Whether the terminal supports links (OSC 8). True only for terminals that are known by name, and not inside a
 * multiplexer. Private to src/tui/term. */
bool supports_hyperlinks(const struct world *world);

#endif
