/* A surface is one frame of the screen as plain data: rows of cells, each a grapheme with a role. Screens draw on
 * the surface, src/tui/term paints it, tests read it as text. A surface does not depend on a terminal.
 *
 * All text passes text_display(), so that a cell never holds a control, bidi or zero-width character. Text that
 * does not fit ends with the mark "…" (ASCII "~"). Coordinates outside the surface are ignored, so that a resize is
 * harmless. */
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
	uint8_t width;	  /* 1 or 2; 0: the cell is the right half of the character in the previous cell */
	uint8_t role;	  /* enum theme_role */
	uint8_t style;	  /* bits of enum cell_style */
	bool is_ornament; /* the cell is only decoration: a line, a frame, the mark of the row under the cursor */
};

struct box {
	size_t row, col, rows, cols;
};
/* a - b for numbers of rows or cells; 0 if b is larger. */
static inline size_t sub_sat(size_t a, size_t b)
{
	return a > b ? a - b : 0;
}

static inline size_t clamp(size_t value, size_t least, size_t most)
{
	return value > most ? most : value < least ? least : value;
}
/* The box without its first `rows` rows. */
static inline struct box box_skip_rows(struct box box, size_t rows)
{
	return (struct box){ box.row + rows, box.col, sub_sat(box.rows, rows), box.cols };
}
/* One row of the box; number 0 is its first row. */
static inline struct box box_row(struct box box, size_t row)
{
	return (struct box){ box.row + row, box.col, 1, box.cols };
}

/* What a click in the zone means; a click in a ZONE_ACTION has no effect. */
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
	/* The shown part of the whole picture, in cells; the whole picture is whole_rows by whole_cols cells */
	struct box part;
	size_t whole_rows, whole_cols;
	uint64_t covered_cells_hash; /* hash of the covered cells, to detect whether later drawing covers the picture */
};
#define SURFACE_PICTURES 2

/* Data for the line-by-line output for screen readers (src/tui/term/linear.h), in addition to the cells. A box
 * without rows: the frame does not have this part. */
struct screen_reader_data {
	uint64_t screen_hash;	  /* a hash that identifies the screen or dialog */
	uint64_t tab_or_list_id;  /* a number that identifies the tab or list */
	struct box overlay;	  /* a dialog or overlay: only this box is read aloud */
	struct box title;	  /* title of the current tab or list */
	struct box focus;	  /* the selected item: a part of one row */
	struct box label;	  /* label of the list or switch that the selected item belongs to */
	struct box detail;	  /* explanation of the selected item */
	size_t column_titles_row; /* row with the column titles of a list; 0: none */
	bool has_status_row;	  /* status_row is the row of the status line */
	size_t status_row;
	bool is_temporary_frame; /* the frame is temporary: its content follows shortly */
	bool is_list_loading;	 /* the list is being read; if the list is new, its rows are still missing */
};

struct surface {
	size_t rows, cols;
	enum text_mode mode;
	bool is_spoken;	      /* for a screen reader: no content changes only with time (no clock, no seconds) */
	bool has_split_panes; /* panes are side by side, so scrolling one pane does not move whole rows of the screen */
	struct screen_reader_data screen_reader;
	struct cell *cells;
	bool is_cursor_shown;
	size_t cursor_row, cursor_col;
	/* Memory of this frame, until the next surface_begin(); drawing functions may use it, too */
	struct arena arena;
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
/* Writes one line of at most `width` cells; returns the number of cells written. */
size_t surface_put(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role,
		   const char *text);
void surface_put_aligned(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role,
			 enum text_align align, const char *text);
/* Blanks cells and sets their role. */
void surface_fill(struct surface *surface, struct box box, enum theme_role role);
/* Changes the role of the cells, and adds style bits; the texts stay. */
void surface_restyle(struct surface *surface, struct box box, enum theme_role role, unsigned style);
/* Makes all text muted, because an overlay in front has the focus. The bars of the header and the footer stay
 * visible as bars. */
void surface_dim_text(struct surface *surface);
void surface_draw_rule(struct surface *surface, size_t row, size_t col, size_t width, enum theme_role role);
/* Draws the border between two panes side by side, in the rows of the box. */
void surface_draw_border(struct surface *surface, struct box box, size_t col);
void surface_draw_frame(struct surface *surface, struct box box, enum theme_role role, const char *title);
size_t surface_text_width(struct surface *surface, const char *text); /* cells of the text in the mode of the surface */
/* The text as shown, cut with GLYPH_CUT or padded to `cells` cells; in the arena of the surface. */
char *surface_fit_text(struct surface *surface, const char *text, size_t cells);
/* The text as shown, wrapped into lines of at most `cells` cells; in the arena of the surface. */
char **surface_wrap_text(struct surface *surface, const char *text, size_t cells, size_t *count);
void surface_set_cursor(struct surface *surface, size_t row, size_t col);
/* Marks the box as the selected item: the terminal's cursor goes there, unless a text field has the cursor. */
void surface_set_focus(struct surface *surface, struct box box);
/* Colours the box as the selected item, and calls surface_set_focus(). */
void surface_select_box(struct surface *surface, struct box box);
/* Draws the mark of the cursor before a list row if `here` is true, else a blank. */
void surface_draw_pointer(struct surface *surface, size_t row, size_t col, bool here);
/* Begins an overlay: only the overlay's box gets clicks; the rest of the screen ignores them. */
void surface_begin_overlay(struct surface *surface, struct box box);

void surface_add_zone(struct surface *surface, struct box box, enum zone_kind kind, size_t index);
/* The topmost zone at a position, or NULL. */
const struct zone *surface_zone_at(const struct surface *surface, size_t row, size_t col);

/* Makes the text in the box a link to an address, on terminals that support links. The box must be a part of one
 * row. Ignores an address that surface_is_link() refuses. */
void surface_add_link(struct surface *surface, struct box box, const char *address);
/* Whether the address may be a link: http or https, with a host and without a user, in printable ASCII without
 * quotes, brackets and similar separators, at most LINK_BYTES_MAX bytes long. */
bool surface_is_link(const char *address);
#define LINK_BYTES_MAX 512

/* Puts a picture over the cells of its box. Terminals without pictures show the content of the cells instead. */
void surface_add_picture(struct surface *surface, const struct surface_picture *picture);
/* hash_add_bytes() adds bytes to a hash (FNV-1a); the first call gets HASH_BEGIN. */
#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)
uint64_t hash_add_bytes(uint64_t hash, const void *bytes, size_t length);
/* Whether nothing was drawn over the picture since surface_add_picture(). */
bool surface_picture_is_uncovered(const struct surface *surface, const struct surface_picture *picture);

/* For tests: one row as text without trailing spaces, in the arena. */
char *surface_row_text(struct arena *arena, const struct surface *surface, size_t row);

/* Writes texts one after another into one row, up to the column `end`. */
struct pen {
	struct surface *surface;
	size_t row, col, end;
};
struct pen pen_at(struct surface *surface, size_t row, size_t col, size_t width);
void pen_put(struct pen *pen, enum theme_role role, const char *text);
void pen_format(struct pen *pen, enum theme_role role, const char *format, ...) KYB_PRINTF(3, 4);

/* Pieces of one row: if space is short, whole pieces are dropped, the piece with the highest hide_rank first. */
struct row_piece {
	/* text "": the piece is omitted. The gap is written before the text, except before the first text of the
	 * row. */
	const char *text, *gap;
	enum theme_role role;
	unsigned hide_rank; /* 0: the piece is never dropped */
};
/* Drops pieces until the row fits into `cells` cells; the text of a dropped piece becomes "". Returns the number of
 * cells of the other pieces. */
size_t drop_pieces_to_fit(struct surface *surface, struct row_piece *pieces, size_t count, size_t cells);
void put_pieces(struct pen *pen, const struct row_piece *pieces, size_t count);

/* Writes a sentence that ends in row `last`; a sentence of several rows also covers the rows above. */
void surface_put_sentence(struct surface *surface, size_t last, enum theme_role role, const char *mark,
			  const char *text);

/* Wraps a text into the rows of the box. */
void surface_put_lines(struct surface *surface, struct box box, enum theme_role role, const char *text);

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
/* A bar of one cell; its height is value/most (0 shows the lowest step). */
const char *glyph_level(enum text_mode mode, int value, int most);
/* A bar of `cells` cells, of which value/most are filled; in the arena. */
char *glyph_bar(struct arena *arena, enum text_mode mode, int value, int most, size_t cells);

#endif
