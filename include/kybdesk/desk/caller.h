/*
 * Callers from outside: requests of a front end without a person, with a merchant's API key, a token it was exchanged for, or
 * a client's link (api.md "Common"). A key is a capacity, never a person: what it does is done as "api:MERCHANT", at
 * what belongs to this merchant and to nobody else. Everything else is not there for it: ERR_NOT_FOUND, with the
 * sentence of what never was.
 *
 * A reviewer's own key is the exception: the caller is that person (CAPACITY_STAFF), in the role, with the claims and the
 * limits that the store has for them at that moment, at the cases of every merchant, and at the verbs with BY_OWN_KEY alone.
 * It stops when it is revoked or replaced, or when the person is disabled; a request that is under way then is refused.
 *
 * While a desk has a caller it takes sessions by their whole id alone, and refuses what only staff may hear in words
 * that say no more than that the review goes on. A decision that can still be taken back has not happened yet for it.
 */
#ifndef KYBDESK_DESK_CALLER_H
#define KYBDESK_DESK_CALLER_H

#include "kybdesk/base/digest.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/desk/verbs.h"

#define CALLER_PREFIX "api:"
#define CALLER_CLIENT "client"
#define MERCHANT_KEY_PREFIX "kyb_"
#define REVIEWER_KEY_PREFIX "kyr_"
#define TOKEN_LIFE_MS (60 * 60 * INT64_C(1000))

struct desk;

struct caller {
	enum capacity as;  /* CAPACITY_MERCHANT, CAPACITY_CLIENT; CAPACITY_STAFF: the owner of a reviewer key */
	const char *actor; /* "api:northwind-pay", "client", the reviewer's name */
	const char *merchant;
	int64_t merchant_row;
	unsigned permissions;		 /* of its key, bits of enum permission */
	int64_t session;		 /* of a client: the one it may reach; 0 of a merchant */
	const char *document_type;	 /* of a client whose link is for one document; "" any */
	const char *request_id;		 /* stands in every audit row; "" none */
	uint8_t key_sha256[SHA256_SIZE]; /* of a reviewer's key */
};
/* Whether the bearer belongs to anybody. */
bool caller_is_known(const struct caller *caller);

/* Who owns this api_key or token; caller_is_known() says whether anybody does. How much of it was right cannot be measured. */
enum err desk_bearer(struct desk *desk, struct arena *arena, const char *bearer, struct caller *out,
		     struct error *error) KYB_MUST_USE;
struct login {
	const char *api_code, *api_key;
};
/* Appends a token for both, good until *expires_at or until the merchant gets another key; it is stored nowhere. The caller
 * wipes it. Nothing is appended where they do not belong together. */
enum err desk_login(struct desk *desk, const struct login *login, struct strbuf *token, int64_t *expires_at,
		    struct error *error) KYB_MUST_USE;

/* From now on the desk acts for this caller, who must live until the next call; NULL: for its own actor. */
void desk_serve(struct desk *desk, const struct caller *caller);

#endif
