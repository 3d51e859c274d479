/* Inside the desk: what reviewing and parties share with other rooms. */
#ifndef KYBDESK_SRC_DESK_REVIEW_REVIEW_H
#define KYBDESK_SRC_DESK_REVIEW_REVIEW_H

#include "kybdesk/desk/follow.h"
#include "use/use.h"

/* step.c: values changed one by one, by the paths of in->fields_json. */
struct fields_edit {
	const char **json; /* the present object; in the arena afterwards */
	const struct field_spec *specs;
	size_t spec_count;
	const char *what; /* begins a sentence: "The step company" */
};
/* ERR_INVALID for a field that neither the profile nor the case knows, or a path that leads nowhere. Hashes of what was and
 * is there go into use->detail. */
enum err fields_edit(struct use *use, const struct fields_edit *edit, struct error *error) KYB_MUST_USE;
/* The reason, where one was given, as a note that begins with `what`, and its hash in use->detail. */
enum err fields_explain(struct use *use, const char *what, struct error *error) KYB_MUST_USE;
/* ERR_INVALID when one of the failures is about a value that was given; base: "steps.company". */
enum err fields_refuse(struct use *use, const char *base, const struct rule_failures *failures,
		       struct error *error) KYB_MUST_USE;

/* party.c: the party as it is typed may be stored: the first problem that is no warning as an error. */
enum err party_check(struct use *use, const struct party *self, const struct party_input *input,
		     struct error *error) KYB_MUST_USE;
/* Puts the id of the party that it owns of in the place of what it was called. ERR_NOT_FOUND, ERR_USAGE. */
enum err party_name_owned(struct use *use, struct party_input *input, struct error *error) KYB_MUST_USE;
/* The new party, in the case and in the store; with its share. */
enum err party_insert(struct use *use, const struct party *party, struct party **out,
		      struct error *error) KYB_MUST_USE;

/* session_delete.c: whether a session was submitted or decided: then it is kept. */
bool member_is_kept(const struct family_member *member);
/* Erases a session with its subsessions within the open transaction, into use->erased; what is left is done after the
 * commit. ERR_BLOCKED when one of them is kept; verb completes "Cannot …". */
enum err erase_family(struct use *use, int64_t session, const char *verb, struct error *error) KYB_MUST_USE;

/* subsession.c: makes the session that verifies a party, within the open transaction: draft, its own link, event. */
enum err subsession_make(struct use *use, struct party *party, struct error *error) KYB_MUST_USE;

#endif
