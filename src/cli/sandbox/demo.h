/* The temporary store of `kybdesk demo`. */
#ifndef KYBDESK_CLI_DEMO_H
#define KYBDESK_CLI_DEMO_H

#include "../cli_internal.h"

/* Creates the store in a private folder, imports the samples, and opens the workbench on it (or prints its inbox and
 * list if standard output is not a terminal). Removes the folder, also after a signal or a crash: a child process does
 * the work. */
enum err demo_run(struct cli *cli, struct error *error) KYB_MUST_USE;

#endif
