#include "sgr.h"

#include <stdbool.h>
#include <string.h>

#define ESCAPE '\033'

static bool is_ascii(char c)
{
	return c >= ' ' && c <= '~';
}

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
	struct strbuf *out;
	size_t colour_end; /* end of the last colour in `out`; 0 none */
	char last;	   /* the character right before a sequence, if it is ASCII; else 0 */
};

static void take_colours(struct thinning *at, const char *bytes, size_t length, size_t rest)
{
	const char *text = bytes + 2;
	size_t cells = length - 3;
	char *colour = colour_set(at->sgr, text, cells);
	if (!colour) {
		*at->sgr = (struct sgr){ 0 };
		if (!begins(text, cells + 1, "39;49m") || !is_reset_next(bytes + length, rest))
			strbuf_add(at->out, bytes, length);
		return;
	}
	if (strlen(colour) == cells && !memcmp(colour, text, cells))
		return;
	memcpy(colour, text, cells);
	colour[cells] = '\0';
	if (at->colour_end && at->colour_end == at->out->len) { /* one sequence for both */
		at->out->buf[at->out->len - 1] = ';';
		strbuf_add(at->out, text, cells + 1);
	} else {
		strbuf_add(at->out, bytes, length);
	}
	at->colour_end = at->out->len;
}

static bool repeats(struct thinning *at, const char *bytes, size_t length)
{
	size_t times = 0;
	if (bytes[length - 1] != 'b' || !at->last || !is_number(bytes + 2, length - 3))
		return false;
	for (size_t i = 2; i < length - 1; i++)
		times = times * 10 + (size_t)(bytes[i] - '0');
	strbuf_addn(at->out, at->last, times);
	return times > 0;
}

/* Its length in the bytes. */
static size_t take_sequence(struct thinning *at, const char *bytes, size_t length)
{
	size_t whole = sequence(bytes, length);
	if (!whole) {
		*at->sgr = (struct sgr){ 0 };
		strbuf_addch(at->out, ESCAPE);
		whole = 1;
	} else if (bytes[whole - 1] == 'm') {
		take_colours(at, bytes, whole, length - whole);
	} else if (!repeats(at, bytes, whole)) {
		strbuf_add(at->out, bytes, whole);
	}
	at->last = '\0';
	return whole;
}

void sgr_thin(struct sgr *sgr, const char *bytes, size_t length, struct strbuf *out)
{
	struct thinning thinning = { .sgr = sgr, .out = out };
	for (size_t at = 0; at < length;) {
		const char *escape = memchr(bytes + at, ESCAPE, length - at);
		size_t text = escape ? (size_t)(escape - bytes) - at : length - at;
		strbuf_add(out, bytes + at, text);
		at += text;
		if (text)
			thinning.last = is_ascii(bytes[at - 1]) ? bytes[at - 1] : '\0';
		if (escape)
			at += take_sequence(&thinning, bytes + at, length - at);
	}
}
