/* The gate's parts: one per blocker code, in the table of gate.c. Each part has a function that adds the blockers
 * of its code, and may have a function for the text of the met condition. Private to src/domain. */
#ifndef DOMAIN_GATE_PARTS_H
#define DOMAIN_GATE_PARTS_H

#include "kybdesk/domain/bad_news.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/ownership.h"

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)

/* The side that must act before a blocker can be resolved; WAITS_NOBODY: the reviewer can resolve it now. */
enum awaited_side { WAITS_NOBODY, WAITS_CLIENT, WAITS_PARTY, WAITS_PROVIDER, WAITS_SECOND_REVIEWER };

/* The importance of findings; the first rank is the most important. Findings of equal rank are in the order of
 * their codes. */
enum finding_rank {
	RANK_STATUS,	  /* must be resolved first */
	RANK_REJECT_ONLY, /* a confirmed sanctions match: the case can only be rejected */
	RANK_DANGER,	  /* altered data, hits, impossible ownership, checks that did not pass */
	RANK_UNFINISHED	  /* missing, or not reviewed yet */
};
struct finding {
	enum blocker_code code;
	enum finding_rank rank;
	const char *message, *ref, *other_ref, *link_ref;
	enum awaited_side awaited_side;
};
struct gate {
	struct arena *arena;
	const struct case_file *file;
	const struct gate_context *context;
	struct judgements judgements;
	struct news_list news;
	struct finding *items;
	size_t count, capacity;
	struct ownership_gap gap; /* set by gate_find_invalid_ownership() */
	bool is_held_from_actor;  /* the case has an open duplicate or a suspicion that the actor may not see */
	bool depends_on_date;	  /* a field breaks a rule about today's date */
};
/* Adds the blockers of one code. */
typedef void gate_find(struct gate *gate);
/* The text of the checklist line for a met condition; NULL: no line. */
typedef const char *gate_met_text(const struct gate *gate);
struct gate_part {
	gate_find *find;
	gate_met_text *met_condition_text;
	enum case_tab tab;
	enum finding_rank rank;
	const char *short_text, *public_text; /* as in struct blocker_traits */
	bool is_transient;
};
extern const struct gate_part gate_parts[BLOCKER_CODE_COUNT];

/* Text for an action that only a lead may do: `does` for a lead, else "a lead can …". */
const char *gate_lead_action_text(const struct gate *gate, const char *does);
/* Adds a finding with WAITS_NOBODY; the caller may change the member awaited_side. */
struct finding *gate_add_finding(struct gate *gate, enum blocker_code code, const char *ref, const char *format, ...)
	KYB_PRINTF(4, 5);
enum awaited_side gate_status_waits_for(enum session_status status);
/* WAITS_CLIENT while the client can change the case, else WAITS_NOBODY. */
enum awaited_side gate_awaited_client(const struct gate *gate);
/* The time as "10:42 UTC", with the day if it is not today. */
const char *gate_time_text(const struct gate *gate, int64_t at);
/* Initialises the gate with a copy of the case, and recomputes the marks of the copy (expired, standing). */
void gate_init(struct gate *gate, struct arena *arena, const struct case_file *file,
	       const struct gate_context *context);
/* Runs every part and sorts the findings by importance. */
void gate_find_blockers(struct gate *gate);

gate_find gate_find_missing_document, gate_find_unaccepted_document, gate_find_missing_evidence, gate_find_open_step,
	gate_find_unverified_party, gate_find_missing_party, gate_find_invalid_ownership, gate_find_ownership_gap,
	gate_find_open_duplicate, gate_find_lead_hold, gate_find_open_suspicion, gate_find_second_approval,
	gate_find_invalid_field, gate_find_open_correction, gate_find_open_hit, gate_find_failed_check,
	gate_find_stale_check, gate_find_unjudged_sanctions;
gate_met_text gate_documents_text, gate_reviews_text, gate_steps_text, gate_verified_parties_text,
	gate_declared_parties_text, gate_ownership_sum_text, gate_ownership_gap_text, gate_duplicates_text,
	gate_approval_text, gate_fields_text, gate_corrections_text, gate_hits_text, gate_checks_text,
	gate_fresh_checks_text;

/* gate_documents.c */
bool document_is_current(const struct document *document);
int64_t document_expires_at(const struct document *document); /* a document is valid through its last day */
const char *document_title(const struct gate *gate, const struct document *document);
/* gate_examined.c */
bool gate_reviewer_acts_as_provider(const struct gate *gate);
/* gate_second.c */
/* The part second_reviewer for contributions of the actor: after a verdict the actor cannot approve the case; after
 * a change of data the actor cannot make any decision on the case. */
void gate_check_contributors(struct gate *gate, enum action action);
/* The part second_reviewer for a decision other than an approval. */
void gate_find_supervised_decision(struct gate *gate, enum action action);
/* gate_checks.c */
/* the case as input for conditions; without the current date, which only rules about dates and ages need */
struct rules_input gate_rules_input(const struct gate *gate);

#endif
