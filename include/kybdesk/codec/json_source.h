/* The text of a JSON file that a codec reads, and the name of the file, for errors. Borrowed. */
#ifndef KYBDESK_CODEC_JSON_SOURCE_H
#define KYBDESK_CODEC_JSON_SOURCE_H

#include <stddef.h>

struct json_source {
	const char *text;
	size_t length;
	const char *origin;
};

#endif
