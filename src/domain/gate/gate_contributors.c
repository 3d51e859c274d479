/* Separation of duties: after contributing data a person cannot decide the case, after a verdict the person cannot
 * approve it. */
#include "gate_parts.h"

#define NAMED_MOST 4

void gate_contributors(struct gate *gate, enum action action)
{
	const struct gate_context *context = gate->context;
	const char *text = "";
	size_t counted = 0, data = 0;

	for (size_t i = 0; i < context->contribution_count; i++) {
		const struct contribution *c = &context->contributions[i];

		if (c->material == MATERIAL_VERDICT && action != ACTION_APPROVE)
			continue;
		data += c->material == MATERIAL_DATA;
		if (counted++ < NAMED_MOST)
			text = arena_printf(gate->arena, "%s%s %s at %s", text, counted > 1 ? "," : "",
					    contribution_text(gate->arena, gate->file, c),
					    gate_time_text(gate, c->at));
	}
	if (!counted)
		return;
	if (counted > NAMED_MOST)
		text = arena_printf(gate->arena, "%s and made %zu more changes", text, counted - NAMED_MOST);
	gate_add(gate, BLOCKER_SECOND_REVIEWER, WAITS_NOBODY, "",
		 arena_printf(gate->arena, "%s%s; a colleague must %s this case", context->actor, text,
			      data ? "decide" : "approve"));
}
