/* Webhook delivery while the workbench is open: a thread around the delivery worker. */
#ifndef KYBDESK_TUI_DELIVERY_H
#define KYBDESK_TUI_DELIVERY_H

#include "kybdesk/webhook/deliver.h"

struct delivery;
enum err delivery_start(const char *store_path, const struct world *world, struct delivery **out,
			struct error *error) KYB_MUST_USE;
void delivery_stop(struct delivery *delivery); /* accepts NULL */
void delivery_wake(void *delivery);	       /* call it after an event was stored */

#endif
