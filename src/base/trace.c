#include "kybdesk/base/trace.h"
#include "kybdesk/base/digest.h"

#include <string.h>

#define LOWER_HEX "0123456789abcdef"
#define TRACE_AT 3
#define PART_AT 36
#define FLAGS_AT 53

/* Whether the text starts with `length` hexadecimal digits, not all zero, and then `end`. */
static bool is_hex_id(const char *text, size_t length, char end)
{
	return strspn(text, LOWER_HEX) == length && strspn(text, "0") != length && text[length] == end;
}

bool trace_is_valid(const char *traceparent)
{
	const char *text = traceparent;
	bool first = !strncmp(text, "00-", TRACE_AT);

	if (strspn(text, LOWER_HEX) != 2 || text[2] != '-' || !strncmp(text, "ff", 2))
		return false;
	if (!is_hex_id(text + TRACE_AT, 32, '-') || !is_hex_id(text + PART_AT, 16, '-'))
		return false;
	if (strspn(text + FLAGS_AT, LOWER_HEX) != 2)
		return false;
	return !text[FLAGS_AT + 2] || (!first && text[FLAGS_AT + 2] == '-');
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
	hex_encode(part, sizeof part, out + PART_AT);
	/* Keeps only the flag "sampled", the only flag that is defined. */
	out[PART_AT + 16] = '-';
	out[FLAGS_AT] = '0';
	out[FLAGS_AT + 1] = strchr("13579bdf", traceparent[FLAGS_AT + 1]) ? '1' : '0';
	out[TRACE_TEXT_SIZE - 1] = '\0';
}

void trace_copy_id(const char *traceparent, char out[33])
{
	*out = '\0';
	if (!trace_is_valid(traceparent))
		return;
	memcpy(out, traceparent + TRACE_AT, 32);
	out[32] = '\0';
}
