/*
 * Receiver of the demo's webhooks: a process that listens on loopback like a merchant's server, checks each signature
 * with the endpoint's secret, and writes a line for each webhook.
 */
#ifndef KYBDESK_CLI_DEMO_RECEIVER_H
#define KYBDESK_CLI_DEMO_RECEIVER_H

#include "../cli_internal.h"

#include <sys/types.h>

struct demo_receiver {
	pid_t pid;	      /* 0: not started */
	int life;	      /* closing this end of a pipe ends the receiver */
	const char *log_path; /* one line for each webhook */
};

/* Listens, registers an endpoint for every merchant of cli->desk, and starts the process. On a machine without loopback
 * sockets, sets out->pid to 0 and returns ERR_OK. */
enum err demo_receiver_start(struct cli *cli, const char *folder, struct demo_receiver *out,
			     struct error *error) KYB_MUST_USE;
/* Ends the process and prints the received webhooks, if any. Accepts a receiver that never started. */
void demo_receiver_end(struct cli *cli, struct demo_receiver *receiver);

#endif
