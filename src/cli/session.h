/* Sessions of reviewers over SSH: what the table of commands allows in them. */
#ifndef KYBDESK_SRC_CLI_SESSION_H
#define KYBDESK_SRC_CLI_SESSION_H

#include "cli_internal.h"

/* Whether the command exists in a session, apart from its paths. */
bool session_has_command(const struct command *command);
/* ERR_FORBIDDEN: this command line may not run in a session. */
enum err session_check(const struct parsed *parsed, struct error *error) KYB_MUST_USE;
/* The command `session`. */
enum err session_run(struct cli *cli, struct error *error) KYB_MUST_USE;

#endif
