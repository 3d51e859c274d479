/* The HTTP server of `kybdesk demo --serve`, with API keys for tests. */
#ifndef KYBDESK_CLI_DEMO_SERVE_H
#define KYBDESK_CLI_DEMO_SERVE_H

#include "../cli_internal.h"

#include <sys/types.h>

/* Prints the store's path for other commands, a new key for every merchant of cli->desk, and an example request. */
enum err demo_keys(struct cli *cli, struct error *error) KYB_MUST_USE;
/* Runs the server and sends webhooks until a signal arrives, for a demo without a workbench. */
enum err demo_serve(struct cli *cli, struct error *error) KYB_MUST_USE;
/* As demo_serve(), in a child process that ends with this process; cli->desk must be closed. *pid 0: not started. */
enum err demo_serve_start(struct cli *cli, pid_t *pid, struct error *error) KYB_MUST_USE;
void demo_serve_end(pid_t pid); /* accepts 0 */

#endif
