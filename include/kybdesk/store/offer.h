/* Offers: changes of people, keys, rules and settings that wait for confirmation by a second admin. At most one
 * offer waits for each verb and `part`, the item to change. All functions join the open transaction. */
#ifndef KYBDESK_STORE_OFFER_H
#define KYBDESK_STORE_OFFER_H

#include "kybdesk/store/store.h"

struct offer {
	int64_t row;
	const char *audit_action; /* audit action of the verb, such as "reviewer.add" */
	const char *part;	  /* the reviewer, merchant, rule or setting to change */
	const char *change_json;  /* the change, as the audit record describes it */
	const char *by;
	int64_t at;
	int64_t admin_count; /* number of admins when the change was offered */
};
/* Stores an offer; replaces the waiting offer of the same verb and part. */
enum err store_offer_put(struct store *store, const struct offer *offer, struct error *error);
/* All waiting offers, oldest first. */
struct offers {
	struct offer *items;
	size_t count;
};
enum err store_offer_list(struct store *store, struct arena *arena, struct offers *out, struct error *error);

#endif
