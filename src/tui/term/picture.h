/*
 * Pictures in the pixels of the terminal, over the characters of the same cells: kitty's graphics protocol, or sixels.
 * Every byte is made here from checked pixels (tui/pixels.h); nothing of a file or of a converter is passed on. Private
 * to src/tui/term.
 */
#ifndef KYBDESK_TUI_PICTURE_H
#define KYBDESK_TUI_PICTURE_H

#include "kybdesk/tui/surface.h"

enum picture_way { PICTURE_NONE, PICTURE_KITTY, PICTURE_SIXEL };

struct pictures {
	enum picture_way way;
	size_t cell_width, cell_height; /* pixels */
	size_t most;			/* pixels of one picture; a larger one is sent smaller (kitty only) */
	struct picture_shown {
		struct surface_picture picture; /* without its pixels; no rows: none */
		uint64_t serial;
	} shown[SURFACE_PICTURES];
	bool sent[SURFACE_PICTURES]; /* the terminal may still hold it */
};

/* Whether the picture of that number is on the terminal just so. */
bool picture_is_shown(const struct pictures *pictures, size_t number, const struct surface_picture *picture);
/* Appends what removes the picture of that number, if the terminal may hold it: of kitty's protocol. Sixels go with their
 * cells. */
void picture_remove(struct pictures *pictures, size_t number, struct strbuf *out);
/* Appends a picture, with the cursor back in its place, and notes it as the one of that number. */
void picture_send(struct pictures *pictures, size_t number, const struct surface_picture *picture,
		  struct strbuf *out);

/* The protocols by themselves. */
void picture_kitty(struct strbuf *out, const struct pixels *pixels, unsigned id, size_t cols, size_t rows);
void picture_sixel(struct strbuf *out, const struct pixels *pixels, const struct pixels_part *part);

#endif
