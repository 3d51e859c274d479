/* Upgrades a store with an older schema, for store_open(). */
#ifndef KYBDESK_STORE_UPGRADE_H
#define KYBDESK_STORE_UPGRADE_H

#include "kybdesk/store/store.h"

/* Does nothing for a store with the current schema. ERR_STORE: the store is newer, or `how` does not allow the
 * upgrade, or is NULL; the message names the admins. */
enum err store_upgrade(struct store *store, const struct store_upgrade *how, struct error *error) KYB_MUST_USE;

#endif
