/* Checks, comparisons and trials of rules. The workflows and reasons in force are texts in the store, installed by an
 * admin and audited with their hashes. A new store gets the shipped texts; a newer program offers its texts but
 * replaces none. Files in a user's or the system's folders count in a sandbox only.
 *
 * A reference names one text: NAME (in force), NAME@VERSION, NAME@SHA256 (a prefix), NAME@shipped (this program's),
 * or a file: anything with a '/' or that ends in ".json", and "-" for standard input. For reasons, NAME is the set.
 */
#ifndef KYBDESK_DESK_RULES_H
#define KYBDESK_DESK_RULES_H

#include "kybdesk/codec/rules_diff.h"
#include "kybdesk/desk/desk.h"

/* Checks a file with reasons; path "-": standard input. Needs no store. *found: the set of reasons in the file.
 * ERR_INVALID with the first mistake. */
enum err desk_reasons_check(struct arena *arena, const char *path, const char *set, enum reason_set *found,
			    struct error *error);

struct reason_set_info {
	int64_t version, installed_at;
	const char *sha256, *installed_by;
	const char *origin; /* "built in", "installed", or the sandbox file that replaces the text */
};
/* The sets, indexed by enum reason_set; desk_reasons() has the reasons in force. */
enum err desk_reason_sets(struct desk *desk, struct arena *arena, struct reason_set_info out[REASON_SET_COUNT],
			  struct error *error);

/* Notices for the admin: texts that ship with this program and that the store never had; changes that wait for a
 * second admin; files ignored because the store is not a sandbox. */
struct rule_notice {
	const char *message, *advice;
};
enum err desk_rule_notices(struct desk *desk, struct arena *arena, struct rule_notice **items, size_t *count,
			   struct error *error);

/* A change that waits for a second person, oldest first. */
struct offered_change {
	const char *action, *part, *by; /* the verb's audit action; the item to change; its author */
	const char *change, *advice;	/* texts: the change without its secrets; how it takes effect */
	int64_t at;
	bool is_for_actor; /* the actor can confirm it */
};
enum err desk_offers(struct desk *desk, struct arena *arena, struct offered_change **items, size_t *count,
		     struct error *error);

struct rule_comparison {
	/* names of the text before and after the change, such as "ralio-kyb version 2, 12ab34cd56ef" */
	const char *before, *after;
	struct json_difference *items;
	size_t count;
};
enum err desk_workflow_diff(struct desk *desk, struct arena *arena, const char *before, const char *after,
			    struct rule_comparison *out, struct error *error);

/* Tries another text of a workflow: applies the rules of this text to the cases of the workflow. Approved cases are
 * checked as of their approval; open cases that a reviewer could decide are checked as of now. Changes nothing. */
struct rule_trial_case {
	const char *id, *external_ref, *name;
	enum session_status status;
	bool passes_own_text,
		passes_tried_text; /* whether the gate passes the case under its own text; under the tried text */
	struct blockers blockers;  /* blockers under the tried text; for an approved case only new ones */
};
struct rule_trial_count {
	/* numbers of cases: all, with passes_own_text, with passes_tried_text (struct rule_trial_case) */
	int64_t total, own_text_passes, tried_text_passes;
	int64_t blocker_counts[BLOCKER_CODE_COUNT]; /* number of cases per blocker under the tried text */
};
struct rule_trial {
	const char *name, *sha256;
	int64_t version;
	struct rule_trial_count approved_cases, open_cases;
	struct rule_trial_case
		*cases;	   /* approved cases that would have been blocked; open cases with a changed result */
	size_t case_count; /* at most `limit` */
	int64_t case_total;
};
/* query: its filter selects the cases, as in lists. */
enum err desk_workflow_try(struct desk *desk, struct arena *arena, const char *reference, struct list_query *query,
			   size_t limit, struct rule_trial *out, struct error *error);

#endif
