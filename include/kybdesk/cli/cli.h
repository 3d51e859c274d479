/*
 * Entry point of the command line. main.c passes in the other front ends, so that the command line does not depend
 * on them.
 */
#ifndef KYBDESK_CLI_CLI_H
#define KYBDESK_CLI_CLI_H

#include "kybdesk/base/log.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/settings/key_rows.h"
#include "kybdesk/settings/settings.h"

/* Parameters of the workbench; the settings belong to the command line. */
struct cli_workbench {
	const struct settings *settings;
	const struct world *world;
	bool readonly, demo, tour;
};

/* Parameters of the HTTP server, which runs until a signal ends it. */
struct cli_server {
	const struct settings *settings;
	const struct world *world;
	struct log log;
	bool access_log;
	const char *listen;						/* NULL: the default address */
	const char *metrics;						/* address of /metrics; NULL: not served */
	int64_t address_limit, key_limit, link_limit, connection_limit; /* 0: no limit; below 0: the default */
	size_t desks;							/* 0: the default */
	bool strict;
	int64_t sandbox_delay_ms;
	void (*ready)(void *context, const char *url, const char *metrics_url);
	void *context;
};

struct cli_front_ends {
	int (*workbench)(const struct cli_workbench *request, struct error *error);
	enum err (*serve)(const struct cli_server *request, struct error *error);
	void (*openapi)(struct strbuf *out); /* the OpenAPI reference, in JSON */
	/* The keys of the workbench, with the user's files; NULL: only the default keys. */
	void (*keys)(struct arena *arena, const struct settings *settings, struct key_rows *out);
	const char *(*screen_library)(void); /* name and version for `info`; NULL: none */
	const char *(*http_library)(struct arena *arena);
};

/* Runs one command line; returns the exit status (docs/commands.md). */
int cli_main(int argc, char *const *argv, const struct world *world, const struct cli_front_ends *front_ends);

#endif
