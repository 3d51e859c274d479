/* The workbench: a reviewer's terminal screens. workbench_run() owns the terminal until the reviewer quits or a
 * signal ends it, and restores the terminal before it returns.
 *
 * Threads: the caller's thread draws; workbench_run() creates and joins its own threads for the store and, unless
 * readonly, for webhook delivery. */
#ifndef KYBDESK_TUI_WORKBENCH_H
#define KYBDESK_TUI_WORKBENCH_H

#include "kybdesk/settings/key_rows.h"
#include "kybdesk/settings/front_ends.h"

/* Returns the exit status: 0 after quitting, 128 + the signal after SIGTERM or SIGHUP. On a failure before the
 * screen opens or after it closes, the status is error_exit_status(error->code) and *error is filled: ERR_USAGE if
 * standard input or output is not a terminal, ERR_NOT_FOUND for an unknown theme (with the nearest name), or the
 * error of desk_open(). The caller prints it. */
int workbench_run(const struct workbench_options *options, struct error *error);

/* Lists every action with its keys, as the files named in the settings define them; without settings (NULL), the
 * shipped keys. In the arena. Must not be called while a workbench runs. */
void workbench_fill_keys(struct arena *arena, const struct settings *settings, struct key_binding_rows *out);

/* "ncurses 6.4.20221231" */
const char *workbench_library(void);

#endif
