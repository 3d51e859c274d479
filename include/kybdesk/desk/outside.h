/* Reads for a caller from outside (desk/caller.h): a merchant sees its own cases and users, a client its own case. A
 * merchant or client sees its own submitted data without masking, but never hits, scores, risk, notes, reviewers,
 * restricted reasons, or decisions that can still be undone. Every function here needs a desk with a caller. */
#ifndef KYBDESK_DESK_OUTSIDE_H
#define KYBDESK_DESK_OUTSIDE_H

#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/desk/subject.h"
#include "kybdesk/sandbox/ledger.h"

/* A document that an open correction requests, with the link that accepts only this document ("": none). */
struct external_document {
	const char *type, *link;
};

struct external_case {
	/* The case without risk, notes, decisions, hits and names of reviewers. A check shows only its kind and
	 * whether it is finished; final_decision is approved, rejected or none. If the session has no steps, a
	 * client gets the steps of the workflow. */
	struct case_file file;
	const struct profile *profile;
	const char *link; /* the client's link, absolute; "": none */
	/* The link of each party of file.parties; "": no link, or a link that this caller may not see. A client
	 * sees only the links of parties that it declared and that still have to submit. */
	const char **party_links;
	/* The document types that the open corrections request, each once; for a merchant only, else empty. */
	struct external_document *requested_documents;
	size_t requested_document_count;
	/* Public reason and message of the decision behind the status; "": none. */
	const char *reason, *message;
	bool retryable;
	int64_t decided_at;
	const char *attempt_id;	  /* id of the current attempt */
	const char **attempt_ids; /* ids of file.attempts, the ended attempts */
	/* Version of the case, for a reviewer's own key and in a sandbox; else 0, since the version also grows with
	 * changes that outsiders must not notice. */
	int64_t version;
	/* Contributions to the case, for a reviewer's own key only; else empty. */
	struct contribution_list contributions;
	const char *rules_note;
};
/* id: a full id, not a reference. ERR_NOT_FOUND. */
enum err desk_external_case(struct desk *desk, struct arena *arena, const char *id, struct external_case *out,
			    struct error *error);

/* The accounts of one of the caller's users, by uid, oldest first. */
enum err desk_external_accounts(struct desk *desk, struct arena *arena, const char *uid, struct money_account_list *out,
				struct error *error);

/* The caller's own events (docs/api.md "Events and webhook endpoints"). The event of a decision is hidden while the
 * decision can still be undone, and for ever if the decision was undone. The tokens of clients' links are left out
 * of the body. */
struct external_event_query {
	const char *session_id, *type; /* "": any */
	int64_t from, until;	       /* creation time; 0: no limit; until is exclusive */
	const char *delivered;	       /* "false": an endpoint never received the event; "true": others; "": any */
	const char *after;	       /* `next` of the previous page; "": the first page */
	size_t limit;
};
struct external_event_page {
	struct event_item *items; /* newest first */
	size_t count;
	const char *next; /* `after` of the next page; "": this is the last page */
};
enum err desk_external_events(struct desk *desk, struct arena *arena, const struct external_event_query *query,
			      struct external_event_page *out, struct error *error);
/* The caller's own event; id: the full id. ERR_NOT_FOUND, with the same message whether the event never existed, is
 * not visible yet, was cancelled, or is another merchant's. */
enum err desk_external_event(struct desk *desk, struct arena *arena, const char *id, struct event_item *out,
			     struct error *error);
/* The caller's endpoints. If the desk's staff disabled an endpoint, its reason is replaced by a fixed text. */
enum err desk_external_endpoint(struct desk *desk, struct arena *arena, const char *id, struct endpoint *out,
				struct error *error);
enum err desk_external_endpoints(struct desk *desk, struct arena *arena, struct endpoint **items, size_t *count,
				 struct error *error);

#endif
