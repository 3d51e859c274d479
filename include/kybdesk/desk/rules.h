/*
 * Custody of the rules (trust.md): workflows and reasons that count are texts in
 * the store, put there by an admin and audited with their hashes. What ships is
 * installed with a new store; a newer program offers its texts and swaps none.
 * Files in a user's or the system's folders count in a sandbox only.
 *
 * A reference names one text: NAME (what is in force), NAME@VERSION,
 * NAME@SHA256 (the beginning of it), NAME@shipped (what this program brings), or
 * a file: anything with a '/' or that ends in ".json". Of reasons NAME is the set.
 */
#ifndef KYBDESK_DESK_RULES_H
#define KYBDESK_DESK_RULES_H

#include "kybdesk/codec/rules_diff.h"
#include "kybdesk/desk/desk.h"

/* One file, no store needed; *found is the set. ERR_INVALID with the first mistake. */
enum err desk_reasons_check(struct arena *arena, const char *path, const char *set, enum reason_set *found,
			    struct error *error) KYB_MUST_USE;

struct reason_set_info {
	int64_t version, installed_at;
	const char *sha256, *installed_by;
	const char *origin; /* "built in", "installed", or the file that stands before it in a sandbox */
};
/* By enum reason_set; what is in force at this desk is desk_reasons(). */
enum err desk_reason_sets(struct desk *desk, struct arena *arena, struct reason_set_info out[REASON_SET_COUNT],
			  struct error *error) KYB_MUST_USE;

/* What the keeper of the rules should know: texts that this program ships and the store has never had; files that are
 * left alone because the store is no sandbox. */
struct rule_notice {
	const char *what, *advice;
};
enum err desk_rule_notices(struct desk *desk, struct arena *arena, struct rule_notice **items, size_t *count,
			   struct error *error) KYB_MUST_USE;

struct rule_comparison {
	const char *before, *after; /* "ralio-kyb version 2, 12ab34cd56ef" */
	struct json_difference *items;
	size_t count;
};
enum err desk_workflow_diff(struct desk *desk, struct arena *arena, const char *before, const char *after,
			    struct rule_comparison *out, struct error *error) KYB_MUST_USE;

/* The gate of another text over the cases of its workflow, as they stand: approved ones at the time of their approval,
 * those that a reviewer could decide now at this moment. Nothing is changed. */
struct rule_trial_case {
	const char *id, *external_ref, *name;
	enum session_status status;
	bool passed, passes;	  /* under its own text, under the other */
	struct blockers blockers; /* of the other text; of an approved case those that its own does not have */
};
struct rule_trial_count {
	int64_t total, passed, passes;		/* the rest is blocked */
	int64_t blocked_by[BLOCKER_CODE_COUNT]; /* cases, by what blocks them under the other text */
};
struct rule_trial {
	const char *name, *sha256;
	int64_t version;
	struct rule_trial_count approved, open;
	struct rule_trial_case *cases; /* approved ones that would have been blocked, open ones that change sides */
	size_t case_count;	       /* at most `limit` */
	int64_t case_total;
};
/* filter as in lists. */
enum err desk_workflow_try(struct desk *desk, struct arena *arena, const char *reference, struct list_query *query,
			   size_t limit, struct rule_trial *out, struct error *error) KYB_MUST_USE;

#endif
