/* The graph of ownership as lines of a tree, owners below the company that they own. */
#include "kybdesk/domain/ownership.h"
#include "ownership_graph.h"

/* Up to this number of lines every chain is drawn. After that, the owners of a party are drawn only once, so that a
 * series of diamonds cannot use all memory. */
#define FULL_TREE_LINES_MAX 500

struct branch {
	const struct branch *parent;
	size_t party;
	unsigned depth;
	const char *percent;
	bool is_last_sibling;
	uint64_t continued_level_bits;
};
struct branches {
	struct branch **items;
	size_t count, capacity;
};
struct lines {
	struct ownership_line *items;
	size_t count, capacity;
};

static void push_branch(struct arena *arena, struct branches *list, struct branch branch)
{
	struct branch **slot = ARENA_PUSH(arena, list->items, list->count, list->capacity);

	*slot = arena_memdup(arena, &branch, sizeof branch);
}

/* Marks all owners above `start` in the chains of ownership. */
static void mark_reached(struct arena *arena, const struct graph *graph, bool *reached, size_t start)
{
	size_t *queue = arena_alloc_array(arena, graph->subject + 1, sizeof *queue);
	size_t head = 0, tail = 0;

	reached[start] = true;
	queue[tail++] = start;
	while (head < tail) {
		size_t owned = queue[head++];

		for (size_t i = graph->first_incoming[owned]; i < graph->first_incoming[owned + 1]; i++) {
			size_t owner = graph->edges[graph->incoming[i]].owner;

			if (reached[owner])
				continue;
			reached[owner] = true;
			queue[tail++] = owner;
		}
	}
}

/* Adds owners of the subject, then parties that own nothing, then cycles without an owner of the subject. */
static void add_roots(struct arena *arena, const struct graph *graph, struct branches *roots)
{
	bool *reached = arena_alloc_array(arena, graph->subject + 1, sizeof *reached);
	bool *owns = arena_alloc_array(arena, graph->subject + 1, sizeof *owns);

	for (size_t i = graph->first_incoming[graph->subject]; i < graph->first_incoming[graph->subject + 1]; i++) {
		const struct edge *edge = &graph->edges[graph->incoming[i]];

		push_branch(arena, roots, (struct branch){ .party = edge->owner, .percent = edge->percent });
	}
	mark_reached(arena, graph, reached, graph->subject);
	for (size_t e = 0; e < graph->edge_count; e++) {
		if (graph->edges[e].owned != NODE_UNKNOWN)
			owns[graph->edges[e].owner] = true;
	}
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < graph->subject; i++) {
			if (reached[i] || (!pass && owns[i]))
				continue;
			push_branch(arena, roots, (struct branch){ .party = i, .percent = "" });
			mark_reached(arena, graph, reached, i);
		}
	}
	if (roots->count)
		roots->items[roots->count - 1]->is_last_sibling = true;
}

static bool branch_closes_cycle(const struct branch *branch)
{
	for (const struct branch *above = branch->parent; above; above = above->parent) {
		if (above->party == branch->party)
			return true;
	}
	return false;
}

static void push_owners(struct arena *arena, const struct graph *graph, struct branches *stack,
			const struct branch *branch)
{
	size_t begin = graph->first_incoming[branch->party], end = graph->first_incoming[branch->party + 1];
	uint64_t open = branch->continued_level_bits;

	if (!branch->is_last_sibling && branch->depth < 64)
		open |= UINT64_C(1) << branch->depth;
	for (size_t i = end; i-- > begin;) {
		const struct edge *edge = &graph->edges[graph->incoming[i]];

		push_branch(arena, stack,
			    (struct branch){ .parent = branch,
					     .party = edge->owner,
					     .depth = branch->depth + 1,
					     .percent = edge->percent,
					     .is_last_sibling = i + 1 == end,
					     .continued_level_bits = open });
	}
}

struct ownership_line *ownership_tree(struct arena *arena, const struct case_file *file, size_t *count)
{
	struct graph graph;
	struct branches stack = { 0 };
	struct lines lines = { 0 };
	bool *drawn;

	graph_build(arena, file, NULL, &graph);
	drawn = arena_alloc_array(arena, file->party_count + 1, sizeof *drawn);
	add_roots(arena, &graph, &stack);
	for (size_t i = 0; i < stack.count / 2; i++) {
		struct branch *first = stack.items[i];

		stack.items[i] = stack.items[stack.count - 1 - i];
		stack.items[stack.count - 1 - i] = first;
	}
	while (stack.count) {
		const struct branch *branch = stack.items[--stack.count];
		struct ownership_line *line = ARENA_PUSH(arena, lines.items, lines.count, lines.capacity);

		*line = (struct ownership_line){ .party = branch->party,
						 .depth = branch->depth,
						 .percent = branch->percent,
						 .is_last_sibling = branch->is_last_sibling,
						 .closes_cycle = branch_closes_cycle(branch),
						 .continued_level_bits = branch->continued_level_bits };
		if (!line->closes_cycle && !(drawn[branch->party] && lines.count > FULL_TREE_LINES_MAX))
			push_owners(arena, &graph, &stack, branch);
		drawn[branch->party] = true;
	}
	*count = lines.count;
	return lines.items;
}
