#include "kybdesk/base/text.h"
#include "codepoint.h"

#include <string.h>

#define MARKS_PER_BASE_MAX 4
#define DOTTED_CIRCLE "\xe2\x97\x8c"

size_t text_valid_prefix(const char *bytes, size_t length)
{
	size_t at = 0;
	while (at < length) {
		/* Checks eight plain characters at a time: no high bit, no zero byte. */
		uint64_t word;
		if (length - at >= sizeof word) {
			memcpy(&word, bytes + at, sizeof word);
			uint64_t zero = (word - UINT64_C(0x0101010101010101)) & ~word;
			if (((word | zero) & UINT64_C(0x8080808080808080)) == 0) {
				at += sizeof word;
				continue;
			}
		}
		uint32_t codepoint;
		size_t size = codepoint_read(bytes + at, length - at, &codepoint);
		if (size == 0 || codepoint == 0)
			break;
		at += size;
	}
	return at;
}

bool text_is_valid(const char *bytes, size_t length)
{
	return text_valid_prefix(bytes, length) == length;
}

/* Similar ASCII text, one cell wide, that is shown instead of a character; NULL: none. */
static const char *ascii_likeness(uint32_t codepoint)
{
	static const struct {
		uint32_t codepoint;
		const char *ascii;
	} likenesses[] = {
		{ 0x00a0, " " }, { 0x00ab, "<" }, { 0x00b4, "'" }, { 0x00b7, "." },  { 0x00bb, ">" },  { 0x00d7, "x" },
		{ 0x2010, "-" }, { 0x2011, "-" }, { 0x2012, "-" }, { 0x2013, "-" },  { 0x2014, "-" },  { 0x2015, "-" },
		{ 0x2018, "'" }, { 0x2019, "'" }, { 0x201a, "," }, { 0x201c, "\"" }, { 0x201d, "\"" }, { 0x201e, "\"" },
		{ 0x2022, "*" }, { 0x2026, "~" }, { 0x202f, " " }, { 0x2032, "'" },  { 0x2033, "\"" }, { 0x2039, "<" },
		{ 0x203a, ">" }, { 0x2190, "<" }, { 0x2191, "^" }, { 0x2192, ">" },  { 0x2193, "v" },  { 0x2212, "-" },
		{ 0x2500, "-" }, { 0x2502, "|" }, { 0x250c, "+" }, { 0x2510, "+" },  { 0x2514, "+" },  { 0x2518, "+" },
		{ 0x251c, "+" }, { 0x2524, "+" }, { 0x252c, "+" }, { 0x2534, "+" },  { 0x253c, "+" },
	};
	for (size_t i = 0; i < sizeof likenesses / sizeof likenesses[0]; i++)
		if (likenesses[i].codepoint == codepoint)
			return likenesses[i].ascii;
	return NULL;
}

static void add_hostile_char(struct strbuf *out, uint32_t codepoint, enum text_mode mode)
{
	if (codepoint > 0x7f) {
		strbuf_addf(out, "<U+%04X>", (unsigned)codepoint);
		return;
	}
	if (mode == TEXT_UTF8) {
		char picture[4];
		size_t size = codepoint_write(codepoint == 0x7f ? 0x2421 : 0x2400 + codepoint, picture);
		strbuf_add(out, picture, size);
		return;
	}
	strbuf_addch(out, '^');
	strbuf_addch(out, codepoint == 0x7f ? '?' : (char)(codepoint + '@'));
}

static void add_character(struct strbuf *out, const char *bytes, size_t size, uint32_t codepoint, enum text_mode mode)
{
	/* The caller has handled plain ASCII characters. */
	const char *likeness = mode == TEXT_ASCII ? ascii_likeness(codepoint) : NULL;
	if (mode == TEXT_UTF8)
		strbuf_add(out, bytes, size);
	else if (likeness)
		strbuf_adds(out, likeness);
	else
		strbuf_addn(out, '?', codepoint_cells(codepoint));
}

/* Adds the combining marks after a base character; replaces the marks beyond MARKS_PER_BASE_MAX by their number, like
 * "<+3>". Returns the number of bytes read. */
static size_t add_combining_marks(struct strbuf *out, const char *text, size_t length, bool has_base,
				  enum text_mode mode)
{
	size_t at = 0;
	size_t seen = 0;
	uint32_t codepoint;
	size_t size;
	if (!has_base)
		add_character(out, DOTTED_CIRCLE, strlen(DOTTED_CIRCLE), 0x25cc, mode);
	while ((size = codepoint_read(text + at, length - at, &codepoint)) > 0 && codepoint_is_combining(codepoint) &&
	       !codepoint_is_hostile(codepoint)) {
		if (seen++ < MARKS_PER_BASE_MAX)
			add_character(out, text + at, size, codepoint, mode);
		at += size;
	}
	if (seen > MARKS_PER_BASE_MAX)
		strbuf_addf(out, "<+%zu>", seen - MARKS_PER_BASE_MAX);
	return at;
}

static bool is_regional_indicator(uint32_t codepoint)
{
	return codepoint >= 0x1f1e6 && codepoint <= 0x1f1ff;
}

/* Whether a joiner stands between two letters of a script that spells with joiners, from Arabic to Sinhala: Persian
 * and Indic names have them. It has no width, and is left out. */
static bool is_spelling_joiner(uint32_t before, uint32_t codepoint, const char *rest, size_t length)
{
	uint32_t after = 0;

	if ((codepoint != 0x200c && codepoint != 0x200d) || before < 0x0620 || before > 0x0dff)
		return false;
	return codepoint_read(rest, length, &after) > 0 && after >= 0x0620 && after <= 0x0dff;
}

static void add_display_text(struct strbuf *out, const char *text, size_t length, enum text_mode mode,
			     bool keep_newlines)
{
	size_t at = 0;
	/* False after a replacement like "<80>": an accent must not combine with it and change its look. */
	bool has_base = false;
	uint32_t before = 0, codepoint;
	for (; at < length; before = codepoint) {
		size_t plain = at;
		while (plain < length && text[plain] >= 0x20 && text[plain] < 0x7f)
			plain++;
		if (plain > at) {
			strbuf_add(out, text + at, plain - at);
			has_base = true;
			at = plain;
			codepoint = 0;
			continue;
		}
		size_t size = codepoint_read(text + at, length - at, &codepoint);
		bool base = false;
		if (size == 0) {
			strbuf_addf(out, "<%02x>", (unsigned)(unsigned char)text[at]);
			size = 1;
		} else if (codepoint == '\n' && keep_newlines) {
			strbuf_addch(out, '\n');
		} else if (is_spelling_joiner(before, codepoint, text + at + size, length - at - size)) {
			base = has_base;
		} else if (codepoint_is_hostile(codepoint) || codepoint == 0x7f) {
			add_hostile_char(out, codepoint, mode);
		} else if (codepoint_is_combining(codepoint)) {
			/* Adds all combining marks that follow. */
			size = add_combining_marks(out, text + at, length - at, has_base, mode);
			base = has_base;
		} else if (is_regional_indicator(codepoint)) {
			/* Two regional indicators are a flag, two cells wide in every terminal. The width of a single
			 * indicator differs between terminals. */
			uint32_t second;
			size_t more = codepoint_read(text + at + size, length - at - size, &second);
			base = more && is_regional_indicator(second);
			if (base) {
				add_character(out, text + at, size, codepoint, mode);
				add_character(out, text + at + size, more, second, mode);
				size += more;
			} else {
				add_hostile_char(out, codepoint, mode);
			}
		} else {
			add_character(out, text + at, size, codepoint, mode);
			base = true;
		}
		has_base = base;
		at += size;
	}
}

void text_display(struct strbuf *out, const char *text, size_t length, enum text_mode mode)
{
	add_display_text(out, text, length, mode, false);
}

void text_display_lines(struct strbuf *out, const char *text, size_t length, enum text_mode mode)
{
	add_display_text(out, text, length, mode, true);
}

char *text_safe_copy(struct arena *arena, const char *text, enum text_mode mode)
{
	struct strbuf out = STRBUF_INIT;
	text_display(&out, text, strlen(text), mode);
	return strbuf_finish(&out, arena);
}
