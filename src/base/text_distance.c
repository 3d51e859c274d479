#include "kybdesk/base/text.h"

#include <string.h>

#define COMPARED_LENGTH_MAX 64

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t text_distance(const char *a, const char *b)
{
	/* Three rows of the table of distances: a swap of two letters needs the row before the previous row. */
	size_t rows[3][COMPARED_LENGTH_MAX + 1];
	size_t a_length = strnlen(a, COMPARED_LENGTH_MAX);
	size_t b_length = strnlen(b, COMPARED_LENGTH_MAX);
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i - 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = min_size(replaced, min_size(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min_size(row[j], rows[(i - 2) % 3][j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

const char *text_find_nearest(const char *word, const char *const *candidates, size_t count)
{
	const char *nearest = NULL;
	/* Accepts one error, and one more for every three letters, but at most three in all: a word with more
	 * errors is a different word. */
	size_t best = strnlen(word, COMPARED_LENGTH_MAX) / 3 + 1;
	if (best > 3)
		best = 3;
	best++;
	for (size_t i = 0; i < count; i++) {
		size_t distance = text_distance(word, candidates[i]);
		if (distance < best && distance < strlen(candidates[i])) {
			best = distance;
			nearest = candidates[i];
		}
	}
	if (nearest || !*word)
		return nearest;
	/* If no candidate is near enough, returns the only candidate that begins with `word`, else NULL. */
	for (size_t i = 0; i < count; i++) {
		if (!text_has_prefix(candidates[i], word))
			continue;
		if (nearest)
			return NULL;
		nearest = candidates[i];
	}
	return nearest;
}

bool text_has_prefix(const char *text, const char *prefix)
{
	while (*prefix && *text == *prefix)
		text++, prefix++;
	return !*prefix;
}

int text_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *text_with_spaces(struct arena *arena, const char *code)
{
	char *words = arena_strdup(arena, code);

	for (char *c = words; *c; c++)
		*c = *c == '_' ? ' ' : *c;
	return words;
}

const char *indefinite_article(const char *word)
{
	return *word && strchr("aeiouAEIOU", *word) ? "an" : "a";
}

bool texts_contain(const char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(texts[i], text))
			return true;
	return false;
}
