#include "kybdesk/base/trace.h"
#include "kybdesk/base/digest.h"

#include <string.h>

#define LOWER_HEX "0123456789abcdef"
#define TRACE_ID_OFFSET 3
#define PARENT_ID_OFFSET 36
#define FLAGS_OFFSET 53

/* Whether the text starts with `length` hexadecimal digits, not all zero, and then `end`. */
static bool is_hex_id(const char *text, size_t length, char end)
{
	return strspn(text, LOWER_HEX) == length && strspn(text, "0") != length && text[length] == end;
}

bool trace_is_valid(const char *traceparent)
{
	const char *text = traceparent;
	bool first = !strncmp(text, "00-", TRACE_ID_OFFSET);

	if (strspn(text, LOWER_HEX) != 2 || text[2] != '-' || !strncmp(text, "ff", 2))
		return false;
	if (!is_hex_id(text + TRACE_ID_OFFSET, 32, '-') || !is_hex_id(text + PARENT_ID_OFFSET, 16, '-'))
		return false;
	if (strspn(text + FLAGS_OFFSET, LOWER_HEX) != 2)
		return false;
	return !text[FLAGS_OFFSET + 2] || (!first && text[FLAGS_OFFSET + 2] == '-');
}

void trace_new_parent(const struct world *world, const char *traceparent, char out[TRACE_TEXT_SIZE])
{
	uint8_t part[8];

	*out = '\0';
	if (!trace_is_valid(traceparent))
		return;
	do
		world_random(world, part, sizeof part);
	while (!memcmp(part, "\0\0\0\0\0\0\0", sizeof part));
	memcpy(out, traceparent, TRACE_TEXT_SIZE - 1);
	memcpy(out, "00", 2);
	hex_encode(part, sizeof part, out + PARENT_ID_OFFSET);
	/* Keeps only the flag "sampled", the only flag that is defined. */
	out[PARENT_ID_OFFSET + 16] = '-';
	out[FLAGS_OFFSET] = '0';
	out[FLAGS_OFFSET + 1] = strchr("13579bdf", traceparent[FLAGS_OFFSET + 1]) ? '1' : '0';
	out[TRACE_TEXT_SIZE - 1] = '\0';
}

void trace_copy_id(const char *traceparent, char out[33])
{
	*out = '\0';
	if (!trace_is_valid(traceparent))
		return;
	memcpy(out, traceparent + TRACE_ID_OFFSET, 32);
	out[32] = '\0';
}
