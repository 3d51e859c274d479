/*
 * Verifies every table against the row commitments (docs/store.md, "Row commitments"): each row of evidence must have
 * its last commitment's hash; derived tables are computed again. Verify the log first (audit.h): it covers the
 * commitments.
 */
#ifndef KYBDESK_STORE_COMMITMENT_H
#define KYBDESK_STORE_COMMITMENT_H

#include "kybdesk/store/store.h"

struct row_check {
	/* table: "session"; the sentence names the row, and the record that touched it last. */
	void (*on_difference)(void *context, const char *table, const char *sentence);
	void (*on_progress)(void *context, const struct row_check *so_far); /* now and then; may be NULL */
	void *context;
	size_t at_once;	     /* commitments in memory; 0: the default. More need several passes over the tables */
	int64_t rows, total; /* rows compared; number of commitments */
	int64_t upgraded, upgrade_seq; /* rows first committed by an upgrade, and its record; 0: none */
};
enum err store_rows_verify(struct store *store, struct row_check *out, struct error *error) KYB_MUST_USE;

/*
 * Call within a write transaction, before rows of the owner change or a decision relies on them. ERR_STORE, naming
 * the first row, if a row is not as it was last committed; otherwise the next commitment would cover a change by
 * another program. Each owner is compared once in a transaction, without the rows that the transaction changed
 * itself. Does nothing without a write transaction.
 */
#define ROWS_OF_DESK 0 /* people, merchants, endpoints, rules, settings */
#define ROWS_OF_SESSION(session) (session)
#define ROWS_OF_SUBJECT(subject) (-(subject))
enum err store_rows_check(struct store *store, int64_t owner, struct error *error) KYB_MUST_USE;

/* The random salt of a session's hashes. *there: false if the session has none. */
#define ROW_SALT_SIZE 16
enum err store_session_salt(struct store *store, int64_t session, uint8_t out[ROW_SALT_SIZE], bool *there,
			    struct error *error) KYB_MUST_USE;

#endif
