/* Contributions to cases and subjects (domain/contribution.h). All functions join the open transaction. */
#ifndef KYBDESK_STORE_CONTRIBUTION_H
#define KYBDESK_STORE_CONTRIBUTION_H

#include "kybdesk/domain/contribution.h"
#include "kybdesk/store/store.h"

/* Stores a contribution to the session or subject that the contribution names. If the store has the contribution
 * already, only its time is updated; but a contribution with the part PART_LINK keeps its first time. */
enum err store_contribution_record(struct store *store, const struct contribution *contribution, struct error *error);
/* All contributions that count for a session, oldest first: to the session and its subject; to the sessions of its
 * parties at any depth, including copied and removed parties; and contributions of data to its parent sessions. */
enum err store_contribution_list(struct store *store, struct arena *arena, int64_t session,
				 struct contribution_list *out, struct error *error);
/* Call when a new link replaces the former link: removes the PART_LINK contributions (a person saw the former link)
 * that are later than the last change by the client (the actor `client`). */
enum err store_contribution_end_links(struct store *store, int64_t session, const char *client, struct error *error);

#endif
