#include "guard.h"

/* Whether curses may print the character; text_display() has removed all others. */
static bool may_paint(wchar_t c, enum text_mode mode)
{
	unsigned long point = (unsigned long)c;
	if (mode == TEXT_ASCII && point > 0x7e)
		return false;
	return point >= 0x20 && !(point >= 0x7f && point <= 0x9f) && point != 0xad && point != 0x61c &&
	       !(point >= 0x200b && point <= 0x200f) && !(point >= 0x2028 && point <= 0x202e) &&
	       !(point >= 0x2060 && point <= 0x206f) && point != 0xfeff && !(point >= 0xfff9 && point <= 0xfffb) &&
	       !(point >= 0xe0000 && point <= 0xe0fff) && point <= 0x10ffff;
}

size_t cell_decode(const struct cell *cell, enum text_mode mode, wchar_t *out, size_t most)
{
	size_t count = 0;
	for (size_t i = 0; i < cell->length;) {
		unsigned char first = (unsigned char)cell->text[i];
		size_t extra = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
		unsigned long point = first < 0x80 ? first : first & (0x3fU >> extra);
		for (i++; extra && i < cell->length; extra--, i++)
			point = point << 6 | ((unsigned char)cell->text[i] & 0x3f);
		if (!may_paint((wchar_t)point, mode))
			BUG("U+%04lX reached the terminal unfiltered", point);
		if (count < most)
			out[count++] = (wchar_t)point;
	}
	out[count] = L'\0';
	return count;
}
