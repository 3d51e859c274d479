#include "http_library.h"
#include "kybdesk/api/serve.h"
#include "kybdesk/base/late.h"

#define SYMBOL(name) { "MHD_" #name, offsetof(struct http_library, name) },

struct http_library microhttpd;

enum err http_library_load(struct error *error)
{
	static const struct lazy_symbol symbols[] = { HTTP_FUNCTIONS(SYMBOL) };
	static struct lazy_library library = {
		.files = { "libmicrohttpd.so.12" },
		.package = "libmicrohttpd12",
		.min_version = "0.9.75",
		.missing_effect = "The server cannot be started",
		.err = ERR_INTERNAL,
		.symbols = symbols,
		.symbol_count = sizeof symbols / sizeof *symbols,
		.table = &microhttpd,
	};

	return lazy_library_open(&library, error);
}

const char *api_library_version(struct arena *arena)
{
	struct error why = { 0 };
	const char *text = http_library_load(&why) == ERR_OK
				   ? arena_printf(arena, "libmicrohttpd %s", microhttpd.get_version())
				   : arena_strdup(arena, why.message);

	error_release(&why);
	return text;
}
