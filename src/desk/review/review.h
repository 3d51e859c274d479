/* Inside the desk: shared by reviews, parties and other folders. */
#ifndef KYBDESK_SRC_DESK_REVIEW_REVIEW_H
#define KYBDESK_SRC_DESK_REVIEW_REVIEW_H

#include "use/use.h"

/*
 * care.c: changes that need care: a lead makes them, with a reason, if they would hide an open or confirmed hit, or a
 * rejection for a restricted reason, from the reviewers of the decision.
 */

/* Requires a lead of the staff and a `reason` of at least ten characters; `why` completes "Cannot …: ".
 * ERR_FORBIDDEN, ERR_INVALID; for an outside caller ERR_BLOCKED, without `why`. */
enum err care_require(const struct use *use, const char *why, const char *reason, struct error *error) KYB_MUST_USE;

/* Sets *why, in the arena, if the session needs care, else to "". A session needs care if it is held
 * (desk_is_held()), has an open or confirmed hit, or was rejected for a restricted reason, even if reopened since;
 * for an outside caller also any submitted session, except a rejection with a disclosed reason. */
enum err care_session_reason(struct use *use, int64_t session, const char **why, struct error *error) KYB_MUST_USE;
/* The same for all current and former sessions that verify the party in this case. */
enum err care_party_reason(struct use *use, const struct party *party, const char **why,
			   struct error *error) KYB_MUST_USE;
/* If the case has or had a session that needs care for a party with this name, a new session needs a lead and
 * in->reason. */
enum err care_new_kyc_check(struct use *use, const char *name, struct error *error) KYB_MUST_USE;

/* In production, only a lead of the staff can remove a party of a submitted case if the party is an owner declared
 * at submission, or if its KYC was decided. */
enum err care_removal_check(struct use *use, const struct party *party, struct error *error) KYB_MUST_USE;
/* The function care_owners_save() copies the owners before a change. Afterwards care_owners_check() checks that no
 * owner with a KYC that needs care is no longer an owner, and that in production no owner declared at submission
 * lost a share or a role. */
struct care_owners {
	struct party *was;
	size_t count;
};
void care_owners_save(struct use *use, struct care_owners *owners);
enum err care_owners_check(struct use *use, const struct care_owners *owners, struct error *error) KYB_MUST_USE;

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
enum err party_resolve_owned(struct use *use, struct party_input *input, struct error *error) KYB_MUST_USE;
/* A new party with the checked input and its share. ERR_INVALID: the share is not possible. */
enum err party_make(struct use *use, const struct party_input *input, struct party *out,
		    struct error *error) KYB_MUST_USE;
/* Adds the party, with its share, to the case and the store. */
enum err party_insert(struct use *use, const struct party *party, struct party **out,
		      struct error *error) KYB_MUST_USE;

/* session_delete.c: whether a session must be kept: it was submitted or decided. */
bool member_is_kept(const struct family_member *member);
/* Erases a session with its subsessions within the open transaction, into use->erased; files are erased after the
 * commit. ERR_BLOCKED if one of them must be kept; verb completes "Cannot …". */
enum err erase_family(struct use *use, int64_t session, const char *verb, struct error *error) KYB_MUST_USE;

/* duplicate.c: a new version and new counters of another case that this change affects. */
enum err case_bump(struct use *use, int64_t row, struct error *error) KYB_MUST_USE;

/* subsession.c: makes the session that verifies a party, within the open transaction: draft, its own link, event. */
enum err subsession_make(struct use *use, struct party *party, struct error *error) KYB_MUST_USE;
/* Copies the person or company of the party into the subject of the session that verifies it. */
void party_describe(const struct party *party, struct subject *subject);

#endif
