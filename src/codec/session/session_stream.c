/* Reads raw session documents from a stream, one at a time. Only the current document is in memory; a document longer
 * than SESSION_LINE_MAX is skipped. */
#include "kybdesk/codec/session_codec.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_SIZE (256 * 1024)

enum stream_form { FORM_UNKNOWN, FORM_LINES, FORM_ARRAY_FIRST, FORM_ARRAY_NEXT, FORM_ENDED };

struct session_stream {
	int fd;
	enum stream_form form;
	const char *member; /* member of an object that contains the array; NULL: none */
	bool end_of_file;
	size_t at, buffered_bytes; /* position and number of bytes in block */
	size_t offset_bytes;	   /* number of bytes read from fd */
	size_t line;		   /* line number of block[at], from 1 */
	struct strbuf text;
	char *block;
};

struct session_stream *session_stream_new(int fd, const struct session_stream_start *start)
{
	struct session_stream *stream = xcalloc(1, sizeof *stream);
	stream->fd = fd;
	stream->line = 1;
	stream->block = xmalloc(BLOCK_SIZE);
	strbuf_init(&stream->text);
	if (start) {
		stream->member = start->member;
		memcpy(stream->block, start->head, start->length);
		stream->buffered_bytes = stream->offset_bytes = start->length;
	}
	return stream;
}

void session_stream_free(struct session_stream *stream)
{
	if (!stream)
		return;
	strbuf_release(&stream->text);
	free(stream->block);
	free(stream);
}

size_t session_stream_offset(const struct session_stream *stream)
{
	return stream->offset_bytes;
}

/* Reads more bytes to the end of the block. */
static enum err read_more_bytes(struct session_stream *stream, struct error *error)
{
	ssize_t got;
	do {
		got = read(stream->fd, stream->block + stream->buffered_bytes, BLOCK_SIZE - stream->buffered_bytes);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		stream->form = FORM_ENDED;
		return error_set(error, ERR_INTERNAL, "the input cannot be read any further: %s", strerror(errno));
	}
	stream->end_of_file = got == 0;
	stream->buffered_bytes += (size_t)got;
	stream->offset_bytes += (size_t)got;
	return ERR_OK;
}

/* The next byte, without consuming it; -1 at the end. */
static enum err peek_byte(struct session_stream *stream, int *byte, struct error *error)
{
	if (stream->at == stream->buffered_bytes) {
		stream->at = stream->buffered_bytes = 0; /* buffered_bytes stays 0 at the end of the file */
		enum err err = stream->end_of_file ? ERR_OK : read_more_bytes(stream, error);
		if (err)
			return err;
	}
	*byte = stream->at < stream->buffered_bytes ? (unsigned char)stream->block[stream->at] : -1;
	return ERR_OK;
}

static void consume_byte(struct session_stream *stream)
{
	if (stream->block[stream->at++] == '\n')
		stream->line++;
}

static bool is_space(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static enum err skip_spaces(struct session_stream *stream, int *byte, struct error *error)
{
	enum err err;
	while ((err = peek_byte(stream, byte, error)) == ERR_OK && is_space(*byte))
		consume_byte(stream);
	return err;
}

/* A byte order mark has three bytes, at the start of the stream; an incomplete mark is part of the text. */
static enum err skip_byte_order_mark(struct session_stream *stream, struct error *error)
{
	int byte;
	enum err err = peek_byte(stream, &byte, error);
	if (err != ERR_OK)
		return err;
	while (stream->buffered_bytes > 0 && stream->buffered_bytes < 3 && !stream->end_of_file) {
		err = read_more_bytes(stream, error);
		if (err != ERR_OK)
			return err;
	}
	if (stream->buffered_bytes >= 3 && memcmp(stream->block, "\xef\xbb\xbf", 3) == 0)
		stream->at = 3;
	return ERR_OK;
}

/* Skips spaces and then `text`; false: other text comes next in the block. */
static bool skip_text(const struct session_stream *stream, size_t *at, const char *text)
{
	size_t from = *at, length = strlen(text);

	while (from < stream->buffered_bytes && is_space((unsigned char)stream->block[from]))
		from++;
	if (stream->buffered_bytes - from < length || memcmp(stream->block + from, text, length) != 0)
		return false;
	*at = from + length;
	return true;
}

#define ARRAY_START_MAX 4096 /* the array of `member` must begin within this number of bytes */

/* {"member": [ */
static enum err find_member(struct session_stream *stream, bool *found, struct error *error)
{
	enum err err = ERR_OK;
	size_t at;

	while (!err && stream->buffered_bytes - stream->at < ARRAY_START_MAX && stream->buffered_bytes < BLOCK_SIZE &&
	       !stream->end_of_file)
		err = read_more_bytes(stream, error);
	at = stream->at;
	*found = !err && skip_text(stream, &at, "{") && skip_text(stream, &at, "\"") &&
		 skip_text(stream, &at, stream->member) && skip_text(stream, &at, "\"") &&
		 skip_text(stream, &at, ":") && skip_text(stream, &at, "[");
	while (*found && stream->at < at)
		consume_byte(stream);
	if (!*found)
		stream->member = NULL;
	return err;
}

static enum err detect_stream_form(struct session_stream *stream, struct error *error)
{
	int byte;
	enum err err = skip_byte_order_mark(stream, error);
	if (err == ERR_OK)
		err = skip_spaces(stream, &byte, error);
	if (err != ERR_OK)
		return err;
	bool inside = false;
	if (stream->member && (err = find_member(stream, &inside, error)))
		return err;
	if (!inside && byte == '[')
		consume_byte(stream);
	stream->form = inside || byte == '[' ? FORM_ARRAY_FIRST : FORM_LINES;
	return ERR_OK;
}

static enum err refuse_long_element(struct error *error)
{
	return error_set(error, ERR_INVALID, "is longer than %d MiB, the limit for one session",
			 SESSION_LINE_MAX >> 20);
}

static enum err next_line(struct session_stream *stream, size_t *line, bool *end, struct error *error)
{
	for (;;) {
		bool whole = false, long_line = false;
		strbuf_reset(&stream->text);
		*line = stream->line;
		while (!whole) {
			int byte;
			enum err err = peek_byte(stream, &byte, error);
			if (err != ERR_OK)
				return err;
			if (byte < 0)
				break;
			const char *from = stream->block + stream->at;
			size_t left = stream->buffered_bytes - stream->at;
			const char *newline = memchr(from, '\n', left);
			size_t length = newline ? (size_t)(newline - from) : left;
			if (stream->text.len + length > SESSION_LINE_MAX)
				long_line = true;
			if (!long_line)
				strbuf_add(&stream->text, from, length);
			stream->at += length;
			if (newline) {
				consume_byte(stream);
				whole = true;
			}
		}
		if (long_line)
			return refuse_long_element(error);
		if (strspn(stream->text.buf, " \t\r\n") != stream->text.len)
			return ERR_OK;
		if (!whole) {
			*end = true;
			return ERR_OK;
		}
	}
}

/* Reports that the rest of the array cannot be split into session documents. */
static enum err refuse_array(struct session_stream *stream, struct error *error, const char *what)
{
	stream->form = FORM_ENDED;
	return error_set(error, ERR_INVALID, "%s; the rest of the input was not read", what);
}

struct scan {
	size_t depth;
	bool in_string, escaped;
};

/* Whether the element is complete after this byte. */
static bool scan_byte(struct scan *scan, int byte)
{
	if (scan->in_string) {
		if (scan->escaped)
			scan->escaped = false;
		else if (byte == '\\')
			scan->escaped = true;
		else if (byte == '"')
			scan->in_string = false;
		return !scan->in_string && scan->depth == 0;
	}
	if (byte == '"')
		scan->in_string = true;
	else if (byte == '{' || byte == '[')
		scan->depth++;
	else if (byte == '}' || byte == ']')
		return --scan->depth == 0;
	return false;
}

static enum err read_element(struct session_stream *stream, struct error *error)
{
	struct scan scan = { 0 };
	bool long_element = false;
	strbuf_reset(&stream->text);
	for (;;) {
		int byte;
		enum err err = peek_byte(stream, &byte, error);
		if (err != ERR_OK)
			return err;
		if (byte < 0)
			return refuse_array(stream, error, "the file ends inside this element: the file is cut off");
		if (scan.in_string && byte == '\n')
			return refuse_array(stream, error, "a string in this element is not closed on its line");
		/* Outside strings and brackets a separator of the array ends a number or word. */
		if (scan.depth == 0 && !scan.in_string && (byte == ',' || byte == ']' || byte == '}' || is_space(byte)))
			break;
		if (stream->text.len == SESSION_LINE_MAX)
			long_element = true;
		if (!long_element)
			strbuf_addch(&stream->text, (char)byte);
		consume_byte(stream);
		if (scan_byte(&scan, byte))
			break;
	}
	return long_element ? refuse_long_element(error) : ERR_OK;
}

/* The next byte of the array that is not a space, and its line. */
static enum err next_byte(struct session_stream *stream, int *byte, size_t *line, struct error *error)
{
	enum err err = skip_spaces(stream, byte, error);

	if (!err)
		*line = stream->line;
	return err;
}

static enum err next_element(struct session_stream *stream, size_t *line, bool *end, struct error *error)
{
	int byte;
	enum err err = next_byte(stream, &byte, line, error);
	if (err != ERR_OK)
		return err;
	if (stream->form == FORM_ARRAY_NEXT && byte == ',') {
		consume_byte(stream);
		err = next_byte(stream, &byte, line, error);
		if (err != ERR_OK)
			return err;
		if (byte == ']')
			return refuse_array(stream, error, "the array has a comma after its last element");
	} else if (byte == ']') {
		consume_byte(stream);
		stream->form = FORM_ENDED;
		err = next_byte(stream, &byte, line, error);
		if (!err && byte >= 0 && !stream->member)
			return refuse_array(stream, error, "text follows the end of the array");
		*end = !err;
		return err;
	} else if (stream->form == FORM_ARRAY_NEXT && byte >= 0) {
		return refuse_array(stream, error, "expected ',' or ']' after an element of the array");
	}
	if (byte < 0)
		return refuse_array(stream, error, "the file ends inside the array: the file is cut off");
	if (byte == ',' || byte == '}')
		return refuse_array(stream, error, "expected an object in the array");
	stream->form = FORM_ARRAY_NEXT;
	return read_element(stream, error);
}

enum err session_stream_next(struct session_stream *stream, const char **text, size_t *length, size_t *line, bool *end,
			     struct error *error)
{
	enum err err = ERR_OK;
	*text = "";
	*length = 0;
	*end = false;
	*line = stream->line;
	if (stream->form == FORM_UNKNOWN)
		err = detect_stream_form(stream, error);
	if (err != ERR_OK) {
		stream->form = FORM_ENDED;
		return err;
	}
	switch (stream->form) {
	case FORM_UNKNOWN:
	case FORM_ENDED:
		*end = true;
		return ERR_OK;
	case FORM_LINES:
		err = next_line(stream, line, end, error);
		break;
	case FORM_ARRAY_FIRST:
	case FORM_ARRAY_NEXT:
		err = next_element(stream, line, end, error);
		break;
	}
	if (err == ERR_OK && !*end) {
		*text = stream->text.buf;
		*length = stream->text.len;
	}
	return err;
}
