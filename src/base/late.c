#include "kybdesk/base/late.h"
#include "kybdesk/base/deflate.h"

#include <dlfcn.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <string.h>
#include <utf8proc.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *open_first(struct lazy_library *library)
{
	void *handle = NULL;

	for (size_t i = 0; !handle && i < sizeof library->files / sizeof *library->files && library->files[i];
	     i++) {
		library->opened = library->files[i];
		handle = dlopen(library->opened, RTLD_NOW | RTLD_LOCAL);
	}
	return handle;
}

/* Call with the lock held. A table with a missing symbol is never used. */
static void fill(struct lazy_library *library)
{
	void *handle = open_first(library);

	library->tried = true;
	library->lacking = handle ? NULL : "";
	for (size_t i = 0; handle && i < library->symbol_count; i++) {
		const struct lazy_symbol *symbol = &library->symbols[i];
		void *address = dlsym(handle, symbol->name);

		if (!address)
			library->lacking = symbol->name;
		/* ISO C does not convert an object pointer to a function pointer; on POSIX both have the same
		 * representation. */
		memcpy((char *)library->table + symbol->offset, &address, sizeof address);
	}
}

enum err lazy_library_open(struct lazy_library *library, struct error *error)
{
	const char *lacking;

	(void)pthread_mutex_lock(&lock);
	if (!library->tried)
		fill(library);
	lacking = library->lacking;
	(void)pthread_mutex_unlock(&lock);
	if (!lacking)
		return ERR_OK;
	if (!*lacking)
		return error_set(error, library->err, "%s: %s is not installed (Debian: apt install %s)",
				 library->without, library->files[0], library->package);
	return error_set(error, library->err, "%s: the installed %s has no %s; version %s or newer is needed",
			 library->without, library->opened, lacking, library->least);
}

const char *base_libraries(struct arena *arena)
{
	return arena_printf(arena, "OpenSSL %s, utf8proc %s, %s", OpenSSL_version(OPENSSL_VERSION_STRING),
			    utf8proc_version(), deflate_library(arena));
}
