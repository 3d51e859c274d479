#include "kybdesk/base/signed_note.h"
#include "kybdesk/base/text.h"

#include <openssl/evp.h>
#include <string.h>

#define KEY_TYPE_ED25519 0x01 /* number of the key type Ed25519 in signed notes */
#define PRIVATE_KEY_PREFIX "PRIVATE+KEY+"
#define SIGNATURE_LINE_PREFIX "\xe2\x80\x94 " /* an em dash and a space */

static EVP_PKEY *signing_key(const struct signed_note_key *key)
{
	EVP_PKEY *out = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key->seed, SIGNED_NOTE_KEY_SIZE);

	if (!out)
		fail_crypto();
	return out;
}

static void derive_public_key(struct signed_note_key *key)
{
	size_t length = SIGNED_NOTE_KEY_SIZE;
	EVP_PKEY *pair = signing_key(key);

	if (EVP_PKEY_get_raw_public_key(pair, key->public_key, &length) != 1 || length != SIGNED_NOTE_KEY_SIZE)
		fail_crypto();
	EVP_PKEY_free(pair);
}

static void derive_id(const struct signed_note_key *key, uint8_t out[SIGNED_NOTE_ID_SIZE])
{
	static const uint8_t type[] = { '\n', KEY_TYPE_ED25519 };
	struct sha256 *digest = sha256_new();
	uint8_t hash[SHA256_SIZE];

	sha256_add(digest, key->name, strlen(key->name));
	sha256_add(digest, type, sizeof type);
	sha256_add(digest, key->public_key, SIGNED_NOTE_KEY_SIZE);
	sha256_finish(digest, hash);
	sha256_free(digest);
	memcpy(out, hash, SIGNED_NOTE_ID_SIZE);
}

static bool is_key_name(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '+')
			return false;
	return length > 0;
}

void signed_note_key_make(const struct world *world, const char *name, struct signed_note_key *out)
{
	if (!is_key_name(name, strlen(name)))
		BUG("a key named \"%s\"", name);
	*out = (struct signed_note_key){ .name = name, .can_sign = true };
	world_random(world, out->seed, SIGNED_NOTE_KEY_SIZE);
	derive_public_key(out);
	derive_id(out, out->id);
}

void signed_note_key_wipe(struct signed_note_key *key)
{
	secret_wipe(key, sizeof *key);
}

void signed_note_key_write(struct strbuf *out, const struct signed_note_key *key, bool signing)
{
	uint8_t typed[1 + SIGNED_NOTE_KEY_SIZE] = { KEY_TYPE_ED25519 };
	char id[2 * SIGNED_NOTE_ID_SIZE + 1];

	if (signing && !key->can_sign)
		BUG("the public key %s cannot sign", key->name);
	memcpy(typed + 1, signing ? key->seed : key->public_key, SIGNED_NOTE_KEY_SIZE);
	hex_encode(key->id, SIGNED_NOTE_ID_SIZE, id);
	strbuf_addf(out, "%s%s+%s+", signing ? PRIVATE_KEY_PREFIX : "", key->name, id);
	base64_encode(out, typed, sizeof typed);
	secret_wipe(typed, sizeof typed);
}

/* Reads the key's id and bytes, which follow its name. */
static enum err read_key(const char *rest, size_t length, struct signed_note_key *out, struct error *error)
{
	char id[2 * SIGNED_NOTE_ID_SIZE + 1] = "";
	struct strbuf bytes = STRBUF_INIT;
	uint8_t derived[SIGNED_NOTE_ID_SIZE];
	enum err err = ERR_OK;

	if (length <= 2 * SIGNED_NOTE_ID_SIZE || rest[2 * SIGNED_NOTE_ID_SIZE] != '+')
		return error_set(error, ERR_INVALID, "no id of eight hexadecimal digits follows the name of the key");
	memcpy(id, rest, 2 * SIGNED_NOTE_ID_SIZE);
	rest += sizeof id;
	length -= sizeof id;
	if (!hex_decode(id, out->id, SIGNED_NOTE_ID_SIZE))
		err = error_set(error, ERR_INVALID, "the id of the key is not eight hexadecimal digits");
	else if (!base64_decode(&bytes, rest, length) || bytes.len != 1 + SIGNED_NOTE_KEY_SIZE)
		err = error_set(error, ERR_INVALID, "the text after the id of the key is not %d bytes in base64",
				1 + SIGNED_NOTE_KEY_SIZE);
	else if (bytes.buf[0] != KEY_TYPE_ED25519)
		err = error_set(error, ERR_INVALID, "the type of the key is not Ed25519");
	if (!err) {
		memcpy(out->can_sign ? out->seed : out->public_key, bytes.buf + 1, SIGNED_NOTE_KEY_SIZE);
		if (out->can_sign)
			derive_public_key(out);
		derive_id(out, derived);
		if (memcmp(derived, out->id, SIGNED_NOTE_ID_SIZE) != 0)
			err = error_set(error, ERR_INVALID,
					"the id of the key does not match the name and the bytes of the key");
	}
	strbuf_wipe(&bytes);
	return err;
}

enum err signed_note_key_read(struct arena *arena, const char *text, size_t length, struct signed_note_key *out,
			      struct error *error)
{
	const char *plus;
	size_t name;
	enum err err;

	*out = (struct signed_note_key){ .name = "" };
	while (length && (unsigned char)*text <= ' ')
		text++, length--;
	while (length && (unsigned char)text[length - 1] <= ' ')
		length--;
	if (length >= strlen(PRIVATE_KEY_PREFIX) && !memcmp(text, PRIVATE_KEY_PREFIX, strlen(PRIVATE_KEY_PREFIX))) {
		out->can_sign = true;
		text += strlen(PRIVATE_KEY_PREFIX);
		length -= strlen(PRIVATE_KEY_PREFIX);
	}
	plus = memchr(text, '+', length);
	name = plus ? (size_t)(plus - text) : length;
	if (!plus || !is_key_name(text, name)) {
		err = error_set(error, ERR_INVALID, "a key must be one line, NAME+ID+KEY");
	} else {
		out->name = arena_strndup(arena, text, name);
		err = read_key(plus + 1, length - name - 1, out, error);
	}
	if (err)
		signed_note_key_wipe(out);
	return err;
}

void signed_note_write(struct strbuf *out, const char *text, size_t length, const struct signed_note_key *key)
{
	EVP_PKEY *pair = signing_key(key);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t signature[SIGNED_NOTE_ID_SIZE + SIGNED_NOTE_SIGNATURE_SIZE];
	size_t size = SIGNED_NOTE_SIGNATURE_SIZE;

	if (!key->can_sign || !length || text[length - 1] != '\n')
		BUG("a note cannot be signed: the key is public, or the text does not end with a line break");
	memcpy(signature, key->id, SIGNED_NOTE_ID_SIZE);
	if (!context || EVP_DigestSignInit(context, NULL, NULL, NULL, pair) != 1 ||
	    EVP_DigestSign(context, signature + SIGNED_NOTE_ID_SIZE, &size, (const unsigned char *)text, length) != 1)
		fail_crypto();
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(pair);
	strbuf_add(out, text, length);
	strbuf_addf(out, "\n" SIGNATURE_LINE_PREFIX "%s ", key->name);
	base64_encode(out, signature, sizeof signature);
	strbuf_addch(out, '\n');
}

static bool has_control_chars(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)bytes[i] < ' ' && bytes[i] != '\n')
			return true;
	return false;
}

/* Reads a line "— NAME BASE64" (without the newline). */
static bool read_signature(struct arena *arena, const char *line, size_t length, struct signed_note_signature *out)
{
	struct strbuf bytes = STRBUF_INIT;
	const char *space;
	bool read;

	if (length < strlen(SIGNATURE_LINE_PREFIX) ||
	    memcmp(line, SIGNATURE_LINE_PREFIX, strlen(SIGNATURE_LINE_PREFIX)) != 0)
		return false;
	line += strlen(SIGNATURE_LINE_PREFIX);
	length -= strlen(SIGNATURE_LINE_PREFIX);
	space = memchr(line, ' ', length);
	if (!space || space == line || memchr(line, '+', (size_t)(space - line)))
		return false;
	out->name = arena_strndup(arena, line, (size_t)(space - line));
	read = base64_decode(&bytes, space + 1, length - (size_t)(space - line) - 1) && bytes.len > SIGNED_NOTE_ID_SIZE;
	if (read) {
		memcpy(out->id, bytes.buf, SIGNED_NOTE_ID_SIZE);
		out->length = bytes.len - SIGNED_NOTE_ID_SIZE;
		out->bytes = arena_memdup(arena, bytes.buf + SIGNED_NOTE_ID_SIZE, out->length);
	}
	strbuf_release(&bytes);
	return read;
}

/* The position of the last empty line, which separates the text from the signatures. */
static size_t find_last_empty_line(const char *bytes, size_t length)
{
	for (size_t at = length; at-- > 1;)
		if (bytes[at] == '\n' && bytes[at - 1] == '\n')
			return at;
	return 0;
}

enum err signed_note_read(struct arena *arena, const char *bytes, size_t length, struct signed_note *out,
			  struct error *error)
{
	size_t at = find_last_empty_line(bytes, length), capacity = 0;

	*out = (struct signed_note){ .text = bytes, .length = at };
	if (!text_is_valid(bytes, length) || has_control_chars(bytes, length))
		return error_set(error, ERR_INVALID, "the file is not plain text in UTF-8");
	if (!at)
		return error_set(error, ERR_INVALID, "the file has no empty line between a text and the signatures");
	for (at++; at < length;) {
		const char *end = memchr(bytes + at, '\n', length - at);
		struct signed_note_signature signature;

		if (!end || !read_signature(arena, bytes + at, (size_t)(end - bytes) - at, &signature))
			return error_set(error, ERR_INVALID, "line %zu of the signatures is not valid", out->count + 1);
		*ARENA_PUSH(arena, out->signatures, out->count, capacity) = signature;
		at = (size_t)(end - bytes) + 1;
	}
	if (!out->count)
		return error_set(error, ERR_INVALID, "the file has no signature");
	return ERR_OK;
}

static bool is_signed_by(const struct signed_note *note, const struct signed_note_signature *signature,
			 const struct signed_note_key *key)
{
	EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->public_key, SIGNED_NOTE_KEY_SIZE);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool right;

	if (!public || !context || EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) != 1)
		fail_crypto();
	right = signature->length == SIGNED_NOTE_SIGNATURE_SIZE &&
		EVP_DigestVerify(context, (const unsigned char *)signature->bytes, signature->length,
				 (const unsigned char *)note->text, note->length) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(public);
	return right;
}

/* Result for the signatures that have the name and id of a key. SIGNATURE_MISSING: the note has no such signature.
 * SIGNATURE_VALID: all are valid. SIGNATURE_INVALID: one is invalid. */
enum verdict { SIGNATURE_MISSING, SIGNATURE_VALID, SIGNATURE_INVALID };

static enum verdict verify_with_key(const struct signed_note *note, const struct signed_note_key *key)
{
	enum verdict verdict = SIGNATURE_MISSING;

	for (size_t i = 0; i < note->count && verdict != SIGNATURE_INVALID; i++) {
		const struct signed_note_signature *signature = &note->signatures[i];

		if (!strcmp(signature->name, key->name) && !memcmp(signature->id, key->id, SIGNED_NOTE_ID_SIZE))
			verdict = is_signed_by(note, signature, key) ? SIGNATURE_VALID : SIGNATURE_INVALID;
	}
	return verdict;
}

enum err signed_note_check(const struct signed_note *note, const struct signed_note_key *keys, size_t count,
			   const char **by, struct error *error)
{
	*by = NULL;
	for (size_t i = 0; i < count; i++) {
		enum verdict verdict = verify_with_key(note, &keys[i]);

		if (verdict == SIGNATURE_INVALID)
			return error_set(error, ERR_INVALID, "the signature does not match the key %s", keys[i].name);
		if (verdict == SIGNATURE_VALID)
			*by = keys[i].name;
	}
	if (count && !*by)
		return error_set(error, ERR_INVALID, "the file is not signed by %s",
				 count == 1 ? keys->name : "any of the keys");
	return ERR_OK;
}
