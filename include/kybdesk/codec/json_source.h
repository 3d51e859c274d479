/* A JSON file for a codec: its text, and its name for error messages. All strings are borrowed. */
#ifndef KYBDESK_CODEC_JSON_SOURCE_H
#define KYBDESK_CODEC_JSON_SOURCE_H

#include <stddef.h>

struct json_source {
	const char *text;
	size_t length;
	const char *origin;
};

#endif
