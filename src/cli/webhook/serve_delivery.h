/*
 * The delivery worker of the HTTP server, in a thread of the same process (docs/decisions/0006). The server's requests
 * and the worker's results are separate transactions of the store, so the failure of one loses no data of the other.
 * A failed worker is started again; the server does not wait for it.
 */
#ifndef KYBDESK_CLI_SERVE_DELIVERY_H
#define KYBDESK_CLI_SERVE_DELIVERY_H

#include "../cli_internal.h"

struct serve_delivery;

/* The context of serve_ready(). */
struct serving {
	struct cli *cli;
	bool delivers;			 /* send webhooks */
	const char *ca_file;		 /* NULL: the system's certificates */
	struct serve_delivery *delivery; /* NULL: not started */
};
/* For api_options.ready, after the server accepts connections, with its signals blocked: prints the addresses, and starts
 * the delivery thread. */
void serve_ready(void *serving, const char *url, const char *metrics_url);
/* Ends the transfers in progress within two seconds, and the thread. Accepts NULL. */
void serve_delivery_stop(struct serve_delivery *delivery);

#endif
