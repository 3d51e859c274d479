#include "codepoint.h"
#include "kybdesk/base/arena.h"

#include <stdlib.h>
#include <utf8proc.h>
#include <string.h>

struct range {
	uint32_t first;
	uint32_t last;
};

const char *codepoint_plain_letter(uint32_t codepoint)
{
	static const struct {
		uint32_t codepoint;
		const char *plain;
	} letters[] = { { 0x00e6, "ae" }, { 0x00f0, "d" }, { 0x00f8, "o" }, { 0x00fe, "th" }, { 0x0111, "d" },
			{ 0x0127, "h" },  { 0x0131, "i" }, { 0x0142, "l" }, { 0x0153, "oe" }, { 0x0167, "t" } };
	for (size_t i = 0; codepoint <= 0x0167 && i < sizeof letters / sizeof letters[0]; i++)
		if (letters[i].codepoint == codepoint)
			return letters[i].plain;
	return NULL;
}

/* Whether a mark is removed. Accents and points are removed. Vowel signs of Indic, Thai and Lao, the virama and the
 * kana voicing sign are also marks, but are kept, because names differ by these signs. */
static bool is_removed_mark(const utf8proc_property_t *property, uint32_t codepoint)
{
	if (property->category == UTF8PROC_CATEGORY_ME || property->ignorable)
		return true;
	if (property->category != UTF8PROC_CATEGORY_MN || property->combining_class == 0)
		return false;
	switch (property->combining_class) {
	case 7:	  /* nukta */
	case 8:	  /* kana voicing */
	case 9:	  /* virama */
	case 103: /* Thai vowel signs below the letter */
	case 118: /* Lao vowel signs below the letter */
	case 129: /* Tibetan vowels */
	case 130:
	case 132:
		return false;
	}
	return codepoint != 0;
}

static bool is_space(const utf8proc_property_t *property)
{
	return property->category == UTF8PROC_CATEGORY_ZS || property->category == UTF8PROC_CATEGORY_ZL ||
	       property->category == UTF8PROC_CATEGORY_ZP || property->category == UTF8PROC_CATEGORY_CC;
}

struct fold_state {
	struct strbuf *out;
	size_t start;
	bool has_pending_space; /* white space seen since the last character */
};

static void fold_byte(struct fold_state *fold_state, char c)
{
	if (c == ' ' || (c >= 0 && c < ' ') || c == 0x7f) {
		fold_state->has_pending_space = true;
		return;
	}
	if (fold_state->has_pending_space && fold_state->out->len > fold_state->start)
		strbuf_addch(fold_state->out, ' ');
	fold_state->has_pending_space = false;
	strbuf_addch(fold_state->out, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
}

static void fold_codepoint(struct fold_state *fold_state, uint32_t codepoint)
{
	const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)codepoint);
	if (is_removed_mark(property, codepoint))
		return;
	if (is_space(property)) {
		fold_state->has_pending_space = true;
		return;
	}
	if (fold_state->has_pending_space && fold_state->out->len > fold_state->start)
		strbuf_addch(fold_state->out, ' ');
	fold_state->has_pending_space = false;
	const char *plain = codepoint_plain_letter(codepoint);
	if (plain) {
		strbuf_adds(fold_state->out, plain);
		return;
	}
	char bytes[4];
	strbuf_add(fold_state->out, bytes, codepoint_write(codepoint, bytes));
}

/* Folds a run of valid text with non-ASCII characters. */
static void fold_text_run(struct fold_state *fold_state, const char *text, size_t length)
{
	utf8proc_int32_t few[256];
	utf8proc_int32_t *decomposed = few;
	utf8proc_ssize_t room = sizeof few / sizeof few[0];
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD;
	utf8proc_ssize_t count =
		utf8proc_decompose((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, few, room, options);
	if (count > room) {
		decomposed = xrealloc_array(NULL, (size_t)count, sizeof *decomposed);
		count = utf8proc_decompose((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, decomposed, count,
					   options);
	}
	if (count == UTF8PROC_ERROR_NOMEM)
		fail_out_of_memory();
	if (count < 0)
		BUG("valid text cannot be decomposed: %s", utf8proc_errmsg(count));
	for (utf8proc_ssize_t i = 0; i < count; i++)
		fold_codepoint(fold_state, (uint32_t)decomposed[i]);
	if (decomposed != few)
		free(decomposed);
}

void text_fold(struct strbuf *out, const char *text, size_t length)
{
	struct fold_state fold_state = { .out = out, .start = out->len };
	size_t at = 0;
	while (at < length) {
		/* Writes the plain characters before a mark first, since only marks are reordered. */
		size_t plain = at;
		while (plain < length && text[plain] >= 0)
			plain++;
		for (; at < plain; at++)
			fold_byte(&fold_state, text[at]);
		size_t run = 0;
		uint32_t codepoint;
		size_t size;
		while ((size = codepoint_read(text + at + run, length - at - run, &codepoint)) > 1)
			run += size;
		if (run)
			fold_text_run(&fold_state, text + at, run);
		at += run;
		if (at < length && size == 0) {
			fold_state.has_pending_space = true;
			at++;
		}
	}
}

bool text_equals_folded(const char *left, const char *right)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	bool same;

	text_fold(&a, left, strlen(left));
	text_fold(&b, right, strlen(right));
	same = !strcmp(a.buf, b.buf);
	strbuf_release(&a);
	strbuf_release(&b);
	return same;
}

/* Whether the character is a token of its own, because its script has no spaces between words. */
static bool is_whole_token(uint32_t codepoint)
{
	static const struct range ranges[] = {
		{ 0x0e00, 0x0eff },   { 0x1000, 0x109f }, { 0x1100, 0x11ff }, { 0x1780, 0x17ff }, { 0x2e80, 0x2fdf },
		{ 0x3005, 0x3007 },   { 0x3021, 0x3029 }, { 0x3031, 0x3035 }, { 0x3038, 0x30ff }, { 0x3100, 0x318f },
		{ 0x31a0, 0x31bf },   { 0x31f0, 0x31ff }, { 0x3400, 0x4dbf }, { 0x4e00, 0x9fff }, { 0xa960, 0xa97f },
		{ 0xa9e0, 0xa9ff },   { 0xaa60, 0xaa7f }, { 0xac00, 0xd7ff }, { 0xf900, 0xfaff }, { 0x1aff0, 0x1b16f },
		{ 0x20000, 0x3fffd },
	};
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (codepoint <= ranges[i].last)
			return codepoint >= ranges[i].first;
	return false;
}

/* Reads a Hangul syllable as one character: folding decomposes syllables, but each syllable is a token. */
static size_t read_syllable(const char *text, size_t length, uint32_t *codepoint)
{
	uint32_t vowel, final;
	size_t size = codepoint_read(text, length, codepoint);
	if (*codepoint < 0x1100 || *codepoint > 0x1112)
		return size;
	size_t more = codepoint_read(text + size, length - size, &vowel);
	if (more == 0 || vowel < 0x1161 || vowel > 0x1175)
		return size;
	*codepoint = 0xac00 + ((*codepoint - 0x1100) * 21 + (vowel - 0x1161)) * 28;
	size += more;
	more = codepoint_read(text + size, length - size, &final);
	if (more == 0 || final < 0x11a8 || final > 0x11c2)
		return size;
	*codepoint += final - 0x11a7;
	return size + more;
}

void text_add_tokens(struct strbuf *out, const char *text, size_t length)
{
	struct strbuf folded = STRBUF_INIT;
	text_fold(&folded, text, length);
	size_t start = out->len;
	bool apart = true; /* the next character begins a token */
	for (size_t at = 0; at < folded.len;) {
		uint32_t codepoint;
		size_t size = read_syllable(folded.buf + at, folded.len - at, &codepoint);
		at += size;
		utf8proc_category_t kind = utf8proc_category((utf8proc_int32_t)codepoint);
		bool letter = (kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO) ||
			      (kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO);
		bool mark = kind >= UTF8PROC_CATEGORY_MN && kind <= UTF8PROC_CATEGORY_ME;
		bool single = is_whole_token(codepoint) && (letter || mark);
		if (!single && !letter && !(mark && !apart)) {
			apart = true;
			continue;
		}
		if ((single || apart) && out->len > start)
			strbuf_addch(out, ' ');
		char bytes[4];
		strbuf_add(out, bytes, codepoint_write(codepoint, bytes));
		apart = single;
	}
	strbuf_release(&folded);
}

void text_add_unspaced(struct strbuf *out, const char *text)
{
	struct strbuf tokens = STRBUF_INIT;

	text_add_tokens(&tokens, text, strlen(text));
	for (size_t i = 0; i < tokens.len; i++) {
		if (tokens.buf[i] != ' ')
			strbuf_addch(out, tokens.buf[i]);
	}
	strbuf_release(&tokens);
}

char *text_ascii_case(struct arena *arena, const char *text, bool upper)
{
	char *copy = arena_strdup(arena, text);

	for (char *c = copy; *c; c++)
		if (upper ? *c >= 'a' && *c <= 'z' : *c >= 'A' && *c <= 'Z')
			*c = (char)(*c ^ 0x20);
	return copy;
}
