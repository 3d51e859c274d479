/* Whether a terminal supports links (OSC 8); private to src/tui/term. */
#ifndef KYBDESK_TUI_LINKS_H
#define KYBDESK_TUI_LINKS_H

#include "kybdesk/base/world.h"

/* True only for terminals known by name, and not inside a multiplexer. */
bool links_known(const struct world *world);

#endif
