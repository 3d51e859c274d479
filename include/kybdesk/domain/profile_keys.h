/* Every key of a profile's file, with the feature that enforces it: a key is enforced, refused, or shown as not
 * enforced by this version. The codec reads only keys in this table; a test checks the effect of each key. */
#ifndef KYBDESK_DOMAIN_PROFILE_KEYS_H
#define KYBDESK_DOMAIN_PROFILE_KEYS_H

#include "kybdesk/domain/profile.h"

struct profile_key {
	const char *section; /* "": top level; "parties", "documents" (each document), "fields", "rules" … */
	const char *key;
	const char *enforcement; /* the enforcing feature, in words; NULL: not enforced by this version */
};
extern const struct profile_key profile_keys[];
extern const size_t profile_key_count;
/* Keys that this profile uses but this version does not enforce, such as "retention.days", in the
 * order of the table. */
const char **profile_unenforced_keys(struct arena *arena, const struct profile *profile, size_t *count);

#endif
