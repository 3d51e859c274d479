/*
 * The approval gate: session + documents + parties + checks + corrections +
 * profile → list of blockers (domain.md "The approval gate"). Pure: no clock,
 * no store. An empty list means yes. One list for the screen's checklist, the
 * command's sentences and the API's body.
 */
#ifndef KYBDESK_DOMAIN_GATE_H
#define KYBDESK_DOMAIN_GATE_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/duplicate.h"
#include "kybdesk/domain/facts.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/domain/transition.h"

enum blocker_code {
	BLOCKER_STATUS,
	BLOCKER_DOCUMENT_MISSING,
	BLOCKER_DOCUMENT_NOT_ACCEPTED,
	BLOCKER_BASIS_CHANGED,
	BLOCKER_DOCUMENT_ALTERED,
	BLOCKER_NOTHING_EXAMINED,
	BLOCKER_STEP_OPEN,
	BLOCKER_PARTY_NOT_VERIFIED,
	BLOCKER_PARTY_MISSING,
	BLOCKER_OWNERSHIP_INVALID,
	BLOCKER_OWNERSHIP_GAP,
	BLOCKER_FIELD_INVALID,
	BLOCKER_CORRECTION_OPEN,
	BLOCKER_HIT_OPEN,
	BLOCKER_CHECK_FAILED,
	BLOCKER_CHECK_STALE,
	BLOCKER_DUPLICATE_OPEN,
	BLOCKER_SUSPICION_OPEN,
	BLOCKER_SECOND_REVIEWER,
	BLOCKER_CLAIMED_BY_OTHER,
	BLOCKER_CHANGED
};
#define BLOCKER_CODE_COUNT 21
TYPES_DECLARE(blocker_code);
/* claimed_by_other and changed are conflicts (exit 5); the rest is blocked (exit 4). */
bool blocker_is_conflict(enum blocker_code code);
/* What a merchant or a client may read of a blocker: NULL nothing, not even that it exists; "" its own sentence; otherwise
 * this sentence in place of its own. A row of the gate's table that says nothing is hidden. */
const char *blocker_outside(enum blocker_code code);

struct blocker {
	enum blocker_code code;
	const char *message; /* a plain sentence */
	const char *ref;     /* id, type or path of what blocks; "" when the session itself */
};
struct blockers {
	struct blocker *items;
	size_t count, capacity;
};

/* What stands in the place of a document's bytes. */
enum document_bytes { DOCUMENT_WHOLE, DOCUMENT_LOST, DOCUMENT_ALTERED };

/* Facts about the moment that are not in the case itself. */
struct gate_context {
	const struct profile *profile;
	const struct countries
		*countries; /* with their subdivisions, for field rules; NULL: only shapes are checked */
	const char *actor;  /* the reviewer who asks; "" for the system */
	enum role role;
	bool sandbox;
	int64_t now;
	int64_t seen_version;	 /* version the reviewer loaded; 0: not asked */
	bool supervised;	 /* the actor: each of their decisions needs a second person */
	bool submitted_by_actor; /* the actor brought data of this case, and may not be the one who decides it */
	const char *last_decision_by; /* of a decision that explains the status; "" none */
	int64_t last_decision_at;
	const struct duplicate *duplicates; /* of the session, dismissed ones too */
	size_t duplicate_count;
	/* Who the subject was opened, or approved, as: the level of an approval goes there. NULL: nothing binds. */
	const struct subject *on_record;
	const enum document_bytes *bytes; /* of each document of the case; NULL: not asked */
	/* room for the issues that bring their data: suspicions, first approvals */
};

/* What a judgement that does not stand is asked for again with. */
const char *judgement_sentence(struct arena *arena, const struct judgement *judgement);

/* All blockers, the most important first: the status, a confirmed sanctions match, what is dangerous, what is unfinished;
 * then in the order of enum blocker_code, then of the case. */
void gate_check(struct arena *arena, const struct case_file *file, const struct gate_context *context,
		struct blockers *out);
/* Only claimed_by_other and changed: what stands in the way of any decision. */
void gate_check_conflicts(struct arena *arena, const struct case_file *file, const struct gate_context *context,
			  struct blockers *out);
/* The same after `status` for another action than approve: for reject, corrections and the like. The
 * sentence names who decided and when. Roles are not asked (forbidden is no blocker). */
void gate_check_action(struct arena *arena, const struct case_file *file, const struct gate_context *context,
		       enum action action, struct blockers *out);

/* The checklist "Before you can approve": each condition, met or not. Unmet
 * lines are the blockers; met lines say what holds ("4 of 4 mandatory documents are there"). */
enum case_tab {
	TAB_SUMMARY = 1,
	TAB_DOCUMENTS,
	TAB_PARTIES,
	TAB_CHECKS,
	TAB_CORRECTIONS,
	TAB_TIMELINE,
	TAB_WEBHOOKS
};
struct checklist_item {
	bool met;
	enum blocker_code code;
	const char *message;
	const char *ref;
	enum case_tab tab; /* where what blocks is shown */
};
struct checklist_item *gate_checklist(struct arena *arena, const struct case_file *file,
				      const struct gate_context *context, size_t *count);

/* Whether one hit / check / document / party still stands in the way (screens mark them). What was judged counts as
 * far as the case is marked (facts.h judgements_mark(), as every case of the desk is). */
bool document_is_valid(const struct document *document); /* ready, accepted, for what is there now */
bool hit_is_resolved(const struct hit *hit);		 /* resolved, for what is there now */
bool hit_blocks(const struct hit *hit);
bool check_blocks(const struct check *check, const struct profile *profile);
bool check_may_be_waived(enum check_kind kind, const struct profile *profile); /* by a lead, with a reason */
/* Marks the parties whose KYC rests on a document that is valid no longer: at this moment, or at the approval of an
 * approved case. party_is_verified() reads the mark. */
void gate_mark_expired(struct case_file *file, int64_t now);
bool party_is_verified(const struct party *party, const struct case_file *file, const struct profile *profile);
/* Whether the KYC case holds what its workflow takes as evidence; whether that is good, the other blockers say. */
bool case_is_examined(const struct case_file *file, const struct profile *profile);
bool party_must_be_verified(const struct party *party, const struct profile *profile);

/* Counters and flags kept on the session's row for lists and filters. */
struct case_counts {
	int64_t parties_total, parties_verified; /* verified: or needing no verification */
	int64_t documents_total,
		documents_accepted; /* rows of the Documents tab: files, and mandatory types missing */
	bool document_missing, document_rejected, party_open, hit_open;
	bool waiting_client, waiting_party, waiting_provider, waiting_second;
	bool clean;		   /* undecided, and nothing blocks its approval */
	enum blocker_code blocker; /* the gate's first, when it is not clean */
	bool sanctions_match;	   /* a hit is a confirmed sanctions match */
	int64_t counted_until;	   /* when time alone may change what blocks; TIME_NONE: never */
};
/* The first blocker as lists store it: its code, "" of a clean case, NULL of a decided one. */
const char *case_counts_blocker(const struct case_counts *counts, enum session_status status);
/* Of the context only what concerns the case counts: profile, countries, duplicates, now, sandbox. */
void case_count(const struct case_file *file, const struct gate_context *context, struct case_counts *out);
/* When a check was made: its own time, else when the session was submitted, else when it came. */
int64_t check_made_at(const struct check *check, const struct session *session);

#endif
