/* Makes the keys for the comparison of numbers and names: texts that look the same to a reader have the same key. */
#include "kybdesk/base/text.h"

#include <string.h>
#include <utf8proc.h>

#define DECOMPOSED_MAX 32 /* the longest decomposition in Unicode has 18 code points */

/* Letters that look like a letter or digit of ASCII: the confusables of Unicode (UTS 39, from uspoof_getSkeleton()
 * of ICU 72), without letters that decompose or are written from right to left. docs/decisions/0044 explains why
 * this is a table. */
#define LOOK_ALIKES "names/look_alikes.txt"

static char look_alike_ascii(uint32_t codepoint)
{
	char bytes[4];
	size_t length;
	const char *as = text_table_find(LOOK_ALIKES, bytes, codepoint_write(codepoint, bytes), &length);

	return as ? *as : '\0';
}

/* The ASCII digit with the same value. The decimal digits of a script are ten consecutive code points. */
static char decimal_digit_of(uint32_t codepoint)
{
	unsigned before = 0;

	while (utf8proc_category((utf8proc_int32_t)(codepoint - before - 1)) == UTF8PROC_CATEGORY_ND)
		before++;
	return (char)('0' + before % 10);
}

static bool is_letter_or_number(const utf8proc_property_t *property)
{
	return !property->ignorable &&
	       ((property->category >= UTF8PROC_CATEGORY_LU && property->category <= UTF8PROC_CATEGORY_LO) ||
		property->category == UTF8PROC_CATEGORY_MC || property->category == UTF8PROC_CATEGORY_NL ||
		property->category == UTF8PROC_CATEGORY_NO);
}

static char as_drawn(char as)
{
	return as == 'O' ? '0' : as == 'I' || as == 'L' ? '1' : as;
}

static char similar_ascii(uint32_t codepoint, uint32_t capital)
{
	char as = capital < 0x80 ? (char)capital : look_alike_ascii(codepoint);

	return as_drawn(as ? as : look_alike_ascii(capital));
}

/* A digit, or a letter as a capital; others are nothing. */
static void add_ascii(struct strbuf *out, char c)
{
	const char capital = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);

	if (capital >= 'A' && capital <= 'Z')
		strbuf_addch(out, as_drawn(capital));
	else if (is_ascii_digit(c))
		strbuf_addch(out, c);
}

static void add_codepoint(struct strbuf *out, uint32_t codepoint)
{
	const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)codepoint);
	uint32_t capital = (uint32_t)utf8proc_toupper((utf8proc_int32_t)codepoint);
	char bytes[4];

	if (property->category == UTF8PROC_CATEGORY_ND) {
		strbuf_addch(out, decimal_digit_of(codepoint));
	} else if (is_letter_or_number(property)) {
		char as = similar_ascii(codepoint, capital);

		if (as)
			strbuf_addch(out, as);
		else
			strbuf_add(out, bytes, codepoint_write(capital, bytes));
	}
}

void text_likeness_key(struct strbuf *out, const char *text, size_t length)
{
	utf8proc_int32_t parts[DECOMPOSED_MAX];
	uint32_t codepoint = 0;

	for (size_t at = 0, size; at < length; at += size ? size : 1) {
		int boundary = 0;
		utf8proc_ssize_t count;

		size = codepoint_read(text + at, length - at, &codepoint);
		/* Skips the ordinal signs (ª, º), since they would decompose to letters. */
		if (!size || codepoint == 0xaa || codepoint == 0xba)
			continue;
		if (codepoint < 0x80) {
			add_ascii(out, (char)codepoint);
			continue;
		}
		count = utf8proc_decompose_char((utf8proc_int32_t)codepoint, parts, DECOMPOSED_MAX,
						UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
		for (utf8proc_ssize_t i = 0; i < count && i < DECOMPOSED_MAX; i++)
			add_codepoint(out, (uint32_t)parts[i]);
	}
}

void text_number_key(struct strbuf *out, const char *number)
{
	struct strbuf likeness = STRBUF_INIT;
	char last = '\0';

	text_likeness_key(&likeness, number, strlen(number));
	for (size_t i = 0; i < likeness.len; i++) {
		char c = likeness.buf[i];

		if (c == '0' && !is_ascii_digit(last))
			continue;
		strbuf_addch(out, c);
		last = c;
	}
	strbuf_release(&likeness);
}
