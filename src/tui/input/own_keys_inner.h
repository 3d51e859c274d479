/* What the user's keys and the user's commands share. */
#ifndef KYBDESK_SRC_TUI_OWN_KEYS_INNER_H
#define KYBDESK_SRC_TUI_OWN_KEYS_INNER_H

#include "kybdesk/tui/own_keys.h"

/* The key in a text, for out->command. NULL: done; else why it cannot be its key, completing "it …". */
const char *own_key_read(struct arena *arena, const char *text, enum text_mode mode, struct binding *out);
/* Whether both work in one place and are the same key, or one is a prefix of the other. */
bool bindings_conflict(const struct binding *a, const struct binding *b);

#endif
