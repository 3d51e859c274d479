#include "kybdesk/domain/ssh_key.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/base/text.h"

#include <string.h>

#define FINGERPRINT_PREFIX "SHA256:"
#define BODY_MAX 8000	/* maximum bytes of base64; an RSA key of 16384 bits needs 2800 */
#define COMMENT_MAX 200 /* bytes */
#define ED25519_BYTES 32
#define ALLOWED_TYPES_TEXT "Allowed: ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp256, -nistp384, -nistp521, and the sk- types"

/* The part of the decoded key that is not read yet: fields, each preceded by its length (RFC 4253, 4251). */
struct wire_reader {
	const unsigned char *at;
	size_t bytes_left;
};
struct field {
	const unsigned char *bytes;
	size_t length;
};

static bool read_field(struct wire_reader *wire_reader, struct field *out)
{
	size_t length;

	if (wire_reader->bytes_left < 4)
		return false;
	length = (size_t)wire_reader->at[0] << 24 | (size_t)wire_reader->at[1] << 16 | (size_t)wire_reader->at[2] << 8 |
		 wire_reader->at[3];
	if (length > wire_reader->bytes_left - 4)
		return false;
	*out = (struct field){ wire_reader->at + 4, length };
	wire_reader->at += 4 + length;
	wire_reader->bytes_left -= 4 + length;
	return true;
}

static bool field_equals(const struct field *field, const char *text)
{
	return field->length == strlen(text) && memcmp(field->bytes, text, field->length) == 0;
}

/* The bit length of a positive number in its shortest form; 0: not such a number. */
static size_t count_number_bits(const struct field *field)
{
	const unsigned char *at = field->bytes;
	size_t length = field->length, bits;

	if (!length || at[0] & 0x80)
		return 0;
	if (!at[0]) {
		if (length < 2 || !(at[1] & 0x80))
			return 0;
		at++;
		length--;
	}
	bits = length * 8;
	for (unsigned char first = at[0]; !(first & 0x80); first = (unsigned char)(first << 1))
		bits--;
	return bits;
}

struct key_type {
	const char *name, *curve; /* curve NULL: the key data has no curve name */
	size_t point_size;	  /* size in bytes of the curve's point, or of the key */
	bool security_key, rsa;
};
static const struct key_type types[] = {
	{ "ssh-ed25519", NULL, ED25519_BYTES, false, false },
	{ "ssh-rsa", NULL, 0, false, true },
	{ "ecdsa-sha2-nistp256", "nistp256", 65, false, false },
	{ "ecdsa-sha2-nistp384", "nistp384", 97, false, false },
	{ "ecdsa-sha2-nistp521", "nistp521", 133, false, false },
	{ "sk-ssh-ed25519@openssh.com", NULL, ED25519_BYTES, true, false },
	{ "sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", 65, true, false },
};

static bool is_valid_rsa_key(struct wire_reader *wire_reader, size_t *bits)
{
	struct field exponent, modulus;

	if (!read_field(wire_reader, &exponent) || !read_field(wire_reader, &modulus) ||
	    count_number_bits(&exponent) < 2)
		return false;
	*bits = count_number_bits(&modulus);
	return *bits && modulus.bytes[modulus.length - 1] & 1;
}

/* Whether the fields after the type are complete. */
static bool is_valid_key(struct wire_reader *wire_reader, const struct key_type *type, size_t *rsa_bits)
{
	struct field field;

	if (type->rsa)
		return is_valid_rsa_key(wire_reader, rsa_bits) && !wire_reader->bytes_left;
	if (type->curve && (!read_field(wire_reader, &field) || !field_equals(&field, type->curve)))
		return false;
	if (!read_field(wire_reader, &field) || field.length != type->point_size ||
	    (type->curve && field.bytes[0] != 4))
		return false;
	if (type->security_key && (!read_field(wire_reader, &field) || !field.length))
		return false;
	return !wire_reader->bytes_left;
}

static enum err check_key_data(const struct strbuf *bytes, const struct key_type *type, struct error *error)
{
	struct wire_reader wire_reader = { (const unsigned char *)bytes->buf, bytes->len };
	struct field name;
	size_t rsa_bits = 0;

	if (!read_field(&wire_reader, &name) || !field_equals(&name, type->name) ||
	    !is_valid_key(&wire_reader, type, &rsa_bits))
		return error_invalid(error, "key",
				     "The key data does not fit the type %s; copy the whole line of the .pub file",
				     type->name);
	if (type->rsa && rsa_bits < SSH_RSA_BITS_MIN)
		return error_invalid(error, "key",
				     "The RSA key has %zu bits; at least %d are needed. Make a new key with: "
				     "ssh-keygen -t ed25519",
				     rsa_bits, SSH_RSA_BITS_MIN);
	return ERR_OK;
}

static enum err read_key_data(struct arena *arena, const struct key_type *type, struct ssh_key *out,
			      struct error *error)
{
	struct strbuf bytes = STRBUF_INIT, text = STRBUF_INIT;
	size_t length = strlen(out->body);
	uint8_t hash[SHA256_SIZE];
	enum err err;

	if (length > BODY_MAX || !base64_decode(&bytes, out->body, length)) {
		err = error_invalid(error, "key",
				    "The text after %s is not base64; copy the whole line of the .pub file",
				    type->name);
		goto out;
	}
	err = check_key_data(&bytes, type, error);
	if (err)
		goto out;
	/* Encodes the key again, so that each key has only one text: unused bits of the base64 text become zero. */
	base64_encode(&text, bytes.buf, bytes.len);
	out->body = arena_strdup(arena, text.buf);
	sha256_hash(bytes.buf, bytes.len, hash);
	strbuf_reset(&text);
	strbuf_adds(&text, FINGERPRINT_PREFIX);
	base64_encode(&text, hash, sizeof hash);
	while (text.len && text.buf[text.len - 1] == '=')
		strbuf_truncate(&text, text.len - 1);
	out->fingerprint = arena_strdup(arena, text.buf);
out:
	strbuf_release(&text);
	strbuf_release(&bytes);
	return err;
}

static enum err check_comment(const char *comment, struct error *error)
{
	size_t length = strlen(comment);
	bool plain = length <= COMMENT_MAX && text_is_valid(comment, length);

	for (const unsigned char *c = (const unsigned char *)comment; plain && *c; c++)
		plain = *c >= ' ' && *c != 0x7f;
	if (plain)
		return ERR_OK;
	return error_invalid(error, "key",
			     "The comment of the key must be text of at most %d bytes, without control characters",
			     COMMENT_MAX);
}

static enum err read_line(struct arena *arena, const char *line, struct ssh_key *out, struct error *error)
{
	size_t type_length = strcspn(line, " \t"), body_length;
	const char *rest = line + type_length;
	const struct key_type *type;
	enum err err;

	out->type = arena_strndup(arena, line, type_length);
	rest += strspn(rest, " \t");
	body_length = strcspn(rest, " \t");
	out->body = arena_strndup(arena, rest, body_length);
	rest += body_length;
	out->comment = arena_strdup(arena, rest + strspn(rest, " \t"));
	type = ITEM_WITH_TEXT(types, sizeof types / sizeof *types, name, out->type);
	if (!type)
		return error_invalid(error, "key",
				     "The line must begin with a type of key. " ALLOWED_TYPES_TEXT
				     ". Options before the type and certificates are not accepted");
	err = check_comment(out->comment, error);
	return err ? err : read_key_data(arena, type, out, error);
}

enum err ssh_key_read(struct arena *arena, const char *text, size_t length, struct ssh_key *out, struct error *error)
{
	const char *found = NULL;

	if (memchr(text, '\0', length))
		return error_invalid(error, "key", "The key is not text; use one line as in id_ed25519.pub");
	for (const char *at = text; at < text + length;) {
		size_t line = strcspn(at, "\n"), kept = line;

		while (kept && strchr(" \t\r", at[kept - 1]))
			kept--;
		if (kept && *at != '#') {
			if (found)
				return error_invalid(error, "key", "The text has several keys; add one key at a time");
			found = arena_strndup(arena, at, kept);
		}
		at += line + (at[line] == '\n');
	}
	if (!found)
		return error_invalid(error, "key", "The public key is missing; use one line as in id_ed25519.pub");
	return read_line(arena, found, out, error);
}
