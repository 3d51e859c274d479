/*
 * The user's own keys (keys.json next to config.json): characters, pairs of characters, and Ctrl- with a letter,
 * for actions. Valid lines are used; each invalid line is reported with a sentence.
 *
 * Own keys can neither lock a user in nor decide a case: Enter, Esc, Tab, arrows, page keys and digits keep their
 * meaning, dialogs keep their keys, and "y" cannot start an action, since "y" confirms (docs/own-files.md).
 */
#ifndef KYBDESK_TUI_OWN_KEYS_H
#define KYBDESK_TUI_OWN_KEYS_H

#include "kybdesk/codec/keys_codec.h"
#include "kybdesk/tui/keymap.h"

struct keys_table {
	const struct binding *bindings; /* for keymap_use(); NULL: the shipped ones */
	size_t count;
	bool changed[COMMAND_COUNT]; /* has user-defined keys */
	struct line_faults faults;   /* in the order of the lines */
};

/* Reads the file; a missing file is not a fault. If the terminal uses ASCII only, it cannot send other characters,
 * so keys with other characters are faults. In the arena. */
void own_keys_read(struct arena *arena, const char *path, enum text_mode mode, struct keys_table *out);
/* As own_keys_read() for parsed keys; takes over their faults. */
void own_keys_apply(struct arena *arena, const struct own_keys *keys, enum text_mode mode, struct keys_table *out);

/* For the user's commands: parses a key for out->command into *out. Returns NULL, or the reason for a refusal as
 * the end of a sentence "it …". */
const char *own_key_read(struct arena *arena, const char *text, enum text_mode mode, struct binding *out);
/* Whether both bindings have a context in common, and their keys are equal or one is a prefix of the other. */
bool bindings_conflict(const struct binding *a, const struct binding *b);

#endif
