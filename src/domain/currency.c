#include "kybdesk/domain/currency.h"
#include "kybdesk/base/resource.h"

#include <string.h>

/* Reads data/currencies.txt: lines such as "EUR 2"; a line that begins with # is a comment. */
int currency_decimals(const char *code)
{
	const struct resource *table = resource_find_embedded("currencies.txt");
	const char *at = (const char *)table->bytes, *end = at + table->length;

	if (strlen(code) != 3)
		return -1;
	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));

		if (!line_end)
			break;
		if (line_end - at == 5 && !memcmp(at, code, 3) && at[3] == ' ')
			return at[4] - '0';
		at = line_end + 1;
	}
	return -1;
}

bool currency_is_known(const char *code)
{
	return currency_decimals(code) >= 0;
}
