#include "kybdesk/base/locale.h"

#include <langinfo.h>
#include <string.h>

enum text_mode text_mode_of_locale(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? TEXT_UTF8 : TEXT_ASCII;
}
