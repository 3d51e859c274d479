/* Sessions: rows ↔ struct case_file. See store.h for transactions. */
#ifndef KYBDESK_STORE_SESSION_H
#define KYBDESK_STORE_SESSION_H

#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/store/store.h"

/* Finds one session by full UUID, external_ref, or unique id prefix (>= 4 characters), in this order.
 * ERR_NOT_FOUND; several: ERR_USAGE listing up to ten candidates with their names. */
enum err store_session_find(struct store *store, const char *reference, int64_t *row,
			    struct error *error) KYB_MUST_USE;
/* *row is 0 when there is none. */
enum err store_session_by_uuid(struct store *store, const char *uuid, int64_t *row,
			       struct error *error) KYB_MUST_USE;
/* The one of this merchant_row and workflow that has this external_ref. */
enum err store_session_by_ref(struct store *store, const struct session *named, int64_t *row,
			      struct error *error) KYB_MUST_USE;

/* The newest session of a merchant's user; *row 0: there is none. */
enum err store_session_last_of(struct store *store, int64_t merchant, const char *uid, int64_t *row,
			       struct error *error) KYB_MUST_USE;

/* Loads the whole case: session, subject, steps, documents, parties with shares and subsession states, checks
 * with hits, corrections, decisions, notes. ERR_NOT_FOUND. */
enum err store_case_load(struct store *store, struct arena *arena, int64_t row, struct case_file *out,
			 struct error *error) KYB_MUST_USE;
/* Only the session row with its subject. */
enum err store_session_load(struct store *store, struct arena *arena, int64_t row, struct session *out,
			    struct error *error) KYB_MUST_USE;
enum err store_subsessions(struct store *store, struct arena *arena, int64_t parent_row,
			   struct session_item **items, size_t *count, struct error *error) KYB_MUST_USE;

/* Finds or makes the subject by merchant + uid: fills subject->row, and kyb_id (a new one for a business). One that is
 * made takes its description and its level from `subject`; one that exists keeps its own, and its level is read into
 * subject->level (which then lives as long as the store). ERR_INVALID when the uid is empty: it would make one user of
 * many; ERR_CONFLICT when the subject was deleted. */
enum err store_subject_put(struct store *store, int64_t merchant_row, struct subject *subject,
			   struct error *error) KYB_MUST_USE;
enum err store_subject_exists(struct store *store, int64_t merchant_row, const char *uid, bool *exists,
			      struct error *error) KYB_MUST_USE;
enum err store_subject_set_level(struct store *store, int64_t subject_row, const char *level,
				 struct error *error) KYB_MUST_USE;

/* Inserts the session row (session->row is set; version 1). A created_at or updated_at that is TIME_NONE becomes now.
 * import_sha256 may be NULL. */
enum err store_session_insert(struct store *store, struct session *session, const uint8_t import_sha256[32],
			      struct error *error) KYB_MUST_USE;
/* Writes every changeable column when the stored version is still session->version, then raises it (also in the
 * struct) and sets updated_at = now. ERR_CONFLICT when somebody was faster. import_sha256 may be NULL (kept). */
enum err store_session_update(struct store *store, struct session *session, const uint8_t import_sha256[32],
			      int64_t now, struct error *error) KYB_MUST_USE;
struct claim {
	int64_t reviewer_row; /* 0: nobody holds it, and the times are TIME_NONE */
	int64_t at, expires_at;
};
/* Claim columns only; does not raise the version (holding a case changes nothing about it). */
enum err store_session_set_claim(struct store *store, int64_t row, const struct claim *claim,
				 struct error *error) KYB_MUST_USE;
enum err store_session_set_counts(struct store *store, const struct session *session,
				  const struct case_counts *counts, struct error *error) KYB_MUST_USE;
/* The full-text row, made of names, references and tax ids of the case. No-op when it is unchanged. */
enum err store_session_index_text(struct store *store, const struct case_file *file,
				  struct error *error) KYB_MUST_USE;
enum err store_session_next_sequence(struct store *store, int64_t row, int64_t *sequence,
				     struct error *error) KYB_MUST_USE;
/* For imports: what the store has of the session of a line. */
struct import_state {
	int64_t row;	    /* 0: nothing */
	uint8_t sha256[32]; /* of the line; all zero when it was not imported */
};
enum err store_session_import_state(struct store *store, const char *uuid, struct import_state *out,
				    struct error *error) KYB_MUST_USE;

#endif
