/* Functions that the page and the JSON of a client's link share: permission, requested items, and verbs. */
#ifndef KYBDESK_SRC_API_LINK_LINK_H
#define KYBDESK_SRC_API_LINK_LINK_H

#include "kybdesk/desk/outside.h"
#include "route.h"

/* route.admit: 404 for an invalid token, 410 for an expired or replaced token. r->arguments[0] is the token. */
enum err link_resolve_session(struct request *r, struct error *error);
/* First members of a route row with the link as its permission. */
#define ROUTE_OF_LINK .permission = PERMIT_NOT_NEEDED, .admit = link_resolve_session
/* Loads the session of the link. After the call, the desk acts for the client of this session. */
enum err link_load_case(struct request *r, struct external_case *view, struct error *error);
/* Like link_load_case(), but refuses a link for a single document. */
enum err link_load_session_case(struct request *r, struct external_case *view, struct error *error);

/* While corrections are pending: whether a correction names the step. Otherwise: true until the submission. */
bool link_step_is_requested(const struct case_file *file, const char *step);
/* Whether the client may still submit something: the session is not submitted yet, or corrections are pending. */
bool link_accepts_input(const struct case_file *file);
/* State of a party for its client: "none" without a session that verifies the party, "open" until the session is
 * submitted, else "handed_in". The client does not learn the decision about another person. */
const char *link_party_state(const struct party *party);

/* Adds the uploaded file to view's case. Faults of the form or of the file: 400, 413, 415. */
enum err link_add_document(struct request *r, const struct external_case *view, struct use_out *out,
			   struct error *error);
/* Whether the client may still remove a party: neither the case nor the party's session has been submitted. Later,
 * removing an owner would bypass the review. */
bool link_may_remove_party(const struct case_file *file, const struct party *party);
/* Removes a declared party. ERR_NOT_FOUND, or ERR_CONFLICT if link_may_remove_party() is false. */
enum err link_remove_party(struct request *r, const struct external_case *view, const char *party, struct error *error);
/* Submits: starts and completes a new session, or resubmits a session with corrections. */
enum err link_submit_corrections(struct request *r, const struct external_case *view, struct error *error);

#endif
