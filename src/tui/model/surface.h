/*
 * A surface is one frame of the screen as plain data: rows of cells, each a grapheme with a role. Screens draw on it,
 * src/tui/term paints it, tests read it as text. It does not depend on a terminal.
 *
 * All text passes text_display(), so that a cell never holds a control, bidi or zero-width character. Text that does
 * not fit ends with the mark "…" (ASCII "~"). Coordinates outside the surface are ignored, so that a resize is
 * harmless.
 */
#ifndef KYBDESK_TUI_SURFACE_H
#define KYBDESK_TUI_SURFACE_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/theme_codec.h"
#include "model/picture_data.h"

#define CELL_TEXT_SIZE 24 /* a base character and four marks need at most 20 bytes */
enum cell_style { CELL_BOLD = 1, CELL_UNDERLINE = 2, CELL_REVERSE = 4 };

struct cell {
	char text[CELL_TEXT_SIZE];
	uint8_t length;
	uint8_t width; /* 1 or 2; 0: the right half of the cell before */
	uint8_t role;  /* enum theme_role */
	uint8_t style; /* bits of enum cell_style */
	bool ornament; /* visual only: a rule, a frame, the mark of the row under the cursor */
};

struct box {
	size_t row, col, rows, cols;
};
/* Computes a - b for numbers of rows or cells; 0 if b is larger. */
static inline size_t sub_sat(size_t a, size_t b)
{
	return a > b ? a - b : 0;
}

static inline size_t clamp(size_t value, size_t least, size_t most)
{
	return value > most ? most : value < least ? least : value;
}
/* The box without its first `rows` rows. */
static inline struct box box_below(struct box box, size_t rows)
{
	return (struct box){ box.row + rows, box.col, sub_sat(box.rows, rows), box.cols };
}
/* One row of the box; row 0 is the first. */
static inline struct box box_row(struct box box, size_t row)
{
	return (struct box){ box.row + row, box.col, 1, box.cols };
}

/* Meaning of a click in a zone; a click in ZONE_ACTION has no effect. */
enum zone_kind {
	ZONE_NONE,
	ZONE_INBOX,
	ZONE_QUEUE,
	ZONE_TAB,
	ZONE_CHECKLIST,
	ZONE_GRID,
	ZONE_DETAIL, /* the open item next to its case */
	ZONE_BUTTON,
	ZONE_FIELD,
	ZONE_ACTION
};
struct zone {
	struct box box;
	enum zone_kind kind;
	size_t index;
};

/* Cells in one row that link to an address. */
struct surface_link {
	struct box box;
	const char *address; /* in the arena of the surface */
};

/* A picture that covers characters; terminals without pictures show the characters. */
struct surface_picture {
	struct box box;		   /* covered cells */
	struct picture_data *data; /* borrowed until the next frame */
	struct box part;	   /* part of the whole picture, which is of_rows by of_cols cells */
	size_t of_rows, of_cols;
	uint64_t below; /* hash of the covered cells, to detect later drawing over the picture */
};
#define SURFACE_PICTURES 2

/* Data in addition to the cells, for line-by-line output for screen readers (src/tui/term/linear.h). A box without
 * rows: the frame has no such part. */
struct surface_speech {
	uint64_t scene;	     /* changes with the screen or dialog */
	uint64_t page;	     /* changes with the tab or list */
	struct box front;    /* a dialog or overlay: only this box is read aloud */
	struct box title;    /* title of the current tab or list */
	struct box focus;    /* the selected item, in one row */
	struct box label;    /* label of the selected item's list or switch */
	struct box detail;   /* more about the selected item */
	size_t titles_row;   /* row of a list's column titles; 0: none */
	bool has_status_row; /* status_row is the row of the status line */
	size_t status_row;
	bool is_interim; /* temporary: the content follows shortly */
	bool loading;	 /* the list is being read: a new page is still empty */
};

struct surface {
	size_t rows, cols;
	enum text_mode mode;
	bool is_static; /* no content that changes only with time: no clock, no seconds */
	bool is_split;	/* panes are side by side: scrolling one pane does not scroll whole rows */
	struct surface_speech speech;
	struct cell *cells;
	bool cursor_shown;
	size_t cursor_row, cursor_col;
	struct arena arena; /* memory of one frame, until the next surface_begin(); also for drawing functions */
	struct zone *zones; /* in the arena */
	size_t zone_count, zone_capacity;
	struct surface_link *links; /* in the arena */
	size_t link_count, link_capacity;
	struct surface_picture pictures[SURFACE_PICTURES];
	size_t picture_count;
	struct strbuf scratch;
};

void surface_init(struct surface *surface, enum text_mode mode);
void surface_release(struct surface *surface);
/* Sets the size; clears all cells, zones and the cursor. */
void surface_begin(struct surface *surface, size_t rows, size_t cols);

const struct cell *surface_cell(const struct surface *surface, size_t row, size_t col);
/* Writes one line, at most width cells; returns the cells used. */
size_t surface_put(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role,
		   const char *text);
void surface_put_aligned(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role,
			 enum text_align align, const char *text);
/* Blanks cells and sets their role. */
void surface_fill(struct surface *surface, struct box box, enum theme_role role);
/* Changes only the role of the cells, and adds style bits. */
void surface_restyle(struct surface *surface, struct box box, enum theme_role role, unsigned style);
/* Turns all colours into plain grey, because an overlay in front has the focus. Bars stay visible as bars. */
void surface_dim(struct surface *surface);
void surface_rule(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role);
/* Draws the border between two panes side by side, in the rows of the box. */
void surface_border(struct surface *surface, struct box box, size_t col);
void surface_frame(struct surface *surface, struct box box, enum theme_role role, const char *title);
size_t surface_width(struct surface *surface, const char *text); /* cells of the text in this mode */
/* The text as shown, cut to `cells` with GLYPH_CUT, or padded; in the arena of the surface. */
char *surface_fitted(struct surface *surface, const char *text, size_t cells);
/* The text as shown, in lines of at most `cells`; in the arena of the surface. */
char **surface_wrapped(struct surface *surface, const char *text, size_t cells, size_t *count);
void surface_cursor(struct surface *surface, size_t row, size_t col);
/* Marks the row as selected: the terminal's cursor goes there, unless a text field has the cursor. */
void surface_focus(struct surface *surface, struct box box);
/* Colours the row as selected, and calls surface_focus(). */
void surface_select(struct surface *surface, struct box box);
/* Draws the mark before a list row if `here` (the row has the cursor). */
void surface_pointer(struct surface *surface, size_t row, size_t col, bool here);
/* Starts an overlay: later drawing covers the rest of the screen, which ignores clicks. */
void surface_begin_overlay(struct surface *surface, struct box box);

void surface_zone(struct surface *surface, struct box box, enum zone_kind kind, size_t index);
/* The topmost zone at a position, or NULL. */
const struct zone *surface_zone_at(const struct surface *surface, size_t row, size_t col);

/* Links the text in the box, a part of one row, to an address, on capable terminals. Ignores an address that
 * surface_is_link() refuses. */
void surface_link(struct surface *surface, struct box box, const char *address);
/* Whether the address is http or https, with a host and without a user, in printable ASCII without quotes, brackets
 * and similar separators, at most LINK_BYTES_MAX long. */
bool surface_is_link(const char *address);
#define LINK_BYTES_MAX 512

/* Puts a picture over the cells of its box. The cells hold the content for terminals without pictures. */
void surface_picture(struct surface *surface, const struct surface_picture *picture);
/* Adds bytes to a hash (FNV-1a); a new hash starts as HASH_BEGIN. */
#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)
uint64_t hash_add(uint64_t hash, const void *bytes, size_t length);
/* Whether nothing was drawn over the picture since surface_picture(). */
bool surface_picture_is_free(const struct surface *surface, const struct surface_picture *picture);

/* For tests: one row as text without trailing spaces, in the arena. */
char *surface_row_text(struct arena *arena, const struct surface *surface, size_t row);

/* Writes pieces one after another in one row, up to its right end. */
struct pen {
	struct surface *surface;
	size_t row, col, end;
};
struct pen pen_at(struct surface *surface, size_t row, size_t col, size_t width);
void pen_put(struct pen *pen, enum theme_role role, const char *text);
void pen_format(struct pen *pen, enum theme_role role, const char *format, ...) KYB_PRINTF(3, 4);

/* Pieces of one row: if space is short, whole pieces are dropped, the highest `leave` first. */
struct piece {
	/* Text "": no piece; the gap is written before the text, except at the first piece */
	const char *text, *gap;
	enum theme_role role;
	unsigned hide_rank; /* 0: never dropped */
};
/* Empties the pieces that do not fit; returns the number of cells of the other pieces. */
size_t pieces_fit(struct surface *surface, struct piece *pieces, size_t count, size_t cells);
void pieces_put(struct pen *pen, const struct piece *pieces, size_t count);

/* Writes a sentence in row `last`; a longer sentence also covers the rows above. */
void surface_sentence(struct surface *surface, size_t last, enum theme_role role, const char *mark,
		      const char *text);

/* Wraps a text over the lines of the box. */
void surface_lines(struct surface *surface, struct box box, enum theme_role role, const char *text);

/* Marks of the interface: in UTF-8 and in ASCII. */
/* clang-format off */
#define GLYPHS(X)                                                                                                  \
	X(CUT, "…", "~")                                                                                           \
	X(CURSOR, "▸", ">")                                                                                        \
	X(VERTICAL, "│", "|")                                                                                      \
	X(HORIZONTAL, "─", "-")                                                                                    \
	X(CORNER_TOP_LEFT, "┌", "+")                                                                               \
	X(CORNER_TOP_RIGHT, "┐", "+")                                                                              \
	X(CORNER_BOTTOM_LEFT, "└", "+")                                                                            \
	X(CORNER_BOTTOM_RIGHT, "┘", "+")                                                                           \
	X(CROSS_DOWN, "┬", "+") /* a vertical line begins below a horizontal one */                                \
	X(TEE_RIGHT, "├", "+") /* a horizontal line begins at a vertical one */                                    \
	X(TEE_LEFT, "┤", "+") /* a horizontal line ends at a vertical one */                                       \
	X(MET, "✓", "+")                                                                                           \
	X(UNMET, "✗", "x")                                                                                         \
	X(UNKNOWN, "?", "?")                                                                                       \
	X(ARROW, "→", "->")                                                                                        \
	X(BACK, "‹", "<")                                                                                          \
	X(DOT, "·", "-")                                                                                           \
	X(DASH, "—", "-")                                                                                          \
	X(BULLET, "●", "*")                                                                                        \
	X(TREE_BRANCH, "├─ ", "|- ")                                                                               \
	X(TREE_LAST, "└─ ", "`- ")                                                                                 \
	X(TREE_LINE, "│  ", "|  ")                                                                                 \
	X(TIMES, "×", "x")                                                                                         \
	X(MORE_UP, "↑", "^")                                                                                       \
	X(MORE_DOWN, "↓", "v")                                                                                     \
	X(BLANK_LINE, "_", "_") /* background of a text field */                                                   \
	X(RETURNED, "↩", "r")                                                                                      \
	X(SAME, "=", "=") /* two values side by side are equal */                                                  \
	X(CLOSE, "≈", "~")                                                                                         \
	X(DIFFERS, "≠", "!=")
#define GLYPH_NAME(name, ...) GLYPH_##name,
enum glyph { GLYPHS(GLYPH_NAME) GLYPH_COUNT };
#undef GLYPH_NAME
/* clang-format on */
const char *glyph_text(enum text_mode mode, enum glyph glyph);
/* One cell that grows with value/most (0 shows the lowest step). */
const char *glyph_level(enum text_mode mode, int value, int most);
/* A bar of `cells` cells, filled by value/most; in the arena. */
char *glyph_bar(struct arena *arena, enum text_mode mode, int value, int most, size_t cells);

#endif
