/* API keys of merchants, and of providers that report checks for one merchant. All functions join the open
 * transaction. */
#ifndef KYBDESK_STORE_MERCHANT_KEY_H
#define KYBDESK_STORE_MERCHANT_KEY_H

#include "kybdesk/store/store.h"

struct merchant_key {
	int64_t row, merchant_row;
	const char *merchant, *api_code;
	const char *name;	 /* unique among the current keys of a merchant */
	const char *permissions; /* text as domain/permission.h writes it */
	const char *checks;	 /* kinds of checks that a provider's key may report; "": key of the merchant */
	uint8_t key_sha256[SHA256_SIZE];
	int64_t created_at;
	int64_t used_at;      /* last use, rounded to the minute; TIME_NONE: never used */
	int64_t ends_at;      /* TIME_NONE: never */
	const char *end_kind; /* "": the current key with this name; otherwise KEY_… */
};
#define KEY_ROTATED "rotated" /* a newer key has the same name; this key works until ends_at */
#define KEY_REVOKED "revoked"
#define KEY_REPLACED "replaced" /* a newer key has the same name; this key no longer works */

/* Whether requests with the key are accepted. */
bool merchant_key_is_valid(const struct merchant_key *key, int64_t now);
/* key->row 0: inserts the key, with merchant_row, name, permissions, checks, key_sha256, created_at and ends_at.
 * Otherwise ends the key: writes end_kind and ends_at. */
enum err store_merchant_key_put(struct store *store, const struct merchant_key *key, struct error *error);
/* Deletes the keys of a merchant that ended before the time `before`. */
enum err store_merchant_key_purge(struct store *store, int64_t merchant_row, int64_t before, struct error *error);
/* Records the time of a use of the key; row commitments do not cover this time. */
enum err store_merchant_key_mark_used(struct store *store, int64_t row, int64_t now, struct error *error);
/* Finds a key by wanted->row or, if wanted->row is 0, by wanted->key_sha256. out->row is 0 if not found. */
enum err store_merchant_key_find(struct store *store, struct arena *arena, const struct merchant_key *wanted,
				 struct merchant_key *out, struct error *error);
/* The keys of all merchants, including ended keys, sorted by merchant, name and time. */
struct merchant_keys {
	struct merchant_key *items;
	size_t count;
};
enum err store_merchant_key_list(struct store *store, struct arena *arena, struct merchant_keys *out,
				 struct error *error);

#endif
