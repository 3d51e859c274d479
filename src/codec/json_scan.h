/* Private to the codec: line numbers of the members of a JSON text, for errors about values. jansson reports a line
 * only for syntax errors. Scans a text that json_parse() accepted. */
#ifndef KYBDESK_SRC_CODEC_JSON_SCAN_H
#define KYBDESK_SRC_CODEC_JSON_SCAN_H

#include "kybdesk/base/arena.h"

enum json_token_kind {
	JSON_TOKEN_END,
	JSON_TOKEN_OPEN,   /* { or [ */
	JSON_TOKEN_CLOSE,  /* } or ] */
	JSON_TOKEN_NAME,   /* name of a member */
	JSON_TOKEN_STRING, /* string that is a value */
	JSON_TOKEN_SCALAR  /* a number, true, false or null */
};
struct json_token {
	enum json_token_kind kind;
	unsigned line;	  /* line number of the token's start, from 1 */
	const char *text; /* text of a name, a string or another value, in the arena; otherwise "" */
};
struct json_scan {
	struct arena *arena;
	const char *text;
	size_t length, at;
	unsigned line;
	size_t depth; /* number of open objects and lists */
};

struct json_scan json_scan_start(struct arena *arena, const char *text, size_t length);
struct json_token json_scan_next(struct json_scan *scan);
/* Skips the rest of the value that begins with `first`, the token just read. */
void json_skip_value(struct json_scan *scan, const struct json_token *first);
/* Line of the member with this path ("roles.text.foreground", "views[2].name"), or of its nearest existing parent. */
unsigned json_line_of(struct arena *arena, const char *text, size_t length, const char *path);

#endif
