/* Migrates a database to the schema of this program. */
#ifndef KYBDESK_STORE_MIGRATE_H
#define KYBDESK_STORE_MIGRATE_H

#include "kybdesk/store/store.h"

/* Checks the version of the schema. ERR_STORE if a newer program wrote it. *current: the schema has this program's
 * version. */
enum err migrate_check(struct store *store, bool *current, struct error *error) KYB_MUST_USE;
/* The name of a migration of this program, "0020_reviewer_key", in the arena. */
const char *migrate_name(const struct store *store, struct arena *arena, int64_t version);
/* Runs missing migrations within the open write transaction; in a new database, their result as one script. */
enum err migrate_run(struct store *store, struct error *error) KYB_MUST_USE;

#endif
