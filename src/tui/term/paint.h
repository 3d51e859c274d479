/* The only functions that write cells to the terminal: they pass a frame to curses, which writes the cells that the
 * terminal does not show yet. Private to src/tui/term. */
#ifndef KYBDESK_TUI_PAINT_H
#define KYBDESK_TUI_PAINT_H

#include "colour.h"
#include "model/surface.h"
#include "picture.h"

#include <signal.h>
#include <stdio.h>
#include <wchar.h>

/* The content that the terminal shows. */
struct painted_screen {
	struct screen *curses;	 /* curses' SCREEN; NULL: not open */
	FILE *stream;		 /* borrowed */
	struct sigaction before; /* what SIGTSTP did before curses was opened */
	struct cell *cells;	 /* the last frame; NULL: what the terminal shows is unknown */
	size_t rows, cols;
	bool is_cursor_shown;
	/* An estimate of the bytes written so far, rather too high, without pictures: to estimate when a slow connection
	 * has transferred them */
	size_t byte_count;
	bool supports_links; /* the terminal supports links, and links are allowed */
	struct painted_link {
		struct box box;
		uint64_t hash;			 /* hash of the link's address */
		const char *address;		 /* borrowed; valid while the frame is painted */
		size_t written_from, written_to; /* columns of its row that curses may write in this frame */
	} * painted_links;
	size_t link_count;
	struct pictures pictures;
};
/* Starts curses on `stream`, the terminal, and enters the alternate screen. Sets the terminal to curses' own modes: set
 * others afterwards. False: out of memory. Call painted_close() only after true. */
bool painted_open(struct painted_screen *painted_screen, FILE *stream) KYB_MUST_USE;
void painted_close(struct painted_screen *painted_screen);
/* Forgets what the terminal shows, so that the next frame is written completely. */
void painted_release(struct painted_screen *painted_screen);
/* Makes the terminal show the surface. Appends to `out` what must be written to the terminal afterwards: links and
 * pictures, which curses does not know. */
void painted_update(struct painted_screen *painted_screen, const struct surface *surface,
		    const struct colour_style styles[THEME_ROLE_COUNT], struct strbuf *out);

/* The last check of each cell before its text reaches the terminal, for all kinds of output; private to
 * src/tui/term. */
/* Writes the code points of a cell to `out`, at most `most`, followed by a zero; returns their number. If a
 * character must not reach the terminal, this is a bug of the program, and the program ends. */
size_t cell_decode(const struct cell *cell, enum text_mode mode, wchar_t *out, size_t most);

#endif
