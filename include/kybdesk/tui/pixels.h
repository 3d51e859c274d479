/*
 * A picture as checked pixels: three bytes each (red, green, blue), and nothing else of the file it was made from.
 * The confined converters' output is read strictly: anything except a picture of exactly the announced size is
 * refused. Pure.
 */
#ifndef KYBDESK_TUI_PIXELS_H
#define KYBDESK_TUI_PIXELS_H

#include "kybdesk/base/strbuf.h"

#include <stdbool.h>

#define PIXELS_WANTED ((size_t)6 << 20)	 /* the most that a converter is asked for */
#define PIXELS_MOST (4 * PIXELS_WANTED)	 /* the most that is accepted: the size of chafa's own cell is not known */
#define PIXELS_SIDE_MOST ((size_t)20000) /* of either side */

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
