/* Effective ownership: a party's percentage is the sum, over its shares, of share × the owned party's own
 * percentage. A party is computed after all parties that it owns, so each edge is used once, also in a diamond. A
 * party that is never reached owns itself, directly or through others. */
#include "kybdesk/domain/ownership.h"
#include "kybdesk/base/decimal.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/limits.h"
#include "kybdesk/domain/percent_range.h"
#include "ownership_graph.h"

#include <string.h>

#define NAMES_SHOWN 5
#define PERCENT_BYTES_SHOWN_MAX 32 /* maximum bytes of a percentage in a message; a valid percentage is shorter */

struct problem_list {
	struct ownership_problem *items;
	size_t count, capacity;
};

struct calculation {
	struct arena *arena;
	struct case_file *file;
	struct ownership_pairs pairs;
	const size_t *one; /* pairs.one */
	struct graph graph;
	struct percent_range *shares;		  /* by edge; 0 if the text is not a percentage */
	struct percent_range *effective_percents; /* by node */
	bool *unknown;				  /* by node: whether the percentage cannot be computed */
	bool *is_final;				  /* by node: whether the percentage is final */
	struct problem_list problem_list;
};

static struct ownership_problem *add_problem(struct calculation *calculation, size_t node, const char *format, ...)
	KYB_PRINTF(3, 4);
static struct ownership_problem *add_problem(struct calculation *calculation, size_t node, const char *format, ...)
{
	struct problem_list *list = &calculation->problem_list;
	struct ownership_problem *problem = ARENA_PUSH(calculation->arena, list->items, list->count, list->capacity);

	problem->other_ref = problem->link_ref = "";
	problem->ref = node == calculation->graph.subject ? "" : calculation->file->parties[node].id;
	ARENA_VPRINTF(problem->message, calculation->arena, format);
	return problem;
}

static const char *node_name(const struct calculation *calculation, size_t node)
{
	if (node == calculation->graph.subject)
		return calculation->file->session.subject.name;
	return calculation->file->parties[node].name;
}

static void read_shares(struct calculation *calculation)
{
	struct graph *graph = &calculation->graph;

	for (size_t e = 0; e < graph->edge_count; e++) {
		const struct edge *edge = &graph->edges[e];
		const char *fault = *edge->percent ? percent_range_fault(calculation->arena, edge->percent) : NULL;

		/* A share without a percentage shows only the relation and counts as zero. */
		(void)percent_range_parse(&calculation->shares[e], *edge->percent && !fault ? edge->percent : "0");
		if (edge->owned == NODE_UNKNOWN) {
			calculation->unknown[edge->owner] = true;
			add_problem(calculation, edge->owner,
				    "%s owns a share of a party that is not in this case; add that party",
				    node_name(calculation, edge->owner));
		}
		if (!fault)
			continue;
		calculation->unknown[edge->owner] = true;
		add_problem(calculation, edge->owner, "The share \"%.*s%s\" of %s %s", PERCENT_BYTES_SHOWN_MAX,
			    edge->percent, strlen(edge->percent) > PERCENT_BYTES_SHOWN_MAX ? "…" : "",
			    node_name(calculation, edge->owner), fault);
	}
}

static void describe_layer(struct calculation *calculation, size_t owned, const struct percent_range *sum)
{
	const struct graph *graph = &calculation->graph;
	size_t begin = graph->first_incoming[owned], end = graph->first_incoming[owned + 1];
	struct strbuf names = STRBUF_INIT;

	for (size_t i = begin; i < end && i < begin + NAMES_SHOWN; i++) {
		const struct edge *edge = &graph->edges[graph->incoming[i]];

		strbuf_addf(&names, "%s%s %s %%", i > begin ? ", " : "", node_name(calculation, edge->owner),
			    *edge->percent ? edge->percent : "0");
	}
	if (end - begin > NAMES_SHOWN)
		strbuf_addf(&names, " and %zu more", end - begin - NAMES_SHOWN);
	add_problem(calculation, owned, "The owners of %s add up to %s %% (%s); at most 100 %% is possible",
		    node_name(calculation, owned), percent_range_text(calculation->arena, sum, OWNERSHIP_DECIMALS),
		    names.buf);
	strbuf_release(&names);
}

static void check_layers(struct calculation *calculation)
{
	const struct graph *graph = &calculation->graph;
	struct percent_range hundred = { .low = decimal_hundred() };

	for (size_t n = 0; n <= graph->subject; n++) {
		/* Checks the owners of the subject first, because reviewers need their problems first. */
		size_t owned = n ? n - 1 : graph->subject;
		struct percent_range sum = { .low = decimal_new() };

		for (size_t i = graph->first_incoming[owned]; i < graph->first_incoming[owned + 1]; i++)
			percent_range_add(&sum, &calculation->shares[graph->incoming[i]]);
		if (percent_range_compare_low(&sum, &hundred) > 0) {
			describe_layer(calculation, owned, &sum);
			for (size_t i = graph->first_incoming[owned]; i < graph->first_incoming[owned + 1]; i++)
				calculation->unknown[graph->edges[graph->incoming[i]].owner] = true;
		}
		percent_range_release(&sum);
	}
	percent_range_release(&hundred);
}

/* Reports a chain that is too long: each company of a chain adds digits to the percentage, so a very long chain is
 * not computed. */
static void describe_long_chain(struct calculation *calculation, size_t owner)
{
	add_problem(calculation, owner,
		    "%s owns through a chain of more than %d companies, which is not computed; leave out "
		    "companies that own nothing else",
		    node_name(calculation, owner), OWNERSHIP_CHAIN_MAX);
}

/* Adds each party's percentage to its owners' percentages. An owner is computed after all parties that it owns. */
static void compute_percentages(struct calculation *calculation)
{
	const struct graph *graph = &calculation->graph;
	size_t nodes = graph->subject + 1, count, *order = graph_node_order(calculation->arena, graph, &count);
	const size_t *length = graph_chain_lengths(calculation->arena, graph);
	bool notified = false;

	for (size_t n = 0; n < nodes; n++)
		calculation->effective_percents[n].low = n == graph->subject ? decimal_hundred() : decimal_new();
	for (size_t at = 0; at < count; at++) {
		size_t owned = order[at];

		calculation->is_final[owned] = true;
		for (size_t i = graph->first_incoming[owned]; i < graph->first_incoming[owned + 1]; i++) {
			size_t e = graph->incoming[i], owner = graph->edges[e].owner;

			if (length[owner] > OWNERSHIP_CHAIN_MAX && !notified) {
				notified = true;
				describe_long_chain(calculation, owner);
			}
			if (length[owner] > OWNERSHIP_CHAIN_MAX || calculation->unknown[owned]) {
				calculation->unknown[owner] = true;
			} else {
				struct percent_range part = percent_range_copy(&calculation->effective_percents[owned]);

				percent_range_take_part(&part, &calculation->shares[e]);
				percent_range_add(&calculation->effective_percents[owner], &part);
				percent_range_release(&part);
			}
		}
	}
	for (size_t n = 0; n < nodes; n++)
		if (!calculation->is_final[n])
			calculation->unknown[n] = true;
}

static void describe_cycle(struct calculation *calculation, const size_t *members, size_t count)
{
	struct strbuf names = STRBUF_INIT;

	if (count == 1) {
		add_problem(calculation, members[0], "%s owns itself; correct or remove that share",
			    node_name(calculation, members[0]));
		return;
	}
	for (size_t i = 1; i < count && i <= NAMES_SHOWN; i++)
		strbuf_addf(&names, "%s%s", i > 1 ? ", " : "", node_name(calculation, members[i]));
	if (count - 1 > NAMES_SHOWN)
		strbuf_addf(&names, " and %zu more", count - 1 - NAMES_SHOWN);
	add_problem(calculation, members[0], "%s owns itself through %s; correct or remove one of these shares",
		    node_name(calculation, members[0]), names.buf);
	strbuf_release(&names);
}

/* Tarjan's algorithm for cycles among the nodes that are not final, from owned to owner, without recursion. */
struct cycle_scan {
	size_t *visit_numbers, *low, *next; /* by node; visit number 0: not visited yet */
	bool *is_on_stack;
	size_t *stack, stack_length; /* nodes of cycles that are not complete yet */
	size_t *path, path_length;
	size_t visited_count;
};

static void enter_node(struct cycle_scan *cycle_scan, const struct graph *graph, size_t node)
{
	cycle_scan->visit_numbers[node] = cycle_scan->low[node] = ++cycle_scan->visited_count;
	cycle_scan->next[node] = graph->first_incoming[node];
	cycle_scan->is_on_stack[node] = true;
	cycle_scan->stack[cycle_scan->stack_length++] = node;
	cycle_scan->path[cycle_scan->path_length++] = node;
}

static bool owns_itself(const struct graph *graph, size_t node)
{
	for (size_t i = graph->first_incoming[node]; i < graph->first_incoming[node + 1]; i++) {
		if (graph->edges[graph->incoming[i]].owner == node)
			return true;
	}
	return false;
}

static void leave_node(struct calculation *calculation, struct cycle_scan *cycle_scan, size_t node)
{
	size_t begin = cycle_scan->stack_length;

	cycle_scan->path_length--;
	if (cycle_scan->path_length) {
		size_t below = cycle_scan->path[cycle_scan->path_length - 1];

		if (cycle_scan->low[node] < cycle_scan->low[below])
			cycle_scan->low[below] = cycle_scan->low[node];
	}
	if (cycle_scan->low[node] != cycle_scan->visit_numbers[node])
		return;
	do {
		begin--;
		cycle_scan->is_on_stack[cycle_scan->stack[begin]] = false;
	} while (cycle_scan->stack[begin] != node);
	if (cycle_scan->stack_length - begin > 1 || owns_itself(&calculation->graph, node))
		describe_cycle(calculation, cycle_scan->stack + begin, cycle_scan->stack_length - begin);
	cycle_scan->stack_length = begin;
}

static void find_cycles(struct calculation *calculation)
{
	const struct graph *graph = &calculation->graph;
	size_t nodes = graph->subject + 1;
	struct cycle_scan cycle_scan = {
		.visit_numbers = arena_alloc_array(calculation->arena, nodes, sizeof(size_t)),
		.low = arena_alloc_array(calculation->arena, nodes, sizeof(size_t)),
		.next = arena_alloc_array(calculation->arena, nodes, sizeof(size_t)),
		.is_on_stack = arena_alloc_array(calculation->arena, nodes, sizeof(bool)),
		.stack = arena_alloc_array(calculation->arena, nodes, sizeof(size_t)),
		.path = arena_alloc_array(calculation->arena, nodes, sizeof(size_t)),
	};

	for (size_t start = 0; start < nodes; start++) {
		if (calculation->is_final[start] || cycle_scan.visit_numbers[start])
			continue;
		enter_node(&cycle_scan, graph, start);
		while (cycle_scan.path_length) {
			size_t node = cycle_scan.path[cycle_scan.path_length - 1];
			size_t owner;

			if (cycle_scan.next[node] == graph->first_incoming[node + 1]) {
				leave_node(calculation, &cycle_scan, node);
				continue;
			}
			owner = graph->edges[graph->incoming[cycle_scan.next[node]++]].owner;
			if (!cycle_scan.visit_numbers[owner])
				enter_node(&cycle_scan, graph, owner);
			else if (cycle_scan.is_on_stack[owner] &&
				 cycle_scan.visit_numbers[owner] < cycle_scan.low[node])
				cycle_scan.low[node] = cycle_scan.visit_numbers[owner];
		}
	}
}

struct decimal *decimal_hundred(void)
{
	struct decimal *hundred = decimal_new();

	if (!decimal_parse(hundred, "100"))
		BUG("100 is a number");
	return hundred;
}

const char *ownership_threshold_text(struct arena *arena, const struct profile *profile)
{
	return arena_printf(arena, "%s%s %%", profile->parties.threshold_inclusive ? "at least " : "more than ",
			    profile->parties.owner_threshold_percent);
}

const char *ownership_range_fault(struct arena *arena, const struct profile *profile, const char *percent)
{
	const struct party_rules *rules = &profile->parties;

	for (size_t f = 0; f < rules->field_count && percent_range_is_range(percent); f++)
		if (texts_contain(rules->fields[f].sources, rules->fields[f].source_count, "party.ownership_percent"))
			return arena_printf(arena,
					    "is a range, and the workflow %s has numbers only; write the share as a "
					    "number",
					    profile->name);
	return NULL;
}

enum reach ownership_reach(const struct percent_range *percent, const struct profile *profile)
{
	if (!profile || !*profile->parties.owner_threshold_percent)
		return REACH_NO;
	return percent_range_reach(percent, profile->parties.owner_threshold_percent,
				   profile->parties.threshold_inclusive);
}

/* Whether parties can be declared as UBO: the workflow has the role UBO, or sets no roles. */
static bool allows_ubo_role(const struct profile *profile)
{
	return !profile->parties.roles || (profile->parties.roles & 1u << ROLE_UBO);
}

static void set_party_ownership(struct calculation *calculation, const struct profile *profile)
{
	struct party *parties = calculation->file->parties;
	const size_t count = calculation->file->party_count, *one = calculation->one;
	unsigned *roles = arena_alloc_array(calculation->arena, count + 1, sizeof *roles);
	bool *controls = arena_alloc_array(calculation->arena, count + 1, sizeof *controls);

	for (size_t i = 0; i < count; i++) {
		roles[one[i]] |= parties[i].roles;
		controls[one[i]] = controls[one[i]] || *parties[i].control_role;
	}
	for (size_t i = 0; i < count; i++) {
		struct party *party = &parties[i];
		const struct percent_range *percent = &calculation->effective_percents[one[i]];
		enum reach reach = REACH_NO;
		bool owner;

		party->effective_percent = "";
		if (!calculation->unknown[one[i]]) {
			party->effective_percent = percent_range_text(calculation->arena, percent, OWNERSHIP_DECIMALS);
			reach = ownership_reach(percent, profile);
		}
		/* With the role, a possible owner counts as one. */
		owner = reach == REACH_YES || (reach == REACH_MAYBE && roles[one[i]] & 1u << ROLE_UBO);
		party->may_be_owner =
			reach == REACH_MAYBE && party->kind == PARTY_INDIVIDUAL && !owner && !controls[one[i]];
		if (party->may_be_owner && one[i] == i)
			add_problem(calculation, i,
				    "%s owns %s %%, which may or may not be %s; enter the share as a number, or "
				    "declare %s as a beneficial owner (role ubo)",
				    party->name, party->effective_percent,
				    ownership_threshold_text(calculation->arena, profile), party->name)
				->is_question = true;
		party->is_beneficial_owner = party->kind == PARTY_INDIVIDUAL && (owner || controls[one[i]]);
		party->lacks_ubo_role = party->kind == PARTY_INDIVIDUAL && owner && allows_ubo_role(profile) &&
					!(roles[one[i]] & 1u << ROLE_UBO);
	}
}

static const char *shown_percent(const struct party *party)
{
	return *party->effective_percent ? party->effective_percent : "?";
}

static void find_questions(struct calculation *calculation)
{
	const struct party *parties = calculation->file->parties;
	const struct party_question *questions = ownership_find_questions(calculation->arena, &calculation->pairs);

	for (size_t i = 0; i < calculation->file->party_count; i++) {
		const struct party_question *question = &questions[i];
		struct ownership_problem *problem;

		if (question->other == SIZE_MAX)
			continue;
		if (question->link != SIZE_MAX)
			problem = add_problem(
				calculation, i,
				"%s and %s are others, but both are the same as %s (together %s %%); record which "
				"of the three is another",
				parties[question->other].name, parties[i].name, parties[question->link].name,
				shown_percent(&parties[i]));
		else
			problem = add_problem(
				calculation, i,
				"%s and %s may be the same %s, declared twice (%s %% and %s %%); record whether "
				"they are the same or others",
				parties[question->other].name, parties[i].name,
				parties[i].kind == PARTY_COMPANY ? "company" : "person",
				shown_percent(&parties[question->other]), shown_percent(&parties[i]));
		problem->is_question = true;
		problem->other_ref = parties[question->other].id;
		problem->link_ref = question->link == SIZE_MAX ? "" : parties[question->link].id;
	}
}

struct ownership_problem *ownership_compute(struct arena *arena, struct case_file *file, const struct profile *profile,
					    size_t *problem_count)
{
	struct calculation calculation = { .arena = arena, .file = file };
	size_t nodes = file->party_count + 1;

	calculation.pairs = ownership_find_pairs(arena, file);
	calculation.one = calculation.pairs.one;
	graph_build(arena, file, calculation.one, &calculation.graph);
	calculation.shares = arena_alloc_array(arena, calculation.graph.edge_count + 1, sizeof *calculation.shares);
	calculation.effective_percents = arena_alloc_array(arena, nodes, sizeof *calculation.effective_percents);
	calculation.unknown = arena_alloc_array(arena, nodes, sizeof *calculation.unknown);
	calculation.is_final = arena_alloc_array(arena, nodes, sizeof *calculation.is_final);
	read_shares(&calculation);
	check_layers(&calculation);
	compute_percentages(&calculation);
	find_cycles(&calculation);
	set_party_ownership(&calculation, profile);
	if (problem_count)
		find_questions(&calculation);
	for (size_t e = 0; e < calculation.graph.edge_count; e++)
		percent_range_release(&calculation.shares[e]);
	for (size_t n = 0; n < nodes; n++)
		percent_range_release(&calculation.effective_percents[n]);
	if (problem_count)
		*problem_count = calculation.problem_list.count;
	return calculation.problem_list.items;
}
