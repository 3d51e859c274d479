#include "kybdesk/domain/suspicion.h"

const char *suspicion_cause_title(enum suspicion_cause cause)
{
	static const char *const titles[] = { [CAUSE_REPORTED] = "reported by a reviewer",
					      [CAUSE_SANCTIONS_MATCH] = "a confirmed sanctions match",
					      [CAUSE_REJECTION] = "a rejection for fraud or forgery",
					      [CAUSE_DOCUMENT] = "a forged document" };
	WORDS_CHECK_TABLE(titles, SUSPICION_CAUSE_WORDS);

	return titles[cause];
}

const char *suspicion_entry_text(struct arena *arena, const struct suspicion_entry *entry)
{
	switch (entry->act) {
	case SUSPICION_REPORT:
		return arena_printf(arena, "reported by %s", entry->actor);
	case SUSPICION_NOTE:
		return arena_printf(arena, "note by %s", entry->actor);
	case SUSPICION_ALLOW:
		return arena_printf(arena, "%s gave %s access", entry->actor, entry->access_person);
	case SUSPICION_REVOKE:
		return arena_printf(arena, "%s revoked the access of %s", entry->actor, entry->access_person);
	case SUSPICION_CLOSE:
		return arena_printf(arena, "closed by %s", entry->actor);
	}
	return "";
}
