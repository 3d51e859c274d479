/* AES-256-GCM over OpenSSL's libcrypto: bytes that nobody reads, and nobody changes unnoticed, without the key. */
#ifndef KYBDESK_BASE_SEAL_H
#define KYBDESK_BASE_SEAL_H

#include "kybdesk/base/digest.h"

#define SEAL_KEY_SIZE 32
#define SEAL_NONCE_SIZE 12 /* at random, another one each time */

struct seal {
	const uint8_t *key;   /* SEAL_KEY_SIZE */
	const uint8_t *nonce; /* SEAL_NONCE_SIZE */
	const void
		*bound; /* what the bytes belong to: it is not in them, and has to be the same when they are read */
	size_t bound_length;
};
/* Appends the sealed bytes, 16 more than those. */
void seal_close(struct strbuf *out, const struct seal *seal, const void *bytes, size_t length);
/* Appends what was sealed; false, and nothing, when any of it is not what it was. */
bool seal_open(struct strbuf *out, const struct seal *seal, const void *sealed, size_t length);

#endif
