/* Sessions of reviewers over SSH: which commands, options and paths are allowed. */
#ifndef KYBDESK_SRC_CLI_SESSION_H
#define KYBDESK_SRC_CLI_SESSION_H

#include "cli_internal.h"

struct ssh_words {
	const char **items; /* items[0] is the program's name; ends with NULL */
	size_t count;	    /* without the NULL */
	size_t capacity;
};
#define SSH_WORDS_MAX 256

/* Splits the command line of an SSH client into words, without a shell: "$", "`", ";", "*" and the like have no
 * special meaning. A word is a run of characters between blanks. Inside '…' every character is literal; inside "…"
 * too, except the escapes \" and \\. Outside of quotes a backslash makes the next character literal. A line end
 * outside of quotes, an unfinished quote and a backslash at the end are refused. In the arena. ERR_USAGE: the line
 * is not a list of words, or has more than SSH_WORDS_MAX. */
enum err ssh_split_line(struct arena *arena, const char *line, struct ssh_words *out, struct error *error);

/* Whether the command is allowed in an SSH session; paths are not checked. */
bool ssh_allows_command(const struct command *command);
/* ERR_FORBIDDEN: this command line is not allowed in an SSH session. */
enum err ssh_check_command(const struct command_line *command_line, struct error *error);
/* Runs the command `session`. */
enum err ssh_run_session(struct cli *cli, struct error *error);

#endif
