#include "input_text.h"
#include "kybdesk/base/text.h"

#include <string.h>

#define VALUE_MOST (16 * 1024)

bool is_present(const char *text)
{
	return text && *text;
}

bool is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

const char *input_text_fault(struct arena *arena, const char *what, const char *text)
{
	if (!is_present(text))
		return NULL;
	if (strlen(text) > VALUE_MOST)
		return arena_printf(arena, "%s has %zu bytes; the maximum is %d", what, strlen(text), VALUE_MOST);
	return text_is_valid(text, strlen(text)) ? NULL : arena_printf(arena, "%s is not valid UTF-8", what);
}
