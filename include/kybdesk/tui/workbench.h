/*
 * The workbench: the terminal screens of a reviewer (docs: workbench.md).
 * workbench_run() owns the terminal until the reviewer quits or a signal asks
 * for the end; the terminal is as it was found when it returns.
 *
 * Threads: the caller's thread draws; workbench_run() makes and joins its own
 * threads for the store and, unless readonly, for webhook delivery.
 */
#ifndef KYBDESK_TUI_WORKBENCH_H
#define KYBDESK_TUI_WORKBENCH_H

#include "kybdesk/settings/key_rows.h"
#include "kybdesk/settings/settings.h"

struct workbench_options {
	const struct settings *settings; /* of the caller, as long as it runs */
	const struct world *world;
	bool readonly; /* opens everything, changes nothing */
	bool demo;     /* a throw-away store: the status line offers a first hint */
};

/*
 * Returns the exit status: 0 after quitting, 128 + the signal after SIGTERM or SIGHUP.
 * On failure before or after the screen the status is error_exit_status(error->code) and *error
 * is filled: ERR_USAGE when standard input or output is no terminal, ERR_NOT_FOUND for an unknown
 * theme (with the nearest name), whatever desk_open says. The caller prints it.
 */
int workbench_run(const struct workbench_options *options, struct error *error);

/* Every action with the keys that it has by this keys.json; NULL: by the program. Lives in the arena. Not while a workbench
 * runs. */
void workbench_keys(struct arena *arena, const char *path, struct key_rows *out);

/* "ncurses 6.4.20221231" */
const char *workbench_library(void);

#endif
