/* Sixels: colours as a terminal's printer language of six rows at a time. Private to src/tui/term. */
#ifndef KYBDESK_TUI_SIXEL_H
#define KYBDESK_TUI_SIXEL_H

#include "kybdesk/tui/picture_data.h"

#define SIXEL_SIDE_MOST 960 /* of one graphic: xterm cuts at 1000 */

struct sixel_area {
	const unsigned char *colours; /* the first one's number (tui/picture_data.h) */
	size_t stride;		      /* colours from one row to the next */
	size_t width, height;	      /* at most SIXEL_SIDE_MOST each */
};
/* Appends the area as one graphic. */
void sixel_add(struct strbuf *out, const struct sixel_area *area);

#endif
