/* Inside the desk: what reviewing, links and parties share with other rooms. */
#ifndef KYBDESK_SRC_DESK_REVIEW_REVIEW_H
#define KYBDESK_SRC_DESK_REVIEW_REVIEW_H

#include "kybdesk/desk/follow.h"
#include "use/use.h"

/* link.c: access links. */
#define LINK_DEFAULT_MS (30 * DAY_MS) /* of a reactivated session whose profile names no life of a link */
bool link_is_expired(const struct session *session, int64_t now);
/* days from now, or from the present end when that is later. A link without end keeps none. */
enum err link_extend(struct session *session, int64_t now, int64_t days, struct error *error) KYB_MUST_USE;
/* A new link: "/s/TOKEN" once, in the arena; its hash goes into the store. */
enum err link_new(struct desk *desk, struct arena *arena, int64_t session_row, const char **path,
		  struct error *error) KYB_MUST_USE;
/* The same for one document that is asked for, beside the session's own link. */
enum err link_new_for(struct desk *desk, struct arena *arena, int64_t session_row, const char *document_type,
		      const char **path, struct error *error) KYB_MUST_USE;

/* party.c: the party as it is typed may be stored: the first problem that is no warning as an error. */
enum err party_check(struct use *use, const struct party *self, const struct party_input *input,
		     struct error *error) KYB_MUST_USE;
/* The new party, in the case and in the store; with its share. */
enum err party_insert(struct use *use, const struct party *party, struct party **out,
		      struct error *error) KYB_MUST_USE;

/* session_delete.c: whether a session was handed in or decided: then it is kept. */
bool member_is_kept(const struct family_member *member);
/* Erases a session with its subsessions within the open transaction, into use->erased; what is left is done after the
 * commit. ERR_BLOCKED when one of them is kept; verb completes "Cannot …". */
enum err erase_family(struct use *use, int64_t session, const char *verb, struct error *error) KYB_MUST_USE;

/* subsession.c: makes the session that verifies a party, within the open transaction: draft, its own link, event. */
enum err subsession_make(struct use *use, struct party *party, struct error *error) KYB_MUST_USE;

#endif
