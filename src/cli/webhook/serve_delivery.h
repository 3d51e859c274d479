/*
 * The delivery worker beside the HTTP server, in a thread of the same process (docs/decisions/0006). The server's
 * requests and the worker's results are transactions of their own in the store, so the end of one loses nothing of the
 * other. A worker that failed is started again; the server does not wait for it.
 */
#ifndef KYBDESK_CLI_SERVE_DELIVERY_H
#define KYBDESK_CLI_SERVE_DELIVERY_H

#include "../cli_internal.h"

struct serve_delivery;

/* Starts the thread; ca_file NULL: the system's certificates. Call it when the server accepts connections, with the server's signals blocked. */
enum err serve_delivery_start(struct cli *cli, const char *ca_file, struct serve_delivery **out,
			      struct error *error) KYB_MUST_USE;
/* Ends the transfers in progress within two seconds, and the thread. Accepts NULL. */
void serve_delivery_stop(struct serve_delivery *delivery);

#endif
