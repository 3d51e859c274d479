/* The parts of a session: steps, documents, parties, checks, corrections, decisions, notes. One .c file per
 * aggregate under src/store/. The insert functions set the struct's row; the caller sets ids. The update functions
 * write all changeable columns of the row. */
#ifndef KYBDESK_STORE_PARTS_H
#define KYBDESK_STORE_PARTS_H

#include "kybdesk/domain/session.h"
#include "kybdesk/store/bytes.h"

enum err store_step_insert(struct store *store, int64_t session, size_t place, struct step *step, struct error *error);
enum err store_step_update(struct store *store, const struct step *step, struct error *error);

enum err store_document_insert(struct store *store, int64_t session, struct document *document, struct error *error);
enum err store_document_update(struct store *store, const struct document *document, struct error *error);

enum err store_party_insert(struct store *store, int64_t session, struct party *party, struct error *error);
enum err store_party_update(struct store *store, const struct party *party, struct error *error);
/* Replaces the party's shares; the caller must set owned_party_row of each share (0: the subject). */
enum err store_party_set_shares(struct store *store, const struct party *party, struct error *error);
enum err store_party_set_subsession(struct store *store, int64_t party, int64_t session, struct error *error);

enum err store_check_insert(struct store *store, int64_t session, struct check *check, struct error *error);
enum err store_check_update(struct store *store, const struct check *check, struct error *error);
enum err store_result_insert(struct store *store, int64_t check, struct result *result, struct error *error);
/* Writes the verdict; the other columns never change. */
enum err store_result_update(struct store *store, const struct result *result, struct error *error);
enum err store_hit_insert(struct store *store, int64_t check, struct hit *hit, struct error *error);
enum err store_hit_update(struct store *store, const struct hit *hit, struct error *error);

enum err store_correction_insert(struct store *store, int64_t session, struct correction *correction,
				 struct error *error);
enum err store_correction_update(struct store *store, const struct correction *correction, struct error *error);

/* Inserts an ended attempt; attempt->number must be the number of the session's last attempt + 1. */
enum err store_attempt_insert(struct store *store, int64_t session, const struct attempt *attempt, struct error *error);

/* Inserts a decision; sets decision->number to the number of the session's last decision + 1. */
enum err store_decision_insert(struct store *store, int64_t session, struct decision *decision, struct error *error);
enum err store_decision_mark_undone(struct store *store, int64_t row, struct error *error);
/* Reads one decision with evidence_json and before, which store_case_load() omits (they can be large).
 * ERR_NOT_FOUND. */
enum err store_decision_load(struct store *store, struct arena *arena, int64_t session, int64_t number,
			     struct decision *out, struct error *error);

/* store_signature_load() sets *out to NULL if the decision is not signed. */
enum err store_signature_insert(struct store *store, int64_t session, int64_t number,
				const struct decision_signature *signature, struct error *error);
enum err store_signature_load(struct store *store, struct arena *arena, int64_t session, int64_t number,
			      const struct decision_signature **out, struct error *error);

enum err store_note_insert(struct store *store, int64_t session, struct note *note, struct error *error);
/* Marks the mentions of the reviewer in notes of the session and its subsessions as answered; *count: number of
 * notes changed. */
enum err store_note_mark_answered(struct store *store, int64_t session, const char *reviewer, int64_t *count,
				  struct error *error);
/* by: the reviewer that pins the note; "" unpins it. */
enum err store_note_set_pinned(struct store *store, int64_t row, const char *by, struct error *error);
/* Raises the generation of the session's link or, with a document_type, of the link to this document; older links
 * become invalid. */
enum err store_link_replace(struct store *store, int64_t session, const char *document_type, int64_t now,
			    int64_t *generation, struct error *error);
/* The generation of the session's (or document's) valid link; 0: no link is valid. */
enum err store_link_generation(struct store *store, int64_t session, const char *document_type, int64_t *generation,
			       struct error *error);
struct link_row {
	int64_t session; /* 0: the store has no such link */
	int64_t merchant;
	bool valid; /* neither replaced nor revoked */
	int64_t expires_at;
};
enum err store_link_find(struct store *store, const struct link_subject *subject, struct link_row *out,
			 struct error *error);

#endif
