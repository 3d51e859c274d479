/*
 * Usage, help, shell completion and reference pages (Markdown, manual page), all made from the command table. Text
 * is ASCII and trusted (literals of this program).
 */
#ifndef KYBDESK_CLI_USAGE_H
#define KYBDESK_CLI_USAGE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/cli/command.h"
#include "kybdesk/settings/key_rows.h"

/* "kybdesk show SESSION [--decision N] [--reveal]" */
void usage_synopsis(struct strbuf *out, const struct command *command);
void usage_program(struct strbuf *out, const struct command_set *set);
void usage_group(struct strbuf *out, const struct command_set *set, const char *group);
void usage_command(struct strbuf *out, const struct command_set *set, const struct command *command);

enum completion_shell { SHELL_BASH, SHELL_ZSH, SHELL_FISH };
bool completion_shell_parse(const char *text, enum completion_shell *out);
const char *const *completion_shell_words(size_t *count);
void completion_write(struct strbuf *out, const struct command_set *set, enum completion_shell shell);

void reference_markdown(struct strbuf *out, const struct command_set *set);
void reference_man(struct strbuf *out, const struct command_set *set);
void reference_keys(struct strbuf *out, const struct key_rows *rows); /* docs/keys.md */

#endif
