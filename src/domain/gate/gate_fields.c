/* Fields in the gate: what breaks a rule of the profile blocks, each by its path. */
#include "kybdesk/domain/rules.h"
#include "gate_parts.h"

void gate_field_invalid(struct gate *gate)
{
	struct rule_failures failures = { 0 };
	char today[16];

	date_format(gate->context->now, today);
	const struct rules_input input = {
		.file = gate->file,
		.profile = gate->context->profile,
		.countries = gate->context->countries,
		.today = today,
	};
	rules_check_case(gate->arena, &input, &failures);
	for (size_t i = 0; i < failures.count; i++)
		gate_add(gate, BLOCKER_FIELD_INVALID, WAITS_NOBODY, failures.items[i].path,
			 failures.items[i].message);
}

const char *gate_fields_valid(const struct gate *gate)
{
	return rules_exist(gate->context->profile) ? "every field follows the rules of the workflow" : NULL;
}
