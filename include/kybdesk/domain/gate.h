/* The approval gate: session + documents + parties + checks + corrections + profile → list of blockers. Pure: no
 * clock, no store. An empty list allows the approval. The screen's checklist, the command's sentences and the API's
 * body use the same list. */
#ifndef KYBDESK_DOMAIN_GATE_H
#define KYBDESK_DOMAIN_GATE_H

#include "kybdesk/domain/contribution.h"
#include "kybdesk/domain/country.h"
#include "kybdesk/domain/facts.h"
#include "kybdesk/domain/transition.h"

#define BLOCKER_CODE_WORDS(X)                                                                                          \
	X(BLOCKER_STATUS, "status")                                                                                    \
	X(BLOCKER_DOCUMENT_MISSING, "document_missing")                                                                \
	X(BLOCKER_DOCUMENT_NOT_ACCEPTED, "document_not_accepted")                                                      \
	X(BLOCKER_BASIS_CHANGED, "basis_changed")                                                                      \
	X(BLOCKER_DOCUMENT_ALTERED, "document_altered")                                                                \
	X(BLOCKER_NOTHING_EXAMINED, "nothing_examined")                                                                \
	X(BLOCKER_STEP_OPEN, "step_open")                                                                              \
	X(BLOCKER_PARTY_NOT_VERIFIED, "party_not_verified")                                                            \
	X(BLOCKER_PARTY_MISSING, "party_missing")                                                                      \
	X(BLOCKER_OWNERSHIP_INVALID, "ownership_invalid")                                                              \
	X(BLOCKER_OWNERSHIP_GAP, "ownership_gap")                                                                      \
	X(BLOCKER_FIELD_INVALID, "field_invalid")                                                                      \
	X(BLOCKER_CORRECTION_OPEN, "correction_open")                                                                  \
	X(BLOCKER_HIT_OPEN, "hit_open")                                                                                \
	X(BLOCKER_CHECK_FAILED, "check_failed")                                                                        \
	X(BLOCKER_CHECK_STALE, "check_stale")                                                                          \
	X(BLOCKER_DESK_RULE, "desk_rule") /* rules of the desk: struct gate_desk_rules */                              \
	X(BLOCKER_DUPLICATE_OPEN, "duplicate_open")                                                                    \
	X(BLOCKER_HELD, "held") /* shown instead of a blocker that only leads may see */                               \
	X(BLOCKER_SUSPICION_OPEN, "suspicion_open")                                                                    \
	X(BLOCKER_SECOND_REVIEWER, "second_reviewer")                                                                  \
	X(BLOCKER_CLAIMED_BY_OTHER, "claimed_by_other")                                                                \
	X(BLOCKER_CHANGED, "changed")
#define BLOCKER_CODE_COUNT WORDS_COUNT(BLOCKER_CODE_WORDS)
WORDS_DECLARE(blocker_code, BLOCKER_CODE_WORDS);
struct blocker_traits {
	const char *short_text; /* for a list of cases; "" if a list shows none */
	/* The sentence that merchants and clients get. NULL: the blocker is hidden from them; "": they get the
	 * blocker's own message; else this text replaces the message. The default in the gate's table is hidden. */
	const char *public_text;
	bool is_transient; /* the blocker depends on the actor or the time, so the evidence of a decision omits it */
	bool is_conflict;  /* with this blocker the refusal is a conflict (exit 5), else "blocked" (exit 4) */
};
struct blocker_traits blocker_traits(enum blocker_code code);

struct blocker {
	enum blocker_code code;
	const char *message; /* a plain sentence */
	const char *ref;     /* id, type or path of the blocking part; "": the session */
};
struct blockers {
	struct blocker *items;
	size_t count, capacity;
};

/* State of a document's stored bytes. */
enum document_bytes { DOCUMENT_BYTES_INTACT, DOCUMENT_BYTES_MISSING, DOCUMENT_BYTES_ALTERED };

/* The first of two approvals, which is also the last decision of the case. It counts for the second approval while
 * `invalid_reason` is "". */
struct first_approval {
	int64_t number; /* number of the decision */
	const char *by;
	int64_t at;
	bool supervised; /* the author of the approval is supervised */
	const char *evidence_sha256;
	const char *invalid_reason; /* why this approval no longer counts; "": it counts */
};
enum approval_stage { APPROVAL_SINGLE, APPROVAL_FIRST, APPROVAL_SECOND }; /* "alone" "first" "second" */
const char *approval_stage_text(enum approval_stage part);

/* Conditions of the desk for every approval, under any workflow. A member that is 0 sets no condition. */
struct gate_desk_rules {
	int64_t screening_days; /* maximum age of the sanctions screening */
	int highest_risk;
	bool allows_unscored; /* highest_risk does not block a case without a score */
	/* minimum number of different words in the note of an approval with high risk */
	int64_t rationale_min_words;
	int high_risk_min;			 /* the score from which a risk is high */
	const char *const *prohibited_countries; /* prohibited countries, alpha-3 */
	size_t prohibited_country_count;
	const char *text; /* the settings, for the checklist and the evidence of an approval; "" and NULL: none */
};

/* What stands in a decision in place of evidence, from the case and from the records of its acceptances. */
#define OVERRIDE_KIND_WORDS(X)                                                                                         \
	X(OVERRIDE_WAIVED, "waived")	      /* what: a check */                                                      \
	X(OVERRIDE_CLEARED, "cleared")	      /* what: such as "2 sanctions hits", "adverse_media result" */           \
	X(OVERRIDE_MATCH, "accepted_match")   /* what: such as "1 pep hit", a confirmed match */                       \
	X(OVERRIDE_UNSEEN, "accepted_unseen") /* what: a document's type; why: what was not shown (desk/look.h) */
WORDS_DECLARE(override_kind, OVERRIDE_KIND_WORDS);
struct override {
	enum override_kind kind;
	const char *what, *by, *why; /* why: "" */
};
struct overrides {
	struct override *items;
	size_t count;
	size_t unrecorded_count; /* accepted documents without a record of what was shown: imported, or of old kind */
	bool without_evidence;	 /* a sandbox: no accepted file, no result of a check or of a provider */
};

/* Facts that are not in the case itself. */
struct gate_context {
	const struct profile *profile;
	const struct countries *countries; /* with subdivisions, for field rules; NULL: only formats are checked */
	enum action action;		   /* only for GATE_ACTION and GATE_RECHECK */
	const char *actor;		   /* the acting reviewer; "" for the system */
	enum role role;
	bool sandbox;
	int64_t now;
	int64_t seen_version;			     /* version of the case that the reviewer saw; 0: not checked */
	bool supervised;			     /* every decision of the actor needs a second reviewer */
	bool automatic;				     /* the system or a merchant's key approves, not a person */
	const struct first_approval *first_approval; /* NULL: none */
	/* the actor's contributions, which bar the actor from approving, or from all decisions; empty in a sandbox */
	const struct contribution *contributions;
	size_t contribution_count;
	const char *last_decision_by; /* author of the decision that set the status; "": none */
	int64_t last_decision_at;
	const struct duplicate *duplicates; /* duplicates of the session, including dismissed ones */
	size_t duplicate_count;
	bool has_open_suspicion; /* a suspicion is open: of the case, or of a session that verifies a party */
	bool is_suspicion_shown; /* the actor may read the open suspicion */
	/* The stored identity of the subject, from its creation or its last approval. An approval sets the level of
	 * this identity, so the case must describe the same subject. NULL: not compared. */
	const struct subject *stored_subject;
	const enum document_bytes
		*document_bytes_states; /* the state of each document of the case; NULL: not checked */
	struct gate_desk_rules desk_rules;
	const struct overrides *overrides; /* for the evidence only; NULL: not read */
};

/* The number of different words that the note of an approval needs; 0: none. A case without a score counts as a
 * high risk. */
size_t gate_rationale_min_words(const struct case_file *file, const struct gate_context *context);
/* Whether an approval in this context would be the only, the first or the second one. A case without a risk score
 * counts as a high risk. If the first approval no longer counts, two approvals are needed again, unless two were
 * needed only because the author of the first approval is supervised. */
enum approval_stage gate_approval_stage(const struct case_file *file, const struct gate_context *context);
/* A supervised reviewer's rejection that no other decision followed; NULL: none. */
const struct decision *gate_first_rejection(const struct case_file *file);
/* A text such as "first approval by ana, 2026-11-20 10:12 UTC" */
const char *first_approval_text(struct arena *arena, const struct first_approval *first);

/* The sentence that asks for a new confirmation of an invalid judgement. */
const char *judgement_sentence(struct arena *arena, const struct judgement *judgement);

enum gate_scope {
	/* All blockers of an approval, most important first: the status, a confirmed sanctions match, risks,
	 * unfinished work. Within each of these kinds, blockers are in the order of enum blocker_code; blockers
	 * with the same code are in the order of the case. */
	GATE_APPROVAL,
	/* Blockers of an action other than approve: the status, the second reviewer if the action is a decision,
	 * and conflicts. The status sentence names the last decision and its time. Does not check roles (forbidden
	 * is not a blocker). */
	GATE_ACTION,
	/* Only the blockers claimed_by_other and changed, which block every decision. */
	GATE_CONFLICTS,
	/* The conditions that can change after a check of the gate although the version of the case does not change:
	 * conflicts, and contributions of the actor; for an approval also a suspicion and the rules for two
	 * approvals. Stops after the first condition that blocks. */
	GATE_RECHECK
};
void gate_check(struct arena *arena, const struct case_file *file, const struct gate_context *context,
		enum gate_scope scope, struct blockers *out);

/* The tabs of a case, for the checklist "Before you can approve", which lists every condition, met or not. Unmet
 * lines are the blockers; met lines state the condition ("4 of 4 mandatory documents are uploaded"). */
enum case_tab { TAB_SUMMARY = 1, TAB_DOCUMENTS, TAB_PARTIES, TAB_CHECKS, TAB_CORRECTIONS, TAB_TIMELINE, TAB_WEBHOOKS };
struct checklist_item {
	bool met;
	enum blocker_code code;
	const char *message;
	const char *ref;
	const char *other_ref, *link_ref; /* the parties of a question (struct ownership_problem); "": none */
	enum case_tab tab;		  /* the tab with the blocking part */
};
struct checklist_item *gate_checklist(struct arena *arena, const struct case_file *file,
				      const struct gate_context *context, size_t *count);

/* Functions for the screens, which mark each document, hit, check or party that blocks an approval. Judgements
 * count only after judgements_set_standings() (facts.h), which the desk calls for every case. */
bool document_is_valid(const struct document *document); /* ready, and its acceptance is valid */
bool hit_is_resolved(const struct hit *hit);		 /* resolved, and its verdict is valid */
bool hit_is_blocking(const struct hit *hit);
/* For qsort() over struct hit: sanctions first, then PEP and adverse media; then the highest score, then the oldest. */
int hit_compare(const void *left, const void *right);
bool check_is_blocking(const struct check *check, const struct profile *profile);
/* The result of another reporter of the check, which does not count now, such as "bo reported passed at 2026-11-20
 * 12:05 UTC"; "": none. */
const char *check_other_result_text(struct arena *arena, const struct check *check);
/* whether a lead may waive the check */
bool check_may_be_waived(enum check_kind kind, const struct profile *profile);
/* Marks the parties with a KYC that is based on an expired document. The document must be expired now or, if the
 * case is approved, at the time of the approval. party_is_verified() reads the mark. */
void gate_mark_expired_kyc(struct case_file *file, int64_t now);
bool party_is_verified(const struct party *party, const struct case_file *file, const struct profile *profile);
/* Whether the KYC case has the evidence that its workflow requires; other blockers judge its quality. */
bool case_has_evidence(const struct case_file *file, const struct profile *profile);
/* Whether a check or a provider's results are the required evidence of a KYC case, so that it needs no document. */
bool case_has_provider_evidence(const struct case_file *file, const struct profile *profile);
bool party_must_be_verified(const struct party *party, const struct profile *profile);

/* Counters and flags on the session's row, for lists and filters. */
struct case_counts {
	int64_t parties_total, parties_verified; /* verified: includes parties that need no verification */
	int64_t documents_total,
		documents_accepted; /* rows of the Documents tab: files, and missing mandatory types and groups */
	bool document_missing, document_rejected, party_open, hit_open;
	bool waits_for_client, waits_for_party, waits_for_provider, waits_for_second_reviewer;
	bool clean;		      /* undecided and without blockers */
	enum blocker_code blocker;    /* the gate's first blocker, unless clean */
	bool sanctions_match;	      /* a hit is a confirmed sanctions match */
	bool has_unanswered_pair;     /* of an approved case: ownership_has_unanswered_pair() */
	int64_t blockers_valid_until; /* when the blockers may change without a change of data; TIME_NONE: never */
};
/* Reads only these members of the context: profile, countries, duplicates, has_open_suspicion, now, sandbox,
 * first_approval. */
void case_count(const struct case_file *file, const struct gate_context *context, struct case_counts *out);
/* Time of a check: checked_at, else the time of the session's submission, else of its creation. */
int64_t check_result_time(const struct check *check, const struct session *session);

#endif
