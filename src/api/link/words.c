#include "words.h"

#include <string.h>

static const char *const table[WORD_COUNT][LANGUAGE_COUNT] = {
#define WORD(name, ...) [WORD_##name] = { __VA_ARGS__ },
#include "link/word_rows.h"
};

const char *word_in(enum language language, enum word word)
{
	return table[word][language];
}

/* "pt-BR" is pt; "*" is the first language, English. */
static bool is_language(const char *range, size_t length, enum language *out)
{
	char name[4] = "";

	*out = LANGUAGE_EN;
	if (length == 1 && *range == '*')
		return true;
	for (size_t i = 0; i < length && range[i] != '-'; i++) {
		if (i == sizeof name - 1)
			return false;
		name[i] = (char)(range[i] >= 'A' && range[i] <= 'Z' ? range[i] + 'a' - 'A' : range[i]);
	}
	return language_parse(name, out);
}

/* "q=0.8" in thousandths; 1000 if absent, 0 if invalid. */
static int quality(const char *at, const char *end)
{
	const char *q = at;
	int value = 0, digit = 100;

	while (q < end && strchr("; \t", *q))
		q++;
	if (q == end)
		return 1000;
	if (end - q < 3 || (*q != 'q' && *q != 'Q') || q[1] != '=')
		return 0;
	if (q[2] == '1')
		return 1000;
	if (q[2] != '0' || end - q < 5 || q[3] != '.')
		return 0;
	for (q += 4; q < end && *q >= '0' && *q <= '9' && digit; q++, digit /= 10)
		value += (*q - '0') * digit;
	return value;
}

enum language language_choose(const char *accepted)
{
	enum language best = LANGUAGE_EN, one;
	int most = 0;

	while (*accepted) {
		const char *end, *part;

		accepted += strspn(accepted, ", \t");
		end = accepted + strcspn(accepted, ",");
		part = accepted + strcspn(accepted, ",; \t");
		if (part > accepted && is_language(accepted, (size_t)(part - accepted), &one) &&
		    quality(part, end) > most) {
			best = one;
			most = quality(part, end);
		}
		accepted = end;
	}
	return best;
}
