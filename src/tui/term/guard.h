/* The last check of a cell before the terminal, for every output path; private to src/tui/term. */
#ifndef KYBDESK_TUI_GUARD_H
#define KYBDESK_TUI_GUARD_H

#include "kybdesk/tui/surface.h"

#include <wchar.h>

/* The code points of a cell, at most `most`, followed by a zero; a character that must not reach the terminal is a bug
 * and ends the program. Returns the number of code points. */
size_t cell_decode(const struct cell *cell, enum text_mode mode, wchar_t *out, size_t most);

#endif
