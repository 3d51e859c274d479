/* The desk's own conditions of every approval, under any workflow (store set). */
#include "gate_parts.h"
#include "kybdesk/base/text.h"

static void find_country(struct gate *gate, const char *country, const char *name, const char *ref)
{
	const struct gate_floor *floor = &gate->context->floor;

	if (*country && texts_have(floor->countries, floor->country_count, country))
		gate_add(gate, BLOCKER_DESK_RULE, ref, "%s is from %s, a country that this desk does not approve",
			 name, country);
}

static void find_risk(struct gate *gate)
{
	int most = gate->context->floor.highest_risk, risk = gate->file->session.risk_score;

	if (!most || (risk != RISK_NONE && risk <= most))
		return;
	gate_add(gate, BLOCKER_DESK_RULE, "", "%s",
		 risk == RISK_NONE ? arena_printf(gate->arena,
						  "The case has no risk score; this desk approves up to %d", most)
				   : arena_printf(gate->arena, "The risk score is %d; this desk approves up to %d",
						  risk, most));
}

size_t gate_rationale_words(const struct case_file *file, const struct gate_context *context)
{
	int risk = file->session.risk_score;
	bool high = risk == RISK_NONE || risk >= context->floor.high_risk;

	return high ? (size_t)context->floor.rationale_words : 0;
}

void gate_desk_rule(struct gate *gate)
{
	const struct case_file *file = gate->file;

	find_country(gate, file->session.subject.country, file->session.subject.name, "");
	for (size_t i = 0; i < file->party_count; i++)
		find_country(gate, file->parties[i].country, file->parties[i].name, file->parties[i].id);
	find_risk(gate);
	if (gate->context->automatic && gate_rationale_words(file, gate->context))
		gate_add(gate, BLOCKER_DESK_RULE, "",
			 "An approval of this risk needs a reviewer's note, so a reviewer must decide this case");
}
