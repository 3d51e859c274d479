/* SHA-256, HMAC-SHA-256, base64 and hex over OpenSSL's libcrypto; comparison in constant time; wiping of secrets. */
#ifndef KYBDESK_BASE_DIGEST_H
#define KYBDESK_BASE_DIGEST_H

#include "kybdesk/base/strbuf.h"
#include <stdint.h>

#define SHA256_SIZE 32
#define SHA256_HEX_SIZE 65

/* Call before any other use of libcrypto: sets an allocator that ends the program when out of memory (arena.h),
 * because libcrypto does not check every allocation. Has no effect after the first use of libcrypto. */
void crypto_set_up(void);
/* Call after a failure of libcrypto that can only mean out of memory: ends the program with a message. */
KYB_NORETURN void fail_crypto(void);

struct sha256; /* incremental hash */
struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *state, const void *bytes, size_t length);
void sha256_finish(struct sha256 *state, uint8_t out[SHA256_SIZE]); /* resets the state; does not free it */
void sha256_free(struct sha256 *state);
/* The SHA-256 of the bytes in hexadecimal, in the arena. */
char *sha256_text(struct arena *arena, const void *bytes, size_t length);
void sha256_hash(const void *bytes, size_t length, uint8_t out[SHA256_SIZE]);
void hmac_sha256(const void *key, size_t key_length, const void *bytes, size_t length, uint8_t out[SHA256_SIZE]);

int hex_digit(char c);						 /* value of the digit; -1: not a digit */
void hex_encode(const uint8_t *bytes, size_t length, char *out); /* `out` has room for 2*length+1 bytes */
bool hex_decode(const char *text, uint8_t *out, size_t length);
void base64_encode(struct strbuf *out, const void *bytes, size_t length);
/* Decodes padded base64 of the standard alphabet; false: other characters, or wrong padding. */
bool base64_decode(struct strbuf *out, const char *text, size_t length);
void base64url_encode(struct strbuf *out, const void *bytes, size_t length); /* no padding */
bool base64url_decode(struct strbuf *out, const char *text, size_t length);

/* An int64 as eight bytes, most significant first. */
void bytes_put_int64(uint8_t out[8], int64_t number);
int64_t bytes_get_int64(const uint8_t in[8]);

bool secret_equal(const void *a, const void *b, size_t length); /* constant time */
void secret_wipe(void *bytes, size_t length);

#endif
