/* The ownership graph as indexes, for the computation and the tree. Private to src/domain. */
#ifndef DOMAIN_OWNERSHIP_GRAPH_H
#define DOMAIN_OWNERSHIP_GRAPH_H

#include "kybdesk/base/arena.h"
#include "kybdesk/domain/percent_range.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

#define NODE_UNKNOWN SIZE_MAX

/* One share. Node party_count is the subject itself. */
struct edge {
	size_t owner, owned; /* owned: NODE_UNKNOWN if the owned party is not in the case */
	const char *percent;
};
struct graph {
	size_t subject; /* = number of parties; nodes are 0..subject */
	struct edge *edges;
	size_t edge_count;
	/* Indexes of the edges with the owned node n, in the order of the case: incoming[first_incoming[n]] to
	 * incoming[first_incoming[n + 1] - 1]. */
	size_t *incoming, *first_incoming;
};
#define OWNERSHIP_DECIMALS 6 /* decimals of a percentage that is printed */
/* Whether a part of the subject makes a person a beneficial owner. */
enum reach ownership_reach(const struct percent_range *percent, const struct profile *profile);
/* 100 %, as a number; the caller frees it. */
struct decimal *decimal_hundred(void);
/* `one`: by party, the first party that is the same person or company; the node of that party has the shares of all
 * of them. NULL: each party has its own node. */
void graph_build(struct arena *arena, const struct case_file *file, const size_t *one, struct graph *graph);
/* The nodes, each after all nodes that it owns, and their count. Nodes in or above a cycle are missing. */
size_t *graph_node_order(struct arena *arena, const struct graph *graph, size_t *count);
/* By node, the length of the longest chain of shares below it; in or above a cycle, only the known part. */
const size_t *graph_chain_lengths(struct arena *arena, const struct graph *graph);

#endif
