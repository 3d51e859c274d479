/*
 * State of a running import: the sessions seen in this input, in a temporary table that spills to disk, so that
 * memory does not grow with the input.
 */
#ifndef KYBDESK_STORE_IMPORT_H
#define KYBDESK_STORE_IMPORT_H

#include "kybdesk/store/store.h"

/* Begins an import: forgets the sessions of an earlier one. Until store_import_end() commits of this connection
 * are atomic, but may be lost on power failure: syncing after every few lines would take several times as long,
 * and running the import again completes it. pages_kib: page cache of the database; 0: small. ERR_INVALID if it is
 * not 0 and the store is on a server. */
enum err store_import_start(struct store *store, int64_t pages_kib, struct error *error) KYB_MUST_USE;
/* Makes the import durable, and later commits durable again; the log restarts when it has no reader. Call it on
 * every path, also after a failure. */
enum err store_import_end(struct store *store, struct error *error) KYB_MUST_USE;
/* Records a session's UUID as seen on `line`; *earlier: the line where it was seen before, 0 if new. */
enum err store_import_meet(struct store *store, const char *uuid, size_t line, size_t *earlier,
			   struct error *error) KYB_MUST_USE;

#endif
