#include "kybdesk/base/late.h"
#include "kybdesk/base/deflate.h"
#include "kybdesk/base/digest.h"

#include <dlfcn.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <string.h>
#include <utf8proc.h>
#include <zlib.h>

/* --- zlib --- */

#define COMPRESSION_LEVEL 1

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
		.min_version = "1.2",
		.missing_effect = "pictures are sent uncompressed",
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
	    api->deflateInit_(&stream, COMPRESSION_LEVEL, ZLIB_VERSION, (int)sizeof stream) != Z_OK) {
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

/* Opens zlib. Returns its name and version, such as "zlib 1.2.13", or the reason why zlib is missing. */
static const char *zlib_version_text(struct arena *arena)
{
	const struct zlib_api *api;
	struct error why = { 0 };
	const char *text = zlib_load(&api, &why) == ERR_OK ? arena_printf(arena, "zlib %s", api->zlibVersion())
							   : arena_strdup(arena, why.message);
	error_release(&why);
	return text;
}

/* --- libraries --- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *open_first_file(struct lazy_library *library)
{
	void *handle = NULL;

	for (size_t i = 0; !handle && i < sizeof library->files / sizeof *library->files && library->files[i]; i++) {
		library->opened_file = library->files[i];
		handle = dlopen(library->opened_file, RTLD_NOW | RTLD_LOCAL);
	}
	return handle;
}

/* Fills library->table. Call with the lock held. If a symbol is missing, the table is never used. */
static void load_symbols(struct lazy_library *library)
{
	void *handle = open_first_file(library);

	library->open_tried = true;
	library->missing_symbol = handle ? NULL : "";
	for (size_t i = 0; handle && i < library->symbol_count; i++) {
		const struct lazy_symbol *symbol = &library->symbols[i];
		void *address = dlsym(handle, symbol->name);

		if (!address)
			library->missing_symbol = symbol->name;
		/* Copies the bytes, since ISO C does not convert an object pointer to a function pointer; on POSIX
		 * both have the same representation. */
		memcpy((char *)library->table + symbol->offset, &address, sizeof address);
	}
}

enum err lazy_library_open(struct lazy_library *library, struct error *error)
{
	const char *missing_symbol;

	(void)pthread_mutex_lock(&lock);
	if (!library->open_tried)
		load_symbols(library);
	missing_symbol = library->missing_symbol;
	(void)pthread_mutex_unlock(&lock);
	if (!missing_symbol)
		return ERR_OK;
	if (!*missing_symbol)
		return error_set(error, library->err, "%s: %s is not installed (Debian: apt install %s)",
				 library->missing_effect, library->files[0], library->package);
	return error_set(error, library->err, "%s: the installed %s has no %s; version %s or newer is needed",
			 library->missing_effect, library->opened_file, missing_symbol, library->min_version);
}

const char *base_library_versions(struct arena *arena)
{
	return arena_printf(arena, "OpenSSL %s, utf8proc %s, %s", OpenSSL_version(OPENSSL_VERSION_STRING),
			    utf8proc_version(), zlib_version_text(arena));
}
