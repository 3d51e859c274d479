/* Ownership over all chains, computed exactly: fills effective_percent and is_beneficial_owner of every party;
 * finds cycles, and companies with shares of more than 100 % in total. Pure. domain/limits.h bounds the work: a
 * larger case is reported as a problem and is not computed. */
#ifndef KYBDESK_DOMAIN_OWNERSHIP_H
#define KYBDESK_DOMAIN_OWNERSHIP_H

#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

struct ownership_problem {
	const char *message;   /* a sentence that names the parties */
	const char *ref;       /* id of the party with the problem; "": the direct owners of the subject */
	bool is_question;      /* only a reviewer can answer it; a submission goes through */
	const char *other_ref; /* the id of a second party that may be the same; "": none */
	const char *link_ref;  /* the id of the party that both are, although they are two; "": none */
};
/* Returns the problems, in the arena; with NULL for problem_count it leaves out problems that do not change a party, which
 * need the most time. effective_percent of an affected party is "".
 * is_beneficial_owner is set for a natural person that meets the profile's threshold or has a control role. Parties
 * that are the same person have the shares and roles of all of them. */
struct ownership_problem *ownership_compute(struct arena *arena, struct case_file *file, const struct profile *profile,
					    size_t *problem_count);
/* By party, the first party of the case that is the same person or company: one owner for every rule. */
struct ownership_pairs {
	const struct case_file *file;
	const size_t *one;
	uint8_t *answers; /* by two parties: 1 + enum identity_answer; 0: not compared yet */
};
struct ownership_pairs ownership_find_pairs(struct arena *arena, const struct case_file *file);
/* By party, what a reviewer must answer first; SIZE_MAX: nothing, or no such party. */
struct party_question {
	size_t other; /* the first party before it that may be the same, or that is another one although both are `link` */
	size_t link;
};
struct party_question *ownership_find_questions(struct arena *arena, const struct ownership_pairs *pairs);
/* Whether a question is open, or two parties are the same and nobody said so. */
bool ownership_has_unanswered_pair(struct arena *arena, const struct case_file *file);
/* Why a percentage is invalid, such as "has 62 digits after the point; at most 20 are allowed"; NULL: valid. Values
 * over 100 are accepted; the caller reports them with their owner. */
const char *ownership_percent_fault(struct arena *arena, const char *percent);
/* Why a workflow does not take this share, as the end of a sentence: it is a range (domain/percent_range.h), and the party
 * has a field of its own for the number (percentageOfOwnership, shared/seeds/avenia-kyb-level-1.txt). NULL: it does. */
const char *ownership_range_fault(struct arena *arena, const struct profile *profile, const char *percent);
/* "at least 25 %", "more than 25 %": the threshold of a beneficial owner. */
const char *ownership_threshold_text(struct arena *arena, const struct profile *profile);
/* Whether a case is within the limits of domain/limits.h: parties, shares, longest chain (cycles ignored). Otherwise
 * sets excess->message ("has 31 …; at most 30 are allowed") and excess->party (SIZE_MAX: the case has too many parties
 * or shares). */
struct ownership_excess {
	size_t party;
	const char *message;
};
bool ownership_is_computable(struct arena *arena, const struct case_file *file, struct ownership_excess *excess);
/* Undeclared ownership: the share of the subject without a declared owner, direct or through declared companies. A
 * layer is one of these companies, or the subject; the layers are added up, since one hidden owner may be behind
 * several of them. The gap is open if it could hide an owner at the profile's threshold (blocker ownership_gap). A
 * company without declared owners is undeclared as a whole. */
struct ownership_layer {
	const char *ref, *name;		/* the company: a party's id, "" for the subject */
	const char *undeclared_percent; /* undeclared share, as a percent of the company */
	const char *subject_percent;	/* the undeclared share, as a percent of the subject */
};
struct ownership_gap {
	/* false: no threshold, no parties, not a business, or invalid ownership; all other members are unset */
	bool is_computed;
	bool may_hide_owner; /* the gap is large enough to hide an owner */
	const char *percent; /* undeclared share of the subject, over all layers */
	struct ownership_layer *layers;
	size_t layer_count;	     /* layers with a gap, in the order of the case, the subject first */
	bool owner_found;	     /* an owner reaches the threshold */
	size_t fallback_party_index; /* if !owner_found: party with a control role that counts as owner; SIZE_MAX: none */
};
void ownership_gap_find(struct arena *arena, const struct case_file *file, const struct profile *profile,
			struct ownership_gap *out);
/* The problems as of ownership_compute(), without a change of the case; if there are none, the gap too: one computation,
 * since that of many owners takes long. */
struct ownership_problem *ownership_problems_or_gap(struct arena *arena, const struct case_file *file,
						    const struct profile *profile, size_t *problem_count,
						    struct ownership_gap *out);
/* Whether a lead explained the gap, and the gap has not grown since. */
bool ownership_gap_is_explained(const struct session *session, const struct ownership_gap *gap);
#define OWNERSHIP_GAP_REASON_COUNT 5
/* The reasons that a lead may record; "other" needs a text. */
extern const char *const ownership_gap_reasons[OWNERSHIP_GAP_REASON_COUNT];

/* Order for drawing a tree: the subject's owners first, each company's owners below it. An entry has a party index,
 * a depth, and the percentage that the party holds of the company one level above. Every party appears at least
 * once; a party on several chains appears once for each chain; a cycle is cut and marked. */
struct ownership_line {
	size_t party;
	unsigned depth;
	const char *percent; /* share in the owned company one level above; "": the party owns nothing */
	bool is_last_sibling;
	bool closes_cycle;
	uint64_t continued_level_bits; /* bit d: a vertical line continues at depth d */
};
struct ownership_line *ownership_tree(struct arena *arena, const struct case_file *file, size_t *count);

#endif
