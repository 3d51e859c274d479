/*
 * What belongs to a session: steps, documents, parties, checks, corrections,
 * decisions, notes. One .c file per aggregate under src/store/. Inserts set the
 * struct's row; ids must be set by the caller. Updates write all changeable columns of the row.
 */
#ifndef KYBDESK_STORE_PARTS_H
#define KYBDESK_STORE_PARTS_H

#include "kybdesk/domain/link_token.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/bytes.h"
#include "kybdesk/store/store.h"

enum err store_step_insert(struct store *store, int64_t session, size_t place, struct step *step,
			   struct error *error) KYB_MUST_USE;
enum err store_step_update(struct store *store, const struct step *step, struct error *error) KYB_MUST_USE;

enum err store_document_insert(struct store *store, int64_t session, struct document *document,
			       struct error *error) KYB_MUST_USE;
enum err store_document_update(struct store *store, const struct document *document,
			       struct error *error) KYB_MUST_USE;
/* No other row may name it as the one it replaces. Its bytes are erased by whoever deletes it, after the commit. */
enum err store_document_delete(struct store *store, int64_t row, struct error *error) KYB_MUST_USE;

enum err store_party_insert(struct store *store, int64_t session, struct party *party,
			    struct error *error) KYB_MUST_USE;
enum err store_party_update(struct store *store, const struct party *party, struct error *error) KYB_MUST_USE;
/* Replaces what the party owns; of_party_row (0: the subject) must be set in each share. */
enum err store_party_set_shares(struct store *store, const struct party *party, struct error *error) KYB_MUST_USE;
enum err store_party_set_subsession(struct store *store, int64_t party, int64_t session,
				    struct error *error) KYB_MUST_USE;

enum err store_check_insert(struct store *store, int64_t session, struct check *check,
			    struct error *error) KYB_MUST_USE;
enum err store_check_update(struct store *store, const struct check *check, struct error *error) KYB_MUST_USE;
enum err store_hit_insert(struct store *store, int64_t check, struct hit *hit, struct error *error) KYB_MUST_USE;
enum err store_hit_update(struct store *store, const struct hit *hit, struct error *error) KYB_MUST_USE;

enum err store_correction_insert(struct store *store, int64_t session, struct correction *correction,
				 struct error *error) KYB_MUST_USE;
enum err store_correction_update(struct store *store, const struct correction *correction,
				 struct error *error) KYB_MUST_USE;

/* Sets decision->number to the next of the session. */
enum err store_decision_insert(struct store *store, int64_t session, struct decision *decision,
			       struct error *error) KYB_MUST_USE;
enum err store_decision_mark_undone(struct store *store, int64_t row, struct error *error) KYB_MUST_USE;
/* evidence_json and before are left out by store_case_load (they can be large); this reads one whole. ERR_NOT_FOUND. */
enum err store_decision_load(struct store *store, struct arena *arena, int64_t session, int64_t number,
			     struct decision *out, struct error *error) KYB_MUST_USE;

enum err store_note_insert(struct store *store, int64_t session, struct note *note,
			   struct error *error) KYB_MUST_USE;
/* Raises the generation of the session's link, or with a document_type of the link for that document alone; the one
 * before opens nothing any more. */
enum err store_link_make(struct store *store, int64_t session, const char *document_type, int64_t now,
			 int64_t *generation, struct error *error) KYB_MUST_USE;
/* The generation that stands; 0: there is no link. */
enum err store_link_standing(struct store *store, int64_t session, const char *document_type, int64_t *generation,
			     struct error *error) KYB_MUST_USE;
struct link_row {
	int64_t session; /* 0: there never was such a link */
	int64_t merchant;
	bool valid; /* no later one took its place, and nobody stopped it */
	int64_t expires_at;
};
enum err store_link_find(struct store *store, const struct link_subject *subject, struct link_row *out,
			 struct error *error) KYB_MUST_USE;

#endif
