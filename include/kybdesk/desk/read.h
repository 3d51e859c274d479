/* Reads: counts of inboxes, lists and searches, one case, one hit, one decision. They change nothing, except that a
 * reveal is audited. Results are in the arena argument; a case is masked unless revealed. */
#ifndef KYBDESK_DESK_READ_H
#define KYBDESK_DESK_READ_H

#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/desk.h"
#include "kybdesk/desk/look.h"
#include "kybdesk/desk/verbs.h"
#include "kybdesk/domain/duplicate_card.h"
#include "kybdesk/domain/grounds.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/domain/retention.h"
#include "kybdesk/domain/subject.h"
#include "kybdesk/domain/suspicion.h"

struct use_in;
struct party_candidates;

/* The number of cases in each inbox. */
enum err desk_inbox_counts(struct desk *desk, int64_t counts[INBOX_COUNT], struct error *error);
/* The desk fills query->actor and query->now, and normalises countries in the filter. A merchant (caller.h) gets
 * its own sessions, in their public status, without risk: a term for the merchant is added to the filter. */
enum err desk_list(struct desk *desk, struct arena *arena, struct list_query *query, struct list_page *out,
		   struct error *error);
/* Calls `each` for every match, in one snapshot: changes made meanwhile are not seen, and the store's write-ahead
 * log grows until the call ends. See store_list_scan(). Not for callers from outside. */
enum err desk_list_each(struct desk *desk, struct list_query *query,
			enum err (*each)(void *context, const struct session_item *item, struct error *error),
			void *context, struct error *error);
enum err desk_list_summary(struct desk *desk, struct arena *arena, struct list_query *query, struct list_summary *out,
			   struct error *error);
/* Number of matches; at_most: as in store_list_count(). If a caller from outside counts without a filter, the count
 * takes the same time for every merchant. */
enum err desk_list_count(struct desk *desk, struct list_query *query, int64_t at_most, int64_t *count,
			 struct error *error);
/* desk_list() and desk_list_count() in steps (contract: store/search.h): with every filter the first rows arrive
 * soon. A step takes about 30 ms, or the time to read the index of one condition; desk_interrupt() stops the
 * step. Copies the query. Not for callers from outside. */
enum err desk_search_begin(struct desk *desk, struct list_query *query, int64_t at_most, struct list_search **out,
			   struct error *error);
enum err desk_search_step(struct desk *desk, struct arena *arena, struct list_search *search,
			  struct search_progress *out, struct error *error);
const char *desk_search_cursor(const struct list_search *search, struct arena *arena, size_t count);
void desk_search_end(struct list_search *search); /* call on any thread; accepts NULL */

/* A change of a part of a case that can be undone (VERB_REVIEW_UNDO), from its audit record. */
struct undo_item {
	int64_t seq, at; /* number and time of the record */
	const char *by, *audit_action;
	enum verb verb;		/* VERB_COUNT: cannot be undone */
	const char *kind, *ref; /* "document" "hit" "correction" "party", and its id */
	const char *name;	/* "PROOF_OF_ADDRESS" */
	const char *detail;	/* detail of the record, JSON */
};
/* The change in words, such as "acceptance of PROOF_OF_ADDRESS". */
const char *undo_item_text(struct arena *arena, const struct undo_item *item);
const char *undo_noun(enum verb verb); /* such as "document verdict"; NULL: REVIEW_UNDO does not undo this verb */
/* To show the changes that can be undone, the desk searches this number of the case's newest records, rounded up to
 * whole pages. VERB_REVIEW_UNDO itself searches all records. */
#define UNDO_RECORDS_MAX 500

/* Everything about one case, with its ownership computed; blockers and checklist are computed for an approval. */
struct case_view {
	struct case_file file; /* masked unless revealed */
	bool masked;
	const struct profile *profile;
	const struct reasons *reasons; /* in force when the case was read; live as long as the desk */
	/* whether an approval by this actor would be the only, first or second one */
	enum approval_stage approval_stage;
	const struct first_approval *first_approval; /* the first approval, even if it no longer counts; NULL: none */
	struct blockers blockers;
	struct checklist_item *checklist;
	size_t checklist_count;
	/* whether each party of the file is verified; computed from the unmasked case, as in the gate */
	bool *is_party_verified;
	unsigned *
		kyc_differences; /* differences of each party to the party's KYC session (facts_kyc_difference_bits()) */
	struct case_counts counts;
	const char *holder; /* reviewer that holds the case now; "": none */
	/* the parent, for the breadcrumb; "" for a top session */
	const char *parent_id, *parent_name;
	const struct session *parent; /* NULL for a top session */
	/* end of the grace time of the last decision that this actor can undo; TIME_NONE: none */
	int64_t undo_until;
	/* verdicts and removals that this actor can undo while the case is undecided, newest first */
	struct undo_item *undos;
	size_t undo_count;
	/* mandatory document types and groups without a document, as rows for the Documents tab */
	const struct document_spec **missing_documents;
	size_t missing_document_count;
	/* other sessions that may be of the same applicant, including dismissed duplicates */
	struct duplicate *duplicates;
	size_t duplicate_count;
	struct ownership_gap gap;
	/* changes by people in this case, its parties' sessions and its subject, oldest first */
	struct contribution_list contributions;
	const struct retention *retention;  /* retention of a closed case; NULL: the case is open */
	struct legal_hold_list legal_holds; /* legal holds of this session, oldest first, including released ones */
	struct suspicion_list suspicions;   /* suspicions that the actor may read, with their entries */
	/* a sentence that names the case's workflow text; "": this text is in force */
	const char *rules_note;
	struct alert *alerts; /* open alerts, for a lead only */
	size_t alert_count;
	const char *
		*audit_differences; /* differences to the audit log (changed by another program), one sentence each */
	size_t audit_difference_count;
	struct judgements judgements; /* all judgements of the case, valid or not */
	struct look *document_views;  /* looks at documents, newest first, at most DOCUMENT_VIEWS_MAX */
	size_t document_view_count;
	/* an approved case: parties that were verified at the approval, but are not now; indexes in file.parties */
	size_t *lapsed_parties;
	size_t lapsed_party_count;
};
/* The last look at the document by the person `by`, or by anyone if `by` is NULL, of any kind: also a fetch. Returns NULL
 * if it does not exist. */
const struct look *document_last_view(const struct case_view *view, const char *document, const char *by);
/* reveal: the case is unmasked; only for the reviewer that holds the case, or a lead; writes an audit event. */
enum err desk_case(struct desk *desk, struct arena *arena, const char *reference, bool reveal, struct case_view *out,
		   struct error *error);
/* Reads the case again after this desk revealed it: unmasked without another audit event, if the actor may still see
 * the unmasked case; else masked. Call this function to get changes of other programs while a revealed case is open. */
enum err desk_case_reload(struct desk *desk, struct arena *arena, const char *reference, struct case_view *out,
			  struct error *error);

/* A hit in any session of the case, compared with the party or subject that the hit names; also lists the earlier
 * verdicts on the same watchlist entry. */
struct hit_query {
	const char *session, *hit;
	bool is_reload; /* true: unmasked if desk_case_reload() shows the case unmasked; false: masked */
};
struct hit_view {
	struct hit_card card;
	bool masked;
	/* name of the subject of another session of the case, if that session describes the matched person; else "" */
	const char *other_subject_name;
	struct hit_ruling *rulings; /* newest first */
	size_t ruling_count;
	/* Reasons that the data of the hit supports, for each verdict. */
	struct grounds match_grounds, false_positive_grounds;
};
/* Reads hits of one session, at least one: out[i] answers queries[i]. ERR_NOT_FOUND: the session has one of them no
 * longer. */
enum err desk_hits(struct desk *desk, struct arena *arena, const struct hit_query *queries, size_t count,
		   struct hit_view *out, struct error *error);
/* The case side by side with another session that may be of the same applicant. ERR_NOT_FOUND: the actor may not
 * know of the other session, or the two sessions no longer have an equal value. */
struct duplicate_query {
	const char *session, *other_id; /* other_id: id of the other session */
	bool is_reload; /* true: unmasked if desk_case_reload() shows the case unmasked; false: masked */
};
struct duplicate_view {
	struct duplicate_card card;
	bool masked;
};
enum err desk_duplicate(struct desk *desk, struct arena *arena, const struct duplicate_query *query,
			struct duplicate_view *out, struct error *error);
/* One stored decision with its evidence, masked unless revealed (as in desk_case()). ERR_NOT_FOUND: the message has
 * the number of decisions; ERR_STORE: the evidence was altered and is not shown. */
enum err desk_decision(struct desk *desk, struct arena *arena, const char *reference, int64_t number, bool reveal,
		       struct decision *out, struct error *error);
enum err desk_subsessions(struct desk *desk, struct arena *arena, const char *reference, struct session_item **items,
			  size_t *count, struct error *error);

/* The suspicions that the actor may read (domain/suspicion.h); a person without access cannot find out whether a
 * suspicion exists. session: lists the suspicions of this session, with their entries; NULL: lists all open
 * suspicions, the first due first; "": all suspicions, closed ones too, oldest first, with their entries. */
enum err desk_suspicions(struct desk *desk, struct arena *arena, const char *session, struct suspicion_list *out,
			 struct error *error);

/* A person to search for among the people that were verified earlier (for VERB_PARTY_COPY). */
struct candidate_query {
	const char *session; /* the case with the party */
	const char *party;   /* a party of the case; NULL: searches by the name, birth date and country below */
	const char *name, *date_of_birth, *country;
};
/* Lists the people verified earlier that may be this person; the reviewer chooses one. Birth dates are masked. */
enum err desk_party_candidates(struct desk *desk, struct arena *arena, const struct candidate_query *query,
			       struct party_candidates *out, struct error *error);
/* The id of the session that verifies the party in->part of in->session. ERR_NOT_FOUND: none. */
enum err desk_subsession_of(struct desk *desk, struct arena *arena, const struct use_in *in, const char **subsession_id,
			    struct error *error);

/* A case at an earlier time (case history), rebuilt backwards: takes the present case and undoes the changes that
 * the audit log recorded since. The audit log keeps no personal data, so some earlier values are unknown:
 * `unknown_sentences` names each of them once, and the case shows the present value instead. */

/* The records of a case, newest first; the first `later_count` of them are later than the requested moment. */
struct history_audit_log {
	const struct audit_event *items;
	size_t count, later_count;
};

struct history {
	struct case_file file;		       /* masked as the source case */
	const char *holder;		       /* reviewer that held the case; "": none, or not recorded */
	const struct audit_event *next_record; /* the first record after the moment; NULL: none */
	bool case_did_not_exist;	       /* the case did not exist at the requested moment */
	const char **unknown_sentences;	       /* sentences: the values that the audit log does not keep */
	size_t unknown_count;
};
/* Pure. The result borrows from the arena, the view and the audit log. */
void history_make(struct arena *arena, const struct case_view *now, const struct history_audit_log *audit_log,
		  struct history *out);
/* Index of a record in the audit log; `count` if the log does not contain the record. */
size_t history_index(const struct history_audit_log *audit_log, int64_t seq);

/* The history as rows of text, for every front end. */
struct history_row {
	const char *section; /* title of a new section; "": same section */
	const char *label, *value;
};
/* Returns the count; *rows is in the arena. */
size_t history_rows(struct arena *arena, const struct history *history, struct history_row **rows);

/* Rows that differ between two moments of a case, except rows that the audit log does not keep. `before` or `after`
 * is "" if only one of the moments has the row. Returns the count; in the arena. */
struct history_change {
	const char *section, *label, *before, *after;
};
size_t history_changes(struct arena *arena, const struct history *earlier, const struct history *later,
		       struct history_change **changes);

/* The case just before record `seq`, or, if seq is 0, at the time `at`. Masked, as for any reader. ERR_NOT_FOUND:
 * unknown case, or the case has no such record. */
struct history_moment {
	int64_t seq, at;
};
enum err desk_case_at_moment(struct desk *desk, struct arena *arena, const char *reference,
			     const struct history_moment *moment, struct history *out, struct error *error);

#endif
