/* The only functions that write cells to the terminal. They skip cells that the terminal already shows. Private to
 * src/tui/term. */
#ifndef KYBDESK_TUI_PAINT_H
#define KYBDESK_TUI_PAINT_H

#include "colour.h"
#include "model/surface.h"
#include "picture.h"

#include <wchar.h>

/* The content that the terminal shows. */
struct painted_screen {
	struct cell *cells; /* the cells on the terminal; a cell with unknown content differs from every cell */
	size_t rows, cols;
	/* Attributes that the terminal uses for the next character; the colours are in the next members. */
	unsigned attribute_bits;
	int foreground, background;
	bool is_cursor_shown;
	size_t cursor_row, cursor_col;
	/* number of bytes written so far, without pictures: to estimate when a slow connection has transferred them */
	size_t byte_count;
	bool supports_links; /* the terminal supports links, and links are allowed */
	struct painted_link {
		struct box box;
		uint64_t hash;	     /* hash of the link's address */
		const char *address; /* borrowed; valid while the frame is painted */
	} * painted_links;
	size_t link_count;
	struct pictures pictures;
};
/* Forgets what the terminal shows, so that the next frame is written completely. */
void painted_release(struct painted_screen *painted_screen);
/* Appends the bytes that make the terminal show the surface. */
void painted_update(struct painted_screen *painted_screen, const struct surface *surface,
		    const struct terminal_type *type, const struct colour_style styles[THEME_ROLE_COUNT],
		    struct strbuf *out);

/* The last check of each cell before its text reaches the terminal, for all kinds of output; private to
 * src/tui/term. */
/* Writes the code points of a cell to `out`, at most `most`, followed by a zero; returns their number. If a
 * character must not reach the terminal, this is a bug of the program, and the program ends. */
size_t cell_decode(const struct cell *cell, enum text_mode mode, wchar_t *out, size_t most);

#endif
