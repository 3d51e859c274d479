/*
 * What weighs so much that a lead does it, and says why (trust.md, "Separation of duties"): whatever would take an open
 * or confirmed hit, or a rejection for a restricted reason, out of sight of who decides.
 */
#ifndef KYBDESK_SRC_DESK_REVIEW_CARE_H
#define KYBDESK_SRC_DESK_REVIEW_CARE_H

#include "use/use.h"

/* A lead of the staff with in->`reason` of ten characters; why completes "Cannot …: ". ERR_FORBIDDEN, ERR_INVALID; of a
 * caller ERR_BLOCKED, without why. */
enum err care_require(const struct use *use, const char *why, const char *reason, struct error *error) KYB_MUST_USE;

/* Why a session weighs: an open or confirmed hit in it, a rejection for a restricted reason, even one that was reopened
 * since; to a caller whatever was submitted, but for a rejection whose reason it was told. "" it does not. In the arena. */
enum err care_about_session(struct use *use, int64_t session, const char **why, struct error *error) KYB_MUST_USE;
/* The same of every session that was to verify the party here, the present and those before it. */
enum err care_about_party(struct use *use, const struct party *party, const char **why,
			  struct error *error) KYB_MUST_USE;
/* Whether somebody of this name has, or had, such a session in the case: a new one needs a lead and in->reason. */
enum err care_about_new_kyc(struct use *use, const char *name, struct error *error) KYB_MUST_USE;

/* Beneficial owners as they stood before a change; and that none of those whose KYC weighs stopped being one by it. */
struct care_owners {
	bool *was;
};
void care_owners_note(struct use *use, struct care_owners *owners);
enum err care_owners_check(struct use *use, const struct care_owners *owners, struct error *error) KYB_MUST_USE;

#endif
