/* What the page of a client's link and its JSON share: whose link it is, what is asked, and the verbs that bring it. */
#ifndef KYBDESK_SRC_API_LINK_LINK_H
#define KYBDESK_SRC_API_LINK_LINK_H

#include "kybdesk/desk/outside.h"
#include "route.h"

/* route.admit: 404 for a token that is none, 410 for one that ran out or was replaced. r->arguments[0] is the token. */
enum err link_admit(struct request *r, struct error *error) KYB_MUST_USE;
/* Whose link it is; from now on the desk acts for this client. */
enum err link_enter(struct request *r, struct outside_case *view, struct error *error) KYB_MUST_USE;
/* The same; a link for one document is for nothing else. */
enum err link_enter_whole(struct request *r, struct outside_case *view, struct error *error) KYB_MUST_USE;

bool link_is_open(const struct correction *correction);
/* While corrections are asked for, only the steps that they name; otherwise all, until it is submitted. */
bool link_is_requested(const struct case_file *file, const char *step);
/* Whether the client may still bring something: nothing was submitted yet, or corrections are asked for. */
bool link_is_wanted(const struct case_file *file);
/* Of the client's parties: "none" when nothing verifies them, "open" while it is theirs to bring, else "submitted_by_actor". What
 * was decided about somebody else is not the client's to know. */
const char *link_party_state(const struct party *party);

/* The file of the form, for view's case. Faults of the form and what is wrong with the file: 400, 413, 415. */
enum err link_add_document(struct request *r, const struct outside_case *view, struct use_out *out,
			   struct error *error) KYB_MUST_USE;
/* Whether a party may still be taken back: nobody has seen it yet, neither the case nor who is to be verified was ever handed
 * in. Afterwards removing an owner would be a way round the review. */
bool link_may_remove(const struct case_file *file, const struct party *party);
/* Takes somebody back who was declared. ERR_NOT_FOUND, or ERR_CONFLICT when link_may_remove() says no. */
enum err link_remove_party(struct request *r, const struct outside_case *view, const char *party,
			   struct error *error) KYB_MUST_USE;
/* Handing it in: what was opened is started and completed, what was corrected goes back. */
enum err link_hand_in(struct request *r, const struct outside_case *view, struct error *error) KYB_MUST_USE;

#endif
