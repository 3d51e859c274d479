#include "kybdesk/codec/checkpoint.h"

#include <string.h>

void checkpoint_write(struct strbuf *out, const struct checkpoint *checkpoint)
{
	strbuf_addf(out, "%s\n%lld\n", checkpoint->origin, (long long)checkpoint->size);
	base64_encode(out, checkpoint->root, SHA256_SIZE);
	strbuf_addch(out, '\n');
}

struct line {
	const char *text;
	size_t length;
};

static bool next_line(const char **text, size_t *length, struct line *out)
{
	const char *end = memchr(*text, '\n', *length);

	if (!end || end == *text)
		return false;
	*out = (struct line){ *text, (size_t)(end - *text) };
	*length -= out->length + 1;
	*text = end + 1;
	return true;
}

/* Reads a size: only digits, no leading zeros. */
static bool read_tree_size(const struct line *line, int64_t *out)
{
	*out = 0;
	if (line->length > 1 && line->text[0] == '0')
		return false;
	for (size_t i = 0; i < line->length; i++) {
		int digit = line->text[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(*out, 10, out) ||
		    __builtin_add_overflow(*out, digit, out))
			return false;
	}
	return true;
}

static bool read_root_hash(const struct line *line, uint8_t out[SHA256_SIZE])
{
	struct strbuf bytes = STRBUF_INIT;
	bool read = base64_decode(&bytes, line->text, line->length) && bytes.len == SHA256_SIZE;

	if (read)
		memcpy(out, bytes.buf, SHA256_SIZE);
	strbuf_release(&bytes);
	return read;
}

enum err checkpoint_read(struct arena *arena, const char *text, size_t length, struct checkpoint *out,
			 struct error *error)
{
	struct line line;

	*out = (struct checkpoint){ .origin = "" };
	if (!next_line(&text, &length, &line))
		return error_set(error, ERR_INVALID, "line 1 does not name the audit log");
	out->origin = arena_strndup(arena, line.text, line.length);
	if (!next_line(&text, &length, &line) || !read_tree_size(&line, &out->size))
		return error_set(error, ERR_INVALID, "line 2 is not a number of records");
	if (!next_line(&text, &length, &line) || !read_root_hash(&line, out->root))
		return error_set(error, ERR_INVALID, "line 3 is not a SHA-256 in base64");
	while (length)
		if (!next_line(&text, &length, &line))
			return error_set(error, ERR_INVALID, "the text has an empty line");
	return ERR_OK;
}
