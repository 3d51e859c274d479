/* Writes commitments of the rows that a transaction changed: their hashes are appended to row_commitment, and the
 * last audit record of the transaction covers them. If a transaction has no record, the next record of the log
 * covers its commitments (seq = the head's seq + 1). */
#ifndef KYBDESK_SRC_STORE_AUDIT_COMMITMENT_H
#define KYBDESK_SRC_STORE_AUDIT_COMMITMENT_H

#include "audit/commitment_hash.h"

/* Call within a write transaction, before its commit: appends the commitments, and the pending audit record. */
enum err commitments_write(struct store *store, struct error *error);
/* Like commitments_write(), but appends the commitments of only the first `count` changed rows, and the pending
 * record, because another record follows. */
enum err commitments_write_record(struct store *store, size_t count, struct error *error);
/* Call when a transaction begins. */
void commitments_reset_owners(struct store *store);
struct row_hasher *commitments_hasher(struct store *store); /* lives as long as the store object */
void commitments_close(struct store *store);

/* Call at the end of an upgrade: appends commitments of every row of the tables with a false `skip`, and of the
 * changed rows of the other tables. skip NULL: of every row of every table of evidence. */
enum err commitments_write_all(struct store *store, const bool *skip, struct error *error);

#endif
