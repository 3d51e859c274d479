/* Keys of providers: each reports results of the named checks for one merchant. Joins the open transaction. */
#ifndef KYBDESK_STORE_PROVIDER_KEY_H
#define KYBDESK_STORE_PROVIDER_KEY_H

#include "kybdesk/base/digest.h"
#include "kybdesk/store/store.h"

struct provider_key {
	int64_t row, merchant_row;
	const char *merchant;
	const char *name;   /* of the provider */
	const char *checks; /* kinds, with commas between them: "watchlist,adverse_media" */
	uint8_t key_sha256[SHA256_SIZE];
	int64_t created_at;
};
/* Replaces the key of this merchant and name. */
enum err store_provider_key_put(struct store *store, const struct provider_key *key,
				struct error *error) KYB_MUST_USE;
enum err store_provider_key_end(struct store *store, int64_t row, struct error *error) KYB_MUST_USE;
/* out->row is 0 if not found. */
enum err store_provider_key_by_hash(struct store *store, struct arena *arena, const uint8_t sha256[SHA256_SIZE],
				    struct provider_key *out, struct error *error) KYB_MUST_USE;
/* All of them, by merchant and name. */
struct provider_keys {
	struct provider_key *items;
	size_t count;
};
enum err store_provider_key_list(struct store *store, struct arena *arena, struct provider_keys *out,
				 struct error *error) KYB_MUST_USE;

#endif
