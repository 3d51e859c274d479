#include "rules/geo.h"
#include "kybdesk/base/text.h"

#include <string.h>

/* The states and DC; territories and freely associated states; the armed forces. */
static const char *const us_states[] = { "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID",
					 "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO",
					 "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
					 "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "AS",
					 "GU", "MP", "PR", "VI", "FM", "MH", "PW", "AA", "AE", "AP" };

const char *const *us_state_codes(size_t *count)
{
	*count = sizeof us_states / sizeof us_states[0];
	return us_states;
}

bool us_state_is_known(const char *code)
{
	return texts_contain(us_states, sizeof us_states / sizeof us_states[0], code);
}

static size_t count_digits(const char *text)
{
	return strspn(text, "0123456789");
}

bool us_zip_is_valid(const char *text)
{
	if (count_digits(text) != 5)
		return false;
	return !text[5] || (text[5] == '-' && count_digits(text + 6) == 4 && !text[10]);
}

bool country_has_subdivisions(const struct country *country)
{
	return country->subdivisions && *country->subdivisions;
}

bool country_has_subdivision(const struct country *country, const char *code)
{
	const char *at = country->subdivisions;
	size_t length;

	if (strlen(code) > 3 && code[2] == '-' && !strncmp(code, country->alpha2, 2))
		code += 3;
	length = strlen(code);
	while (at && *at) {
		size_t word = strcspn(at, " ");

		if (word == length && !strncmp(at, code, length))
			return true;
		at += word + strspn(at + word, " ");
	}
	return false;
}

const char *country_subdivisions_text(struct arena *arena, const struct country *country, size_t most)
{
	struct strbuf text = STRBUF_INIT;
	const char *at = country->subdivisions ? country->subdivisions : "";
	size_t named = 0, others = 0;

	while (*at) {
		size_t word = strcspn(at, " ");

		if (named < most) {
			strbuf_addf(&text, "%s%.*s", named ? ", " : "", (int)word, at);
			named++;
		} else {
			others++;
		}
		at += word + strspn(at + word, " ");
	}
	if (others)
		strbuf_addf(&text, " and %zu more", others);
	return strbuf_finish(&text, arena);
}

#define WORDS_MAX 32
#define WORD_SIZE 24

/* A line as words without case, accents and points; digits are separate words ("box7" is "box 7"). */
struct words {
	char text[WORDS_MAX][WORD_SIZE];
	size_t count;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static void words_split(struct words *words, const char *line)
{
	struct strbuf folded = STRBUF_INIT;

	text_fold(&folded, line, strlen(line));
	for (const char *c = folded.buf; *c && words->count < WORDS_MAX;) {
		size_t length = 0, kept;
		bool letters = is_letter(*c);

		if (!letters && !is_ascii_digit(*c)) {
			c++;
			continue;
		}
		while (letters ? is_letter(c[length]) : is_ascii_digit(c[length]))
			length++;
		kept = length < WORD_SIZE ? length : WORD_SIZE - 1;
		memcpy(words->text[words->count], c, kept);
		words->text[words->count++][kept] = '\0';
		c += length;
	}
	strbuf_release(&folded);
}

/* #: a number must follow. ^: only at the start of the line, because the words may also be a street's name. */
static const char *const po_boxes[] = { "po box",	   "pobox",
					"post office box", "postal box",
					"postbox #",	   "post box #",
					"po bx",	   "post office bx",
					"pob #",	   "^po #",
					"^box #",	   "lock box #",
					"caller box #",	   "gpo box",
					"private bag #",   "locked bag #",
					"apartado postal", "apartado de correos",
					"apartado aereo",  "apartado #",
					"casilla postal",  "casilla de correo",
					"^casilla #",	   "caixa postal",
					"casella postale", "boite postale",
					"^bp #",	   "postfach",
					"postbus #",	   "postboks #",
					"^boks #",	   "postilokero",
					"skrytka pocztowa" };

/* Number of words from `at` on that spell `word`, whole or letter by letter ("p. o."). 0: no match. */
static size_t count_spelling_words(const struct words *words, size_t at, const char *word, size_t length)
{
	if (at == words->count)
		return 0;
	if (strlen(words->text[at]) == length && !strncmp(words->text[at], word, length))
		return 1;
	for (size_t i = 0; i < length; i++) {
		if (at + i == words->count || words->text[at + i][0] != word[i] || words->text[at + i][1])
			return 0;
	}
	return length;
}

static bool is_number_sign(const char *word)
{
	return !strcmp(word, "no") || !strcmp(word, "number") || !strcmp(word, "nr") || !strcmp(word, "n");
}

static bool words_match(const struct words *words, size_t at, const char *pattern)
{
	while (*pattern && *pattern != '#') {
		size_t length = strcspn(pattern, " "), taken = count_spelling_words(words, at, pattern, length);

		if (!taken)
			return false;
		at += taken;
		pattern += length + strspn(pattern + length, " ");
	}
	if (!*pattern)
		return true;
	while (at < words->count && is_number_sign(words->text[at]))
		at++;
	return at < words->count && is_ascii_digit(words->text[at][0]);
}

bool has_po_box(const char *line)
{
	struct words words = { .count = 0 };

	words_split(&words, line);
	for (size_t at = 0; at < words.count; at++) {
		for (size_t i = 0; i < sizeof po_boxes / sizeof po_boxes[0]; i++) {
			bool first_only = *po_boxes[i] == '^';

			if ((at == 0 || !first_only) && words_match(&words, at, po_boxes[i] + first_only))
				return true;
		}
	}
	return false;
}
