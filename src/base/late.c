#include "kybdesk/base/late.h"
#include "kybdesk/base/arena.h"

#include <dlfcn.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <string.h>
#include <utf8proc.h>
#include <zlib.h>

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
	return arena_printf(arena, "OpenSSL %s, utf8proc %s, zlib %s", OpenSSL_version(OPENSSL_VERSION_STRING),
			    utf8proc_version(), zlibVersion());
}
