/*
 * The user's own keys (keys.json next to config.json): characters, pairs of characters, and Ctrl- with a letter,
 * for actions. Valid lines are used; each invalid line is reported with a sentence.
 *
 * Own keys can neither lock a user in nor decide a case: Enter, Esc, Tab, arrows, page keys and digits keep their
 * meaning, dialogs keep their keys, and "y" cannot start an action, since "y" confirms (docs/own-files.md).
 */
#ifndef KYBDESK_TUI_OWN_KEYS_H
#define KYBDESK_TUI_OWN_KEYS_H

#include "kybdesk/codec/own_files_codec.h"
#include "input/keymap.h"

struct keys_table {
	const struct binding *bindings; /* for keymap_activate(); NULL: the shipped ones */
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

/*
 * The user's own commands (commands.json next to config.json): a key, a program and its arguments, with values of
 * the open case in place of placeholders. No shell is involved: each word of the file becomes one argument of the
 * program, even if a value contains spaces. Valid commands are used; each invalid command is reported with a
 * sentence. A session over SSH has no own commands (docs/own-files.md).
 */
#define OWN_COMMAND_NAME_MAX 64 /* the maximum that the desk records */

/* Reads the file ("" or missing: no commands) and adds their keys to the table of keys. A key that an action
 * already has is refused; such a command can be started only by name. Texts and bindings are in the arena. */
void own_commands_read(struct arena *arena, const char *path, enum text_mode mode, struct keys_table *keys,
		       struct own_commands *out);

/* The argument vector of the program for a case, ended by NULL. Returns NULL if the command is refused; *why is the
 * reason. */
const char *const *own_command_words(struct arena *arena, const struct own_command *command,
				     const struct session *session, const char **why);

#endif
