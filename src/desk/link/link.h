/* Inside the desk: access links of sessions, how long they last and what they are made of. */
#ifndef KYBDESK_SRC_DESK_LINK_LINK_H
#define KYBDESK_SRC_DESK_LINK_LINK_H

#include "use/use.h"

/* link.c: access links. */
#define LINK_DEFAULT_MS (30 * DAY_MS) /* of a reactivated session whose profile names no life of a link */
bool link_is_expired(const struct session *session, int64_t now);
/* days from now, or from the present end when that is later. A link without end keeps none. */
enum err link_extend(struct session *session, int64_t now, int64_t days, struct error *error) KYB_MUST_USE;
enum err link_extend_hours(struct session *session, int64_t now, int64_t hours, struct error *error) KYB_MUST_USE;
/* A link for a document of this type, in a body with this mark. */
struct link_wish {
	const char *document_type, *mark;
};

/* token.c: what links are made of. */
/* Whether clients can be sent a link at all: the store's public_url is known, or this is a sandbox. ERR_BLOCKED with what
 * an admin has to run. */
enum err link_base(struct desk *desk, struct arena *arena, const char **base, struct error *error) KYB_MUST_USE;
/* Before a session is opened: the same, for a profile that puts links into what it sends. */
enum err link_check_profile(struct desk *desk, const struct profile *profile, struct error *error) KYB_MUST_USE;
/* Raises the generation: the link before opens nothing any more. *url, absolute, in the arena; NULL: it is not asked for. */
enum err link_new(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
		  struct error *error) KYB_MUST_USE;
/* The link that stands; "" when there is none. */
enum err link_present(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
		      struct error *error) KYB_MUST_USE;
/* A mark for the placeholders of one body, in the arena. */
const char *link_mark_new(const struct desk *desk, struct arena *arena);
/* A new link for one document that is asked for, beside the session's own: with a placeholder of this mark for the token,
 * as it is stored. */
enum err link_new_for(struct desk *desk, struct arena *arena, const struct session *session,
		      const struct link_wish *wish, const char **url, struct error *error) KYB_MUST_USE;

#endif
