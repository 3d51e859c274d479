/*
 * A picture as checked pixels: three bytes each (red, green, blue), and no other content of the source file. The
 * output of the confined converters is checked strictly: only a picture of exactly the announced size is accepted.
 * Pure.
 */
#ifndef KYBDESK_TUI_PIXELS_H
#define KYBDESK_TUI_PIXELS_H

#include "kybdesk/base/strbuf.h"

#include <stdbool.h>

#define PIXELS_WANTED ((size_t)6 << 20)	 /* maximum number of pixels requested from a converter */
#define PIXELS_MOST (4 * PIXELS_WANTED)	 /* maximum number accepted: the cell size that chafa assumes is unknown */
#define PIXELS_SIDE_MOST ((size_t)20000) /* maximum width and height */

struct pixels {
	size_t width, height; /* 0: no picture */
	struct strbuf rgb;    /* width * height * 3 bytes */
};
struct pixels_part {
	size_t left, top, width, height;
};

void pixels_wipe(struct pixels *pixels);
/* Reads a binary pixmap (P6, 255), as pdftoppm writes it. */
bool pixels_read_ppm(struct pixels *pixels, const struct strbuf *file);
/* Reads pixels of kitty's graphics protocol (f=32), as chafa writes them; transparent ones on white. */
bool pixels_read_kitty(struct pixels *pixels, const struct strbuf *output);
/* Scales a part of the picture; each pixel is the mean of its source pixels. The part must be inside the
 * picture. */
void pixels_scale(struct pixels *pixels, const struct pixels *from, const struct pixels_part *part, size_t width,
		  size_t height);

#endif
