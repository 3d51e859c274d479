/* Delivery workers and the output of deliveries, for the endpoint, webhook and serve commands. */
#ifndef KYBDESK_CLI_DELIVERING_H
#define KYBDESK_CLI_DELIVERING_H

#include "../cli_internal.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/webhook/deliver.h"

#define CA_FILE_OPTION                                                                                             \
	"ca-file", "FILE", OPTION_PATH, "trust the certificate authorities in this file, not those of the system"

/* Delivers until stopped, or with drain until no webhook is due. tick is called regularly with cli; may be NULL. */
enum err cli_deliver(struct cli *cli, bool drain, void (*tick)(void *cli), struct deliver_totals *totals,
		     struct error *error) KYB_MUST_USE;
struct json_value *cli_attempt_json(struct cli *cli, const struct delivery_attempt *attempt);
/* Delivery number i of a view with its attempts: as JSON, and as lines. */
struct json_value *cli_delivery_json(struct cli *cli, const struct webhook_view *view, size_t i);
void cli_delivery_lines(struct cli *cli, const struct webhook_view *view, size_t i);

#endif
