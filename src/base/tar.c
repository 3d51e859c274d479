#include "kybdesk/base/tar.h"

#include <stdio.h>
#include <string.h>

#define BLOCK 512
#define SIZE_MAX_OCTAL 077777777777 /* eleven octal digits */
/* Offsets of the members of a header. */
enum {
	NAME = 0,
	MODE = 100,
	UID = 108,
	GID = 116,
	SIZE = 124,
	MTIME = 136,
	CHECKSUM = 148,
	TYPE = 156,
	MAGIC = 257,
	VERSION = 263,
	MAJOR = 329,
	MINOR = 337
};

static void put(char header[BLOCK], size_t at, const char *text)
{
	memcpy(header + at, text, strlen(text));
}

static void write_header(char header[BLOCK], const char *name, size_t length)
{
	char digits[16];
	unsigned sum = 0;

	memset(header, 0, BLOCK);
	put(header, NAME, name);
	put(header, MODE, "0000600");
	put(header, UID, "0000000");
	put(header, GID, "0000000");
	snprintf(digits, sizeof digits, "%011zo", length);
	put(header, SIZE, digits);
	put(header, MTIME, "00000000000");
	put(header, CHECKSUM, "        ");
	put(header, TYPE, "0");
	put(header, MAGIC, "ustar");
	put(header, VERSION, "00");
	put(header, MAJOR, "0000000");
	put(header, MINOR, "0000000");
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)header[i];
	snprintf(digits, sizeof digits, "%06o", sum);
	memcpy(header + CHECKSUM, digits, 7);
}

static size_t padding_of(size_t length)
{
	return (BLOCK - length % BLOCK) % BLOCK;
}

void tar_add_member(struct strbuf *out, const char *name, const void *bytes, size_t length)
{
	static const char zeros[BLOCK];
	char header[BLOCK];

	if (!*name || strlen(name) > TAR_NAME_MAX || length > SIZE_MAX_OCTAL)
		BUG("%s cannot be a member of an archive", name);
	write_header(header, name, length);
	strbuf_add(out, header, sizeof header);
	strbuf_add(out, bytes, length);
	strbuf_add(out, zeros, padding_of(length));
}

void tar_end(struct strbuf *out)
{
	static const char zeros[2 * BLOCK];

	strbuf_add(out, zeros, sizeof zeros);
}

static bool is_zero_block(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i])
			return false;
	return true;
}

/* Reads the name and the size; false: the header differs from the header that write_header() would write. */
static bool read_header(const char *header, struct tar_member *out)
{
	char same[BLOCK];

	memcpy(out->name, header + NAME, TAR_NAME_MAX);
	out->name[TAR_NAME_MAX] = '\0';
	out->length = 0;
	for (size_t i = 0; i < 11; i++) {
		char digit = header[SIZE + i];

		if (digit < '0' || digit > '7')
			return false;
		out->length = out->length * 8 + (size_t)(digit - '0');
	}
	write_header(same, out->name, out->length);
	return *out->name && !memcmp(header, same, BLOCK);
}

enum err tar_read_member(const char *archive, size_t length, size_t *at, struct tar_member *out, bool *end,
			 struct error *error)
{
	size_t left = length - *at;

	*end = left == 2 * BLOCK && is_zero_block(archive + *at, left);
	if (*end)
		return ERR_OK;
	if (left < BLOCK || !read_header(archive + *at, out))
		return error_set(error, ERR_INVALID, "at byte %zu: not the header of a file", *at);
	left -= BLOCK;
	if (out->length > left || padding_of(out->length) > left - out->length)
		return error_set(error, ERR_INVALID, "%s is cut off", out->name);
	out->bytes = archive + *at + BLOCK;
	if (!is_zero_block(out->bytes + out->length, padding_of(out->length)))
		return error_set(error, ERR_INVALID, "the padding after %s was changed", out->name);
	*at += BLOCK + out->length + padding_of(out->length);
	return ERR_OK;
}
