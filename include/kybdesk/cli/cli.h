/*
 * The command line's entry. main.c joins it with the workbench, which the
 * command line does not know: it only asks for it through a front end.
 */
#ifndef KYBDESK_CLI_CLI_H
#define KYBDESK_CLI_CLI_H

#include "kybdesk/base/log.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/settings/key_rows.h"
#include "kybdesk/settings/settings.h"

/* What the workbench needs to know; the settings are the command line's. */
struct cli_workbench {
	const struct settings *settings;
	const struct world *world;
	bool readonly, demo;
};

/* What the HTTP server needs to know. It runs until a signal ends it. */
struct cli_server {
	const struct settings *settings;
	const struct world *world;
	struct log log;
	const char *listen;  /* NULL: its default */
	const char *metrics; /* where /metrics is served; NULL: nowhere */
	int64_t address_limit, key_limit, link_limit, connection_limit; /* 0: none; below 0: the default */
	bool strict;
	int64_t sandbox_delay_ms;
	void (*ready)(void *context, const char *url, const char *metrics_url);
	void *context;
};

struct cli_front_ends {
	int (*workbench)(const struct cli_workbench *request, struct error *error);
	enum err (*serve)(const struct cli_server *request, struct error *error);
	void (*openapi)(struct strbuf *out); /* the OpenAPI reference, in JSON */
	/* The keys of the workbench by this keys.json; NULL: by the program. */
	void (*keys)(struct arena *arena, const char *path, struct key_rows *out);
	const char *(*screen_library)(void); /* for `info`; NULL: there is none */
};

/* Runs one command line; returns the exit status of cli.md "Exit codes". */
int cli_main(int argc, char *const *argv, const struct world *world, const struct cli_front_ends *front_ends);

#endif
