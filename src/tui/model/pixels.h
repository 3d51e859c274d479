/* A picture as checked pixels: three bytes for each pixel (red, green, blue), and no other content of the source
 * file. The output of the confined converters is checked strictly: the picture must have exactly the size that its
 * header names. Pure. */
#ifndef KYBDESK_TUI_PIXELS_H
#define KYBDESK_TUI_PIXELS_H

#include "kybdesk/base/strbuf.h"

#include <stdbool.h>

#define PIXELS_REQUESTED_MAX ((size_t)6 << 20) /* maximum number of pixels requested from a converter */
/* Maximum number of pixels accepted; higher than PIXELS_REQUESTED_MAX, since chafa may use larger cells than assumed */
#define PIXELS_ACCEPTED_MAX (4 * PIXELS_REQUESTED_MAX)
#define PIXELS_SIDE_MAX ((size_t)20000) /* maximum width and height */

struct pixels {
	size_t width, height; /* 0: no picture */
	struct strbuf rgb;    /* width * height * 3 bytes */
};
struct pixels_part {
	size_t left, top, width, height;
};

void pixels_wipe(struct pixels *pixels);
/* Reads a binary pixmap (PPM, type P6, maximum value 255), as pdftoppm writes it. */
bool pixels_read_ppm(struct pixels *pixels, const struct strbuf *file);
/* Reads pixels in kitty's graphics protocol (f=32), as chafa writes them; a transparent pixel is blended with white. */
bool pixels_read_kitty(struct pixels *pixels, const struct strbuf *output);
/* Scales a part of the picture `from`; each new pixel is the mean of its source pixels. The part must be inside the
 * picture. */
void pixels_scale(struct pixels *pixels, const struct pixels *from, const struct pixels_part *part, size_t width,
		  size_t height);

#endif
