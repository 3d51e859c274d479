/* Sessions: rows ↔ struct case_file, and the subject and claim of a session. All functions join the open
 * transaction (store.h); results live in the arena argument. */
#ifndef KYBDESK_STORE_SESSION_H
#define KYBDESK_STORE_SESSION_H

#include "kybdesk/domain/gate.h"
#include "kybdesk/store/store.h"

/* Finds one session by full UUID, external_ref, or unique id prefix (>= 4 characters), in this order.
 * ERR_NOT_FOUND. ERR_USAGE, with up to ten candidates and their names: several sessions match. */
enum err store_session_find(struct store *store, const char *reference, int64_t *row, struct error *error);
/* Finds a session by its UUID; *row 0: none. */
enum err store_session_by_uuid(struct store *store, const char *uuid, int64_t *row, struct error *error);
/* Finds the session with external_ref, merchant_row and workflow as in `named`; *row 0: none. */
enum err store_session_by_ref(struct store *store, const struct session *named, int64_t *row, struct error *error);

/* The newest session of a subject; *row 0: none. */
enum err store_session_find_newest(struct store *store, int64_t subject, int64_t *row, struct error *error);
#define SESSIONS_PER_NUMBER_MAX 50
/* Finds the sessions of businesses with this registration number (text_number_key()) and country, of all merchants,
 * without rejected sessions, oldest first; rows has room for SESSIONS_PER_NUMBER_MAX. */
enum err store_sessions_by_number(struct store *store, const char *country, const char *number, int64_t *rows,
				  size_t *count, struct error *error);

/* Loads the whole case: session, subject, steps, documents, parties with shares and subsession states, checks
 * with hits, corrections, decisions, notes. ERR_NOT_FOUND. */
enum err store_case_load(struct store *store, struct arena *arena, int64_t row, struct case_file *out,
			 struct error *error);
/* Loads only the session row with its subject. */
enum err store_session_load(struct store *store, struct arena *arena, int64_t row, struct session *out,
			    struct error *error);
enum err store_subsession_list(struct store *store, struct arena *arena, int64_t parent_row,
			       struct session_item **items, size_t *count, struct error *error);

/* Finds or creates the subject by merchant + uid; fills subject->row and kyb_id (a new one for a business). A new
 * subject gets its description and level from `subject`. An existing subject keeps both; the function reads its
 * level into subject->level (valid as long as the store is open). ERR_INVALID: an empty uid, which would merge
 * different users. ERR_CONFLICT: the subject was deleted. */
enum err store_subject_put(struct store *store, int64_t merchant_row, struct subject *subject, struct error *error);
enum err store_subject_set_level(struct store *store, int64_t subject_row, const char *level, struct error *error);

/* Inserts the session row; sets session->row, version 1. created_at and updated_at default to now if TIME_NONE.
 * import_sha256 may be NULL; counts NULL: not counted yet. */
enum err store_session_insert(struct store *store, struct session *session, const uint8_t import_sha256[32],
			      const struct case_counts *counts, struct error *error);
/* Writes every changeable column if the stored version is still session->version, then raises the version (also in
 * the struct) and sets updated_at = now. ERR_CONFLICT: another actor changed the session meanwhile. import_sha256
 * NULL: unchanged. */
enum err store_session_update(struct store *store, struct session *session, const uint8_t import_sha256[32],
			      int64_t now, struct error *error);
struct claim {
	int64_t reviewer_row; /* 0: the session is not claimed, and the times are TIME_NONE */
	int64_t at, expires_at;
};
/* Writes the claim columns only; does not raise the version. */
enum err store_session_set_claim(struct store *store, int64_t row, const struct claim *claim, struct error *error);
enum err store_session_set_counts(struct store *store, const struct session *session, const struct case_counts *counts,
				  struct error *error);
/* Of an approved case with the mark that two parties may be the same, as lists show it: keeps or removes the mark.
 * *found: whether the case has the mark; otherwise nothing is changed. */
enum err store_session_confirm_pair(struct store *store, int64_t row, bool unanswered, bool *found,
				    struct error *error);
/* Updates the full-text row of the case from its names, references and tax ids. Writes nothing if the text is
 * unchanged. */
enum err store_session_index_text(struct store *store, const struct case_file *file, struct error *error);
enum err store_session_next_sequence(struct store *store, int64_t row, int64_t *sequence, struct error *error);
/* The stored state of the session that a line of an import describes. */
struct import_state {
	int64_t row;	    /* 0: not stored */
	uint8_t sha256[32]; /* hash of the line; all zero if not imported */
};
enum err store_session_import_state(struct store *store, const char *uuid, struct import_state *out,
				    struct error *error);

#endif
