/* Inside the desk: access links of sessions, their lifetime and their tokens. */
#ifndef KYBDESK_SRC_DESK_LINK_LINK_H
#define KYBDESK_SRC_DESK_LINK_LINK_H

#include "use/use.h"

/* The lifetime of access links. */
#define LINK_LIFETIME_DEFAULT_MS (30 * DAY_MS) /* for a reactivated session, if its profile sets no lifetime of links */
bool link_is_expired(const struct session *session, int64_t now);
/* Extends the link to `days` from now, or from its present end if that end is later. A link without an end does not
 * change. */
enum err link_extend_days(struct session *session, int64_t now, int64_t days, struct error *error);
enum err link_extend_hours(struct session *session, int64_t now, int64_t hours, struct error *error);
/* Options of a link: the type of the requested document, and the text that marks placeholders for links. */
struct link_options {
	const char *document_type, *placeholder_mark;
};

/* Sets *base to the base address of links: the store's public_url, or in a sandbox without public_url a local
 * address. In production without public_url, returns ERR_BLOCKED with the command for an admin. */
enum err link_base_url(struct desk *desk, struct arena *arena, const char **base, struct error *error);
/* Call before a session is opened: fails as link_base_url() does if the profile sends links in events. */
enum err link_check_profile(struct desk *desk, const struct profile *profile, struct error *error);
/* Makes a new link: raises the generation, so that former links stop working. *url: absolute, in the arena; url may
 * be NULL. */
enum err link_renew_url(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
			struct error *error);
/* Makes the URL of the present link; "" if the session has no link. */
enum err link_current_url(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
			  struct error *error);
/* As link_current_url(), for the link that accepts only this document type. */
enum err link_url_for_type(struct desk *desk, struct arena *arena, const struct session *session,
			   const char *document_type, const char **url, struct error *error);
/* Makes the random text that marks placeholders for links in the body of one event, in the arena. */
const char *link_make_placeholder(const struct desk *desk, struct arena *arena);
/* Makes a link for one requested document, in addition to the session's link. The URL contains a placeholder,
 * marked with wanted->placeholder_mark, instead of the token, and the event is stored with this placeholder. */
enum err link_new_for_document(struct desk *desk, struct arena *arena, const struct session *session,
			       const struct link_options *wanted, const char **url, struct error *error);

#endif
