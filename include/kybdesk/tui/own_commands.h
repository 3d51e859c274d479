/*
 * The user's own commands (commands.json next to config.json): a key, a program and its arguments, with values of
 * the open case in place of placeholders. No shell is involved: each word of the file becomes one argument of the
 * program, even if a value contains spaces. Valid commands are used; each invalid one is reported with a sentence.
 * A session over SSH has none (docs/own-files.md).
 */
#ifndef KYBDESK_TUI_OWN_COMMANDS_H
#define KYBDESK_TUI_OWN_COMMANDS_H

#include "kybdesk/codec/commands_codec.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/tui/own_keys.h"

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
