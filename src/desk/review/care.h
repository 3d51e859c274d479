/*
 * Changes that need care: a lead makes them, with a reason, if they would hide an
 * open or confirmed hit, or a rejection for a restricted reason, from the reviewers of the decision.
 */
#ifndef KYBDESK_SRC_DESK_REVIEW_CARE_H
#define KYBDESK_SRC_DESK_REVIEW_CARE_H

#include "use/use.h"

/* Requires a lead of the staff and a `reason` of at least ten characters; `why` completes "Cannot …: ".
 * ERR_FORBIDDEN, ERR_INVALID; for an outside caller ERR_BLOCKED, without `why`. */
enum err care_require(const struct use *use, const char *why, const char *reason, struct error *error) KYB_MUST_USE;

/* Sets *why, in the arena, if the session needs care, else to "". A session needs care if it is held
 * (desk_is_held()), has an open or confirmed hit, or was rejected for a restricted reason, even if reopened since;
 * for an outside caller also any submitted session, except a rejection with a disclosed reason. */
enum err care_about_session(struct use *use, int64_t session, const char **why, struct error *error) KYB_MUST_USE;
/* The same for all current and former sessions that verify the party in this case. */
enum err care_about_party(struct use *use, const struct party *party, const char **why,
			  struct error *error) KYB_MUST_USE;
/* If the case has or had a session that needs care for a party with this name, a new session needs a lead and
 * in->reason. */
enum err care_about_new_kyc(struct use *use, const char *name, struct error *error) KYB_MUST_USE;

/* In production, only a lead of the staff can remove a party of a submitted case if the party is an owner declared
 * at submission, or if its KYC was decided. */
enum err care_about_removal(struct use *use, const struct party *party, struct error *error) KYB_MUST_USE;
/* The function care_owners_note() copies the owners before a change. Afterwards care_owners_check() checks that no
 * owner with a KYC that needs care is no longer an owner, and that in production no owner declared at submission
 * lost a share or a role. */
struct care_owners {
	struct party *was;
	size_t count;
};
void care_owners_note(struct use *use, struct care_owners *owners);
enum err care_owners_check(struct use *use, const struct care_owners *owners, struct error *error) KYB_MUST_USE;

#endif
