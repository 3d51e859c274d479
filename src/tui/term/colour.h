/* Roles of a theme as curses attributes, mapped down to what the terminal has. */
#ifndef KYBDESK_TUI_COLOUR_H
#define KYBDESK_TUI_COLOUR_H

#include "kybdesk/codec/theme_codec.h"

struct colour_style {
	unsigned long attributes; /* attr_t */
	int pair;
};
void colour_prepare(const struct theme *theme, bool no_color, struct colour_style styles[THEME_ROLE_COUNT]);

#endif
