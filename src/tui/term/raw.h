/* Past curses' own buffer: only after a paint, so that the order holds; private to src/tui/term. */
#ifndef KYBDESK_TUI_RAW_H
#define KYBDESK_TUI_RAW_H

#include <stddef.h>

void write_raw(const char *bytes, size_t length);

#endif
