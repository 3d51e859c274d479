/* The HTTP front end of `kybdesk demo --serve`, with keys to try it. */
#ifndef KYBDESK_CLI_DEMO_SERVE_H
#define KYBDESK_CLI_DEMO_SERVE_H

#include "cli_internal.h"

#include <sys/types.h>

/* Makes a key for every merchant of cli->desk, and prints them with a first request. */
enum err demo_keys(struct cli *cli, struct error *error) KYB_MUST_USE;
/* Serves until a signal comes: for a demo without a screen. */
enum err demo_serve(struct cli *cli, struct error *error) KYB_MUST_USE;
/* The same in a process of its own, which ends with this one; cli->desk must be closed. *pid 0: it could not be started. */
enum err demo_serve_start(struct cli *cli, pid_t *pid, struct error *error) KYB_MUST_USE;
void demo_serve_end(pid_t pid); /* accepts 0 */

#endif
