/* Parameters of the workbench and of the HTTP server. The command line fills them without including these front
 * ends; main.c connects all three. */
#ifndef KYBDESK_SETTINGS_FRONT_ENDS_H
#define KYBDESK_SETTINGS_FRONT_ENDS_H

#include "kybdesk/base/log.h"
#include "kybdesk/settings/settings.h"

struct workbench_options {
	const struct settings *settings; /* borrowed while the workbench runs */
	const struct world *world;
	bool readonly; /* the workbench refuses every change */
	bool demo;     /* a temporary store: the status line shows a first hint */
	bool tour;     /* a tour guides through the demo's screens, key by key */
};

#define API_CONNECTIONS_DEFAULT 256
/* maximum and default number of requests processed at once, each with a connection to the store */
#define API_DESKS_MAX 16
#define API_LISTEN_DEFAULT "127.0.0.1:8080"

struct api_options {
	const char *store_path;	    /* NULL: the desk's default */
	const char *actor;	    /* actor of the desks; NULL: the operating system's user */
	const char *listen;	    /* such as "127.0.0.1:8080" or "[::1]:0"; port 0: any free port */
	const char *metrics_listen; /* address and port of /metrics, as in `listen`; NULL: not served */
	int64_t sandbox_delay_ms;   /* delay before a sandbox case gets its simulated outcome */
	/* The first three: maximum requests per minute. connection_limit: maximum concurrent connections of one
	 * address. 0: no limit; negative: the default. */
	int64_t address_limit, key_limit, link_limit, connection_limit;
	size_t desk_count; /* 1 to API_DESKS_MAX; 0: the default */
	bool strict;	   /* unknown members of a body are refused, not ignored */
	const struct world *world;
	struct log log;
	bool write_access_log; /* writes a log record for each request */
	/* Called once, when the server accepts connections, with its addresses, such as "http://127.0.0.1:8080" and
	 * "http://127.0.0.1:9090/metrics" (NULL: not served). */
	void (*ready)(void *context, const char *url, const char *metrics_url);
	void *context;
};

#endif
