#include "codepoint.h"

#include <stdlib.h>
#include <utf8proc.h>

struct range {
	uint32_t first;
	uint32_t last;
};

static int compare_range(const void *key, const void *item)
{
	uint32_t codepoint = *(const uint32_t *)key;
	const struct range *range = item;
	return codepoint < range->first ? -1 : codepoint > range->last;
}

static bool is_in_ranges(uint32_t codepoint, const struct range *ranges, size_t count)
{
	return bsearch(&codepoint, ranges, count, sizeof *ranges, compare_range) != NULL;
}

size_t codepoint_read(const char *bytes, size_t length, uint32_t *codepoint)
{
	if (length == 0)
		return 0;
	const unsigned char *in = (const unsigned char *)bytes;
	if (in[0] < 0x80) {
		*codepoint = in[0];
		return 1;
	}
	size_t size;
	uint32_t value, least;
	if (in[0] >= 0xc2 && in[0] <= 0xdf) {
		size = 2;
		value = in[0] & 0x1fu;
		least = 0x80;
	} else if (in[0] >= 0xe0 && in[0] <= 0xef) {
		size = 3;
		value = in[0] & 0x0fu;
		least = 0x800;
	} else if (in[0] >= 0xf0 && in[0] <= 0xf4) {
		size = 4;
		value = in[0] & 0x07u;
		least = 0x10000;
	} else {
		return 0;
	}
	if (length < size)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((in[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (in[i] & 0x3fu);
	}
	if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*codepoint = value;
	return size;
}

size_t codepoint_write(uint32_t codepoint, char out[4])
{
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)codepoint, (utf8proc_uint8_t *)out);
}

static utf8proc_category_t category(uint32_t codepoint)
{
	return utf8proc_category((utf8proc_int32_t)codepoint);
}

/* Whether the code point is a vowel or final of conjoining Hangul, which has no width of its own after a leading
 * consonant. */
static bool is_joining_hangul(uint32_t codepoint)
{
	return (codepoint >= 0x1160 && codepoint <= 0x11ff) || (codepoint >= 0xd7b0 && codepoint <= 0xd7ff);
}

size_t codepoint_cells(uint32_t codepoint)
{
	if (codepoint < 0x7f)
		return codepoint >= 0x20;
	if (is_joining_hangul(codepoint))
		return 0;
	/* Uses the width of the C library, as terminals do, where libutf8proc has a different width. */
	if ((codepoint >= 0x3248 && codepoint <= 0x324f) || (codepoint >= 0x4dc0 && codepoint <= 0x4dff))
		return 2;
	int width = utf8proc_charwidth((utf8proc_int32_t)codepoint);
	if (width == 0 && category(codepoint) == UTF8PROC_CATEGORY_MC)
		return 1;
	return width > 0 ? (size_t)width : 0;
}

bool codepoint_is_combining(uint32_t codepoint)
{
	if (codepoint < 0x300)
		return false;
	utf8proc_category_t kind = category(codepoint);
	return kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_MC || kind == UTF8PROC_CATEGORY_ME ||
	       is_joining_hangul(codepoint);
}

bool codepoint_is_hostile(uint32_t codepoint)
{
	/* Characters that are invisible although their category is letter, mark or symbol. */
	static const struct range invisible[] = {
		{ 0x034f, 0x034f },   { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },	  { 0x180b, 0x180f },
		{ 0x2028, 0x2029 },   { 0x3164, 0x3164 },   { 0xfe00, 0xfe0f },	  { 0xffa0, 0xffa0 },
		{ 0x1d159, 0x1d159 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
	};
	/* Skin tones: some terminals combine a skin tone with the previous character, others draw it in a separate
	 * cell. */
	static const struct range wandering[] = { { 0x1f3fb, 0x1f3ff } };
	/* Characters newer than Unicode 14: the C library of the oldest supported system does not know the width of
	 * these characters. */
	static const struct range newer[] = {
		{ 0x0cf3, 0x0cf3 },   { 0x0ece, 0x0ece },   { 0x10efd, 0x10eff }, { 0x1123f, 0x11241 },
		{ 0x11b00, 0x11b09 }, { 0x11f00, 0x11f59 }, { 0x1342f, 0x1342f }, { 0x13439, 0x13455 },
		{ 0x1b132, 0x1b132 }, { 0x1b155, 0x1b155 }, { 0x1d2c0, 0x1d2d3 }, { 0x1df25, 0x1df2a },
		{ 0x1e030, 0x1e08f }, { 0x1e4d0, 0x1e4f9 }, { 0x1f6dc, 0x1f6dc }, { 0x1f774, 0x1f776 },
		{ 0x1f77b, 0x1f77f }, { 0x1f7d9, 0x1f7d9 }, { 0x1fa75, 0x1fa77 }, { 0x1fa87, 0x1fa88 },
		{ 0x1faad, 0x1faaf }, { 0x1fabb, 0x1fabd }, { 0x1fabf, 0x1fabf }, { 0x1face, 0x1facf },
		{ 0x1fada, 0x1fadb }, { 0x1fae8, 0x1fae8 }, { 0x1faf7, 0x1faf8 }, { 0x2b739, 0x2b739 },
		{ 0x31350, 0x323af },
	};
	if (codepoint < 0x7f)
		return codepoint < 0x20;
	if (codepoint < 0xad)
		return codepoint < 0xa0;
	switch (category(codepoint)) {
	case UTF8PROC_CATEGORY_CN: /* unassigned and noncharacters */
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF: /* bidi controls, joiners, soft hyphen, tags, annotations */
	case UTF8PROC_CATEGORY_CO: /* private use */
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		break;
	}
	return is_in_ranges(codepoint, invisible, sizeof invisible / sizeof invisible[0]) ||
	       is_in_ranges(codepoint, wandering, sizeof wandering / sizeof wandering[0]) ||
	       is_in_ranges(codepoint, newer, sizeof newer / sizeof newer[0]);
}
