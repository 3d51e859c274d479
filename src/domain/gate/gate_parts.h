/*
 * The gate's parts: one function per blocker, in the table of gate.c. Each adds its blockers and, if it has none, may
 * add a line for a met condition. Private to src/domain.
 */
#ifndef DOMAIN_GATE_PARTS_H
#define DOMAIN_GATE_PARTS_H

#include "kybdesk/domain/gate.h"

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)

/* The side that must act before a blocker can be resolved; WAITS_NOBODY: the reviewer can resolve it now. */
enum waits_for { WAITS_NOBODY, WAITS_CLIENT, WAITS_PARTY, WAITS_PROVIDER, WAITS_SECOND };

/* Ranks by importance. Equal ranks: in the order of the codes. */
enum finding_rank {
	RANK_STATUS,	/* must be resolved first */
	RANK_FINAL,	/* a confirmed sanctions match: the case can only be rejected */
	RANK_DANGER,	/* altered data, hits, impossible ownership, checks that did not pass */
	RANK_UNFINISHED /* missing, or not reviewed yet */
};
struct finding {
	enum blocker_code code;
	enum finding_rank rank;
	const char *message, *ref;
	enum waits_for waits_for;
};
struct gate {
	struct arena *arena;
	const struct case_file *file;
	const struct gate_context *context;
	struct judgements judgements;
	struct finding *items;
	size_t count, capacity;
	bool held;	    /* an open duplicate or a suspicion that the actor may not see */
	bool changes_daily; /* a field breaks a rule about today's date */
};
struct gate_part {
	void (*find)(struct gate *gate);
	const char *(*holds)(const struct gate *gate); /* the met line of the checklist; NULL: no line */
	enum case_tab tab;
	enum finding_rank rank;
	const char *in_list; /* blocker_short() */
	const char *outside; /* blocker_public_text() */
	bool momentary;	     /* blocker_is_momentary() */
};
extern const struct gate_part gate_parts[BLOCKER_CODE_COUNT];

/* Text for an action that only a lead may do: `does` for a lead, else "a lead can …". */
const char *gate_lead_action_text(const struct gate *gate, const char *does);
void gate_add(struct gate *gate, enum blocker_code code, enum waits_for waits_for, const char *ref,
	      const char *message);
/* "10:42 UTC", with the day if it is not today. */
const char *gate_time_text(const struct gate *gate, int64_t at);
/* A gate over a marked copy of the case. */
void gate_open(struct gate *gate, struct arena *arena, const struct case_file *file,
	       const struct gate_context *context);
/* Runs every part and sorts the findings by importance. */
void gate_run(struct gate *gate);

/* gate_documents.c */
void gate_document_missing(struct gate *gate);
void gate_document_not_accepted(struct gate *gate);
const char *gate_documents_text(const struct gate *gate);
const char *gate_documents_accepted(const struct gate *gate);
bool document_counts(const struct document *document);
int64_t document_expires_at(const struct document *document); /* a document is valid through its last day */
const char *document_title(const struct gate *gate, const struct document *document);
/* gate_basis.c */
void gate_basis_changed(struct gate *gate);
void gate_document_altered(struct gate *gate);
/* gate_examined.c */
bool gate_reviewer_acts_as_provider(const struct gate *gate);
void gate_nothing_examined(struct gate *gate);
void gate_step_open(struct gate *gate);
const char *gate_steps_done(const struct gate *gate);
/* gate_parties.c */
void gate_party_not_verified(struct gate *gate);
void gate_party_missing(struct gate *gate);
void gate_ownership_invalid(struct gate *gate);
const char *gate_parties_verified(const struct gate *gate);
const char *gate_parties_declared(const struct gate *gate);
const char *gate_ownership_sum(const struct gate *gate);
/* gate_ownership.c */
void gate_ownership_gap(struct gate *gate);
const char *gate_ownership_declared(const struct gate *gate);
/* gate_contributors.c */
void gate_contributors(struct gate *gate, enum action action);
/* gate_duplicates.c */
void gate_duplicate_open(struct gate *gate);
const char *gate_duplicates_dismissed(const struct gate *gate);
void gate_held(struct gate *gate);
void gate_suspicion_open(struct gate *gate);
/* gate_second.c */
void gate_second_approval(struct gate *gate);
/* The part second_reviewer for a decision other than an approval. */
void gate_supervised_decision(struct gate *gate, enum action action);
const char *gate_approval_text(const struct gate *gate);
/* gate_floor.c */
void gate_screening(struct gate *gate);
void gate_desk_rule(struct gate *gate);
/* gate_fields.c */
void gate_field_invalid(struct gate *gate);
const char *gate_fields_valid(const struct gate *gate);
/* gate_checks.c */
struct rules_input gate_rules(const struct gate *gate); /* without today: for conditions, not for ages */
void gate_correction_open(struct gate *gate);
void gate_hit_open(struct gate *gate);
void gate_check_failed(struct gate *gate);
void gate_check_stale(struct gate *gate);
bool check_has_result(const struct check *check);
const char *gate_no_corrections(const struct gate *gate);
const char *gate_no_hits(const struct gate *gate);
const char *gate_checks_done(const struct gate *gate);
const char *gate_checks_fresh(const struct gate *gate);

#endif
