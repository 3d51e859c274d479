/*
 * The HTTP front end (docs/api.md). Uses desk, domain, codec and base, but neither the store nor the other front
 * ends. A handler parses a request, calls a verb of the desk and encodes the result; the desk decides what a caller
 * may do and see (desk/caller.h, desk/outside.h).
 */
#ifndef KYBDESK_API_SERVE_H
#define KYBDESK_API_SERVE_H

#include "kybdesk/base/log.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

#define API_CONNECTIONS_DEFAULT 256
#define API_DESKS_MAX 16 /* also the default; requests processed at once, each with a store connection */
#define API_LISTEN_DEFAULT "127.0.0.1:8080"

struct api_options {
	const char *store_path;	  /* NULL: the desk's default */
	const char *actor;	  /* actor of the desks; NULL: the operating system's user */
	const char *listen;	  /* "127.0.0.1:8080", "[::1]:0"; port 0: any free port */
	const char *metrics;	  /* address and port of /metrics, as in `listen`; NULL: not served */
	int64_t sandbox_delay_ms; /* delay before a sandbox case gets its simulated outcome */
	/* Requests per minute, and concurrent connections per address. 0: no limit; below 0: the default. */
	int64_t address_limit, key_limit, link_limit, connection_limit;
	size_t desks; /* 1 to API_DESKS_MAX; 0: the default */
	bool strict;  /* unknown members of a body are refused, not ignored */
	const struct world *world;
	struct log log;
	bool access_log; /* a record of each request */
	/* Called once, when the server accepts connections, with its addresses: "http://127.0.0.1:8080",
	 * "http://127.0.0.1:9090/metrics" (NULL: not served). */
	void (*ready)(void *context, const char *url, const char *metrics_url);
	void *context;
};

/* Runs until SIGTERM, SIGINT or SIGHUP; then accepts no new connection, finishes the requests in progress and
 * returns. ERR_INVALID, field "listen" or "metrics-listen": cannot listen on the address. One call at a time per
 * process. */
enum err api_serve(const struct api_options *options, struct error *error) KYB_MUST_USE;

/* "libmicrohttpd 0.9.75", or the reason why the library cannot be opened. */
const char *api_library(struct arena *arena);

/* Appends the reference of all addresses: OpenAPI 3.1 as JSON. */
void api_openapi(struct strbuf *out);

#endif
