/* AES-256-GCM over OpenSSL's libcrypto: bytes that cannot be read, or changed without notice, without the key. */
#ifndef KYBDESK_BASE_SEAL_H
#define KYBDESK_BASE_SEAL_H

#include "kybdesk/base/digest.h"

#define SEAL_KEY_SIZE 32
#define SEAL_NONCE_SIZE 12 /* random, new for each message */

struct seal {
	const uint8_t *key;   /* SEAL_KEY_SIZE */
	const uint8_t *nonce; /* SEAL_NONCE_SIZE */
	const void *bound;    /* associated data: not stored, must be equal when opening */
	size_t bound_length;
};
/* Appends the sealed bytes: 16 more than `length`. */
void seal_close(struct strbuf *out, const struct seal *seal, const void *bytes, size_t length);
/* Appends the plain text; false, and appends nothing, if anything was changed. */
bool seal_open(struct strbuf *out, const struct seal *seal, const void *sealed, size_t length);

#endif
