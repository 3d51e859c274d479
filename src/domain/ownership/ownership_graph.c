#include "ownership_graph.h"

#include <stdlib.h>
#include <string.h>

struct named {
	const char *id;
	size_t index;
};

static int by_id(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = strcmp(a->id, b->id);

	return order ? order : (a->index > b->index) - (a->index < b->index);
}

static size_t index_of(const struct named *names, size_t count, const char *id)
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

void graph_build(struct arena *arena, const struct case_file *file, struct graph *graph)
{
	size_t parties = file->party_count, edges = 0;
	struct named *names = arena_alloc_array(arena, parties + 1, sizeof *names);

	for (size_t i = 0; i < parties; i++) {
		names[i] = (struct named){ file->parties[i].id, i };
		edges += file->parties[i].share_count;
	}
	qsort(names, parties, sizeof *names, by_id);
	*graph = (struct graph){
		.subject = parties,
		.edges = arena_alloc_array(arena, edges + 1, sizeof *graph->edges),
		.incoming = arena_alloc_array(arena, edges + 1, sizeof *graph->incoming),
		.first = arena_alloc_array(arena, parties + 3, sizeof *graph->first),
	};
	for (size_t i = 0; i < parties; i++) {
		for (size_t s = 0; s < file->parties[i].share_count; s++) {
			const struct party_share *share = &file->parties[i].shares[s];
			size_t owned =
				*share->of_party_id ? index_of(names, parties, share->of_party_id) : graph->subject;

			graph->edges[graph->edge_count++] = (struct edge){ i, owned, share->percent };
			if (owned != NODE_UNKNOWN)
				graph->first[owned + 2]++;
		}
	}
	/* Counting sort, shifted by one so that filling leaves the starts in place. */
	for (size_t n = 2; n <= parties + 2; n++)
		graph->first[n] += graph->first[n - 1];
	for (size_t e = 0; e < graph->edge_count; e++) {
		if (graph->edges[e].owned != NODE_UNKNOWN)
			graph->incoming[graph->first[graph->edges[e].owned + 1]++] = e;
	}
}
