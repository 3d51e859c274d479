/* Verifies every table against the row commitments (docs/store.md, "Row commitments"): each row of evidence must
 * have the hash of its last commitment; derived tables are computed again. Verify the audit log first (audit.h):
 * its hashes cover the commitments. */
#ifndef KYBDESK_STORE_COMMITMENT_H
#define KYBDESK_STORE_COMMITMENT_H

#include "kybdesk/store/store.h"

struct row_check {
	/* table: for example "session"; the sentence names the row and the audit record that changed the row last. */
	void (*on_difference)(void *context, const char *table, const char *sentence);
	void (*on_progress)(void *context, const struct row_check *so_far); /* called at intervals; may be NULL */
	void *context;
	/* maximum number of commitments in memory; 0: the default. More commitments need several passes */
	size_t commitments_max;
	int64_t rows, commitment_count; /* rows compared; number of commitments */
	/* number of rows that have only the commitment of an upgrade; seq of the upgrade's audit record; 0: none */
	int64_t upgraded, upgrade_seq;
};
enum err store_rows_verify(struct store *store, struct row_check *out, struct error *error);

#define ROW_OWNER_DESK 0 /* the desk owns people, merchants, endpoints, rules, settings */
#define ROW_OWNER_SESSION(session) (session)
#define ROW_OWNER_SUBJECT(subject) (-(subject))
/* Compares the rows of an owner (ROW_OWNER_…: a session, a subject or the desk) with their last commitments. Call it
 * within a write transaction, before rows of the owner are changed or a decision relies on them. ERR_STORE: another
 * program changed a row; the message names the first such row. (Without this check, the next commitment would cover
 * the change of the other program.) Each owner is compared once per transaction; rows that the transaction itself
 * changed are left out. Does nothing without a write transaction. */
enum err store_rows_compare_owner(struct store *store, int64_t owner, struct error *error);

#define ROW_SALT_SIZE 16
/* The random salt of a session's hashes. *there is false if the session has no salt. */
enum err store_get_session_salt(struct store *store, int64_t session, uint8_t out[ROW_SALT_SIZE], bool *there,
				struct error *error);

#endif
