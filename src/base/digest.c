#include "kybdesk/base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 64 /* block size of SHA-256 */

struct sha256 {
	EVP_MD_CTX *context;
};

/* Returns NULL for size 0, like OpenSSL's default allocator. */
static void *get_memory(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return size ? xmalloc(size) : NULL;
}

static void free_memory(void *bytes, const char *file, int line)
{
	(void)file;
	(void)line;
	free(bytes);
}

static void *resize_memory(void *bytes, size_t size, const char *file, int line)
{
	if (size)
		return xrealloc_array(bytes, size, 1);
	free_memory(bytes, file, line);
	return NULL;
}

void crypto_set_up(void)
{
	(void)CRYPTO_set_mem_functions(get_memory, resize_memory, free_memory);
}

void fail_crypto(void)
{
	program_fail("libcrypto failed: out of memory, or its installation is incomplete");
}

/* SHA-256, fetched only once, since OpenSSL looks up EVP_sha256() by its name at each use. */
static EVP_MD *algorithm;

static void release_algorithm(void)
{
	EVP_MD_free(algorithm);
}

static void load_algorithm(void)
{
	algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!algorithm)
		fail_crypto();
	(void)atexit(release_algorithm); /* runs before OpenSSL's own, until which it can be used */
}

static const EVP_MD *sha256_algorithm(void)
{
	static pthread_once_t found = PTHREAD_ONCE_INIT;

	(void)pthread_once(&found, load_algorithm);
	return algorithm;
}

struct sha256 *sha256_new(void)
{
	struct sha256 *state = xmalloc(sizeof *state);
	state->context = EVP_MD_CTX_new();
	if (!state->context || EVP_DigestInit_ex(state->context, sha256_algorithm(), NULL) != 1)
		fail_crypto();
	return state;
}

void sha256_add(struct sha256 *state, const void *bytes, size_t length)
{
	if (EVP_DigestUpdate(state->context, bytes, length) != 1)
		fail_crypto();
}

void sha256_finish(struct sha256 *state, uint8_t out[SHA256_SIZE])
{
	/* Passes no algorithm: OpenSSL then keeps the present algorithm, which is much faster. */
	if (EVP_DigestFinal_ex(state->context, out, NULL) != 1 || EVP_DigestInit_ex(state->context, NULL, NULL) != 1)
		fail_crypto();
}

void sha256_free(struct sha256 *state)
{
	if (!state)
		return;
	EVP_MD_CTX_free(state->context);
	free(state);
}

void sha256_hash(const void *bytes, size_t length, uint8_t out[SHA256_SIZE])
{
	if (EVP_Digest(bytes, length, out, NULL, sha256_algorithm(), NULL) != 1)
		fail_crypto();
}

char *sha256_text(struct arena *arena, const void *bytes, size_t length)
{
	uint8_t hash[SHA256_SIZE];
	char *hex = arena_alloc(arena, SHA256_HEX_SIZE);
	sha256_hash(bytes, length, hash);
	hex_encode(hash, sizeof hash, hex);
	return hex;
}

/* HMAC as in RFC 2104, without OpenSSL's HMAC(), which looks up three algorithms by their names for each message. */
void hmac_sha256(const void *key, size_t key_length, const void *bytes, size_t length, uint8_t out[SHA256_SIZE])
{
	uint8_t pad[BLOCK_SIZE] = { 0 };
	struct sha256 *state = sha256_new();

	if (key_length > sizeof pad)
		sha256_hash(key, key_length, pad);
	else if (key_length)
		memcpy(pad, key, key_length);
	for (size_t i = 0; i < sizeof pad; i++)
		pad[i] ^= 0x36;
	sha256_add(state, pad, sizeof pad);
	sha256_add(state, bytes, length);
	sha256_finish(state, out);
	for (size_t i = 0; i < sizeof pad; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	sha256_add(state, pad, sizeof pad);
	sha256_add(state, out, SHA256_SIZE);
	sha256_finish(state, out);
	sha256_free(state);
	secret_wipe(pad, sizeof pad);
}

void hex_encode(const uint8_t *bytes, size_t length, char *out)
{
	static const char digit[] = "0123456789abcdef";
	for (size_t i = 0; i < length; i++) {
		out[2 * i] = digit[bytes[i] >> 4];
		out[2 * i + 1] = digit[bytes[i] & 15];
	}
	out[2 * length] = '\0';
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_decode(const char *text, uint8_t *out, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		int high = hex_digit(text[2 * i]);
		/* Does not read beyond the end of a short text, since its NUL byte is not a digit. */
		int low = high < 0 ? -1 : hex_digit(text[2 * i + 1]);
		if (low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return text[2 * length] == '\0';
}

void bytes_put_int64(uint8_t out[8], int64_t number)
{
	for (size_t i = 0; i < 8; i++)
		out[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
}

int64_t bytes_get_int64(const uint8_t in[8])
{
	uint64_t number = 0;

	for (size_t i = 0; i < 8; i++)
		number = number << 8 | in[i];
	return (int64_t)number;
}

static int base64_digit(char c, const char *last_two)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == last_two[0])
		return 62;
	return c == last_two[1] ? 63 : -1;
}

/* Decodes base64; `length` excludes padding. Unused bits must be zero, so that each value has exactly one text. */
static bool decode_base64(struct strbuf *out, const char *text, size_t length, const char *last_two)
{
	if (length % 4 == 1)
		return false;
	for (size_t i = 0; i < length; i += 4) {
		size_t have = length - i < 4 ? length - i : 4;
		uint32_t word = 0;
		for (size_t k = 0; k < have; k++) {
			int value = base64_digit(text[i + k], last_two);
			if (value < 0)
				return false;
			word |= (uint32_t)value << (18 - 6 * k);
		}
		if (have < 4 && (word & (have == 2 ? 0xffffu : 0xffu)))
			return false;
		for (size_t k = 0; k + 1 < have; k++)
			strbuf_addch(out, (char)(word >> (16 - 8 * k) & 255));
	}
	return true;
}

void base64_encode(struct strbuf *out, const void *bytes, size_t length)
{
	strbuf_grow(out, (length + 2) / 3 * 4);
	out->len += (size_t)EVP_EncodeBlock((unsigned char *)out->buf + out->len, bytes, (int)length);
}

bool base64_decode(struct strbuf *out, const char *text, size_t length)
{
	if (length % 4)
		return false;
	if (length && text[length - 1] == '=')
		length--;
	if (length && length % 4 == 3 && text[length - 1] == '=')
		length--;
	return decode_base64(out, text, length, "+/");
}

void base64url_encode(struct strbuf *out, const void *bytes, size_t length)
{
	size_t start = out->len;
	base64_encode(out, bytes, length);
	for (char *c = out->buf + start; *c; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
	strbuf_truncate(out, start + strcspn(out->buf + start, "="));
}

bool base64url_decode(struct strbuf *out, const char *text, size_t length)
{
	return decode_base64(out, text, length, "-_");
}

bool secret_equal(const void *a, const void *b, size_t length)
{
	return CRYPTO_memcmp(a, b, length) == 0;
}

void secret_wipe(void *bytes, size_t length)
{
	OPENSSL_cleanse(bytes, length);
}
