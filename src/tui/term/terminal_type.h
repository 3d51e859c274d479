/*
 * The terminal's capabilities and sequences, from its description (terminfo). One terminal at a time, on the
 * drawing thread. Private to src/tui/term.
 */
#ifndef KYBDESK_TUI_TERMINAL_TYPE_H
#define KYBDESK_TUI_TERMINAL_TYPE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

/* Bits, in the order of the members of enum sequence. */
enum attribute {
	ATTRIBUTE_BOLD = 1,
	ATTRIBUTE_DIM = 2,
	ATTRIBUTE_ITALIC = 4,
	ATTRIBUTE_UNDERLINE = 8,
	ATTRIBUTE_REVERSE = 16
};
#define ATTRIBUTE_COUNT 5

enum sequence {
	SEQUENCE_BOLD,			  /* followed by the other attributes */
	SEQUENCE_PLAIN = ATTRIBUTE_COUNT, /* resets attributes and colours */
	SEQUENCE_OWN_COLOURS,
	SEQUENCE_ENTER, /* the alternate screen */
	SEQUENCE_LEAVE,
	SEQUENCE_KEYS, /* makes the keys send the sequences that the decoder expects */
	SEQUENCE_KEYS_OFF,
	SEQUENCE_CURSOR,
	SEQUENCE_CURSOR_OFF,
	SEQUENCE_CLEAR,
	SEQUENCE_ERASE_REST, /* erases the rest of the row */
	SEQUENCE_UP,	     /* scrolls the region, with the cursor in its last row */
	SEQUENCE_DOWN,	     /* scrolls down, with the cursor in its first row */
	/* Sequences with numbers: */
	SEQUENCE_MOVE,	 /* row, column */
	SEQUENCE_ERASE,	 /* number of cells, from the cursor on; the cursor does not move */
	SEQUENCE_REGION, /* first and last row */
	SEQUENCE_FOREGROUND,
	SEQUENCE_BACKGROUND, /* number of a colour */
	SEQUENCE_COUNT
};

struct terminal_type {
	/* "": not supported; sequences with parameters are stored as in the description */
	char *sequences[SEQUENCE_COUNT];
	bool decimal_only[SEQUENCE_COUNT]; /* the parameters are plain decimal numbers */
	bool has_bce;			   /* erased cells get the current background, not the terminal's own */
	bool no_corner_scroll;		   /* the last cell can be written without scrolling */
	bool has_mouse;
	int colours;				  /* 0 none */
	bool direct_rgb;			  /* a colour's number is its RGB */
	unsigned attributes, attributes_coloured; /* supported without colours, and with colours */
	size_t rows, cols;			  /* 0 unknown */
};

/* Reads the description of TERM. False: TERM is unknown, or its cursor cannot be placed. Call terminal_type_close()
 * in any case. */
bool terminal_type_open(struct terminal_type *type);
void terminal_type_close(struct terminal_type *type);
/* Appends the sequence with its numbers; a sequence with fewer numbers ignores the others. */
void terminal_type_add(const struct terminal_type *type, struct strbuf *out, enum sequence sequence, size_t first,
		       size_t second);

/* Whether a terminal supports links (OSC 8); private to src/tui/term. */
/* True only for terminals known by name, and not inside a multiplexer. */
bool supports_hyperlinks(const struct world *world);

#endif
