/*
 * Ownership through all chains, exactly (domain.md "Session document"): fills
 * effective_percent and beneficial_owner of every party; finds layers that add
 * up to more than 100 % and cycles. Pure.
 */
#ifndef KYBDESK_DOMAIN_OWNERSHIP_H
#define KYBDESK_DOMAIN_OWNERSHIP_H

#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

struct ownership_problem {
	const char *message; /* names the parties */
	const char *ref;     /* a party's id, "" for the subject's own layer */
};
/* Returns arena array of problems (empty: sound). With problems, effective_percent of the parties
 * concerned is "". beneficial_owner: above the profile's threshold, or with a control role. */
struct ownership_problem *ownership_compute(struct arena *arena, struct case_file *file,
					    const struct profile *profile, size_t *problem_count);
/* Tree order for drawing: owners of the subject first, a company's owners below it. Each entry is a
 * party index, its depth, and the percentage of the line above. Every party appears at least once; a
 * party on several chains appears under each, a cycle is cut and marked. */
struct ownership_line {
	size_t party;
	unsigned depth;
	const char *percent; /* of the owned one above; "" when it owns nothing */
	bool last_sibling;
	bool cycle;
	uint64_t open_levels; /* bit d: a vertical line continues at depth d */
};
struct ownership_line *ownership_tree(struct arena *arena, const struct case_file *file, size_t *count);

#endif
