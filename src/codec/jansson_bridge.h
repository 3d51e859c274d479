/* Private to the codec: jansson values behind struct json_value, and the only parser and encoder of this folder. json.h
 * must be included before jansson.h, because jansson defines macros named json_is_object and json_is_array. */
#ifndef KYBDESK_SRC_CODEC_JANSSON_BRIDGE_H
#define KYBDESK_SRC_CODEC_JANSSON_BRIDGE_H

#include "kybdesk/codec/json.h"
#include <jansson.h>

#define JSON_DEPTH_MAX 64
/* First byte of a string that represents a number of json_new_number(); no valid UTF-8 contains it. */
#define JSON_NUMBER_MARK '\xff'

/* Checks UTF-8, NUL and depth before jansson reads the text, because jansson's parser is recursive. NULL with
 * ERR_INVALID: the message has the line and column, or for these checks the number of the byte. A duplicate key is
 * refused, and is named in error->field. */
json_t *json_parse(const char *text, size_t length, struct error *error);
/* Like json_parse(), but accepts repeated keys: the last value counts. For callers that report repeated keys
 * themselves. */
json_t *json_parse_repeated_keys(const char *text, size_t length, struct error *error);

struct json_style {
	bool is_indented;
	bool sort_keys;		  /* members sorted by key, for hashes */
	bool escapes_unsafe_text; /* escapes characters that text_display() replaces */
};
void json_encode(struct strbuf *out, const json_t *value, const struct json_style *style);
/* Writes one object in one line without a tree: the same bytes as json_write() in its compact layout. Keys are the
 * program's own words and need no escapes. */
struct json_line {
	struct strbuf *out, probe;
	bool begun;
};
struct json_line json_line_begin(struct strbuf *out);
void json_line_add_key(struct json_line *line, const char *word);
void json_line_add_text(struct json_line *line, const char *text);
void json_line_add_int(struct json_line *line, int64_t value);
void json_line_add_null(struct json_line *line);
void json_line_end(struct json_line *line);
/* Compact JSON as stored in the _json members, without escapes for display. */
char *json_compact_text(struct arena *arena, const json_t *value);

static inline json_t *json_unwrap(const struct json_value *value)
{
	return (json_t *)value;
}
static inline struct json_value *json_wrap(json_t *value)
{
	return (struct json_value *)value;
}
/* Appends the text; bytes that are not UTF-8 become U+FFFD. */
void json_repair(struct strbuf *out, const char *text, size_t length);
/* The kind of the value as words for messages, such as "a number" or "an object". */
const char *json_kind_phrase(const json_t *value);

#endif
