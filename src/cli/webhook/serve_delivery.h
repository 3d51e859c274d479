/*
 * The delivery worker of the HTTP server, in a thread of the same process (docs/decisions/0006). The server's requests
 * and the worker's results are separate transactions of the store, so the failure of one loses no data of the other.
 * A failed worker is started again; the server does not wait for it.
 */
#ifndef KYBDESK_CLI_SERVE_DELIVERY_H
#define KYBDESK_CLI_SERVE_DELIVERY_H

#include "../cli_internal.h"

struct serve_delivery;

/* Starts the thread; ca_file NULL: the system's certificates. Call it after the server accepts connections, with the
 * server's signals blocked. */
enum err serve_delivery_start(struct cli *cli, const char *ca_file, struct serve_delivery **out,
			      struct error *error) KYB_MUST_USE;
/* Ends the transfers in progress within two seconds, and the thread. Accepts NULL. */
void serve_delivery_stop(struct serve_delivery *delivery);

#endif
