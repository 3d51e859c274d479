#include "kybdesk/base/locale.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

static bool is_named(const struct world *world)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		const char *value = world_environment(world, variables[i]);
		if (value && *value)
			return true;
	}
	return false;
}

bool locale_start(const struct world *world)
{
	if ((is_named(world) && setlocale(LC_CTYPE, "")) || setlocale(LC_CTYPE, LOCALE_FALLBACK))
		return true;
	(void)setlocale(LC_CTYPE, "C");
	return false;
}

enum text_mode text_mode_of_locale(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? TEXT_UTF8 : TEXT_ASCII;
}
