/* Documents' bytes in the database itself, for drivers that keep them there (db.h); same contract as bytes.h. */
#ifndef KYBDESK_STORE_BYTES_ROWS_H
#define KYBDESK_STORE_BYTES_ROWS_H

#include "bytes_files.h"

enum err bytes_rows_put(struct store *store, const struct content *content, struct error *error) KYB_MUST_USE;
/* Stores bytes without a mark, in the transaction that creates the store. */
enum err bytes_rows_import(struct store *store, const struct content *content, struct error *error) KYB_MUST_USE;
enum err bytes_rows_hold(struct store *store, const char *sha256, struct error *error) KYB_MUST_USE;
void bytes_rows_release(struct store *store);
enum err bytes_rows_get(struct store *store, const char *sha256, struct strbuf *out,
			struct error *error) KYB_MUST_USE;
enum err bytes_rows_state(struct store *store, const char *sha256, enum bytes_state *out,
			  struct error *error) KYB_MUST_USE;
/* Erases the bytes, unless another process has put the same bytes and not yet written its row. */
enum err bytes_rows_erase(struct store *store, const char *sha256, struct error *error) KYB_MUST_USE;

#endif
