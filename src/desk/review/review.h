/* Inside the desk: rules for leads, edits of fields, notes, parties and their sessions, by source file. */
#ifndef KYBDESK_SRC_DESK_REVIEW_REVIEW_H
#define KYBDESK_SRC_DESK_REVIEW_REVIEW_H

#include "use/use.h"

/* care.c: changes that need a lead. Such a change could hide an open or confirmed hit, or a rejection for a
 * restricted reason, from the reviewers of the decision, so only a lead can make it, with a reason. */

/* Requires a lead of the staff and a `reason` of at least ten characters; `why` completes "Cannot …: ". Returns
 * ERR_FORBIDDEN or ERR_INVALID; for an outside caller ERR_BLOCKED, without `why`. */
enum err require_lead_with_reason(const struct use *use, const char *why, const char *reason, struct error *error);

/* Sets *why, in the arena, to the reason why a change of the session needs a lead, else to "". A change needs a lead if
 * the session is held (desk_case_has_lead_hold()), has an open or confirmed hit, or was rejected for a restricted
 * reason, even if it was reopened later. For an outside caller, a change needs a lead also if the session was
 * submitted, unless it was rejected with a disclosed reason. */
enum err lead_reason_for_session(struct use *use, int64_t session, const char **why, struct error *error);
/* As lead_reason_for_session(), for all present and former sessions that verify the party in this case. */
enum err lead_reason_for_party(struct use *use, const struct party *party, const char **why, struct error *error);
/* Requires a lead and in->reason for a new session if a party of this name has or had a session in this case that
 * needs a lead. */
enum err require_lead_for_new_kyc(struct use *use, const char *name, struct error *error);

/* In production, requires a lead and in->reason if staff removes a party of a submitted case, and the party is an
 * owner declared at submission or its KYC was decided. */
enum err require_lead_for_removal(struct use *use, const struct party *party, struct error *error);
/* Owners before a change, copied by save_owners_before_change(). After the change, require_lead_for_lost_owners()
 * requires a lead and in->reason if an owner with a KYC that needs a lead is no longer an owner, or if in production an
 * owner declared at submission lost a share or a role. */
struct owners_before_change {
	struct party *parties;
	size_t count;
};
void save_owners_before_change(struct use *use, struct owners_before_change *owners);
enum err require_lead_for_lost_owners(struct use *use, const struct owners_before_change *owners, struct error *error);

/* step.c: edits of single values, by the paths in in->fields_json. */
struct fields_edit {
	const char **json; /* the present object; afterwards the changed object, in the arena */
	const struct field_spec *specs;
	size_t spec_count;
	const char *what; /* subject of a sentence: "The step company" */
};
/* ERR_INVALID for a field that neither the profile nor the case has, or for an invalid path. Adds hashes of the old
 * and new values to use->detail. */
enum err fields_edit(struct use *use, const struct fields_edit *edit, struct error *error);
/* If the change has a reason, adds it as a note that begins with `what`, and adds its hash to use->detail. */
enum err fields_add_reason_note(struct use *use, const char *what, struct error *error);
/* ERR_INVALID if one of the failures is about a submitted value. base: path of the submitted values, such as
 * "steps.company". */
enum err fields_refuse_failures(struct use *use, const char *base, const struct rule_failures *failures,
				struct error *error);

/* party.c: checks the party's input; the error is the first problem that is not a warning. */
enum err party_check_input(struct use *use, const struct party *self, const struct party_input *input,
			   struct error *error);
/* Replaces the name of the owned party by its id. ERR_NOT_FOUND, ERR_USAGE. */
enum err party_resolve_owned_id(struct use *use, struct party_input *input, struct error *error);
/* Makes a new party with its share from the checked input. ERR_INVALID if the share is not possible. */
enum err party_make(struct use *use, const struct party_input *input, struct party *out, struct error *error);
/* Adds the party, with its share, to the case and the store. */
enum err party_insert(struct use *use, const struct party *party, struct party **out, struct error *error);

/* session_delete.c: whether a session must be kept, because it was submitted or decided. */
bool member_must_be_kept(const struct family_member *member);
/* Erases a session with its subsessions within the open transaction, into use->erased; the files are erased after
 * the commit. ERR_BLOCKED if one of these sessions must be kept. verb completes "Cannot …". */
enum err erase_family(struct use *use, int64_t session, const char *verb, struct error *error);

/* duplicate.c: raises the version of another case that this change also affects; recomputes its counters. */
enum err case_bump_version(struct use *use, int64_t row, struct error *error);

/* subsession.c: makes the session that verifies a party, as a draft with its own link and an event, within the open
 * transaction. */
enum err subsession_make(struct use *use, struct party *party, struct error *error);
/* Copies the person or company of the party into the subject of the session that verifies the party. */
void party_fill_subject(const struct party *party, struct subject *subject);

#endif
