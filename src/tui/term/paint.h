/*
 * The only functions that write cells to the terminal. Cells that the terminal already shows are skipped. Private
 * to src/tui/term.
 */
#ifndef KYBDESK_TUI_PAINT_H
#define KYBDESK_TUI_PAINT_H

#include "colour.h"
#include "model/surface.h"
#include "picture.h"

#include <wchar.h>

/* The terminal's content. */
struct painted {
	struct cell *cells; /* a cell of unknown content equals no other */
	size_t rows, cols;
	/* The style in which the terminal would write a character now. */
	unsigned attributes;
	int foreground, background;
	bool cursor_shown;
	size_t cursor_row, cursor_col;
	/* Bytes written so far, without pictures, to estimate when a slow line has transferred them */
	size_t bytes;
	bool links; /* the terminal supports links */
	struct painted_link {
		struct box box;
		uint64_t hash;	     /* hash of its address */
		const char *address; /* borrowed; valid while the frame is painted */
	} * link_places;
	size_t link_count;
	struct pictures pictures;
};
/* Forgets the terminal's content: the next frame is written as a whole. */
void painted_release(struct painted *painted);
/* Appends the bytes that make the terminal show the surface. */
void painted_update(struct painted *painted, const struct surface *surface, const struct terminal_type *type,
		    const struct colour_style styles[THEME_ROLE_COUNT], struct strbuf *out);

/* The last check of a cell before the terminal, for every output path; private to src/tui/term. */
/* Writes at most `most` code points of a cell to `out`, followed by a zero; returns their number. A character that
 * must not reach the terminal is a bug and ends the program. */
size_t cell_decode(const struct cell *cell, enum text_mode mode, wchar_t *out, size_t most);

#endif
