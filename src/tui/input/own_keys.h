/* The user's own keys (keys.json next to config.json): characters, pairs of characters, and Ctrl- with a letter,
 * for actions. Valid lines are used; each invalid line is reported with a sentence.
 *
 * Own keys can neither keep a user in a screen nor decide a case: Enter, Esc, Tab, arrows, page keys and digits keep
 * their meaning, dialogs keep their keys, and "y" cannot start an action, since "y" confirms (docs/own-files.md). */
#ifndef KYBDESK_TUI_OWN_KEYS_H
#define KYBDESK_TUI_OWN_KEYS_H

#include "kybdesk/codec/own_files_codec.h"
#include "input/keymap.h"
#include "kybdesk/settings/settings.h"

struct keys_table {
	const struct binding *bindings; /* for keymap_activate(); NULL: the shipped bindings */
	size_t count;
	bool changed[COMMAND_COUNT]; /* the user's file replaces the keys of this command */
	struct line_faults faults;   /* faults of the file, in the order of the lines */
};

/* Reads the reviewer's keys; a missing file is not a fault. A terminal that uses only ASCII cannot send other characters,
 * so keys with other characters are faults in this mode. The result is in the arena. */
void own_keys_read(struct arena *arena, const struct settings *settings, enum text_mode mode, struct keys_table *out);
/* Makes the table from keys that are parsed already; *out also gets the faults that the parser found. */
void own_keys_apply(struct arena *arena, const struct own_keys *keys, enum text_mode mode, struct keys_table *out);

/* For a user's own command: parses the key of out->command into *out. Returns NULL, or the reason for a refusal as
 * the end of a sentence that begins with "it". */
const char *own_key_read(struct arena *arena, const char *text, enum text_mode mode, struct binding *out);
/* Whether both bindings have a context in common, and their keys are equal or one is a prefix of the other. */
bool bindings_conflict(const struct binding *a, const struct binding *b);

/* The user's own commands (commands.json next to config.json): a key, a program and its arguments, with values of
 * the open case in place of placeholders. No shell is involved: each word of the file becomes one argument of the
 * program, even if a value contains spaces. Valid commands are used; each invalid command is reported with a
 * sentence. A session over SSH has no own commands (docs/own-files.md). */
#define OWN_COMMAND_NAME_MAX 64 /* the maximum length of the name that the desk records in the audit log */

/* Reads the file of the user's commands, and adds their keys to the table of keys. If the path is "" or the file is
 * missing, the result has no commands. A key that an action already has is refused; the command can then be started
 * only by name. Texts and bindings are in the arena. */
void own_commands_read(struct arena *arena, const char *path, enum text_mode mode, struct keys_table *keys,
		       struct own_commands *out);

/* Makes the argument vector, ended by NULL, with which the command runs its program for the case. Returns NULL if
 * the command is refused; *why is the reason. */
const char *const *own_command_words(struct arena *arena, const struct own_command *command,
				     const struct session *session, const char **why);

#endif
