/* Contributions to cases and subjects (domain/contribution.h). Joins the open transaction. */
#ifndef KYBDESK_STORE_CONTRIBUTION_H
#define KYBDESK_STORE_CONTRIBUTION_H

#include "kybdesk/domain/contribution.h"
#include "kybdesk/store/store.h"

/* Of the session or the subject that it names. Noted again it gets the new time, except a shown link, which keeps the
 * first. */
enum err store_contribution_note(struct store *store, const struct contribution *contribution,
				 struct error *error) KYB_MUST_USE;
/* Contributions to the session and to its subject, and to the sessions below it (of its parties, at any depth, copied
 * and former ones too); of the sessions above it the data alone. Oldest first. */
enum err store_contribution_list(struct store *store, struct arena *arena, int64_t session,
				 struct contribution_list *out, struct error *error) KYB_MUST_USE;
/* A new link ends the former one: its viewers are contributors no longer, unless the client (that actor)
 * changed the case since then. */
enum err store_contribution_end_links(struct store *store, int64_t session, const char *client,
				      struct error *error) KYB_MUST_USE;

#endif
