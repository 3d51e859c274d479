/*
 * A frame as curses writes it, without colours that are set already and without repetitions. Pure; private to
 * src/tui/term.
 */
#ifndef KYBDESK_TUI_SGR_H
#define KYBDESK_TUI_SGR_H

#include "kybdesk/base/strbuf.h"

#define SGR_BYTES 16 /* "48;5;255" and its end, or longer sequences that are never left out */

/* The last parameters of each kind; "" unknown, as at the start of a frame. */
struct sgr {
	char foreground[SGR_BYTES], background[SGR_BYTES];
};
/*
 * Appends the bytes to `out`. Curses sends both colours whenever one changes, each in its own sequence, and resets them
 * before it resets everything. Parameters that are not understood, and a sequence cut by the end of the bytes, stay, and
 * both colours are unknown then. A repeated character (REP) is written out: after a repetition, terminals based on libvterm
 * lose the last column.
 */
void sgr_thin(struct sgr *sgr, const char *bytes, size_t length, struct strbuf *out);

#endif
