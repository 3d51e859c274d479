/* Sessions of reviewers over SSH: which commands, options and paths are allowed. */
#ifndef KYBDESK_SRC_CLI_SESSION_H
#define KYBDESK_SRC_CLI_SESSION_H

#include "cli_internal.h"

/* Whether the command is allowed in a session; paths are not checked. */
bool session_has_command(const struct command *command);
/* ERR_FORBIDDEN: this command line is not allowed in a session. */
enum err session_check(const struct parsed *parsed, struct error *error) KYB_MUST_USE;
/* Runs the command `session`. */
enum err session_run(struct cli *cli, struct error *error) KYB_MUST_USE;

#endif
