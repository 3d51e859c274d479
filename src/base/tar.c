#include "kybdesk/base/tar.h"

#include <stdio.h>
#include <string.h>

#define BLOCK_SIZE 512
#define MEMBER_SIZE_MAX 077777777777 /* eleven octal digits */
/* Offsets of the fields in a header. */
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

static void put_header_field(char header[BLOCK_SIZE], size_t at, const char *text)
{
	memcpy(header + at, text, strlen(text));
}

static void write_header(char header[BLOCK_SIZE], const char *name, size_t length)
{
	char digits[16];
	unsigned sum = 0;

	memset(header, 0, BLOCK_SIZE);
	put_header_field(header, NAME, name);
	put_header_field(header, MODE, "0000600");
	put_header_field(header, UID, "0000000");
	put_header_field(header, GID, "0000000");
	snprintf(digits, sizeof digits, "%011zo", length);
	put_header_field(header, SIZE, digits);
	put_header_field(header, MTIME, "00000000000");
	put_header_field(header, CHECKSUM, "        ");
	put_header_field(header, TYPE, "0");
	put_header_field(header, MAGIC, "ustar");
	put_header_field(header, VERSION, "00");
	put_header_field(header, MAJOR, "0000000");
	put_header_field(header, MINOR, "0000000");
	for (size_t i = 0; i < BLOCK_SIZE; i++)
		sum += (unsigned char)header[i];
	snprintf(digits, sizeof digits, "%06o", sum);
	memcpy(header + CHECKSUM, digits, 7);
}

static size_t padding_of(size_t length)
{
	return (BLOCK_SIZE - length % BLOCK_SIZE) % BLOCK_SIZE;
}

void tar_add_member(struct strbuf *out, const char *name, const void *bytes, size_t length)
{
	static const char zeros[BLOCK_SIZE];
	char header[BLOCK_SIZE];

	if (!*name || strlen(name) > TAR_NAME_MAX || length > MEMBER_SIZE_MAX)
		BUG("%s cannot be a member of an archive: the name is empty or too long, or the file too large", name);
	write_header(header, name, length);
	strbuf_add(out, header, sizeof header);
	strbuf_add(out, bytes, length);
	strbuf_add(out, zeros, padding_of(length));
}

void tar_end(struct strbuf *out)
{
	static const char zeros[2 * BLOCK_SIZE];

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
	char same[BLOCK_SIZE];

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
	return *out->name && !memcmp(header, same, BLOCK_SIZE);
}

enum err tar_read_member(const char *archive, size_t length, size_t *at, struct tar_member *out, bool *end,
			 struct error *error)
{
	size_t left = length - *at;

	*end = left == 2 * BLOCK_SIZE && is_zero_block(archive + *at, left);
	if (*end)
		return ERR_OK;
	if (left < BLOCK_SIZE || !read_header(archive + *at, out))
		return error_set(error, ERR_INVALID, "at byte %zu: the header of a file is missing or not valid", *at);
	left -= BLOCK_SIZE;
	if (out->length > left || padding_of(out->length) > left - out->length)
		return error_set(error, ERR_INVALID, "the end of %s is missing", out->name);
	out->bytes = archive + *at + BLOCK_SIZE;
	if (!is_zero_block(out->bytes + out->length, padding_of(out->length)))
		return error_set(error, ERR_INVALID, "the padding after %s was changed", out->name);
	*at += BLOCK_SIZE + out->length + padding_of(out->length);
	return ERR_OK;
}
