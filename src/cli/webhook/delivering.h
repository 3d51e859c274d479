/* Runs a delivery worker and prints the result of an attempt; for the endpoint and webhook commands. */
#ifndef KYBDESK_CLI_DELIVERING_H
#define KYBDESK_CLI_DELIVERING_H

#include "../cli_internal.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/webhook/deliver.h"

#define CA_FILE_OPTION                                                                                             \
	{                                                                                                          \
		"ca-file", 0, "FILE", OPTION_PATH, NULL,                                                           \
			"trust the certificate authorities of this file instead of the system's"                   \
	}

/* Delivers until stopped or drained. tick may be NULL; it is called with the cli regularly. */
enum err cli_deliver(struct cli *cli, bool drain, void (*tick)(void *cli), struct deliver_totals *totals,
		     struct error *error) KYB_MUST_USE;
struct json_value *cli_attempt_json(struct cli *cli, const struct delivery_attempt *attempt);
/* One of the deliveries of a view with its attempts: as JSON, and as lines. */
struct json_value *cli_delivery_json(struct cli *cli, const struct webhook_view *view, size_t i);
void cli_delivery_lines(struct cli *cli, const struct webhook_view *view, size_t i);

#endif
