#include "kybdesk/domain/permission.h"
#include "kybdesk/base/words.h"

#include <string.h>

static const char *const words[] = { "", "kyc:create", "kyc:read", "kyc:process", "kyc:review" };
#define PERMISSION_WORD_COUNT (sizeof words / sizeof *words)

const char *permission_text(enum permission permission)
{
	return words[permission];
}

const char *const *permission_words(size_t *count)
{
	*count = PERMISSION_WORD_COUNT - 1;
	return words + 1;
}

const char *permissions_text(struct arena *arena, unsigned permissions)
{
	return permissions == PERMISSIONS_ALL ? "" : words_of_bits(arena, permissions >> 1, permission_words, " ");
}

unsigned permission_bits_read(const char *text)
{
	unsigned permissions = 0;

	if (!*text)
		return PERMISSIONS_ALL;
	for (; *text; text += strspn(text, " ")) {
		size_t length = strcspn(text, " ");

		for (size_t i = 1; i < PERMISSION_WORD_COUNT; i++)
			if (strlen(words[i]) == length && !strncmp(words[i], text, length))
				permissions |= 1u << i;
		text += length;
	}
	return permissions;
}
