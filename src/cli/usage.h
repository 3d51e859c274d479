/* Usage, help, shell completion and reference pages (Markdown, manual pages), all generated from the command table.
 * All text is ASCII and trusted, because it consists of literals of this program. */
#ifndef KYBDESK_CLI_USAGE_H
#define KYBDESK_CLI_USAGE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/words.h"
#include "command.h"
#include "kybdesk/settings/key_rows.h"

/* Adds a synopsis: "kybdesk show SESSION [--decision N] [--reveal]". */
void usage_write_synopsis(struct strbuf *out, const struct command *command);
/* Adds the help of the parsed command or group. If neither was parsed, adds the first words of each chapter's
 * commands, or for "help all" each command with its summary. */
void usage_write_help(struct strbuf *out, const struct command_line *command_line);

/* Kinds of values that a shell completes from the store. */
#define COMPLETION_VALUES_WORDS(X)                                                                                     \
	X(VALUES_REFERENCES, "references")                                                                             \
	X(VALUES_MERCHANTS, "merchants")                                                                               \
	X(VALUES_REVIEWERS, "reviewers")                                                                               \
	X(VALUES_WORKFLOWS, "workflows")                                                                               \
	X(VALUES_REASONS_SESSION, "reasons-session")                                                                   \
	X(VALUES_REASONS_DOCUMENT, "reasons-document")                                                                 \
	X(VALUES_REASONS_HIT, "reasons-hit")                                                                           \
	X(VALUES_TEMPLATES, "templates")
WORDS_DECLARE(completion_values, COMPLETION_VALUES_WORDS);
#define VALUES_NONE WORDS_COUNT(COMPLETION_VALUES_WORDS)
/* Adds the text in single quotes, valid in bash, zsh and fish. */
void completion_quote(struct strbuf *out, const char *text);
/* Adds the text with a backslash before each character that is in `special`. */
void completion_escape(struct strbuf *out, const char *text, const char *special);
#define COMPLETION_SHELL_WORDS(X) X(SHELL_BASH, "bash") X(SHELL_ZSH, "zsh") X(SHELL_FISH, "fish")
WORDS_DECLARE(completion_shell, COMPLETION_SHELL_WORDS);
void completion_write(struct strbuf *out, const struct command_set *set, enum completion_shell shell);

void write_reference_markdown(struct strbuf *out, const struct command_set *set);   /* the page of commands */
void write_reference_keys(struct strbuf *out, const struct key_binding_rows *rows); /* for docs/keys.md */

/* Manual pages in the format man(7), without findings of `mandoc -T lint`: kybdesk(1), and one page for each
 * command, kybdesk-show(1) or kybdesk-document-accept(1). */
void manual_write_program(struct strbuf *out, const struct command_set *set);
void manual_write_command(struct strbuf *out, const struct command *command);
/* The name of a command's page, for example "kybdesk-document-accept", in the arena. */
const char *manual_name(struct arena *arena, const struct command *command);

#endif
