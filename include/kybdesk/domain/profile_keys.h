/*
 * Every key that a profile's file may have, and who sees to it (trust.md, "Custody of the rules": what a profile says is
 * enforced, refused, or shown as not enforced by this version). The codec reads no key that is not here; a test walks
 * the table and asks each key for its effect.
 */
#ifndef KYBDESK_DOMAIN_PROFILE_KEYS_H
#define KYBDESK_DOMAIN_PROFILE_KEYS_H

#include "kybdesk/base/arena.h"
#include "kybdesk/domain/profile.h"

struct profile_key {
	const char
		*section; /* "" the profile itself; "parties", "documents" (of each), "fields", "rules", "when" … */
	const char *key;
	const char *enforced; /* by what, in words; NULL: not enforced by this version */
};
const struct profile_key *profile_keys(size_t *count);
/* The keys of one section, in the arena. */
const char *const *profile_section_keys(struct arena *arena, const char *section, size_t *count);
/* "review.four_eyes_from_risk" for what this profile asks for and this version does not enforce, in the order of the
 * table. */
const char **profile_not_enforced(struct arena *arena, const struct profile *profile, size_t *count);

#endif
