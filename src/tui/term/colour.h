/* Roles of a theme as curses attributes, mapped down to what the terminal has. */
#ifndef KYBDESK_TUI_COLOUR_H
#define KYBDESK_TUI_COLOUR_H

#include "kybdesk/codec/theme_codec.h"

struct colour_style {
	unsigned long attributes; /* attr_t */
	int pair;
};
/* Of the 256: the six by six by six cube and the greys behind it, 16 to 255, as every terminal has them. */
int32_t colour_cube_rgb(int index);
/* The nearest of 8, 16, or of those that are fixed among 256. */
int colour_nearest(int32_t rgb, int count);
void colour_prepare(const struct theme *theme, bool no_color, struct colour_style styles[THEME_ROLE_COUNT]);

#endif
