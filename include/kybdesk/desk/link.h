/*
 * Clients' links, for whoever serves them (api.md "The client's link"), and the settings of a store that they rest on.
 */
#ifndef KYBDESK_DESK_LINK_H
#define KYBDESK_DESK_LINK_H

#include "kybdesk/desk/desk.h"

enum link_state {
	LINK_OPEN,
	LINK_EXPIRED,  /* its time is over: 410 */
	LINK_REPLACED, /* a later one took its place, or it was stopped: 410 */
};
struct link_target {
	int64_t session, merchant_row;
	const char *session_id;
	const char *document_type; /* "": the whole session; else this document alone may be put */
	int64_t generation;
	enum link_state state;
};
/* Whose link this token is: what follows /s/ in it. ERR_NOT_FOUND for one that this store has not made; ERR_STORE without
 * the store's key. Asks for no role: the token is what lets its bearer in. Within no transaction. */
enum err desk_link_resolve(struct desk *desk, struct arena *arena, const char *token, struct link_target *out,
			   struct error *error) KYB_MUST_USE;

#define STORE_PUBLIC_URL "public_url" /* the address under which clients reach this store's links */
struct store_setting {
	const char *name;
	const char *value;   /* "" not set, and no default */
	const char *meaning; /* a few words */
	bool is_default;
};
/* Those that VERB_STORE_SET changes. */
enum err desk_store_settings(struct desk *desk, struct arena *arena, struct store_setting **items, size_t *count,
			     struct error *error) KYB_MUST_USE;

#endif
