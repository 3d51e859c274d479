#include "csv.h"
#include "kybdesk/base/strbuf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_SIZE (2 * CSV_RECORD_MAX)

struct csv {
	int fd;
	bool ended;
	char *block;
	size_t at, have, offset, line;
};

struct csv *csv_new(int fd, const char *head, size_t length)
{
	struct csv *csv = xcalloc(1, sizeof *csv);

	csv->fd = fd;
	csv->line = 1;
	csv->block = xmalloc(BLOCK_SIZE);
	memcpy(csv->block, head, length);
	csv->have = csv->offset = length;
	return csv;
}

void csv_free(struct csv *csv)
{
	if (!csv)
		return;
	free(csv->block);
	free(csv);
}

size_t csv_offset(const struct csv *csv)
{
	return csv->offset;
}

/* Fills the block until it holds a whole record of any length, or the rest of the input. */
static enum err fill(struct csv *csv, struct error *error)
{
	if (csv->ended || csv->have - csv->at > CSV_RECORD_MAX)
		return ERR_OK;
	memmove(csv->block, csv->block + csv->at, csv->have - csv->at);
	csv->have -= csv->at;
	csv->at = 0;
	while (!csv->ended && csv->have <= CSV_RECORD_MAX) {
		ssize_t got = read(csv->fd, csv->block + csv->have, BLOCK_SIZE - csv->have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(error, ERR_INTERNAL, "the input cannot be read any further: %s",
					 strerror(errno));
		csv->ended = got == 0;
		csv->have += (size_t)got;
		csv->offset += (size_t)got;
	}
	if (!csv->offset || csv->line > 1 || csv->have < 3 || memcmp(csv->block, "\xef\xbb\xbf", 3) != 0)
		return ERR_OK;
	csv->at = 3;
	return ERR_OK;
}

/* Reads one cell from *at on; false: the quotation mark is not closed, or text follows the closing mark. */
static bool read_cell(const char *text, size_t length, size_t *at, struct strbuf *out)
{
	size_t i = *at;

	strbuf_reset(out);
	if (i < length && text[i] == '"') {
		for (i++; i < length; i++) {
			if (text[i] == '"' && i + 1 < length && text[i + 1] == '"')
				i++;
			else if (text[i] == '"')
				break;
			strbuf_addch(out, text[i]);
		}
		if (i++ >= length)
			return false;
	} else {
		while (i < length && text[i] != ',' && text[i] != '\n' && text[i] != '\r')
			strbuf_addch(out, text[i++]);
	}
	*at = i;
	return i >= length || text[i] == ',' || text[i] == '\n' || text[i] == '\r';
}

static size_t line_end(const char *text, size_t length)
{
	const char *newline = memchr(text, '\n', length);

	return newline ? (size_t)(newline - text) + 1 : length;
}

static void take(struct csv *csv, struct csv_record *out, size_t bytes)
{
	out->line = csv->line;
	out->text = csv->block + csv->at;
	out->length = bytes;
	for (size_t i = 0; i < bytes; i++)
		csv->line += out->text[i] == '\n';
	csv->at += bytes;
}

/* Reads the cells of the first record of the text; *end: length of the record with its line end. */
static bool read_record(struct arena *arena, const char *text, size_t length, struct csv_record *out, size_t *end)
{
	struct strbuf cell = STRBUF_INIT;
	size_t at = 0;
	bool sound = true, more = true;

	while (more && (sound = read_cell(text, length, &at, &cell))) {
		*ARENA_PUSH(arena, out->cells, out->count, out->capacity) =
			arena_strndup(arena, cell.buf, cell.len);
		more = at < length && text[at] == ',';
		at += more;
	}
	strbuf_release(&cell);
	if (at < length && text[at] == '\r')
		at++;
	*end = at < length && text[at] == '\n' ? at + 1 : at;
	return sound;
}

enum err csv_next(struct csv *csv, struct arena *arena, struct csv_record *out, bool *end, struct error *error)
{
	for (;;) {
		enum err err = fill(csv, error);
		const char *text = csv->block + csv->at;
		size_t length = csv->have - csv->at, bytes = 0;

		*out = (struct csv_record){ .line = csv->line, .text = "" };
		*end = !err && !length;
		if (err || *end)
			return err;
		if (text[0] == '\n' || (text[0] == '\r' && length > 1 && text[1] == '\n')) {
			take(csv, out, text[0] == '\n' ? 1 : 2);
			continue;
		}
		if (!read_record(arena, text, length > CSV_RECORD_MAX ? CSV_RECORD_MAX : length, out, &bytes)) {
			take(csv, out, line_end(text, length));
			return error_set(error, ERR_INVALID,
					 "a quotation mark is not closed; close it, or write \"\" for one within a "
					 "value");
		}
		if (bytes >= CSV_RECORD_MAX) {
			take(csv, out, line_end(text, length));
			return error_set(error, ERR_INVALID, "is longer than %d KiB; shorten it",
					 CSV_RECORD_MAX / 1024);
		}
		take(csv, out, bytes);
		if (memchr(out->text, '\0', bytes))
			return error_set(error, ERR_INVALID, "contains a zero byte; save the file as UTF-8");
		return ERR_OK;
	}
}
