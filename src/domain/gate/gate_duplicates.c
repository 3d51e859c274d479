/* Other sessions with the same numbers in the gate. */
#include "gate_parts.h"

#include <string.h>

static const char *same_numbers_text(unsigned same)
{
	if (same == (SAME_REGISTRATION_NUMBER | SAME_TAX_ID))
		return "registration number and tax id";
	return same == SAME_TAX_ID ? "tax id" : "registration number";
}

void gate_duplicate_open(struct gate *gate)
{
	for (size_t i = 0; i < gate->context->duplicate_count; i++) {
		const struct duplicate *duplicate = &gate->context->duplicates[i];

		if (!duplicate_is_open(duplicate))
			continue;
		/* Dismissed earlier for different numbers: basis_changed reports it. */
		if (*duplicate->dismissed_by && !(duplicate->same & ~duplicate->dismissed_same))
			continue;
		gate_add(gate, BLOCKER_DUPLICATE_OPEN, WAITS_NOBODY, duplicate->id,
			 arena_printf(gate->arena,
				      "%s (%s, %s) has the same %s: compare both, then dismiss it with a reason or "
				      "reject this case",
				      *duplicate->external_ref ? duplicate->external_ref
							       : arena_strndup(gate->arena, duplicate->id,
									       strnlen(duplicate->id, 8)),
				      duplicate->name, session_status_title(duplicate->status),
				      same_numbers_text(duplicate->same)));
	}
}

const char *gate_duplicates_dismissed(const struct gate *gate)
{
	if (!gate->context->duplicate_count)
		return NULL;
	return arena_printf(gate->arena, "%zu of %zu possible duplicates are dismissed",
			    gate->context->duplicate_count, gate->context->duplicate_count);
}
