/* Documents' bytes in the database itself, for drivers that keep them there (db.h); same contract as bytes.h. */
#ifndef KYBDESK_STORE_BYTES_ROWS_H
#define KYBDESK_STORE_BYTES_ROWS_H

#include "bytes_files.h"

enum err bytes_rows_put(struct store *store, const struct content *content, struct error *error) KYB_MUST_USE;
/* Without a mark: within the transaction that makes the store. */
enum err bytes_rows_import(struct store *store, const struct content *content, struct error *error) KYB_MUST_USE;
enum err bytes_rows_hold(struct store *store, const char *sha256, struct error *error) KYB_MUST_USE;
void bytes_rows_release(struct store *store);
enum err bytes_rows_get(struct store *store, const char *sha256, struct strbuf *out,
			struct error *error) KYB_MUST_USE;
enum err bytes_rows_state(struct store *store, const char *sha256, enum bytes_state *out,
			  struct error *error) KYB_MUST_USE;
/* Unless somebody is between putting and the row. */
enum err bytes_rows_erase(struct store *store, const char *sha256, struct error *error) KYB_MUST_USE;

#endif
