/* Tokens of clients' links: version, session, generation, type, and a MAC over these values. */
#include "kybdesk/domain/link_token.h"

#include <inttypes.h>
#include <string.h>

#define VERSION 1
#define UUID_BYTES 16
#define FIXED_BYTES (1 + UUID_BYTES + 4)
#define MAC_BYTES 16
#define TOKEN_TEXT_MAX (((FIXED_BYTES + LINK_TYPE_MAX + MAC_BYTES) * 4 + 2) / 3)
#define PURPOSE "kybdesk client link" /* separates these MACs from other uses of the key */
#define PLACEHOLDER_START "{link:"
#define MASKED_TOKEN "********"

static void uuid_to_bytes(const char *text, uint8_t out[UUID_BYTES])
{
	char hex[2 * UUID_BYTES + 1];
	size_t length = 0;

	for (; *text && length < sizeof hex - 1; text++)
		if (*text != '-')
			hex[length++] = *text;
	hex[length] = '\0';
	if (length != sizeof hex - 1 || !hex_decode(hex, out, UUID_BYTES))
		BUG("%s is not a UUID", hex);
}

enum err link_subject_set(struct link_subject *subject, const char *session_id, int64_t generation,
			  const char *document_type, struct error *error)
{
	size_t length = strlen(document_type);

	*subject = (struct link_subject){ .generation = generation };
	if (!uuid_normalise(session_id, subject->session_id))
		return error_set(error, ERR_INVALID, "\"%s\" is not an id of a session, so it has no link", session_id);
	if (generation < 1 || generation > LINK_GENERATION_MAX)
		return error_set(error, ERR_INVALID,
				 "The session cannot get a new link; the maximum is %lld links, one after the other",
				 (long long)LINK_GENERATION_MAX);
	if (length > LINK_TYPE_MAX)
		return error_set(error, ERR_INVALID,
				 "A document type of %zu bytes is too long for a link; the maximum is %d", length,
				 LINK_TYPE_MAX);
	memcpy(subject->document_type, document_type, length + 1);
	return ERR_OK;
}

static void make_mac(const struct link_key *key, const void *payload, size_t length, uint8_t out[SHA256_SIZE])
{
	struct strbuf text = STRBUF_INIT;

	/* The store's id has a fixed length, so two different payloads never have the same text. */
	strbuf_adds(&text, PURPOSE "\n");
	strbuf_addf(&text, "%s\n", key->store_id);
	strbuf_add(&text, payload, length);
	hmac_sha256(key->bytes, sizeof key->bytes, text.buf, text.len, out);
	strbuf_release(&text);
}

void link_token_write(struct strbuf *out, const struct link_key *key, const struct link_subject *subject)
{
	uint8_t bytes[FIXED_BYTES + LINK_TYPE_MAX + MAC_BYTES] = { VERSION }, mac[SHA256_SIZE];
	size_t type = strlen(subject->document_type), length = FIXED_BYTES + type;
	uint64_t generation = (uint64_t)subject->generation;

	uuid_to_bytes(subject->session_id, bytes + 1);
	for (size_t i = 0; i < 4; i++)
		bytes[1 + UUID_BYTES + i] = (uint8_t)(generation >> (24 - 8 * i));
	memcpy(bytes + FIXED_BYTES, subject->document_type, type);
	make_mac(key, bytes, length, mac);
	memcpy(bytes + length, mac, MAC_BYTES);
	base64url_encode(out, bytes, length + MAC_BYTES);
	secret_wipe(mac, sizeof mac);
	secret_wipe(bytes, sizeof bytes);
}

static bool decode_token(const struct link_key *key, const uint8_t *bytes, size_t length, struct link_subject *subject)
{
	uint8_t mac[SHA256_SIZE];
	size_t payload = length - MAC_BYTES, type = payload - FIXED_BYTES;
	bool right;

	make_mac(key, bytes, payload, mac);
	right = secret_equal(mac, bytes + payload, MAC_BYTES);
	secret_wipe(mac, sizeof mac);
	if (!right || bytes[0] != VERSION || type > LINK_TYPE_MAX || memchr(bytes + FIXED_BYTES, '\0', type))
		return false;
	*subject = (struct link_subject){ .generation = 0 };
	uuid_format(bytes + 1, subject->session_id);
	for (size_t i = 0; i < 4; i++)
		subject->generation = subject->generation << 8 | bytes[1 + UUID_BYTES + i];
	memcpy(subject->document_type, bytes + FIXED_BYTES, type);
	return true;
}

bool link_token_read(const struct link_key *key, const char *token, struct link_subject *subject)
{
	struct strbuf bytes = STRBUF_INIT;
	size_t length = strnlen(token, TOKEN_TEXT_MAX + 1);
	bool right = length <= TOKEN_TEXT_MAX && base64url_decode(&bytes, token, length) &&
		     bytes.len >= FIXED_BYTES + MAC_BYTES &&
		     decode_token(key, (const uint8_t *)bytes.buf, bytes.len, subject);

	strbuf_wipe(&bytes);
	return right;
}

void link_placeholder_write(struct strbuf *out, const char *mark, int64_t generation, const char *document_type)
{
	strbuf_addf(out, PLACEHOLDER_START "%s:%" PRId64 ":", mark, generation);
	/* The type is encoded, so that any name is valid inside a JSON string. */
	base64url_encode(out, document_type, strlen(document_type));
	strbuf_addch(out, '}');
}

/* Parses the part of a placeholder after the mark that begins it: ":GENERATION:TYPE}". */
static bool parse_placeholder(const char *text, const char *end, int64_t *generation, struct strbuf *type,
			      const char **after)
{
	const char *digits = text + 1, *separator, *close;

	if (text >= end || *text != ':')
		return false;
	separator = memchr(digits, ':', (size_t)(end - digits));
	close = memchr(digits, '}', (size_t)(end - digits));
	if (!separator || !close || separator > close || separator == digits || separator - digits > 10)
		return false;
	*generation = 0;
	for (const char *digit = digits; digit < separator; digit++) {
		if (*digit < '0' || *digit > '9')
			return false;
		*generation = *generation * 10 + (*digit - '0');
	}
	*after = close + 1;
	return base64url_decode(type, separator + 1, (size_t)(close - separator - 1));
}

/* Replaces one placeholder with its token. *text moves from the end of its mark to the end of the placeholder. */
static enum err fill_placeholder(struct strbuf *out, const char **text, const char *end,
				 const struct link_placeholder_values *places, struct error *error)
{
	struct link_subject subject;
	struct strbuf type = STRBUF_INIT;
	int64_t generation;
	enum err err = ERR_OK;

	if (!parse_placeholder(*text, end, &generation, &type, text))
		err = error_set(error, ERR_INVALID, "The body has an invalid placeholder for a link");
	else if (!places->key)
		strbuf_adds(out, MASKED_TOKEN);
	else if (!(err = link_subject_set(&subject, places->session_id, generation, type.len ? type.buf : "", error)))
		link_token_write(out, places->key, &subject);
	strbuf_release(&type);
	return err;
}

enum err link_placeholders_fill(struct strbuf *out, const char *text, size_t length,
				const struct link_placeholder_values *places, struct error *error)
{
	const char *end = text + length, *mark = places->mark;
	struct strbuf start = STRBUF_INIT;
	enum err err = ERR_OK;

	strbuf_addf(&start, PLACEHOLDER_START "%s", mark);
	while (!err && text < end) {
		const char *place = *mark ? memmem(text, (size_t)(end - text), start.buf, start.len) : NULL;

		strbuf_add(out, text, (size_t)((place ? place : end) - text));
		text = place ? place + start.len : end;
		if (place)
			err = fill_placeholder(out, &text, end, places, error);
	}
	strbuf_release(&start);
	return err;
}
