#include "kybdesk/base/uuid.h"
#include "kybdesk/base/digest.h"

#include <openssl/evp.h>
#include <string.h>

#define UUID_SIZE 16

/* The namespace of kybdesk, chosen at random once. Another namespace would change every derived id. */
static const uint8_t name_space[UUID_SIZE] = { 0x5b, 0x0f, 0x7c, 0x1e, 0x93, 0x42, 0x4d, 0x68,
					       0xa1, 0x37, 0xe2, 0x6d, 0x84, 0xc9, 0x50, 0xbf };

void uuid_format(const uint8_t bytes[UUID_SIZE], char out[UUID_TEXT_SIZE])
{
	static const char digit[] = "0123456789abcdef";
	size_t at = 0;
	for (size_t i = 0; i < UUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		out[at++] = digit[bytes[i] >> 4];
		out[at++] = digit[bytes[i] & 15];
	}
	out[at] = '\0';
}

static void set_version(uint8_t bytes[UUID_SIZE], uint8_t version)
{
	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | (version << 4));
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
}

void uuid_new(const struct world *world, char out[UUID_TEXT_SIZE])
{
	uint8_t bytes[UUID_SIZE];
	uint64_t ms = (uint64_t)world_now_ms(world);
	world_random(world, bytes, sizeof bytes);
	for (size_t i = 0; i < 6; i++)
		bytes[i] = (uint8_t)(ms >> (40 - 8 * i));
	set_version(bytes, 7);
	uuid_format(bytes, out);
}

void uuid_derive(char out[UUID_TEXT_SIZE], const char *const *parts, size_t count)
{
	static const char separator = '\x1f';
	uint8_t hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *state = EVP_MD_CTX_new();
	if (!state || EVP_DigestInit_ex(state, EVP_sha1(), NULL) != 1 ||
	    EVP_DigestUpdate(state, name_space, sizeof name_space) != 1)
		fail_crypto();
	for (size_t i = 0; i < count && parts[i]; i++)
		if ((i > 0 && EVP_DigestUpdate(state, &separator, 1) != 1) ||
		    EVP_DigestUpdate(state, parts[i], strlen(parts[i])) != 1)
			fail_crypto();
	if (EVP_DigestFinal_ex(state, hash, NULL) != 1)
		fail_crypto();
	EVP_MD_CTX_free(state);
	set_version(hash, 5);
	uuid_format(hash, out);
}

bool uuid_normalise(const char *text, char out[UUID_TEXT_SIZE])
{
	if (strnlen(text, UUID_TEXT_SIZE) != UUID_TEXT_SIZE - 1)
		return false;
	for (size_t i = 0; i < UUID_TEXT_SIZE - 1; i++) {
		char c = text[i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (c >= 'A' && c <= 'F')
			c = (char)(c + ('a' - 'A'));
		if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		out[i] = c;
	}
	out[UUID_TEXT_SIZE - 1] = '\0';
	return true;
}

bool uuid_is_valid(const char *text)
{
	char ignored[UUID_TEXT_SIZE];
	return uuid_normalise(text, ignored);
}
