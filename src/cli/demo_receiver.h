/*
 * Who receives the demo's webhooks: a process of its own that listens on loopback as a merchant's server would, checks
 * each signature with the endpoint's secret, and writes a line for what arrived.
 */
#ifndef KYBDESK_CLI_DEMO_RECEIVER_H
#define KYBDESK_CLI_DEMO_RECEIVER_H

#include "cli_internal.h"

#include <sys/types.h>

struct demo_receiver {
	pid_t pid;	      /* 0: none was started */
	int life;	      /* the receiver ends when this end of a pipe closes */
	const char *log_path; /* a line for each arrival */
};

/* Listens, registers an endpoint of every merchant of cli->desk for it, and starts the process. A machine without
 * loopback sockets has a demo without a receiver: *out says so, and it is no error. */
enum err demo_receiver_start(struct cli *cli, const char *folder, struct demo_receiver *out,
			     struct error *error) KYB_MUST_USE;
/* Ends the process and prints what arrived: nothing when nothing did. Accepts one that was never started. */
void demo_receiver_end(struct cli *cli, struct demo_receiver *receiver);

#endif
