#include "sgr.h"

#include <stdbool.h>
#include <string.h>

#define ESCAPE '\033'

/* Length of the control sequence at the start of the bytes: ESC [ parameters, final byte. 0: another one, or cut. */
static size_t sequence(const char *bytes, size_t length)
{
	size_t at = 2;
	if (length < 3 || bytes[1] != '[')
		return 0;
	while (at < length && (unsigned char)bytes[at] >= 0x20 && (unsigned char)bytes[at] <= 0x3f)
		at++;
	return at < length && (unsigned char)bytes[at] >= 0x40 && (unsigned char)bytes[at] <= 0x7e ? at + 1 : 0;
}

static bool is_number(const char *text, size_t length)
{
	return length && length <= 3 && strspn(text, "0123456789") >= length;
}

/* The colour that the parameters set alone, one of the 256, or of the first sixteen; NULL: they do anything else. */
static char *colour_set(struct sgr *sgr, const char *text, size_t length)
{
	char *kinds[] = { sgr->foreground, sgr->background };
	if (length > 5 && is_number(text + 5, length - 5)) {
		if (!memcmp(text, "38;5;", 5))
			return kinds[0];
		return memcmp(text, "48;5;", 5) ? NULL : kinds[1];
	}
	if (!is_number(text, length) || (length == 3 && memcmp(text, "10", 2) != 0) || length < 2)
		return NULL;
	const char *last = text + length - 1;
	if (*last > '7')
		return NULL;
	if (length == 2 && (text[0] == '3' || text[0] == '9'))
		return kinds[0];
	return length == 3 || text[0] == '4' ? kinds[1] : NULL;
}

static bool begins(const char *bytes, size_t length, const char *prefix)
{
	return length >= strlen(prefix) && !memcmp(bytes, prefix, strlen(prefix));
}

/* Whether all attributes are reset next, colours too. */
static bool is_reset_next(const char *bytes, size_t length)
{
	if (begins(bytes, length, "\033(B")) {
		bytes += 3;
		length -= 3;
	}
	return begins(bytes, length, "\033[m") || begins(bytes, length, "\033[0m") ||
	       begins(bytes, length, "\033[0;");
}

struct thinning {
	struct sgr *sgr;
	char *bytes;
	size_t kept, colour_end; /* end of what remains so far, and of its last colour; 0 none */
};

static void keep(struct thinning *at, const char *bytes, size_t length)
{
	memmove(at->bytes + at->kept, bytes, length);
	at->kept += length;
}

static void take_colours(struct thinning *at, const char *bytes, size_t length, size_t rest)
{
	const char *text = bytes + 2;
	size_t cells = length - 3;
	char *colour = colour_set(at->sgr, text, cells);
	if (!colour) {
		*at->sgr = (struct sgr){ 0 };
		if (!begins(text, cells + 1, "39;49m") || !is_reset_next(bytes + length, rest))
			keep(at, bytes, length);
		return;
	}
	if (strlen(colour) == cells && !memcmp(colour, text, cells))
		return;
	memcpy(colour, text, cells);
	colour[cells] = '\0';
	if (at->colour_end && at->colour_end == at->kept) { /* one sequence for both */
		at->bytes[at->kept - 1] = ';';
		keep(at, text, cells + 1);
	} else {
		keep(at, bytes, length);
	}
	at->colour_end = at->kept;
}

size_t sgr_thin(struct sgr *sgr, char *bytes, size_t length)
{
	struct thinning thinning = { .sgr = sgr, .bytes = bytes };
	for (size_t at = 0, step; at < length; at += step) {
		bool escape = bytes[at] == ESCAPE;
		size_t whole = escape ? sequence(bytes + at, length - at) : 0;
		step = whole ? whole : 1;
		if (escape && !whole)
			*sgr = (struct sgr){ 0 };
		if (whole && bytes[at + whole - 1] == 'm')
			take_colours(&thinning, bytes + at, whole, length - at - whole);
		else
			keep(&thinning, bytes + at, step);
	}
	return thinning.kept;
}
