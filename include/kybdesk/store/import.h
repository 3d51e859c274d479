/* State of a running import: the sessions seen in this input, in a temporary table that spills to disk, so that
 * memory does not grow with the input. */
#ifndef KYBDESK_STORE_IMPORT_H
#define KYBDESK_STORE_IMPORT_H

#include "kybdesk/store/store.h"

/* Begins an import: deletes the list of sessions of the previous import. Until store_import_end(), commits of this
 * connection are atomic but may be lost on power failure: a sync after every few lines would make the import
 * several times slower, and running the import again restores lost lines. pages_kib: size of the database's page
 * cache; 0: a small default. ERR_INVALID: pages_kib is not 0, and the store is on a server. */
enum err store_import_start(struct store *store, int64_t pages_kib, struct error *error);
/* Makes the import durable, and later commits durable again; the write-ahead log restarts if no process reads it.
 * Call it on every path, also after a failure. */
enum err store_import_end(struct store *store, struct error *error);
/* Records that the input has the session's UUID on `line`. *earlier: an earlier line with the same UUID; 0: none. */
enum err store_import_mark_seen(struct store *store, const char *uuid, size_t line, size_t *earlier,
				struct error *error);

#endif
