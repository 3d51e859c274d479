/*
 * A surface is one frame of the screen as plain data: rows of cells, each a
 * grapheme with a role. Screens draw here; src/tui/term paints it; tests read
 * it as text. Nothing here knows a terminal.
 *
 * Every text that is put here goes through text_display() (workbench.md,
 * "Untrusted text"), so that a cell never holds a control, bidi or zero-width
 * character. Text that does not fit ends with the mark "…" (ASCII "~").
 * Coordinates outside the surface are ignored: a resize can never do harm.
 */
#ifndef KYBDESK_TUI_SURFACE_H
#define KYBDESK_TUI_SURFACE_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/theme_codec.h"

#define CELL_TEXT_SIZE 24 /* a base character and four marks need at most 20 bytes */
enum cell_style { CELL_BOLD = 1, CELL_UNDERLINE = 2, CELL_REVERSE = 4 };

struct cell {
	char text[CELL_TEXT_SIZE];
	uint8_t length;
	uint8_t width; /* 1 or 2; 0: the right half of the cell before */
	uint8_t role;  /* enum theme_role */
	uint8_t style; /* bits of enum cell_style */
	bool ornament; /* for the eye alone: a rule, a frame, the mark of the row under the cursor */
};

struct box {
	size_t row, col, rows, cols;
};

/* What a click on a place means; on an action of the palette, nothing. */
enum zone_kind {
	ZONE_NONE,
	ZONE_INBOX,
	ZONE_QUEUE,
	ZONE_TAB,
	ZONE_CHECKLIST,
	ZONE_GRID,
	ZONE_DETAIL, /* what is open beside its case */
	ZONE_BUTTON,
	ZONE_FIELD,
	ZONE_ACTION
};
struct zone {
	struct box box;
	enum zone_kind kind;
	size_t index;
};

/* One row of cells that stand for an address. */
struct surface_link {
	struct box box;
	const char *address; /* the surface's */
};

/* What the cells do not tell who hears them line by line (src/tui/term/linear.h). */
struct surface_aloud {
	uint64_t scene;	   /* another number: another screen or dialog */
	uint64_t page;	   /* another number: another tab or list of it */
	struct box front;  /* a dialog, or what covers the screen: it alone is heard; no rows: there is none */
	struct box title;  /* the tab or list that is shown, among the others; no rows: none */
	struct box focus;  /* what is selected, in one row; no rows: nothing is */
	struct box label;  /* of the list or switch it is in; no rows: it has none */
	struct box detail; /* more about what is selected; no rows: nothing */
	size_t titles_row; /* of a list's columns; 0: it has none */
	bool has_news;	   /* the row of the status line */
	size_t news_row;
	bool passing; /* it says in a moment what it has to say */
	bool coming;  /* its list is being read: of another page nothing is there yet */
};

struct surface {
	size_t rows, cols;
	enum text_mode mode;
	bool still; /* nothing is drawn that changes by the time alone: no clock, no seconds */
	bool paned; /* rows hold what belongs to several panes: where one scrolls, the rows do not */
	struct surface_aloud aloud;
	struct cell *cells;
	bool cursor_shown;
	size_t cursor_row, cursor_col;
	struct zone *zones;
	size_t zone_count, zone_capacity;
	struct surface_link *links;
	size_t link_count, link_capacity;
	struct arena link_texts;
	struct strbuf scratch;
};

void surface_init(struct surface *surface, enum text_mode mode);
void surface_release(struct surface *surface);
/* Sets the size and empties every cell, zone and the cursor. */
void surface_begin(struct surface *surface, size_t rows, size_t cols);

const struct cell *surface_cell(const struct surface *surface, size_t row, size_t col);
/* One line put at most width cells wide; returns the cells used. */
size_t surface_put(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role,
		   const char *text);
void surface_put_aligned(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role,
			 enum text_align align, const char *text);
/* Blank cells with a role; keeps nothing of what was there. */
void surface_fill(struct surface *surface, struct box box, enum theme_role role);
/* Changes only the role (and adds style bits) of what is there. */
void surface_dye(struct surface *surface, struct box box, enum theme_role role, unsigned style);
void surface_rule(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role);
void surface_frame(struct surface *surface, struct box box, enum theme_role role, const char *title);
size_t surface_width(struct surface *surface, const char *text); /* cells that text needs here */
/* A text as it is shown, cut to so many cells with the mark; shorter ones are padded. */
char *surface_fitted(struct arena *arena, const struct surface *surface, const char *text, size_t cells);
void surface_cursor(struct surface *surface, size_t row, size_t col);
/* What stands in the row is selected: the terminal's cursor stands there, unless text is typed somewhere. */
void surface_focus(struct surface *surface, struct box box);
/* The mark before a row of a list, where it is the one `here`. */
void surface_pointer(struct surface *surface, size_t row, size_t col, bool here);
/* What is drawn from here on covers the rest, which takes no clicks either. */
void surface_front(struct surface *surface, struct box box);

void surface_zone(struct surface *surface, struct box box, enum zone_kind kind, size_t index);
/* The topmost zone at a place, or NULL. */
const struct zone *surface_zone_at(const struct surface *surface, size_t row, size_t col);

/* The text in that part of a row is an address: a terminal that can opens it. What is no plain http address of reasonable
 * length is none (surface_is_link()), whoever says so. */
void surface_link(struct surface *surface, struct box box, const char *address);
/* http or https, a host without a user, printable ASCII that no sequence and no list is made of, at most LINK_BYTES_MAX. */
bool surface_is_link(const char *address);
#define LINK_BYTES_MAX 512

/* For tests: one row as text without trailing spaces, in the arena. */
char *surface_row_text(struct arena *arena, const struct surface *surface, size_t row);

/* A pen writes pieces one after another in one row, up to a right end. */
struct pen {
	struct surface *surface;
	size_t row, col, end;
};
struct pen pen_at(struct surface *surface, size_t row, size_t col, size_t width);
void pen_put(struct pen *pen, enum theme_role role, const char *text);
void pen_format(struct pen *pen, enum theme_role role, const char *format, ...) KYB_PRINTF(3, 4);
void pen_skip(struct pen *pen, size_t cells);

/* Pieces of one row (workbench.md "Layout"): what finds no room leaves whole, the one with the highest `leave` first. */
struct piece {
	const char *text, *gap; /* "" it is not there; the gap stands before it when something is */
	enum theme_role role;
	unsigned leave; /* 0: it never leaves */
};
/* Empties the pieces that do not fit; the cells that the others take. */
size_t pieces_fit(struct surface *surface, struct piece *pieces, size_t count, size_t cells);
void pieces_put(struct pen *pen, const struct piece *pieces, size_t count);

/* A sentence in its first row's place, `last`, or over the rows above it where it needs more. */
void surface_sentence(struct surface *surface, size_t last, enum theme_role role, const char *mark,
		      const char *text);

/* Over as many lines as it needs, of the box. */
void surface_lines(struct surface *surface, struct box box, enum theme_role role, const char *text);

/* Our own marks, in both modes. */
enum glyph {
	GLYPH_CUT,
	GLYPH_CURSOR,
	GLYPH_VERTICAL,
	GLYPH_HORIZONTAL,
	GLYPH_CORNER_TOP_LEFT,
	GLYPH_CORNER_TOP_RIGHT,
	GLYPH_CORNER_BOTTOM_LEFT,
	GLYPH_CORNER_BOTTOM_RIGHT,
	GLYPH_CROSS_DOWN, /* a vertical line begins below a horizontal one */
	GLYPH_MET,
	GLYPH_UNMET,
	GLYPH_UNKNOWN,
	GLYPH_ARROW,
	GLYPH_BACK,
	GLYPH_DOT,
	GLYPH_DASH,
	GLYPH_BULLET,
	GLYPH_TREE_BRANCH,
	GLYPH_TREE_LAST,
	GLYPH_TREE_LINE,
	GLYPH_TIMES,
	GLYPH_MORE_UP,
	GLYPH_MORE_DOWN,
	GLYPH_BLANK_LINE, /* the ground of a text field */
	GLYPH_RETURNED,
	GLYPH_SAME, /* of two values side by side */
	GLYPH_CLOSE,
	GLYPH_DIFFERS
};
#define GLYPH_COUNT 28
const char *glyph_text(enum text_mode mode, enum glyph glyph);
/* One cell that grows with value/most (0 shows the lowest step). */
const char *glyph_level(enum text_mode mode, int value, int most);
/* A bar of `cells` cells, filled by value/most; in the arena. */
char *glyph_bar(struct arena *arena, enum text_mode mode, int value, int most, size_t cells);

#endif
