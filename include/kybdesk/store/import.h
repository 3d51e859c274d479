/*
 * What an import remembers while it runs: the sessions it has met in this one
 * input, in a temporary table that spills to disk, so that memory does not grow with the file.
 */
#ifndef KYBDESK_STORE_IMPORT_H
#define KYBDESK_STORE_IMPORT_H

#include "kybdesk/store/store.h"

/* Forgets what an earlier import of this connection has met. Until store_import_end() commits of this connection are
 * whole but may be lost with the power: waiting for the disk after each few lines would make an import several times
 * as long, and running it again completes it. pages_kib: of the database's pages it keeps so many in memory; 0: few.
 * ERR_INVALID when there are any, and the store is a server's. */
enum err store_import_start(struct store *store, int64_t pages_kib, struct error *error) KYB_MUST_USE;
/* Makes all of it last, and later commits durable again; the log begins anew when nobody reads from it. On every path, also
 * after a failure. */
enum err store_import_end(struct store *store, struct error *error) KYB_MUST_USE;
/* Within a write transaction: whether it should end, since others wait for the lock, or may do so unseen. */
bool store_import_is_waited_for(struct store *store);
/* Notes a session's UUID as met on `line`; *earlier is the line it was met on before, 0 when it is new. */
enum err store_import_meet(struct store *store, const char *uuid, size_t line, size_t *earlier,
			   struct error *error) KYB_MUST_USE;

#endif
