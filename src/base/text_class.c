/* Character classes for field rules. */
#include "kybdesk/base/text.h"
#include "codepoint.h"

#include <string.h>
#include <utf8proc.h>

enum text_class text_class_at(const char *text, size_t length, size_t *bytes)
{
	uint32_t codepoint = 0;
	size_t size = codepoint_read(text, length, &codepoint);

	*bytes = size ? size : 1;
	if (!size)
		return TEXT_OTHER;
	if (codepoint == ' ')
		return TEXT_SPACE;
	if (codepoint >= '0' && codepoint <= '9')
		return TEXT_DIGIT;
	switch (utf8proc_category((utf8proc_int32_t)codepoint)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return codepoint_is_hostile(codepoint) ? TEXT_OTHER : TEXT_LETTER;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
		return codepoint_is_hostile(codepoint) ? TEXT_OTHER : TEXT_MARK;
	default:
		return TEXT_OTHER;
	}
}

size_t text_character_count(const char *text)
{
	size_t length = strlen(text), count = 0, bytes;

	for (size_t at = 0; at < length; at += bytes) {
		(void)text_class_at(text + at, length - at, &bytes);
		count++;
	}
	return count;
}

void text_add_upper(struct strbuf *out, const char *text, size_t length)
{
	for (size_t at = 0; at < length;) {
		uint32_t codepoint = 0;
		size_t size = codepoint_read(text + at, length - at, &codepoint);
		char upper[4];

		if (size) {
			uint32_t capital = (uint32_t)utf8proc_toupper((utf8proc_int32_t)codepoint);

			strbuf_add(out, upper, codepoint_write(capital, upper));
		} else {
			size = 1;
			strbuf_addch(out, text[at]);
		}
		at += size;
	}
}
