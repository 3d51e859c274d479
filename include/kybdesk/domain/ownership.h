/*
 * Ownership through all chains, exactly (domain.md "Session document"): fills
 * effective_percent and beneficial_owner of every party; finds layers that add
 * up to more than 100 % and cycles. Pure. The work is bounded by domain/limits.h: what is beyond them is
 * a problem, and is not computed.
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
/* What is wrong with the text of a percentage: "has 62 digits after the point; at most 20 are allowed"; NULL: nothing.
 * It may be more than 100: whose share that is, the caller says. */
const char *ownership_percent_fault(struct arena *arena, const char *percent);
/* Whether a case is small enough to be taken (domain/limits.h): parties, shares, and the longest chain, circles aside.
 * Else *message ("has 31 …; at most 30 are allowed") and the party it is about, by index; SIZE_MAX: the parties as a
 * whole. */
struct ownership_excess {
	size_t party;
	const char *message;
};
bool ownership_fits(struct arena *arena, const struct case_file *file, struct ownership_excess *excess);
/*
 * Undeclared ownership: what nobody declared owns of the subject, directly or through a declared company, all
 * layers added up, because one hidden owner may stand behind several of them. It is open when it could hide an
 * owner at the profile's threshold (domain.md, blocker ownership_gap). A company without declared owners is
 * undeclared as a whole.
 */
struct ownership_layer {
	const char *ref, *name;	    /* the company: a party's id, "" for the subject */
	const char *undeclared;	    /* percent of that company */
	const char *of_the_subject; /* what that makes of the subject */
};
struct ownership_gap {
	bool known; /* false: no threshold, no parties, no business, or ownership_invalid: the rest says nothing */
	bool open;  /* large enough to hide an owner */
	const char *percent; /* all layers, of the subject */
	struct ownership_layer *layers;
	size_t layer_count; /* those with something undeclared, in the order of the case, the subject first */
	bool owner_found;   /* somebody reaches the threshold */
	size_t stand_in;    /* without one: the party with a control role who stands in; SIZE_MAX nobody */
};
void ownership_gap_find(struct arena *arena, const struct case_file *file, const struct profile *profile,
			struct ownership_gap *out);
/* A lead recorded why, and the gap is no larger than it was then. */
bool ownership_gap_is_explained(const struct session *session, const struct ownership_gap *gap);
/* The words a lead may record; free text goes with "other". */
const char *const *ownership_gap_reasons(size_t *count);

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
