/* Stored responses for repeated requests (idempotency), sealed by the caller. All functions join the open
 * transaction. */
#ifndef KYBDESK_STORE_KEPT_ANSWER_H
#define KYBDESK_STORE_KEPT_ANSWER_H

#include "kybdesk/base/seal.h"
#include "kybdesk/store/store.h"

struct kept_answer {
	uint8_t key_mac[SHA256_SIZE], request_mac[SHA256_SIZE];
	uint8_t nonce[SEAL_NONCE_SIZE];
	const void *sealed;
	size_t length;
	int64_t expires_at;
};
/* *found false: no stored response for out->key_mac is valid at `now`. */
enum err store_kept_answer_find(struct store *store, struct arena *arena, int64_t now, struct kept_answer *out,
				bool *found, struct error *error);
/* Stores a response; replaces a stored response that has expired at `now`. */
enum err store_kept_answer_put(struct store *store, const struct kept_answer *answer, int64_t now, struct error *error);
/* Deletes expired responses, at most `limit`; *count: number of deleted responses. */
enum err store_kept_answers_purge(struct store *store, int64_t now, int64_t limit, int64_t *count, struct error *error);
/* Whether any response has expired; needs no open transaction. */
enum err store_kept_answers_check_due(struct store *store, int64_t now, bool *due, struct error *error);

#endif
