/* Inside the desk: shared by reviews, parties and other folders. */
#ifndef KYBDESK_SRC_DESK_REVIEW_REVIEW_H
#define KYBDESK_SRC_DESK_REVIEW_REVIEW_H

#include "kybdesk/desk/follow.h"
#include "use/use.h"

/* step.c: edits of single values, by the paths in in->fields_json. */
struct fields_edit {
	const char **json; /* the current object; in the arena afterwards */
	const struct field_spec *specs;
	size_t spec_count;
	const char *what; /* start of a sentence: "The step company" */
};
/* ERR_INVALID for a field that neither the profile nor the case has, or for an invalid path. Adds hashes of the old
 * and new values to use->detail. */
enum err fields_edit(struct use *use, const struct fields_edit *edit, struct error *error) KYB_MUST_USE;
/* Adds the reason, if any, as a note that begins with `what`, and its hash to use->detail. */
enum err fields_explain(struct use *use, const char *what, struct error *error) KYB_MUST_USE;
/* ERR_INVALID if one of the failures is about a submitted value; base: "steps.company". */
enum err fields_refuse(struct use *use, const char *base, const struct rule_failures *failures,
		       struct error *error) KYB_MUST_USE;

/* note.c: a note that the desk makes from a reason; such a note mentions no reviewer. */
enum err note_insert(struct use *use, const char *text, int64_t *row, struct error *error) KYB_MUST_USE;

/* party.c: checks the party's input; the error is the first problem that is not a warning. */
enum err party_check(struct use *use, const struct party *self, const struct party_input *input,
		     struct error *error) KYB_MUST_USE;
/* Replaces the name of the owned party by its id. ERR_NOT_FOUND, ERR_USAGE. */
enum err party_name_owned(struct use *use, struct party_input *input, struct error *error) KYB_MUST_USE;
/* Adds the party, with its share, to the case and the store. */
enum err party_insert(struct use *use, const struct party *party, struct party **out,
		      struct error *error) KYB_MUST_USE;

/* session_delete.c: whether a session must be kept: it was submitted or decided. */
bool member_is_kept(const struct family_member *member);
/* Erases a session with its subsessions within the open transaction, into use->erased; files are erased after the
 * commit. ERR_BLOCKED if one of them must be kept; verb completes "Cannot …". */
enum err erase_family(struct use *use, int64_t session, const char *verb, struct error *error) KYB_MUST_USE;

/* subsession.c: makes the session that verifies a party, within the open transaction: draft, its own link, event. */
enum err subsession_make(struct use *use, struct party *party, struct error *error) KYB_MUST_USE;
/* Copies the person or company of the party into the subject of the session that verifies it. */
void party_describe(const struct party *party, struct subject *subject);

#endif
