#include "kybdesk/store/address.h"
#include "postgresql_internal.h"

#include <string.h>

bool store_address_has_password(const char *address)
{
	PQconninfoOption *options = NULL;
	bool has = false;

	if (strstr(address, "://") && postgresql_load(NULL) == ERR_OK)
		options = pq.conninfoParse(address, NULL);
	/* libpq marks the options that a dialog has to hide. */
	for (const PQconninfoOption *option = options; option && option->keyword && !has; option++)
		has = option->val && *option->val && option->dispchar && !strcmp(option->dispchar, "*");
	if (options)
		pq.conninfoFree(options);
	return has;
}
