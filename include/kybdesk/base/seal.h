/* AES-256-GCM with OpenSSL's libcrypto: without the key, sealed bytes cannot be read, and changes are detected. */
#ifndef KYBDESK_BASE_SEAL_H
#define KYBDESK_BASE_SEAL_H

#include "kybdesk/base/digest.h"

#define SEAL_KEY_SIZE 32
#define SEAL_NONCE_SIZE 12 /* random, new for each message */

struct seal {
	const uint8_t *key;   /* SEAL_KEY_SIZE */
	const uint8_t *nonce; /* SEAL_NONCE_SIZE */
	const void *aad;      /* associated data: not stored; must be the same when the bytes are decrypted */
	size_t aad_length;
};
enum seal_mode { SEAL_ENCRYPT, SEAL_DECRYPT };
/* SEAL_ENCRYPT: appends the sealed bytes, 16 more than `length`. SEAL_DECRYPT: appends the plain text of sealed bytes;
 * returns false and appends nothing if the sealed bytes, nonce or associated data were changed. */
bool seal_apply(struct strbuf *out, const struct seal *seal, enum seal_mode way, const void *bytes, size_t length);

#endif
