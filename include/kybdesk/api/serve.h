/*
 * The third front end: HTTP for those who bring cases (api.md, the five seeds). It
 * knows desk, domain, codec and base, and neither the store nor the other
 * front ends. Handlers parse, call a verb of the desk, and encode; what a merchant
 * may do and see is the desk's (desk/caller.h, desk/outside.h).
 */
#ifndef KYBDESK_API_SERVE_H
#define KYBDESK_API_SERVE_H

#include "kybdesk/base/log.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

#define API_CONNECTIONS_DEFAULT 256
#define API_LISTEN_DEFAULT "127.0.0.1:8080"

struct api_options {
	const char *store_path;	  /* NULL: the desk's default */
	const char *actor;	  /* as whom the desks are opened; NULL: the operating system's user */
	const char *listen;	  /* "127.0.0.1:8080", "[::1]:0"; port 0: any that is free */
	const char *metrics;	  /* the same for /metrics; NULL: not served */
	int64_t sandbox_delay_ms; /* how long a case of a sandbox lies before its outcome is played */
	/* Requests a minute, and connections of one address at a time. 0: no limit; below 0: the default. */
	int64_t address_limit, key_limit, link_limit, connection_limit;
	bool strict; /* members of a body that nobody knows are refused, not ignored */
	const struct world *world;
	struct log log;
	/* Once, when connections are taken, with the addresses: "http://127.0.0.1:8080", "http://127.0.0.1:9090/metrics" (NULL: not
	 * served). */
	void (*ready)(void *context, const char *url, const char *metrics_url);
	void *context;
};

/* Runs until SIGTERM, SIGINT or SIGHUP: then no connection is taken any more, what is being answered is answered, and it
 * returns. ERR_INVALID field "listen" or "metrics-listen" for an address that cannot be listened on. One at a time in a process. */
enum err api_serve(const struct api_options *options, struct error *error) KYB_MUST_USE;

/* Appends the reference of all addresses: OpenAPI 3.1, as YAML, or JSON. */
void api_openapi(struct strbuf *out);

#endif
