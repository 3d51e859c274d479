#include "kybdesk/webhook/sign.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/text.h"

#include <inttypes.h>
#include <string.h>

#define SECRET_PREFIX "whsec_"
#define VERSION_PREFIX "v1,"
#define KEY_MIN 24
#define KEY_MAX 64

/* The caller wipes the key, even after a failure. */
static bool decode_secret(struct strbuf *key, const char *secret)
{
	if (!text_has_prefix(secret, SECRET_PREFIX))
		return false;
	const char *text = secret + strlen(SECRET_PREFIX);
	/* Growing later would leave a copy of the key's start in freed memory. */
	strbuf_grow(key, KEY_MAX + 3);
	if (strnlen(text, 4 * KEY_MAX) == 4 * KEY_MAX || !base64_decode(key, text, strlen(text)))
		return false;
	return key->len >= KEY_MIN && key->len <= KEY_MAX;
}

bool webhook_secret_is_valid(const char *secret)
{
	struct strbuf key = STRBUF_INIT;
	bool valid = decode_secret(&key, secret);
	strbuf_wipe(&key);
	return valid;
}

static void signed_content(struct strbuf *out, const struct webhook_message *message)
{
	strbuf_grow(out, strlen(message->id) + 24 + message->length);
	strbuf_addf(out, "%s.%" PRId64 ".", message->id, message->timestamp_s);
	strbuf_add(out, message->body, message->length);
}

static bool add_signature(struct strbuf *out, const char *secret, const struct strbuf *content)
{
	struct strbuf key = STRBUF_INIT;
	uint8_t digest[SHA256_SIZE];
	bool valid = decode_secret(&key, secret);
	if (valid) {
		hmac_sha256(key.buf, key.len, content->buf, content->len, digest);
		strbuf_adds(out, VERSION_PREFIX);
		base64_encode(out, digest, sizeof digest);
	}
	strbuf_wipe(&key);
	return valid;
}

enum err webhook_sign(struct strbuf *out, const char *secret, const char *old_secret,
		      const struct webhook_message *message, struct error *error)
{
	struct strbuf content = STRBUF_INIT;
	size_t start = out->len;
	signed_content(&content, message);
	bool valid = add_signature(out, secret, &content);
	if (valid && old_secret && *old_secret) {
		strbuf_addch(out, ' ');
		valid = add_signature(out, old_secret, &content);
	}
	strbuf_release(&content);
	if (valid)
		return ERR_OK;
	strbuf_truncate(out, start);
	return error_set(error, ERR_INVALID,
			 "the endpoint's secret cannot be used: it must be %s and base64 of %d to %d bytes",
			 SECRET_PREFIX, KEY_MIN, KEY_MAX);
}

bool webhook_verify(const char *signatures, const char *secret, const struct webhook_message *message)
{
	struct strbuf wanted = STRBUF_INIT;
	bool found = false;
	if (webhook_sign(&wanted, secret, NULL, message, NULL) == ERR_OK)
		for (const char *at = signatures; *at; at += strspn(at, " ")) {
			size_t part = strcspn(at, " ");
			if (part == wanted.len && secret_equal(at, wanted.buf, part))
				found = true;
			at += part;
		}
	strbuf_release(&wanted);
	return found;
}
