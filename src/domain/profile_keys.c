#include "kybdesk/domain/profile_keys.h"
#include "profile_key_rows.h"

#include <string.h>

#define EVENT_KEY(kind, key) { "events", key, "webhooks" },

const struct profile_key profile_keys[] = { PROFILE_KEYS EVENT_KIND_WORDS(EVENT_KEY) };
const size_t profile_key_count = sizeof profile_keys / sizeof *profile_keys;

/* Whether the profile uses a key that this version does not enforce. Only events and "accounts" are looked up; any
 * other such key counts as used. */
static bool is_requested(const struct profile *profile, const struct profile_key *key)
{
	enum event_kind event;

	if (!strcmp(key->section, "events"))
		return event_kind_parse(key->key, &event) && profile->events[event];
	if (!strcmp(key->key, "accounts"))
		return profile->allows_accounts;
	return true;
}

const char **profile_unenforced_keys(struct arena *arena, const struct profile *profile, size_t *count)
{
	const char **found = arena_alloc_array(arena, profile_key_count, sizeof *found);

	*count = 0;
	for (size_t i = 0; i < profile_key_count; i++) {
		if (profile_keys[i].enforcement || !is_requested(profile, &profile_keys[i]))
			continue;
		found[(*count)++] = arena_printf(arena, "%s%s%s", profile_keys[i].section,
						 *profile_keys[i].section ? "." : "", profile_keys[i].key);
	}
	return found;
}
