/* Looking: inboxes, pages, one case. Reading changes nothing, but for reveals, which are audited. */
#ifndef KYBDESK_DESK_READ_H
#define KYBDESK_DESK_READ_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/desk/verbs.h"
#include "kybdesk/domain/grounds.h"
#include "kybdesk/domain/hit_card.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/domain/subject.h"

/* How many cases are overdue, as the filter due:over finds them; counted up to `most`. */
enum err desk_inbox_counts(struct desk *desk, int64_t counts[INBOX_COUNT], struct error *error) KYB_MUST_USE;
/* query->actor and query->now are filled by the desk. Countries in the filter are normalised. */
enum err desk_list(struct desk *desk, struct arena *arena, struct list_query *query, struct list_page *out,
		   struct error *error) KYB_MUST_USE;
/* All that match, one by one, as they were when it began: a decision made meanwhile is not in it, and the store's log grows until
 * it ends. As store_list_each(). */
enum err desk_list_each(struct desk *desk, struct list_query *query,
			enum err (*each)(void *context, const struct session_item *item, struct error *error),
			void *context, struct error *error) KYB_MUST_USE;
enum err desk_list_summary(struct desk *desk, struct list_query *query, struct list_summary *out,
			   struct error *error) KYB_MUST_USE;
enum err desk_list_count(struct desk *desk, struct list_query *query, int64_t at_most, int64_t *count,
			 struct error *error) KYB_MUST_USE;
/* desk_list() and desk_list_count() in steps (store/search.h says what is promised): the first rows are there soon,
 * whatever the filter. A step takes some 30 ms, one that reads a condition's index as long as that takes; desk_interrupt() stops it.
 * The query is copied. */
enum err desk_search_begin(struct desk *desk, struct list_query *query, int64_t at_most, struct list_search **out,
			   struct error *error) KYB_MUST_USE;
enum err desk_search_step(struct desk *desk, struct arena *arena, struct list_search *search,
			  struct list_found *out, struct error *error) KYB_MUST_USE;
const char *desk_search_cursor(const struct list_search *search, struct arena *arena, size_t count);
void desk_search_end(struct list_search *search); /* on any thread; accepts NULL */

/* Somebody had the bytes of a document (VERB_DOCUMENT_OPEN, VERB_DOCUMENT_SAVE; both are in the audit log). */
struct document_view {
	const char *document; /* id */
	const char *by;
	int64_t at;
};
#define DOCUMENT_VIEWS_MAX 1000

/* The last change of a part of a case, by its audit record (VERB_REVIEW_UNDO). */
struct undo_item {
	int64_t seq, at; /* of the record */
	const char *by, *word;
	enum verb verb;		/* VERB_COUNT: it has no undo */
	const char *kind, *ref; /* "document" "hit" "correction" "party", and its id */
	const char *name;	/* "PROOF_OF_ADDRESS" */
	const char *detail;	/* of the record, JSON */
};
/* "acceptance of PROOF_OF_ADDRESS" */
const char *undo_item_text(struct arena *arena, const struct undo_item *item);
/* So many of the newest records of a case are looked at for what can be undone; the verb itself looks at all. */
#define UNDO_RECORDS_MAX 500

/* Everything about one case, with its ownership computed, its blockers and checklist, as `action` approve sees it. */
struct case_view {
	struct case_file file; /* masked unless revealed */
	bool masked;
	const struct profile *profile;
	const struct reasons *reasons; /* in force when the case was read; as long as the desk */
	struct blockers blockers;
	struct checklist_item *checklist;
	size_t checklist_count;
	bool *verified;	       /* one for each of file.parties; from the case unmasked, as the gate saw it */
	unsigned *kyc_differs; /* likewise: in what it and its KYC session differ, facts_kyc_differs() */
	struct case_counts counts;
	const char *holder; /* who holds it now, "" nobody */
	/* the parent, for the breadcrumb; "" for a top session */
	const char *parent_id, *parent_name;
	/* the last decision that can still be undone by this actor; end of its grace, TIME_NONE none */
	int64_t undo_until;
	/* verdicts and removals that this actor can undo while the case is undecided, newest first */
	struct undo_item *undos;
	size_t undo_count;
	/* mandatory types that are missing, as rows for the Documents tab */
	const struct document_spec **missing;
	size_t missing_count;
	/* other sessions of this merchant with the same numbers, dismissed ones too */
	struct duplicate *duplicates;
	size_t duplicate_count;
	struct party *removed; /* with who, when and why; count for nothing */
	size_t removed_count;
	struct ownership_gap gap;
	/* who submitted what for it, by name */
	struct intake *intakes;
	size_t intake_count;
	struct alert *alerts; /* open ones, for a lead */
	size_t alert_count;
	const char **differs; /* from the audit log, a sentence each: written past this program */
	size_t differ_count;
	struct judgements judgements; /* what an approval would rest on, each standing or not */
	struct document_view *looks;  /* newest first, at most DOCUMENT_VIEWS_MAX */
	size_t document_view_count;
	/* places in file.parties of an approved case: who was verified then, and no longer is */
	size_t *lost;
	size_t lost_count;
};
/* The last time that somebody (NULL: anybody) looked at the document; NULL: never. */
const struct document_view *document_seen(const struct case_view *view, const char *document, const char *by);
/* reveal: unmasked; needs a reviewer who holds the case, or a lead, and writes an audit event. */
enum err desk_case(struct desk *desk, struct arena *arena, const char *reference, bool reveal,
		   struct case_view *out, struct error *error) KYB_MUST_USE;
/* As it was revealed by this very desk before: unmasked while whoever looks still may, and nothing more is recorded; masked
 * else. Other programs' changes are read again so, and what was revealed stays while the case is open. */
enum err desk_case_again(struct desk *desk, struct arena *arena, const char *reference, struct case_view *out,
			 struct error *error) KYB_MUST_USE;

/* A hit beside whom it names, in any session of the case, and what was said of the same entry before. */
struct hit_query {
	const char *session, *hit;
	bool again; /* unmasked as by desk_case_again(); else masked */
};
struct hit_view {
	struct hit_card card;
	bool masked;
	const char *elsewhere; /* the other session of the case that says who it is: its subject's name; "" none */
	struct hit_ruling *rulings; /* newest first */
	size_t ruling_count;
	/* Which reasons the record supports, for each verdict. */
	struct grounds as_match, as_false_positive;
};
enum err desk_hit(struct desk *desk, struct arena *arena, const struct hit_query *query, struct hit_view *out,
		  struct error *error) KYB_MUST_USE;
/* One stored decision with its evidence, masked unless revealed (as above). ERR_NOT_FOUND names how many there are;
 * ERR_STORE: the evidence was altered, and is not shown. */
enum err desk_decision(struct desk *desk, struct arena *arena, const char *reference, int64_t number, bool reveal,
		       struct decision *out, struct error *error) KYB_MUST_USE;
enum err desk_subsessions(struct desk *desk, struct arena *arena, const char *reference,
			  struct session_item **items, size_t *count, struct error *error) KYB_MUST_USE;

#endif
