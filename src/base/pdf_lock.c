#include "kybdesk/base/pdf_lock.h"
#include "kybdesk/base/digest.h"

#include <ctype.h>
#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

#define LOCK_TEXT_MAX 128 /* bytes of a string in the dictionary; the longest that counts has 48 */
#define MD5_SIZE 16
#define PAD_SIZE 32

struct bytes {
	const unsigned char *at;
	size_t length;
};

struct text {
	unsigned char bytes[LOCK_TEXT_MAX];
	size_t length;
};

/* The entries of an encryption dictionary that decide whether the empty password opens the file. */
struct lock {
	struct text filter, owner, user;
	int64_t version, revision, length, permissions;
	bool skips_metadata;
	struct text id; /* first identifier of the trailer */
};

static bool is_space(unsigned char c)
{
	return c == '\0' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static bool is_regular(unsigned char c)
{
	return !is_space(c) && !strchr("()<>[]{}/%", c);
}

static void skip_space(struct bytes *in)
{
	while (in->length && is_space(*in->at))
		*in = (struct bytes){ in->at + 1, in->length - 1 };
}

static unsigned char take(struct bytes *in)
{
	unsigned char c = in->length ? *in->at : '\0';

	if (in->length)
		*in = (struct bytes){ in->at + 1, in->length - 1 };
	return c;
}

static void text_push(struct text *out, unsigned char c)
{
	if (out->length < sizeof out->bytes)
		out->bytes[out->length++] = c;
}

static void read_escape(struct bytes *in, struct text *out)
{
	static const char letters[] = "nrtbf", values[] = "\n\r\t\b\f";
	unsigned char c = take(in);
	const char *letter = c ? strchr(letters, c) : NULL;

	if (letter) {
		text_push(out, (unsigned char)values[letter - letters]);
	} else if (c >= '0' && c <= '7') {
		unsigned value = c - '0';

		for (int i = 0; i < 2 && in->length && *in->at >= '0' && *in->at <= '7'; i++)
			value = value * 8 + (take(in) - '0');
		text_push(out, (unsigned char)value);
	} else if (c == '\r') {
		if (in->length && *in->at == '\n')
			(void)take(in);
	} else if (c != '\n') {
		text_push(out, c);
	}
}

/* Reads a string after its "(". */
static void read_literal(struct bytes *in, struct text *out)
{
	size_t depth = 1;

	while (in->length) {
		unsigned char c = take(in);

		if (c == '\\') {
			read_escape(in, out);
			continue;
		}
		depth += c == '(';
		depth -= c == ')';
		if (!depth)
			return;
		text_push(out, c);
	}
}

/* Reads a string of hexadecimal digits after its "<". */
static void read_hex(struct bytes *in, struct text *out)
{
	int high = -1;

	while (in->length) {
		unsigned char c = take(in);
		int digit = hex_digit((char)c);

		if (c == '>')
			break;
		if (digit < 0)
			continue;
		if (high < 0) {
			high = digit;
			continue;
		}
		text_push(out, (unsigned char)(high * 16 + digit));
		high = -1;
	}
	if (high >= 0)
		text_push(out, (unsigned char)(high * 16));
}

static void read_word(struct bytes *in, struct text *out)
{
	while (in->length && is_regular(*in->at))
		text_push(out, take(in));
}

static bool text_is(const struct text *text, const char *word)
{
	return text->length == strlen(word) && !memcmp(text->bytes, word, text->length);
}

/* The number that a text is; 0: it is none. A number beyond 32 bits, as some programs write /P, is cut. */
static int64_t number_of(const struct text *text)
{
	bool minus = text->length && text->bytes[0] == '-';
	int64_t value = 0;

	for (size_t i = minus; i < text->length && i < 12; i++) {
		if (!isdigit(text->bytes[i]))
			return 0;
		value = value * 10 + (text->bytes[i] - '0');
	}
	return minus ? -value : value;
}

static void set_entry(struct lock *lock, const struct text *key, const struct text *value)
{
	struct text *const texts[] = { &lock->filter, &lock->owner, &lock->user };
	static const char *const text_keys[] = { "Filter", "O", "U" };
	int64_t *const numbers[] = { &lock->version, &lock->revision, &lock->length, &lock->permissions };
	static const char *const number_keys[] = { "V", "R", "Length", "P" };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (text_is(key, text_keys[i]))
			*texts[i] = *value;
	}
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		if (text_is(key, number_keys[i]))
			*numbers[i] = number_of(value);
	}
	if (text_is(key, "EncryptMetadata"))
		lock->skips_metadata = text_is(value, "false");
}

/* One entry of a dictionary. `at`: what follows the key; `value`: its first word or string, empty for other values. */
struct entry {
	struct text key, value;
	struct bytes at;
};

struct entries {
	struct bytes in; /* after the dictionary's "<<" */
	size_t depth;	 /* of inner dictionaries; their entries are skipped */
};

static bool next_entry(struct entries *entries, struct entry *out)
{
	bool has_key = false;

	while (entries->in.length) {
		struct text value = { .length = 0 };
		const struct bytes at = entries->in;
		unsigned char c = '\0';

		skip_space(&entries->in);
		c = entries->in.length ? *entries->in.at : '\0';
		if (!is_regular(c))
			(void)take(&entries->in);
		bool is_bracket = (c == '<' || c == '>') && entries->in.length && *entries->in.at == c;
		if (is_bracket) {
			(void)take(&entries->in);
			if (c == '>' && !entries->depth)
				return false;
			entries->depth = c == '<' ? entries->depth + 1 : entries->depth - 1;
		} else if (c == '%') {
			while (entries->in.length && *entries->in.at != '\n' && *entries->in.at != '\r')
				(void)take(&entries->in);
			continue;
		} else if (c == '(') {
			read_literal(&entries->in, &value);
		} else if (c == '<') {
			read_hex(&entries->in, &value);
		} else if (c == '/' || is_regular(c)) {
			read_word(&entries->in, &value);
		}
		if (has_key) {
			out->value = value;
			out->at = at;
			return true;
		}
		has_key = c == '/' && !entries->depth;
		if (has_key)
			out->key = value;
	}
	return false;
}

static struct bytes rest_of(const struct bytes *file, const unsigned char *at)
{
	return (struct bytes){ at, file->length - (size_t)(at - file->at) };
}

static bool starts_with(const struct bytes *in, const char *text)
{
	return in->length >= strlen(text) && !memcmp(in->at, text, strlen(text));
}

/* Finds the object with the number, such as "5 0 obj"; in->at is NULL if the file has no such object. */
static struct bytes find_object(const struct bytes *file, int64_t number)
{
	struct bytes rest = *file;
	const unsigned char *at = NULL;

	while ((at = memmem(rest.at, rest.length, "obj", 3))) {
		const unsigned char *digit = at;
		int64_t value = 0, scale = 1;

		rest = rest_of(file, at + 3);
		while (digit > file->at && is_space(digit[-1]))
			digit--;
		while (digit > file->at && isdigit(digit[-1])) /* the generation */
			digit--;
		while (digit > file->at && is_space(digit[-1]))
			digit--;
		for (int i = 0; i < 10 && digit > file->at && isdigit(digit[-1]); i++, scale *= 10)
			value += (*--digit - '0') * scale;
		if (scale > 1 && value == number)
			return rest;
	}
	return (struct bytes){ NULL, 0 };
}

/* Reads a reference such as "5 0 R"; 0: it is none. */
static int64_t read_reference(struct bytes in)
{
	struct text words[3] = { { .length = 0 }, { .length = 0 }, { .length = 0 } };

	for (size_t i = 0; i < 3; i++) {
		skip_space(&in);
		read_word(&in, &words[i]);
	}
	return text_is(&words[2], "R") ? number_of(&words[0]) : 0;
}

/* Enters the dictionary that begins here. */
static bool enter(struct bytes in, struct entries *out)
{
	skip_space(&in);
	if (!starts_with(&in, "<<"))
		return false;
	*out = (struct entries){ .in = { in.at + 2, in.length - 2 } };
	return true;
}

/* Whether a trailer has these entries. */
static bool is_trailer(struct entries entries)
{
	struct entry entry;

	while (next_entry(&entries, &entry))
		if (text_is(&entry.key, "Root") || text_is(&entry.key, "Encrypt"))
			return true;
	return false;
}

/* Enters the trailer of the cross-reference table, or the dictionary of the cross-reference stream, that begins here. */
static bool enter_table(struct bytes in, struct entries *out)
{
	const unsigned char *at = in.at;

	skip_space(&in);
	if (starts_with(&in, "xref"))
		at = memmem(in.at, in.length, "trailer", 7);
	else
		at = memmem(in.at, in.length < 32 ? in.length : 32, "obj", 3);
	return at && enter(rest_of(&in, at + (*at == 't' ? 7 : 3)), out) && is_trailer(*out);
}

#define TRAILERS_TRIED_MAX 16
#define STREAM_HEAD_MAX 4096

/* Enters the trailer that this word of the file leads to. */
static bool enter_trailer(const struct bytes *file, const unsigned char *at, size_t start, struct entries *out)
{
	if (*at == 't')
		return enter(rest_of(file, at + 7), out) && is_trailer(*out);
	if (*at == '/') { /* of a cross-reference stream: back to the start of its object */
		for (size_t i = 0; i < STREAM_HEAD_MAX && at > file->at && memcmp(at, "obj", 3) != 0; i++)
			at--;
		return enter(rest_of(file, at + 3), out) && is_trailer(*out);
	}
	struct bytes in = rest_of(file, at + 9);
	struct text word = { .length = 0 };

	skip_space(&in);
	read_word(&in, &word);
	size_t offset = (size_t)number_of(&word);
	return offset && offset < file->length - start && enter_table(rest_of(file, file->at + start + offset), out);
}

/* Finds the trailer that counts: the one that the last "startxref" leads to; if that is broken, the last that names a
 * root, as readers do. A text of a page or an attached file that only looks like a trailer is passed over. */
static bool find_trailer(const struct bytes *file, struct entries *out)
{
	static const char *const words[] = { "startxref", "trailer", "/XRef" };
	const unsigned char *head =
		memmem(file->at, file->length < PDF_HEADER_MAX ? file->length : PDF_HEADER_MAX, "%PDF-", 5);

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const unsigned char *last[TRAILERS_TRIED_MAX], *at = file->at;
		size_t count = 0, tried = i ? TRAILERS_TRIED_MAX : 1;

		for (struct bytes rest = *file; (at = memmem(rest.at, rest.length, words[i], strlen(words[i])));
		     rest = rest_of(file, at + 1))
			last[count++ % TRAILERS_TRIED_MAX] = at;
		for (; count && tried; tried--)
			if (enter_trailer(file, last[--count % TRAILERS_TRIED_MAX],
					  head ? (size_t)(head - file->at) : 0, out))
				return true;
	}
	return false;
}

/* Reads the encryption dictionary, either in place or by a reference; "null" is none. A reference to an object that is
 * missing leaves the lock empty. */
static bool read_lock(const struct bytes *file, const struct entry *encrypt, struct lock *lock)
{
	int64_t number = read_reference(encrypt->at);
	struct bytes at = number > 0 ? find_object(file, number) : encrypt->at;
	struct entries entries;
	struct entry entry;

	*lock = (struct lock){ .length = 40 };
	if (!at.at)
		return true;
	if (!enter(at, &entries))
		return false;
	while (next_entry(&entries, &entry))
		set_entry(lock, &entry.key, &entry.value);
	return true;
}

/* The first identifier of "/ID [<…> <…>]". */
static void read_id(struct bytes in, struct text *id)
{
	unsigned char c = '\0';

	skip_space(&in);
	if (take(&in) != '[')
		return;
	skip_space(&in);
	c = take(&in);
	if (c == '<')
		read_hex(&in, id);
	else if (c == '(')
		read_literal(&in, id);
}

static const unsigned char padding[PAD_SIZE] = { 0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E,
						 0x56, 0xFF, 0xFA, 0x01, 0x08, 0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68,
						 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A };

static void rc4(const unsigned char *key, size_t key_length, unsigned char *bytes, size_t length)
{
	unsigned char state[256];
	unsigned char a = 0, b = 0;

	for (size_t i = 0; i < 256; i++)
		state[i] = (unsigned char)i;
	for (size_t i = 0; i < 256; i++) {
		unsigned char kept = state[i];

		b = (unsigned char)(b + kept + key[i % key_length]);
		state[i] = state[b];
		state[b] = kept;
	}
	b = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned char kept = state[++a];

		b = (unsigned char)(b + kept);
		state[a] = state[b];
		state[b] = kept;
		bytes[i] ^= state[(unsigned char)(state[a] + kept)];
	}
}

static void digest(const EVP_MD *kind, const void *bytes, size_t length, unsigned char *out)
{
	if (EVP_Digest(bytes, length, out, NULL, kind, NULL) != 1)
		fail_crypto();
}

/* Algorithms 2, 4 and 5 (revisions 2 to 4) with an empty password and a key of this many bytes. */
static bool opens_with_rc4(const struct lock *lock, size_t key_length)
{
	unsigned char in[PAD_SIZE + 32 + 4 + LOCK_TEXT_MAX + 4], key[MD5_SIZE], user[PAD_SIZE];
	size_t count = PAD_SIZE + 32, checked = lock->revision == 2 ? PAD_SIZE : MD5_SIZE;

	if (lock->owner.length < 32 || lock->user.length < checked)
		return false;
	memcpy(in, padding, PAD_SIZE);
	memcpy(in + PAD_SIZE, lock->owner.bytes, 32);
	for (int i = 0; i < 4; i++)
		in[count++] = (unsigned char)((uint64_t)lock->permissions >> (8 * i));
	memcpy(in + count, lock->id.bytes, lock->id.length);
	count += lock->id.length;
	for (int i = 0; i < 4 && lock->revision >= 4 && lock->skips_metadata; i++)
		in[count++] = 0xFF;
	digest(EVP_md5(), in, count, key);
	for (int i = 0; i < 50 && lock->revision >= 3; i++)
		digest(EVP_md5(), key, key_length, key);
	memcpy(user, padding, PAD_SIZE);
	if (lock->revision == 2) {
		rc4(key, key_length, user, PAD_SIZE);
	} else {
		memcpy(in, padding, PAD_SIZE);
		memcpy(in + PAD_SIZE, lock->id.bytes, lock->id.length);
		digest(EVP_md5(), in, PAD_SIZE + lock->id.length, user);
		for (int i = 0; i < 20; i++) {
			unsigned char turned[MD5_SIZE];

			for (size_t k = 0; k < key_length; k++)
				turned[k] = (unsigned char)(key[k] ^ i);
			rc4(turned, key_length, user, MD5_SIZE);
		}
	}
	return !memcmp(user, lock->user.bytes, checked);
}

static void aes_128_cbc(const unsigned char *key, const unsigned char *start, unsigned char *bytes, size_t length)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int done = 0;

	if (!context || EVP_EncryptInit_ex(context, EVP_aes_128_cbc(), NULL, key, start) != 1 ||
	    EVP_CIPHER_CTX_set_padding(context, 0) != 1 ||
	    EVP_EncryptUpdate(context, bytes, &done, bytes, (int)length) != 1)
		fail_crypto();
	EVP_CIPHER_CTX_free(context);
}

/* Algorithm 2.B (revision 6) with an empty password; revision 5 is its first step only. */
static bool opens_with_sha(const struct lock *lock)
{
	unsigned char key[64], repeated[64 * 64];
	size_t key_length = 32;

	if (lock->user.length < 48)
		return false;
	digest(EVP_sha256(), lock->user.bytes + 32, 8, key);
	for (int round = 1; lock->revision >= 6; round++) {
		const EVP_MD *kind = EVP_sha256();
		unsigned rest = 0;

		for (size_t i = 0; i < 64; i++)
			memcpy(repeated + i * key_length, key, key_length);
		aes_128_cbc(key, key + 16, repeated, 64 * key_length);
		for (size_t i = 0; i < 16; i++)
			rest += repeated[i];
		if (rest % 3)
			kind = rest % 3 == 1 ? EVP_sha384() : EVP_sha512();
		unsigned char last = repeated[64 * key_length - 1];
		digest(kind, repeated, 64 * key_length, key);
		key_length = rest % 3 == 0 ? 32 : rest % 3 == 1 ? 48 : 64;
		if (round >= 64 && last <= round - 32)
			break;
	}
	return !memcmp(key, lock->user.bytes, 32);
}

static bool is_locked(const struct lock *lock)
{
	if (!text_is(&lock->filter, "Standard"))
		return true;
	if (lock->revision >= 5)
		return !opens_with_sha(lock);
	/* Of a file with crypt filters (version 4) the key has 16 bytes, also if the dictionary has another length. */
	size_t key_length = lock->version == 1				    ? 5
			    : lock->version >= 4			    ? MD5_SIZE
			    : lock->length >= 40 && lock->length <= 128	    ? (size_t)lock->length / 8
			    : lock->length >= 5 && lock->length <= MD5_SIZE ? (size_t)lock->length
									    : 5;
	return !opens_with_rc4(lock, key_length);
}

enum pdf_state pdf_check(const void *bytes, size_t length)
{
	const struct bytes file = { bytes, length };
	struct entries trailer;
	struct entry entry;
	struct lock lock;
	struct text id = { .length = 0 };
	bool is_encrypted = false, has_document = false;

	if (!length || !find_trailer(&file, &trailer))
		return PDF_BROKEN;
	while (next_entry(&trailer, &entry)) {
		if (text_is(&entry.key, "ID"))
			read_id(entry.at, &id);
		else if (text_is(&entry.key, "Encrypt"))
			is_encrypted = read_lock(&file, &entry, &lock);
		else if (text_is(&entry.key, "Root")) /* in a stream of objects, it has no words of its own */
			has_document =
				find_object(&file, read_reference(entry.at)).at || memmem(bytes, length, "/ObjStm", 7);
	}
	lock.id = id;
	return is_encrypted && is_locked(&lock) ? PDF_LOCKED : has_document ? PDF_OPENS : PDF_BROKEN;
}
