/* Entry point of the command line. main.c passes in the other front ends, so that the command line does not depend
 * on them. */
#ifndef KYBDESK_CLI_CLI_H
#define KYBDESK_CLI_CLI_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/settings/key_rows.h"
#include "kybdesk/settings/front_ends.h"

struct cli_front_ends {
	int (*workbench)(const struct workbench_options *options, struct error *error);
	enum err (*serve)(const struct api_options *options, struct error *error);
	void (*openapi)(struct strbuf *out); /* the OpenAPI reference, in JSON */
	/* Lists the keys of the workbench, including the user's own keys; settings NULL: only the default keys. */
	void (*keys)(struct arena *arena, const struct settings *settings, struct key_binding_rows *out);
	const char *(*screen_library)(void); /* name and version of the screen library, for `info`; may be NULL */
	const char *(*http_library)(struct arena *arena);
};

/* Runs one command line; returns the exit status (kybdesk(1)). */
int cli_main(int argc, char *const *argv, const struct world *world, const struct cli_front_ends *front_ends);

#endif
