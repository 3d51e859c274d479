#include "kybdesk/domain/duplicate.h"

const struct same_word same_words[SAME_COUNT] = {
	{ SAME_REGISTRATION_NUMBER, "registration_number", "registration number" },
	{ SAME_TAX_ID, "tax_id", "tax id" },
	{ SAME_UID, "uid", "user" },
	{ SAME_OWNER, "owner", "name and owner" },
	{ SAME_DOCUMENT, "document", "document" },
	{ SAME_CROSSWISE, "registration_number_as_tax_id", "registration number used as tax id" },
};

const char *duplicate_same(struct arena *arena, unsigned same)
{
	const char *text = "";

	for (size_t i = 0; i < SAME_COUNT; i++) {
		bool last = !(same & ~((same_words[i].same << 1) - 1));

		if (!(same & same_words[i].same))
			continue;
		text = *text ? arena_printf(arena, "%s%s%s", text, last ? " and " : ", ", same_words[i].title)
			     : same_words[i].title;
	}
	return text;
}

bool duplicate_is_open(const struct duplicate *duplicate)
{
	return !*duplicate->dismissed_by || (duplicate->same & ~duplicate->dismissed_same) != 0 ||
	       !duplicate->standing.valid;
}

bool duplicate_is_linked(const struct duplicate *duplicate)
{
	return *duplicate->dismissed_by && duplicate->dismissed_same & SAME_APPLICANT;
}

bool duplicate_needs_lead(const struct duplicate *duplicate)
{
	return duplicate->restricted || *duplicate->merchant;
}

bool duplicate_is_shown(const struct duplicate *duplicate, enum role role)
{
	return !duplicate_needs_lead(duplicate) || role_at_least(role, ROLE_LEAD);
}
