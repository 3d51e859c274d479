/* Migrates a database to the schema of this program. */
#ifndef KYBDESK_STORE_MIGRATE_H
#define KYBDESK_STORE_MIGRATE_H

#include "kybdesk/store/store.h"

/* Runs the missing migrations within the open write transaction. In a new database, runs one script with the result
 * of all migrations. */
enum err migrate_run(struct store *store, struct error *error);

/* Upgrades a store with an older schema, for store_open(). */
/* Does nothing for a store with the current schema. ERR_STORE: the store is newer, or `how` does not allow the
 * upgrade, or is NULL; the message names the admins. */
enum err store_upgrade(struct store *store, const struct store_upgrade *how, struct error *error);

#endif
