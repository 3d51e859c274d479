#include "kybdesk/base/deflate.h"

#include "kybdesk/base/digest.h"
#include "kybdesk/base/late.h"

#include <limits.h>
#include <zlib.h>

#define LEVEL 1

#define ZLIB_FUNCTIONS(each) each(deflateInit_) each(deflate) each(deflateEnd) each(zlibVersion)
#define MEMBER(name) __typeof__(name) *name;
#define SYMBOL(member) { #member, offsetof(struct zlib_api, member) },

struct zlib_api {
	ZLIB_FUNCTIONS(MEMBER)
};

static enum err zlib_load(const struct zlib_api **api, struct error *error)
{
	static const struct lazy_symbol symbols[] = { ZLIB_FUNCTIONS(SYMBOL) };
	static struct zlib_api functions;
	static struct lazy_library library = {
		.files = { "libz.so.1" },
		.package = "zlib1g",
		.least = "1.2",
		.without = "pictures are sent uncompressed",
		.err = ERR_INTERNAL,
		.symbols = symbols,
		.symbol_count = sizeof symbols / sizeof *symbols,
		.table = &functions,
	};
	*api = &functions;
	return lazy_library_open(&library, error);
}

bool deflate_bytes(struct strbuf *out, const struct strbuf *bytes, size_t most)
{
	const struct zlib_api *api;
	z_stream stream = { .next_in = (Bytef *)bytes->buf, .avail_in = (uInt)bytes->len };
	struct error error = { 0 };
	if (zlib_load(&api, &error) || bytes->len > UINT_MAX || most > UINT_MAX ||
	    api->deflateInit_(&stream, LEVEL, ZLIB_VERSION, (int)sizeof stream) != Z_OK) {
		error_release(&error);
		return false;
	}
	strbuf_grow(out, most); /* allocates once: a growing buffer would leave copies of secrets in memory */
	stream.next_out = (Bytef *)out->buf + out->len;
	stream.avail_out = (uInt)most;
	bool done = api->deflate(&stream, Z_FINISH) == Z_STREAM_END;
	if (done)
		out->len += most - stream.avail_out;
	else
		secret_wipe(out->buf + out->len, most - stream.avail_out);
	out->buf[out->len] = '\0';
	api->deflateEnd(&stream);
	return done;
}

const char *deflate_library(struct arena *arena)
{
	const struct zlib_api *api;
	struct error why = { 0 };
	const char *text = zlib_load(&api, &why) == ERR_OK ? arena_printf(arena, "zlib %s", api->zlibVersion())
							   : arena_strdup(arena, why.message);
	error_release(&why);
	return text;
}
