#include "kybdesk/base/words.h"
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
