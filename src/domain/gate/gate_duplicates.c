/* Possible duplicates and suspicions in the gate: for other roles than leads, a detail that only leads may see
 * becomes the blocker "held". */
#include "gate_parts.h"

#include <string.h>

void gate_duplicate_open(struct gate *gate)
{
	for (size_t i = 0; i < gate->context->duplicate_count; i++) {
		const struct duplicate *duplicate = &gate->context->duplicates[i];

		if (!duplicate_is_open(duplicate))
			continue;
		/* Dismissed for other values: basis_changed reports the duplicate. */
		if (*duplicate->dismissed_by && !(duplicate->same & ~duplicate->dismissed_same))
			continue;
		gate_add(gate, BLOCKER_DUPLICATE_OPEN, WAITS_NOBODY, duplicate->id,
			 arena_printf(gate->arena,
				      "%s (%s%s%s, %s) has the same %s: compare both cases, then dismiss the "
				      "duplicate with a reason, or reject this case",
				      *duplicate->external_ref ? duplicate->external_ref
							       : arena_strndup(gate->arena, duplicate->id,
									       strnlen(duplicate->id, 8)),
				      duplicate->name, *duplicate->merchant ? ", of " : "", duplicate->merchant,
				      session_status_title(duplicate->status),
				      duplicate_same(gate->arena, duplicate->same)));
	}
}

const char *gate_duplicates_dismissed(const struct gate *gate)
{
	if (!gate->context->duplicate_count)
		return NULL;
	return arena_printf(gate->arena, "%zu of %zu possible duplicates are dismissed",
			    gate->context->duplicate_count, gate->context->duplicate_count);
}

void gate_held(struct gate *gate)
{
	if (gate->held)
		gate_add(gate, BLOCKER_HELD, WAITS_NOBODY, "", "Held by a lead: ask a lead to review this case");
}

void gate_suspicion_open(struct gate *gate)
{
	if (gate->context->suspicion && gate->context->suspicion_shown)
		gate_add(gate, BLOCKER_SUSPICION_OPEN, WAITS_NOBODY, "",
			 "A suspicion is open: decide whether to file it, then close it");
}
