/* Whether a terminal makes links of addresses (OSC 8); private to src/tui/term. */
#ifndef KYBDESK_TUI_LINKS_H
#define KYBDESK_TUI_LINKS_H

#include "kybdesk/base/world.h"

/* Of those only that are known to: by name, and not where a multiplexer stands between. */
bool links_known(const struct world *world);

#endif
