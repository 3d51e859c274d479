/* Undeclared ownership, and the person that counts as owner if no owner reaches the threshold. */
#include "kybdesk/domain/ownership.h"
#include "ownership_graph.h"

#include <string.h>

struct layers {
	struct ownership_layer *items;
	size_t count, capacity;
};

struct search {
	struct arena *arena;
	struct case_file file; /* the case with copies of its parties; the ownership of the copies is computed */
	struct graph graph;
	struct percent_range total;
	struct layers layers;
	struct percent_range *subject_percents; /* by node: its part of the subject */
};

const char *const ownership_gap_reasons[OWNERSHIP_GAP_REASON_COUNT] = { "listed", "state_owned", "regulated",
									"dispersed", "other" };

static void compute_percentages(struct search *search)
{
	const struct graph *graph = &search->graph;
	size_t nodes, *order = graph_node_order(search->arena, graph, &nodes);

	for (size_t n = 0; n < nodes; n++)
		search->subject_percents[n].low = n == graph->subject ? decimal_hundred() : decimal_new();
	for (size_t at = 0; at < nodes; at++) {
		for (size_t i = graph->first_incoming[order[at]]; i < graph->first_incoming[order[at] + 1]; i++) {
			const struct edge *edge = &graph->edges[graph->incoming[i]];
			struct percent_range share;

			if (percent_range_parse(&share, edge->percent)) {
				percent_range_take_part(&share, &search->subject_percents[order[at]]);
				percent_range_add(&search->subject_percents[edge->owner], &share);
			}
			percent_range_release(&share);
		}
	}
}

/* Nobody knows whether the rest of a range is owned by somebody else, so the rest of its lowest value is the most that
 * may be undeclared. */
static void find_layer_gap(struct search *search, size_t node)
{
	const struct graph *graph = &search->graph;
	struct percent_range open = { .low = decimal_new() }, part;
	bool subject = node == graph->subject;

	for (size_t i = graph->first_incoming[node]; i < graph->first_incoming[node + 1]; i++) {
		struct percent_range share;

		if (percent_range_parse(&share, graph->edges[graph->incoming[i]].percent))
			percent_range_add(&open, &share);
		percent_range_release(&share);
	}
	percent_range_complement(&open);
	part = percent_range_copy(&open);
	percent_range_take_part(&part, &search->subject_percents[node]);
	/* A company without a part of the subject hides no owner. */
	if (part.high || !decimal_is_zero(part.low)) {
		struct ownership_layer *layer =
			ARENA_PUSH(search->arena, search->layers.items, search->layers.count, search->layers.capacity);

		*layer = (struct ownership_layer){
			.ref = subject ? "" : search->file.parties[node].id,
			.name = subject ? search->file.session.subject.name : search->file.parties[node].name,
			.undeclared_percent = percent_range_text(search->arena, &open, OWNERSHIP_DECIMALS),
			.subject_percent = percent_range_text(search->arena, &part, OWNERSHIP_DECIMALS),
		};
		percent_range_add(&search->total, &part);
	}
	percent_range_release(&part);
	percent_range_release(&open);
}

static void find_owner(struct search *search, const struct profile *profile, struct ownership_gap *out)
{
	out->fallback_party_index = SIZE_MAX;
	for (size_t i = 0; i < search->file.party_count; i++) {
		const struct party *party = &search->file.parties[i];
		enum reach reach;

		if (party->kind != PARTY_INDIVIDUAL)
			continue;
		reach = ownership_reach(&search->subject_percents[i], profile);
		if (reach == REACH_YES || (reach == REACH_MAYBE && party->is_beneficial_owner))
			out->owner_found = true;
		if (*party->control_role && out->fallback_party_index == SIZE_MAX)
			out->fallback_party_index = i;
	}
	if (out->owner_found)
		out->fallback_party_index = SIZE_MAX;
}

static bool gap_applies_to_case(const struct case_file *file, const struct profile *profile)
{
	return profile->parties.owner_threshold_percent && file->party_count &&
	       *profile->parties.owner_threshold_percent && file->session.subject.kind == SUBJECT_BUSINESS;
}

void ownership_gap_find(struct arena *arena, const struct case_file *file, const struct profile *profile,
			struct ownership_gap *out)
{
	size_t problems;

	*out = (struct ownership_gap){ .percent = "", .fallback_party_index = SIZE_MAX };
	if (gap_applies_to_case(file, profile))
		(void)ownership_problems_or_gap(arena, file, profile, &problems, out);
}

struct ownership_problem *ownership_problems_or_gap(struct arena *arena, const struct case_file *file,
						    const struct profile *profile, size_t *problem_count,
						    struct ownership_gap *out)
{
	struct search search = { .arena = arena, .file = *file };
	struct ownership_problem *problems;
	size_t nodes = file->party_count + 1;

	*out = (struct ownership_gap){ .percent = "", .fallback_party_index = SIZE_MAX };
	search.file.parties = arena_memdup(arena, file->parties, file->party_count * sizeof *file->parties);
	problems = ownership_compute(arena, &search.file, profile, problem_count);
	if (*problem_count || !gap_applies_to_case(file, profile))
		return problems;
	graph_build(arena, &search.file, ownership_find_pairs(arena, &search.file).one, &search.graph);
	search.subject_percents = arena_alloc_array(arena, nodes, sizeof *search.subject_percents);
	search.total.low = decimal_new();
	compute_percentages(&search);
	for (size_t n = 0; n < nodes; n++) {
		size_t node = n ? n - 1 : search.graph.subject;

		if (node == search.graph.subject || search.file.parties[node].kind == PARTY_COMPANY)
			find_layer_gap(&search, node);
	}
	find_owner(&search, profile, out);
	out->is_computed = true;
	out->may_hide_owner = ownership_reach(&search.total, profile) != REACH_NO;
	out->percent = percent_range_text(arena, &search.total, OWNERSHIP_DECIMALS);
	out->layers = search.layers.items;
	out->layer_count = search.layers.count;
	for (size_t n = 0; n < nodes; n++)
		percent_range_release(&search.subject_percents[n]);
	percent_range_release(&search.total);
	return problems;
}

bool ownership_gap_is_explained(const struct session *session, const struct ownership_gap *gap)
{
	struct percent_range then, now;
	bool holds;

	if (!*session->gap_reason || !*session->gap_by)
		return false;
	holds = percent_range_parse(&then, session->gap_percent);
	holds = percent_range_parse(&now, gap->percent) && holds && percent_range_compare_high(&now, &then) <= 0;
	percent_range_release(&now);
	percent_range_release(&then);
	return holds;
}
