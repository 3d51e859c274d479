/*
 * The user's own keys (keys.json beside config.json): characters, pairs of them, and Ctrl- with a letter, for actions of
 * the table. What can be kept is kept; for every line that cannot be there is a sentence.
 *
 * Nobody is locked in and no key decides: Enter, Esc, Tab, arrows and page keys mean what they mean everywhere, digits
 * choose, dialogs keep their keys, and "y" starts nothing, because it confirms (docs/own-files.md).
 */
#ifndef KYBDESK_TUI_OWN_KEYS_H
#define KYBDESK_TUI_OWN_KEYS_H

#include "kybdesk/codec/keys_codec.h"
#include "kybdesk/tui/keymap.h"

struct keys_table {
	const struct binding *bindings; /* for keymap_use(); NULL: those of the program */
	size_t count;
	bool changed[COMMAND_COUNT]; /* has keys of the user's */
	struct line_faults faults;   /* in the order of the lines */
};

/* Reads the file; none is no fault. Where the terminal writes ASCII only, it sends no other character. Lives in the arena. */
void own_keys_read(struct arena *arena, const char *path, enum text_mode mode, struct keys_table *out);
/* The same of what was read; its faults are taken over. */
void own_keys_apply(struct arena *arena, const struct own_keys *keys, enum text_mode mode, struct keys_table *out);

#endif
