#include "curl_load.h"
#include "kybdesk/base/late.h"
#include "kybdesk/webhook/deliver.h"

#include <unistd.h>

#define SYMBOL(member) { "curl_" #member, offsetof(struct curl_api, member) },

static struct curl_api functions;

enum err curl_load(struct curl_api *api, struct error *error)
{
	static const struct lazy_symbol symbols[] = { CURL_FUNCTIONS(SYMBOL) };
	static struct lazy_library library = {
		.files = { "libcurl.so.4", "libcurl-gnutls.so.4" },
		.package = "libcurl4",
		.least = "7.85",
		.without = "webhooks cannot be delivered",
		.err = ERR_INTERNAL,
		.symbols = symbols,
		.symbol_count = sizeof symbols / sizeof *symbols,
		.table = &functions,
	};
	enum err err = lazy_library_open(&library, error);

	if (err)
		return err;
	*api = functions;
	if (api->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return error_set(error, ERR_INTERNAL, "webhooks cannot be delivered: libcurl does not start");
	return ERR_OK;
}

const char *curl_missing_authorities(const struct curl_api *api)
{
	const char *file = api->version_info(CURLVERSION_NOW)->cainfo;

	return file && access(file, R_OK) != 0 ? file : "";
}

const char *deliver_authorities(struct arena *arena)
{
	struct curl_api api;
	struct error why = { 0 };
	const char *missing = curl_load(&api, &why) == ERR_OK ? curl_missing_authorities(&api) : "";

	error_release(&why);
	return arena_strdup(arena, missing);
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
