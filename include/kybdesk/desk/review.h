/*
 * Work on a case short of deciding it: documents, checks and hits, parties,
 * subsessions, notes. Reviewing needs that nobody else holds the case
 * (ERR_CONFLICT) and that it is not decided (ERR_BLOCKED). *id (arena) is the session's full id.
 */
#ifndef KYBDESK_DESK_REVIEW_H
#define KYBDESK_DESK_REVIEW_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/party_input.h"
#include "kybdesk/domain/rules.h"

enum err desk_note(struct desk *desk, struct arena *arena, const char *reference, const char *text, const char **id,
		   struct error *error) KYB_MUST_USE;

/* document: id, unique prefix (>= 4), or a type when the case has just one present document of it. */
enum err desk_document_accept(struct desk *desk, struct arena *arena, const char *reference, const char *document,
			      const char **id, struct error *error) KYB_MUST_USE;
enum err desk_document_reject(struct desk *desk, struct arena *arena, const char *reference, const char *document,
			      const char *reason, const char **id, struct error *error) KYB_MUST_USE;
/* Puts a file into the case as `type`: sniffed, size and format by the profile; takes the place of a missing record of that
 * type, or of a rejected one (kept, marked replaced). file_name is shown, never used as a path. */
enum err desk_document_add(struct desk *desk, struct arena *arena, const char *reference, const char *type,
			   const char *side, const char *file_name, const void *bytes, size_t length,
			   const char **id, const char **document_id, struct error *error) KYB_MUST_USE;
/* The first phase of an upload where files come in two (profile.h, UPLOAD_TWO_PHASE, and documents on request): a record
 * whose upload is `waiting` until desk_document_add() brings the file. */
enum err desk_document_record(struct desk *desk, struct arena *arena, const char *reference, const char *type,
			      const char *side, const char **id, const char **document_id,
			      struct error *error) KYB_MUST_USE;
/* The bytes, hash-checked; an audit event (open or save is `purpose`). */
enum err desk_document_bytes(struct desk *desk, struct arena *arena, const char *reference, const char *document,
			     const char *purpose, struct strbuf *out, struct document *info,
			     struct error *error) KYB_MUST_USE;

enum err desk_hit_resolve(struct desk *desk, struct arena *arena, const char *reference, const char *hit,
			  bool match, const char *reason, const char *note, const char **id,
			  struct error *error) KYB_MUST_USE;
enum err desk_hit_accept(struct desk *desk, struct arena *arena, const char *reference, const char *hit,
			 const char *reason, const char **id,
			 struct error *error) KYB_MUST_USE; /* lead; PEP, adverse media */
enum err desk_check_waive(struct desk *desk, struct arena *arena, const char *reference, enum check_kind kind,
			  const char *reason, const char **id, struct error *error) KYB_MUST_USE; /* lead */

/* Holds the case against its profile's rules, and asks again for checks that are missing, ended in an error or a
 * time-out, or are too old: they are pending then. The status stays. */
struct validation {
	const char *id;
	struct rule_failures failures;
	unsigned asked; /* bits of enum check_kind */
};
enum err desk_validate(struct desk *desk, struct arena *arena, const char *reference, struct validation *out,
		       struct error *error) KYB_MUST_USE;

/* Makes the subsession (draft, the profile's KYC workflow) where the profile says the party must be verified by one. */
enum err desk_party_add(struct desk *desk, struct arena *arena, const char *reference,
			const struct party_input *input, const char **id, const char **party_id,
			const char **subsession_id, struct error *error) KYB_MUST_USE;
enum err desk_subsession_add(struct desk *desk, struct arena *arena, const char *reference, const char *party,
			     const char **id, const char **subsession_id, struct error *error) KYB_MUST_USE;

#endif
