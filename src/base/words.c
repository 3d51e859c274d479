#include "kybdesk/base/words.h"
#include "kybdesk/base/arena.h"
#include "kybdesk/base/error.h"

#include <string.h>

const char *words_get(const char *const *words, size_t count, size_t value, const char *type)
{
	if (value >= count)
		BUG("%zu is not a %s", value, type);
	return words[value];
}

size_t words_find(const char *const *words, size_t count, const char *text)
{
	size_t i = 0;
	while (text && i < count && (words[i][0] != text[0] || strcmp(words[i], text) != 0))
		i++;
	return text ? i : count;
}

const char *words_join(struct arena *arena, const char *const *texts, size_t count, const char *between)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? between : "", texts[i]);
	return text;
}

const char *words_of_bits(struct arena *arena, unsigned bits, const char *const *(*words)(size_t *count),
			  const char *between)
{
	size_t count;
	const char *const *texts = words(&count), *text = "";

	for (size_t i = 0; i < count; i++)
		if (bits >> i & 1)
			text = arena_printf(arena, "%s%s%s", text, *text ? between : "", texts[i]);
	return text;
}
