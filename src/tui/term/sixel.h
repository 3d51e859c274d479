/* Encodes pictures as sixels, a format of printers and terminals: six rows of pixels at a time. Private to
 * src/tui/term. */
#ifndef KYBDESK_TUI_SIXEL_H
#define KYBDESK_TUI_SIXEL_H

#include "kybdesk/tui/picture_data.h"

#define SIXEL_SIDE_MOST 960 /* limit of one graphic: xterm cuts at 1000 */

struct sixel_area {
	const unsigned char *colours; /* number of the first pixel's colour (tui/picture_data.h) */
	size_t stride;		      /* colours from one row to the next */
	size_t width, height;	      /* at most SIXEL_SIDE_MOST each */
};
/* Appends the area as one graphic. */
void sixel_add(struct strbuf *out, const struct sixel_area *area);

#endif
