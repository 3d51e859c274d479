/* Undeclared ownership in the gate. */
#include "kybdesk/domain/ownership.h"
#include "kybdesk/base/strbuf.h"
#include "gate_parts.h"

#include <string.h>

#define LAYERS_SHOWN 3

static const char *at_least(const struct gate *gate)
{
	const struct party_rules *rules = &gate->context->profile->parties;

	return arena_printf(gate->arena, "%s%s %%", rules->threshold_inclusive ? "at least " : "more than ",
			    rules->owner_threshold_percent);
}

static const char *layers_text(const struct gate *gate, const struct ownership_gap *gap)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < gap->layer_count && i < LAYERS_SHOWN; i++)
		strbuf_addf(&text, "%s%s %% of %s", i ? ", " : "", gap->layers[i].undeclared, gap->layers[i].name);
	if (gap->layer_count > LAYERS_SHOWN)
		strbuf_addf(&text, " and %zu more", gap->layer_count - LAYERS_SHOWN);
	return strbuf_finish(&text, gate->arena);
}

static void add_gap(struct gate *gate, const struct ownership_gap *gap)
{
	const char *grown = *gate->file->session.gap_reason
				    ? arena_printf(gate->arena, " (the reason recorded by %s covers up to %s %%)",
						   gate->file->session.gap_by, gate->file->session.gap_percent)
				    : "";

	gate_add(gate, BLOCKER_OWNERSHIP_GAP, WAITS_NOBODY, gap->layer_count == 1 ? gap->layers[0].ref : "",
		 arena_printf(
			 gate->arena,
			 "%s %% of the ownership is not declared (%s), enough to hide an owner of %s%s; add the "
			 "owners, or %s",
			 gap->percent, layers_text(gate, gap), at_least(gate), grown,
			 gate_lead_action_text(gate, "record why no owner is declared")));
}

void gate_ownership_gap(struct gate *gate)
{
	const struct party_rules *rules = &gate->context->profile->parties;
	struct ownership_gap gap;

	ownership_gap_find(gate->arena, gate->file, gate->context->profile, &gap);
	if (!gap.known)
		return;
	if (gap.open && !ownership_gap_is_explained(&gate->file->session, &gap))
		add_gap(gate, &gap);
	/* party_missing reports the same person if the workflow requires a control role. */
	else if (!gap.owner_found && gap.stand_in == SIZE_MAX && !rules->control_role_required)
		gate_add(gate, BLOCKER_OWNERSHIP_GAP, WAITS_NOBODY, "",
			 arena_printf(gate->arena,
				      "Nobody owns %s, and no senior managing official is declared instead; add a "
				      "party with a control role",
				      at_least(gate)));
}

/* Undeclared owners above the threshold. The checklist shows them, but they do not block. */
static const char *undeclared_owners(const struct gate *gate)
{
	struct case_file copy = *gate->file;
	struct strbuf text = STRBUF_INIT;
	size_t problems = 0;

	copy.parties = arena_memdup(gate->arena, copy.parties, copy.party_count * sizeof *copy.parties);
	ownership_compute(gate->arena, &copy, gate->context->profile, &problems);
	for (size_t i = 0; i < copy.party_count; i++) {
		if (copy.parties[i].undeclared_owner)
			strbuf_addf(&text, "; %s owns %s %% and is not declared as a beneficial owner",
				    copy.parties[i].name, copy.parties[i].effective_percent);
	}
	return strbuf_finish(&text, gate->arena);
}

const char *gate_ownership_declared(const struct gate *gate)
{
	const struct session *session = &gate->file->session;
	struct ownership_gap gap;
	const char *line;

	ownership_gap_find(gate->arena, gate->file, gate->context->profile, &gap);
	if (!gap.known)
		return NULL;
	if (gap.open)
		line = arena_printf(gate->arena, "%s %% of the ownership is not declared: %s, recorded by %s",
				    gap.percent, session->gap_reason, session->gap_by);
	else if (!gap.layer_count)
		line = "all ownership is declared";
	else
		line = arena_printf(gate->arena,
				    "%s %% of the ownership is not declared, too little to hide an owner",
				    gap.percent);
	if (gap.stand_in != SIZE_MAX)
		line = arena_printf(gate->arena, "%s; nobody owns %s: %s (%s) counts as senior managing official",
				    line, at_least(gate), gate->file->parties[gap.stand_in].name,
				    gate->file->parties[gap.stand_in].control_role);
	return arena_printf(gate->arena, "%s%s", line, undeclared_owners(gate));
}
