/*
 * Looking, for a caller from outside (desk/caller.h): a merchant at its own cases and users, a client at its own. What
 * they brought they see unmasked. What nobody outside may learn is not there (domain.md "What nobody outside may
 * learn"): hits, scores, risk, notes, who reviews, reasons that are restricted, decisions that can still be taken back.
 * All of these need the desk to have a caller.
 */
#ifndef KYBDESK_DESK_OUTSIDE_H
#define KYBDESK_DESK_OUTSIDE_H

#include "kybdesk/desk/read.h"
#include "kybdesk/desk/subject.h"
#include "kybdesk/domain/event.h"

struct outside_case {
	/* Without risk, notes, decisions, hits, verdicts of documents' reviewers by name. Of a check its kind and whether it
	 * has come to an end; final_decision is approved, rejected or none. A client is asked for the steps of the workflow
	 * where the session was brought without any. */
	struct case_file file;
	const struct profile *profile;
	const char *link; /* the client's, absolute; "" none */
	/* Of file.parties: what this caller may see; of a client's, of those whom it declared and who have something to bring. */
	const char **party_links;
	/* Of the decision that explains the status, as outside may read it; "" none. */
	const char *reason, *message;
	bool retryable;
	int64_t decided_at;
	const char *attempt_id;	  /* of the present attempt */
	const char **attempt_ids; /* of file.attempts, which are over */
	const char *parent_party; /* of a subsession: the party that it verifies; "" none */
};
/* id: the whole id. ERR_NOT_FOUND. */
enum err desk_outside_case(struct desk *desk, struct arena *arena, const char *id, struct outside_case *out,
			   struct error *error) KYB_MUST_USE;

/* One of the caller's users, by its uid; a deleted one is ERR_NOT_FOUND. */
enum err desk_outside_subject(struct desk *desk, struct arena *arena, const char *uid, struct subject_view *out,
			      struct error *error) KYB_MUST_USE;

/* Its users, unmasked, oldest first; query->merchant is filled in. */
enum err desk_outside_subjects(struct desk *desk, struct arena *arena, struct subject_query *query,
			       struct subject_page *out, struct error *error) KYB_MUST_USE;

/* A page of its sessions, and what is counted over all that match: without risk. query's merchant is filled in. */
enum err desk_outside_list(struct desk *desk, struct arena *arena, struct list_query *query, struct list_page *out,
			   struct error *error) KYB_MUST_USE;
/* How many match: the total of the summary, which is all that a page needs. Without a filter it costs the same for every
 * merchant. */
enum err desk_outside_total(struct desk *desk, struct arena *arena, struct list_query *query, int64_t *total,
			    struct error *error) KYB_MUST_USE;
enum err desk_outside_summary(struct desk *desk, struct arena *arena, struct list_query *query,
			      struct list_summary *out, struct error *error) KYB_MUST_USE;

/* Its endpoints. */
enum err desk_outside_endpoints(struct desk *desk, struct arena *arena, struct endpoint **items, size_t *count,
				struct error *error) KYB_MUST_USE;

#endif
