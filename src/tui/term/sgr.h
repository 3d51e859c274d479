/* Colour sequences that set the colour already set are left out of a frame. Pure; private to src/tui/term. */
#ifndef KYBDESK_TUI_SGR_H
#define KYBDESK_TUI_SGR_H

#include <stddef.h>

#define SGR_BYTES 16 /* "48;5;255" and its end, or longer sequences that are never left out */

/* The last parameters of each kind; "" unknown, as at the start of a frame. */
struct sgr {
	char foreground[SGR_BYTES], background[SGR_BYTES];
};
/*
 * Curses sends both colours whenever one changes, each in its own sequence, and resets them before it resets everything.
 * Works in place; returns the remaining length. Parameters that are not understood, and a sequence cut by the end of the
 * bytes, stay, and both colours are unknown then.
 */
size_t sgr_thin(struct sgr *sgr, char *bytes, size_t length);

#endif
