/* Undeclared ownership, and the person that counts as owner if no owner reaches the threshold. */
#include "kybdesk/domain/ownership.h"
#include "kybdesk/base/decimal.h"
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
	struct decimal *total;
	struct layers layers;
	/* By node: its part of the subject; NULL: not computed yet. */
	struct decimal **subject_percents;
};

const char *const ownership_gap_reasons[OWNERSHIP_GAP_REASON_COUNT] = { "listed", "state_owned", "regulated",
									"dispersed", "other" };

static void compute_percentages(struct search *search)
{
	const struct graph *graph = &search->graph;
	size_t nodes, *order = graph_node_order(search->arena, graph, &nodes);
	struct decimal *share = decimal_new();

	for (size_t n = 0; n < nodes; n++)
		search->subject_percents[n] = n == graph->subject ? decimal_hundred() : decimal_new();
	for (size_t at = 0; at < nodes; at++) {
		for (size_t i = graph->first_incoming[order[at]]; i < graph->first_incoming[order[at] + 1]; i++) {
			const struct edge *edge = &graph->edges[graph->incoming[i]];

			if (!*edge->percent || !decimal_parse(share, edge->percent))
				continue;
			decimal_multiply(share, search->subject_percents[order[at]]);
			decimal_divide_100(share);
			decimal_add(search->subject_percents[edge->owner], share);
		}
	}
	decimal_free(share);
}

static void find_layer_gap(struct search *search, size_t node)
{
	const struct graph *graph = &search->graph;
	struct decimal *open = decimal_hundred(), *share = decimal_new(), *part;
	bool subject = node == graph->subject;

	for (size_t i = graph->first_incoming[node]; i < graph->first_incoming[node + 1]; i++) {
		const struct edge *edge = &graph->edges[graph->incoming[i]];

		if (*edge->percent && decimal_parse(share, edge->percent))
			decimal_subtract(open, share);
	}
	part = decimal_copy(open);
	decimal_multiply(part, search->subject_percents[node]);
	decimal_divide_100(part);
	/* A company without a part of the subject hides no owner. */
	if (!decimal_is_zero(part)) {
		struct ownership_layer *layer =
			ARENA_PUSH(search->arena, search->layers.items, search->layers.count, search->layers.capacity);

		*layer = (struct ownership_layer){
			.ref = subject ? "" : search->file.parties[node].id,
			.name = subject ? search->file.session.subject.name : search->file.parties[node].name,
			.undeclared_percent = decimal_text(search->arena, open, OWNERSHIP_DECIMALS),
			.subject_percent = decimal_text(search->arena, part, OWNERSHIP_DECIMALS),
		};
		decimal_add(search->total, part);
	}
	decimal_free(part);
	decimal_free(share);
	decimal_free(open);
}

static void find_owner(struct search *search, const struct profile *profile, struct ownership_gap *out)
{
	out->fallback_party_index = SIZE_MAX;
	for (size_t i = 0; i < search->file.party_count; i++) {
		const struct party *party = &search->file.parties[i];

		if (party->kind != PARTY_INDIVIDUAL)
			continue;
		if (ownership_meets_threshold(search->subject_percents[i], profile))
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
	search.subject_percents = arena_alloc_array(arena, nodes, sizeof(struct decimal *));
	search.total = decimal_new();
	compute_percentages(&search);
	for (size_t n = 0; n < nodes; n++) {
		size_t node = n ? n - 1 : search.graph.subject;

		if (node == search.graph.subject || search.file.parties[node].kind == PARTY_COMPANY)
			find_layer_gap(&search, node);
	}
	find_owner(&search, profile, out);
	out->is_computed = true;
	out->may_hide_owner = ownership_meets_threshold(search.total, profile);
	out->percent = decimal_text(arena, search.total, OWNERSHIP_DECIMALS);
	out->layers = search.layers.items;
	out->layer_count = search.layers.count;
	for (size_t n = 0; n < nodes; n++)
		decimal_free(search.subject_percents[n]);
	decimal_free(search.total);
	return problems;
}

bool ownership_gap_is_explained(const struct session *session, const struct ownership_gap *gap)
{
	struct decimal *then, *now;
	bool holds;

	if (!*session->gap_reason || !*session->gap_by)
		return false;
	then = decimal_new();
	now = decimal_new();
	holds = decimal_parse(then, session->gap_percent) && decimal_parse(now, gap->percent) &&
		decimal_compare(now, then) <= 0;
	decimal_free(now);
	decimal_free(then);
	return holds;
}
