/* The progress of a long command: one line on standard error, updated every 200 ms. */
#ifndef KYBDESK_CLI_PROGRESS_H
#define KYBDESK_CLI_PROGRESS_H

#include "../cli_internal.h"

struct progress {
	const struct world *world;
	struct out messages; /* on standard error; the caller clears the progress before another message */
	int64_t shown_at;
	bool wanted, shown;
};

void progress_begin(struct progress *progress, const struct cli *cli, bool wanted);
void progress_show(struct progress *progress, const char *format, ...) KYB_PRINTF(2, 3);
void progress_clear(struct progress *progress);
/* Clears the progress, and writes pending output. A failed write does not fail the command. */
void progress_end(struct progress *progress);

#endif
