/* The throw-away store of `kybdesk demo`. */
#ifndef KYBDESK_CLI_DEMO_H
#define KYBDESK_CLI_DEMO_H

#include "cli_internal.h"

/* Makes the store in a private folder, fills it with the samples, opens the workbench on it (or
 * prints its inbox and list when standard output is no terminal), and removes the folder, also after a signal or a
 * crash: the work is done in a child process. */
enum err demo_run(struct cli *cli, struct error *error) KYB_MUST_USE;

#endif
