#include "kybdesk/domain/duplicate.h"
#include "gate_parts.h"

#include <string.h>

const struct same_word same_words[SAME_COUNT] = {
	{ SAME_REGISTRATION_NUMBER, "registration_number", "registration number" },
	{ SAME_TAX_ID, "tax_id", "tax id" },
	{ SAME_UID, "uid", "user" },
	{ SAME_OWNER, "owner", "name and owner" },
	{ SAME_DOCUMENT, "document", "document" },
	{ SAME_CROSSWISE, "registration_number_as_tax_id", "registration number used as tax id" },
	{ SAME_PERSON, "person", "name and birth date" },
	{ SAME_PARTY, "party", "person or company as a party" },
};

const char *duplicate_reasons(struct arena *arena, unsigned same_bits)
{
	const char *text = "";

	for (size_t i = 0; i < SAME_COUNT; i++) {
		bool last = !(same_bits & ~((same_words[i].same_bits << 1) - 1));

		if (!(same_bits & same_words[i].same_bits))
			continue;
		text = *text ? arena_printf(arena, "%s%s%s", text, last ? " and " : ", ", same_words[i].title)
			     : same_words[i].title;
	}
	return text;
}

bool duplicate_is_open(const struct duplicate *duplicate)
{
	return !*duplicate->dismissed_by || (duplicate->same_bits & ~duplicate->dismissed_same_bits) != 0 ||
	       !duplicate->standing.valid;
}

bool duplicate_is_linked(const struct duplicate *duplicate)
{
	return *duplicate->dismissed_by && duplicate->dismissed_same_bits & SAME_APPLICANT;
}

bool duplicate_needs_lead(const struct duplicate *duplicate)
{
	return duplicate->is_recognised || *duplicate->merchant;
}

bool duplicate_is_shown(const struct duplicate *duplicate, enum role role)
{
	return !duplicate_needs_lead(duplicate) || (role_at_least(role, ROLE_LEAD) && !duplicate->is_kept);
}

void gate_find_open_duplicate(struct gate *gate)
{
	for (size_t i = 0; i < gate->context->duplicate_count; i++) {
		const struct duplicate *duplicate = &gate->context->duplicates[i];

		if (!duplicate_is_open(duplicate))
			continue;
		/* If the values have changed since the dismissal, basis_changed reports the duplicate. */
		if (*duplicate->dismissed_by && !(duplicate->same_bits & ~duplicate->dismissed_same_bits))
			continue;
		gate_add_finding(
			gate, BLOCKER_DUPLICATE_OPEN, duplicate->id,
			"%s (%s%s%s, %s) has the same %s: compare both cases, then dismiss the "
			"duplicate with a reason, or reject this case",
			*duplicate->external_ref ? duplicate->external_ref
						 : arena_strndup(gate->arena, duplicate->id, strnlen(duplicate->id, 8)),
			duplicate->name, *duplicate->merchant ? ", of " : "", duplicate->merchant,
			session_status_title(duplicate->status), duplicate_reasons(gate->arena, duplicate->same_bits));
	}
}

const char *gate_duplicates_text(const struct gate *gate)
{
	if (!gate->context->duplicate_count)
		return NULL;
	return arena_printf(gate->arena, "%zu of %zu possible duplicates are dismissed", gate->context->duplicate_count,
			    gate->context->duplicate_count);
}

void gate_find_lead_hold(struct gate *gate)
{
	if (gate->is_held_from_actor)
		gate_add_finding(gate, BLOCKER_HELD, "", "Held by a lead: ask a lead to review this case");
}

void gate_find_open_suspicion(struct gate *gate)
{
	if (gate->context->has_open_suspicion && gate->context->is_suspicion_shown)
		gate_add_finding(gate, BLOCKER_SUSPICION_OPEN, "",
				 "A suspicion is open: decide whether to file it, then close it");
}
