/*
 * Sealed values: what an audit record holds of a text about a person. The record has, by the path of the value in the
 * session document, a hash before and one after the change; of the actor's own words the hash "after" alone:
 *
 *   "sealed": {"parties[ID].date_of_birth": {"before": HASH, "after": HASH}, "reason": {"before": null, "after": HASH}}
 *
 * HASH = HMAC-SHA256(key of the case, PATH "=" VALUE). The key of the case is derived from the store's key and the
 * session's salt, so that an erasure, which takes the salt, leaves hashes that say nothing (docs/store.md, "Sealed
 * values"). Within a transaction. The first values of a session are not sealed: nothing was changed.
 */
#ifndef KYBDESK_SRC_DESK_USE_SEAL_H
#define KYBDESK_SRC_DESK_USE_SEAL_H

#include "use/use.h"

struct seal_key {
	bool there; /* false: no salt, or the store's key is missing */
	uint8_t bytes[SHA256_SIZE];
};
enum err seal_key_of(struct desk *desk, int64_t session, struct seal_key *out, struct error *error) KYB_MUST_USE;
/* In hexadecimal, in the arena; "" of an empty text. */
const char *seal_text(struct arena *arena, const struct seal_key *key, const char *path, const char *text);

/* The values that differ between two session documents; NULL: an absent document. Members of parts that are neither
 * about a person nor in the clear in the record are all here; a list inside a part is one value. */
struct sealed_value {
	const char *path, *before, *after; /* "" absent */
};
struct sealed_values {
	struct sealed_value *items;
	size_t count, capacity;
};
void seal_compare(struct arena *arena, const struct json_value *before, const struct json_value *after,
		  struct sealed_values *out);

/* Keeps the loaded case if this verb may change its data. */
void seal_begin(struct use *use);
/* Adds "sealed" to use->detail, once. Reads the case again. */
enum err seal_record(struct use *use, struct error *error) KYB_MUST_USE;
void seal_end(struct use *use);

#endif
