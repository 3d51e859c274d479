/*
 * What an import remembers while it runs: the sessions it has met in this one
 * input, in a temporary table that spills to disk, so that memory does not grow with the file.
 */
#ifndef KYBDESK_STORE_IMPORT_H
#define KYBDESK_STORE_IMPORT_H

#include "kybdesk/store/store.h"

/* Forgets what an earlier import of this connection has met. */
enum err store_import_start(struct store *store, struct error *error) KYB_MUST_USE;
/* Notes a session's UUID as met on `line`; *earlier is the line it was met on before, 0 when it is new. */
enum err store_import_meet(struct store *store, const char *uuid, size_t line, size_t *earlier,
			   struct error *error) KYB_MUST_USE;

#endif
