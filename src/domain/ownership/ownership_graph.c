#include "ownership_graph.h"
#include "kybdesk/domain/limits.h"
#include "kybdesk/domain/ownership.h"

#include <stdlib.h>
#include <string.h>

struct indexed_id {
	const char *id;
	size_t index;
};

static int compare_ids(const void *left, const void *right)
{
	const struct indexed_id *a = left, *b = right;
	int order = strcmp(a->id, b->id);

	return order ? order : (a->index > b->index) - (a->index < b->index);
}

static size_t index_of_id(const struct indexed_id *names, size_t count, const char *id)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(names[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && !strcmp(names[low].id, id) ? names[low].index : NODE_UNKNOWN;
}

void graph_build(struct arena *arena, const struct case_file *file, const size_t *one, struct graph *graph)
{
	size_t parties = file->party_count, edges = 0;
	struct indexed_id *names = arena_alloc_array(arena, parties + 1, sizeof *names);

	for (size_t i = 0; i < parties; i++) {
		names[i] = (struct indexed_id){ file->parties[i].id, i };
		edges += file->parties[i].share_count;
	}
	qsort(names, parties, sizeof *names, compare_ids);
	*graph = (struct graph){
		.subject = parties,
		.edges = arena_alloc_array(arena, edges + 1, sizeof *graph->edges),
		.incoming = arena_alloc_array(arena, edges + 1, sizeof *graph->incoming),
		.first_incoming = arena_alloc_array(arena, parties + 3, sizeof *graph->first_incoming),
	};
	for (size_t i = 0; i < parties; i++) {
		for (size_t s = 0; s < file->parties[i].share_count; s++) {
			const struct party_share *share = &file->parties[i].shares[s];
			size_t owned = *share->owned_party_id ? index_of_id(names, parties, share->owned_party_id)
							      : graph->subject;

			if (one && owned < parties)
				owned = one[owned];
			graph->edges[graph->edge_count++] = (struct edge){ one ? one[i] : i, owned, share->percent };
			if (owned != NODE_UNKNOWN)
				graph->first_incoming[owned + 2]++;
		}
	}
	/* Counting sort, with counts shifted by two: after both loops, first_incoming[n] is the start of node n. */
	for (size_t n = 2; n <= parties + 2; n++)
		graph->first_incoming[n] += graph->first_incoming[n - 1];
	for (size_t e = 0; e < graph->edge_count; e++) {
		if (graph->edges[e].owned != NODE_UNKNOWN)
			graph->incoming[graph->first_incoming[graph->edges[e].owned + 1]++] = e;
	}
}

const char *ownership_percent_fault(struct arena *arena, const char *percent)
{
	size_t whole = strspn(percent, "0123456789"), places = 0;
	const char *rest = percent + whole;

	if (*rest == '.') {
		places = strspn(rest + 1, "0123456789");
		rest += places + 1;
		if (!places)
			whole = 0;
	}
	if (!whole || *rest)
		return "is not a percentage; write it like 25 or 12.5";
	if (whole > PERCENT_WHOLE_DIGITS_MAX)
		return arena_printf(arena, "has %zu digits before the point; at most %d are allowed", whole,
				    PERCENT_WHOLE_DIGITS_MAX);
	if (places > PERCENT_DECIMALS_MAX)
		return arena_printf(arena, "has %zu digits after the point; at most %d are allowed", places,
				    PERCENT_DECIMALS_MAX);
	return NULL;
}

size_t *graph_node_order(struct arena *arena, const struct graph *graph, size_t *count)
{
	size_t nodes = graph->subject + 1, tail = 0;
	size_t *missing = arena_alloc_array(arena, nodes, sizeof *missing);
	size_t *order = arena_alloc_array(arena, nodes, sizeof *order);

	for (size_t e = 0; e < graph->edge_count; e++)
		if (graph->edges[e].owned != NODE_UNKNOWN)
			missing[graph->edges[e].owner]++;
	for (size_t n = 0; n < nodes; n++)
		if (!missing[n])
			order[tail++] = n;
	for (size_t at = 0; at < tail; at++) {
		for (size_t i = graph->first_incoming[order[at]]; i < graph->first_incoming[order[at] + 1]; i++) {
			size_t owner = graph->edges[graph->incoming[i]].owner;

			if (!--missing[owner])
				order[tail++] = owner;
		}
	}
	*count = tail;
	return order;
}

const size_t *graph_chain_lengths(struct arena *arena, const struct graph *graph)
{
	size_t count, *order = graph_node_order(arena, graph, &count);
	size_t *length = arena_alloc_array(arena, graph->subject + 1, sizeof *length);

	for (size_t at = 0; at < count; at++) {
		size_t owned = order[at];

		for (size_t i = graph->first_incoming[owned]; i < graph->first_incoming[owned + 1]; i++) {
			size_t owner = graph->edges[graph->incoming[i]].owner;

			if (length[owner] < length[owned] + 1)
				length[owner] = length[owned] + 1;
		}
	}
	return length;
}

bool ownership_is_computable(struct arena *arena, const struct case_file *file, struct ownership_excess *excess)
{
	struct graph graph;
	const size_t *length;
	size_t shares = 0;

	*excess = (struct ownership_excess){ .party = SIZE_MAX, .message = "" };
	if (file->party_count > CASE_PARTIES_MAX) {
		excess->message = arena_printf(arena, "has %zu parties; at most %d are allowed", file->party_count,
					       CASE_PARTIES_MAX);
		return false;
	}
	for (size_t i = 0; i < file->party_count; i++)
		shares += file->parties[i].share_count;
	if (shares > CASE_SHARES_MAX) {
		excess->message = arena_printf(arena, "has %zu shares altogether; at most %d are allowed", shares,
					       CASE_SHARES_MAX);
		return false;
	}
	graph_build(arena, file, NULL, &graph);
	length = graph_chain_lengths(arena, &graph);
	for (size_t i = 0; i < file->party_count; i++) {
		if (length[i] <= OWNERSHIP_CHAIN_MAX)
			continue;
		excess->party = i;
		excess->message = arena_printf(
			arena,
			"owns through a chain of %zu companies; at most %d are allowed, leave out companies "
			"that own nothing else",
			length[i], OWNERSHIP_CHAIN_MAX);
		return false;
	}
	return true;
}
