#include "curl_load.h"
#include "kybdesk/webhook/deliver.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define SYMBOL(member)                                                                                             \
	{                                                                                                          \
		"curl_" #member, offsetof(struct curl_api, member)                                                 \
	}

enum err curl_load(struct curl_api *api, struct error *error)
{
	static const char *const names[] = { "libcurl.so.4", "libcurl-gnutls.so.4" };
	static const struct {
		const char *name;
		size_t offset;
	} symbols[] = {
		SYMBOL(global_init),	     SYMBOL(slist_append),     SYMBOL(slist_free_all),
		SYMBOL(easy_init),	     SYMBOL(easy_setopt),      SYMBOL(easy_getinfo),
		SYMBOL(easy_cleanup),	     SYMBOL(easy_strerror),    SYMBOL(multi_init),
		SYMBOL(multi_cleanup),	     SYMBOL(multi_add_handle), SYMBOL(multi_remove_handle),
		SYMBOL(multi_socket_action), SYMBOL(multi_info_read),  SYMBOL(multi_setopt),
		SYMBOL(multi_strerror),	     SYMBOL(version_info),
	};
	void *library = NULL;
	for (size_t i = 0; i < sizeof names / sizeof names[0] && !library; i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return error_set(error, ERR_INTERNAL,
				 "webhooks cannot be delivered: libcurl.so.4 is not installed (Debian: apt install "
				 "libcurl4)");
	for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
		void *address = dlsym(library, symbols[i].name);
		if (!address)
			return error_set(error, ERR_INTERNAL,
					 "webhooks cannot be delivered: the installed libcurl has no %s, 7.85 or "
					 "newer is needed",
					 symbols[i].name);
		/* ISO C has no conversion from an object pointer to a function pointer; POSIX has them alike. */
		memcpy((char *)api + symbols[i].offset, &address, sizeof address);
	}
	if (api->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return error_set(error, ERR_INTERNAL, "webhooks cannot be delivered: libcurl does not start");
	return ERR_OK;
}

const char *deliver_library(struct arena *arena)
{
	struct curl_api api;
	struct error why = { 0 };
	const char *text = curl_load(&api, &why) == ERR_OK
				   ? arena_printf(arena, "libcurl %s", api.version_info(CURLVERSION_NOW)->version)
				   : arena_strdup(arena, why.message);
	error_release(&why);
	return text;
}
