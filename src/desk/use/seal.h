/*
 * Sealed values: the hashes of texts about a person in an audit record. By the path of a value in the session
 * document, the record has the hash of the value before and after the change; for a text written by the actor only
 * the hash "after":
 *
 *   "sealed": {"parties[ID].date_of_birth": {"before": HASH, "after": HASH}, "reason": {"before": null, "after": HASH}}
 *
 * HASH = HMAC-SHA256(key of the case, PATH "=" VALUE). The key of the case is derived from the store's key and the
 * session's salt, so that the hashes reveal nothing after an erasure, which deletes the salt (docs/store.md, "Sealed
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
/* The hash of a text, in hexadecimal, in the arena; "" for an empty text. */
const char *seal_text(struct arena *arena, const struct seal_key *key, const char *path, const char *text);

/* The values that differ between two session documents; NULL: an absent document. Contains all members of parts,
 * except ids, computed members, statuses and members that each record has in plain text. A list inside a part is one
 * value. */
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
