/* Writes text of any script in the letters a to z, by a table made once from ICU 72 ("Any-Latin; Latin-ASCII"):
 * version 1. */
#include "kybdesk/base/resource.h"
#include "codepoint.h"

#include <string.h>
#include <utf8proc.h>

#define LETTERS "names/letters.txt" /* letters, and their Latin letters */
#define DECOMPOSED_MAX 32

struct script {
	uint32_t first, last;
	unsigned traits;
};
static const struct script scripts[] = {
	{ 0x0590, 0x08ff, TEXT_FEW_VOWELS },
	{ 0x0900, 0x0dff, TEXT_FEW_VOWELS },
	{ 0x0e00, 0x0eff, TEXT_FEW_VOWELS | TEXT_WITHOUT_SPACES },
	{ 0x1100, 0x11ff, TEXT_FEW_VOWELS | TEXT_WITHOUT_SPACES },
	{ 0x1200, 0x137f, TEXT_FEW_VOWELS },
	{ 0x1780, 0x17ff, TEXT_FEW_VOWELS | TEXT_WITHOUT_SPACES },
	{ 0x3040, 0x30ff, TEXT_WITHOUT_SPACES },
	{ 0x4e00, 0x9fff, TEXT_WITHOUT_SPACES },
};

const char *text_table_find(const char *file, const char *bytes, size_t count, size_t *length)
{
	const struct resource *table = resource_find_embedded(file);
	const char *text = (const char *)table->bytes;
	size_t low = 0, high = table->length;

	while (low < high) {
		size_t start = low + (high - low) / 2;
		const char *end, *tab;
		int order;

		while (start > low && text[start - 1] != '\n')
			start--;
		end = memchr(text + start, '\n', table->length - start);
		tab = memchr(text + start, '\t', (size_t)(end - text) - start);
		order = memcmp(bytes, text + start,
			       count < (size_t)(tab - text) - start ? count : (size_t)(tab - text) - start);
		if (!order)
			order = (count > (size_t)(tab - text) - start) - (count < (size_t)(tab - text) - start);
		if (!order) {
			*length = (size_t)(end - tab) - 1;
			return tab + 1;
		}
		if (order < 0)
			high = start;
		else
			low = (size_t)(end - text) + 1;
	}
	return NULL;
}

static const char *find_letters(const char *bytes, size_t count, size_t *length)
{
	return text_table_find(LETTERS, bytes, count, length);
}

static size_t add_from_table(struct strbuf *out, const char *first, size_t first_size, const char *second,
			     size_t second_size)
{
	char both[8];
	size_t length = 0;
	const char *latin = NULL;

	memcpy(both, first, first_size);
	memcpy(both + first_size, second, second_size);
	if (second_size && (latin = find_letters(both, first_size + second_size, &length))) {
		strbuf_add(out, latin, length);
		return 2;
	}
	latin = find_letters(first, first_size, &length);
	if (latin)
		strbuf_add(out, latin, length);
	return latin ? 1 : 0;
}

static const char *plain_latin(uint32_t codepoint)
{
	return codepoint == 0xdf ? "ss" : codepoint == 0x259 ? "a" : codepoint_plain_letter(codepoint);
}

/* Lower case, decomposed, without marks; letters that the table has (kana) stay whole. */
static void add_base_letters(struct strbuf *out, uint32_t codepoint)
{
	utf8proc_int32_t parts[DECOMPOSED_MAX];
	int boundary = 0;
	char bytes[4];
	size_t length, size;
	utf8proc_ssize_t count;

	if (codepoint < 0x80) {
		strbuf_addch(out, (char)(codepoint >= 'A' && codepoint <= 'Z' ? codepoint - 'A' + 'a' : codepoint));
		return;
	}
	codepoint = (uint32_t)utf8proc_tolower((utf8proc_int32_t)codepoint);
	size = codepoint_write(codepoint, bytes);
	if (codepoint >= 0x80 && find_letters(bytes, size, &length)) {
		strbuf_add(out, bytes, size);
		return;
	}
	count = utf8proc_decompose_char((utf8proc_int32_t)codepoint, parts, DECOMPOSED_MAX,
					UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &boundary);
	for (utf8proc_ssize_t i = 0; i < count && i < DECOMPOSED_MAX; i++) {
		utf8proc_category_t kind = utf8proc_category(parts[i]);

		if (kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_ME)
			continue;
		strbuf_add(out, bytes, codepoint_write((uint32_t)parts[i], bytes));
	}
}

static unsigned traits_of(uint32_t codepoint)
{
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
		if (codepoint >= scripts[i].first && codepoint <= scripts[i].last)
			return scripts[i].traits;
	return 0;
}

unsigned text_add_latin(struct strbuf *out, const char *text, size_t length)
{
	struct strbuf base = STRBUF_INIT;
	const size_t start = out->len;
	unsigned traits = 0;
	uint32_t codepoint, next = 0;
	bool apart = false, ukrainian;

	for (size_t at = 0, size; at < length; at += size ? size : 1) {
		size = codepoint_read(text + at, length - at, &codepoint);
		if (!size)
			strbuf_addch(&base, ' ');
		else if (codepoint != 0xaa && codepoint != 0xba) /* ordinal signs */
			add_base_letters(&base, codepoint);
	}
	ukrainian = base.len && (strstr(base.buf, "і") || strstr(base.buf, "є") || strstr(base.buf, "ґ"));
	for (size_t at = 0, size; at < base.len; at += size ? size : 1) {
		const char *plain;
		size_t more, taken = 0, before = out->len;

		size = codepoint_read(base.buf + at, base.len - at, &codepoint);
		if (!size)
			continue;
		more = codepoint_read(base.buf + at + size, base.len - at - size, &next);
		plain = codepoint < 0x80 ? NULL : codepoint == 0x433 && ukrainian ? "h" : plain_latin(codepoint);
		if (codepoint == '\'' || codepoint == 0x2019 || codepoint == '`' || codepoint == '.' ||
		    codepoint == 0x5f4 || codepoint == '"')
			continue;
		if (apart && out->len > start && out->buf[out->len - 1] != ' ')
			strbuf_addch(out, ' ');
		apart = false;
		before = out->len;
		if ((codepoint >= 'a' && codepoint <= 'z') || (codepoint >= '0' && codepoint <= '9'))
			strbuf_addch(out, (char)codepoint);
		else if (plain)
			strbuf_adds(out, plain);
		else if (codepoint == '&' || codepoint == '+')
			strbuf_adds(out, before > start && out->buf[before - 1] != ' ' ? " & " : "& ");
		else if (codepoint >= 0x80)
			taken = add_from_table(out, base.buf + at, size, base.buf + at + size, more);
		else
			apart = true;
		if (codepoint >= 0x80 && !plain && !taken) {
			utf8proc_category_t kind = utf8proc_category((utf8proc_int32_t)codepoint);

			if (kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO)
				strbuf_add(out, base.buf + at, size); /* a letter that the table lacks */
			else if (kind == UTF8PROC_CATEGORY_ND) {
				unsigned value = 0;

				while (utf8proc_category((utf8proc_int32_t)(codepoint - value - 1)) == kind)
					value++;
				strbuf_addch(out, (char)('0' + value % 10));
			} else if (kind < UTF8PROC_CATEGORY_MN || kind > UTF8PROC_CATEGORY_ME) {
				apart = true;
			}
		}
		traits |= codepoint < 0x80 ? 0 : traits_of(codepoint);
		if (taken == 2)
			size += more;
	}
	strbuf_release(&base);
	return traits;
}
