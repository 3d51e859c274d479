#ifndef KYB_TESTS_SUPPORT_THEME_WORDS_H
#define KYB_TESTS_SUPPORT_THEME_WORDS_H

#include "kybdesk/codec/theme_codec.h"

static inline const char *theme_role_text(enum theme_role role)
{
	static const char *const names[THEME_ROLE_COUNT] = { THEME_ROLE_WORDS(WORDS_ENTRY) };

	return names[role];
}

#endif
