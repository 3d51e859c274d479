/* Maps the roles of a theme to the attributes and colours of a terminal. Private to src/tui/term. */
#ifndef KYBDESK_TUI_COLOUR_H
#define KYBDESK_TUI_COLOUR_H

#include "kybdesk/codec/theme_codec.h"
#include "terminal_type.h"

#define NCURSES_NOMACROS /* macros would replace words such as "move" and "clear" */
#include <curses.h>

struct colour_style {
	attr_t attributes; /* attributes of curses */
	int pair;	   /* colour pair of curses; 0: the terminal's own colours */
	int background;	   /* number of the background; -1: the terminal's own */
};
/* RGB value of a colour from 16 to 255. These colours, a cube of 6 by 6 by 6 colours and then greys, are the same
 * in all terminals. */
int32_t colour_cube_rgb(int index);
#define COLOUR_PALETTE_SIZE 256
/* Sets the theme's styles for a terminal with `count` colours: each colour becomes THEME_COLOUR_ANSI + its number,
 * or THEME_COLOUR_DEFAULT. With few colours, text stays readable on its background, and roles that must differ
 * still differ by a colour or an attribute. Pure. */
void colour_reduce_theme(const struct theme *theme, int count, struct theme_style styles[THEME_ROLE_COUNT]);
/* Sets `styles` for the terminal, and curses' colour pairs if curses is open. The palette of the terminal is never changed, since a change would outlive the
 * program and affect other windows. */
void colour_prepare(const struct theme *theme, bool no_color, const struct terminal_type *type,
		    struct colour_style styles[THEME_ROLE_COUNT]);

#endif
