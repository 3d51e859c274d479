/* The last gate before the terminal, whichever way a cell goes to it; private to src/tui/term. */
#ifndef KYBDESK_TUI_GUARD_H
#define KYBDESK_TUI_GUARD_H

#include "kybdesk/tui/surface.h"

#include <wchar.h>

/* The code points of a cell, at most so many and a zero behind them; a character that may not reach the terminal is a
 * bug that ends the program. Returns how many there are. */
size_t cell_decode(const struct cell *cell, enum text_mode mode, wchar_t *out, size_t most);

#endif
